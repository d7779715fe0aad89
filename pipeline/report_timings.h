/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a run's time went, for people: the table of --timings.
 */
#ifndef PIPELINE_REPORT_TIMINGS_H
#define PIPELINE_REPORT_TIMINGS_H

#include <stdint.h>
#include <stdio.h>

#include "workers/batch.h"

/* In nanoseconds: what is done once, and by worker. */
struct timings {
	uint64_t base_read; /* unpacking it included */
	uint64_t base_index;
	uint64_t find; /* the files, and the list of work */
	uint64_t report;
	struct batch_times *workers;
	unsigned int nr_workers;
};

void report_timings(const struct timings *t, FILE *f);

#endif
