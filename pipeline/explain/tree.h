/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Explaining modules: what a worker does for one, for all of them.
 */
#ifndef PIPELINE_EXPLAIN_TREE_H
#define PIPELINE_EXPLAIN_TREE_H

#include "pipeline/explain/tally.h"
#include "pipeline/inputs.h"
#include "pipeline/module_file.h"

/* What a worker keeps from module to module. */
struct tree_worker {
	struct module_reader *reader;
	struct dedup *dedup;
	struct explain *explain;
};

/* 0 or -ENOMEM; to be freed in either case. */
int tree_worker_init(struct tree_worker *w) __attribute__((warn_unused_result));
void tree_worker_free(struct tree_worker *w);

/* A module's way: each belongs to the worker until its next module. */
struct tree_module {
	const void *blob; /* its BTF */
	size_t len;
	struct dedup_result dedup;
	struct explain_result explain;
};

/* Reads, deduplicates and explains the file @path. 0 or a negative errno with the reason; -ENODATA:
 * it has no BTF. */
int tree_one(struct tree_worker *w, const struct explain_base *index, const struct base *base,
	     const char *path, struct tree_module *m, struct diag *diag)
	__attribute__((warn_unused_result));

/*
 * Explains all modules of @in, whose rows get their status, into @tally, which becomes
 * complete. 0 or -ENOMEM, and then the message is printed. Modules that fail are no error.
 */
int tree_run(struct inputs *in, const struct explain_base *index, unsigned int jobs,
	     struct tally *tally) __attribute__((warn_unused_result));

#endif
