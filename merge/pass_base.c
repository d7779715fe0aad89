// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

/* Beyond this many of one name and shape the base's structs are not all
 * tried. A Debian kernel has 3 of a name at most, 34 anonymous of one shape. */
#define CANDIDATES_MAX 1024

/* The types of the base that own type @x may become. */
struct candidates {
	struct graph *g;
	uint32_t own;
	uint32_t hash;
	bool named;
	uint32_t tried;
};

static bool is_candidate(const struct candidates *c, const uint32_t *tx, uint32_t y)
{
	const uint32_t *ty = base_type(c->g->base, y);

	if (tx[BTF_INFO] != ty[BTF_INFO] || tx[BTF_SIZE] != ty[BTF_SIZE])
		return false;
	return c->named ? names_same(&c->g->names, tx[BTF_NAME], ty[BTF_NAME])
			: graph_same_shape(c->g->scratch, ty);
}

static const struct htab *candidates_init(struct candidates *c, struct graph *g, uint32_t own)
{
	const uint32_t *type = blob_type(&g->in, own);
	uint32_t name = names_id(&g->names, type[BTF_NAME]);

	*c = (struct candidates){g, own, 0, name != 0, 0};
	if (name) {
		c->hash = key_nominal(btf_kind_of(type), false, name);
		return name < names_first_fresh(&g->names) ? &g->base->nominal : NULL;
	}
	c->hash = key_words(g->scratch, graph_normal(g, own, KEY_OUTLINES, g->scratch));
	return &g->base->flat;
}

/*
 * Tries all candidates: sets the image to the first that holds, or, where
 * several do because something is relaxed, the first that holds without.
 */
static void try_candidates(struct graph *g, struct pairs *p, uint32_t own)
{
	const uint32_t *tx = blob_type(&g->in, own);
	uint32_t x = g->first_own + own, nr = 0;
	struct candidates c;
	const struct htab *tab = candidates_init(&c, g, own);

	if (!tab)
		return;
	HTAB_FOR_EACH(tab, c.hash, it) {
		if (c.tried++ == CANDIDATES_MAX)
			break;
		if (!is_candidate(&c, tx, it.val) || !pairs_hold(p, x, it.val))
			continue;
		if (!nr++)
			g->image[own] = it.val;
	}
	if (nr < 2)
		return;
	pairs_taint(p);
	HTAB_FOR_EACH(tab, c.hash, again) {
		if (!c.tried--)
			break;
		if (is_candidate(&c, tx, again.val) && pairs_hold(p, x, again.val) &&
		    !pairs_tainted(p, x, again.val)) {
			g->image[own] = again.val;
			break;
		}
	}
}

/* Most are met as a member of one that was tried before: then there is one
 * candidate already, and unless it has a twin, no other. */
static bool met_before(struct graph *g, const struct pairs *p, uint32_t own)
{
	uint32_t y = pairs_first(p, own);

	if (!y || base_has_twin(g->base, y))
		return false;
	g->image[own] = y;
	return true;
}

void pass_base(struct graph *g, struct pairs *p)
{
	uint32_t n = g->in.nr_types;

	/* Those with a name first: they lead to the others. */
	for (int named = 1; named >= 0; named--)
		for (uint32_t i = 0; i < n; i++) {
			const uint32_t *type = blob_type(&g->in, i);

			if (!btf_kind_is_composite(btf_kind_of(type)) || g->image[i] ||
			    !type[BTF_NAME] != !named)
				continue;
			if (!met_before(g, p, i))
				try_candidates(g, p, i);
		}
}
