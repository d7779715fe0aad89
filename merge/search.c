// SPDX-License-Identifier: GPL-2.0-only
#include "merge/search.h"

#include "merge/emit.h"
#include "merge/forwards.h"
#include "merge/passes.h"

/*
 * How many times the passes are made again at most: as often as they go through
 * this many types in all, within limits. Where a Debian kernel's modules, encoded with
 * other options, have a choice, the search ends by itself after 4 trials at most.
 */
#define TYPES_TRIED (1u << 22)
#define TRIALS_MIN 16
#define TRIALS_MAX 512
#define WAYS_MAX 16

struct search {
	struct graph *g;
	struct forwards f;
	uint32_t best; /* bytes of the smallest output so far */
	bool improved; /* it is not the first any more */
	uint32_t trials_left;
};

/* @with_base: pairs to begin with. */
static int run(struct graph *g, struct pairs *with_base, struct dedup_result *res,
	       struct diag *diag)
{
	int err;

	g->image = arena_zarray(g->arena, uint32_t, g->in.nr_types);
	g->unsure = NULL;
	/* Those that have a pair which stands become the base's, but for a few. */
	htab_init(&g->own, g->arena, pairs_unpaired(with_base));
	pass_base(g, with_base);
	pass_forwards(g, with_base);
	pass_own(g);
	err = pass_rest(g, with_base, diag);
	if (err)
		return err;
	pass_first(g);
	emit(g, res);
	return 0;
}

/* What was followed holds for what declarations mean at first: with other choices each pair
 * is looked for. */
static int run_again(struct graph *g, struct dedup_result *res, struct diag *diag)
{
	struct pairs with_base;

	pairs_init(&with_base, g, PAIRS_WITH_BASE);
	return run(g, &with_base, res, diag);
}

/*
 * With what was followed. Which pairs there are first then depends on the modules before, and
 * so would what is beyond the limit of pairs.
 */
static int run_followed(struct graph *g, struct follow *follow, struct dedup_result *res,
			struct diag *diag)
{
	int err = run(g, &follow->pairs, res, diag);

	if (err || !follow->pairs.limited)
		return err;
	g->nr_choices = 0;
	return run_again(g, res, diag);
}

/* Is the graph, as it is set up now, better than the best? */
static bool better(struct search *s)
{
	struct arena_mark mark = arena_mark(s->g->arena);
	uint32_t *image = s->g->image;
	struct dedup_result res;
	struct diag ignored;
	bool yes;

	if (!s->trials_left)
		return false;
	s->trials_left--;
	yes = !run_again(s->g, &res, &ignored) && res.split_bytes < s->best;
	if (yes) {
		s->best = res.split_bytes;
		s->improved = true;
	}
	/* The images of the first run are what forwards_ways() goes by. */
	s->g->image = image;
	arena_release(s->g->arena, mark);
	return yes;
}

/* One choice after the other: each type of the base that fits. */
static bool try_choice(struct search *s, struct choice *choice)
{
	uint32_t keep = choice->pick;
	bool found = false;

	for (uint32_t i = 0; i < choice->nr; i++) {
		choice->pick = i;
		if (i != keep && better(s)) {
			keep = i;
			found = true;
		}
	}
	choice->pick = keep;
	return found;
}

/* All at once: the last that fits. */
static void try_last(struct search *s)
{
	struct graph *g = s->g;

	for (uint32_t i = 0; i < g->nr_choices; i++)
		g->choices[i].pick = g->choices[i].nr - 1;
	if (!g->nr_choices || better(s))
		return;
	for (uint32_t i = 0; i < g->nr_choices; i++)
		g->choices[i].pick = 0;
}

/* One group after the other: each way it could be meant. */
static bool try_group(struct search *s, uint32_t group)
{
	struct forward_way ways[WAYS_MAX], keep = s->f.group[group].way;
	uint32_t nr = forwards_ways(&s->f, group, ways, WAYS_MAX);
	bool found = false;

	for (uint32_t i = 0; nr > 1 && i < nr; i++) {
		if (ways[i].means == keep.means && ways[i].open == keep.open)
			continue;
		forwards_choose(&s->f, group, ways[i]);
		if (better(s)) {
			keep = ways[i];
			found = true;
		}
	}
	if (nr > 1)
		forwards_choose(&s->f, group, keep);
	return found;
}

static void choose_all(struct search *s, const struct forward_way *ways)
{
	for (uint32_t i = 0; i < s->f.nr_groups; i++)
		forwards_choose(&s->f, i, ways[i]);
}

