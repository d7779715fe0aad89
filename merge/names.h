/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names: one number for one text.
 *
 * The name id of a text is the offset at which the base has it, or, where
 * the base does not, a number from names_first_fresh() on in order of being
 * met ("fresh"). 0 is the empty text. Two names are the same when their ids
 * are, whatever offsets they came from: a string section may hold a text
 * twice, and a name may begin in the middle of another.
 */
#ifndef MERGE_NAMES_H
#define MERGE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/arena.h"
#include "merge/base_index.h"
#include "merge/blob.h"
#include "merge/htab.h"

struct names {
	struct arena *arena;
	const struct base *base;
	const char *strs;   /* the blob's own section */
	uint32_t strs_len;  /* its length */
	uint32_t first_str; /* offsets below are the base's */
	/*
	 * By own offset / 2 (two texts cannot begin closer): name id * 2 + the
	 * offset's last bit, or NAMES_MEMO_NONE.
	 */
	uint32_t *memo;
	struct htab fresh; /* text -> number of the fresh one + 1 */
	struct names_fresh {
		uint32_t at;  /* its own offset */
		uint32_t len; /* without the NUL */
	} * fresh_name;       /* by number */
	uint32_t nr_fresh;
	uint32_t cap_fresh;
	/* Of a split blob: is each of its strings fresh, so that they are numbered in the order
	 * in which they stand? */
	bool all_fresh;
	struct base *making; /* the base, to add to, while it is made; else NULL */
	bool as_they_are;    /* its name offsets are ids, and nothing is to be looked up */
};

/* Its highest bit tells it from all others: a name id has 29. */
#define NAMES_MEMO_NONE UINT32_MAX
#define NAMES_MEMO_NONE_BIT (1u << 31)

/*
 * The names of @blob over @base. Those of a standalone blob are looked for as they are asked
 * for, since most are told by names_match() without a search; those of a split one, which the
 * base mostly has not, all at once in their order.
 */
void names_init(struct names *names, struct arena *arena, const struct base *base,
		const struct blob *blob);

/* Those of @base itself, while it is made: all strings that begin in its section have to be
 * filed by then; a name that begins in the middle of one is filed when it is met. Or, with
 * @as_they_are, each offset is taken for the id. */
void names_init_base(struct names *names, struct base *base, bool as_they_are);

/* Is @off the offset of a name of @base: one at which a string begins, or, in
 * the middle of one, one that its own types use? */
bool names_in_base(const struct base *base, uint32_t off);

/* The lowest id of a fresh name; below are offsets of the base. */
static inline uint32_t names_first_fresh(const struct names *names)
{
	return names->base->strs_len;
}

static inline const char *names_text(const struct names *names, uint32_t id)
{
	uint32_t first = names_first_fresh(names);

	return id < first ? names->base->strs + id : names->strs + names->fresh_name[id - first].at;
}

/* The hash that a base's strings are filed under, and the offset at which @base has the
 * text @s, or 0. */
uint32_t names_hash(const char *s, uint32_t len);
uint32_t names_find(const struct base *base, const char *s, uint32_t hash);

/*
 * A few strings, hashed at once: so that what is asked for by the hash of one is there
 * when its turn comes.
 */
#define NAMES_BATCH 16

struct names_batch {
	uint32_t nr;
	struct {
		uint32_t off, len, hash;
	} s[NAMES_BATCH];
};

/* Those from @off on, of the section @strs of @strs_len bytes. Returns the offset behind
 * them. */
uint32_t names_next_batch(struct names_batch *batch, const char *strs, uint32_t strs_len,
			  uint32_t off);

/* names_id() of what is not known yet, or not remembered: in the base, in the middle of
 * another. */
uint32_t names_lookup(struct names *names, uint32_t off);

/* The id of the text at @off where it is known already, else NAMES_MEMO_NONE. */
static inline uint32_t names_known(const struct names *names, uint32_t off)
{
	uint32_t m = names->memo[off / 2];

	return (m ^ off) & (NAMES_MEMO_NONE_BIT | 1) ? NAMES_MEMO_NONE : m / 2;
}

/* For who will ask for many names: they are looked for together, and @batch begins with nr 0.
 * @off is of a standalone blob, and in its section. names_answer() finishes what was asked for. */
void names_ask(struct names *names, struct names_batch *batch, uint32_t off);
void names_answer(struct names *names, struct names_batch *batch);

/* names_match() where the id is not known. */
bool names_meet(struct names *names, uint32_t off, uint32_t id);

/* The id of the base's text at @off: mostly @off itself. */
static inline uint32_t names_of_base(struct names *names, uint32_t off)
{
	const struct base *base = names->base;

	if (names->as_they_are)
		return off;
	return base->strings_once && base_string_begins(base, off) ? off : names_lookup(names, off);
}

/* The id of the text at string offset @off, in the blob's own offsets. */
static inline uint32_t names_id(struct names *names, uint32_t off)
{
	uint32_t own = off - names->first_str, m;

	if (own >= names->strs_len)
		return off ? names_of_base(names, off) : 0;
	m = names->memo[own / 2];
	return !((m ^ own) & (NAMES_MEMO_NONE_BIT | 1)) ? m / 2 : names_lookup(names, off);
}

/*
 * Is @id, a name of the base's types, the id of the text at @off? For a standalone blob, @off in
 * its section. Nothing is hashed for it.
 */
static inline bool names_match(struct names *names, uint32_t off, uint32_t id)
{
	return names->memo[off / 2] == (id * 2 | (off & 1)) || names_meet(names, off, id);
}

#endif
