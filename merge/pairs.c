// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/pairs.h"

#include <string.h>
#include <xxhash.h>

#define NO_PAIR UINT32_MAX

/*
 * A hostile module could pair each of its types with each of the base's.
 * Beyond this many a pair counts as refuted, which costs bytes, not truth.
 * Modules of a Debian kernel stay below 1.03 pairs a type.
 */
#define PAIRS_PER_TYPE_MAX 8
#define PAIRS_ALWAYS (1u << 16)

static void list_room(struct graph *g, struct pair_list *l)
{
	uint32_t cap = l->cap ? l->cap * 2 : 256;

	l->pair = arena_grow(g->arena, l->pair, l->nr * sizeof(*l->pair), cap * sizeof(*l->pair));
	l->cap = cap;
}

static inline void list_add(struct graph *g, struct pair_list *l, uint32_t pair)
{
	if (l->nr == l->cap)
		list_room(g, l);
	l->pair[l->nr++] = pair;
}

void pairs_init(struct pairs *p, struct graph *g, enum pair_mode mode)
{
	uint32_t n = g->in.nr_types;

	memset(p, 0, sizeof(*p));
	p->g = g;
	p->mode = mode;
	p->nr = n;
	p->cap = n + 64;
	p->y = arena_array(g->arena, uint32_t, p->cap + 1) + 1;
	p->y[-1] = 0;
	p->x = arena_array(g->arena, uint32_t, p->cap - n);
	p->state = arena_array(g->arena, uint8_t, p->cap);
	memset(p->y, 0xff, n * sizeof(*p->y));
	memset(p->state, 0, n);
	htab_init(&p->more, g->arena, 16);
	p->order.cap = n + 64;
	p->order.pair = arena_array(g->arena, uint32_t, p->order.cap);
}

static void pairs_room(struct pairs *p)
{
	struct arena *a = p->g->arena;
	uint32_t old = p->cap, n = p->g->in.nr_types;

	if (p->nr < p->cap)
		return;
	p->cap *= 2;
	p->y = arena_grow(a, p->y, old * sizeof(*p->y), p->cap * sizeof(*p->y));
	p->x = arena_grow(a, p->x, (old - n) * sizeof(*p->x), (p->cap - n) * sizeof(*p->x));
	p->state = arena_grow(a, p->state, old, p->cap);
}

static uint32_t pair_own(const struct pairs *p, uint32_t pair)
{
	uint32_t n = p->g->in.nr_types;

	return pair < n ? pair : p->x[pair - n];
}

/* The y of a pair, refuted or not. */
static uint32_t pair_y(const struct pairs *p, uint32_t pair)
{
	return p->y[pair] & ~PAIR_Y_DEAD;
}

static uint32_t pair_hash(uint32_t own, uint32_t y)
{
	uint32_t key[2] = {own, y};

	return (uint32_t)XXH3_64bits(key, sizeof(key));
}

static uint32_t pair_find(const struct pairs *p, uint32_t own, uint32_t y)
{
	if (pair_y(p, own) == y)
		return own;
	if (!p->more.used)
		return NO_PAIR;
	HTAB_FOR_EACH(&p->more, pair_hash(own, y), it) {
		if (pair_own(p, it.val) == own && pair_y(p, it.val) == y)
			return it.val;
	}
	return NO_PAIR;
}

/* A new pair, not looked at; NO_PAIR when there are too many. */
static uint32_t pair_add(struct pairs *p, uint32_t own, uint32_t y)
{
	uint32_t n = p->g->in.nr_types, pair = own;

	if (p->y[own] != PAIR_Y_NONE) {
		if (p->nr - n > PAIRS_ALWAYS && (p->nr - n) / PAIRS_PER_TYPE_MAX > n) {
			p->limited = true;
			return NO_PAIR;
		}
		pairs_room(p);
		pair = p->nr++;
		p->x[pair - n] = own;
		htab_add(&p->more, pair_hash(own, y), pair);
	}
	p->y[pair] = y;
	p->state[pair] = 0;
	return pair;
}

static void pair_mark_dead(struct pairs *p, uint32_t pair)
{
	p->state[pair] |= PAIR_DEAD;
	p->y[pair] |= PAIR_Y_DEAD;
}

