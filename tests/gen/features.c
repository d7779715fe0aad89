// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/features.h"

#include <string.h>

#include "tests/gen/mem.h"
#include "tests/gen/rings.h"

const char *const feature_names[NR_FEATURES] = {
	[F_RING_SELF] = "ring of one struct",
	[F_RING_MANY] = "ring of more structs",
	[F_RING_CALLBACK] = "ring through FUNC_PROTO",
	[F_RING_ANON] = "ring through anonymous",
	[F_RING_ARRAY] = "ring through ARRAY",
	[F_RING_TYPEDEF] = "ring through TYPEDEF",
	[F_RING_TYPE_TAG] = "ring through TYPE_TAG",
	[F_FWD_IN_BASE] = "FWD in base, full in module",
	[F_FWD_IN_MODULE] = "FWD in module, full in base",
	[F_FWD_IN_BOTH] = "FWD in both",
	[F_FWD_BESIDE_DEF] = "FWD beside its definition",
	[F_FWD_OTHER_KIND] = "FWD of the other kind",
	[F_FWD_AMBIGUOUS] = "FWD of an ambiguous name",
	[F_FWD_ENUM] = "forward enum of an ENUM",
	[F_FWD_ENUM64] = "forward enum of an ENUM64",
	[F_FWD_ENUM_IN_BASE] = "forward enum in base",
	[F_AMBIGUOUS_BASE] = "ambiguous name in base",
	[F_AMBIGUOUS_MODULE] = "ambiguous name in module",
	[F_TWO_NAME_SPACES] = "name in two name spaces",
	[F_ANON_DEEP] = "anonymous three deep",
	[F_TYPEDEF_CHAIN] = "typedef chain",
	[F_BITFIELD] = "bitfield",
	[F_EMPTY_STRUCT] = "struct without members",
	[F_KFLAG_TAG] = "tag with kind flag",
	[F_TAG_ON_TYPE] = "DECL_TAG on struct",
	[F_TAG_ON_MEMBER] = "DECL_TAG on member",
	[F_TAG_ON_FUNC] = "DECL_TAG on func",
	[F_TAG_ON_PARAM] = "DECL_TAG on param",
	[F_TAG_ON_VAR] = "DECL_TAG on var",
	[F_TAG_ON_TYPEDEF] = "DECL_TAG on typedef",
	[F_DUPLICATES] = "duplicates",
	[F_NEAR_MISS] = "near miss",
	[F_NEAR_MISS_DEEP] = "near miss deep down",
};

uint32_t features_first_id(const struct btf *btf)
{
	const struct btf *base = btf__base_btf(btf);

	return base ? btf__type_cnt(base) : 1;
}

static const char *name_of(const struct btf *btf, const struct btf_type *t)
{
	return btf__name_by_offset(btf, t->name_off);
}

static bool is_forward_enum(const struct btf_type *t)
{
	return btf_is_enum(t) && !btf_vlen(t);
}

/* The number of types with the name and kind; forward enums count as FWDs of kind ENUM. */
static uint32_t count_named(const struct btf *btf, const char *name, unsigned int kind)
{
	const struct btf_type *t;
	uint32_t n = 0;

	for (uint32_t id = features_first_id(btf); id < btf__type_cnt(btf); id++) {
		t = btf__type_by_id(btf, id);
		if (btf_kind(t) == kind && !is_forward_enum(t) && !strcmp(name_of(btf, t), name))
			n++;
	}
	return n;
}

static bool has_fwd(const struct btf *btf, const char *name, bool is_union)
{
	const struct btf_type *t;

	for (uint32_t id = features_first_id(btf); id < btf__type_cnt(btf); id++) {
		t = btf__type_by_id(btf, id);
		if (btf_is_fwd(t) && btf_kflag(t) == is_union && !strcmp(name_of(btf, t), name))
			return true;
	}
	return false;
}

