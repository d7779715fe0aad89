/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the engine's tests: type graphs built in code, the result as text.
 *
 * Every result is checked in three ways: whole dumps are compared, the
 * judge proves the contract's rules with the engine's own map, and the output is
 * deduplicated again, which must not change a byte.
 */
#ifndef TESTS_MERGE_FIXTURE_H
#define TESTS_MERGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "tests/gen/build.h"

/* Deduplicates @module over @base and compares the own types of the output,
 * a line each as dump_split() writes them, with @expected. Frees both builders. */
void assert_dedup(struct bld *base, struct bld *module, const char *expected);

/* The same of two blobs (not freed). Returns the bytes of the split BTF. */
uint32_t assert_dedup_blobs(const void *base, size_t base_len, const void *module, size_t len,
			    const char *expected);

/* @module cannot be deduplicated over @base: with @err, and @why in the reason. */
void assert_refused(struct bld *base, struct bld *module, int err, const char *why);
void assert_blob_refused(const void *base, size_t base_len, const void *module, size_t len, int err,
			 const char *why);

/* For what assert_dedup() is not enough for. */
struct over {
	struct base *base;
	void *blob; /* of the base */
	size_t len;
};

/* Makes a base, and frees its builder. */
struct over over_base(struct bld *base);
void over_free(struct over *over);

/* Deduplicates @module over it with @d, to which @res belongs, and frees the builder. */
void over_dedup(const struct over *over, struct dedup *d, struct bld *module,
		struct dedup_result *res);

/*
 * The own types of a split BTF in the host's byte order, a line each:
 *	[5] STRUCT foo size=8 a:1@0 b:4@32
 *	[6] PTR -> 5
 * Ids and names are resolved over the base. The caller frees the text.
 */
char *dump_split(const void *base, size_t base_len, const void *split, size_t len);

/* A standalone builder with "int" as type 1. */
struct bld *with_int(void);

#endif
