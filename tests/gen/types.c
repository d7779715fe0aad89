// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/types.h"

#include <string.h>

#include "tests/gen/mem.h"

void tg_init(struct tg *g)
{
	memset(g, 0, sizeof(*g));
	g->elems = mem_grow(NULL, &g->elem_cap, 1, sizeof(*g->elems));
	tg_add(g, BTF_KIND_UNKN, "");
}

void tg_free(struct tg *g)
{
	free(g->types);
	free(g->elems);
	memset(g, 0, sizeof(*g));
}

uint32_t tg_add(struct tg *g, unsigned int kind, const char *name)
{
	g->types = mem_grow(g->types, &g->cap, g->n + 1, sizeof(*g->types));
	g->types[g->n] = (struct tg_type){.name = name, .kind = (uint8_t)kind};
	return g->n++;
}

void tg_set_elems(struct tg *g, uint32_t id, const struct tg_elem *elems, uint32_t n)
{
	static const struct tg_elem none = {.name = ""};

	g->elems = mem_grow(g->elems, &g->elem_cap, g->nelems + n, sizeof(*g->elems));
	for (uint32_t i = 0; i < n; i++)
		g->elems[g->nelems + i] = elems ? elems[i] : none;
	g->types[id].first = g->nelems;
	g->types[id].vlen = n;
	g->nelems += n;
}

struct tg_elem *tg_elems(const struct tg *g, uint32_t id)
{
	return g->elems + g->types[id].first;
}

uint32_t tg_nrefs(const struct tg *g, uint32_t id)
{
	return 2 + g->types[id].vlen;
}

uint32_t *tg_ref(const struct tg *g, uint32_t id, uint32_t i)
{
	if (i == 0)
		return &g->types[id].ref;
	if (i == 1)
		return &g->types[id].index;
	return &tg_elems(g, id)[i - 2].type;
}

/* Replaces every reference of type @id by what @map has for it. */
static void tg_map_refs(struct tg *g, uint32_t id, const uint32_t *map)
{
	for (uint32_t i = 0; i < tg_nrefs(g, id); i++)
		*tg_ref(g, id, i) = map[*tg_ref(g, id, i)];
}

void tg_append(struct tg *g, const struct tg *src)
{
	uint32_t shift = g->n - 1, id;

	for (uint32_t s = 1; s < src->n; s++) {
		id = tg_add(g, 0, "");
		g->types[id] = src->types[s];
		tg_set_elems(g, id, tg_elems(src, s), src->types[s].vlen);
		for (uint32_t i = 0; i < tg_nrefs(g, id); i++) {
			if (*tg_ref(g, id, i))
				*tg_ref(g, id, i) += shift;
		}
	}
}

void tg_redirect(struct tg *g, const uint32_t *map)
{
	uint32_t *to = mem_zeroed(g->n, sizeof(*to));
	uint32_t n = 0;

	for (uint32_t id = 0; id < g->n; id++) {
		if (map[id] == id)
			to[id] = n++;
	}
	for (uint32_t id = 0; id < g->n; id++)
		to[id] = to[map[id]];
	for (uint32_t id = 0; id < g->n; id++) {
		if (map[id] != id)
			continue;
		tg_map_refs(g, id, to);
		g->types[to[id]] = g->types[id];
	}
	g->n = n;
	free(to);
}

void tg_reorder(struct tg *g, uint32_t from, const uint32_t *order)
{
	uint32_t *to = mem_resize(NULL, g->n, sizeof(*to));
	struct tg_type *old = mem_resize(NULL, g->n, sizeof(*old));

	memcpy(old, g->types, g->n * sizeof(*old));
	for (uint32_t id = 0; id < g->n; id++)
		to[id] = id;
	for (uint32_t id = from; id < g->n; id++) {
		to[order[id - from]] = id;
		g->types[id] = old[order[id - from]];
	}
	for (uint32_t id = from; id < g->n; id++)
		tg_map_refs(g, id, to);
	free(old);
	free(to);
}

uint32_t tg_size(const struct tg *g, uint32_t id)
{
	const struct tg_type *t = &g->types[id];

	switch (t->kind) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_DATASEC:
		return t->size;
	case BTF_KIND_PTR:
		return 8;
	case BTF_KIND_ARRAY:
		return t->extra * tg_size(g, t->ref);
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
	case BTF_KIND_VAR:
		return tg_size(g, t->ref);
	default:
		return 0;
	}
}

bool tg_is_fwd(const struct tg_type *t)
{
	return t->kind == BTF_KIND_FWD || (t->kind == BTF_KIND_ENUM && !t->vlen && *t->name);
}
