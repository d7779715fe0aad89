// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/types.h"

#include <stdlib.h>
#include <string.h>

/* All of one kind and name in one module. */
struct named {
	const char *name;
	uint32_t kind;
	uint32_t bytes;
	bool in_base;
};

struct names {
	struct named *named; /* sorted */
	uint32_t nr;
};

static int compare_names(const struct named *x, const struct named *y)
{
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int compare_named(const void *a, const void *b)
{
	return compare_names(a, b);
}

/* Adds up what has one name. */
static void join(struct names *names)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < names->nr; i++) {
		struct named *n = &names->named[i];

		if (nr && !compare_names(&names->named[nr - 1], n)) {
			names->named[nr - 1].bytes += n->bytes;
			names->named[nr - 1].in_base |= n->in_base;
		} else {
			names->named[nr++] = *n;
		}
	}
	names->nr = nr;
}

static struct names names_of(struct arena *arena, const struct module_types *types)
{
	struct names names = {arena_array(arena, struct named, types->nr), 0};

	for (uint32_t i = 0; i < types->nr; i++) {
		const struct type_info *t = &types->types[i];

		if (t->name)
			names.named[names.nr++] = (struct named){types->names + t->name, t->kind,
								 t->words * 4, t->in_base};
	}
	qsort(names.named, names.nr, sizeof(*names.named), compare_named);
	join(&names);
	return names;
}

static void add_change(struct types_change *c, const struct named *old, const struct named *new)
{
	const struct named *any = new ? new : old;
	struct type_change t = {
		.name = any->name,
		.kind = any->kind,
		.old_bytes = old ? old->bytes : 0,
		.new_bytes = new ? new->bytes : 0,
		.lost_merge = new ? new->in_base : false,
	};

	if (t.old_bytes == t.new_bytes)
		return;
	c->lost_merges += t.lost_merge;
	c->types[c->nr++] = t;
}

static void walk(struct types_change *c, const struct names *old, const struct names *new)
{
	uint32_t o = 0, n = 0;

	while (o < old->nr || n < new->nr) {
		int cmp = o == old->nr   ? 1
			  : n == new->nr ? -1
					 : compare_names(&old->named[o], &new->named[n]);

		add_change(c, cmp <= 0 ? &old->named[o] : NULL, cmp >= 0 ? &new->named[n] : NULL);
		o += cmp <= 0;
		n += cmp >= 0;
	}
}

static int compare_changes(const void *a, const void *b)
{
	const struct type_change *x = a, *y = b;
	int64_t dx = (int64_t)x->new_bytes - x->old_bytes,
		dy = (int64_t)y->new_bytes - y->old_bytes;

	if (dx != dy)
		return dx < dy ? 1 : -1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void count_anonymous(struct types_change *c, const struct module_types *types, bool new)
{
	for (uint32_t i = 0; i < types->nr; i++) {
		const struct type_info *t = &types->types[i];

		if (!t->name && new)
			c->anonymous[t->kind].new ++;
		else if (!t->name)
			c->anonymous[t->kind].old++;
	}
}

static bool any_change(const struct types_change *c)
{
	for (uint32_t kind = 1; kind < BTF_NR_KINDS; kind++)
		if (c->anonymous[kind].old != c->anonymous[kind].new)
			return true;
	return c->nr;
}

struct types_change *types_compare(struct arena *arena, const struct module_types *old,
				   const struct module_types *new)
{
	struct types_change *c = arena_zalloc(arena, sizeof(*c));
	struct names o, n;
	struct arena_mark mark;

	c->types = arena_array(arena, struct type_change, (size_t)old->nr + new->nr);
	mark = arena_mark(arena);
	o = names_of(arena, old);
	n = names_of(arena, new);
	walk(c, &o, &n);
	arena_release(arena, mark);
	arena_trim(arena, c->types, c->nr * sizeof(*c->types));
	if (c->nr)
		qsort(c->types, c->nr, sizeof(*c->types), compare_changes);
	count_anonymous(c, old, false);
	count_anonymous(c, new, true);
	return any_change(c) ? c : NULL;
}
