// SPDX-License-Identifier: GPL-2.0-only
#include "merge/explain/blame.h"

#include <stdlib.h>
#include <string.h>

#define MANY (FACING_NONE - 1)

/* ---- what a node waits for ---- */

/* The nodes that one waits for, one after the other. */
struct waits {
	const struct blame *b;
	uint32_t only; /* a node, or FACING_NONE */
	uint32_t edge, end;
	const uint32_t *type; /* its references are walked */
	struct btf_walk refs;
};

static struct waits waits_begin(const struct blame *b, uint32_t node)
{
	struct waits w = {.b = b, .only = FACING_NONE};
	const struct facing *f = b->f;
	const struct stay *s;

	if (node < f->nr) {
		w.edge = f->first[node];
		w.end = f->flags[node] & FACE_DEAD ? f->first[node + 1] : w.edge;
		return w;
	}
	s = &b->stay[node - f->nr];
	if (s->why == STAY_PAIR)
		w.only = s->pair;
	if (s->why == STAY_REFS) {
		w.type = blob_type(&f->g->in, node - f->nr);
		w.refs = btf_walk_refs(w.type, &btf_kinds[btf_kind_of(w.type)]);
	}
	return w;
}

/* The next; FACING_NONE: that was all. */
static uint32_t waits_next(struct waits *w)
{
	const struct facing *f = w->b->f;
	uint32_t node = w->only;

	w->only = FACING_NONE;
	if (node != FACING_NONE)
		return node;
	while (w->edge < w->end) {
		node = f->edge[w->edge++].to;
		if (f->flags[node] & FACE_DEAD)
			return node;
	}
	while (w->type && w->refs.left) {
		uint32_t gid = graph_ref(f->g, w->type[w->refs.at]);

		btf_walk_on(&w->refs);
		if (graph_is_own(f->g, gid))
			return blame_type(w->b, gid - f->g->first_own);
	}
	return FACING_NONE;
}

static bool is_root(const struct blame *b, uint32_t node)
{
	uint8_t why;

	if (node < b->f->nr)
		return b->f->flags[node] & FACE_ROOT;
	why = b->stay[node - b->f->nr].why;
	return why == STAY_FWD || why == STAY_TAG || why == STAY_UNDECIDED;
}

/* ---- the rings: Tarjan's algorithm, with a stack of its own ---- */

struct tarjan {
	struct blame *b;
	uint32_t *index; /* by node: when it was met, from 1; 0: not yet */
	uint32_t *low;
	uint32_t *open; /* nodes whose ring is not complete */
	uint32_t nr_open, met, nr_order;
	struct waits *path;
	uint32_t *at; /* by place of the path: its node */
	uint32_t depth;
};

static void descend(struct tarjan *t, uint32_t node)
{
	t->index[node] = t->low[node] = ++t->met;
	t->open[t->nr_open++] = node;
	t->at[t->depth] = node;
	t->path[t->depth++] = waits_begin(t->b, node);
}

/* The node on top has been walked: does it close a ring? */
static void ascend(struct tarjan *t)
{
	struct blame *b = t->b;
	uint32_t node = t->at[--t->depth], other;

	if (t->depth && t->low[node] < t->low[t->at[t->depth - 1]])
		t->low[t->at[t->depth - 1]] = t->low[node];
	if (t->low[node] != t->index[node])
		return;
	do {
		other = t->open[--t->nr_open];
		b->ring[other] = b->nr_rings;
		b->order[t->nr_order++] = other;
	} while (other != node);
	b->nr_rings++;
}

static void walk_from(struct tarjan *t, uint32_t node)
{
	descend(t, node);
	while (t->depth) {
		uint32_t top = t->at[t->depth - 1], next = waits_next(&t->path[t->depth - 1]);

		if (next == FACING_NONE)
			ascend(t);
		else if (!t->index[next])
			descend(t, next);
		else if (t->b->ring[next] == FACING_NONE && t->index[next] < t->low[top])
			t->low[top] = t->index[next];
	}
}

