// SPDX-License-Identifier: GPL-2.0-only
/* Type expressions: what members, parameters and typedefs are made of. */
#include "tests/gen/declare.h"

#define MAX_DEPTH 4

static const char *const part_names[] = {
	"next",  "prev", "list", "ops",    "data",      "flags", "refcnt", "lock",         "priv",
	"owner", "node", "head", "parent", "len",       "size",  "count",  "state",        "id",
	"name",  "cb",   "ctx",  "dev",    "list_head", "u",     "dev_id", "private_data",
};

const char *part_name(struct program *p)
{
	return part_names[rng_below(p->rng, sizeof(part_names) / sizeof(*part_names))];
}

/* A random slot that @fits, from @from to before @end; void when a few tries find none. */
static uint32_t slot_between(struct program *p, uint32_t from, uint32_t end,
			     bool (*fits)(const struct slot *s))
{
	uint32_t i;

	for (int tries = 0; from < end && tries < 12; tries++) {
		i = rng_range(p->rng, from, end - 1);
		if (fits(&p->slots[i]))
			return SLOT_REF(i);
	}
	return 0;
}

static uint32_t some_slot(struct program *p, uint32_t end, bool (*fits)(const struct slot *s))
{
	return slot_between(p, 0, end, fits);
}

static bool slot_is_int(const struct slot *s)
{
	return s->kind == BTF_KIND_INT;
}

static bool slot_is_scalar(const struct slot *s)
{
	return s->kind == BTF_KIND_INT || s->kind == BTF_KIND_FLOAT;
}

static bool slot_is_typedef(const struct slot *s)
{
	return s->kind == BTF_KIND_TYPEDEF;
}

uint32_t some_composite(struct program *p, uint32_t near)
{
	uint32_t from = near > 5 ? near - 5 : 0, end = near + 6, ref = 0;

	if (rng_chance(p->rng, 75))
		ref = slot_between(p, from, end < p->nslots ? end : p->nslots, slot_is_composite);
	return ref ? ref : some_slot(p, p->nslots, slot_is_composite);
}

bool ref_is(const struct program *p, uint32_t ref, unsigned int kind)
{
	return ref && !IS_SLOT(ref) && p->g.types[ref].kind == kind;
}

uint32_t ref_size(const struct program *p, uint32_t ref)
{
	const struct tg_type *t;

	if (!ref)
		return 0;
	t = &p->g.types[IS_SLOT(ref) ? p->slots[SLOT_OF(ref)].variant[0] : ref];
	switch (t->kind) {
	case BTF_KIND_PTR:
		return 8;
	case BTF_KIND_ARRAY:
		return t->extra * ref_size(p, t->ref);
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return ref_size(p, t->ref);
	default:
		return t->size;
	}
}

uint32_t expr_wrap(struct program *p, unsigned int kind, uint32_t ref)
{
	uint32_t id = tg_add(&p->g, kind, "");

	p->g.types[id].ref = ref;
	return id;
}

uint32_t expr_type_tag(struct program *p, uint32_t ref)
{
	static const char *const tags[] = {"user", "rcu", "percpu", "address_space(1)"};
	uint32_t id = expr_wrap(p, BTF_KIND_TYPE_TAG, ref);

	p->g.types[id].name = tags[rng_below(p->rng, 4)];
	p->g.types[id].kflag = rng_chance(p->rng, 25);
	return id;
}

uint32_t expr_array(struct program *p, uint32_t ref, uint32_t nelems)
{
	uint32_t id = expr_wrap(p, BTF_KIND_ARRAY, ref);

	p->g.types[id].index = SLOT_REF(SLOT_UNSIGNED);
	p->g.types[id].extra = nelems;
	return id;
}

/* A parameter: arrays decay, structs are passed by pointer mostly. */
static uint32_t expr_param(struct program *p, uint32_t slot, unsigned int depth)
{
	uint32_t dice = rng_below(p->rng, 10), ref;

	if (dice < 6) {
		ref = expr_pointer(p, slot, depth + 1);
		return rng_chance(p->rng, 8) ? expr_wrap(p, BTF_KIND_RESTRICT, ref) : ref;
	}
	ref = some_slot(p, slot, dice == 6 ? slot_is_type : slot_is_scalar);
	return ref ? ref : SLOT_REF(SLOT_INT);
}

uint32_t expr_proto(struct program *p, uint32_t slot, unsigned int depth, bool named)
{
	uint32_t n = rng_below(p->rng, 4), id;
	struct tg_elem params[5] = {0};
	uint32_t ret = rng_chance(p->rng, 40) ? 0 : expr_param(p, slot, depth);

	for (uint32_t i = 0; i < n; i++) {
		params[i].name = named ? part_name(p) : "";
		params[i].type = expr_param(p, slot, depth);
	}
	if (n && rng_chance(p->rng, 10))
		params[n++].name = "";
	id = expr_wrap(p, BTF_KIND_FUNC_PROTO, ret);
	tg_set_elems(&p->g, id, params, n);
	return id;
}

