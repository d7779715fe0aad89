// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a base. A copy of it goes through the passes of a module, over no base at
 * all, which tells which of its types are equal to one another and files the others.
 * Real bases mostly have no equal types, but a merge that depends on one of them
 * must not miss the other.
 */
#include "merge/base_index.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "merge/base_names.h"
#include "merge/passes.h"

/* Copies the words, void in front, with name ids for names. */
static int copy_types(struct base *base, struct graph *g, struct diag *diag)
{
	uint32_t *words = arena_array(&base->arena, uint32_t, g->in.nr_words + BTF_HEAD);
	uint32_t *kind_at = arena_array(&base->arena, uint32_t, base->nr_types);
	int err;

	memset(words, 0, BTF_HEAD * sizeof(*words));
	err = blob_settle(&g->in, &g->names, words + BTF_HEAD, diag);
	if (err)
		return err;
	kind_at[0] = BTF_KIND_UNKN << BASE_AT_BITS;
	for (uint32_t i = 0; i < g->in.nr_types; i++)
		kind_at[i + 1] =
			(uint32_t)g->in.kinds[i] << BASE_AT_BITS | (g->in.at[i] + BTF_HEAD);
	base->words = words;
	base->kind_at = kind_at;
	return 0;
}

static bool some_are_equal(const struct base *base, const struct graph *g)
{
	for (uint32_t id = 1; id < base->nr_types; id++)
		if (g->image[id - 1] != id)
			return true;
	return false;
}

/* The rest of the normal form: for each type id the one that stands for its equals. */
static void settle_refs(struct base *base, const struct graph *g)
{
	uint32_t *canonical, *w;

	base->canonical = NULL; /* this may be the second time: see base_end() */
	base->all_filed = !some_are_equal(base, g);
	if (base->all_filed)
		return;
	canonical = arena_array(&base->arena, uint32_t, base->nr_types);
	canonical[0] = 0;
	memcpy(canonical + 1, g->image, g->in.nr_types * sizeof(*canonical));
	base->canonical = canonical;
	for (uint32_t id = 1; id < base->nr_types; id++) {
		uint32_t *type = base->words + BTF_HEAD + g->in.at[id - 1];
		const struct btf_kind *k = &btf_kinds[base_kind(base, id)];

		btf_for_each_ref(type, k, w)
			*w = canonical[*w];
	}
}

/* Files a type under its name, unless there are too many of that already for it to be tried
 * ever. */
static void file_by_name(struct base *base, uint32_t id, uint64_t *twin, uint64_t *sole)
{
	const uint32_t *type = base_type(base, id);
	uint32_t kind = base_kind(base, id), met = 0;
	uint32_t hash = key_nominal(kind, btf_word_kflag(type[BTF_INFO]), type[BTF_NAME]);
	bool alone = true;

	HTAB_FOR_EACH(&base->nominal, hash, it) {
		const uint32_t *other = base_type(base, it.val);

		if (met++ == BASE_CANDIDATES_MAX) {
			base->all_filed = false;
			return;
		}
		if (btf_kind_is_composite(kind))
			graph_mark_twins(twin, id, type, it.val, other);
		if (other[BTF_NAME] == type[BTF_NAME]) {
			sole[it.val / 64] &= ~(1ull << (it.val % 64));
			alone = false;
		}
	}
	sole[id / 64] |= (uint64_t)alone << (id % 64);
	htab_add(&base->nominal, hash, id);
}

static void file_nominal(struct base *base, uint64_t *twin)
{
	const uint32_t kinds = BTF_KINDS_COMPOSITE | BTF_KINDS_ENUM | BTF_KIND_BIT(BTF_KIND_FWD);
	uint64_t *sole = arena_zarray(&base->arena, uint64_t, base->nr_types / 64 + 1);

	htab_init(&base->nominal, &base->arena, base->nr_types / 8);
	for (uint32_t id = 1; id < base->nr_types; id++)
		if (kinds >> base_kind(base, id) & 1 && base_canonical(base, id) == id &&
		    base_type(base, id)[BTF_NAME])
			file_by_name(base, id, twin, sole);
	base->sole = sole;
}

static void file_types(struct base *base, const struct graph *g)
{
	/* Just what the passes filed, by the same keys that a module's are looked up by. */
	base->flat = g->own;
	base->twin = g->twins;
	file_nominal(base, g->twins);
}

/* What a kernel's base takes, in halves of what came in: so much is asked for at once, as
 * pages that are begun cost as much as full ones. */
#define BASE_HALVES 4

