// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/pairs.h"

#include <string.h>
#include <xxhash.h>

enum {
	PAIR_DEAD = 1,
	PAIR_RELAXED = 2, /* holds by a relaxation, not by being the same */
	PAIR_LEAF = 4,    /* refers to nothing: known as soon as looked at */
	PAIR_TAINTED = 8, /* rests on a relaxed one */
	PAIR_SEEN = 16,   /* by the search of pairs_used() */
	PAIR_LOOSE = 32,  /* rests on base_same() having relaxed something */
};

#define NO_PAIR UINT32_MAX

/*
 * A hostile module could pair each of its types with each of the base's.
 * Beyond this many a pair counts as refuted, which costs bytes, not truth.
 * Modules of a Debian kernel stay below 1.03 pairs a type.
 */
#define PAIRS_PER_TYPE_MAX 8
#define PAIRS_ALWAYS (1u << 16)

static uint32_t *stack_room(struct graph *g, uint32_t *stack, uint32_t nr, uint32_t *cap)
{
	if (nr < *cap)
		return stack;
	*cap = *cap ? *cap * 2 : 256;
	return arena_grow(g->arena, stack, nr * sizeof(*stack), *cap * sizeof(*stack));
}

void pairs_init(struct pairs *p, struct graph *g, enum pair_mode mode)
{
	uint32_t n = g->in.nr_types;

	memset(p, 0, sizeof(*p));
	p->g = g;
	p->mode = mode;
	p->nr = n;
	p->cap = n + 64;
	p->y = arena_array(g->arena, uint32_t, p->cap);
	p->x = arena_array(g->arena, uint32_t, p->cap);
	p->edges = arena_array(g->arena, uint32_t, p->cap);
	p->state = arena_array(g->arena, uint8_t, p->cap);
	memset(p->y, 0, n * sizeof(*p->y));
	memset(p->state, 0, n);
	htab_init(&p->more, g->arena, 16);
	p->cap_edges = n + 256;
	p->edge = arena_array(g->arena, struct pair_edge, p->cap_edges);
	p->nr_edges = 1; /* 0 ends a list */
}

static void pairs_room(struct pairs *p)
{
	struct arena *a = p->g->arena;
	uint32_t old = p->cap;

	if (p->nr < p->cap)
		return;
	p->cap *= 2;
	p->y = arena_grow(a, p->y, old * sizeof(*p->y), p->cap * sizeof(*p->y));
	p->x = arena_grow(a, p->x, old * sizeof(*p->x), p->cap * sizeof(*p->x));
	p->edges = arena_grow(a, p->edges, old * sizeof(*p->edges), p->cap * sizeof(*p->edges));
	p->state = arena_grow(a, p->state, old, p->cap);
}

static uint32_t pair_own(const struct pairs *p, uint32_t pair)
{
	return pair < p->g->in.nr_types ? pair : p->x[pair];
}

static uint32_t pair_hash(uint32_t own, uint32_t y)
{
	uint32_t key[2] = {own, y};

	return (uint32_t)XXH3_64bits(key, sizeof(key));
}

static uint32_t pair_find(const struct pairs *p, uint32_t own, uint32_t y)
{
	if (p->y[own] == y)
		return own;
	if (!p->more.used)
		return NO_PAIR;
	HTAB_FOR_EACH(&p->more, pair_hash(own, y), it) {
		if (p->x[it.val] == own && p->y[it.val] == y)
			return it.val;
	}
	return NO_PAIR;
}

/* A new pair, not looked at; NO_PAIR when there are too many. */
static uint32_t pair_add(struct pairs *p, uint32_t own, uint32_t y)
{
	uint32_t n = p->g->in.nr_types, pair = own;

	if (p->y[own]) {
		if (p->nr - n > PAIRS_ALWAYS && (p->nr - n) / PAIRS_PER_TYPE_MAX > n)
			return NO_PAIR;
		pairs_room(p);
		pair = p->nr++;
		p->x[pair] = own;
		htab_add(&p->more, pair_hash(own, y), pair);
	}
	p->y[pair] = y;
	p->state[pair] = 0;
	p->edges[pair] = 0;
	return pair;
}