static void find_rings(struct blame *b, struct arena *arena)
{
	uint32_t n = b->nr_nodes;
	struct tarjan t = {
		.b = b,
		.index = arena_zarray(arena, uint32_t, n),
		.low = arena_array(arena, uint32_t, n),
		.open = arena_array(arena, uint32_t, n),
		.path = arena_array(arena, struct waits, n),
		.at = arena_array(arena, uint32_t, n),
	};

	for (uint32_t node = 0; node < n; node++)
		if (!t.index[node])
			walk_from(&t, node);
}

void blame_make(struct blame *b, struct facing *f, const struct stay *stay)
{
	uint32_t n = f->nr + f->g->in.nr_types;

	*b = (struct blame){.f = f, .stay = stay, .nr_nodes = n};
	b->order = arena_array(f->arena, uint32_t, n);
	b->ring = arena_array(f->arena, uint32_t, n);
	b->root_of = arena_array(f->arena, uint32_t, n);
	b->node_of = arena_array(f->arena, uint32_t, n);
	for (uint32_t node = 0; node < n; node++) {
		b->ring[node] = b->root_of[node] = FACING_NONE;
		if (!is_root(b, node))
			continue;
		b->root_of[node] = b->nr_roots;
		b->node_of[b->nr_roots++] = node;
	}
	/* A part that differs waits for the difference of its unit, though not for all that
	 * this waits for. */
	for (uint32_t i = 0; i < f->g->in.nr_types; i++)
		if (stay[i].why == STAY_PAIR && f->flags[stay[i].pair] & FACE_PART)
			b->root_of[blame_type(b, i)] = b->root_of[f->root[stay[i].pair]];
	find_rings(b, f->arena);
}

/* ---- sums over them ---- */

static void count(const struct blame *b, uint32_t i, struct explain_count *c)
{
	const struct blob *in = &b->f->g->in;

	c->types++;
	c->bytes += (in->at[i + 1] - in->at[i]) * 4;
}

/*
 * Goes through the nodes in their order; what a ring sums up to is made of its nodes' own
 * roots and of the rings that they wait for, which are complete.
 */
static void sum_up(const struct blame *b, uint32_t *sum, const uint32_t *own,
		   uint32_t (*add)(uint32_t a, uint32_t b))
{
	for (uint32_t i = 0; i < b->nr_rings; i++)
		sum[i] = FACING_NONE;
	for (uint32_t i = 0; i < b->nr_nodes; i++) {
		uint32_t node = b->order[i], *s = &sum[b->ring[node]], next;
		struct waits w = waits_begin(b, node);

		if (b->root_of[node] != FACING_NONE)
			*s = add(*s, own ? own[b->root_of[node]] : b->root_of[node]);
		while ((next = waits_next(&w)) != FACING_NONE)
			*s = add(*s, sum[b->ring[next]]);
	}
}

static uint32_t this_one_or_many(uint32_t a, uint32_t b)
{
	if (a == FACING_NONE || a == b)
		return b;
	return b == FACING_NONE ? a : MANY;
}

void blame_alone(const struct blame *b, struct explain_count *alone)
{
	struct arena_mark mark = arena_mark(b->f->arena);
	uint32_t *sum = arena_array(b->f->arena, uint32_t, b->nr_rings);

	sum_up(b, sum, NULL, this_one_or_many);
	for (uint32_t i = 0; i < b->f->g->in.nr_types; i++) {
		uint32_t root = sum[b->ring[blame_type(b, i)]];

		if (root != FACING_NONE && root != MANY)
			count(b, i, &alone[root]);
	}
	arena_release(b->f->arena, mark);
}

/* FACING_NONE, which comes last as a number, is before all of them. */
static uint32_t later(uint32_t a, uint32_t b)
{
	return a + 1 > b + 1 ? a : b;
}

void blame_last(const struct blame *b, const uint32_t *rank, uint64_t *bytes)
{
	struct arena_mark mark = arena_mark(b->f->arena);
	uint32_t *sum = arena_array(b->f->arena, uint32_t, b->nr_rings);
	uint32_t *root = arena_array(b->f->arena, uint32_t, b->nr_roots);
	const struct blob *in = &b->f->g->in;

	for (uint32_t r = 0; r < b->nr_roots; r++)
		root[rank[r]] = r;
	sum_up(b, sum, rank, later);
	for (uint32_t i = 0; i < in->nr_types; i++) {
		uint32_t last = sum[b->ring[blame_type(b, i)]];

		if (last != FACING_NONE)
			bytes[root[last]] += (in->at[i + 1] - in->at[i]) * 4;
	}
	arena_release(b->f->arena, mark);
}

