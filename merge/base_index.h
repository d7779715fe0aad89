/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a base looks like inside: for the engine only. Written by base_new(),
 * `const` for everyone else.
 *
 * Its words are a copy in normal form: every name is the offset of the first
 * string of that text, every type id that of the first of equal types. So
 * two names in it are equal when their offsets are, and two types that refer
 * to equal ones when their words are.
 */
#ifndef MERGE_BASE_INDEX_H
#define MERGE_BASE_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/arena.h"
#include "merge/base.h"
#include "merge/btf.h"
#include "merge/htab.h"

#define BASE_AT_BITS 27 /* BLOB_MAX bytes in words, and void's */

/* Two bits for some of the hash of each thing, both in one word: what is not there is mostly told
 * by a look at something small enough to stay in the cache. */
struct filter {
	uint64_t *words;
	uint32_t shift;
};

/* For @nr things: eight bits each and more, so that one of thirty of others gets through. */
void filter_init(struct filter *filter, struct arena *arena, uint32_t nr);

static inline uint64_t filter_bits(uint32_t hash)
{
	return 1ull << hash % 64 | 1ull << hash / 64 % 64;
}

static inline void filter_add(struct filter *filter, uint32_t hash)
{
	filter->words[hash >> filter->shift] |= filter_bits(hash);
}

/* Ahead of filter_may_have(). */
static inline void filter_ask(const struct filter *filter, uint32_t hash)
{
	__builtin_prefetch(&filter->words[hash >> filter->shift]);
}

static inline bool filter_may_have(const struct filter *filter, uint32_t hash)
{
	return !(filter_bits(hash) & ~filter->words[hash >> filter->shift]);
}

struct base {
	struct arena arena;
	uint32_t nr_types; /* void included */
	uint32_t *words;
	/* By type id, in one word as they are asked for together: the kind, and below its
	 * BASE_AT_BITS the first word. 0 is a void of its own. */
	const uint32_t *kind_at;
	/* By type id: the one that stands for its equals. NULL: no two are equal. */
	const uint32_t *canonical;
	const char *strs;
	uint32_t strs_len;
	bool swapped;
	bool strings_once; /* no text begins at two offsets */
	/* Is each type found by what it says: are no two equal, and none so many of one name that
	 * not all of them are filed? Then whoever meets one by another way finds the same. */
	bool all_filed;
	uint64_t *begins;    /* by string offset, a bit: a text begins there, not an empty one */
	struct htab strings; /* every string -> its offset */
	/* Most of a module's own names are told from the base's without a look at the table. */
	struct filter filter;
	struct htab nominal; /* see key_nominal(): named STRUCT, UNION, FWD, ENUM, ENUM64 */
	/* The same types, and what else is told by its name, under names_hash() of that: for who
	 * does not know the name's id (follow.c). */
	struct htab named;
	struct filter named_filter;
	struct htab flat; /* see key_words(): all others */
	/* By type id, a bit: there is another struct or union of the same
	 * name and outer shape, so that this one is not the only candidate. */
	const uint64_t *twin;
	/* By type id, a bit: of those in `nominal` that share their key no other has its name. */
	const uint64_t *sole;
};

/* Of one name, or outline, no more structs of the base are tried: on the modules of a
 * Debian kernel 16 are enough. */
#define BASE_CANDIDATES_MAX 64

/* Where in base->words type @id begins. */
static inline uint32_t base_word_at(const struct base *base, uint32_t id)
{
	return base->kind_at[id] & ((1u << BASE_AT_BITS) - 1);
}

static inline const uint32_t *base_type(const struct base *base, uint32_t id)
{
	return base->words + base_word_at(base, id);
}

static inline uint32_t base_kind(const struct base *base, uint32_t id)
{
	return base->kind_at[id] >> BASE_AT_BITS;
}

/* The id that stands for all types that are equal to @id. */
static inline uint32_t base_canonical(const struct base *base, uint32_t id)
{
	return base->canonical ? base->canonical[id] : id;
}

static inline bool base_has_twin(const struct base *base, uint32_t id)
{
	return base->twin[id / 64] >> (id % 64) & 1;
}

static inline bool base_is_sole(const struct base *base, uint32_t id)
{
	return base->sole[id / 64] >> (id % 64) & 1;
}

static inline bool base_string_begins(const struct base *base, uint32_t off)
{
	return base->begins[off / 64] >> (off % 64) & 1;
}

/* Only while the base is made. */
static inline void base_file_string(struct base *base, uint32_t hash, uint32_t off)
{
	filter_add(&base->filter, hash);
	htab_add(&base->strings, hash, off);
}

#endif
