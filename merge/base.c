// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a base. A copy of it goes through the passes of a module, over no base at
 * all, which tells which of its types are equal to one another and files the others.
 * Real bases mostly have no equal types, but a merge that depends on one of them
 * must not miss the other.
 */
#include "merge/base_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge/passes.h"

void filter_init(struct filter *filter, struct arena *arena, uint32_t nr)
{
	uint32_t log = 1; /* of the number of words */

	while (log < 26 && nr >> (log + 3))
		log++;
	filter->shift = 32 - log;
	filter->words = arena_zarray(arena, uint64_t, 1ull << log);
}

static uint32_t count_strings(const struct base *base)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < base->strs_len; i++)
		nr += !base->strs[i];
	return nr;
}

/* Files every string that begins in the section, used by a type or not, under its text,
 * the first of the same text only. */
static void file_strings(struct base *base)
{
	struct htab *tab = &base->strings;
	uint32_t nr = count_strings(base);
	struct names_batch b;

	htab_init(tab, &base->arena, nr);
	base->begins = arena_zarray(&base->arena, uint64_t, base->strs_len / 64 + 1);
	filter_init(&base->filter, &base->arena, nr);
	base->strings_once = true;
	for (uint32_t off = 1; off < base->strs_len;) {
		off = names_next_batch(&b, base->strs, base->strs_len, off);
		for (uint32_t i = 0; i < b.nr; i++)
			__builtin_prefetch(&tab->slots[b.s[i].hash & tab->mask], 1);
		for (uint32_t i = 0; i < b.nr; i++) {
			uint32_t at = b.s[i].off;

			base->begins[at / 64] |= (uint64_t)(b.s[i].len > 0) << (at % 64);
			if (names_find(base, base->strs + at, b.s[i].hash))
				base->strings_once = false;
			else
				base_file_string(base, b.s[i].hash, at);
		}
	}
}

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

/* Kinds whose types are told by their names, by most of them at least. FUNCs are many, and
 * hardly one is in a module too. */
#define NAMED_KINDS                                                          \
	(BTF_KINDS_COMPOSITE | BTF_KINDS_ENUM | BTF_KIND_BIT(BTF_KIND_FWD) | \
	 BTF_KIND_BIT(BTF_KIND_TYPEDEF) | BTF_KIND_BIT(BTF_KIND_INT))

static void file_named(struct base *base)
{
	htab_init(&base->named, &base->arena, base->nr_types / 8);
	filter_init(&base->named_filter, &base->arena, base->nr_types / 8);
	for (uint32_t id = 1; id < base->nr_types; id++) {
		uint32_t name = base_type(base, id)[BTF_NAME], hash, met = 0;

		if (!name || !(NAMED_KINDS >> base_kind(base, id) & 1))
			continue;
		hash = names_hash(base->strs + name, (uint32_t)strlen(base->strs + name));
		HTAB_FOR_EACH(&base->named, hash, it)
			met++;
		if (met == BASE_CANDIDATES_MAX)
			continue;
		filter_add(&base->named_filter, hash);
		htab_add(&base->named, hash, id);
	}
}

static void file_types(struct base *base, const struct graph *g)
{
	/* Just what the passes filed, by the same keys that a module's are looked up by. */
	base->flat = g->own;
	base->twin = g->twins;
	file_nominal(base, g->twins);
	if (base->all_filed)
		file_named(base);
}

/* What a kernel's base takes, in halves of what came in: so much is asked for at once, as
 * pages that are begun cost as much as full ones. */
#define BASE_HALVES 4

/* All of base_new() that may run out of memory. */
static int base_make(struct base *base, struct arena *work, const void *data, size_t len,
		     struct diag *diag)
{
	struct graph g;
	int err;

	err = blob_read(&g.in, work, NULL, data, len, diag);
	if (err)
		return err;
	arena_reserve(&base->arena, len / 2 * BASE_HALVES);
	base->nr_types = g.in.nr_types + 1;
	base->swapped = g.in.swapped;
	base->strs = g.in.strs;
	base->strs_len = g.in.strs_len;
	file_strings(base);
	graph_init_base(&g, work, base);
	err = copy_types(base, &g, diag);
	if (err)
		return err;
	g.image = arena_zarray(work, uint32_t, g.in.nr_types);
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

static int base_guarded(struct base *base, struct arena *work, const void *data, size_t len,
			struct diag *diag)
{
	if (arena_guard(work) || arena_guard(&base->arena))
		return diag_fail(diag, -ENOMEM, "no memory to index the base");
	return base_make(base, work, data, len, diag);
}

int base_new(struct base **out, const void *data, size_t len, struct diag *diag)
{
	struct base *base = calloc(1, sizeof(*base));
	struct arena work = {0};
	int err;

	if (!base)
		return diag_fail(diag, -ENOMEM, "no memory for the base");
	err = base_guarded(base, &work, data, len, diag);
	arena_free(&work);
	if (err) {
		base_free(base);
		return err;
	}
	*out = base;
	return 0;
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
