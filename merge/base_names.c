// SPDX-License-Identifier: GPL-2.0-only
#include "merge/base_names.h"

#include <string.h>

#include "merge/names.h"

void filter_init(struct filter *filter, struct arena *arena, uint32_t nr)
{
	uint32_t log = 1; /* of the number of words */

	while (log < 26 && nr >> (log + 3))
		log++;
	filter->shift = 32 - log;
	filter->words = arena_zarray(arena, uint64_t, 1ull << log);
}

/* Kinds whose types are told by their names, by most of them at least. FUNCs are many, and
 * hardly one is in a module too. */
#define NAMED_KINDS                                                          \
	(BTF_KINDS_COMPOSITE | BTF_KINDS_ENUM | BTF_KIND_BIT(BTF_KIND_FWD) | \
	 BTF_KIND_BIT(BTF_KIND_TYPEDEF) | BTF_KIND_BIT(BTF_KIND_INT))

static bool has_its_name(const struct blob *in, uint32_t i)
{
	return NAMED_KINDS >> blob_kind(in, i) & 1 && blob_type(in, i)[BTF_NAME];
}

static uint32_t count_strings(const struct base *base)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < base->strs_len; i++)
		nr += !base->strs[i];
	return nr;
}

static uint32_t count_named(const struct blob *in)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < in->nr_types; i++)
		nr += has_its_name(in, i);
	return nr;
}

void base_names_init(struct base *base, const struct blob *in)
{
	uint32_t strings = count_strings(base), named = count_named(in);

	htab_init(&base->strings, &base->arena, strings);
	base->begins = arena_zarray(&base->arena, uint64_t, base->strs_len / 64 + 1);
	filter_init(&base->filter, &base->arena, strings);
	htab_init(&base->named, &base->arena, named);
	filter_init(&base->named_filter, &base->arena, named);
}

void base_names_file_strings(struct base *base)
{
	struct htab *tab = &base->strings;
	struct names_batch b;

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

/* Does every name of a type begin where a string does? */
static bool names_begin(const struct base *base, const struct blob *in)
{
	for (uint32_t i = 0; i < in->nr_types; i++) {
		const uint32_t *type = blob_type(in, i), *w;
		const struct btf_kind *k = &btf_kinds[blob_kind(in, i)];

		btf_for_each_name(type, k, w)
			if (*w && (*w >= base->strs_len || !base_string_begins(base, *w)))
				return false;
	}
	return true;
}

void base_names_file_types(struct base *base, const struct blob *in)
{
	for (uint32_t i = 0; i < in->nr_types; i++) {
		const char *name = base->strs + blob_type(in, i)[BTF_NAME];
		uint32_t hash, met = 0;

		if (!has_its_name(in, i))
			continue;
		hash = names_hash(name, (uint32_t)strlen(name));
		HTAB_FOR_EACH(&base->named, hash, it)
			met++;
		if (met == BASE_CANDIDATES_MAX)
			continue;
		filter_add(&base->named_filter, hash);
		htab_add(&base->named, hash, i + 1);
	}
}

bool base_names_file_plain(struct base *base, const struct blob *in)
{
	base_names_file_strings(base);
	if (!base->strings_once || !names_begin(base, in))
		return false;
	base_names_file_types(base, in);
	return true;
}
