// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

/* Of those that fit, this many are told apart. */
#define FITS_MAX 16

/* How the types of the base are found that an own one may become. */
struct candidates {
	struct graph *g;
	uint32_t hash;
	bool named;
};

static bool is_candidate(const struct candidates *c, const uint32_t *tx, uint32_t y)
{
	const uint32_t *ty = base_type(c->g->base, y);

	if (tx[BTF_INFO] != ty[BTF_INFO] || tx[BTF_SIZE] != ty[BTF_SIZE])
		return false;
	return c->named ? tx[BTF_NAME] == ty[BTF_NAME] : graph_same_shape(c->g->scratch, ty);
}

static const struct htab *candidates_init(struct candidates *c, struct graph *g, uint32_t own)
{
	const uint32_t *type = blob_type(&g->in, own);
	uint32_t name = type[BTF_NAME];

	*c = (struct candidates){g, 0, name != 0};
	if (name) {
		c->hash = key_nominal(btf_kind_of(type), false, name);
		return name < names_first_fresh(&g->names) ? &g->base->nominal : NULL;
	}
	c->hash = key_words(g->scratch, graph_normal(g, own, KEY_OUTLINES, g->scratch));
	return &g->base->flat;
}

/* The candidates that hold, into @fits (room for @max); their number. */
static uint32_t find_fits(struct graph *g, struct pairs *p, uint32_t own, uint32_t *fits,
			  uint32_t max)
{
	const uint32_t *tx = blob_type(&g->in, own);
	struct candidates c;
	const struct htab *tab = candidates_init(&c, g, own);
	uint32_t nr = 0;

	if (!tab)
		return 0;
	HTAB_FOR_EACH(tab, c.hash, it) {
		if (nr == max)
			break;
		if (is_candidate(&c, tx, it.val) && pairs_hold(p, g->first_own + own, it.val))
			fits[nr++] = it.val;
	}
	return nr;
}

/* Most are met as a member of one that was tried before: then there is one
 * candidate already, and unless it has a twin, no other. */
static uint32_t met_before(const struct graph *g, const struct pairs *p, uint32_t own)
{
	uint32_t y = pairs_first(p, own);

	return y && !base_has_twin(g->base, y) ? y : 0;
}

/* Has @own a name, and was it just the base's only type of that name and shape but for what these
 * rest on? Then nothing is left to be tried. */
static bool sole_refuted(const struct graph *g, const struct pairs *p, uint32_t own)
{
	return pairs_refuted_below(p, own) && blob_type(&g->in, own)[BTF_NAME] &&
	       !base_has_twin(g->base, p->y[own] & ~PAIR_Y_DEAD);
}

/* What the search chose, or may choose, for types that fit @first and others. */
static uint32_t picked(struct graph *g, uint32_t first, uint32_t nr)
{
	for (uint32_t i = 0; i < g->nr_choices; i++)
		if (g->choices[i].first == first)
			return g->choices[i].pick < nr ? g->choices[i].pick : 0;
	if (g->nr_choices < CHOICES_MAX)
		g->choices[g->nr_choices++] = (struct choice){.first = first, .nr = nr};
	return 0;
}

/*
 * Several candidates hold only because something is relaxed. Unless the
 * search picked one, one that says exactly what the module says goes before
 * one that has but a FWD.
 */
static void choose_fits(struct graph *g, struct pairs *p, const uint32_t *several, uint32_t n)
{
	uint32_t fits[FITS_MAX], nr, pick, i;

	/* All pairs are looked at before it is asked what they rest on. */
	for (i = 0; i < n; i++)
		find_fits(g, p, several[i], fits, FITS_MAX);
	if (n)
		pairs_taint(p);
	for (; n; n--, several++) {
		nr = find_fits(g, p, *several, fits, FITS_MAX);
		pick = picked(g, fits[0], nr);
		for (i = 0; i < nr && !pick; i++)
			if (!pairs_tainted(p, g->first_own + *several, fits[i]))
				break;
		if (pick || i < nr)
			g->image[*several] = fits[pick ? pick : i];
	}
}

/* The image of @own, a struct or union; true when it has to be chosen from several. */
static bool set_image(struct graph *g, struct pairs *p, uint32_t own)
{
	uint32_t fits[2], nr = 1;

	fits[0] = met_before(g, p, own);
	if (!fits[0])
		nr = sole_refuted(g, p, own) ? 0 : find_fits(g, p, own, fits, 2);
	g->image[own] = nr ? fits[0] : 0;
	return nr == 2;
}

void pass_base(struct graph *g, struct pairs *p)
{
	const struct blob_list *list = &g->in.composites;
	uint32_t nr_several = 0, nr_nameless = 0;
	uint32_t *several = arena_array(g->arena, uint32_t, list->nr);
	uint32_t *nameless = arena_array(g->arena, uint32_t, list->nr);

	/* Those with a name first: they lead to the others. */
	for (uint32_t i = 0; i < list->nr; i++) {
		if (!blob_type(&g->in, list->type[i])[BTF_NAME])
			nameless[nr_nameless++] = list->type[i];
		else if (set_image(g, p, list->type[i]))
			several[nr_several++] = list->type[i];
	}
	for (uint32_t i = 0; i < nr_nameless; i++)
		if (set_image(g, p, nameless[i]))
			several[nr_several++] = nameless[i];
	choose_fits(g, p, several, nr_several);
}
