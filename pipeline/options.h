/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line.
 */
#ifndef PIPELINE_OPTIONS_H
#define PIPELINE_OPTIONS_H

#include <stdbool.h>

#include "pipeline/args.h"
#include "pipeline/embed/embed.h"
#include "workers/batch.h"

struct options {
	const char *base;   /* a file */
	unsigned int jobs;  /* workers, at least 1 */
	const char *output; /* a directory, or NULL: nothing is written */
	const char *json;   /* a file, "-" for stdout, or NULL */
	const char *csv;    /* likewise */
	const char *html;   /* likewise */
	const char *shared; /* likewise; NULL: shared types are not looked for */
	bool quiet;
	bool verbose;
	bool timings;
	struct embed_options embed;
	enum batch_engine engine;
	char **paths;
	int nr_paths; /* at least 1 */
};

/* @options refers to @argv, whose order this may change. */
enum args_verdict options_read(struct options *options, int argc, char **argv);

#endif
