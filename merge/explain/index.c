// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/explain/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "merge/explain/explain.h"
#include "merge/graph.h"

static struct unit unit_of_enum(const uint32_t *type)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

	if (type[BTF_NAME])
		return (struct unit){UNIT_ENUM, type[BTF_NAME]};
	if (!btf_nr_elems(type))
		return (struct unit){UNIT_NONE, 0};
	return (struct unit){UNIT_ENUM_UNTAGGED, type[btf_elem_at(k, 0)]};
}

struct unit unit_of(const uint32_t *type)
{
	static const uint8_t classes[BTF_NR_KINDS] = {
		[BTF_KIND_STRUCT] = UNIT_STRUCT,   [BTF_KIND_UNION] = UNIT_UNION,
		[BTF_KIND_INT] = UNIT_SCALAR,      [BTF_KIND_FLOAT] = UNIT_SCALAR,
		[BTF_KIND_TYPEDEF] = UNIT_TYPEDEF, [BTF_KIND_FUNC] = UNIT_FUNC,
	};
	uint32_t kind = btf_kind_of(type);

	if (btf_kind_is_enum(kind))
		return unit_of_enum(type);
	if (kind == BTF_KIND_FWD)
		kind = btf_fwd_kind_of(type);
	if (!type[BTF_NAME])
		return (struct unit){UNIT_NONE, 0};
	return (struct unit){classes[kind], type[BTF_NAME]};
}

uint32_t unit_hash(struct unit unit)
{
	uint32_t key[2] = {unit.class, unit.name};

	return (uint32_t)XXH3_64bits(key, sizeof(key));
}

uint32_t index_find_shape(const struct explain_base *index, const uint32_t *words, uint32_t nr)
{
	HTAB_FOR_EACH(&index->shapes, key_words(words, nr), it) {
		const uint32_t *type = base_type(index->base, it.val);

		if (btf_type_words(type[BTF_INFO]) == nr &&
		    !memcmp(type, words, nr * sizeof(*words)))
			return it.val;
	}
	return 0;
}

uint32_t index_outer_hash(const uint32_t *type)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t n = btf_nr_elems(type);
	uint32_t key[3] = {type[BTF_INFO], type[BTF_SIZE], 0};

	for (uint32_t i = 0; i < n; i++) {
		const uint32_t *member = type + btf_elem_at(k, i);

		key[2] = key_words(key, 3);
		key[0] = member[0];
		key[1] = member[2];
	}
	return key_words(key, 3);
}

/* Files @id, unless there are too many of its sort for it to be tried ever. */
static void file_bounded(struct htab *tab, uint32_t hash, uint32_t id)
{
	uint32_t met = 0;

	HTAB_FOR_EACH(tab, hash, it) {
		if (++met == INDEX_CANDIDATES_MAX)
			return;
	}
	htab_add(tab, hash, id);
}

static void index_file(struct explain_base *index, uint32_t id)
{
	const uint32_t *type = base_type(index->base, id);
	struct unit unit = unit_of(type);

	if (unit.class != UNIT_NONE)
		file_bounded(&index->units, unit_hash(unit), id);
	else if (btf_kind_is_composite(btf_kind_of(type)))
		file_bounded(&index->untagged, index_outer_hash(type), id);
	else
		htab_add(&index->shapes, key_words(type, (uint32_t)btf_type_words(type[BTF_INFO])),
			 id);
}

static int index_make(struct explain_base *index, struct diag *diag)
{
	const struct base *base = index->base;
	uint32_t n = base_type_cnt(base);

	if (arena_guard(&index->arena))
		return diag_fail(diag, -ENOMEM, "no memory to index the base's names");
	htab_init(&index->units, &index->arena, n);
	htab_init(&index->shapes, &index->arena, n / 2);
	htab_init(&index->untagged, &index->arena, n / 16);
	for (uint32_t id = 1; id < n; id++)
		if (base_canonical(base, id) == id)
			index_file(index, id);
	return 0;
}

int explain_base_new(struct explain_base **out, const struct base *base, struct diag *diag)
{
	struct explain_base *index = calloc(1, sizeof(*index));
	int err;

	if (!index)
		return diag_fail(diag, -ENOMEM, "no memory to index the base's names");
	index->base = base;
	err = index_make(index, diag);
	if (err) {
		explain_base_free(index);
		return err;
	}
	*out = index;
	return 0;
}

void explain_base_free(struct explain_base *index)
{
	if (!index)
		return;
	arena_free(&index->arena);
	free(index);
}
