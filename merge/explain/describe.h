/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types and differences in a C programmer's words. Texts stand in the arena of the facing.
 */
#ifndef MERGE_EXPLAIN_DESCRIBE_H
#define MERGE_EXPLAIN_DESCRIBE_H

#include "merge/explain/explain.h"
#include "merge/explain/facing.h"
#include "merge/explain/stay.h"

struct describe {
	struct arena *arena;
	const struct facing *f;
	const struct stay *stay; /* by own type */
};

/* "struct foo", "typedef foo_t", "enum {FIRST, ...}", "int (*)(struct foo *)"... */
const char *describe_type(const struct describe *d, uint32_t gid);

/* What is wrong with a pair that is a root: "struct bar.baz: at byte 8 in the base, 16 here". */
const char *describe_root(const struct describe *d, uint32_t pair, enum explain_kind *kind);

/* The same of an own type that waits for no pair. */
const char *describe_stay(const struct describe *d, uint32_t own, enum explain_kind *kind);

/* The shortest way from a dead pair to a root, and what is wrong with that. */
const char *describe_way(const struct describe *d, uint32_t pair, enum explain_kind *kind);

/* The same from an own type that stays because of another, whatever it waits for. */
const char *describe_own(const struct describe *d, uint32_t own, enum explain_kind *kind);

#endif