/* Those that depend on @pair, which is refuted, are yet to be told. */
static void dead_add(struct pairs *p, uint32_t pair)
{
	p->nr_killed++;
	list_add(p->g, &p->dead, pair);
}

static void pair_kill(struct pairs *p, uint32_t pair)
{
	if (p->state[pair] & PAIR_DEAD)
		return;
	pair_mark_dead(p, pair);
	dead_add(p, pair);
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

/* Looks at a pair that refers to nothing. */
static void leaf_look(struct pairs *p, uint32_t pair, uint32_t own, uint32_t y)
{
	struct graph *g = p->g;
	const uint32_t *tx = blob_type(&g->in, own), *ty = graph_type(g, y);

	if (p->mode == PAIRS_WITH_BASE && relaxed(tx, ty) && tx[BTF_NAME] == ty[BTF_NAME])
		p->state[pair] |= PAIR_RELAXED;
	else if (!graph_same_shape(tx, ty))
		pair_mark_dead(p, pair);
}

/* Leaves a new pair for later, and asks for what it will have to read. */
static inline void put_off(struct pairs *p, uint32_t pair, uint32_t own, uint32_t y)
{
	__builtin_prefetch(blob_type(&p->g->in, own));
	__builtin_prefetch(graph_type(p->g, y));
	list_add(p->g, &p->order, pair);
}

/* Looks at a new pair without those it refers to, or puts it off. */
static void pair_look(struct pairs *p, uint32_t pair, uint32_t own, uint32_t y)
{
	uint32_t kind = blob_kind(&p->g->in, own);

	if (pairs_is_leaf(kind) || kind != graph_kind(p->g, y))
		leaf_look(p, pair, own, y);
	else if (btf_kind_stays(kind))
		pair_mark_dead(p, pair);
	else
		put_off(p, pair, own, y);
}

/* The pair (@x, @y), new or known; NO_PAIR when it is refuted out of hand. */
static uint32_t pair_get(struct pairs *p, uint32_t x, uint32_t y)
{
	uint32_t own = x - p->g->first_own, pair = pair_find(p, own, y);

	if (pair == NO_PAIR) {
		pair = pair_add(p, own, y);
		if (pair != NO_PAIR)
			pair_look(p, pair, own, y);
	}
	return pair;
}

/* ---- what they refer to ---- */

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
	if (pairs_is_leaf(btf_kind_of(tx)) || btf_kind_is_composite(btf_kind_of(tx)) ||
	    btf_nr_elems(tx) > BASE_STEPS || !graph_same_shape(tx, ty))
		return false;
	same = true;
	btf_for_each_ref(tx, k, w)
		same = same && base_same(p, *w, ty[w - tx], steps);
	return same;
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

/* What decides whether a reference to x may stand opposite one to y. */
enum opposite {
	OPPOSITE_SAME,
	OPPOSITE_DIFFERENT,
	OPPOSITE_IN_BASE, /* base_same() */
	OPPOSITE_PAIR,    /* the pair (x, y) */
};

/* Replaces *@x and *@y, as gids, by what they mean. */
static enum opposite opposite(const struct pairs *p, uint32_t *x, uint32_t *y)
{
	const struct graph *g = p->g;
	uint32_t swap;

	*x = pair_target(p, *x);
	*y = pair_target(p, *y);
	if (*x == *y)
		return OPPOSITE_SAME;
	/* Among own types two whose images are known are the same if they are one. */
	if (!*x || !*y || (p->mode == PAIRS_AMONG_OWN && graph_image(g, *x) && graph_image(g, *y)))
		return OPPOSITE_DIFFERENT;
	if (graph_is_own(g, *x))
		return OPPOSITE_PAIR;
	if (!graph_is_own(g, *y))
		return OPPOSITE_IN_BASE;
	swap = *x;
	*x = *y;
	*y = swap;
	return OPPOSITE_PAIR;
}

/* The pair @parent refers to @x where its other side refers to @y. False refutes it. */
static bool child_holds(struct pairs *p, uint32_t parent, uint32_t x, uint32_t y)
{
	uint32_t pair;

	switch (opposite(p, &x, &y)) {
	case OPPOSITE_SAME:
		return true;
	case OPPOSITE_DIFFERENT:
		return false;
	case OPPOSITE_IN_BASE:
		p->state[parent] |= PAIR_LOOSE;
		return base_same(p, x, y, &(uint32_t){BASE_STEPS});
	default:
		pair = pair_get(p, x, y);
		return pair != NO_PAIR && !(p->state[pair] & PAIR_DEAD);
	}
}

static bool ref_holds(struct pairs *p, uint32_t parent, uint32_t x, uint32_t y, bool y_own)
{
	return child_holds(p, parent, graph_ref(p->g, x), y_own ? graph_ref(p->g, y) : y);
}

static bool refs_hold(struct pairs *p, uint32_t pair, const uint32_t *tx, const uint32_t *ty,
		      bool y_own)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	const uint32_t *w;

	btf_for_each_ref(tx, k, w)
		if (!ref_holds(p, pair, *w, ty[w - tx], y_own))
			return false;
	return true;
}

