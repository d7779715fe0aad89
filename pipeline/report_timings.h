/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a run's time went, for people: the table of --timings.
 */
#ifndef PIPELINE_REPORT_TIMINGS_H
#define PIPELINE_REPORT_TIMINGS_H

#include <stdint.h>
#include <stdio.h>

#include "pipeline/inputs.h"
#include "workers/batch.h"

/* In nanoseconds: what is done once, and by worker. */
struct timings {
	struct inputs_times inputs;
	uint64_t report;
	struct batch_times *workers;
	unsigned int nr_workers;
};

void report_timings(const struct timings *t, FILE *f);

#endif
