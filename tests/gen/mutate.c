// SPDX-License-Identifier: GPL-2.0-only
/* Near misses: a copy of a definition in which one thing is different. */
#include <string.h>

#include "tests/gen/declare.h"

/* A copy of all that belongs to the definition; slots are not followed. */
static uint32_t copy_ref(struct program *p, uint32_t ref)
{
	struct tg_elem elems[MAX_MEMBERS];
	uint32_t id, vlen;

	if (!ref || IS_SLOT(ref))
		return ref;
	vlen = p->g.types[ref].vlen;
	memcpy(elems, tg_elems(&p->g, ref), vlen * sizeof(*elems));
	id = tg_add(&p->g, 0, "");
	p->g.types[id] = p->g.types[ref];
	tg_set_elems(&p->g, id, elems, vlen);
	for (uint32_t i = 0; i < tg_nrefs(&p->g, id); i++) {
		uint32_t to = copy_ref(p, *tg_ref(&p->g, id, i));

		*tg_ref(&p->g, id, i) = to; /* the copying moved the graph */
	}
	return id;
}

/* Each of the following changes one thing in type @id and says whether it did. */

static bool vary_int(struct program *p, uint32_t id)
{
	struct tg_type *t = &p->g.types[id];
	uint32_t encoding = t->extra >> 24;

	if (rng_chance(p->rng, 35)) {
		t->extra--; /* bits */
		return true;
	}
	/* The kernel wants one at most. */
	encoding = encoding ? 0 : rng_chance(p->rng, 50) ? BTF_INT_SIGNED : BTF_INT_CHAR;
	t->extra = encoding << 24 | (t->extra & 0xffffff);
	return true;
}

/* Puts a qualifier between the type and what it refers to, or takes it away. */
static bool vary_qualifier(struct program *p, uint32_t id)
{
	uint32_t ref = p->g.types[id].ref, wrap;

	if (ref_is(p, ref, BTF_KIND_CONST) || ref_is(p, ref, BTF_KIND_VOLATILE)) {
		p->g.types[id].ref = p->g.types[ref].ref;
		return true;
	}
	/* Qualifiers come below type tags, and functions have none. */
	if (ref_is(p, ref, BTF_KIND_TYPE_TAG) || ref_is(p, ref, BTF_KIND_FUNC_PROTO))
		return false;
	wrap = expr_wrap(p, BTF_KIND_CONST, ref);
	p->g.types[id].ref = wrap;
	return true;
}

static bool vary_target(struct program *p, uint32_t id)
{
	uint32_t ref = p->g.types[id].ref;
	uint32_t to = rng_chance(p->rng, 20) ? 0 : some_composite(p, rng_below(p->rng, p->nslots));

	if ((ref && !IS_SLOT(ref)) || ref == to)
		return false;
	p->g.types[id].ref = to;
	return true;
}

static bool vary_pointer(struct program *p, uint32_t id)
{
	return rng_chance(p->rng, 60) ? vary_qualifier(p, id) : vary_target(p, id);
}

static bool vary_array(struct program *p, uint32_t id)
{
	struct tg_type *t = &p->g.types[id];

	t->extra = t->extra ? t->extra - 1 : 1;
	return true;
}

static bool vary_offset(struct program *p, uint32_t id, uint32_t i)
{
	struct tg_elem *e = tg_elems(&p->g, id);

	if (p->g.types[id].kind == BTF_KIND_UNION || e[i].bits || !i || e[i].off < e[i - 1].off + 8)
		return false;
	e[i].off -= 8;
	return true;
}

static bool vary_member_name(struct program *p, struct tg_elem *e)
{
	const char *name = part_name(p);

	if (!strcmp(name, e->name))
		return false;
	e->name = name;
	return true;
}

static bool vary_width(struct tg_elem *e)
{
	if (!e->bits)
		return false;
	e->bits = e->bits > 1 ? e->bits - 1 : 2;
	return true;
}

/* The types of two members change places. Not of bitfields, nor of two that are equal
 * or could be. */
static bool vary_member_types(struct program *p, uint32_t id, uint32_t i)
{
	struct tg_elem *e = tg_elems(&p->g, id);
	uint32_t other = e[i ? i - 1 : 0].type;

	if (!i || e[i].bits || e[i - 1].bits || !IS_SLOT(other) || !IS_SLOT(e[i].type) ||
	    other == e[i].type || ref_size(p, other) != ref_size(p, e[i].type))
		return false;
	e[i - 1].type = e[i].type;
	e[i].type = other;
	return true;
}

