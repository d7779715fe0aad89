// SPDX-License-Identifier: GPL-2.0-only
#include "merge/passes.h"

static void mark_unsure(struct graph *g, uint32_t i)
{
	if (!g->unsure)
		g->unsure = arena_zarray(g->arena, uint8_t, g->in.nr_types);
	g->unsure[i] = 1;
}

/* Of two declarations of a name. Forward enums may differ in size. */
static bool same_declaration(const uint32_t *decl, const uint32_t *ty)
{
	return ty[BTF_INFO] == decl[BTF_INFO] && ty[BTF_SIZE] == decl[BTF_SIZE];
}

/*
 * Which of the base's types declaration @i becomes. Of several definitions it is
 * the one that it stood opposite to in what merged. If nothing tells, a FWD
 * stays one, the base's if it has it; a forward enum takes the first. 0: none.
 */
static uint32_t find_in_base(struct graph *g, struct pairs *p, uint32_t i)
{
	const uint32_t *decl = blob_type(&g->in, i);
	uint32_t kind = btf_kind_of(decl), name = decl[BTF_NAME];
	uint32_t hash = key_nominal(kind, btf_word_kflag(decl[BTF_INFO]), name);
	uint32_t first = 0, nr = 0, like = 0, used = 0;

	HTAB_FOR_EACH(&g->base->nominal, hash, it) {
		const uint32_t *ty = base_type(g->base, it.val);

		if (ty[BTF_NAME] != name)
			continue;
		if (same_declaration(decl, ty))
			like = it.val;
		if (!btf_declares(decl, ty))
			continue;
		first = first ? first : it.val;
		if (nr++ && !used && pairs_used(p, g->first_own + i, it.val))
			used = it.val;
	}
	if (nr + (like != 0) > 1)
		mark_unsure(g, i);
	if (used)
		return used;
	if (nr == 1 || (nr && (btf_kind_is_enum(kind) || pairs_used(p, g->first_own + i, first))))
		return first;
	return like;
}

/* The base's type that it, with all of its name, was said to mean: the same declaration, or a
 * definition that something speaks for. */
static bool may_mean(struct graph *g, struct pairs *p, uint32_t i)
{
	uint32_t y = g->alias[i];
	const uint32_t *ty;

	if (!y || graph_is_own(g, y))
		return false;
	ty = base_type(g->base, y);
	return btf_is_definition(ty) ? pairs_used(p, g->decl[i], y)
				     : same_declaration(blob_type(&g->in, i), ty);
}

/* The base's type that it stands opposite to somewhere, where that is the only one of its name. */
static uint32_t only_one(const struct graph *g, const struct pairs *p, uint32_t i)
{
	uint32_t y = p->y[i];

	return !(y & PAIR_Y_DEAD) && base_is_sole(g->base, y) ? y : 0;
}

void pass_forwards(struct graph *g, struct pairs *p)
{
	for (uint32_t n = 0; g->decl && n < g->in.declaring.nr; n++) {
		uint32_t i = g->in.declaring.type[n];

		if (!g->decl[i] || graph_is_own(g, g->alias[i]))
			continue;
		if (g->decl[i] != g->first_own + i) {
			g->image[i] = g->image[g->decl[i] - g->first_own];
			continue;
		}
		if (!g->alias[i])
			g->image[i] = only_one(g, p, i);
		if (!g->image[i])
			g->image[i] = may_mean(g, p, i) ? g->alias[i] : find_in_base(g, p, i);
	}
}
