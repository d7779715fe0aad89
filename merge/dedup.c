// SPDX-License-Identifier: GPL-2.0-only
#include "merge/dedup.h"

#include <errno.h>
#include <stdlib.h>

#include "merge/emit.h"
#include "merge/forwards.h"
#include "merge/passes.h"

/*
 * Where declarations are ambiguous, whole runs are tried; this bounds them.
 */
#define WAYS_MAX 8
#define TRIALS_MAX 32

struct dedup {
	struct arena arena;
	struct arena names; /* outlives the trials of a module */
};

struct dedup *dedup_new(void)
{
	return calloc(1, sizeof(struct dedup));
}

void dedup_free(struct dedup *d)
{
	if (!d)
		return;
	arena_free(&d->arena);
	arena_free(&d->names);
	free(d);
}

/* All passes, with the declarations meaning what g->alias says. */
static int run(struct graph *g, struct dedup_result *res, struct diag *diag)
{
	struct pairs with_base;
	int err;

	g->image = arena_zarray(g->arena, uint32_t, g->in.nr_types);
	htab_init(&g->own, g->arena, g->in.nr_types / 4);
	pairs_init(&with_base, g, PAIRS_WITH_BASE);
	pass_base(g, &with_base);
	pass_own(g);
	err = pass_rest(g, &with_base, diag);
	if (!err)
		emit(g, res);
	return err;
}

/*
 * Tries the other ways that declaration group @group could be meant, and leaves
 * the best. @bytes is the size of the way it is. Returns the trials made.
 */
static uint32_t try_ways(struct graph *g, struct forwards *f, uint32_t group, uint32_t *bytes)
{
	uint32_t ways[WAYS_MAX], nr = forwards_ways(f, group, ways, WAYS_MAX);
	uint32_t best = g->alias[f->group[group].first], trials = 0;
	struct dedup_result res;
	struct diag ignored;

	if (nr < 2)
		return 0;
	for (uint32_t i = 0; i < nr; i++) {
		struct arena_mark mark = arena_mark(g->arena);

		if (ways[i] == g->alias[f->group[group].first])
			continue;
		forwards_choose(f, group, ways[i]);
		trials++;
		if (!run(g, &res, &ignored) && res.split_bytes < *bytes) {
			*bytes = res.split_bytes;
			best = ways[i];
		}
		arena_release(g->arena, mark);
	}
	forwards_choose(f, group, best);
	return trials;
}

static int choose_and_run(struct graph *g, struct dedup_result *res, struct diag *diag)
{
	struct forwards f;
	uint32_t bytes, trials = 0;
	int err;

	forwards_find(&f, g);
	err = run(g, res, diag);
	if (err)
		return err;
	bytes = res->split_bytes;
	for (uint32_t i = 0; i < f.nr_groups && trials < TRIALS_MAX; i++)
		trials += try_ways(g, &f, i, &bytes);
	return trials ? run(g, res, diag) : 0;
}

static int dedup_guarded(struct dedup *d, const struct base *base, const void *data, size_t len,
			 struct dedup_result *res, struct diag *diag)
{
	struct graph g;
	int err;

	if (arena_guard(&d->arena) || arena_guard(&d->names))
		return diag_fail(diag, -ENOMEM, "no memory to deduplicate it");
	err = blob_read(&g.in, &d->arena, base, data, len, diag);
	if (err)
		return err;
	graph_init(&g, &d->arena, &d->names, base);
	return choose_and_run(&g, res, diag);
}

int dedup_module(struct dedup *d, const struct base *base, const void *blob, size_t len,
		 struct dedup_result *res, struct diag *diag)
{
	arena_reset(&d->arena);
	arena_reset(&d->names);
	return dedup_guarded(d, base, blob, len, res, diag);
}