/*
 * All groups at once: as they are but open, or, with @none, none meaning anything. What is
 * found in the neighbourhood of one start is often not in that of another. Where no
 * group has a definition of its own, that is how they are already.
 */
static void try_start(struct search *s, bool none)
{
	uint32_t nr = s->f.nr_groups;
	struct forward_way *keep = arena_array(s->g->arena, struct forward_way, nr);
	struct forward_way *start = arena_array(s->g->arena, struct forward_way, nr);
	bool other = false;

	for (uint32_t i = 0; i < nr; i++) {
		keep[i] = s->f.group[i].way;
		start[i] = (struct forward_way){none ? 0 : keep[i].means, true};
		other |= start[i].means != keep[i].means || start[i].open != keep[i].open;
	}
	if (!other)
		return;
	choose_all(s, start);
	if (!better(s))
		choose_all(s, keep);
}

/* Might own type @i, which stays, be in the base if what it refers to became another of
 * the base's types? */
static bool may_still_merge(const struct graph *g, uint32_t i)
{
	return g->image[i] == g->first_own + i && !btf_kind_stays(blob_kind(&g->in, i)) &&
	       !graph_has_fresh_name(g, blob_type(&g->in, i));
}

/* Marks in @reach what refers to a marked type, without a struct or union between. Did
 * anything come to it? */
static bool reach_further(const struct graph *g, uint8_t *reach)
{
	bool more = false;

	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		const uint32_t *type = blob_type(&g->in, i), *w;
		const struct btf_kind *k = &btf_kinds[blob_kind(&g->in, i)];

		if (reach[i] || btf_kind_is_composite(blob_kind(&g->in, i)))
			continue;
		btf_for_each_ref(type, k, w)
			if (*w && reach[*w - g->in.first_id])
				reach[i] = 1;
		more |= reach[i];
	}
	return more;
}

#define REACH_ROUNDS 16

/*
 * Declarations with several meanings in the base, and no definition of their own, mean
 * each of them opposite structs and unions: which one it is then decides only about what
 * leads to them without a struct or union between. Does anything of that stay that
 * could do otherwise? (Of a split input, which may refer to the base's, not asked.)
 */
static bool meaning_matters(const struct search *s)
{
	struct graph *g = s->g;
	uint32_t n = g->in.nr_types;
	uint8_t *reach = arena_zarray(g->arena, uint8_t, n);
	int rounds = 0;

	if (g->in.form == BTF_FORM_SPLIT)
		return true;
	for (uint32_t i = 0; i < n; i++)
		reach[i] = g->decl[i] && g->unsure[g->decl[i] - g->first_own];
	while (reach_further(g, reach))
		if (++rounds == REACH_ROUNDS)
			return true;
	for (uint32_t i = 0; i < n; i++)
		if (reach[i] && may_still_merge(g, i))
			return true;
	return false;
}

static bool ambiguous(const struct search *s)
{
	struct forward_way ways[WAYS_MAX];

	if (s->g->nr_choices)
		return true;
	for (uint32_t i = 0; i < s->f.nr_groups; i++)
		if (s->f.group[i].defs && forwards_ways(&s->f, i, ways, WAYS_MAX) > 1)
			return true;
	return s->g->unsure && meaning_matters(s);
}

int search_best(struct graph *g, struct follow *follow, struct dedup_result *res, bool *chosen,
		struct diag *diag)
{
	struct search s = {.g = g};
	bool found = true;
	int err;

	forwards_find(&s.f, g);
	err = follow_end(follow, g, &s.f, diag);
	if (!err)
		err = run_followed(g, follow, res, diag);
	*chosen = !err && ambiguous(&s);
	if (!*chosen)
		return err;
	s.best = res->split_bytes;
	s.trials_left = TYPES_TRIED / (g->in.nr_types + 1);
	s.trials_left = s.trials_left < TRIALS_MIN ? TRIALS_MIN : s.trials_left;
	s.trials_left = s.trials_left > TRIALS_MAX ? TRIALS_MAX : s.trials_left;
	try_last(&s);
	try_start(&s, false);
	try_start(&s, true);
	while (found) {
		found = false;
		for (uint32_t i = 0; i < g->nr_choices; i++)
			found |= try_choice(&s, &g->choices[i]);
		for (uint32_t i = 0; i < s.f.nr_groups; i++)
			found |= try_group(&s, i);
	}
	/* The first one's output still stands: trials are taken back. */
	return s.improved ? run_again(g, res, diag) : 0;
}
