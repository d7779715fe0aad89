/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The causes of many modules together. Those of two modules are the same when they say the
 * same of the same type of the base.
 */
#ifndef PIPELINE_EXPLAIN_TALLY_H
#define PIPELINE_EXPLAIN_TALLY_H

#include <pthread.h>
#include <stdint.h>

#include "merge/arena.h"
#include "merge/explain/explain.h"
#include "merge/htab.h"

/* As struct explain_count, of many modules. */
struct tally_count {
	uint64_t types;
	uint64_t bytes;
};

struct tally_cause {
	enum explain_kind kind;
	uint32_t base_id;
	const char *type;
	const char *what;
	const char *path; /* an example, of module path_module */
	uint32_t path_bytes;
	uint32_t path_module;
	struct tally_count alone, involved;
	uint64_t last;     /* once ranked */
	uint32_t rank;     /* likewise: from 0 */
	uint32_t *modules; /* once ranked in their order */
	uint32_t nr_modules, cap_modules;
};

struct tally {
	pthread_mutex_t lock; /* over everything below, while there are workers */
	struct arena arena;
	struct htab found;
	struct tally_cause **causes; /* once ranked: those most bytes wait for first */
	uint32_t nr, cap;
	struct tally_count all, never, fresh, blocked;
};

/* 0 or -ENOMEM; to be freed in either case. */
int tally_init(struct tally *t) __attribute__((warn_unused_result));
void tally_free(struct tally *t);

/* Adds what module @module was found to wait for. By any thread; what comes out does not
 * depend on the order. -ENOMEM: it is not added as a whole. */
int tally_add(struct tally *t, uint32_t module, const struct explain_result *res)
	__attribute__((warn_unused_result));

/* When all are added: puts the causes in their order. */
void tally_rank(struct tally *t);

/*
 * After that, for each module again, by any thread: adds to the `last` of each cause the bytes of
 * the module that wait for no cause behind it. @e has just explained it, @res is what came out.
 * -ENOMEM, or -ESTALE: this is not what was added before.
 */
int tally_last(struct tally *t, struct explain *e, const struct explain_result *res)
	__attribute__((warn_unused_result));

#endif