static bool vary_composite(struct program *p, uint32_t id)
{
	struct tg_type *t = &p->g.types[id];
	uint32_t i = t->vlen ? rng_below(p->rng, t->vlen) : 0;

	switch (t->vlen ? rng_below(p->rng, 9) : 0) {
	case 0:
		t->size += 8;
		return true;
	case 1:
		t->vlen--;
		return true;
	case 2: /* what a newer encoder does with a struct without bitfields */
		if (t->kflag)
			return false;
		t->kflag = true;
		return true;
	case 3:
	case 4:
		return vary_offset(p, id, i);
	case 5:
		return vary_member_types(p, id, i);
	case 6:
		return vary_width(&tg_elems(&p->g, id)[i]);
	default:
		return vary_member_name(p, &tg_elems(&p->g, id)[i]);
	}
}

static void convert_enum(struct tg_type *t, struct tg_elem *e)
{
	t->kind = t->kind == BTF_KIND_ENUM ? BTF_KIND_ENUM64 : BTF_KIND_ENUM;
	t->size = t->kind == BTF_KIND_ENUM ? 4 : 8;
	for (uint32_t i = 0; t->kind == BTF_KIND_ENUM && i < t->vlen; i++)
		e[i].val = (uint32_t)e[i].val;
}

static bool vary_enum(struct program *p, uint32_t id)
{
	struct tg_type *t = &p->g.types[id];
	struct tg_elem *last = &tg_elems(&p->g, id)[t->vlen - 1];

	switch (rng_below(p->rng, 5)) {
	case 0:
		t->kflag = !t->kflag;
		return true;
	case 1:
		convert_enum(t, tg_elems(&p->g, id));
		return true;
	case 2:
		last->name = "E_OTHER";
		return true;
	case 3:
		if (t->vlen < 2)
			return false;
		t->vlen--;
		return true;
	default: /* in the lower or the upper half of the value */
		last->val += t->kind == BTF_KIND_ENUM64 && rng_chance(p->rng, 50) ? 1ull << 33 : 1;
		return true;
	}
}

static bool vary_proto(struct program *p, uint32_t id)
{
	struct tg_type *t = &p->g.types[id];
	struct tg_elem *last = t->vlen ? &tg_elems(&p->g, id)[t->vlen - 1] : NULL;

	if (!last || rng_chance(p->rng, 40)) {
		if (t->ref && t->ref != SLOT_REF(SLOT_INT))
			return false;
		t->ref = t->ref ? 0 : SLOT_REF(SLOT_INT);
		return true;
	}
	if (*last->name && rng_chance(p->rng, 50))
		return vary_member_name(p, last);
	t->vlen--;
	return true;
}

static bool vary_one(struct program *p, uint32_t id)
{
	struct tg_type *t = &p->g.types[id];

	switch (t->kind) {
	case BTF_KIND_INT:
		return vary_int(p, id);
	case BTF_KIND_FLOAT:
		t->size = t->size == 8 ? 4 : 8;
		return true;
	case BTF_KIND_PTR:
		return vary_pointer(p, id);
	case BTF_KIND_TYPEDEF:
		return vary_qualifier(p, id);
	case BTF_KIND_ARRAY:
		return vary_array(p, id);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return vary_composite(p, id);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return vary_enum(p, id);
	case BTF_KIND_CONST:
		t->kind = BTF_KIND_VOLATILE;
		return true;
	case BTF_KIND_VOLATILE:
		t->kind = BTF_KIND_CONST;
		return true;
	case BTF_KIND_TYPE_TAG:
		t->kflag = !t->kflag;
		return true;
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
		t->extra = !t->extra;
		return true;
	case BTF_KIND_FUNC_PROTO:
		return vary_proto(p, id);
	default:
		return false;
	}
}

static uint32_t near_miss(struct program *p, uint32_t slot)
{
	uint32_t from = p->g.n, id = copy_ref(p, p->slots[slot].variant[0]), n = p->g.n - from;

	for (int tries = 0; tries < 50; tries++) {
		if (vary_one(p, from + rng_below(p->rng, n)))
			break;
	}
	return id;
}

uint32_t program_vary(struct program *p, uint32_t slot)
{
	uint32_t variants = p->slots[slot].variants;

	if (variants == MAX_VARIANTS)
		return rng_below(p->rng, variants);
	slot_define(p, slot, rng_chance(p->rng, 90) ? near_miss(p, slot) : slot_invent(p, slot));
	return variants;
}

uint32_t program_vary_kind(struct program *p, uint32_t slot)
{
	uint32_t variants = p->slots[slot].variants, id;
	struct tg_type *t;

	if (variants == MAX_VARIANTS || !slot_is_composite(&p->slots[slot]))
		return program_vary(p, slot);
	id = copy_ref(p, p->slots[slot].variant[0]);
	t = &p->g.types[id];
	t->kind = t->kind == BTF_KIND_STRUCT ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	for (uint32_t i = 0; i < t->vlen; i++)
		tg_elems(&p->g, id)[i].off = 0;
	slot_define(p, slot, id);
	return variants;
}
