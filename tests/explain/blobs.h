/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Standalone BTF whose words can be changed in place: what the generated tests put a
 * known difference into. Reads by itself, not by merge/.
 */
#ifndef TESTS_EXPLAIN_BLOBS_H
#define TESTS_EXPLAIN_BLOBS_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/gen/rng.h"

struct blobs {
	uint32_t *blob; /* a copy; host byte order */
	size_t len;
	const char *strs;
	uint32_t **types; /* by id, 1 to nr: its first word */
	uint32_t nr;
};

void blobs_read(struct blobs *b, const void *data, size_t len);
void blobs_free(struct blobs *b);

uint32_t blobs_kind(const struct blobs *b, uint32_t id);
const char *blobs_name(const struct blobs *b, uint32_t id);
/* How many ids a type refers to, and the i-th, which may be 0. */
uint32_t blobs_nr_refs(const struct blobs *b, uint32_t id);
uint32_t blobs_ref(const struct blobs *b, uint32_t id, uint32_t i);

/* By a name, or an enum without one by its values: what explanations call a unit. */
bool blobs_is_unit(const struct blobs *b, uint32_t id);

/* No two of its units have one kind and name, and no definition stands beside its FWD. */
bool blobs_clear(const struct blobs *b);

/* A word that was changed. */
struct change {
	uint32_t id;
	uint32_t *word;
	uint32_t was;
	const char *element; /* the member or enumerator it belongs to, NULL: none or nameless */
};

/*
 * Changes one thing in type @id into something that no other type of the blob has.
 * With @data no name and no reference is changed. False: a type that nothing can be changed in.
 */
bool blobs_change(struct blobs *b, uint32_t id, bool data, struct rng *rng, struct change *change);
void blobs_undo(const struct change *change);

/* by_id[i]: type i is a unit that reaches type @id through types that are none, or is
 * itself @id. */
void blobs_owners(const struct blobs *b, uint32_t id, bool *by_id);
/* by_id[i]: type i reaches type @id through any types, or is it. */
void blobs_reaching(const struct blobs *b, uint32_t id, bool *by_id);

#endif
