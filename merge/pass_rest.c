// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

#include <errno.h>
#include <string.h>

/* The walk from a type down to what it refers to, without recursion. */
struct walk {
	struct graph *g;
	struct pairs *with_base; /* or NULL */
	/* Own types whose references are being settled, and which are still to be. */
	struct frame {
		uint32_t own;
		struct btf_walk refs;
	} * stack;
	uint32_t depth;
	uint8_t *open; /* by own type: it is on the stack */
};

/* Kinds of one type id, where a size stands in others, and of none. */
#define KIND_BIT(kind) (1u << (kind))
#define KINDS_OF_ONE_REF                                                                     \
	(KIND_BIT(BTF_KIND_PTR) | KIND_BIT(BTF_KIND_TYPEDEF) | KIND_BIT(BTF_KIND_VOLATILE) | \
	 KIND_BIT(BTF_KIND_CONST) | KIND_BIT(BTF_KIND_RESTRICT) | KIND_BIT(BTF_KIND_FUNC) |  \
	 KIND_BIT(BTF_KIND_TYPE_TAG))

static bool refs_became(const struct graph *g, const uint32_t *tx, const uint32_t *ty)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	const uint32_t *w;

	btf_for_each_ref(tx, k, w)
		if (graph_image(g, graph_ref(g, *w)) != ty[w - tx])
			return false;
	return true;
}

/*
 * A pair that stands and whose references became just what the base's type
 * refers to needs no search: it is the base's type. (A pair alone does not
 * do: it may stand because the base has only a FWD somewhere below.) 0 too while what
 * it refers to is not settled: where a pair stands, void is opposite void only.
 */
static inline uint32_t image_by_pair(const struct walk *walk, uint32_t i)
{
	const struct graph *g = walk->g;
	uint32_t y = walk->with_base ? pairs_first(walk->with_base, i) : 0, own;
	const uint32_t *tx, *ty;

	if (!y)
		return 0;
	tx = blob_type(&g->in, i);
	ty = base_type(g->base, y);
	if (!(KINDS_OF_ONE_REF & KIND_BIT(blob_kind(&g->in, i))))
		return refs_became(g, tx, ty) ? y : 0;
	own = tx[BTF_SIZE] - g->in.first_id;
	if (own < g->in.nr_types)
		return g->image[own] == ty[BTF_SIZE] ? y : 0;
	return graph_ref(g, tx[BTF_SIZE]) == ty[BTF_SIZE] ? y : 0;
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

/* Is the type in g->scratch the base's @y? */
static bool is_base_type(const struct graph *g, uint32_t nr, uint32_t y)
{
	const uint32_t *type = base_type(g->base, y);

	return type[BTF_INFO] == g->scratch[BTF_INFO] &&
	       !memcmp(type, g->scratch, nr * sizeof(*type));
}

static uint32_t find_in_base(struct graph *g, uint32_t nr, uint32_t hash)
{
	uint32_t kind = btf_kind_of(g->scratch), name = g->scratch[BTF_NAME];
	bool nominal = (btf_kind_is_enum(kind) || kind == BTF_KIND_FWD) && name;
	const struct htab *tab = nominal ? &g->base->nominal : &g->base->flat;

	if (nominal)
		hash = key_nominal(kind, btf_word_kflag(g->scratch[BTF_INFO]), name);
	HTAB_FOR_EACH(tab, hash, it) {
		if (is_base_type(g, nr, it.val))
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

/* Behind the type before mostly comes the one that comes behind it in the base: a guess
 * that is right spares the search. */
static uint32_t guess(const struct graph *g, uint32_t i)
{
	uint32_t y = i ? g->image[i - 1] + 1 : 0;

	return y > 1 && y < g->first_own && g->base->canonical[y] == y ? y : 0;
}

/* By search: in the base, then among the own types that stay; else it stays. */
static uint32_t image_by_words(struct graph *g, uint32_t i)
{
	uint32_t nr = graph_normal(g, i, KEY_IMAGES, g->scratch), image = 0, hash;

	if (g->base && !is_news(g)) {
		image = guess(g, i);
		if (image && is_base_type(g, nr, image))
			return image;
		hash = key_words(g->scratch, nr);
		image = find_in_base(g, nr, hash);
	} else {
		hash = key_words(g->scratch, nr);
	}
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
	uint32_t gid = means(g, top->own);

	if (gid)
		return graph_image(g, gid) ? 0 : gid;
	for (; top->refs.left; btf_walk_on(&top->refs)) {
		gid = graph_ref(g, type[top->refs.at]);
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
	const uint32_t *type = blob_type(&walk->g->in, i);

	walk->stack[walk->depth++] =
		(struct frame){i, btf_walk_refs(type, &btf_kinds[btf_kind_of(type)])};
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

/* How many types ahead the table's slots are asked for. */
#define AHEAD 8

/* Asks for the slot of own type @i, if it refers to what becomes itself: nearly always in
 * a base, whose types are many and all looked for here. */
static void ask_ahead(const struct graph *g, uint32_t i)
{
	uint32_t nr = g->in.at[i + 1] - g->in.at[i];

	if (!g->image[i])
		__builtin_prefetch(&g->own.slots[key_words(blob_type(&g->in, i), nr) & g->own.mask],
				   1);
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
		if (!g->base && i + AHEAD < n)
			ask_ahead(g, i + AHEAD);
		if (!g->image[i] && !means(g, i))
			g->image[i] = image_by_pair(&walk, i);
		if (!g->image[i])
			err = walk_down(&walk, i, diag);
	}
	return err;
}