/* What a pointer points at, without tags and qualifiers. */
static uint32_t expr_target(struct program *p, uint32_t slot, unsigned int depth)
{
	/* A typedef that refers to later typedefs could meet itself without a struct. */
	uint32_t typedefs = p->slots[slot].kind == BTF_KIND_TYPEDEF ? slot : p->nslots;
	uint32_t dice = rng_below(p->rng, 20);

	if (dice < 9)
		return some_composite(p, slot);
	if (dice < 12)
		return depth < MAX_DEPTH ? expr_proto(p, slot, depth + 1, false) : 0;
	if (dice < 13)
		return expr_pointer(p, slot, depth + 1);
	if (dice < 15)
		return some_slot(p, typedefs, slot_is_typedef);
	if (dice < 16)
		return some_slot(p, p->nslots, slot_is_enum);
	if (dice < 18)
		return some_slot(p, slot, slot_is_int);
	return 0;
}

uint32_t expr_pointer(struct program *p, uint32_t slot, unsigned int depth)
{
	uint32_t ref = expr_target(p, slot, depth);

	if (!ref_is(p, ref, BTF_KIND_FUNC_PROTO) && rng_chance(p->rng, 20))
		ref = expr_wrap(p, rng_chance(p->rng, 85) ? BTF_KIND_CONST : BTF_KIND_VOLATILE,
				ref);
	if (rng_chance(p->rng, 7))
		ref = expr_type_tag(p, ref);
	return expr_wrap(p, BTF_KIND_PTR, ref);
}

static uint32_t expr_anonymous(struct program *p, uint32_t slot, unsigned int depth)
{
	struct body b = {.is_union = rng_chance(p->rng, 50)};
	uint32_t id;

	if (depth >= MAX_DEPTH)
		return expr_pointer(p, slot, depth);
	if (rng_chance(p->rng, 10))
		return expr_enum(p, BTF_KIND_ENUM, slot);
	body_fill(p, &b, slot, depth + 1);
	id = tg_add(&p->g, b.is_union ? BTF_KIND_UNION : BTF_KIND_STRUCT, "");
	body_store(p, id, &b);
	return id;
}

bool is_before(const struct program *p, uint32_t ref, uint32_t slot)
{
	const struct slot *s;

	if (!ref || ref_is(p, ref, BTF_KIND_PTR) || ref_is(p, ref, BTF_KIND_FUNC_PROTO))
		return true;
	if (IS_SLOT(ref)) {
		s = &p->slots[SLOT_OF(ref)];
		if (s->kind != BTF_KIND_TYPEDEF)
			return SLOT_OF(ref) < slot;
		/* Later variants are never of later structs. */
		return is_before(p, p->g.types[s->variant[0]].ref, slot);
	}
	for (uint32_t i = 0; i < tg_nrefs(&p->g, ref); i++) {
		if (!is_before(p, *tg_ref(&p->g, ref, i), slot))
			return false;
	}
	return true;
}

static uint32_t expr_named(struct program *p, uint32_t slot, bool (*fits)(const struct slot *s))
{
	uint32_t ref = some_slot(p, slot, fits);

	/* Larger things would grow without bound, one holding the next. */
	if (!ref || !is_before(p, ref, slot) || ref_size(p, ref) > 4096)
		return SLOT_REF(SLOT_INT);
	return ref;
}

static uint32_t expr_unqualified(struct program *p, uint32_t slot, unsigned int depth)
{
	uint32_t dice = rng_below(p->rng, 20), ref;

	if (dice < 6)
		return expr_pointer(p, slot, depth);
	if (dice < 8) {
		ref = expr_value(p, slot, depth + 1);
		return expr_array(p, ref, rng_below(p->rng, 9));
	}
	if (dice < 11)
		return expr_anonymous(p, slot, depth);
	if (dice < 13)
		return expr_named(p, slot, slot_is_composite);
	if (dice < 15)
		return expr_named(p, slot, slot_is_typedef);
	if (dice < 16)
		return expr_named(p, slot, slot_is_enum);
	return expr_named(p, slot, slot_is_scalar);
}

uint32_t expr_value(struct program *p, uint32_t slot, unsigned int depth)
{
	uint32_t ref;

	if (depth > MAX_DEPTH)
		return SLOT_REF(SLOT_INT);
	ref = expr_unqualified(p, slot, depth);
	if (rng_chance(p->rng, 6))
		ref = expr_wrap(p, rng_chance(p->rng, 60) ? BTF_KIND_CONST : BTF_KIND_VOLATILE,
				ref);
	return ref;
}
