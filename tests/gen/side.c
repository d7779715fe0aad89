// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/side.h"

#include <string.h>

#include "tests/gen/mem.h"

static void side_alloc(struct side *s, struct program *p, bool is_base)
{
	s->p = p;
	s->is_base = is_base;
	s->usual = mem_zeroed(p->nslots, sizeof(*s->usual));
	s->other = mem_zeroed(p->nslots, sizeof(*s->other));
	s->fwd = mem_zeroed(p->nslots, sizeof(*s->fwd));
	s->var_done = mem_zeroed(p->nslots, sizeof(*s->var_done));
}

void side_free(struct side *s)
{
	free(s->usual);
	free(s->other);
	free(s->fwd);
	free(s->var_done);
}

static bool can_be_fwd(const struct slot *s)
{
	return slot_is_composite(s) || slot_is_enum(s);
}

/* Is this one of the @want declarations to be chosen? INTs rarely: they are in everything,
 * and one that differs leaves little to merge. */
static bool chosen(struct program *p, uint32_t slot, unsigned int want)
{
	unsigned int rare = p->slots[slot].kind == BTF_KIND_INT ? 10 : 1;

	return rng_of(p->rng, want, p->nslots * rare);
}

void side_new_base(struct side *s, struct program *p, const struct side_params *params)
{
	side_alloc(s, p, true);
	for (uint32_t i = 0; i < p->nslots; i++) {
		/* A name with two or three meanings. */
		if (chosen(p, i, params->ambiguous))
			s->other[i] = (uint8_t)program_vary(p, i);
		if (s->other[i] && rng_chance(p->rng, 30))
			program_vary(p, i);
		if (can_be_fwd(&p->slots[i]) && rng_chance(p->rng, params->fwds))
			s->fwd[i] = rng_chance(p->rng, 40) ? FWD_ALWAYS : FWD_SOMETIMES;
	}
}

static uint8_t module_fwd(struct program *p, const struct slot *s, uint8_t base, unsigned int fwds)
{
	if (!can_be_fwd(s) || !rng_chance(p->rng, fwds))
		return FWD_NEVER;
	return rng_chance(p->rng, base == FWD_ALWAYS ? 60 : 30) ? FWD_ALWAYS : FWD_SOMETIMES;
}

void side_new_module(struct side *s, struct program *p, const struct side *base,
		     const struct side_params *params)
{
	side_alloc(s, p, false);
	for (uint32_t i = 0; i < p->nslots; i++) {
		s->usual[i] = base->other[i] && rng_chance(p->rng, 30) ? base->other[i] : 0;
		s->other[i] = base->other[i];
		s->fwd[i] = module_fwd(p, &p->slots[i], base->fwd[i], params->fwds);
		if (s->fwd[i] != FWD_NEVER && chosen(p, i, params->near_misses * 2))
			s->usual[i] = (uint8_t)program_vary_kind(p, i);
		else if (chosen(p, i, params->near_misses))
			s->usual[i] = (uint8_t)program_vary(p, i);
		else if (chosen(p, i, params->ambiguous))
			s->other[i] = (uint8_t)program_vary(p, i);
	}
}

static bool cu_root(struct side *s, uint32_t i, unsigned int cus)
{
	const struct slot *slot = &s->p->slots[i];
	struct rng *rng = s->p->rng;
	unsigned int percent = 45;

	if (s->is_base)
		percent = slot->own ? 0 : slot_is_type(slot) ? 80 : 65;
	else if (slot->own)
		percent = 35;
	if (cus > 2)
		percent = percent * 2 / cus;
	if (!rng_chance(rng, percent))
		return false;
	/* Of a variable there is one definition, but a static one in a header has many. */
	if (slot->kind == BTF_KIND_VAR && s->var_done[i] && !rng_chance(rng, 10))
		return false;
	s->var_done[i] = true;
	return true;
}

/* Some CUs see an ambiguous name the other way, or a third way. */
static uint8_t cu_variant(struct side *s, uint32_t i)
{
	const struct slot *slot = &s->p->slots[i];

	if (s->usual[i] == s->other[i])
		return s->usual[i];
	if (rng_chance(s->p->rng, 10))
		return (uint8_t)rng_below(s->p->rng, slot->variants);
	return rng_chance(s->p->rng, 40) ? s->other[i] : s->usual[i];
}

static uint8_t cu_twice(struct side *s, uint32_t i, unsigned int percent)
{
	if (!can_be_fwd(&s->p->slots[i]) || !rng_chance(s->p->rng, percent))
		return TWICE_NO;
	return rng_chance(s->p->rng, 60) ? TWICE_FULL : TWICE_FWD;
}

static void side_emit_cu(struct side *s, const struct side_params *params, struct tg *out)
{
	uint32_t n = s->p->nslots;
	struct cu cu = {.p = s->p,
			.rng = s->p->rng,
			.variant = mem_zeroed(n, sizeof(*cu.variant)),
			.fwd = mem_zeroed(n, sizeof(*cu.fwd)),
			.twice = mem_zeroed(n, sizeof(*cu.twice)),
			.root = mem_zeroed(n, sizeof(*cu.root)),
			.share = params->share,
			.flip_enums = params->flip_enums,
			.is_base = s->is_base};

	for (uint32_t i = 0; i < n; i++) {
		cu.variant[i] = cu_variant(s, i);
		cu.fwd[i] = s->fwd[i] == FWD_ALWAYS ||
			    (s->fwd[i] == FWD_SOMETIMES && rng_chance(s->p->rng, 50));
		cu.twice[i] = cu_twice(s, i, params->twice);
		cu.root[i] = cu_root(s, i, params->cus);
	}
	cu.root[SLOT_INT] = true; /* so that there is something */
	emit_cu(&cu, out);
	free(cu.variant);
	free(cu.fwd);
	free(cu.twice);
	free(cu.root);
}

/* A DATASEC of every @step-th variable, from the one @skip. */
static void emit_datasec(struct tg *g, const char *name, uint32_t skip, uint32_t step)
{
	struct tg_elem *e = mem_zeroed(g->n, sizeof(*e));
	uint32_t n = 0, seen = 0, off = 0, id;

	for (id = 1; id < g->n; id++) {
		if (g->types[id].kind != BTF_KIND_VAR || seen++ % step != skip)
			continue;
		e[n] = (struct tg_elem){.name = "", .type = id, .off = off};
		e[n].bits = tg_size(g, id) ? tg_size(g, id) : 1;
		off += (e[n++].bits + 7) / 8 * 8;
	}
	if (n) {
		id = tg_add(g, BTF_KIND_DATASEC, name);
		g->types[id].size = off;
		tg_set_elems(g, id, e, n);
	}
	free(e);
}

void side_emit(struct side *s, const struct side_params *params, struct tg *out)
{
	uint32_t sections = rng_range(s->p->rng, 1, 2);

	for (unsigned int i = 0; i < params->cus; i++)
		side_emit_cu(s, params, out);
	for (uint32_t i = 0; i < sections; i++)
		emit_datasec(out, i ? ".bss" : ".data..percpu", i, sections);
}
