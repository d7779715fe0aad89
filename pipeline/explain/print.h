/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Printing explanations: as a table for people, as JSON for programs.
 *
 * As the printers of pipeline/report.h, they only read, flush @f before they return 0, and
 * print what depends on what they are given alone.
 */
#ifndef PIPELINE_EXPLAIN_PRINT_H
#define PIPELINE_EXPLAIN_PRINT_H

#include <stdio.h>

#include "merge/explain/explain.h"
#include "pipeline/explain/options.h"
#include "pipeline/explain/tally.h"
#include "pipeline/inputs.h"

/* The causes of one module or many. */
struct explain_report {
	const struct explain_options *options;
	const struct inputs *in;
	const struct tally *tally;
};

/* The types of a module that were asked for. */
struct explain_answer {
	const struct explain_options *options;
	const struct inputs *in;
	const struct explain_result *result;
	const struct explain_list *list;
	const struct explain_type *types; /* by place in the list */
};

int explain_report_table(const struct explain_report *r, FILE *f)
	__attribute__((warn_unused_result));
int explain_answer_text(const struct explain_answer *a, FILE *f)
	__attribute__((warn_unused_result));

/* The schema "btfbatch-explain/1". */
int explain_report_json(const struct explain_report *r, FILE *f)
	__attribute__((warn_unused_result));
int explain_answer_json(const struct explain_answer *a, FILE *f)
	__attribute__((warn_unused_result));

#endif
