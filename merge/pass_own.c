// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

/* Beyond this many different structs of one outer shape no more are compared. */
#define LEADERS_MAX 1024

/* The first own struct or union that equals own type @i, which is in
 * g->scratch in normal form; 0 if none does. */
static uint32_t find_leader(struct graph *g, struct pairs *p, uint32_t i, uint32_t hash)
{
	uint32_t tried = 0;

	HTAB_FOR_EACH(&g->own, hash, it) {
		uint32_t own = it.val - g->first_own;

		if (tried++ == LEADERS_MAX)
			return 0;
		graph_normal(g, own, KEY_OUTLINES, g->other);
		if (graph_same_shape(g->scratch, g->other) && pairs_hold(p, g->first_own + i, it.val))
			return it.val;
	}
	return 0;
}

void pass_own(struct graph *g)
{
	struct pairs p;
	uint32_t hash;

	pairs_init(&p, g, PAIRS_AMONG_OWN);
	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		if (g->image[i] || !btf_kind_is_composite(btf_kind_of(blob_type(&g->in, i))))
			continue;
		hash = key_words(g->scratch, graph_normal(g, i, KEY_OUTLINES, g->scratch));
		g->image[i] = find_leader(g, &p, i, hash);
		if (!g->image[i]) {
			g->image[i] = g->first_own + i;
			htab_add(&g->own, hash, g->first_own + i);
		}
	}
}
