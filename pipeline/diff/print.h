/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Printing a comparison: as a table for people, as JSON for programs, as markdown for the
 * comment of a pull request.
 *
 * As the printers of pipeline/report.h, they only read, flush @f before they return 0, and
 * print what depends on what they are given alone.
 */
#ifndef PIPELINE_DIFF_PRINT_H
#define PIPELINE_DIFF_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "pipeline/diff/budget.h"
#include "pipeline/diff/diff.h"

struct diff_print {
	const struct diff *diff;
	const struct overs *overs;
	bool verbose; /* the table has every change, not the first of each sort only */
};

#define DIFF_SCHEMA "btfbatch-diff/1"

/* GitHub takes no longer comment: counted in characters there, in bytes here. */
#define DIFF_MARKDOWN_MAX 65536

int diff_table(const struct diff_print *p, FILE *f) __attribute__((warn_unused_result));

/* The schema DIFF_SCHEMA, which docs/report.md describes; one module a line. */
int diff_json(const struct diff_print *p, FILE *f) __attribute__((warn_unused_result));

/* At most DIFF_MARKDOWN_MAX bytes: what is too much is left out, and that is said. */
int diff_markdown(const struct diff_print *p, FILE *f) __attribute__((warn_unused_result));

#endif
