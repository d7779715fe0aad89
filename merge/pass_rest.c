// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

#include <errno.h>
#include <string.h>

/* How many types ahead a base's table is asked for their slots. */
#define AHEAD 8

/* The walk from a type down to what it refers to, without recursion. */
struct walk {
	struct graph *g;
	struct pairs *with_base; /* or NULL */
	/* Own types whose references are being settled, and which are still to be. */
	struct frame {
		uint32_t own;
		struct btf_walk refs;
	} * stack;
	uint32_t depth, cap;
	uint8_t *open; /* by own type: it is on the stack */
	/*
	 * While a base is made: no type has become another yet, so that the words that came
	 * in are in normal form. And the hashes of the next types.
	 */
	bool plain;
	uint32_t ahead[AHEAD];
};

/* Did what @n words of own types refer to, each @step words from the next, become what the
 * base's refer to? */
static inline bool refs_became(const struct graph *g, const uint32_t *x, const uint32_t *y,
			       uint32_t n, uint32_t step)
{
	uint32_t first = g->in.first_id, nr_types = g->in.nr_types;

	for (; n; n--, x += step, y += step) {
		uint32_t own = *x - first;

		if (own < nr_types ? g->image[own] != *y : graph_ref(g, *x) != *y)
			return false;
	}
	return true;
}

/* The same of all references of own type @tx, of kind @kind. */
static inline bool type_became(const struct graph *g, const uint32_t *tx, const uint32_t *ty,
			       uint32_t kind)
{
	if (btf_kind_is_of_one_ref(kind))
		return refs_became(g, tx + BTF_SIZE, ty + BTF_SIZE, 1, 1);
	if (kind == BTF_KIND_FUNC_PROTO)
		return refs_became(g, tx + BTF_SIZE, ty + BTF_SIZE, btf_word_vlen(tx[BTF_INFO]) + 1,
				   2);
	if (kind == BTF_KIND_ARRAY)
		return refs_became(g, tx + BTF_HEAD, ty + BTF_HEAD, 2, 1);
	/* Of structs pass_base() knows, all others refer to nothing or have no pair. */
	return !btf_kind_is_composite(kind) && !btf_kinds[kind].nr_refs;
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
	uint32_t y = walk->with_base ? pairs_first(walk->with_base, i) : 0;
	const uint32_t *tx, *ty;

	if (!y)
		return 0;
	tx = blob_type(&g->in, i);
	ty = base_type(g->base, y);
	return type_became(g, tx, ty, blob_kind(&g->in, i)) ? y : 0;
}

/* Does the type in g->scratch say anything that the base does not know? Then there is
 * no need to look for it there. */
static bool is_news(const struct graph *g)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(g->scratch)];
	uint32_t *w;

	btf_for_each_ref(g->scratch, k, w)
		if (*w >= g->first_own)
			return true;
	return graph_has_fresh_name(g, g->scratch);
}

/* Files @words, of own type @i, unless the same are filed already: what the type becomes. */
static uint32_t find_or_file(struct graph *g, uint32_t i, const uint32_t *words, uint32_t hash,
			     bool plain)
{
	uint32_t nr = g->in.at[i + 1] - g->in.at[i];

	HTAB_FOR_EACH(&g->own, hash, it) {
		uint32_t own = it.val - g->first_own;
		const uint32_t *other = blob_type(&g->in, own);

		if (g->in.at[own + 1] - g->in.at[own] != nr)
			continue;
		if (!plain) {
			graph_normal(g, own, KEY_IMAGES, g->other);
			other = g->other;
		}
		if (!memcmp(words, other, nr * sizeof(*other)))
			return it.val;
	}
	htab_add(&g->own, hash, g->first_own + i);
	return g->first_own + i;
}

/* Behind the type before mostly comes the one that comes behind it in the base: a guess
 * that is right spares the search. */
static uint32_t guess(const struct graph *g, uint32_t i)
{
	uint32_t y = i ? g->image[i - 1] + 1 : 0;

	return y > 1 && y < g->first_own && base_canonical(g->base, y) == y ? y : 0;
}

/* By search: in the base, then among the own types that stay; else it stays. */
static uint32_t image_by_words(struct graph *g, uint32_t i)
{
	uint32_t nr = graph_normal(g, i, KEY_IMAGES, g->scratch), hash, image;
	bool maybe_base = g->base && !is_news(g);

	image = maybe_base ? guess(g, i) : 0;
	if (image && base_is_type(g->base, image, g->scratch, nr))
		return image;
	hash = key_words(g->scratch, nr);
	image = maybe_base ? base_find_words(g->base, g->scratch, nr, hash) : 0;
	return image ? image : find_or_file(g, i, g->scratch, hash, false);
}

static uint32_t own_hash(const struct graph *g, uint32_t i)
{
	return key_words(blob_type(&g->in, i), g->in.at[i + 1] - g->in.at[i]);
}

/* image_by_words() while the walk is plain. @next: of the types in their order, it is the
 * one whose turn it is. */
static uint32_t image_of_plain(struct walk *walk, uint32_t i, bool next)
{
	struct graph *g = walk->g;
	uint32_t hash = next ? walk->ahead[i % AHEAD] : own_hash(g, i), image;

	image = find_or_file(g, i, blob_type(&g->in, i), hash, true);
	walk->plain = image == g->first_own + i;
	return image;
}

