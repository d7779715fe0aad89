/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The base's types by their names: for the explanation only, as the engine's own index
 * looks for what is the same, and this one for what should have been.
 *
 * A unit is what a C programmer calls a type by: a struct, union or enum with a tag, a
 * typedef, int, float, a function; and an enum without a tag, which goes by its first
 * enumerator. Everything else (pointers, arrays, prototypes, structs without a tag) is a
 * part of the units that use it.
 */
#ifndef MERGE_EXPLAIN_INDEX_H
#define MERGE_EXPLAIN_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/base_index.h"
#include "merge/htab.h"

/* What two units of one name have to share to be compared: an encoder may write the
 * one enum as ENUM or as ENUM64, and float as FLOAT or INT. */
enum unit_class {
	UNIT_NONE,
	UNIT_STRUCT,
	UNIT_UNION,
	UNIT_ENUM,
	UNIT_ENUM_UNTAGGED,
	UNIT_SCALAR,
	UNIT_TYPEDEF,
	UNIT_FUNC,
};

struct unit {
	enum unit_class class;
	uint32_t name; /* a name id; of an enum without a tag its first enumerator's */
};

/* Of one name, or outside, no more of the base's types are tried: a kernel has three. */
#define INDEX_CANDIDATES_MAX 64

struct explain_base {
	struct arena arena;
	const struct base *base;
	struct htab units;    /* by unit_hash() */
	struct htab shapes;   /* what is no unit, but for the next, by key_words() */
	struct htab untagged; /* structs and unions without a tag, by index_outer_hash() */
};

/* Which unit @type, whose names are name ids, is; UNIT_NONE: a part. A FWD is of the class of
 * what it declares. */
struct unit unit_of(const uint32_t *type);
uint32_t unit_hash(struct unit unit);

static inline bool unit_same(struct unit a, struct unit b)
{
	return a.class == b.class && a.name == b.name;
}

static inline bool unit_is(const uint32_t *type)
{
	return unit_of(type).class != UNIT_NONE;
}

/* Is @type a FWD, or an enum with a tag and no enumerators? */
static inline bool unit_declares(const uint32_t *type)
{
	return btf_kind_of(type) == BTF_KIND_FWD ||
	       (btf_kind_is_enum(btf_kind_of(type)) && !btf_is_definition(type));
}

/* A hash of all that a struct or union says but what its members refer to. */
uint32_t index_outer_hash(const uint32_t *type);

/* The type of the base whose words are these @nr, which are in normal form; 0: none. For
 * types that are no unit and no struct or union. */
uint32_t index_find_shape(const struct explain_base *index, const uint32_t *words, uint32_t nr);

#endif