static void find_rings(const struct btf *module, bool *has)
{
	struct ring_set set;

	rings_find(module, features_first_id(module), &set);
	for (uint32_t i = 0; i < set.n; i++) {
		const struct ring *r = &set.rings[i];

		has[r->named > 1 ? F_RING_MANY : F_RING_SELF] = true;
		has[F_RING_CALLBACK] |= r->kinds[BTF_KIND_FUNC_PROTO];
		has[F_RING_ANON] |= r->anonymous;
		has[F_RING_ARRAY] |= r->kinds[BTF_KIND_ARRAY];
		has[F_RING_TYPEDEF] |= r->kinds[BTF_KIND_TYPEDEF];
		has[F_RING_TYPE_TAG] |= r->kinds[BTF_KIND_TYPE_TAG];
	}
	free(set.rings);
}

static void find_fwd(const struct btf *base, const struct btf *module, const struct btf_type *t,
		     bool *has)
{
	unsigned int kind = btf_kflag(t) ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	unsigned int other = btf_kflag(t) ? BTF_KIND_STRUCT : BTF_KIND_UNION;
	const char *name = name_of(module, t);
	uint32_t in_base = count_named(base, name, kind);
	uint32_t in_module = count_named(module, name, kind);

	has[F_FWD_IN_MODULE] |= in_base && !in_module;
	has[F_FWD_BESIDE_DEF] |= in_module;
	has[F_FWD_IN_BOTH] |= !in_base && !in_module && has_fwd(base, name, btf_kflag(t));
	has[F_FWD_OTHER_KIND] |= count_named(base, name, other) || count_named(module, name, other);
	has[F_FWD_AMBIGUOUS] |= in_base > 1;
}

static void find_forward_enum(const struct btf *base, const struct btf *module,
			      const struct btf_type *t, bool *has)
{
	const char *name = name_of(module, t);

	has[F_FWD_ENUM] |=
		count_named(base, name, BTF_KIND_ENUM) || count_named(module, name, BTF_KIND_ENUM);
	has[F_FWD_ENUM64] |= count_named(base, name, BTF_KIND_ENUM64) ||
			     count_named(module, name, BTF_KIND_ENUM64);
}

static bool is_anonymous(const struct btf_type *t)
{
	return btf_is_composite(t) && !t->name_off;
}

static unsigned int anon_depth(const struct btf *btf, const struct btf_type *t)
{
	unsigned int deepest = 0, depth;

	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		const struct btf_type *m = btf__type_by_id(btf, btf_members(t)[i].type);

		depth = is_anonymous(m) ? 1 + anon_depth(btf, m) : 0;
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest;
}

static void find_composite(const struct btf *base, const struct btf *module,
			   const struct btf_type *t, bool *has)
{
	const char *name = name_of(module, t);

	has[F_ANON_DEEP] |= anon_depth(module, t) >= 3;
	has[F_EMPTY_STRUCT] |= !btf_vlen(t);
	for (uint32_t i = 0; i < btf_vlen(t); i++)
		has[F_BITFIELD] |= btf_member_bitfield_size(t, i) != 0;
	if (!*name)
		return;
	has[F_FWD_IN_BASE] |=
		!count_named(base, name, btf_kind(t)) && has_fwd(base, name, btf_is_union(t));
	has[F_TWO_NAME_SPACES] |= count_named(module, name, BTF_KIND_TYPEDEF) ||
				  count_named(module, name, BTF_KIND_FUNC) ||
				  count_named(module, name, BTF_KIND_VAR);
}

static void find_tag(const struct btf *module, const struct btf_type *t, bool *has)
{
	const struct btf_type *on = btf__type_by_id(module, t->type);
	bool part = btf_decl_tag(t)->component_idx >= 0;

	has[F_KFLAG_TAG] |= btf_kflag(t);
	has[F_TAG_ON_TYPE] |= btf_is_composite(on) && !part;
	has[F_TAG_ON_MEMBER] |= btf_is_composite(on) && part;
	has[F_TAG_ON_FUNC] |= btf_is_func(on) && !part;
	has[F_TAG_ON_PARAM] |= btf_is_func(on) && part;
	has[F_TAG_ON_VAR] |= btf_is_var(on);
	has[F_TAG_ON_TYPEDEF] |= btf_is_typedef(on);
}

