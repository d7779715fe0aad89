// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/program.h"

#include <string.h>

#include "tests/gen/declare.h"
#include "tests/gen/mem.h"

static const struct {
	const char *name;
	uint8_t size, encoding, offset, bits;
} ints[] = {
	{"int", 4, BTF_INT_SIGNED, 0, 32},
	{"unsigned int", 4, 0, 0, 32},
	{"char", 1, BTF_INT_SIGNED, 0, 8},
	{"long", 8, BTF_INT_SIGNED, 0, 64},
	{"unsigned char", 1, 0, 0, 8},
	{"_Bool", 1, BTF_INT_BOOL, 0, 8},
	{"long unsigned int", 8, 0, 0, 64},
	{"short", 2, BTF_INT_SIGNED, 0, 16},
	{"__int128", 16, BTF_INT_SIGNED, 0, 128},
	/* Encoders before 2018 wrote bitfields as such. */
	{"legacy_bits", 4, 0, 3, 5},
};

/* What a declaration in the middle of a program is, of 100. */
static const struct {
	uint8_t kind, share;
} kind_shares[] = {
	{BTF_KIND_STRUCT, 50}, {BTF_KIND_UNION, 9}, {BTF_KIND_ENUM, 9},
	{BTF_KIND_ENUM64, 5},  {BTF_KIND_FLOAT, 4}, {BTF_KIND_TYPEDEF, 23},
};

static void add_ints(struct program *p)
{
	uint32_t n = rng_range(p->rng, 3, sizeof(ints) / sizeof(*ints)), id;

	for (uint32_t i = 0; i < n; i++) {
		id = tg_add(&p->g, BTF_KIND_INT, "");
		p->g.types[id].size = ints[i].size;
		p->g.types[id].extra = (uint32_t)ints[i].encoding << 24 |
				       (uint32_t)ints[i].offset << 16 | ints[i].bits;
		slot_define(p, add_slot(p, BTF_KIND_INT, ints[i].name), id);
	}
}

static unsigned int some_kind(struct program *p)
{
	uint32_t dice = rng_below(p->rng, 100), i = 0;

	while (dice >= kind_shares[i].share)
		dice -= kind_shares[i++].share;
	return kind_shares[i].kind;
}

/* Typedefs, functions and variables may be called as a struct is: other name spaces
 * in C, one string in BTF. */
static const char *slot_name(struct program *p, unsigned int kind)
{
	static const char *const words[] = {"list_head", "head", "sk_buff",  "net",  "inode",
					    "work",      "dev",  "irq_info", "slot", "ctx"};
	uint32_t other;

	if (kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION && rng_chance(p->rng, 25)) {
		other = rng_below(p->rng, p->nslots);
		if (slot_is_composite(&p->slots[other]))
			return p->slots[other].name;
	}
	return program_name(p, "%s_%u", words[rng_below(p->rng, 10)], p->nslots);
}

static uint32_t invent_var(struct program *p, uint32_t slot)
{
	uint32_t id = expr_wrap(p, BTF_KIND_VAR, expr_value(p, slot, 0));

	p->g.types[id].extra = rng_below(p->rng, 2); /* static, global */
	return id;
}

static uint32_t invent_func(struct program *p, uint32_t slot)
{
	uint32_t id = expr_wrap(p, BTF_KIND_FUNC, expr_proto(p, slot, 0, true));

	p->g.types[id].extra = rng_below(p->rng, 2);
	return id;
}

/* The typedef before this one, maybe const or volatile; void when there is none. */
static uint32_t chain_typedef(struct program *p, uint32_t slot)
{
	uint32_t i = slot;

	while (i && p->slots[i - 1].kind != BTF_KIND_TYPEDEF)
		i--;
	if (!i)
		return 0;
	if (rng_chance(p->rng, 30))
		return expr_wrap(p, BTF_KIND_CONST, SLOT_REF(i - 1));
	return SLOT_REF(i - 1);
}

