/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash table of 32-bit values: open addressing, linear probing, nothing is
 * ever taken out. The hash stands beside the value, so that a miss costs no
 * look at what the value stands for. Comparing is the caller's:
 *
 *	HTAB_FOR_EACH(tab, hash, it) {
 *		if (same(it.val, ...))
 *			return it.val;
 *	}
 *
 * Values of one hash come in the order in which they were added.
 */
#ifndef MERGE_HTAB_H
#define MERGE_HTAB_H

#include <stdint.h>

#include "merge/arena.h"

struct htab_slot {
	uint32_t hash;
	uint32_t val; /* 0: free */
};

struct htab {
	struct htab_slot *slots;
	uint32_t mask; /* number of slots - 1 */
	uint32_t used;
	struct arena *arena;
};

struct htab_iter {
	uint32_t pos;
	uint32_t val;
};

/* An empty table in @arena that takes @expected values without growing. */
void htab_init(struct htab *tab, struct arena *arena, uint32_t expected);

/* Makes it twice as large; htab_add() does when it is half full. */
void htab_double(struct htab *tab);

static inline void htab_put(struct htab *tab, struct htab_slot entry)
{
	uint32_t pos = entry.hash;

	while (tab->slots[pos & tab->mask].val)
		pos++;
	tab->slots[pos & tab->mask] = entry;
}

/* Adds @val (not 0), whether or not there is an equal one. */
static inline void htab_add(struct htab *tab, uint32_t hash, uint32_t val)
{
	if (tab->used > tab->mask / 2)
		htab_double(tab);
	htab_put(tab, (struct htab_slot){hash, val});
	tab->used++;
}

static inline uint32_t htab_probe(const struct htab *tab, uint32_t hash, uint32_t *pos)
{
	for (;; (*pos)++) {
		const struct htab_slot *s = &tab->slots[*pos & tab->mask];

		if (!s->val)
			return 0;
		if (s->hash == hash)
			return s->val;
	}
}

#define HTAB_FOR_EACH(tab, key, it)                                                          \
	for (struct htab_iter it = {(key), 0}; (it.val = htab_probe((tab), (key), &it.pos)); \
	     it.pos++)

#endif
