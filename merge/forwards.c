// SPDX-License-Identifier: GPL-2.0-only
#include "merge/forwards.h"

/* Do a declaration and another type belong together? */
static bool belongs(const uint32_t *decl, const uint32_t *type)
{
	if (btf_declares(decl, type))
		return true;
	if (btf_kind_of(decl) == BTF_KIND_FWD)
		return btf_kind_of(type) == BTF_KIND_FWD &&
		       btf_fwd_kind_of(type) == btf_fwd_kind_of(decl);
	return btf_kind_is_enum(btf_kind_of(type));
}

static uint32_t nominal_hash(const uint32_t *type)
{
	return key_nominal(btf_kind_of(type), btf_word_kflag(type[BTF_INFO]), type[BTF_NAME]);
}

/* The group that a declaration or definition belongs to, + 1; 0 if none. */
static uint32_t find_group(const struct forwards *f, const struct htab *tab, const uint32_t *type)
{
	const struct graph *g = f->g;

	HTAB_FOR_EACH(tab, nominal_hash(type), it) {
		const uint32_t *decl = blob_type(&g->in, f->group[it.val - 1].first);

		if (belongs(decl, type) && type[BTF_NAME] == decl[BTF_NAME])
			return it.val;
	}
	return 0;
}

/* All declarations, into @decls (room for one more); their number. */
static uint32_t list_declarations(const struct graph *g, uint32_t *decls)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < g->in.declaring.nr; i++) {
		decls[nr] = g->in.declaring.type[i];
		nr += graph_is_forward(g, g->in.declaring.type[i]);
	}
	return nr;
}

/* A bit for each name that is declared: most definitions have another. */
static bool declared(const struct forwards *f, const uint32_t *type)
{
	uint32_t name = type[BTF_NAME] % (64 * 64);

	return f->declared[name / 64] >> name % 64 & 1;
}

static void set_declared(struct forwards *f, const uint32_t *type)
{
	uint32_t name = type[BTF_NAME] % (64 * 64);

	f->declared[name / 64] |= 1ull << name % 64;
}

static void find_declarations(struct forwards *f, const uint32_t *decls, uint32_t nr,
			      struct htab *tab)
{
	struct graph *g = f->g;

	for (; nr; nr--, decls++) {
		uint32_t i = *decls;
		const uint32_t *type = blob_type(&g->in, i);

		set_declared(f, type);
		f->group_of[i] = find_group(f, tab, type);
		if (!f->group_of[i]) {
			f->group[f->nr_groups++] = (struct forward_group){.first = i};
			htab_add(tab, nominal_hash(type), f->nr_groups);
			f->group_of[i] = f->nr_groups;
		}
		f->next_member[i] = f->group[f->group_of[i] - 1].members;
		f->group[f->group_of[i] - 1].members = i + 1;
	}
}

/* Those of @list that may be definitions of what is declared; @def gets room for all. */
static void find_definitions(struct forwards *f, const struct blob_list *list,
			     const struct htab *tab, uint32_t *used)
{
	const struct blob *in = &f->g->in;
	uint32_t *defs = arena_array(f->g->arena, uint32_t, list->nr + 1), nr = 0;

	for (uint32_t i = 0; i < list->nr; i++) {
		const uint32_t *type = blob_type(in, list->type[i]);

		defs[nr] = list->type[i];
		nr += (type[BTF_NAME] != 0) & declared(f, type);
	}
	/* From the last to the first, so that the lists begin with the first. */
	while (nr--) {
		uint32_t i = defs[nr], group;

		if (f->group_of[i])
			continue;
		group = find_group(f, tab, blob_type(in, i));
		if (!group)
			continue;
		f->def[*used] = (struct forward_def){i, f->group[group - 1].defs};
		f->group[group - 1].defs = (*used)++;
	}
}

void forwards_choose(struct forwards *f, uint32_t group, struct forward_way way)
{
	struct graph *g = f->g;

	f->group[group].way = way;
	for (uint32_t m = f->group[group].members; m; m = f->next_member[m - 1]) {
		g->alias[m - 1] = way.means;
		g->open[m - 1] = way.open;
	}
}

