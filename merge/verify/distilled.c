// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module built apart from its kernel brings a distilled base: the kernel's types that it refers
 * to, by name, kind and size. When it is inserted, these are looked up in the kernel's BTF, and its
 * own types made to refer to what was found. The same code is libbpf's btf_relocate.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/verify/resolve.h"

#define NO_TYPE UINT32_MAX
#define SIZE_BITS 0x7fffffffu /* of a size, as they are compared */
#define WORDS_MAX 512

struct entry {
	const char *name;
	uint32_t size;
	uint32_t id;
};

struct relocation {
	struct run *run;
	const struct view *own;
	const struct view *dist;
	const struct view *base;
	struct entry *entries; /* the distilled types, void too, by name */
	uint32_t nr;
	uint32_t *map;      /* distilled id -> base id, or 0 */
	uint8_t *embedded;  /* by distilled id */
	uint8_t *mapped;    /* by string offset of the distilled base */
	uint8_t *composite; /* by string offset of the base: how many are so named, up to 2 */
};

/* The complaint has names in it. */
static int fault(struct relocation *rel, enum fault_code code, const char *text)
{
	size_t size = strlen(text) + 1;

	rel->run->found.text = memcpy(arena_alloc(rel->run->arena, size), text, size);
	return run_fault(rel->run, code);
}

static int check_kinds(struct relocation *rel)
{
	const uint32_t allowed = BTF_KIND_BIT(BTF_KIND_INT) | BTF_KIND_BIT(BTF_KIND_FLOAT) |
				 BTF_KIND_BIT(BTF_KIND_ENUM) | BTF_KIND_BIT(BTF_KIND_STRUCT) |
				 BTF_KIND_BIT(BTF_KIND_UNION) | BTF_KIND_BIT(BTF_KIND_FWD);
	char text[WORDS_MAX];

	for (uint32_t id = 1; id < rel->nr; id++) {
		const uint32_t *type = view_type(rel->dist, id);
		uint32_t kind = btf_kind_of(type);

		if (!(allowed & BTF_KIND_BIT(kind))) {
			snprintf(text, sizeof(text),
				 "type [%u] in distilled based BTF has unexpected kind [%u]", id,
				 kind);
			return fault(rel, FAULT_DISTILLED_KIND, text);
		}
		if (!type[BTF_NAME]) {
			snprintf(text, sizeof(text),
				 "type [%u], kind [%u] is invalid for distilled base BTF; it is "
				 "anonymous",
				 id, kind);
			return fault(rel, FAULT_DISTILLED_ANON, text);
		}
	}
	return 0;
}

/* The kernel looks nothing up that is not there, so it has to be there. */
static int check_ids(struct relocation *rel)
{
	for (uint32_t i = 0; i < rel->own->nr_types; i++) {
		const uint32_t *type = view_own(rel->own, i), *w;

		btf_for_each_ref(type, &btf_kinds[btf_kind_of(type)], w)
			if (*w >= view_end(rel->own))
				return run_fault_type(rel->run, FAULT_DISTILLED_RANGE,
						      rel->own->first_id + i);
	}
	return 0;
}

static uint32_t behind(const uint32_t *type)
{
	if (resolve_is_modifier(type))
		return type[BTF_SIZE];
	return btf_kind_of(type) == BTF_KIND_ARRAY ? type[BTF_HEAD] : NO_TYPE;
}

/*
 * From a member's type @id down to a struct held by value: one of the distilled base has to have
 * the size that the kernel's has. @seen has, by id, the walk that came by last: where an
 * earlier one was is nothing new, where this one was is a ring. False: a ring.
 */
static bool mark_embedded(struct relocation *rel, uint32_t id, uint32_t *seen, uint32_t walk)
{
	while (id) {
		const uint32_t *type = view_type(rel->own, id);
		uint32_t next = behind(type);

		if (next == NO_TYPE) {
			if (btf_kind_is_composite(btf_kind_of(type)) && id < rel->nr)
				rel->embedded[id] = true;
			return true;
		}
		if (seen[id])
			return seen[id] != walk;
		seen[id] = walk;
		id = next;
	}
	return true;
}

static int find_embedded(struct relocation *rel)
{
	const struct view *own = rel->own;
	uint32_t *seen = arena_zarray(rel->run->arena, uint32_t, view_end(own)), walk = 0;

	for (uint32_t i = 0; i < own->nr_types; i++) {
		const uint32_t *type = view_own(own, i), *w;

		if (!btf_kind_is_composite(btf_kind_of(type)))
			continue;
		btf_for_each_ref(type, &btf_kinds[btf_kind_of(type)], w)
			if (!mark_embedded(rel, *w, seen, ++walk))
				return run_fault_type(rel->run, FAULT_DISTILLED_RANGE,
						      own->first_id + i);
	}
	return 0;
}

static int entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int names = strcmp(x->name, y->name);

	return names ? names : (x->id > y->id) - (x->id < y->id);
}

static void list_entries(struct relocation *rel)
{
	for (uint32_t id = 0; id < rel->nr; id++) {
		const uint32_t *type = view_type(rel->dist, id);

		rel->entries[id] = (struct entry){view_string(rel->dist, type[BTF_NAME]),
						  type[BTF_SIZE] & SIZE_BITS, id};
	}
	qsort(rel->entries, rel->nr, sizeof(*rel->entries), entry_order);
}

static void count_composites(struct relocation *rel)
{
	for (uint32_t i = 0; i < rel->base->nr_types; i++) {
		const uint32_t *type = view_own(rel->base, i);
		uint8_t *n = &rel->composite[type[BTF_NAME]];

		if (btf_kind_is_composite(btf_kind_of(type)) && type[BTF_NAME] && *n < 2)
			++*n;
	}
}

