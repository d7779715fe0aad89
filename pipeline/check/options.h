/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PIPELINE_CHECK_OPTIONS_H
#define PIPELINE_CHECK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/verify/verify.h"
#include "pipeline/args.h"

struct check_options {
	const char *base;     /* a file */
	const char *old_base; /* another, or NULL */
	const char *manifest; /* a JSON report, or NULL */
	const char *json;     /* a file, "-" for stdout, or NULL */
	uint32_t kernel;      /* VERIFY_KERNEL() */
	bool any_profile;     /* each blob gets the one that is its own; else: */
	enum verify_profile profile;
	unsigned int jobs;
	bool quiet;
	bool verbose;
	char **paths;
	int nr_paths; /* at least 1 */
};

/* @o refers to @argv, whose order this may change. */
enum args_verdict check_options_read(struct check_options *o, int argc, char **argv);

#endif
