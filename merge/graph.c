// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/graph.h"

#include <string.h>
#include <xxhash.h>

void graph_init(struct graph *g, struct arena *arena, const struct base *base)
{
	g->arena = arena;
	g->base = base;
	g->first_own = base ? base->nr_types : 1;
	g->shift = g->first_own - g->in.first_id;
	g->decl = g->alias = NULL;
	g->open = NULL;
	g->image = NULL;
	g->nr_choices = 0;
	g->unsure = NULL;
	g->twins = NULL;
	g->limited = false;
	g->scratch = arena_array(arena, uint32_t, g->in.longest);
	g->other = arena_array(arena, uint32_t, g->in.longest);
}

void graph_init_base(struct graph *g, struct arena *arena, struct base *base, bool as_they_are)
{
	graph_init(g, arena, NULL);
	names_init_base(&g->names, base, as_they_are);
}

uint32_t graph_normal(struct graph *g, uint32_t i, enum key_refs refs, uint32_t *out)
{
	const uint32_t *type = blob_type(&g->in, i);
	uint32_t nr = g->in.at[i + 1] - g->in.at[i], *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

	memcpy(out, type, nr * sizeof(*out));
	btf_for_each_ref(out, k, w) {
		uint32_t gid = graph_ref(g, *w);

		if (refs == KEY_IMAGES)
			*w = graph_image(g, gid);
		else
			*w = refs == KEY_OUTLINES ? graph_outline(g, gid) : 0;
	}
	return nr;
}

/* Through how many pointers, qualifiers and arrays an outline looks. */
#define OUTLINE_DEPTH 8

uint32_t graph_outline(struct graph *g, uint32_t gid)
{
	uint32_t key[OUTLINE_DEPTH + 1], nr = 0;

	while (gid && nr < OUTLINE_DEPTH) {
		bool own = graph_is_own(g, gid);
		const uint32_t *type = graph_type(g, gid);
		uint32_t kind = btf_kind_of(type);
		const struct btf_kind *k = &btf_kinds[kind];
		uint32_t name = type[BTF_NAME];

		if (name || !k->nr_refs || kind == BTF_KIND_FUNC_PROTO) {
			key[nr++] = key_nominal(kind, btf_word_kflag(type[BTF_INFO]), name);
			break;
		}
		key[nr++] = kind;
		gid = own ? graph_ref(g, type[k->ref_at]) : type[k->ref_at];
	}
	return key_words(key, nr);
}

bool graph_has_fresh_name(const struct graph *g, const uint32_t *type)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	const uint32_t *w;

	btf_for_each_name(type, k, w)
		if (*w >= names_first_fresh(&g->names))
			return true;
	return false;
}

void graph_mark_twins(uint64_t *twins, uint32_t x, const uint32_t *tx, uint32_t y,
		      const uint32_t *ty)
{
	if (tx[BTF_NAME] != ty[BTF_NAME] || tx[BTF_INFO] != ty[BTF_INFO] ||
	    tx[BTF_SIZE] != ty[BTF_SIZE])
		return;
	twins[x / 64] |= 1ull << (x % 64);
	twins[y / 64] |= 1ull << (y % 64);
}

bool base_is_type(const struct base *base, uint32_t id, const uint32_t *words, uint32_t nr)
{
	const uint32_t *type = base_type(base, id);

	return type[BTF_INFO] == words[BTF_INFO] && !memcmp(type, words, nr * sizeof(*words));
}

uint32_t base_find_words(const struct base *base, const uint32_t *words, uint32_t nr, uint32_t hash)
{
	uint32_t kind = btf_kind_of(words), name = words[BTF_NAME];
	bool nominal = (btf_kind_is_enum(kind) || kind == BTF_KIND_FWD) && name;
	const struct htab *tab = nominal ? &base->nominal : &base->flat;

	if (nominal)
		hash = key_nominal(kind, btf_word_kflag(words[BTF_INFO]), name);
	HTAB_FOR_EACH(tab, hash, it) {
		if (base_is_type(base, it.val, words, nr))
			return it.val;
	}
	return 0;
}

bool graph_same_shape(const uint32_t *a, const uint32_t *b)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(a)];
	uint64_t n;

	if (a[BTF_NAME] != b[BTF_NAME] || a[BTF_INFO] != b[BTF_INFO] ||
	    (k->ref_at != BTF_SIZE && a[BTF_SIZE] != b[BTF_SIZE]))
		return false;
	for (uint64_t w = BTF_HEAD; w < btf_elem_at(k, 0); w++)
		if ((w < k->ref_at || w >= (uint64_t)k->ref_at + k->nr_refs) && a[w] != b[w])
			return false;
	n = btf_nr_elems(a);
	for (uint64_t e = 0; e < n; e++)
		for (int w = 0; w < k->elem; w++)
			if (w != k->elem_ref &&
			    a[btf_elem_at(k, e) + w] != b[btf_elem_at(k, e) + w])
				return false;
	return true;
}

uint32_t key_words(const uint32_t *words, uint32_t nr)
{
	return (uint32_t)XXH3_64bits(words, nr * sizeof(*words));
}

uint32_t key_nominal(uint32_t kind, bool kflag, uint32_t name)
{
	uint32_t key[2] = {kind, name};

	if (kind == BTF_KIND_FWD)
		key[0] = kflag ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	else if (kind == BTF_KIND_ENUM64)
		key[0] = BTF_KIND_ENUM;
	return (uint32_t)XXH3_64bits(key, sizeof(key));
}