static void find_typedef_chain(const struct btf *module, const struct btf_type *t, bool *has)
{
	unsigned int n = 0;

	for (; btf_is_mod(t) || btf_is_typedef(t); t = btf__type_by_id(module, t->type))
		n += btf_is_typedef(t);
	has[F_TYPEDEF_CHAIN] |= n >= 3;
}

static void find_in_type(const struct btf *base, const struct btf *module, const struct btf_type *t,
			 bool *has)
{
	if (btf_is_fwd(t))
		find_fwd(base, module, t, has);
	else if (is_forward_enum(t))
		find_forward_enum(base, module, t, has);
	else if (btf_is_composite(t))
		find_composite(base, module, t, has);
	else if (btf_is_decl_tag(t))
		find_tag(module, t, has);
	else if (btf_is_typedef(t))
		find_typedef_chain(module, t, has);
	else if (btf_is_type_tag(t))
		has[F_KFLAG_TAG] |= btf_kflag(t);
}

static bool has_ambiguous(const struct btf *btf)
{
	const struct btf_type *t;

	for (uint32_t id = features_first_id(btf); id < btf__type_cnt(btf); id++) {
		t = btf__type_by_id(btf, id);
		if (btf_is_composite(t) && t->name_off &&
		    count_named(btf, name_of(btf, t), btf_kind(t)) > 1)
			return true;
	}
	return false;
}

/* The same names of members, at the same offsets. */
static bool same_members(const struct btf *a, const struct btf_type *x, const struct btf *b,
			 const struct btf_type *y)
{
	for (uint32_t i = 0; i < btf_vlen(x); i++) {
		const struct btf_member *m = btf_members(x) + i, *n = btf_members(y) + i;

		if (m->offset != n->offset || strcmp(btf__name_by_offset(a, m->name_off),
						     btf__name_by_offset(b, n->name_off)))
			return false;
	}
	return true;
}

/* @t stays in the module. */
static void find_near_miss(const struct btf *base, const struct btf *merged,
			   const struct btf_type *t, bool *has)
{
	const struct btf_type *o;

	if (!btf_is_composite(t) || !t->name_off)
		return;
	for (uint32_t id = 1; id < btf__type_cnt(base); id++) {
		o = btf__type_by_id(base, id);
		if (btf_kind(o) != btf_kind(t) || btf_vlen(o) != btf_vlen(t) ||
		    o->size != t->size || strcmp(name_of(base, o), name_of(merged, t)))
			continue;
		has[F_NEAR_MISS] = true;
		has[F_NEAR_MISS_DEEP] |= o->info == t->info && same_members(base, o, merged, t);
	}
}

void features_find(const struct btf *base, const struct btf *module, const struct btf *alone,
		   const struct btf *merged, bool *has)
{
	find_rings(module, has);
	for (uint32_t id = features_first_id(module); id < btf__type_cnt(module); id++)
		find_in_type(base, module, btf__type_by_id(module, id), has);
	for (uint32_t id = 1; id < btf__type_cnt(base); id++)
		has[F_FWD_ENUM_IN_BASE] |= is_forward_enum(btf__type_by_id(base, id));
	for (uint32_t id = features_first_id(merged); id < btf__type_cnt(merged); id++)
		find_near_miss(base, merged, btf__type_by_id(merged, id), has);
	has[F_AMBIGUOUS_BASE] |= has_ambiguous(base);
	if (alone) {
		has[F_AMBIGUOUS_MODULE] |= has_ambiguous(alone);
		has[F_DUPLICATES] |= btf__type_cnt(alone) * 4 <= btf__type_cnt(module) * 3;
	}
}
