/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of `btfbatch diff`.
 */
#ifndef PIPELINE_DIFF_OPTIONS_H
#define PIPELINE_DIFF_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/args.h"
#include "pipeline/diff/budget.h"
#include "pipeline/diff/side.h"

struct diff_options {
	struct side_ask old;
	struct side_ask new;
	const char *json;     /* a file, "-" for stdout, or NULL */
	const char *markdown; /* likewise */
	const char *html;     /* likewise */
	bool quiet;
	bool verbose;
	uint64_t min_change; /* bytes */
	struct budgets budgets;
};

/* @options refers to @argv, whose order this may change; to be freed in any case. */
enum args_verdict diff_options_read(struct diff_options *options, int argc, char **argv);
void diff_options_free(struct diff_options *options);

#endif
