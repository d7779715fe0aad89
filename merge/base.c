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

/* How many strings ahead the table's slots are asked for. */
#define AHEAD 16

/* Every string that begins in the section, used by a type or not. */
static uint32_t find_strings(const struct base *base, uint32_t *offs)
{
	uint32_t nr = 0;

	for (uint32_t off = 1; off < base->strs_len; off += (uint32_t)strlen(base->strs + off) + 1)
		offs[nr++] = off;
	return nr;
}

/* Files them under their text, the first of the same text only. */
static void file_strings(struct base *base, struct arena *work)
{
	uint32_t *offs = arena_array(work, uint32_t, base->strs_len / 2 + 1);
	uint32_t nr = find_strings(base, offs), *hashes = arena_array(work, uint32_t, nr);
	struct htab *tab = &base->strings;

	htab_init(tab, &base->arena, nr);
	base->strings_once = true;
	for (uint32_t i = 0; i < nr; i++)
		hashes[i] = names_hash(base->strs + offs[i],
				       (i + 1 < nr ? offs[i + 1] : base->strs_len) - offs[i] - 1);
	for (uint32_t i = 0; i < nr; i++) {
		if (i + AHEAD < nr)
			__builtin_prefetch(&tab->slots[hashes[i + AHEAD] & tab->mask], 1);
		if (names_find(base, base->strs + offs[i], hashes[i]))
			base->strings_once = false;
		else
			htab_add(tab, hashes[i], offs[i]);
	}
}

/* Copies the words, void in front, with name ids for names. */
static int copy_types(struct base *base, struct graph *g, struct diag *diag)
{
	uint32_t *words = arena_array(&base->arena, uint32_t, g->in.nr_words + BTF_HEAD);
	uint32_t *at = arena_array(&base->arena, uint32_t, base->nr_types);
	uint8_t *kinds = arena_array(&base->arena, uint8_t, base->nr_types);

	int err;

	memset(words, 0, BTF_HEAD * sizeof(*words));
	err = blob_settle(&g->in, &g->names, words + BTF_HEAD, diag);
	if (err)
		return err;
	at[0] = 0;
	for (uint32_t i = 0; i < g->in.nr_types; i++)
		at[i + 1] = g->in.at[i] + BTF_HEAD;
	kinds[0] = BTF_KIND_UNKN;
	memcpy(kinds + 1, g->in.kinds, g->in.nr_types);
	base->words = words;
	base->at = at;
	base->kinds = kinds;
	return 0;
}

/* The rest of the normal form: for each type id the one that stands for its equals. */
static void settle_refs(struct base *base, const struct graph *g)
{
	uint32_t *canonical = arena_array(&base->arena, uint32_t, base->nr_types), *w;

	canonical[0] = 0;
	memcpy(canonical + 1, g->image, g->in.nr_types * sizeof(*canonical));
	base->canonical = canonical;
	for (uint32_t id = 1; id < base->nr_types; id++) {
		uint32_t *type = base->words + base->at[id];
		const struct btf_kind *k = &btf_kinds[base->kinds[id]];

		btf_for_each_ref(type, k, w)
			*w = canonical[*w];
	}
}

static void set_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= 1ull << (i % 64);
}

/* Marks two types that could be taken for each other. */
static void mark_twins(const struct base *base, uint64_t *twin, uint32_t id, uint32_t other)
{
	const uint32_t *a = base_type(base, id), *b = base_type(base, other);

	if (id == other || a[BTF_NAME] != b[BTF_NAME] || a[BTF_INFO] != b[BTF_INFO] ||
	    a[BTF_SIZE] != b[BTF_SIZE])
		return;
	set_bit(twin, id);
	set_bit(twin, other);
}

/* Files a struct or union under its name, unless there are too many of that already for
 * it to be tried ever. */
static void file_composite(struct base *base, uint32_t id, uint32_t hash, uint64_t *twin)
{
	uint32_t met = 0;

	HTAB_FOR_EACH(&base->nominal, hash, it) {
		if (met++ == BASE_CANDIDATES_MAX)
			return;
		mark_twins(base, twin, id, it.val);
	}
	htab_add(&base->nominal, hash, id);
}

static void file_nominal(struct base *base, uint64_t *twin)
{
	htab_init(&base->nominal, &base->arena, base->nr_types / 8);
	for (uint32_t id = 1; id < base->nr_types; id++) {
		uint32_t kind = base->kinds[id], hash;
		const uint32_t *type = base_type(base, id);
		bool composite = btf_kind_is_composite(kind);

		if (base->canonical[id] != id || !type[BTF_NAME] ||
		    !(composite || btf_kind_is_enum(kind) || kind == BTF_KIND_FWD))
			continue;
		hash = key_nominal(kind, btf_word_kflag(type[BTF_INFO]), type[BTF_NAME]);
		if (composite)
			file_composite(base, id, hash, twin);
		else
			htab_add(&base->nominal, hash, id);
	}
}

/* Those without a name that pass_own() filed under one hash. */
static void find_nameless_twins(const struct base *base, uint64_t *twin)
{
	for (uint32_t i = 0; i <= base->flat.mask; i++) {
		const struct htab_slot *s = &base->flat.slots[i];

		if (!s->val || !btf_kind_is_composite(base->kinds[s->val]) ||
		    base_type(base, s->val)[BTF_NAME])
			continue;
		HTAB_FOR_EACH(&base->flat, s->hash, it)
			mark_twins(base, twin, s->val, it.val);
	}
}

static void file_types(struct base *base, const struct graph *g)
{
	uint64_t *twin = arena_zarray(&base->arena, uint64_t, base->nr_types / 64 + 1);

	/* Just what the passes filed, by the same keys that a module's are looked up by. */
	base->flat = g->own;
	file_nominal(base, twin);
	find_nameless_twins(base, twin);
	base->twin = twin;
}

static void copy_strings(struct base *base, const struct blob *in)
{
	char *strs = arena_alloc(&base->arena, (size_t)in->strs_len + BASE_STRS_PAD);

	memcpy(strs, in->strs, in->strs_len);
	memset(strs + in->strs_len, 0, BASE_STRS_PAD);
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
	base->nr_types = g.in.nr_types + 1;
	base->swapped = g.in.swapped;
	copy_strings(base, &g.in);
	file_strings(base, work);
	graph_init_base(&g, work, base);
	err = copy_types(base, &g, diag);
	if (err)
		return err;
	g.image = arena_zarray(work, uint32_t, g.in.nr_types);
	htab_init(&g.own, &base->arena, g.in.nr_types);
	pass_own(&g);
	err = pass_rest(&g, NULL, diag);
	if (err)
		return err;
	settle_refs(base, &g);
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
