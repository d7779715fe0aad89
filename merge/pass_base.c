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
 * The first candidate that holds; 0 if none does. *@more is set when others do
 * too. With @untainted only those count that rest on nothing relaxed.
 */
static uint32_t try_candidates(struct graph *g, struct pairs *p, uint32_t own, bool untainted,
			       bool *more)
{
	const uint32_t *tx = blob_type(&g->in, own);
	uint32_t x = g->first_own + own, first = 0;
	struct candidates c;
	const struct htab *tab = candidates_init(&c, g, own);

	*more = false;
	if (!tab)
		return 0;
	HTAB_FOR_EACH(tab, c.hash, it) {
		if (c.tried++ == CANDIDATES_MAX)
			break;
		if (!is_candidate(&c, tx, it.val) || !pairs_hold(p, x, it.val) ||
		    (untainted && pairs_tainted(p, x, it.val)))
			continue;
		*more = first != 0;
		if (!first || g->take_last)
			first = it.val;
	}
	return first;
}

/* Most are met as a member of one that was tried before: then there is one
 * candidate already, and unless it has a twin, no other. */
static uint32_t met_before(const struct graph *g, const struct pairs *p, uint32_t own)
{
	uint32_t y = pairs_first(p, own);

	return y && !base_has_twin(g->base, y) ? y : 0;
}

/*
 * Several candidates hold only because something is relaxed. One that says
 * exactly what the module says goes before one that has but a FWD.
 */
static void prefer_untainted(struct graph *g, struct pairs *p, const uint32_t *several,
			     uint32_t nr)
{
	uint32_t image;
	bool more;

	if (nr)
		pairs_taint(p);
	g->several |= nr > 0;
	for (uint32_t i = 0; i < nr; i++) {
		image = try_candidates(g, p, several[i], true, &more);
		if (image)
			g->image[several[i]] = image;
	}
}

void pass_base(struct graph *g, struct pairs *p)
{
	uint32_t n = g->in.nr_types, nr_several = 0;
	uint32_t *several = arena_array(g->arena, uint32_t, n);
	bool more;

	/* Those with a name first: they lead to the others. */
	for (int named = 1; named >= 0; named--)
		for (uint32_t i = 0; i < n; i++) {
			const uint32_t *type = blob_type(&g->in, i);

			if (!btf_kind_is_composite(btf_kind_of(type)) ||
			    !type[BTF_NAME] != !named)
				continue;
			g->image[i] = met_before(g, p, i);
			if (g->image[i])
				continue;
			g->image[i] = try_candidates(g, p, i, false, &more);
			if (more)
				several[nr_several++] = i;
		}
	prefer_untainted(g, p, several, nr_several);
}
