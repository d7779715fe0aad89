// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

#include <errno.h>
#include <string.h>

/* The walk from a type down to what it refers to, without recursion. */
struct walk {
	struct graph *g;
	struct pairs *with_base; /* or NULL */
	/* Own types whose references are being settled, and how many are. */
	struct frame {
		uint32_t own;
		uint32_t settled;
	} * stack;
	uint32_t depth;
	uint8_t *open; /* by own type: it is on the stack */
};

/*
 * A pair that stands and whose references became just what the base's type
 * refers to needs no search: it is the base's type. (A pair alone does not
 * do: it may stand because the base has only a FWD somewhere below.) 0 too while what
 * it refers to is not settled: where a pair stands, void is opposite void only.
 */
static uint32_t image_by_pair(const struct walk *walk, uint32_t i)
{
	const struct graph *g = walk->g;
	uint32_t y = walk->with_base ? pairs_first(walk->with_base, i) : 0;
	const uint32_t *tx = blob_type(&g->in, i), *ty, *w;
	const struct btf_kind *k = &btf_kinds[blob_kind(&g->in, i)];

	if (!y)
		return 0;
	ty = base_type(g->base, y);
	btf_for_each_ref(tx, k, w)
		if (graph_image(g, graph_ref(g, *w)) != ty[w - tx])
			return 0;
	return y;
}

/* Does the type in g->scratch say anything that the base does not know? Then there is
 * no need to look for it there. */
static bool is_news(const struct graph *g)
{
	uint32_t first_fresh = names_first_fresh(&g->names), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(g->scratch)];

	btf_for_each_ref(g->scratch, k, w)
		if (*w >= g->first_own)
			return true;
	btf_for_each_name(g->scratch, k, w)
		if (*w >= first_fresh)
			return true;
	return false;
}

static uint32_t find_in_base(struct graph *g, uint32_t nr, uint32_t hash)
{
	uint32_t kind = btf_kind_of(g->scratch), name = g->scratch[BTF_NAME];
	bool nominal = (btf_kind_is_enum(kind) || kind == BTF_KIND_FWD) && name;
	const struct htab *tab = nominal ? &g->base->nominal : &g->base->flat;

	if (nominal)
		hash = key_nominal(kind, btf_word_kflag(g->scratch[BTF_INFO]), name);
	HTAB_FOR_EACH(tab, hash, it) {
		const uint32_t *type = base_type(g->base, it.val);

		if (type[BTF_INFO] == g->scratch[BTF_INFO] &&
		    !memcmp(type, g->scratch, nr * sizeof(*type)))
			return it.val;
	}
	return 0;
}

static uint32_t find_among_own(struct graph *g, uint32_t nr, uint32_t hash)
{
	HTAB_FOR_EACH(&g->own, hash, it) {
		uint32_t own = it.val - g->first_own;

		if (g->in.at[own + 1] - g->in.at[own] != nr)
			continue;
		graph_normal(g, own, KEY_IMAGES, g->other);
		if (!memcmp(g->scratch, g->other, nr * sizeof(*g->other)))
			return it.val;
	}
	return 0;
}

/* By search: in the base, then among the own types that stay; else it stays. */
static uint32_t image_by_words(struct graph *g, uint32_t i)
{
	uint32_t nr = graph_normal(g, i, KEY_IMAGES, g->scratch);
	uint32_t hash = key_words(g->scratch, nr), image = 0;

	if (g->base && !is_news(g))
		image = find_in_base(g, nr, hash);
	if (!image)
		image = find_among_own(g, nr, hash);
	if (!image) {
		image = g->first_own + i;
		htab_add(&g->own, hash, image);
	}
	return image;
}

/* For a declaration what it becomes with: its definition, or the first of the
 * same declarations; 0 for that, and for all other types. */
static uint32_t means(const struct graph *g, uint32_t i)
{
	if (!g->decl || !g->decl[i])
		return 0;
	if (graph_is_own(g, g->alias[i]))
		return g->alias[i];
	return g->decl[i] == g->first_own + i ? 0 : g->decl[i];
}

/* What has to be settled before the type on top can be, as a gid; 0 when all is. */
static uint32_t unsettled(const struct graph *g, struct frame *top)
{
	const uint32_t *type = blob_type(&g->in, top->own);
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t nr = btf_nr_refs(type, k), gid;

	gid = means(g, top->own);
	if (gid)
		return graph_image(g, gid) ? 0 : gid;
	for (; top->settled < nr; top->settled++) {
		gid = graph_ref(g, type[btf_ref_at(k, top->settled)]);
		if (gid && !graph_image(g, gid))
			return gid;
	}
	return 0;
}

static uint32_t settle(struct walk *walk, uint32_t i)
{
	struct graph *g = walk->g;
	uint32_t image;

	if (means(g, i))
		return graph_image(g, means(g, i));
	image = image_by_pair(walk, i);
	return image ? image : image_by_words(g, i);
}

static int loop_fail(const struct graph *g, uint32_t i, uint32_t from, struct diag *diag)
{
	return diag_fail(diag, -ELOOP,
			 "broken BTF: type id %u (%s) refers to itself, through type id %u, "
			 "without a struct or union between",
			 g->in.first_id + i, btf_kind_name(blob_kind(&g->in, i)),
			 g->in.first_id + from);
}

static void walk_push(struct walk *walk, uint32_t i)
{
	walk->stack[walk->depth++] = (struct frame){i, 0};
	walk->open[i] = 1;
}

static int walk_down(struct walk *walk, uint32_t i, struct diag *diag)
{
	struct graph *g = walk->g;
	struct frame *top;
	uint32_t below;

	walk_push(walk, i);
	while (walk->depth) {
		top = &walk->stack[walk->depth - 1];
		below = unsettled(g, top);
		if (!below) {
			g->image[top->own] = settle(walk, top->own);
			walk->open[top->own] = 0;
			walk->depth--;
		} else if (walk->open[below - g->first_own]) {
			return loop_fail(g, below - g->first_own, top->own, diag);
		} else {
			walk_push(walk, below - g->first_own);
		}
	}
	return 0;
}

void pass_first(struct graph *g)
{
	uint32_t n = g->in.nr_types;
	uint32_t *first = arena_zarray(g->arena, uint32_t, n); /* by own type that stays: gid */

	for (uint32_t i = 0; i < n; i++) {
		uint32_t own = g->image[i] - g->first_own;

		if (graph_is_own(g, g->image[i]) && !first[own] &&
		    blob_type(&g->in, i)[BTF_INFO] == blob_type(&g->in, own)[BTF_INFO])
			first[own] = g->first_own + i;
	}
	for (uint32_t i = 0; i < n; i++)
		if (graph_is_own(g, g->image[i]))
			g->image[i] = first[g->image[i] - g->first_own];
}

int pass_rest(struct graph *g, struct pairs *p, struct diag *diag)
{
	uint32_t n = g->in.nr_types;
	struct walk walk = {g, p, arena_array(g->arena, struct frame, n), 0,
			    arena_zarray(g->arena, uint8_t, n)};
	int err = 0;

	/* Never merged, and settled before anyone asks. */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t kind = blob_kind(&g->in, i);

		if (kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC)
			g->image[i] = g->first_own + i;
	}
	for (uint32_t i = 0; i < n && !err; i++) {
		if (!g->image[i] && !means(g, i))
			g->image[i] = image_by_pair(&walk, i);
		if (!g->image[i])
			err = walk_down(&walk, i, diag);
	}
	return err;
}