/* Asks for the slot of type @i of a base: they are many, and all looked for here. */
static void ask_ahead(struct walk *walk, uint32_t i)
{
	struct graph *g = walk->g;

	if (!walk->plain || i >= g->in.nr_types || g->image[i])
		return;
	walk->ahead[i % AHEAD] = own_hash(g, i);
	__builtin_prefetch(&g->own.slots[walk->ahead[i % AHEAD] & g->own.mask], 1);
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
	if (walk->plain)
		return image_of_plain(walk, i, false);
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

static struct frame frame_of(const struct graph *g, uint32_t i)
{
	return (struct frame){
		i, btf_walk_refs(blob_type(&g->in, i), &btf_kinds[blob_kind(&g->in, i)])};
}

static void walk_push(struct walk *walk, uint32_t i)
{
	if (walk->depth == walk->cap) {
		walk->stack =
			arena_grow(walk->g->arena, walk->stack, walk->cap * sizeof(*walk->stack),
				   (walk->cap + 64) * 2 * sizeof(*walk->stack));
		walk->cap = (walk->cap + 64) * 2;
	}
	walk->stack[walk->depth++] = frame_of(walk->g, i);
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

/* Has any own type become another own one? */
static bool own_merged(const struct graph *g)
{
	uint32_t merged = 0;

	for (uint32_t i = 0; i < g->in.nr_types; i++)
		merged += graph_is_own(g, g->image[i]) & (g->image[i] != g->first_own + i);
	return merged;
}

void pass_first(struct graph *g)
{
	uint32_t n = g->in.nr_types, *first; /* by own type that stays: gid */

	if (!own_merged(g))
		return;
	first = arena_zarray(g->arena, uint32_t, n);
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

/* Has every type so far become itself? */
static bool nothing_merged(const struct graph *g)
{
	for (uint32_t i = 0; i < g->in.nr_types; i++)
		if (g->image[i] && g->image[i] != g->first_own + i)
			return false;
	return true;
}

/* Is it known what becomes of all that type @i refers to? */
static inline bool refs_known(const struct graph *g, uint32_t i)
{
	const uint32_t *type = blob_type(&g->in, i), *w;
	const struct btf_kind *k = &btf_kinds[blob_kind(&g->in, i)];
	uint32_t first = g->in.first_id, n = g->in.nr_types;

	btf_for_each_ref(type, k, w)
		if (*w - first < n && !g->image[*w - first])
			return false;
	return true;
}

/* Settles type @i, whose turn it is. */
static int take(struct walk *walk, uint32_t i, struct diag *diag)
{
	struct graph *g = walk->g;

	if (walk->plain) {
		if (refs_known(g, i))
			g->image[i] = image_of_plain(walk, i, true);
	} else if (!means(g, i)) {
		g->image[i] = image_by_pair(walk, i);
		if (!g->image[i] && refs_known(g, i))
			g->image[i] = image_by_words(g, i);
	}
	return g->image[i] ? 0 : walk_down(walk, i, diag);
}

/* Did whatever has a pair that stands, as far as it is known what it becomes, become just what
 * it is paired with, and has it no other pair? */
static bool pairs_decide(const struct graph *g, const struct pairs *p)
{
	const uint32_t *image = g->image, *y = p->y, n = g->in.nr_types;
	const uint8_t *kinds = g->in.kinds, *state = p->state;
	uint32_t other = 0;

	if (g->in.form == BTF_FORM_SPLIT) /* base_same() relaxes */
		return false;
	/* Bits, not branches: of these there is no guess that is mostly right. */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t known = (image[i] != 0) | (state[i] & PAIR_RELAXED) / PAIR_RELAXED |
				 (kinds[i] == BTF_KIND_STRUCT) | (kinds[i] == BTF_KIND_UNION);

		other |= known & ~y[i] >> 31 & (image[i] != y[i]);
	}
	for (uint32_t pair = n; pair < p->nr; pair++)
		other |= ~p->y[pair] >> 31;
	return !other;
}

/* Then so does the rest of what has one: from below upwards each refers to what the base's type
 * refers to. */
static void take_pairs(struct graph *g, const struct pairs *p)
{
	uint32_t *restrict image = g->image, n = g->in.nr_types;
	const uint32_t *restrict y = p->y;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t stands = (y[i] >> 31) - 1; /* all bits or none */

		image[i] |= y[i] & stands & ((image[i] != 0) - 1u);
	}
}

/* A base's types in their order, or nearly so: all are looked for here. */
static int rest_of_base(struct walk *walk, struct diag *diag)
{
	struct graph *g = walk->g;
	int err = 0;

	walk->plain = nothing_merged(g);
	for (uint32_t i = 0; i < AHEAD; i++)
		ask_ahead(walk, i);
	for (uint32_t i = 0; i < g->in.nr_types && !err; i++) {
		if (!g->image[i])
			err = take(walk, i, diag);
		ask_ahead(walk, i + AHEAD);
	}
	return err;
}

/* A module's, of which most are known by now. */
static int rest_of_module(struct walk *walk, struct diag *diag)
{
	struct graph *g = walk->g;
	uint32_t *left = arena_array(g->arena, uint32_t, g->in.nr_types + 1), nr = 0;
	int err = 0;

	if (pairs_decide(g, walk->with_base))
		take_pairs(g, walk->with_base);
	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		left[nr] = i;
		nr += !g->image[i];
	}
	for (uint32_t i = 0; i < nr && !err; i++)
		if (!g->image[left[i]])
			err = take(walk, left[i], diag);
	return err;
}

int pass_rest(struct graph *g, struct pairs *p, struct diag *diag)
{
	uint32_t n = g->in.nr_types;
	struct walk walk = {.g = g, .with_base = p, .open = arena_zarray(g->arena, uint8_t, n)};

	/* Never merged, and settled before anyone asks. */
	for (uint32_t i = 0; i < n; i++)
		if (btf_kind_stays(blob_kind(&g->in, i)))
			g->image[i] = g->first_own + i;
	return g->base ? rest_of_module(&walk, diag) : rest_of_base(&walk, diag);
}