/* Forward enums of a name may differ, in size; FWDs of a group do not. */
static void set_first(struct forwards *f, uint32_t i)
{
	struct graph *g = f->g;
	uint32_t first = f->group[f->group_of[i] - 1].first;
	const uint32_t *type = blob_type(&g->in, i), *other = blob_type(&g->in, first);
	bool same = type[BTF_INFO] == other[BTF_INFO] && type[BTF_SIZE] == other[BTF_SIZE];

	g->decl[i] = g->first_own + (same ? first : i);
}

void forwards_find(struct forwards *f, struct graph *g)
{
	uint32_t n = g->in.nr_types, used = 1; /* 0 ends a list of definitions */
	uint32_t *decls = arena_array(g->arena, uint32_t, g->in.declaring.nr + 1);
	uint32_t nr = list_declarations(g, decls);
	struct htab tab;

	*f = (struct forwards){.g = g};
	if (!nr)
		return;
	f->group = arena_array(g->arena, struct forward_group, nr);
	f->def = arena_array(g->arena, struct forward_def,
			     g->in.composites.nr + g->in.declaring.nr + 1);
	f->group_of = arena_zarray(g->arena, uint32_t, n);
	f->next_member = arena_array(g->arena, uint32_t, n);
	g->decl = arena_zarray(g->arena, uint32_t, n);
	g->alias = arena_zarray(g->arena, uint32_t, n);
	g->open = arena_zarray(g->arena, uint8_t, n);
	htab_init(&tab, g->arena, nr);
	find_declarations(f, decls, nr, &tab);
	find_definitions(f, &g->in.composites, &tab, &used);
	find_definitions(f, &g->in.declaring, &tab, &used);
	for (uint32_t i = 0; i < nr; i++)
		set_first(f, decls[i]);
	for (uint32_t i = 0; i < f->nr_groups; i++) {
		uint32_t def = f->group[i].defs;
		struct forward_way way = {def ? g->first_own + f->def[def].own : 0, !def};

		forwards_choose(f, i, way);
	}
}

/* Adds a way unless it is there; the number there are then. */
static uint32_t add_way(struct forward_way *ways, uint32_t nr, uint32_t max, uint32_t means,
			bool open)
{
	for (uint32_t i = 0; i < nr; i++)
		if (ways[i].means == means && ways[i].open == open)
			return nr;
	if (nr < max)
		ways[nr++] = (struct forward_way){means, open};
	return nr;
}

/* The own definitions, by what they became: equal ones are one. */
static uint32_t add_own_ways(const struct forwards *f, uint32_t group, struct forward_way *ways,
			     uint32_t max)
{
	const struct graph *g = f->g;
	uint32_t nr = 0;

	for (uint32_t d = f->group[group].defs; d; d = f->def[d].next) {
		uint32_t image = g->image[f->def[d].own];

		nr = add_way(ways, nr, max, image, !graph_is_own(g, image));
	}
	return nr;
}

uint32_t forwards_ways(const struct forwards *f, uint32_t group, struct forward_way *ways,
		       uint32_t max)
{
	struct graph *g = f->g;
	const uint32_t *decl = blob_type(&g->in, f->group[group].first);
	uint32_t name = decl[BTF_NAME];
	uint32_t nr = add_own_ways(f, group, ways, max), own;

	HTAB_FOR_EACH(&g->base->nominal, nominal_hash(decl), it) {
		const uint32_t *type = base_type(g->base, it.val);

		if (type[BTF_NAME] == name && belongs(decl, type))
			nr = add_way(ways, nr, max, it.val, true);
	}
	if (nr < 2)
		return nr;
	own = nr;
	for (uint32_t i = 0; i < own; i++)
		nr = add_way(ways, nr, max, ways[i].means, true);
	return add_way(ways, nr, max, 0, true);
}