static uint32_t invent_typedef(struct program *p, uint32_t slot)
{
	uint32_t ref = rng_chance(p->rng, 50) ? chain_typedef(p, slot) : 0;

	/* typedef struct foo foo_t, maybe before struct foo; not so for later variants,
	 * because that foo may by now hold a foo_t. */
	if (p->slots[slot].variants && !is_before(p, ref, slot))
		ref = 0;
	if (!ref && !p->slots[slot].variants && rng_chance(p->rng, 35))
		ref = some_composite(p, slot);
	return expr_wrap(p, BTF_KIND_TYPEDEF, ref ? ref : expr_value(p, slot, 0));
}

static void add_links(struct program *p, struct body *b, const struct slot *s)
{
	for (uint32_t i = 0; i < s->nlinks; i++)
		body_add(p, b, rng_chance(p->rng, 70) ? "next" : part_name(p), s->links[i]);
}

static uint32_t invent_composite(struct program *p, uint32_t slot)
{
	unsigned int kind = p->slots[slot].kind;
	struct body b = {.is_union = kind == BTF_KIND_UNION};
	bool first = !p->slots[slot].variants, links_first = rng_chance(p->rng, 50);
	uint32_t id;

	if (first && links_first)
		add_links(p, &b, &p->slots[slot]);
	body_fill(p, &b, slot, 0);
	if (first && !links_first)
		add_links(p, &b, &p->slots[slot]);
	id = tg_add(&p->g, kind, "");
	body_store(p, id, &b);
	return id;
}

uint32_t slot_invent(struct program *p, uint32_t slot)
{
	unsigned int kind = p->slots[slot].kind;
	uint32_t id;

	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return invent_composite(p, slot);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return expr_enum(p, kind, slot);
	case BTF_KIND_TYPEDEF:
		return invent_typedef(p, slot);
	case BTF_KIND_FUNC:
		return invent_func(p, slot);
	case BTF_KIND_VAR:
		return invent_var(p, slot);
	default:
		id = tg_add(&p->g, kind, "");
		p->g.types[id].size = rng_chance(p->rng, 50) ? 8 : 4;
		p->g.types[id].extra = kind == BTF_KIND_INT ? p->g.types[id].size * 8 : 0;
		return id;
	}
}

/* One way for struct @slot to refer to struct @to, as a member. */
static uint32_t ring_link(struct program *p, uint32_t to)
{
	struct tg_elem param = {.name = "", .type = 0};
	struct body anon = {.is_union = rng_chance(p->rng, 50)};
	uint32_t ref = SLOT_REF(to), id;

	switch (rng_below(p->rng, 8)) {
	case 0:
		return expr_wrap(p, BTF_KIND_PTR, expr_wrap(p, BTF_KIND_CONST, ref));
	case 1: /* a callback that takes the struct */
		param.type = expr_wrap(p, BTF_KIND_PTR, ref);
		id = expr_wrap(p, BTF_KIND_FUNC_PROTO, SLOT_REF(SLOT_INT));
		tg_set_elems(&p->g, id, &param, 1);
		return expr_wrap(p, BTF_KIND_PTR, id);
	case 2: /* in an anonymous struct or union, maybe in another */
	case 3:
		body_add(p, &anon, "next", ring_link(p, to));
		body_add(p, &anon, "id", SLOT_REF(SLOT_INT));
		id = tg_add(&p->g, anon.is_union ? BTF_KIND_UNION : BTF_KIND_STRUCT, "");
		body_store(p, id, &anon);
		return id;
	case 4:
		return expr_array(p, expr_wrap(p, BTF_KIND_PTR, ref), rng_range(p->rng, 1, 4));
	case 5: /* through a typedef of the struct */
		id = add_slot(p, BTF_KIND_TYPEDEF, slot_name(p, BTF_KIND_TYPEDEF));
		slot_define(p, id, expr_wrap(p, BTF_KIND_TYPEDEF, ref));
		return expr_wrap(p, BTF_KIND_PTR, SLOT_REF(id));
	case 6:
		return expr_wrap(p, BTF_KIND_PTR, expr_type_tag(p, ref));
	default:
		return expr_wrap(p, BTF_KIND_PTR, ref);
	}
}

