/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The coordinator: a whole run, from the base to the last line of the report.
 */
#ifndef PIPELINE_COORDINATOR_H
#define PIPELINE_COORDINATOR_H

#include "pipeline/options.h"

/* What main() returns. */
enum exit_status {
	EXIT_ALL_WELL = 0,
	EXIT_SOME_FAILED = 1,
	EXIT_UNUSABLE = 2,
};

enum exit_status coordinator_run(const struct options *options);

#endif