static bool pair_examine(struct pairs *p, uint32_t pair)
{
	struct graph *g = p->g;
	uint32_t y = pair_y(p, pair);
	const uint32_t *tx = blob_type(&g->in, pair_own(p, pair)), *ty = graph_type(g, y);
	bool y_own = graph_is_own(g, y);

	return graph_same_shape(tx, ty) && refs_hold(p, pair, tx, ty, y_own);
}

/*
 * ---- the same for what most pairs are: a struct, a prototype, a pointer against the
 * base's, and what these refer to is known, or an own type met for the first time ----
 */

/* Would pair_look() put off the pair of own type @own and the base's @y? */
static inline bool is_put_off(const struct graph *g, uint32_t own, uint32_t y)
{
	uint32_t kind = blob_kind(&g->in, own);

	/* The base's void is of a kind that no own type has. */
	return kind == base_kind(g->base, y) && !pairs_is_leaf(kind) && !btf_kind_stays(kind);
}

/* What own type word @x refers to, opposite the base's @y: met for the first time, or what
 * takes more to tell. */
static __attribute__((noinline)) bool new_ref_holds(struct pairs *p, uint32_t parent, uint32_t x,
						    uint32_t y)
{
	const struct graph *g = p->g;
	uint32_t own = x - g->in.first_id;

	if (own >= g->in.nr_types || p->y[own] != PAIR_Y_NONE || (g->decl && g->decl[own]) ||
	    !is_put_off(g, own, y))
		return ref_holds(p, parent, x, y, false);
	p->y[own] = y;
	put_off(p, own, own, y);
	return true;
}

/*
 * Do the references hold at @x and @y and each @step words further, @n of them? Of members and
 * parameters (@step 3 and 2) the word before each has to be the same too, a name, and of
 * members that behind it. One loop for all: how many there are is anyone's guess, and where
 * a loop ends a wrong one.
 */
static inline bool quick_hold(struct pairs *p, uint32_t parent, const uint32_t *x,
			      const uint32_t *y, uint32_t n, uint32_t step)
{
	uint32_t first = p->g->in.first_id, nr_types = p->g->in.nr_types;
	const uint32_t *pair_y = p->y;

	for (; n; n--, x += step, y += step) {
		uint32_t own = *x - first;

		if (step > 1 && x[-1] != y[-1])
			return false;
		if (step > 2 && x[1] != y[1])
			return false;
		/* What is not its own, void or the base's, stands for itself. */
		if (own < nr_types ? pair_y[own] == *y : *x == *y)
			continue;
		if (!new_ref_holds(p, parent, *x, *y))
			return false;
		pair_y = p->y; /* it may have grown */
	}
	return true;
}

