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
#include "merge/blob.h"
#include "merge/htab.h"

struct names {
	struct arena *arena;
	const struct base *base; /* or NULL */
	const char *strs;        /* the blob's own section */
	uint32_t first_str;      /* offsets below are the base's */
	/*
	 * By own offset / 2 (two texts cannot begin closer): name id * 2 +
	 * the offset's last bit, or MEMO_NONE.
	 */
	uint32_t *memo;
	struct htab fresh;  /* text -> number of the fresh one + 1 */
	uint32_t *fresh_at; /* its own offset, by number */
	uint32_t nr_fresh;
	uint32_t cap_fresh;
};

#define NAMES_MEMO_NONE UINT32_MAX

void names_init(struct names *names, struct arena *arena, const struct base *base,
		const struct blob *blob);

/* The id of the text at string offset @off (in the blob's own offsets). */
uint32_t names_lookup(struct names *names, uint32_t off);

/* Has the string at own offset @off the name id @id? @id is one that was
 * given out before or an offset in the base's normal form. */
bool names_compare(struct names *names, uint32_t off, uint32_t id);

/* Is @off the offset of a name of @base: one at which a string begins, or, in
 * the middle of one, one that its own types use? */
bool names_in_base(const struct base *base, uint32_t off);

/* The lowest id of a fresh name; below are offsets of the base. */
uint32_t names_first_fresh(const struct names *names);
const char *names_text(const struct names *names, uint32_t id);
/* The hash of the text at string offset @off, without looking for it anywhere. */
uint32_t names_hash_at(const struct names *names, uint32_t off);

static inline uint32_t names_memo(const struct names *names, uint32_t own)
{
	uint32_t m = names->memo[own / 2];

	return m != NAMES_MEMO_NONE && !((m ^ own) & 1) ? m / 2 : NAMES_MEMO_NONE;
}

static inline uint32_t names_id(struct names *names, uint32_t off)
{
	if (off >= names->first_str) {
		uint32_t id = names_memo(names, off - names->first_str);

		if (id != NAMES_MEMO_NONE)
			return id;
	}
	return off ? names_lookup(names, off) : 0;
}

static inline bool names_same(struct names *names, uint32_t off, uint32_t id)
{
	if (off >= names->first_str) {
		uint32_t known = names_memo(names, off - names->first_str);

		if (known != NAMES_MEMO_NONE)
			return known == id;
	}
	return names_compare(names, off, id);
}

#endif
