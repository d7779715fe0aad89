// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explaining a module: the split BTF that the deduplication made is read again, over
 * the same base, so that what stayed is just the types it has.
 *
 *	facing.c	1. each of them, and the base's that it could have become
 *	differ.c	   what two such types say differently themselves
 *	stay.c		2. what keeps each of them there
 *	blame.c		3. who waits for whom, and what that costs
 *	describe.c	4. in words; ctype.c: a type as C declares it
 *	query.c		5. one type of the module
 *
 * All memory is in an arena that is reset before the next module.
 */
#include "merge/explain/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge/explain/inside.h"

struct explain *explain_new(void)
{
	return calloc(1, sizeof(struct explain));
}

void explain_free(struct explain *e)
{
	if (!e)
		return;
	arena_free(&e->arena);
	free(e);
}

const char *explain_kind_name(enum explain_kind kind)
{
	switch (kind) {
	case EXPLAIN_LAYOUT:
		return "layout";
	case EXPLAIN_ENCODER:
		return "encoder";
	case EXPLAIN_FWD:
		return "declared";
	case EXPLAIN_AMBIGUOUS:
		return "ambiguous";
	case EXPLAIN_UNDECIDED:
		return "undecided";
	}
	return "unknown";
}

int explain_graph(struct graph *g, struct arena *arena, const struct base *base, const void *blob,
		  size_t len, struct diag *diag)
{
	int err = blob_read(&g->in, arena, base, blob, len, diag);

	if (err)
		return err;
	graph_init(g, arena, base);
	names_init(&g->names, arena, base, &g->in);
	return blob_settle(&g->in, &g->names, arena_array(arena, uint32_t, g->in.nr_words), diag);
}

static void add_count(struct explain_count *c, uint32_t bytes)
{
	c->types++;
	c->bytes += bytes;
}

static void count_all(const struct explain *e, struct explain_result *res)
{
	const struct blob *in = &e->g.in;

	for (uint32_t i = 0; i < in->nr_types; i++) {
		uint32_t bytes = (in->at[i + 1] - in->at[i]) * 4;

		add_count(&res->all, bytes);
		if (e->stay[i].why == STAY_NEVER)
			add_count(&res->never, bytes);
		else if (e->stay[i].why == STAY_NEW)
			add_count(&res->fresh, bytes);
		else
			add_count(&res->blocked, bytes);
	}
}

/* ---- the causes ---- */

static struct describe describe_of(struct explain *e)
{
	return (struct describe){&e->arena, &e->facing, e->stay};
}

static void name_cause(struct explain *e, uint32_t root, struct explain_cause *c)
{
	const struct describe d = describe_of(e);
	uint32_t node = e->blame.node_of[root], own;

	if (node < e->facing.nr) {
		c->type = describe_type(&d, e->facing.face[node].x);
		c->base_id = e->facing.face[node].y;
		c->what = describe_root(&d, node, &c->kind);
		return;
	}
	own = node - e->facing.nr;
	c->type = describe_type(&d, e->g.first_own + own);
	c->base_id = e->stay[own].base;
	c->what = describe_stay(&d, own, &c->kind);
}

/* By root the pair of the largest type that has its shortest way there, or FACING_NONE. */
static uint32_t *largest_pairs(struct explain *e)
{
	const struct facing *f = &e->facing;
	const struct blob *in = &e->g.in;
	uint32_t nr = e->blame.nr_roots;
	uint32_t *pair = arena_array(&e->arena, uint32_t, nr);
	uint32_t *words = arena_zarray(&e->arena, uint32_t, nr);

	memset(pair, 0xff, nr * sizeof(*pair));
	for (uint32_t i = 0; i < in->nr_types; i++) {
		uint32_t root, nr_words = in->at[i + 1] - in->at[i];

		if (e->stay[i].why != STAY_PAIR || !unit_is(blob_type(in, i)) ||
		    f->flags[e->stay[i].pair] & FACE_ROOT)
			continue;
		root = e->blame.root_of[f->root[e->stay[i].pair]];
		if (words[root] >= nr_words)
			continue;
		words[root] = nr_words;
		pair[root] = e->stay[i].pair;
	}
	return pair;
}

static uint32_t bytes_of_x(const struct explain *e, uint32_t pair)
{
	uint32_t own = e->facing.face[pair].x - e->g.first_own;

	return (e->g.in.at[own + 1] - e->g.in.at[own]) * 4;
}

