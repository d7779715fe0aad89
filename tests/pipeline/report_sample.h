/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report to print: constant, with every status and with names that bite.
 */
#ifndef TESTS_PIPELINE_REPORT_SAMPLE_H
#define TESTS_PIPELINE_REPORT_SAMPLE_H

#include <stdbool.h>
#include <stdio.h>

#include "pipeline/report.h"

/* The rows of sample_report, which are in path order as a report's are. */
enum {
	SAMPLE_XFS,     /* ok, standalone, four kinds */
	SAMPLE_TINY,    /* ok, split, an output of a header only */
	SAMPLE_CONFIGS, /* no BTF */
	SAMPLE_COMMA,   /* ok; a comma, quotes and a newline in its name */
	SAMPLE_LATIN1,  /* ok; a name that is not UTF-8, and looks like an escape */
	SAMPLE_BROKEN,  /* failed; an error with a comma, an ESC and a bad byte */
	SAMPLE_NR,
};

extern const struct report sample_report;
extern const struct report sample_empty;  /* no row at all */
extern const struct report sample_shared; /* the same rows, with two shared types and 7 more */
extern const struct report sample_nothing_shared;

/* The names as JSON and CSV hold them: valid UTF-8. */
extern const char *const sample_paths_utf8[SAMPLE_NR];
extern const char sample_error_utf8[];

/* What @print prints into a string that the caller frees. Fails the test when it
 * fails. */
char *sample_print(int print(const struct report *r, FILE *f), const struct report *r);

/* What @print returns when the device is full. */
int sample_print_full(int print(const struct report *r, FILE *f), const struct report *r);

#endif