static uint32_t first_entry(const struct relocation *rel, const char *name)
{
	uint32_t low = 0, high = rel->nr;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (strcmp(rel->entries[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Kinds of the base that a type of that name and kind @dist may be; sizes apart. */
static bool kinds_fit(const uint32_t *dist, const uint32_t *base)
{
	uint32_t kind = btf_kind_of(base);

	switch (btf_kind_of(dist)) {
	case BTF_KIND_FWD:
		/* Of a struct or union the flag has another meaning. It is looked at all the
		 * same. */
		if (kind == BTF_KIND_FWD)
			return btf_word_kflag(dist[BTF_INFO]) == btf_word_kflag(base[BTF_INFO]);
		return btf_kind_is_composite(kind) &&
		       btf_word_kflag(base[BTF_INFO]) == (kind == BTF_KIND_UNION);
	case BTF_KIND_INT:
		return kind == BTF_KIND_INT &&
		       BTF_INT_ENCODING(dist[BTF_HEAD]) == BTF_INT_ENCODING(base[BTF_HEAD]);
	case BTF_KIND_ENUM:
		return btf_kind_is_enum(kind);
	case BTF_KIND_FLOAT:
		return kind == BTF_KIND_FLOAT;
	default:
		return true;
	}
}

/* Is type @id of the base, @type, the one that @entry stands for? */
static int match(struct relocation *rel, const struct entry *entry, uint32_t id,
		 const uint32_t *type)
{
	const uint32_t *dist = view_type(rel->dist, entry->id);
	char text[WORDS_MAX];

	if (!entry->id) {
		snprintf(text, sizeof(text),
			 "base BTF id [%u] maps to invalid distilled base BTF id [0]", id);
		return fault(rel, FAULT_DISTILLED_VOID, text);
	}
	if (!kinds_fit(dist, type) ||
	    (rel->embedded[entry->id] && dist[BTF_SIZE] != type[BTF_SIZE]))
		return 0;
	if (rel->map[entry->id]) {
		snprintf(text, sizeof(text),
			 "distilled base BTF type '%.200s' [%u], size %u has multiple candidates "
			 "of the same size (ids [%u, %u]) in base BTF",
			 entry->name, entry->id, type[BTF_SIZE], id, rel->map[entry->id]);
		return fault(rel, FAULT_DISTILLED_MANY, text);
	}
	rel->map[entry->id] = id;
	rel->mapped[dist[BTF_NAME]] = true;
	return 0;
}

static int match_base_type(struct relocation *rel, uint32_t id, const uint32_t *type)
{
	uint32_t kind = btf_kind_of(type);
	bool sized = kind == BTF_KIND_INT || kind == BTF_KIND_FLOAT || btf_kind_is_enum(kind);
	const char *name;
	int err = 0;

	if (btf_kind_is_composite(kind))
		sized = rel->composite[type[BTF_NAME]] > 1;
	else if (!sized && kind != BTF_KIND_FWD)
		return 0;
	if (!type[BTF_NAME])
		return 0;
	name = view_string(rel->base, type[BTF_NAME]);
	for (uint32_t i = first_entry(rel, name); i < rel->nr && !err; i++) {
		if (strcmp(rel->entries[i].name, name) != 0)
			break;
		if (!sized || rel->entries[i].size == (type[BTF_SIZE] & SIZE_BITS))
			err = match(rel, &rel->entries[i], id, type);
	}
	return err;
}

static int match_all(struct relocation *rel)
{
	char text[WORDS_MAX];
	int err = 0;

	for (uint32_t i = 0; i < rel->base->nr_types && !err; i++)
		err = match_base_type(rel, rel->base->first_id + i, view_own(rel->base, i));
	if (err)
		return err;
	for (uint32_t id = 1; id < rel->nr; id++) {
		if (rel->map[id])
			continue;
		snprintf(text, sizeof(text),
			 "distilled base BTF type '%.200s' [%u] is not mapped to base BTF id",
			 view_string(rel->dist, view_type(rel->dist, id)[BTF_NAME]), id);
		return fault(rel, FAULT_DISTILLED_NONE, text);
	}
	return 0;
}

static int check_strings(struct relocation *rel)
{
	char text[WORDS_MAX];

	for (uint32_t i = 0; i < rel->own->nr_types; i++) {
		const uint32_t *type = view_own(rel->own, i), *w;

		btf_for_each_name(type, &btf_kinds[btf_kind_of(type)], w) {
			if (!*w || *w >= rel->dist->strs_len || rel->mapped[*w])
				continue;
			/* The kernel prints the string that it did not find: an empty one. */
			snprintf(text, sizeof(text),
				 "string '' [offset %u] is not mapped to base BTF", *w);
			return fault(rel, FAULT_DISTILLED_STRING, text);
		}
	}
	return 0;
}

int distilled_check(struct run *r, const struct view *base)
{
	const struct view *dist = r->view.base;
	struct relocation rel = {
		.run = r,
		.own = &r->view,
		.dist = dist,
		.base = base,
		.nr = view_end(dist),
	};
	int err;

	rel.entries = arena_array(r->arena, struct entry, rel.nr);
	rel.map = arena_zarray(r->arena, uint32_t, rel.nr);
	rel.embedded = arena_zarray(r->arena, uint8_t, rel.nr);
	rel.mapped = arena_zarray(r->arena, uint8_t, dist->strs_len);
	rel.composite = arena_zarray(r->arena, uint8_t, base->strs_len);
	err = check_kinds(&rel);
	if (!err)
		err = check_ids(&rel);
	if (!err)
		err = find_embedded(&rel);
	if (err)
		return err;
	list_entries(&rel);
	count_composites(&rel);
	err = match_all(&rel);
	return err ? err : check_strings(&rel);
}