static bool pair_quick_examine(struct pairs *p, uint32_t pair)
{
	const struct graph *g = p->g;
	uint32_t own = pair_own(p, pair), vlen;
	const uint32_t *tx = blob_type(&g->in, own), *ty = base_type(g->base, pair_y(p, pair));

	if (tx[BTF_NAME] != ty[BTF_NAME] || tx[BTF_INFO] != ty[BTF_INFO])
		return false;
	vlen = btf_word_vlen(tx[BTF_INFO]);
	if (btf_kind_is_of_one_ref(btf_kind_of(tx)))
		return quick_hold(p, pair, tx + BTF_SIZE, ty + BTF_SIZE, 1, 1);
	switch (btf_kind_of(tx)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return tx[BTF_SIZE] == ty[BTF_SIZE] &&
		       quick_hold(p, pair, tx + BTF_HEAD + 1, ty + BTF_HEAD + 1, vlen, 3);
	case BTF_KIND_FUNC_PROTO:
		return quick_hold(p, pair, tx + BTF_SIZE, ty + BTF_SIZE, 1, 1) &&
		       quick_hold(p, pair, tx + BTF_HEAD + 1, ty + BTF_HEAD + 1, vlen, 2);
	case BTF_KIND_ARRAY:
		return tx[BTF_SIZE] == ty[BTF_SIZE] && tx[BTF_HEAD + 2] == ty[BTF_HEAD + 2] &&
		       quick_hold(p, pair, tx + BTF_HEAD, ty + BTF_HEAD, 2, 1);
	default:
		return pair_examine(p, pair);
	}
}

/* ---- who depends on whom ---- */

void pairs_more_edges(struct pairs *p)
{
	p->edge = arena_grow(p->g->arena, p->edge, p->nr_edges * sizeof(*p->edge),
			     p->nr_edges * 2 * sizeof(*p->edge));
	p->cap_edges *= 2;
}

static void edges_room(struct pairs *p)
{
	struct arena *a = p->g->arena;
	uint32_t *edges;

	if (!p->edge) {
		p->cap_edges = p->g->in.nr_types + 256;
		p->edge = arena_array(a, struct pair_edge, p->cap_edges);
		p->nr_edges = 1; /* 0 ends a list */
	}
	if (p->cap_linked >= p->nr)
		return;
	edges = arena_array(a, uint32_t, p->cap + 1) + 1;
	edges[-1] = 0;
	if (p->cap_linked)
		memcpy(edges, p->edges, p->cap_linked * sizeof(*edges));
	memset(edges + p->cap_linked, 0, (p->cap - p->cap_linked) * sizeof(*edges));
	p->edges = edges;
	p->cap_linked = p->cap;
}

void pairs_note_begin(struct pairs *p)
{
	edges_room(p);
}

void pairs_note_back(struct pairs *p, uint32_t own, uint32_t edges)
{
	const struct blob *in = &p->g->in;
	const uint32_t *type = blob_type(in, own), *w;
	const struct btf_kind *k = &btf_kinds[blob_kind(in, own)];
	uint32_t left = p->nr_edges - edges;

	if (!left)
		return;
	/* These are the first of its references, which are in range. */
	btf_for_each_ref(type, k, w) {
		int64_t child = (int64_t)*w - 1;

		if (!left--)
			break;
		while (p->edges[child] >= edges)
			p->edges[child] = p->edge[p->edges[child]].next;
	}
	p->nr_edges = edges;
}

/* The pair that stands, or does not, for own type word @x opposite base or own type word
 * @y; NO_PAIR where no pair decides. */
static uint32_t child_pair(const struct pairs *p, uint32_t x, uint32_t y, bool y_own)
{
	const struct graph *g = p->g;
	uint32_t own = x - g->in.first_id, rx, ry;

	/* A type that something else is meant by has no pair. */
	if (!y_own && own < g->in.nr_types && pair_y(p, own) == y)
		return own;
	rx = graph_ref(g, x);
	ry = y_own ? graph_ref(g, y) : y;
	return opposite(p, &rx, &ry) == OPPOSITE_PAIR ? pair_find(p, rx - g->first_own, ry)
						      : NO_PAIR;
}

/* Is a pair refuted, or may it be yet, or is it relaxed? Those that refer to nothing are looked at
 * when they are made, or by who makes them. */
static bool may_change(const struct pairs *p, uint32_t pair)
{
	return p->state[pair] & (PAIR_DEAD | PAIR_RELAXED) ||
	       !pairs_is_leaf(blob_kind(&p->g->in, pair_own(p, pair)));
}

/* Enters @pair with those that it depends on, that may change and that to which it matters. */
static void pair_link(struct pairs *p, uint32_t pair)
{
	const struct graph *g = p->g;
	uint32_t y = pair_y(p, pair), own = pair_own(p, pair), child;
	const uint32_t *tx = blob_type(&g->in, own), *ty = graph_type(g, y), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	bool y_own = graph_is_own(g, y);

	p->state[pair] |= PAIR_LINKED;
	btf_for_each_ref(tx, k, w) {
		child = child_pair(p, *w, ty[w - tx], y_own);
		if (child != NO_PAIR && may_change(p, child))
			pairs_note(p, child, pair);
	}
}

