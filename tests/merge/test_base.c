// SPDX-License-Identifier: GPL-2.0-only
/*
 * A base is the same whether one thread makes it or two: its index, what becomes of a module over
 * it, and what is said of a broken one. Kernels' bases are as two threads assume them; those here
 * have names twice, in the middle of others, and types that are equal.
 */
#include "merge/base.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/base_index.h"
#include "merge/dedup.h"
#include "tests/gen/graph.h"
#include "tests/gen/rng.h"
#include "tests/merge/fixture.h"

#define SEEDS 200
#define BROKEN_EACH 4

/* What was met: else the test would be of less than it says. */
static struct {
	uint32_t plain, repeated, tails, equal, broken, fine;
} seen;

static void assert_same_tables(const struct htab *a, const struct htab *b)
{
	assert_int_equal(a->used, b->used);
	assert_int_equal(a->mask, b->mask);
	assert_memory_equal(a->slots, b->slots, ((size_t)a->mask + 1) * sizeof(*a->slots));
}

static void assert_same_filters(const struct filter *a, const struct filter *b)
{
	assert_int_equal(a->shift, b->shift);
	assert_memory_equal(a->words, b->words, (1ull << (32 - a->shift)) * sizeof(*a->words));
}

static void assert_same_index(const struct base *a, const struct base *b)
{
	uint32_t last = a->nr_types - 1, bits = a->nr_types / 64 + 1;
	size_t words = base_word_at(a, last) + btf_type_words(base_type(a, last)[BTF_INFO]);

	assert_int_equal(a->nr_types, b->nr_types);
	assert_memory_equal(a->kind_at, b->kind_at, a->nr_types * sizeof(*a->kind_at));
	assert_memory_equal(a->words, b->words, words * sizeof(*a->words));
	assert_int_equal(!a->canonical, !b->canonical);
	if (a->canonical)
		assert_memory_equal(a->canonical, b->canonical,
				    a->nr_types * sizeof(*a->canonical));
	assert_int_equal(a->strings_once, b->strings_once);
	assert_int_equal(a->all_filed, b->all_filed);
	assert_memory_equal(a->begins, b->begins, (a->strs_len / 64 + 1) * sizeof(*a->begins));
	assert_memory_equal(a->twin, b->twin, bits * sizeof(*a->twin));
	assert_memory_equal(a->sole, b->sole, bits * sizeof(*a->sole));
	assert_same_tables(&a->strings, &b->strings);
	assert_same_tables(&a->nominal, &b->nominal);
	assert_same_tables(&a->named, &b->named);
	assert_same_tables(&a->flat, &b->flat);
	assert_same_filters(&a->filter, &b->filter);
	assert_same_filters(&a->named_filter, &b->named_filter);
}

static void assert_same_outcome(const struct base *a, const struct base *b,
				const struct gen_pair *pair)
{
	struct dedup *da = dedup_new(), *db = dedup_new();
	struct dedup_result ra, rb;
	struct diag diag;

	assert_int_equal(dedup_module(da, a, pair->module, pair->module_len, &ra, &diag), 0);
	assert_int_equal(dedup_module(db, b, pair->module, pair->module_len, &rb, &diag), 0);
	assert_int_equal(ra.split_bytes, rb.split_bytes);
	assert_memory_equal(ra.split, rb.split, ra.split_bytes);
	assert_memory_equal(ra.map, rb.map, ra.input_types * sizeof(*ra.map));
	dedup_free(da);
	dedup_free(db);
}

static struct gen_params params_of(uint64_t seed)
{
	static const enum bld_strings how[] = {BLD_STR_SHARED, BLD_STR_REPEATED, BLD_STR_TAILS};
	struct gen_params params = gen_params_from_seed(seed);

	params.base_strings = how[seed % 3];
	return params;
}

/* Has a type a name that is the end of a longer string? */
static bool has_tails(const struct base *base)
{
	for (uint32_t id = 1; id < base->nr_types; id++) {
		const uint32_t *type = base_type(base, id), *w;

		btf_for_each_name(type, &btf_kinds[base_kind(base, id)], w)
			if (*w && !base_string_begins(base, *w))
				return true;
	}
	return false;
}

static void note(const struct base *base)
{
	bool tails = has_tails(base);

	seen.plain += base->strings_once && !tails;
	seen.repeated += !base->strings_once;
	seen.tails += tails;
	seen.equal += base->canonical != NULL;
}

static void *names_thread(void *work)
{
	base_make_names(work);
	return NULL;
}

/* Makes a base in steps: both at once, or one or the other first, by @seed. */
static int base_in_steps(struct base **base, const void *blob, size_t len, uint64_t seed,
			 struct diag *diag)
{
	struct base_work *work;
	pthread_t other;
	int err = base_begin(&work, blob, len, diag);

	if (err)
		return err;
	if (seed % 4 == 0)
		base_make_names(work);
	if (seed % 4 > 1)
		assert_int_equal(pthread_create(&other, NULL, names_thread, work), 0);
	base_make_types(work);
	base_make_names(work);
	if (seed % 4 > 1)
		pthread_join(other, NULL);
	return base_end(work, base, diag);
}