/* Of the 64 roots @these, by ring a bit for each that it waits for. */
static void involve(const struct blame *b, const uint32_t *these, uint32_t nr, uint64_t *bits,
		    uint8_t *place, struct explain_count *involved)
{
	memset(bits, 0, b->nr_rings * sizeof(*bits));
	for (uint32_t i = 0; i < nr; i++)
		place[these[i]] = (uint8_t)(i + 1);
	for (uint32_t i = 0; i < b->nr_nodes; i++) {
		uint32_t node = b->order[i], root = b->root_of[node], next;
		uint64_t *s = &bits[b->ring[node]];
		struct waits w = waits_begin(b, node);

		if (root != FACING_NONE && place[root])
			*s |= 1ull << (place[root] - 1);
		while ((next = waits_next(&w)) != FACING_NONE)
			*s |= bits[b->ring[next]];
	}
	for (uint32_t i = 0; i < b->f->g->in.nr_types; i++)
		for (uint64_t m = bits[b->ring[blame_type(b, i)]]; m; m &= m - 1)
			count(b, i, &involved[these[__builtin_ctzll(m)]]);
	for (uint32_t i = 0; i < nr; i++)
		place[these[i]] = 0;
}

static int by_bytes(const void *a, const void *b, void *arg)
{
	const struct explain_count *alone = arg;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (alone[x].bytes != alone[y].bytes)
		return alone[x].bytes < alone[y].bytes ? 1 : -1;
	return x < y ? -1 : x > y;
}

void blame_involved(const struct blame *b, const struct explain_count *alone,
		    struct explain_count *involved)
{
	struct arena *arena = b->f->arena;
	struct arena_mark mark = arena_mark(arena);
	uint32_t *roots = arena_array(arena, uint32_t, b->nr_roots), n = b->nr_roots;
	uint64_t *bits = arena_array(arena, uint64_t, b->nr_rings);
	uint8_t *place = arena_zarray(arena, uint8_t, b->nr_roots);

	for (uint32_t r = 0; r < n; r++)
		roots[r] = r;
	if (n > BLAME_INVOLVED_MAX) {
		qsort_r(roots, n, sizeof(*roots), by_bytes, (void *)alone);
		for (uint32_t i = BLAME_INVOLVED_MAX; i < n; i++)
			involved[roots[i]] = alone[roots[i]];
		n = BLAME_INVOLVED_MAX;
	}
	for (uint32_t i = 0; i < n; i += 64)
		involve(b, roots + i, n - i < 64 ? n - i : 64, bits, place, involved);
	arena_release(arena, mark);
}

void blame_roots(const struct blame *b, uint32_t node, uint8_t *roots)
{
	struct arena *arena = b->f->arena;
	struct arena_mark mark = arena_mark(arena);
	uint8_t *met = arena_zarray(arena, uint8_t, b->nr_nodes);
	uint32_t *list = arena_array(arena, uint32_t, b->nr_nodes), nr = 0, next;

	met[node] = 1;
	list[nr++] = node;
	for (uint32_t i = 0; i < nr; i++) {
		struct waits w = waits_begin(b, list[i]);

		if (b->root_of[list[i]] != FACING_NONE)
			roots[b->root_of[list[i]]] = 1;
		while ((next = waits_next(&w)) != FACING_NONE) {
			if (met[next])
				continue;
			met[next] = 1;
			list[nr++] = next;
		}
	}
	arena_release(arena, mark);
}

void blame_waiting(const struct blame *b, uint32_t own, uint8_t *rings)
{
	uint32_t gid = b->f->g->first_own + own;

	for (uint32_t i = 0; i < b->nr_nodes; i++) {
		uint32_t node = b->order[i], next;
		uint8_t *s = &rings[b->ring[node]];
		struct waits w = waits_begin(b, node);

		if (node == blame_type(b, own) || (node < b->f->nr && b->f->face[node].x == gid))
			*s = 1;
		while ((next = waits_next(&w)) != FACING_NONE)
			*s |= rings[b->ring[next]];
	}
}