static void pair_kill(struct pairs *p, uint32_t pair)
{
	if (p->state[pair] & PAIR_DEAD)
		return;
	p->state[pair] |= PAIR_DEAD;
	p->dead = stack_room(p->g, p->dead, p->nr_dead, &p->cap_dead);
	p->dead[p->nr_dead++] = pair;
}

static void edge_add(struct pairs *p, uint32_t child, uint32_t parent)
{
	if (p->nr_edges == p->cap_edges) {
		p->edge = arena_grow(p->g->arena, p->edge, p->nr_edges * sizeof(*p->edge),
				     p->nr_edges * 2 * sizeof(*p->edge));
		p->cap_edges *= 2;
	}
	p->edge[p->nr_edges] = (struct pair_edge){parent, p->edges[child]};
	p->edges[child] = p->nr_edges++;
}

/* Is every word the same that is no type id? @y is in normal form unless it
 * is an own type. */
static bool same_words(struct pairs *p, const uint32_t *tx, const uint32_t *ty, bool y_own)
{
	struct names *names = &p->g->names;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	const uint32_t *ex, *ey;

	if (tx[BTF_INFO] != ty[BTF_INFO] ||
	    (k->ref_at != BTF_SIZE && tx[BTF_SIZE] != ty[BTF_SIZE]) ||
	    !names_same(names, tx[BTF_NAME], y_own ? names_id(names, ty[BTF_NAME]) : ty[BTF_NAME]))
		return false;
	for (uint32_t w = BTF_HEAD; w < (uint32_t)BTF_HEAD + k->extra; w++)
		if ((w < k->ref_at || w >= (uint32_t)k->ref_at + k->nr_refs) && tx[w] != ty[w])
			return false;
	if (!k->elem)
		return true;
	ex = tx + BTF_HEAD + k->extra;
	ey = ty + BTF_HEAD + k->extra;
	for (uint32_t n = btf_word_vlen(tx[BTF_INFO]); n; n--, ex += k->elem, ey += k->elem) {
		for (int w = 0; w < k->elem; w++)
			if (w != k->elem_ref && w != k->elem_name && ex[w] != ey[w])
				return false;
		if (k->elem_name >= 0 &&
		    !names_same(names, ex[k->elem_name],
				y_own ? names_id(names, ey[k->elem_name]) : ey[k->elem_name]))
			return false;
	}
	return true;
}

/*
 * The two relaxations: a declaration on one side, what it declares on the other. Which
 * of the two is in the base is for the caller: a definition never becomes a
 * declaration, but those who refer to it may. What has no name declares nothing.
 */
static bool relaxed(const uint32_t *tx, const uint32_t *ty)
{
	return ty[BTF_NAME] && (btf_declares(tx, ty) || btf_declares(ty, tx));
}

/* What the reference to @gid means at this stage: the definition for a
 * declaration; among own types the image, where it is known. */
static uint32_t pair_target(const struct pairs *p, uint32_t gid)
{
	const struct graph *g = p->g;
	uint32_t own;

	if (!graph_is_own(g, gid))
		return gid;
	own = gid - g->first_own;
	if (g->decl && g->decl[own]) {
		bool means = graph_is_own(g, g->alias[own]) &&
			     (!g->open[own] || p->mode == PAIRS_AMONG_OWN);

		gid = means ? g->alias[own] : g->decl[own];
		own = gid - g->first_own;
	}
	return p->mode == PAIRS_AMONG_OWN && g->image[own] ? g->image[own] : gid;
}

static bool is_leaf(uint32_t kind)
{
	return kind == BTF_KIND_INT || kind == BTF_KIND_FLOAT || kind == BTF_KIND_FWD ||
	       btf_kind_is_enum(kind);
}

/* Looks at a pair that refers to nothing. */
static void leaf_look(struct pairs *p, uint32_t pair)
{
	struct graph *g = p->g;
	uint32_t y = p->y[pair];
	const uint32_t *tx = blob_type(&g->in, pair_own(p, pair)), *ty = graph_type(g, y);

	p->state[pair] |= PAIR_LEAF;
	if (p->mode == PAIRS_WITH_BASE && relaxed(tx, ty) &&
	    names_same(&g->names, tx[BTF_NAME], ty[BTF_NAME]))
		p->state[pair] |= PAIR_RELAXED;
	else if (!same_words(p, tx, ty, graph_is_own(g, y)))
		p->state[pair] |= PAIR_DEAD;
}