static void made_by_two_threads_it_is_the_same(void **state)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct gen_params params = params_of(seed);
		struct base *one, *two;
		struct gen_pair pair;
		struct diag diag;

		assert_int_equal(gen_pair(&params, &pair), 0);
		assert_int_equal(base_new(&one, pair.base, pair.base_len, &diag), 0);
		assert_int_equal(base_in_steps(&two, pair.base, pair.base_len, seed, &diag), 0);
		note(one);
		assert_same_index(one, two);
		assert_same_outcome(one, two, &pair);
		base_free(one);
		base_free(two);
		gen_pair_free(&pair);
	}
	assert_true(seen.plain > SEEDS / 20);
	assert_true(seen.repeated > SEEDS / 20);
	assert_true(seen.tails > SEEDS / 20);
	assert_true(seen.equal > SEEDS / 20);
}

#define ALIKE 65 /* one more than are compared of one name */

/* Structs of one text for a name, each at an offset of its own, but for the last two: these are
 * equal, which is seen only as long as the others' names are taken for others. */
static void *many_of_one_name(size_t *len)
{
	struct bld *b = bld_new(1, 0);
	unsigned char *blob;
	char name[8];

	for (uint32_t i = 0; i <= ALIKE; i++) {
		snprintf(name, sizeof(name), "int%02u", i);
		bld_int(b, name, 4, 0, 0, 32); /* [i + 1] */
	}
	for (uint32_t i = 0; i < ALIKE + 2; i++) {
		uint32_t type = i < ALIKE ? i + 1 : ALIKE + 1;

		snprintf(name, sizeof(name), "foo%02u", i < ALIKE ? i : ALIKE);
		bld_struct(b, name, 4);
		bld_member(b, "m", type, 0, 0);
	}
	blob = bld_finish(b, len);
	bld_free(b);
	for (size_t i = 0; i + 5 < *len; i++)
		if (!memcmp(blob + i, "foo", 3))
			memcpy(blob + i + 3, "ff", 2);
	return blob;
}

static void what_was_assumed_of_names_is_forgotten(void **state)
{
	struct base *one, *two;
	struct diag diag;
	size_t len;
	void *blob = many_of_one_name(&len);

	assert_int_equal(base_new(&one, blob, len, &diag), 0);
	assert_null(one->canonical);
	assert_int_equal(base_in_steps(&two, blob, len, 2, &diag), 0);
	assert_same_index(one, two);
	base_free(one);
	base_free(two);
	free(blob);
}

/* One word of it is another. */
static void made_broken(void *blob, size_t len, struct rng *rng)
{
	uint32_t at = 24 + rng_below(rng, (uint32_t)len / 2) / 4 * 4;
	uint32_t bits = 1u << rng_below(rng, 32);
	unsigned char *p = (unsigned char *)blob + (at < len - 4 ? at : 24);
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	word ^= bits;
	memcpy(p, &word, sizeof(word));
}

static void of_a_broken_one_both_say_the_same(void **state)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct gen_params params = params_of(seed);
		struct rng rng = {seed};
		struct gen_pair pair;

		assert_int_equal(gen_pair(&params, &pair), 0);
		for (int i = 0; i < BROKEN_EACH; i++) {
			struct base *one = NULL, *two = NULL;
			struct diag a = {""}, b = {""};
			int err;

			made_broken(pair.base, pair.base_len, &rng);
			err = base_new(&one, pair.base, pair.base_len, &a);
			assert_int_equal(base_in_steps(&two, pair.base, pair.base_len, seed, &b),
					 err);
			if (err)
				assert_string_equal(a.text, b.text);
			else
				assert_same_index(one, two);
			seen.broken += err != 0;
			seen.fine += !err;
			base_free(one);
			base_free(two);
		}
		gen_pair_free(&pair);
	}
	assert_true(seen.broken > SEEDS / 2);
	assert_true(seen.fine > SEEDS / 10);
}

/* @names structs of @n shapes that are the same but for what they point to, which stands behind
 * them. */
static struct bld *of_like_structs(uint32_t names, uint32_t n)
{
	struct bld *b = with_int();
	uint32_t pointed = 2 + names * n; /* the first of n pointers */
	char name[32];

	for (uint32_t i = 0; i < names; i++) {
		snprintf(name, sizeof(name), "node%u", i);
		for (uint32_t k = 0; k < n; k++) {
			bld_struct(b, name, 8);
			bld_member(b, "to", pointed + k, 0, 0);
		}
	}
	for (uint32_t k = 0; k < n; k++)
		bld_ptr(b, pointed + n + k);
	for (uint32_t k = 0; k < n; k++) {
		snprintf(name, sizeof(name), "end%u", k);
		bld_struct(b, name, 4);
		bld_member(b, "x", 1, 0, 0);
	}
	return b;
}

/* No name has too many of them; but to compare all takes more pairs than are made. */
static void where_not_all_could_be_compared_none_are_sure_to_differ(void **state)
{
	struct over few = over_base(of_like_structs(3, 40));
	struct over many = over_base(of_like_structs(400, 40));

	assert_true(few.base->all_filed);
	assert_false(many.base->all_filed);
	over_free(&few);
	over_free(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_by_two_threads_it_is_the_same),
		cmocka_unit_test(what_was_assumed_of_names_is_forgotten),
		cmocka_unit_test(of_a_broken_one_both_say_the_same),
		cmocka_unit_test(where_not_all_could_be_compared_none_are_sure_to_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