/* A base that is being made. */
struct base_work {
	struct base *base;
	struct arena arena; /* what is needed until it is made */
	struct blob in;     /* as it came */
	/* Of two threads: */
	struct arena_mark base_mark, mark; /* where base_make_types() began */
	atomic_flag names_taken;
	bool plain; /* see base_names_file_plain() */
	int err;    /* of base_make_types() */
	struct diag diag;
};

/* Fills the base with the types. @as_they_are: name offsets are taken for name ids. */
static int file_types_of(struct base_work *work, bool as_they_are, struct diag *diag)
{
	struct base *base = work->base;
	struct graph g = {.in = work->in};
	int err;

	graph_init_base(&g, &work->arena, base, as_they_are);
	err = copy_types(base, &g, diag);
	if (err)
		return err;
	g.image = arena_zarray(&work->arena, uint32_t, g.in.nr_types);
	g.twins = arena_zarray(&base->arena, uint64_t, base->nr_types / 64 + 1);
	htab_init(&g.own, &base->arena, g.in.nr_types);
	pass_own(&g);
	err = pass_rest(&g, NULL, diag);
	if (err)
		return err;
	settle_refs(base, &g);
	base->all_filed &= !g.limited;
	file_types(base, &g);
	return 0;
}

static int no_memory(struct diag *diag)
{
	return diag_fail(diag, -ENOMEM, "no memory to index the base");
}

static int guarded_types(struct base_work *work, bool as_they_are, struct diag *diag)
{
	if (arena_guard(&work->arena) || arena_guard(&work->base->arena))
		return no_memory(diag);
	return file_types_of(work, as_they_are, diag);
}

/* Types when all strings are filed, so that it is known where names are the same. */
static int types_after_strings(struct base_work *work, struct diag *diag)
{
	int err = guarded_types(work, false, diag);

	if (!err)
		base_names_file_types(work->base, &work->in); /* unguarded: it needs no memory */
	return err;
}

/* All of the beginning that may run out of memory. */
static int begin_guarded(struct base_work *work, const void *data, size_t len, struct diag *diag)
{
	struct base *base = work->base;
	int err;

	if (arena_guard(&work->arena) || arena_guard(&base->arena))
		return no_memory(diag);
	err = blob_read(&work->in, &work->arena, NULL, data, len, diag);
	if (err)
		return err;
	arena_reserve(&base->arena, len / 2 * BASE_HALVES);
	base->nr_types = work->in.nr_types + 1;
	base->swapped = work->in.swapped;
	base->strs = work->in.strs;
	base->strs_len = work->in.strs_len;
	base_names_init(base, &work->in);
	work->base_mark = arena_mark(&base->arena);
	work->mark = arena_mark(&work->arena);
	return 0;
}

/* Ends the work: *@base is what was made, unless @err. */
static int work_end(struct base_work *work, struct base **base, int err)
{
	arena_free(&work->arena);
	if (err)
		base_free(work->base);
	else
		*base = work->base;
	free(work);
	return err;
}

int base_begin(struct base_work **out, const void *data, size_t len, struct diag *diag)
{
	struct base_work *work = calloc(1, sizeof(*work));
	int err;

	if (work)
		work->base = calloc(1, sizeof(*work->base));
	if (!work || !work->base) {
		free(work);
		return diag_fail(diag, -ENOMEM, "no memory for the base");
	}
	atomic_flag_clear(&work->names_taken);
	err = begin_guarded(work, data, len, diag);
	if (err)
		return work_end(work, NULL, err);
	*out = work;
	return 0;
}

void base_make_names(struct base_work *work)
{
	if (!atomic_flag_test_and_set(&work->names_taken))
		work->plain = base_names_file_plain(work->base, &work->in);
}

void base_make_types(struct base_work *work)
{
	work->err = guarded_types(work, true, &work->diag);
}

int base_end(struct base_work *work, struct base **base, struct diag *diag)
{
	int err = work->err;

	if (work->plain) {
		if (err)
			*diag = work->diag;
		return work_end(work, base, err);
	}
	/* Some names are the same: so the types are not what was assumed. */
	arena_release(&work->base->arena, work->base_mark);
	arena_release(&work->arena, work->mark);
	return work_end(work, base, types_after_strings(work, diag));
}

int base_new(struct base **base, const void *data, size_t len, struct diag *diag)
{
	struct base_work *work;
	int err = base_begin(&work, data, len, diag);

	if (err)
		return err;
	base_names_file_strings(work->base);
	return work_end(work, base, types_after_strings(work, diag));
}

void base_free(struct base *base)
{
	if (!base)
		return;
	arena_free(&base->arena);
	free(base);
}

uint32_t base_type_cnt(const struct base *base)
{
	return base->nr_types;
}

uint32_t base_strings_bytes(const struct base *base)
{
	return base->strs_len;
}