/* Links the pairs from the @first in the order on that were looked at and stand. */
static void pairs_link(struct pairs *p, uint32_t first)
{
	edges_room(p);
	for (uint32_t i = first; i < p->looked; i++)
		if (!(p->state[p->order.pair[i]] & (PAIR_LINKED | PAIR_DEAD)))
			pair_link(p, p->order.pair[i]);
}

/* All of them: those that follow.c entered are not in the order. */
static void pairs_link_all(struct pairs *p)
{
	pairs_link(p, 0);
	for (uint32_t i = 0; i < p->g->in.nr_types; i++)
		if (!(p->state[i] & (PAIR_LINKED | PAIR_RELAXED)) && !(p->y[i] & PAIR_Y_DEAD) &&
		    !pairs_is_leaf(blob_kind(&p->g->in, i)))
			pair_link(p, i);
}

static void bury_linked(struct pairs *p)
{
	while (p->dead.nr)
		for (uint32_t e = p->edges[p->dead.pair[--p->dead.nr]]; e; e = p->edge[e].next)
			pair_kill(p, p->edge[e].parent);
}

/* ---- the same for a few: who depends on them is looked for ---- */

/* A look through all words for one type id; and pairs that are looked at again, by own type. As
 * much as linking is some thirty looks. */
#define SCANS_MAX 6
#define LOOKS_PER_TYPE 2

struct burying {
	struct pairs *p;
	uint32_t scans, looks; /* that are left */
};

static bool rests_on_dead(const struct pairs *p, uint32_t pair)
{
	const struct graph *g = p->g;
	const uint32_t *tx = blob_type(&g->in, pair_own(p, pair));
	const uint32_t *ty = base_type(g->base, pair_y(p, pair)), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];

	if (p->state[pair] & (PAIR_DEAD | PAIR_RELAXED))
		return false;
	btf_for_each_ref(tx, k, w) {
		uint32_t child = child_pair(p, *w, ty[w - tx], false);

		if (child != NO_PAIR && p->state[child] & PAIR_DEAD)
			return true;
	}
	return false;
}

/* Looks again at the pairs of own type @own; false when that was too often. */
static bool look_again(struct burying *b, uint32_t own)
{
	struct pairs *p = b->p;
	uint32_t n = p->g->in.nr_types, looks = p->nr - n + 1;

	if (b->looks < looks)
		return false;
	b->looks -= looks;
	if (pairs_is_leaf(blob_kind(&p->g->in, own)))
		return true;
	if (!(p->y[own] & PAIR_Y_DEAD) && rests_on_dead(p, own))
		pair_kill(p, own);
	for (uint32_t pair = n; pair < p->nr; pair++)
		if (p->x[pair - n] == own && rests_on_dead(p, pair))
			pair_kill(p, pair);
	return true;
}

/* The own type that word @word is of. */
static uint32_t type_of_word(const struct blob *in, uint32_t word)
{
	uint32_t low = 0, high = in->nr_types;

	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (in->at[mid] <= word)
			low = mid;
		else
			high = mid;
	}
	return low;
}

#define SCAN_WORDS 32u

/* Is any of SCAN_WORDS words @id? Without a branch and by a pointer, so that the compiler takes
 * several at once. */
static inline bool any_is(const uint32_t *words, uint32_t id)
{
	uint32_t hit = 0;

	for (uint32_t i = 0; i < SCAN_WORDS; i++)
		hit |= words[i] == id;
	return hit;
}

/* Looks again at whatever may refer to type id @id: it is one of its words. */
static bool scan_for(struct burying *b, uint32_t id)
{
	const struct blob *in = &b->p->g->in;
	uint32_t end;

	if (!b->scans)
		return false;
	b->scans--;
	for (uint32_t w = 0; w < in->nr_words; w = end) {
		end = in->nr_words - w < SCAN_WORDS ? in->nr_words : w + SCAN_WORDS;
		if (end - w == SCAN_WORDS && !any_is(in->words + w, id))
			continue;
		for (; w < end; w++)
			if (in->words[w] == id && !look_again(b, type_of_word(in, w)))
				return false;
	}
	return true;
}

