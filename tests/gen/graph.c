// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/graph.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/equal.h"
#include "tests/gen/mem.h"
#include "tests/gen/program.h"
#include "tests/gen/side.h"
#include "tests/gen/write.h"

/* Most bugs show in a few types, where one can also read what happened. */
static unsigned int some_size(struct rng *rng)
{
	uint32_t dice = rng_below(rng, 100);

	if (dice < 65)
		return rng_range(rng, 3, 9);
	if (dice < 93)
		return rng_range(rng, 10, 30);
	return rng_range(rng, 31, 150);
}

static enum bld_strings some_strings(struct rng *rng)
{
	uint32_t dice = rng_below(rng, 10);

	return dice < 6 ? BLD_STR_SHARED : dice < 8 ? BLD_STR_REPEATED : BLD_STR_TAILS;
}

static enum gen_order some_order(struct rng *rng)
{
	uint32_t dice = rng_below(rng, 10);

	return dice < 5 ? GEN_AS_EMITTED : dice < 6 ? GEN_REVERSED : GEN_SHUFFLED;
}

static enum emit_share some_share(struct rng *rng)
{
	uint32_t dice = rng_below(rng, 10);

	return dice < 7 ? SHARE_ALL : dice < 9 ? SHARE_POINTERS : SHARE_NOTHING;
}

struct gen_params gen_params_from_seed(uint64_t seed)
{
	static const uint8_t few[] = {0, 0, 0, 1, 1, 2, 4};
	static const uint8_t fwds[] = {0, 10, 30, 50};
	struct rng rng = {rng_mix(seed ^ 0x62746662u)};
	struct gen_params p = {.seed = seed};

	p.size = some_size(&rng);
	p.base_cus = rng_range(&rng, 1, 3);
	p.module_cus = rng_chance(&rng, 30) ? 1 : rng_range(&rng, 2, 5);
	p.near_misses = rng_chance(&rng, 10) ? p.size / 3 : few[rng_below(&rng, sizeof(few))];
	p.ambiguous = few[rng_below(&rng, sizeof(few))];
	p.fwds = fwds[rng_below(&rng, sizeof(fwds))];
	p.dup_module = rng_chance(&rng, 70);
	p.sloppy_base = rng_chance(&rng, 10);
	p.split_input = rng_chance(&rng, 20);
	p.mismatch = rng_chance(&rng, 4);
	p.twice = rng_chance(&rng, 25) ? 12 : 0;
	p.share = some_share(&rng);
	p.big_endian = rng_chance(&rng, 10);
	/* libbpf does not read the one with the other. */
	p.base_layout = !p.big_endian && rng_chance(&rng, 10);
	p.module_layout = !p.big_endian && rng_chance(&rng, 10);
	p.base_strings = some_strings(&rng);
	/* Whoever deduplicates a base, deduplicates its strings first. */
	if (!p.sloppy_base && p.base_strings == BLD_STR_REPEATED)
		p.base_strings = BLD_STR_SHARED;
	p.module_strings = some_strings(&rng);
	p.base_order = some_order(&rng);
	p.module_order = some_order(&rng);
	return p;
}

static void shuffle(struct rng *rng, uint32_t *a, uint32_t n)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = rng_below(rng, i), t = a[j];

		a[j] = a[i - 1];
		a[i - 1] = t;
	}
}

/* Puts the types from @from on, but for the DATASECs at the end, in another order. */
static void order_types(struct tg *g, uint32_t from, enum gen_order how, struct rng *rng)
{
	uint32_t *order = mem_resize(NULL, g->n, sizeof(*order)), n = g->n - from, m = n;

	while (m && g->types[from + m - 1].kind == BTF_KIND_DATASEC)
		m--;
	for (uint32_t i = 0; i < n; i++)
		order[i] = from + (i < m && how == GEN_REVERSED ? m - 1 - i : i);
	if (how == GEN_SHUFFLED)
		shuffle(rng, order, m);
	tg_reorder(g, from, order);
	free(order);
}

/* The joint graph's first types are the base's; how many of the others equal neither a
 * type of the base nor one before them? */
static uint32_t count_strict(const uint32_t *rep, uint32_t base_n, uint32_t n)
{
	uint32_t count = 0;

	for (uint32_t id = base_n; id < n; id++)
		count += rep[id] == id;
	return count;
}

