// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/equal.h"

#include <string.h>

#include "tests/gen/mem.h"
#include "tests/gen/rng.h"

static uint64_t mix(uint64_t h, uint64_t v)
{
	return rng_mix(rng_mix(h + 0x9e3779b97f4a7c15u) ^ v);
}

static uint64_t mix_str(uint64_t h, const char *str)
{
	uint64_t s = 14695981039346656037u; /* FNV-1a */

	for (; *str; str++)
		s = (s ^ (unsigned char)*str) * 1099511628211u;
	return mix(h, s);
}

/* All of a type but what it refers to. */
static uint64_t shallow_hash(const struct tg *g, uint32_t id)
{
	const struct tg_type *t = &g->types[id];
	const struct tg_elem *e = tg_elems(g, id);
	uint64_t h = mix(t->kind, t->kflag);

	h = mix(mix(mix_str(h, t->name), t->size), t->extra);
	for (uint32_t i = 0; i < t->vlen; i++)
		h = mix(mix(mix(mix_str(h, e[i].name), e[i].off), e[i].bits), e[i].val);
	if (t->kind == BTF_KIND_VAR || t->kind == BTF_KIND_DATASEC)
		h = mix(h, id);
	return h;
}

/* A hash table from class to its first member, to be filled anew each round. */
struct firsts {
	uint32_t *id; /* + 1; 0 is free */
	uint32_t mask;
};

/* Fills rep[] with the first member of each type's class; how many classes there are. */
static uint32_t find_firsts(struct firsts *f, const uint64_t *cls, uint32_t n, uint32_t *rep)
{
	uint32_t distinct = 0, slot;

	memset(f->id, 0, (f->mask + 1) * sizeof(*f->id));
	for (uint32_t i = 0; i < n; i++) {
		slot = (uint32_t)cls[i] & f->mask;
		while (f->id[slot] && cls[f->id[slot] - 1] != cls[i])
			slot = (slot + 1) & f->mask;
		if (!f->id[slot]) {
			f->id[slot] = i + 1;
			distinct++;
		}
		rep[i] = f->id[slot] - 1;
	}
	return distinct;
}

/* One round: the class of each type also tells the classes it refers to. */
static void refine(const struct tg *g, const uint64_t *cls, uint64_t *next)
{
	for (uint32_t id = 0; id < g->n; id++) {
		next[id] = mix(0, cls[id]);
		for (uint32_t i = 0; i < tg_nrefs(g, id); i++)
			next[id] = mix(next[id], cls[*tg_ref(g, id, i)]);
	}
}

void equal_find(const struct tg *g, uint32_t *rep)
{
	uint64_t *cls = mem_resize(NULL, g->n, sizeof(*cls));
	uint64_t *next = mem_resize(NULL, g->n, sizeof(*next));
	struct firsts f = {.mask = 15};
	uint32_t before, now;

	while (f.mask < g->n * 2)
		f.mask = f.mask * 2 + 1;
	f.id = mem_resize(NULL, f.mask + 1, sizeof(*f.id));
	for (uint32_t id = 0; id < g->n; id++)
		cls[id] = shallow_hash(g, id);
	now = find_firsts(&f, cls, g->n, rep);
	do {
		before = now;
		refine(g, cls, next);
		memcpy(cls, next, g->n * sizeof(*cls));
		now = find_firsts(&f, cls, g->n, rep);
	} while (now != before);
	free(f.id);
	free(cls);
	free(next);
}

void equal_merge(struct tg *g)
{
	uint32_t *rep = mem_resize(NULL, g->n, sizeof(*rep));

	equal_find(g, rep);
	tg_redirect(g, rep);
	free(rep);
}

static bool declares(const struct tg_type *fwd, const struct tg_type *def)
{
	if (tg_is_fwd(def) || strcmp(fwd->name, def->name))
		return false;
	if (fwd->kind == BTF_KIND_ENUM)
		return def->kind == BTF_KIND_ENUM || def->kind == BTF_KIND_ENUM64;
	return def->kind == (fwd->kflag ? BTF_KIND_UNION : BTF_KIND_STRUCT);
}

/* The only definition of what @fwd declares, or @fwd. */
static uint32_t only_definition(const struct tg *g, uint32_t fwd)
{
	uint32_t found = fwd;

	for (uint32_t id = 1; id < g->n; id++) {
		if (!declares(&g->types[fwd], &g->types[id]))
			continue;
		if (found != fwd)
			return fwd;
		found = id;
	}
	return found;
}

/* A FWD that goes away can make types equal that were two, and so a name clear
 * that was ambiguous: hence the loop. */
void equal_resolve_fwds(struct tg *g)
{
	uint32_t *map, resolved;

	do {
		equal_merge(g);
		map = mem_resize(NULL, g->n, sizeof(*map));
		resolved = 0;
		for (uint32_t id = 0; id < g->n; id++) {
			map[id] = tg_is_fwd(&g->types[id]) ? only_definition(g, id) : id;
			resolved += map[id] != id;
		}
		tg_redirect(g, map);
		free(map);
	} while (resolved);
}
