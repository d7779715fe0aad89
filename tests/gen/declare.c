// SPDX-License-Identifier: GPL-2.0-only
/* Declarations: composites, enums, and the slots that hold them. */
#include "tests/gen/declare.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/gen/mem.h"

const char *program_name(struct program *p, const char *fmt, ...)
{
	va_list ap;
	char *name;

	va_start(ap, fmt);
	if (vasprintf(&name, fmt, ap) < 0)
		abort();
	va_end(ap);
	p->names = mem_grow(p->names, &p->name_cap, p->nnames + 1, sizeof(*p->names));
	p->names[p->nnames++] = name;
	return name;
}

uint32_t add_slot(struct program *p, unsigned int kind, const char *name)
{
	struct slot *s;

	p->slots = mem_grow(p->slots, &p->slot_cap, p->nslots + 1, sizeof(*p->slots));
	s = &p->slots[p->nslots];
	memset(s, 0, sizeof(*s));
	s->name = name;
	s->kind = (uint8_t)kind;
	return p->nslots++;
}

void slot_define(struct program *p, uint32_t slot, uint32_t id)
{
	struct slot *s = &p->slots[slot];

	s->variant[s->variants++] = id;
	p->g.types[id].name = s->name;
}

bool slot_is_composite(const struct slot *s)
{
	return s->kind == BTF_KIND_STRUCT || s->kind == BTF_KIND_UNION;
}

bool slot_is_enum(const struct slot *s)
{
	return s->kind == BTF_KIND_ENUM || s->kind == BTF_KIND_ENUM64;
}

bool slot_is_type(const struct slot *s)
{
	return s->kind != BTF_KIND_FUNC && s->kind != BTF_KIND_VAR;
}

/* No alignment above 8, and by size alone: near enough to a compiler's. */
static uint32_t align_of(uint32_t size)
{
	return size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1;
}

void body_add(struct program *p, struct body *b, const char *name, uint32_t ref)
{
	uint32_t size = ref_size(p, ref), align = align_of(size), off = 0;

	if (b->n == MAX_MEMBERS)
		return;
	if (!b->is_union)
		off = (b->size + align - 1) / align * align;
	if (off + size > b->size)
		b->size = off + size;
	b->elems[b->n++] = (struct tg_elem){.name = name, .type = ref, .off = off * 8};
}

/* Some bitfields that share an int. */
static void body_add_bitfields(struct program *p, struct body *b)
{
	uint32_t at = 0, n = rng_range(p->rng, 1, 4),
		 start = b->is_union ? 0 : (b->size + 3) / 4 * 32;
	struct tg_elem *e;

	for (uint32_t i = 0; i < n && b->n < MAX_MEMBERS; i++) {
		e = &b->elems[b->n++];
		e->name = part_name(p);
		e->type = SLOT_REF(rng_below(p->rng, 2));
		e->off = start + at;
		e->bits = rng_range(p->rng, 1, 8);
		if (!b->is_union)
			at += e->bits;
	}
	if (start / 8 + 4 > b->size)
		b->size = start / 8 + 4;
	b->kflag = true;
}

void body_store(struct program *p, uint32_t id, const struct body *b)
{
	uint32_t align = align_of(b->size);

	tg_set_elems(&p->g, id, b->elems, b->n);
	p->g.types[id].size = (b->size + align - 1) / align * align;
	p->g.types[id].kflag = b->kflag;
}

static uint32_t body_length(struct program *p, unsigned int depth)
{
	if (depth)
		return rng_range(p->rng, 1, 3);
	if (rng_chance(p->rng, 4))
		return rng_range(p->rng, 8, 24);
	return rng_chance(p->rng, 4) ? 0 : rng_range(p->rng, 1, 6);
}

static void body_add_random(struct program *p, struct body *b, uint32_t slot, unsigned int depth)
{
	uint32_t ref;
	bool embed;

	if (rng_chance(p->rng, 10)) {
		body_add_bitfields(p, b);
		return;
	}
	ref = expr_value(p, slot, depth);
	/* struct { int x; } without a name in its parent: its members are the parent's */
	embed = ref_is(p, ref, BTF_KIND_STRUCT) || ref_is(p, ref, BTF_KIND_UNION);
	body_add(p, b, embed && rng_chance(p->rng, 50) ? "" : part_name(p), ref);
}

void body_fill(struct program *p, struct body *b, uint32_t slot, unsigned int depth)
{
	uint32_t n = body_length(p, depth);

	for (uint32_t i = 0; i < n; i++)
		body_add_random(p, b, slot, depth);
}

uint32_t expr_enum(struct program *p, unsigned int kind, uint32_t slot)
{
	struct tg_elem e[8] = {0};
	uint32_t n = rng_range(p->rng, 1, 6), id = tg_add(&p->g, kind, "");
	uint64_t val = rng_below(p->rng, 3);

	for (uint32_t i = 0; i < n; i++) {
		e[i].name = program_name(p, "E%u_%c", slot, 'A' + i);
		e[i].val = val;
		val += 1 + rng_below(p->rng, 3);
		if (kind == BTF_KIND_ENUM64 && rng_chance(p->rng, 40))
			val += 1ull << rng_range(p->rng, 32, 60);
	}
	tg_set_elems(&p->g, id, e, n);
	p->g.types[id].size = kind == BTF_KIND_ENUM64 ? 8 : rng_chance(p->rng, 90) ? 4 : 1;
	p->g.types[id].kflag = rng_chance(p->rng, 25);
	return id;
}