/* As if a deduplicator had worked on the module that found only some of the merges. */
static void merge_some(struct tg *joint, uint32_t *rep, uint32_t base_n, struct rng *rng)
{
	unsigned int percent = rng_range(rng, 20, 90);

	for (uint32_t id = 0; id < joint->n; id++) {
		if (id < base_n || rep[id] >= base_n || !rng_chance(rng, percent))
			rep[id] = id;
	}
	tg_redirect(joint, rep);
}

static void make_base(struct tg *g, struct program *prog, struct side *side,
		      const struct gen_params *p)
{
	/* Even a sloppy base comes from CUs that share their pointers. */
	struct side_params sp = {.cus = p->base_cus,
				 .ambiguous = p->ambiguous,
				 .fwds = p->fwds / 2,
				 .twice = 5,
				 .share = SHARE_ALL};

	side_new_base(side, prog, &sp);
	side_emit(side, &sp, g);
	/* A deduplicator may leave a FWD beside its definition. */
	if (p->sloppy_base)
		;
	else if (rng_chance(prog->rng, 80))
		equal_resolve_fwds(g);
	else
		equal_merge(g);
	order_types(g, 1, p->base_order, prog->rng);
}

static void make_module(struct tg *g, struct program *prog, const struct side *base,
			const struct gen_params *p)
{
	struct side_params sp = {.cus = p->module_cus,
				 .near_misses = p->near_misses,
				 .ambiguous = p->ambiguous,
				 .fwds = p->fwds,
				 .twice = p->twice,
				 .share = p->share,
				 .flip_enums = p->mismatch};
	struct side side;

	side_new_module(&side, prog, base, &sp);
	side_emit(&side, &sp, g);
	side_free(&side);
	if (p->dup_module)
		return;
	if (rng_chance(prog->rng, 70))
		equal_resolve_fwds(g);
	else
		equal_merge(g);
}

static void *write_base(const struct tg *g, const struct gen_params *p, size_t *len)
{
	struct bld *b = bld_new(1, 0);
	void *blob;

	bld_set_strings(b, p->base_strings);
	bld_set_big_endian(b, p->big_endian);
	bld_set_layout(b, p->base_layout);
	write_types(b, g, 1);
	blob = bld_finish(b, len);
	bld_free(b);
	return blob;
}

static void *write_module(const struct tg *g, uint32_t from, const struct gen_params *p,
			  const struct gen_pair *pair, size_t *len)
{
	struct bld *b =
		pair->module_is_split ? bld_new_split(pair->base, pair->base_len) : bld_new(1, 0);
	void *blob;

	bld_set_strings(b, p->module_strings);
	bld_set_big_endian(b, p->big_endian);
	bld_set_layout(b, p->module_layout);
	write_types(b, g, from);
	blob = bld_finish(b, len);
	bld_free(b);
	return blob;
}

/* Writes both; makes @base the joint graph of the two. */
static void write_pair(struct tg *base, struct tg *module, const struct gen_params *p,
		       struct rng *rng, struct gen_pair *out)
{
	uint32_t base_n = base->n, from = p->split_input ? base_n : 1, *rep;
	struct tg *g = p->split_input ? base : module;

	out->base = write_base(base, p, &out->base_len);
	tg_append(base, module);
	rep = mem_resize(NULL, base->n, sizeof(*rep));
	equal_find(base, rep);
	out->strict_types = count_strict(rep, base_n, base->n);
	if (p->split_input)
		merge_some(base, rep, base_n, rng);
	free(rep);
	order_types(g, from, p->module_order, rng);
	out->module = write_module(g, from, p, out, &out->module_len);
	out->base_types = base_n - 1;
	out->module_types = g->n - from;
}

int gen_pair(const struct gen_params *params, struct gen_pair *out)
{
	struct rng rng = {params->seed};
	struct tg base_types, module_types;
	struct program prog;
	struct side base;

	if (params->size < 3 || !params->base_cus || !params->module_cus)
		return -EINVAL;
	*out = (struct gen_pair){.module_is_split = params->split_input};
	tg_init(&base_types);
	tg_init(&module_types);
	program_new(&prog, &rng, params->size);
	make_base(&base_types, &prog, &base, params);
	make_module(&module_types, &prog, &base, params);
	write_pair(&base_types, &module_types, params, &rng, out);
	side_free(&base);
	program_free(&prog);
	tg_free(&base_types);
	tg_free(&module_types);
	return 0;
}

void gen_pair_free(struct gen_pair *pair)
{
	free(pair->base);
	free(pair->module);
	pair->base = pair->module = NULL;
}