/* Looks again at whatever depends on @dead, by way of a declaration or not; false when that
 * takes too much. */
static bool bury_one(struct burying *b, uint32_t dead)
{
	const struct graph *g = b->p->g;
	uint32_t gid = g->first_own + pair_own(b->p, dead);

	if (!scan_for(b, gid - g->shift))
		return false;
	for (uint32_t i = 0; g->decl && i < g->in.declaring.nr; i++) {
		uint32_t decl = g->first_own + g->in.declaring.type[i];

		if (decl != gid && pair_target(b->p, decl) == gid && !scan_for(b, decl - g->shift))
			return false;
	}
	return true;
}

/* Tells those that depend on what is refuted, whatever pairs they are. @many: it is not even tried
 * to look for them, as that would be given up in the end. */
static void bury_all(struct pairs *p, bool many)
{
	struct burying b = {p, SCANS_MAX, LOOKS_PER_TYPE * p->g->in.nr_types};

	while (!many && p->dead.nr && p->dead.nr <= b.scans) {
		uint32_t dead = p->dead.pair[--p->dead.nr];

		if (bury_one(&b, dead))
			continue;
		list_add(p->g, &p->dead, dead);
		break;
	}
	if (!p->dead.nr)
		return;
	pairs_link_all(p);
	bury_linked(p);
}

void pairs_refute(struct pairs *p, uint32_t own)
{
	pair_kill(p, own);
}

void pairs_look_at(struct pairs *p, uint32_t own)
{
	pair_look(p, own, own, pair_y(p, own));
	if (p->state[own] & PAIR_DEAD) /* others rest on it by now */
		dead_add(p, own);
}

static void look_at_order(struct pairs *p)
{
	while (p->looked < p->order.nr) {
		uint32_t pair = p->order.pair[p->looked++];

		if (p->mode == PAIRS_WITH_BASE ? !pair_quick_examine(p, pair)
					       : !pair_examine(p, pair))
			pair_kill(p, pair);
	}
}

bool pairs_finish(struct pairs *p, bool many)
{
	look_at_order(p);
	bury_all(p, many);
	return p->nr_killed > SCANS_MAX;
}

bool pairs_hold(struct pairs *p, uint32_t x, uint32_t y)
{
	uint32_t first = p->looked, root = pair_get(p, x, y);

	if (root == NO_PAIR)
		return false;
	look_at_order(p);
	/* What was looked at in earlier calls rests on nothing that this one met. */
	if (p->dead.nr) {
		pairs_link(p, first);
		bury_linked(p);
	}
	return !(p->state[root] & PAIR_DEAD);
}

/* Sets @mark on what stands and depends on @pair, itself included. Returns
 * true early at a struct or union that became its y. */
static bool pairs_above(struct pairs *p, uint32_t pair, uint8_t mark, bool find)
{
	struct graph *g = p->g;

	p->above.nr = 0;
	for (;;) {
		if (!(p->state[pair] & (mark | PAIR_DEAD))) {
			uint32_t own = pair_own(p, pair);

			p->state[pair] |= mark;
			if (find && g->image[own] == p->y[pair] &&
			    btf_kind_is_composite(blob_kind(&g->in, own)))
				return true;
			for (uint32_t e = p->edges[pair]; e; e = p->edge[e].next)
				list_add(g, &p->above, p->edge[e].parent);
		}
		if (!p->above.nr)
			return false;
		pair = p->above.pair[--p->above.nr];
	}
}

void pairs_taint(struct pairs *p)
{
	pairs_link_all(p);
	for (uint32_t i = 0; i < p->nr; i++)
		if (p->y[i] != PAIR_Y_NONE && (p->state[i] & (PAIR_RELAXED | PAIR_LOOSE)))
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

	if (pair == NO_PAIR)
		return false;
	pairs_link_all(p);
	for (uint32_t i = 0; i < p->nr; i++)
		p->state[i] &= (uint8_t)~PAIR_SEEN;
	return pairs_above(p, pair, PAIR_SEEN, true);
}
