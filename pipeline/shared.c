// SPDX-License-Identifier: GPL-2.0-only
/* All types of all modules in one array, sorted by hash: what is the same stands together. */
#include "pipeline/shared.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One type of one module. */
struct member {
	uint64_t hash;
	uint32_t row;
	uint32_t type; /* its place in that module */
};

struct members {
	struct member *member;
	size_t nr;
};

static bool may_be_shared(const struct type_info *t)
{
	return t->hash && !btf_kind_stays(t->kind);
}

static int compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->type > y->type) - (x->type < y->type);
}

static int gather(struct members *all, const struct run *run)
{
	uint32_t nr_rows = run->in.list.nr_rows;
	size_t nr = 0;

	for (uint32_t row = 0; row < nr_rows; row++)
		nr += run->types[row].nr;
	all->member = calloc(nr + 1, sizeof(*all->member));
	if (!all->member)
		return -ENOMEM;
	for (uint32_t row = 0; row < nr_rows; row++) {
		const struct module_types *types = &run->types[row];

		for (uint32_t i = 0; i < types->nr; i++)
			if (may_be_shared(&types->types[i]))
				all->member[all->nr++] =
					(struct member){types->types[i].hash, row, i};
	}
	qsort(all->member, all->nr, sizeof(*all->member), compare_members);
	return 0;
}

/* The end of the group of one hash that begins at @at; in how many modules it is. */
static size_t group_end(const struct members *all, size_t at, uint32_t *modules)
{
	size_t end = at + 1;

	*modules = 1;
	for (; end < all->nr && all->member[end].hash == all->member[at].hash; end++)
		*modules += all->member[end].row != all->member[end - 1].row;
	return end;
}

static void add_group(struct shared *s, const struct run *run, const struct member *first,
		      uint32_t modules)
{
	const struct module_types *types = &run->types[first->row];
	const struct type_info *t = &types->types[first->type];
	uint32_t bytes = t->words * 4;
	uint64_t saved = (uint64_t)(modules - 1) * bytes;

	s->saved += saved;
	if (!t->name) {
		s->anonymous++;
		s->anonymous_saved += saved;
		return;
	}
	s->types[s->nr++] = (struct shared_type){
		.hash = t->hash,
		.name = types->names + t->name,
		.first = run->in.list.rows[first->row].path,
		.kind = t->kind,
		.bytes = bytes,
		.modules = modules,
		.saved = saved,
	};
}

/* What saves as much is ranked by name, so that the hash, of which nobody knows anything,
 * comes last. */
static int compare_shared(const void *a, const void *b)
{
	const struct shared_type *x = a, *y = b;
	int c;

	if (x->saved != y->saved)
		return x->saved < y->saved ? 1 : -1;
	c = strcmp(x->name, y->name);
	if (!c)
		c = strcmp(x->first, y->first);
	if (c)
		return c;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->hash > y->hash) - (x->hash < y->hash);
}

static int group(struct shared *s, const struct members *all, const struct run *run)
{
	uint32_t modules;

	s->types = calloc(all->nr / 2 + 1, sizeof(*s->types));
	if (!s->types)
		return -ENOMEM;
	for (size_t at = 0, end; at < all->nr; at = end) {
		end = group_end(all, at, &modules);
		if (modules > 1)
			add_group(s, run, &all->member[at], modules);
	}
	qsort(s->types, s->nr, sizeof(*s->types), compare_shared);
	return 0;
}

int shared_find(struct shared *shared, const struct run *run)
{
	struct members all = {0};
	int err;

	*shared = (struct shared){0};
	err = gather(&all, run);
	if (!err)
		err = group(shared, &all, run);
	free(all.member);
	return err;
}

void shared_free(struct shared *shared)
{
	free(shared->types);
}
