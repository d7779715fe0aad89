/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * OLD or NEW: a report that is read, or a tree of modules that is run.
 */
#ifndef PIPELINE_DIFF_SIDE_H
#define PIPELINE_DIFF_SIDE_H

#include <stdbool.h>

#include "pipeline/report_read.h"
#include "pipeline/run.h"

struct side_ask {
	char *path;
	const char *base; /* of a tree; NULL: it is a report */
	unsigned int jobs;
};

struct side {
	struct report report;
	/* One of the two, which the report refers to. */
	struct report_file file;
	struct run run;
};

/* 0 or a negative errno, and then the message is printed. To be freed in either case. */
int side_get(struct side *side, const struct side_ask *ask) __attribute__((warn_unused_result));
void side_free(struct side *side);

#endif