/* Plans a ring of one to six of the composites from slot @from on. */
static void add_ring(struct program *p, uint32_t from)
{
	uint32_t ring[6], want = rng_range(p->rng, 1, 6), n = 0, i, link;
	struct slot *s;

	for (int tries = 0; n < want && tries < 30; tries++) {
		ring[n] = rng_range(p->rng, from, p->nslots - 1);
		for (i = 0; i < n && ring[i] != ring[n]; i++)
			;
		n += i == n && slot_is_composite(&p->slots[ring[n]]);
	}
	for (i = 0; i < n; i++) {
		link = ring_link(p, ring[(i + 1) % n]);
		s = &p->slots[ring[i]];
		if (s->nlinks < MAX_LINKS)
			s->links[s->nlinks++] = link;
	}
}

/* First the names, then what they are, so that a pointer can refer to a later one. */
static void add_declarations(struct program *p, unsigned int size, bool own)
{
	unsigned int funcs = size / 4 + rng_below(p->rng, 3),
		     vars = rng_below(p->rng, size / 4 + 2);
	uint32_t from = p->nslots;
	unsigned int kind;

	for (unsigned int i = 0; i < size + funcs + vars; i++) {
		kind = i < size ? some_kind(p) : i < size + funcs ? BTF_KIND_FUNC : BTF_KIND_VAR;
		add_slot(p, kind, slot_name(p, kind));
	}
	for (unsigned int i = 0; from < p->nslots && i < 1 + size / 5; i++)
		add_ring(p, from);
	for (uint32_t s = from; s < p->nslots; s++) {
		p->slots[s].own = own;
		if (!p->slots[s].variants)
			slot_define(p, s, slot_invent(p, s));
	}
}

static uint32_t parts_of(const struct program *p, const struct slot *s)
{
	uint32_t id = s->variant[0];

	if (s->kind == BTF_KIND_FUNC)
		id = p->g.types[id].ref;
	else if (!slot_is_composite(s))
		return 0;
	return p->g.types[id].vlen;
}

static bool slot_takes_tags(const struct slot *s)
{
	return slot_is_composite(s) || s->kind == BTF_KIND_FUNC || s->kind == BTF_KIND_VAR ||
	       s->kind == BTF_KIND_TYPEDEF;
}

static void add_tag(struct program *p)
{
	static const char *const names[] = {"bpf_kfunc", "exported", "user", "rcu"};
	uint32_t slot = rng_below(p->rng, p->nslots), parts = parts_of(p, &p->slots[slot]);
	struct decl_tag *t;

	if (!slot_takes_tags(&p->slots[slot]))
		return;
	p->tags = mem_grow(p->tags, &p->tag_cap, p->ntags + 1, sizeof(*p->tags));
	t = &p->tags[p->ntags++];
	t->name = names[rng_below(p->rng, 4)];
	t->slot = slot;
	t->component = parts && rng_chance(p->rng, 50) ? (int)rng_below(p->rng, parts) : -1;
	t->kflag = rng_chance(p->rng, 20);
	t->base = rng_chance(p->rng, 75);
	t->module = !t->base || rng_chance(p->rng, 80);
}

void program_new(struct program *p, struct rng *rng, unsigned int size)
{
	unsigned int own = rng_below(rng, size / 4 + 2), tags = rng_below(rng, size / 2 + 3);

	memset(p, 0, sizeof(*p));
	p->rng = rng;
	tg_init(&p->g);
	add_ints(p);
	add_declarations(p, size - own, false);
	add_declarations(p, own, true);
	for (unsigned int i = 0; i < tags; i++)
		add_tag(p);
}

void program_free(struct program *p)
{
	for (uint32_t i = 0; i < p->nnames; i++)
		free(p->names[i]);
	free(p->names);
	free(p->tags);
	free(p->slots);
	tg_free(&p->g);
}
