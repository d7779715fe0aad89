// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deduplicating a module: the story in short. docs/engine.md has the reasons.
 *
 * A module's types are a graph over the base's. We want to know which of them the
 * base has too, and which of the others are equal to each other:
 *
 *	base					module (standalone)
 *	[1] int					[1] struct foo { [2] list; [3] *x; }
 *	[2] struct list { [3] next; }		[2] struct list { [4] next; }
 *	[3] ptr -> [2]				[3] ptr -> [5]
 *						[4] ptr -> [2]
 *						[5] int
 *
 * The module's list, its pointer and int become the base's; foo and a pointer to
 * int stay, as [4] and [5] of a split BTF: struct foo { [2] list; [5] *x; }.
 *
 * That list and its pointer refer to each other makes it no harder: they are
 * assumed to be the same as the base's, and nothing refutes it. Every pass keeps
 * to this: pairs of types are assumed, refuted by their own words or by what they
 * rest on, and what is left at the end is true (pairs.h).
 *
 *	blob.c		1. is it BTF, and where is what?
 *	follow.c	2. is all of it in range? What its names are, as numbers, and
 *			   which of the base's types it has in the order of modules before
 *	forwards.c	3. declarations, and the definitions they may mean
 *	pass_base.c	4. structs and unions that the base has
 *	pass_forwards.c	5. declarations that the base can explain
 *	pass_own.c	6. structs and unions that are equal to each other
 *	pass_rest.c	7. everything else
 *	emit.c		8. what stays, in its order
 *
 * What is split already and would stay as it is, unchanged.c tells after 1. search.c
 * makes 4 to 8 again where the BTF leaves a choice. What holds between
 * passes: image[] says of a type what it becomes, or 0; once set, it stays. All
 * memory is in an arena (arena.h) that is reset before the next module.
 */
#include "merge/dedup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge/clock.h"
#include "merge/emit.h"
#include "merge/search.h"
#include "merge/unchanged.h"

struct dedup {
	struct arena arena;
	struct trail trail;
	bool spare_nothing;
	struct dedup_times times; /* of the module that it is at */
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
	trail_free(&d->trail);
	free(d);
}

void dedup_spare_nothing(struct dedup *d)
{
	d->spare_nothing = true;
}

static int one_round(struct dedup *d, const struct base *base, const void *data, size_t len,
		     struct dedup_result *res, bool *chosen, struct diag *diag)
{
	struct graph g;
	struct follow f;
	uint64_t start = clock_ns(), read, named;
	int err;

	err = blob_read(&g.in, &d->arena, base, data, len, diag);
	if (err)
		return err;
	read = clock_ns();
	graph_init(&g, &d->arena, base);
	names_init(&g.names, &d->arena, base, &g.in);
	named = clock_ns();
	d->times.parse += read - start;
	d->times.strings += named - read;
	if (!d->spare_nothing && unchanged(&g)) {
		emit_unchanged(&g, res);
		*chosen = false;
		return 0;
	}
	err = follow(&f, &g, d->spare_nothing ? NULL : &d->trail,
		     arena_array(&d->arena, uint32_t, g.in.nr_words), diag);
	if (err)
		return err;
	d->times.parse += clock_ns() - named;
	err = search_best(&g, &f, res, chosen, diag);
	if (!err)
		follow_learn(&f, &g, &d->trail);
	return err;
}

/* @next was made of the output of @res: both together, as if made in one. */
static void take_over(const struct base *base, struct dedup_result *res,
		      const struct dedup_result *next)
{
	uint32_t *map = res->map, first = base_type_cnt(base);

	for (uint32_t i = 0; i < res->input_types; i++)
		if (map[i] >= first)
			map[i] = next->map[map[i] - first];
	*res = (struct dedup_result){
		.form = res->form,
		.input_types = res->input_types,
		.split = next->split,
		.split_bytes = next->split_bytes,
		.split_types = next->split_types,
		.split_type_bytes = next->split_type_bytes,
		.split_string_bytes = next->split_string_bytes,
		.map = map,
		.ambiguous = true,
	};
	memcpy(res->kinds, next->kinds, sizeof(res->kinds));
}

/*
 * Where there was a choice, the output is looked at again: the search ends
 * early in large modules, and an output that could still shrink is none that
 * a second run leaves as it is.
 */
static int dedup_guarded(struct dedup *d, const struct base *base, const void *data, size_t len,
			 struct dedup_result *res, struct diag *diag)
{
	struct dedup_result next;
	bool chosen;
	int err;

	if (arena_guard(&d->arena) || trail_for(&d->trail, base))
		return diag_fail(diag, -ENOMEM, "no memory to deduplicate it");
	err = one_round(d, base, data, len, res, &chosen, diag);
	res->ambiguous = !err && chosen;
	while (!err && chosen) {
		err = one_round(d, base, res->split, res->split_bytes, &next, &chosen, diag);
		if (err || next.split_bytes >= res->split_bytes)
			break;
		take_over(base, res, &next);
	}
	return err;
}

int dedup_module(struct dedup *d, const struct base *base, const void *blob, size_t len,
		 struct dedup_result *res, struct diag *diag)
{
	int err;

	arena_reset(&d->arena);
	d->times = (struct dedup_times){0};
	err = dedup_guarded(d, base, blob, len, res, diag);
	res->times = d->times;
	return err;
}
