/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What most commands begin with: the base, and the list of modules below the PATHs.
 */
#ifndef PIPELINE_INPUTS_H
#define PIPELINE_INPUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/base.h"
#include "pipeline/buffer.h"
#include "pipeline/find.h"
#include "pipeline/worklist.h"

/* What the command line says of them. */
struct inputs_ask {
	const char *base;   /* a file */
	const char *output; /* as in worklist_make() */
	bool copies;        /* likewise */
	enum find_for what_for;
	char **paths;
	int nr_paths;
	bool base_raw;     /* of the base its bytes only: it is not parsed */
	unsigned int jobs; /* with two or more, both are got at the same time */
};

struct inputs {
	struct buffer base_data; /* raw */
	struct base *base;       /* NULL with base_raw */
	struct find_result found;
	struct worklist list;
	struct inputs_times {       /* in nanoseconds */
		uint64_t base_read; /* unpacking it included */
		uint64_t base_index;
		uint64_t find; /* the files, and the list of work */
	} times;
};

/* Gets everything. 0 or a negative errno, and then the message is printed. An empty
 * list gets its message too, but is no error: it is the caller's to judge. To be freed in either
 * case. */
int inputs_get(struct inputs *in, const struct inputs_ask *ask) __attribute__((warn_unused_result));
void inputs_free(struct inputs *in);

#endif
