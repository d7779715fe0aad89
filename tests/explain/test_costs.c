// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generated bases, and modules that differ from them in several known words: what the
 * explanation says that each costs, against the engine's own output when some of them are
 * taken back. By how much the types' bytes shrink without one of the differences is what
 * it keeps from merging alone; what stays when it is the only one is what waits for it; and what
 * the first n keep together is what goes with all of these.
 *
 *	test_explain_costs [FIRST [COUNT]]
 */
#include "tests/explain/explained.h"

#include <stdlib.h>
#include <string.h>

#include "tests/explain/blobs.h"
#include "tests/gen/graph.h"

#define CHANGES 4

static uint64_t first_seed = 1;
static uint64_t nr_seeds = 1200;

static struct {
	unsigned long seeds, causes, shared; /* causes that types wait for together with others */
	unsigned long together;              /* sums of several that are more than each alone */
} seen;

struct costs {
	uint64_t seed;
	struct explained x;
	struct blobs b;
	struct change change[CHANGES];
	uint32_t now[CHANGES];   /* the changed words */
	uint32_t owner[CHANGES]; /* the base's type that the cause has to be */
	uint32_t nr;
};

/* A base whose names are clear, as in test_places.c. */
static struct gen_params clear_params(uint64_t seed)
{
	struct gen_params p = gen_params_from_seed(seed);

	p.near_misses = p.ambiguous = p.fwds = p.twice = 0;
	p.sloppy_base = p.split_input = p.mismatch = p.big_endian = false;
	return p;
}

/* The type bytes of the module with the changes whose bits are set. */
static uint32_t bytes_with(struct costs *c, uint32_t set)
{
	struct dedup_result res;
	struct dedup *d = dedup_new();
	struct diag diag;
	uint32_t bytes;

	for (uint32_t i = 0; i < c->nr; i++)
		*c->change[i].word = set >> i & 1 ? c->now[i] : c->change[i].was;
	if (dedup_module(d, c->x.base, c->b.blob, c->b.len, &res, &diag))
		fail_msg("seed %llu: %s", (unsigned long long)c->seed, diag.text);
	bytes = res.split_type_bytes;
	dedup_free(d);
	return bytes;
}

/* Only what belongs to one unit, and to one that no other change belongs to. */
static bool add_change(struct costs *c, uint32_t id, struct rng *rng)
{
	struct change *change = &c->change[c->nr];
	bool *owners = calloc(c->b.nr + 1, 1);
	uint32_t nr = 0, owner = 0;

	blobs_owners(&c->b, id, owners);
	for (uint32_t i = 1; i <= c->b.nr; i++) {
		nr += owners[i];
		owner = owners[i] ? i : owner;
	}
	free(owners);
	for (uint32_t i = 0; i < c->nr; i++)
		nr += c->owner[i] == owner;
	if (nr != 1 || !blobs_change(&c->b, id, true, rng, change))
		return false;
	c->now[c->nr] = *change->word;
	c->owner[c->nr++] = owner;
	return true;
}

static const struct explain_cause *cause_of(const struct costs *c, uint32_t owner, uint32_t *at)
{
	const struct explain_result *r = &c->x.result;

	for (*at = 0; *at < r->nr_causes; (*at)++)
		if (r->causes[*at].base_id == owner)
			return &r->causes[*at];
	fail_msg("seed %llu: type %u is no cause", (unsigned long long)c->seed, owner);
	return NULL;
}

static void assert_bytes(const struct costs *c, const char *what, const struct explain_cause *cause,
			 uint64_t told, uint64_t is)
{
	if (told != is)
		fail_msg("seed %llu: %s: %s: %llu bytes, in fact %llu", (unsigned long long)c->seed,
			 cause->what, what, (unsigned long long)told, (unsigned long long)is);
}

/* What explain_last() says for the reverse of the result's order. */
static void check_reverse(struct costs *c, const uint32_t *change_of, uint32_t never, uint32_t all)
{
	const struct explain_result *r = &c->x.result;
	uint32_t rank[CHANGES], with = all;
	uint64_t last[CHANGES], told = 0;

	for (uint32_t i = 0; i < r->nr_causes; i++)
		rank[i] = r->nr_causes - 1 - i;
	assert_int_equal(explain_last(c->x.explain, rank, last), 0);
	for (uint32_t i = r->nr_causes; i--;) {
		with &= ~(1u << change_of[i]);
		told += last[i];
		assert_bytes(c, "the last together", &r->causes[i], told,
			     bytes_with(c, all) - bytes_with(c, with));
	}
	assert_int_equal(bytes_with(c, with), never);
}

static void check_costs(struct costs *c)
{
	uint32_t all = (1u << c->nr) - 1, never = bytes_with(c, 0), bytes = bytes_with(c, all);
	uint32_t change_of[CHANGES], with = all, at;
	uint64_t together = 0;

	explained_module(&c->x, c->b.blob, c->b.len);
	assert_int_equal(c->x.result.nr_causes, c->nr);
	for (uint32_t i = 0; i < c->nr; i++) {
		const struct explain_cause *cause = cause_of(c, c->owner[i], &at);

		change_of[at] = i;
		assert_bytes(c, "alone", cause, cause->alone.bytes,
			     bytes - bytes_with(c, all & ~(1u << i)));
		assert_bytes(c, "involved", cause, cause->involved.bytes,
			     bytes_with(c, 1u << i) - never);
		seen.causes++;
		seen.shared += cause->alone.bytes < cause->involved.bytes;
	}
	for (uint32_t i = 0; i < c->nr; i++) {
		const struct explain_cause *cause = &c->x.result.causes[i];

		with &= ~(1u << change_of[i]);
		together += cause->last;
		assert_bytes(c, "together", cause, together, bytes - bytes_with(c, with));
		seen.together += i && cause->last > cause->alone.bytes;
	}
	bytes_with(c, all);
	check_reverse(c, change_of, never, all);
	seen.seeds++;
}

static void one_seed(uint64_t seed)
{
	struct gen_params params = clear_params(seed);
	struct rng rng = {seed ^ 0x636f737473u};
	struct costs c = {.seed = seed};
	struct gen_pair pair;

	assert_int_equal(gen_pair(&params, &pair), 0);
	explained_begin(&c.x, pair.base, pair.base_len);
	blobs_read(&c.b, pair.base, pair.base_len);
	for (int tries = 0; blobs_clear(&c.b) && tries < 8 * CHANGES && c.nr < CHANGES; tries++)
		add_change(&c, rng_range(&rng, 1, c.b.nr), &rng);
	if (c.nr >= 2)
		check_costs(&c);
	blobs_free(&c.b);
	explained_end(&c.x);
	gen_pair_free(&pair);
}

static void costs_are_what_the_engine_gains(void **state)
{
	for (uint64_t i = 0; i < nr_seeds; i++)
		one_seed(first_seed + i);
	print_message("%lu modules, %lu causes; for %lu of them wait types that wait for another "
		      "too, %lu bring more with those before than alone\n",
		      seen.seeds, seen.causes, seen.shared, seen.together);
	assert_true(seen.seeds * 2 > nr_seeds);
	assert_true(seen.shared * 4 > seen.causes);
	assert_true(seen.together * 8 > seen.causes);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(costs_are_what_the_engine_gains),
	};

	if (argc > 1)
		first_seed = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		nr_seeds = strtoull(argv[2], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