static int by_cost(const void *a, const void *b, void *arg)
{
	const struct explain_cause *causes = arg;
	const struct explain_cause *x = &causes[*(const uint32_t *)a];
	const struct explain_cause *y = &causes[*(const uint32_t *)b];
	int cmp;

	if (x->involved.bytes != y->involved.bytes)
		return x->involved.bytes < y->involved.bytes ? 1 : -1;
	if (x->alone.bytes != y->alone.bytes)
		return x->alone.bytes < y->alone.bytes ? 1 : -1;
	cmp = strcmp(x->what, y->what);
	if (cmp)
		return cmp;
	return *(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1;
}

static void cost_causes(struct explain *e, struct explain_cause *causes)
{
	uint32_t nr = e->blame.nr_roots;
	struct explain_count *alone = arena_zarray(&e->arena, struct explain_count, nr);
	struct explain_count *involved = arena_zarray(&e->arena, struct explain_count, nr);

	blame_alone(&e->blame, alone);
	blame_involved(&e->blame, alone, involved);
	for (uint32_t r = 0; r < nr; r++) {
		causes[r].alone = alone[r];
		causes[r].involved = involved[r];
	}
}

/* @nr_causes: how many causes there are; roots behind them nothing waits for. */
static void last_in_order(struct explain *e, const uint32_t *rank, uint32_t nr_causes,
			  uint64_t *last)
{
	uint32_t nr = e->blame.nr_roots;
	uint32_t *by_root = arena_array(&e->arena, uint32_t, nr);
	uint64_t *bytes = arena_zarray(&e->arena, uint64_t, nr);

	for (uint32_t i = 0; i < nr; i++)
		by_root[e->root[i]] = rank && i < nr_causes ? rank[i] : i;
	blame_last(&e->blame, by_root, bytes);
	for (uint32_t i = 0; i < nr_causes; i++)
		last[i] = bytes[e->root[i]];
}

/* Fills in the causes in their order; e->root becomes the root of each. */
static void find_causes(struct explain *e, struct explain_result *res)
{
	const struct describe d = describe_of(e);
	uint32_t nr = e->blame.nr_roots;
	struct explain_cause *raw = arena_zarray(&e->arena, struct explain_cause, nr);
	uint32_t *largest = largest_pairs(e);
	uint64_t *last = arena_array(&e->arena, uint64_t, nr);

	res->causes = arena_array(&e->arena, struct explain_cause, nr);
	e->root = arena_array(&e->arena, uint32_t, nr);
	cost_causes(e, raw);
	for (uint32_t r = 0; r < nr; r++) {
		enum explain_kind same;

		name_cause(e, r, &raw[r]);
		raw[r].path = raw[r].what;
		if (largest[r] != FACING_NONE) {
			raw[r].path = describe_way(&d, largest[r], &same);
			raw[r].path_bytes = bytes_of_x(e, largest[r]);
		}
		e->root[r] = r;
	}
	qsort_r(e->root, nr, sizeof(*e->root), by_cost, raw);
	/* The other candidates of what has several: they come last. */
	while (res->nr_causes < nr && raw[e->root[res->nr_causes]].involved.types)
		res->nr_causes++;
	e->nr_causes = res->nr_causes;
	last_in_order(e, NULL, res->nr_causes, last);
	for (uint32_t i = 0; i < res->nr_causes; i++) {
		res->causes[i] = raw[e->root[i]];
		res->causes[i].last = last[i];
	}
}

static int make(struct explain *e, const struct explain_base *index,
		const struct dedup_result *dedup, struct explain_result *res, struct diag *diag)
{
	int err;

	if (arena_guard(&e->arena))
		return diag_fail(diag, -ENOMEM, "no memory to explain it");
	err = explain_graph(&e->g, &e->arena, index->base, dedup->split, dedup->split_bytes, diag);
	if (err)
		return err;
	facing_make(&e->facing, &e->arena, &e->g, index);
	e->stay = stay_find(&e->facing);
	blame_make(&e->blame, &e->facing, e->stay);
	count_all(e, res);
	find_causes(e, res);
	return 0;
}

int explain_module(struct explain *e, const struct explain_base *index,
		   const struct dedup_result *dedup, struct explain_result *res, struct diag *diag)
{
	arena_reset(&e->arena);
	memset(res, 0, sizeof(*res));
	return make(e, index, dedup, res, diag);
}

int explain_last(struct explain *e, const uint32_t *rank, uint64_t *last)
{
	if (arena_guard(&e->arena))
		return -ENOMEM;
	last_in_order(e, rank, e->nr_causes, last);
	return 0;
}
