// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a base. A copy of it goes through the passes of a module, over no base at
 * all, which tells which of its types are equal to one another and files the others.
 * Real bases mostly have no equal types, but a merge that depends on one of them
 * must not miss the other.
 */
#include "merge/base_index.h"

#include <errno.h>
#include <pthread.h>
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

	base->canonical = NULL; /* this may be the second time: see file_in_two() */
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
struct making {
	struct base *base;
	struct arena work; /* what is needed until it is made */
	struct blob in;    /* as it came */
	bool in_two;       /* threads */
	bool plain;        /* see base_names_file_plain() */
};

/* Fills the base with the types. @as_they_are: name offsets are taken for name ids. */
static int file_types_of(struct making *m, bool as_they_are, struct diag *diag)
{
	struct base *base = m->base;
	struct graph g = {.in = m->in};
	int err;

	graph_init_base(&g, &m->work, base, as_they_are);
	err = copy_types(base, &g, diag);
	if (err)
		return err;
	g.image = arena_zarray(&m->work, uint32_t, g.in.nr_types);
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

/* The same, where there may be a thread that has to be waited for. */
static int guarded_types(struct making *m, bool as_they_are, struct diag *diag)
{
	if (arena_guard(&m->work) || arena_guard(&m->base->arena))
		return diag_fail(diag, -ENOMEM, "no memory to index the base");
	return file_types_of(m, as_they_are, diag);
}

/* Types when all strings are filed, so that it is known where names are the same. */
static int types_after_strings(struct making *m, struct diag *diag)
{
	int err = guarded_types(m, false, diag);

	if (!err)
		base_names_file_types(m->base, &m->in); /* unguarded: it needs no memory */
	return err;
}

static int file_in_turn(struct making *m, struct diag *diag)
{
	base_names_file_strings(m->base);
	return types_after_strings(m, diag);
}

static void *names_thread(void *arg)
{
	struct making *m = arg;

	m->plain = base_names_file_plain(m->base, &m->in);
	return NULL;
}

/*
 * Both at once. Mostly no names are the same, each stands once, and then offsets are as good as
 * ids. So the types are filed as if it were so, and again where it was not.
 */
static int file_in_two(struct making *m, struct diag *diag)
{
	struct arena_mark all = arena_mark(&m->base->arena), work = arena_mark(&m->work);
	pthread_t other;
	int err;

	if (pthread_create(&other, NULL, names_thread, m))
		return file_in_turn(m, diag);
	err = guarded_types(m, true, diag);
	pthread_join(other, NULL);
	if (m->plain)
		return err;
	arena_release(&m->base->arena, all);
	arena_release(&m->work, work);
	return types_after_strings(m, diag);
}

/* All of base_new() that may run out of memory. */
static int base_make(struct making *m, const void *data, size_t len, struct diag *diag)
{
	struct base *base = m->base;
	int err;

	err = blob_read(&m->in, &m->work, NULL, data, len, diag);
	if (err)
		return err;
	arena_reserve(&base->arena, len / 2 * BASE_HALVES);
	base->nr_types = m->in.nr_types + 1;
	base->swapped = m->in.swapped;
	base->strs = m->in.strs;
	base->strs_len = m->in.strs_len;
	base_names_init(base, &m->in);
	return m->in_two ? file_in_two(m, diag) : file_in_turn(m, diag);
}

static int base_guarded(struct making *m, const void *data, size_t len, struct diag *diag)
{
	if (arena_guard(&m->work) || arena_guard(&m->base->arena))
		return diag_fail(diag, -ENOMEM, "no memory to index the base");
	return base_make(m, data, len, diag);
}

static int new_base(struct base **out, const void *data, size_t len, bool in_two, struct diag *diag)
{
	struct making m = {.base = calloc(1, sizeof(*m.base)), .in_two = in_two};
	int err;

	if (!m.base)
		return diag_fail(diag, -ENOMEM, "no memory for the base");
	err = base_guarded(&m, data, len, diag);
	arena_free(&m.work);
	if (err) {
		base_free(m.base);
		return err;
	}
	*out = m.base;
	return 0;
}

int base_new(struct base **out, const void *data, size_t len, struct diag *diag)
{
	return new_base(out, data, len, false, diag);
}

int base_new_in_two(struct base **out, const void *data, size_t len, struct diag *diag)
{
	return new_base(out, data, len, true, diag);
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
