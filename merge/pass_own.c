// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

/* Beyond this many different structs of one head or outline no more are compared: on the
 * modules of a Debian kernel 16 are enough. */
#define LEADERS_MAX 64

/* How far down pointers and the like two types are compared before they are
 * paired. */
#define GLANCE_DEPTH 8

/* Does it show at a glance that two types differ: do pointers and the like
 * lead to what became two different types? */
static bool differ_at_a_glance(const struct graph *g, uint32_t x, uint32_t y)
{
	for (int depth = 0; depth < GLANCE_DEPTH; depth++) {
		const uint32_t *tx, *ty;
		const struct btf_kind *k;

		if (graph_image(g, x) && graph_image(g, y))
			return graph_image(g, x) != graph_image(g, y);
		if (!graph_is_own(g, x) || !graph_is_own(g, y))
			return false;
		tx = graph_type(g, x);
		ty = graph_type(g, y);
		k = &btf_kinds[btf_kind_of(tx)];
		if (btf_kind_of(tx) != btf_kind_of(ty) || k->nr_refs != 1)
			return false;
		x = graph_ref(g, tx[k->ref_at]);
		y = graph_ref(g, ty[k->ref_at]);
	}
	return false;
}

static bool refs_differ(const struct graph *g, uint32_t i, uint32_t other)
{
	const uint32_t *a = blob_type(&g->in, i), *b = blob_type(&g->in, other), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(a)];

	btf_for_each_ref(a, k, w)
		if (differ_at_a_glance(g, graph_ref(g, *w), graph_ref(g, b[w - a])))
			return true;
	return false;
}

static bool equals(struct graph *g, struct pairs *p, uint32_t i, uint32_t leader)
{
	if (!graph_same_shape(blob_type(&g->in, i), graph_type(g, leader)) ||
	    refs_differ(g, i, leader - g->first_own))
		return false;
	if (!p->g) /* mostly there is nothing to compare at all */
		pairs_init(p, g, PAIRS_AMONG_OWN);
	return pairs_hold(p, g->first_own + i, leader);
}

/*
 * What own type @i, whose leader_hash() is @hash, becomes: the first own struct
 * or union that equals it, or itself. Beyond the limit it is not even filed: nobody
 * would come to it.
 */
static uint32_t find_leader(struct graph *g, struct pairs *p, uint32_t i, uint32_t hash)
{
	uint32_t tried = 0, gid = g->first_own + i;

	HTAB_FOR_EACH(&g->own, hash, it) {
		if (tried++ == LEADERS_MAX) {
			g->limited = true;
			return gid;
		}
		if (equals(g, p, i, it.val))
			return it.val;
		if (g->twins)
			graph_mark_twins(g->twins, gid, graph_type(g, gid), it.val,
					 graph_type(g, it.val));
	}
	htab_add(&g->own, hash, gid);
	return gid;
}

/* A struct that has a name is told from nearly all others by its head and the name of its first
 * member; what has none, only with what its members lead to. */
static uint32_t leader_hash(struct graph *g, uint32_t i)
{
	const uint32_t *type = blob_type(&g->in, i);

	if (type[BTF_NAME])
		return key_words(type, BTF_HEAD + (btf_word_vlen(type[BTF_INFO]) > 0));
	return key_words(g->scratch, graph_normal(g, i, KEY_OUTLINES, g->scratch));
}

void pass_own(struct graph *g)
{
	const struct blob_list *all = &g->in.composites;
	uint32_t *list = arena_array(g->arena, uint32_t, all->nr + 1), nr = 0;
	struct pairs p = {0};

	for (uint32_t i = 0; i < all->nr; i++) {
		list[nr] = all->type[i];
		nr += !g->image[all->type[i]];
	}
	for (uint32_t i = 0; i < nr; i++)
		g->image[list[i]] = find_leader(g, &p, list[i], leader_hash(g, list[i]));
	g->limited |= p.limited;
}
