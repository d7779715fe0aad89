/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A module deduplicated and explained, for the tests.
 */
#ifndef TESTS_EXPLAIN_EXPLAINED_H
#define TESTS_EXPLAIN_EXPLAINED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "merge/explain/explain.h"
#include "tests/gen/build.h"

struct explained {
	struct base *base;
	struct explain_base *index;
	struct dedup *dedup;
	struct explain *explain;
	struct dedup_result res;
	struct explain_result result;
	const void *module;
	size_t module_len;
	void *base_blob; /* of explained_built() */
};

/* The base, whose blob has to live on; nothing is explained yet. */
void explained_begin(struct explained *x, const void *base, size_t len);
/* A module over it, in place of the one before; @module has to live on. */
void explained_module(struct explained *x, const void *module, size_t len);
void explained_end(struct explained *x);

/* The same of two builders, which are freed, as are the blobs by explained_end_built(). */
void explained_built(struct explained *x, struct bld *base, struct bld *module);
void explained_end_built(struct explained *x);

/* What became of the only type that @spec means; fails if there is none or several. */
struct explain_type explained_type(struct explained *x, const char *spec);

/* All causes in their order, a line each: "KIND ALONE INVOLVED LAST what". To be freed. */
char *explained_causes(const struct explained *x);

#endif
