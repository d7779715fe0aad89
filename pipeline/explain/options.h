/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of `btfbatch explain`.
 */
#ifndef PIPELINE_EXPLAIN_OPTIONS_H
#define PIPELINE_EXPLAIN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/args.h"

struct explain_options {
	const char *base;  /* a file */
	unsigned int jobs; /* workers, at least 1 */
	const char *json;  /* a file, "-" for stdout, or NULL */
	const char *html;  /* likewise, of causes */
	uint32_t lines;    /* at most so many of each list; 0: all */
	bool quiet;
	bool tree;
	char **paths; /* without --tree one */
	int nr_paths;
	const char *type; /* or NULL: the module's causes */
};

/* @options refers to @argv, whose order this may change. */
enum args_verdict explain_options_read(struct explain_options *options, int argc, char **argv);

#endif