/* Looks at a pair without those it refers to, or puts it off. */
static void pair_look(struct pairs *p, uint32_t pair)
{
	struct graph *g = p->g;
	uint32_t own = pair_own(p, pair), y = p->y[pair], kind = blob_kind(&g->in, own);

	if (is_leaf(kind) || kind != graph_kind(g, y)) {
		leaf_look(p, pair);
	} else if (kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC) {
		p->state[pair] |= PAIR_DEAD; /* never merged */
	} else {
		__builtin_prefetch(blob_type(&g->in, own));
		__builtin_prefetch(graph_type(g, y));
		p->todo = stack_room(g, p->todo, p->nr_todo, &p->cap_todo);
		p->todo[p->nr_todo++] = pair;
	}
}

/* The pair (@x, @y), new or known; NO_PAIR when it is refuted out of hand. */
static uint32_t pair_get(struct pairs *p, uint32_t x, uint32_t y)
{
	uint32_t own = x - p->g->first_own, pair = pair_find(p, own, y);

	if (pair == NO_PAIR) {
		pair = pair_add(p, own, y);
		if (pair != NO_PAIR)
			pair_look(p, pair);
	}
	return pair;
}

/*
 * Two of the base's types that a split input and its candidate refer to. In
 * normal form they are equal or not; but a FWD that is reached through
 * pointers, prototypes and the like only is as good as the input's own, and may
 * stand for what it declares. Not so inside a struct: that of the base may say
 * FWD where the module once had another definition.
 */
#define BASE_STEPS 64

static bool base_same(struct pairs *p, uint32_t x, uint32_t y, uint32_t *steps)
{
	const struct base *base = p->g->base;
	const uint32_t *tx = base_type(base, x), *ty = base_type(base, y), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	bool same;

	if (x == y)
		return true;
	if (!x || !y || p->mode != PAIRS_WITH_BASE || !(*steps)--)
		return false;
	if (btf_kind_of(tx) == BTF_KIND_FWD || btf_kind_is_enum(btf_kind_of(tx)))
		return relaxed(tx, ty) && tx[BTF_NAME] == ty[BTF_NAME];
	if (is_leaf(btf_kind_of(tx)) || btf_kind_is_composite(btf_kind_of(tx)) ||
	    btf_nr_elems(tx) > BASE_STEPS || !graph_same_shape(tx, ty))
		return false;
	same = true;
	btf_for_each_ref(tx, k, w)
		same = same && base_same(p, *w, ty[w - tx], steps);
	return same;
}

/* @parent refers to @x where its other side refers to @y. False refutes it. */
static bool pair_child(struct pairs *p, uint32_t parent, uint32_t x, uint32_t y)
{
	struct graph *g = p->g;
	uint32_t pair;

	x = pair_target(p, x);
	y = pair_target(p, y);
	if (x == y)
		return true;
	/* Among own types two whose images are known are the same if they are one. */
	if (!x || !y || (p->mode == PAIRS_AMONG_OWN && graph_image(g, x) && graph_image(g, y)))
		return false;
	if (!graph_is_own(g, x)) {
		if (!graph_is_own(g, y)) {
			p->state[parent] |= PAIR_LOOSE;
			return base_same(p, x, y, &(uint32_t){BASE_STEPS});
		}
		pair = x;
		x = y;
		y = pair;
	}
	pair = pair_get(p, x, y);
	if (pair == NO_PAIR || (p->state[pair] & PAIR_DEAD))
		return false;
	if (!(p->state[pair] & PAIR_LEAF) || (p->state[pair] & PAIR_RELAXED))
		edge_add(p, pair, parent);
	return true;
}

static bool ref_holds(struct pairs *p, uint32_t pair, uint32_t x, uint32_t y, bool y_own)
{
	return pair_child(p, pair, graph_ref(p->g, x), y_own ? graph_ref(p->g, y) : y);
}

