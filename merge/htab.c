// SPDX-License-Identifier: GPL-2.0-only
#include "merge/htab.h"

static void htab_size(struct htab *tab, uint32_t slots)
{
	tab->slots = arena_zarray(tab->arena, struct htab_slot, slots);
	tab->mask = slots - 1;
}

void htab_init(struct htab *tab, struct arena *arena, uint32_t expected)
{
	uint32_t slots = 16;

	/* At most half full: the mean probe of a miss stays below 2.5. */
	while (slots / 2 < expected)
		slots *= 2;
	tab->arena = arena;
	tab->used = 0;
	htab_size(tab, slots);
}

void htab_double(struct htab *tab)
{
	struct htab old = *tab;
	uint32_t pos = 0;

	htab_size(tab, (old.mask + 1) * 2);
	/*
	 * From behind a free slot on, so that a run of probing that goes over
	 * the table's end is met in its order: values of one hash keep theirs.
	 */
	while (old.slots[pos].val)
		pos++;
	for (uint32_t i = 0; i <= old.mask; i++) {
		const struct htab_slot *s = &old.slots[(pos + i) & old.mask];

		if (s->val)
			htab_put(tab, *s);
	}
}
