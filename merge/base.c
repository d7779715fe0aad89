// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a base. It goes through the passes of a module, over no base at
 * all, which tells which of its types are equal to one another; then it is
 * copied into normal form and filed. Real bases have a handful of equal types
 * at most, but a merge that depends on one of them must not miss the other.
 */
#include "merge/base_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge/passes.h"

/* Every string that begins in the section, used by a type or not. */
static void meet_strings(struct graph *g)
{
	uint32_t off = 0;

	while (off < g->in.strs_len) {
		names_id(&g->names, off);
		off += (uint32_t)strlen(g->in.strs + off) + 1;
	}
}

/* From numbers in order of being met to offsets: the table's and the words'. */
static uint32_t name_offset(const struct names *names, uint32_t id)
{
	return id ? names->fresh_at[id - names_first_fresh(names)] : 0;
}

static void file_strings(struct base *base, struct graph *g)
{
	base->strings = g->names.fresh;
	for (uint32_t i = 0; i <= base->strings.mask; i++) {
		struct htab_slot *s = &base->strings.slots[i];

		if (s->val)
			s->val = g->names.fresh_at[s->val - 1];
	}
}

/* The words in normal form, void in front. */
static void copy_types(struct base *base, struct graph *g)
{
	uint32_t *words = arena_zarray(&base->arena, uint32_t, g->in.nr_words + BTF_HEAD), *w;
	uint32_t *at = arena_array(&base->arena, uint32_t, base->nr_types);
	uint32_t *canonical = arena_array(&base->arena, uint32_t, base->nr_types);
	uint8_t *kinds = arena_array(&base->arena, uint8_t, base->nr_types);

	at[0] = canonical[0] = 0;
	kinds[0] = BTF_KIND_UNKN;
	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		uint32_t *type = words + BTF_HEAD + g->in.at[i];
		const struct btf_kind *k;

		at[i + 1] = g->in.at[i] + BTF_HEAD;
		canonical[i + 1] = g->image[i];
		kinds[i + 1] = g->in.kinds[i];
		graph_normal(g, i, KEY_IMAGES, type);
		k = &btf_kinds[btf_kind_of(type)];
		btf_for_each_name(type, k, w)
			*w = name_offset(&g->names, *w);
	}
	base->words = words;
	base->at = at;
	base->kinds = kinds;
	base->canonical = canonical;
}

static void set_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= 1ull << (i % 64);
}

/* Files a struct or union, unless there are too many of its name already for it to
 * be tried ever, and marks it and those that could be taken for it. */
static void file_composite(struct base *base, uint32_t id, struct htab *tab, uint32_t hash,
			   uint64_t *twin)
{
	const uint32_t *type = base_type(base, id);
	uint32_t met = 0;

	HTAB_FOR_EACH(tab, hash, it) {
		const uint32_t *other = base_type(base, it.val);

		if (met++ == BASE_CANDIDATES_MAX)
			return;
		if (type[BTF_NAME] != other[BTF_NAME] || type[BTF_INFO] != other[BTF_INFO] ||
		    type[BTF_SIZE] != other[BTF_SIZE])
			continue;
		set_bit(twin, id);
		set_bit(twin, it.val);
	}
	htab_add(tab, hash, id);
}

/* The words of an anonymous struct or union, as graph_normal() writes them to search for one. */
static const uint32_t *outlined(struct graph *g, const uint32_t *type, uint32_t nr)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t *w;

	memcpy(g->scratch, type, nr * sizeof(*type));
	btf_for_each_ref(g->scratch, k, w)
		*w = graph_outline(g, *w);
	return g->scratch;
}

/* @view is a graph of the base alone. */
static void file_type(struct base *base, struct graph *view, uint32_t id, uint32_t nr,
		      uint64_t *twin)
{
	const uint32_t *type = base_type(base, id);
	uint32_t kind = btf_kind_of(type);
	bool composite = btf_kind_is_composite(kind), named = type[BTF_NAME];
	uint32_t hash;

	if (named && (composite || btf_kind_is_enum(kind) || kind == BTF_KIND_FWD)) {
		hash = key_nominal(kind, btf_word_kflag(type[BTF_INFO]), type[BTF_NAME]);
		if (composite)
			file_composite(base, id, &base->nominal, hash, twin);
		else
			htab_add(&base->nominal, hash, id);
		return;
	}
	hash = key_words(composite ? outlined(view, type, nr) : type, nr);
	if (composite)
		file_composite(base, id, &base->flat, hash, twin);
	else if (kind != BTF_KIND_VAR && kind != BTF_KIND_DATASEC)
		htab_add(&base->flat, hash, id);
}

static void file_types(struct base *base, struct graph *g)
{
	uint64_t *twin = arena_zarray(&base->arena, uint64_t, base->nr_types / 64 + 1);

	struct graph view = {.base = base, .first_own = base->nr_types, .scratch = g->scratch};

	htab_init(&base->nominal, &base->arena, base->nr_types / 8);
	htab_init(&base->flat, &base->arena, base->nr_types);
	for (uint32_t id = 1; id < base->nr_types; id++)
		if (base->canonical[id] == id)
			file_type(base, &view, id, g->in.at[id] - g->in.at[id - 1], twin);
	base->twin = twin;
}

static void copy_strings(struct base *base, const struct blob *in)
{
	char *strs = arena_alloc(&base->arena, in->strs_len);

	memcpy(strs, in->strs, in->strs_len);
	base->strs = strs;
	base->strs_len = in->strs_len;
}

/* All of base_new() that may run out of memory. */
static int base_make(struct base *base, struct arena *work, const void *data, size_t len,
		     struct diag *diag)
{
	struct graph g;
	int err;

	err = blob_read(&g.in, work, NULL, data, len, diag);
	if (err)
		return err;
	graph_init(&g, work, &base->arena, NULL);
	base->nr_types = g.in.nr_types + 1;
	base->swapped = g.in.swapped;
	copy_strings(base, &g.in);
	meet_strings(&g);
	g.image = arena_zarray(work, uint32_t, g.in.nr_types);
	htab_init(&g.own, work, g.in.nr_types);
	pass_own(&g);
	err = pass_rest(&g, NULL, diag);
	if (err)
		return err;
	copy_types(base, &g);
	file_strings(base, &g);
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