static bool refs_hold(struct pairs *p, uint32_t pair, const uint32_t *tx, const uint32_t *ty)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	bool y_own = graph_is_own(p->g, p->y[pair]);
	uint32_t n;

	for (uint32_t i = k->ref_at; i < (uint32_t)k->ref_at + k->nr_refs; i++)
		if (!ref_holds(p, pair, tx[i], ty[i], y_own))
			return false;
	if (k->elem_ref < 0)
		return true;
	n = btf_nr_elems(tx);
	tx += BTF_HEAD + k->extra + k->elem_ref;
	ty += BTF_HEAD + k->extra + k->elem_ref;
	for (; n; n--) {
		if (!ref_holds(p, pair, *tx, *ty, y_own))
			return false;
		tx += k->elem;
		ty += k->elem;
	}
	return true;
}

static void pairs_bury(struct pairs *p)
{
	while (p->nr_dead)
		for (uint32_t e = p->edges[p->dead[--p->nr_dead]]; e; e = p->edge[e].next)
			pair_kill(p, p->edge[e].parent);
}

bool pairs_hold(struct pairs *p, uint32_t x, uint32_t y)
{
	struct graph *g = p->g;
	uint32_t root = pair_get(p, x, y);

	if (root == NO_PAIR)
		return false;
	while (p->next_todo < p->nr_todo) {
		uint32_t pair = p->todo[p->next_todo++];
		const uint32_t *tx = blob_type(&g->in, pair_own(p, pair));
		const uint32_t *ty = graph_type(g, p->y[pair]);

		if (!same_words(p, tx, ty, graph_is_own(g, p->y[pair])) ||
		    !refs_hold(p, pair, tx, ty))
			pair_kill(p, pair);
	}
	p->next_todo = p->nr_todo = 0;
	pairs_bury(p);
	return !(p->state[root] & PAIR_DEAD);
}

uint32_t pairs_first(const struct pairs *p, uint32_t i)
{
	return p->y[i] && !(p->state[i] & (PAIR_DEAD | PAIR_RELAXED)) ? p->y[i] : 0;
}

/* Sets @mark on what stands and depends on @pair, itself included. Returns
 * true early at a struct or union that became its y. */
static bool pairs_above(struct pairs *p, uint32_t pair, uint8_t mark, bool find)
{
	struct graph *g = p->g;

	p->nr_todo = 0;
	for (;;) {
		if (!(p->state[pair] & (mark | PAIR_DEAD))) {
			uint32_t own = pair_own(p, pair);

			p->state[pair] |= mark;
			if (find && g->image[own] == p->y[pair] &&
			    btf_kind_is_composite(blob_kind(&g->in, own)))
				return true;
			for (uint32_t e = p->edges[pair]; e; e = p->edge[e].next) {
				p->todo = stack_room(g, p->todo, p->nr_todo, &p->cap_todo);
				p->todo[p->nr_todo++] = p->edge[e].parent;
			}
		}
		if (!p->nr_todo)
			return false;
		pair = p->todo[--p->nr_todo];
	}
}

void pairs_taint(struct pairs *p)
{
	for (uint32_t i = 0; i < p->nr; i++)
		if (p->y[i] && (p->state[i] & (PAIR_RELAXED | PAIR_LOOSE)))
			pairs_above(p, i, PAIR_TAINTED, false);
}

bool pairs_tainted(const struct pairs *p, uint32_t x, uint32_t y)
{
	uint32_t pair = pair_find(p, x - p->g->first_own, y);

	return pair != NO_PAIR && (p->state[pair] & PAIR_TAINTED);
}

bool pairs_used(struct pairs *p, uint32_t x, uint32_t y)
{
	uint32_t pair = pair_find(p, x - p->g->first_own, y);
	bool used;

	if (pair == NO_PAIR)
		return false;
	for (uint32_t i = 0; i < p->nr; i++)
		p->state[i] &= (uint8_t)~PAIR_SEEN;
	used = pairs_above(p, pair, PAIR_SEEN, true);
	p->nr_todo = 0;
	return used;
}
