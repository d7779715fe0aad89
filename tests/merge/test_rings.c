// SPDX-License-Identifier: GPL-2.0-only
/* Types that refer to each other in rings, and differences deep below. */
#include <errno.h>
#include <stdlib.h>

#include "tests/merge/fixture.h"

/* struct list_head { struct list_head *next, *prev; } */
static void add_list(struct bld *b)
{
	uint32_t s = bld_struct(b, "list_head", 16);

	bld_member(b, "next", s + 1, 0, 0);
	bld_member(b, "prev", s + 1, 64, 0);
	bld_ptr(b, s);
}

static void a_ring_that_the_base_has_merges_whole(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_list(base);
	add_list(module);
	assert_dedup(base, module, "");
}

static void a_ring_that_comes_many_times_stays_once(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	for (int i = 0; i < 5; i++)
		add_list(module);
	assert_dedup(base, module,
		     "[2] STRUCT list_head size=16 next:3@0 prev:3@64\n"
		     "[3] PTR - -> 2\n");
}

/*
 * A ring of n structs "n0" -> "n1" -> ... -> "n0" through pointers. The last
 * has one more member, @odd, at bit 64.
 */
static void add_ring(struct bld *b, unsigned int n, const char *odd, uint32_t type)
{
	uint32_t first = bld_next_id(b);

	for (unsigned int i = 0; i < n; i++) {
		const char name[] = {'n', (char)('0' + i), 0};
		uint32_t s = bld_struct(b, name, 16), next = i + 1 < n ? s + 2 : first;

		bld_member(b, "next", s + 1, 0, 0);
		if (i + 1 == n)
			bld_member(b, odd, type, 64, 0);
		bld_ptr(b, next);
	}
}

static void a_difference_anywhere_in_a_ring_keeps_all_of_it(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_ring(base, 3, "x", 1);
	bld_int(base, "long", 8, 1, 0, 64);
	add_ring(module, 3, "x", 8);
	bld_int(module, "long", 8, 1, 0, 64);
	assert_dedup(base, module,
		     "[9] STRUCT n0 size=16 next:10@0\n"
		     "[10] PTR - -> 11\n"
		     "[11] STRUCT n1 size=16 next:12@0\n"
		     "[12] PTR - -> 13\n"
		     "[13] STRUCT n2 size=16 next:14@0 x:8@64\n"
		     "[14] PTR - -> 9\n");
}

static void equal_rings_of_different_length_are_one_when_unrolled(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	/* anonymous, so that only what they refer to tells them apart: one that
	 * points to itself, and two that point to each other */
	bld_struct(module, NULL, 8);
	bld_member(module, "next", 3, 0, 0);
	bld_ptr(module, 2);
	bld_struct(module, NULL, 8);
	bld_member(module, "next", 5, 0, 0);
	bld_ptr(module, 6);
	bld_struct(module, NULL, 8);
	bld_member(module, "next", 7, 0, 0);
	bld_ptr(module, 4);
	assert_dedup(base, module,
		     "[2] STRUCT - size=8 next:3@0\n"
		     "[3] PTR - -> 2\n");
}

/* struct ops { int (*call)(struct ops *self); } */
static void add_ops(struct bld *b, const char *param)
{
	uint32_t s = bld_struct(b, "ops", 8);

	bld_member(b, "call", s + 1, 0, 0);
	bld_ptr(b, s + 2);
	bld_func_proto(b, 1);
	bld_param(b, param, s + 3);
	bld_ptr(b, s);
}

static void a_ring_through_a_callback_merges(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_ops(base, "self");
	add_ops(module, "self");
	assert_dedup(base, module, "");
}

static void a_parameter_name_in_a_ring_keeps_it(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_ops(base, "self");
	add_ops(module, "me");
	assert_dedup(base, module,
		     "[6] STRUCT ops size=8 call:7@0\n"
		     "[7] PTR - -> 8\n"
		     "[8] FUNC_PROTO - -> 1 ( me:9 )\n"
		     "[9] PTR - -> 6\n");
}

/* struct outer { struct { union { struct { int deep[@nr]; } a; int b; } u; } s; } */
static void add_nest(struct bld *b, uint32_t nr)
{
	uint32_t s = bld_struct(b, "outer", 64);

	bld_member(b, "s", s + 1, 0, 0);
	bld_struct(b, NULL, 64);
	bld_member(b, "u", s + 2, 0, 0);
	bld_union(b, NULL, 64);
	bld_member(b, "a", s + 3, 0, 0);
	bld_member(b, "b", 1, 0, 0);
	bld_struct(b, NULL, 64);
	bld_member(b, "deep", s + 4, 0, 0);
	bld_array(b, 1, 1, nr);
}

static void anonymous_nests_merge(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_nest(base, 4);
	add_nest(module, 4);
	assert_dedup(base, module, "");
}

static void a_difference_at_the_bottom_of_a_nest_keeps_all_above(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_nest(base, 4);
	add_nest(module, 5);
	assert_dedup(base, module,
		     "[7] STRUCT outer size=64 s:8@0\n"
		     "[8] STRUCT - size=64 u:9@0\n"
		     "[9] UNION - size=64 a:10@0 b:1@0\n"
		     "[10] STRUCT - size=64 deep:11@0\n"
		     "[11] ARRAY - of=1 index=1 nr=5\n");
}

/* An array compared with itself is equal; two arrays of other types are not. */
static void arrays_of_different_types_in_one_struct_stay_apart(void **state)
{
	struct bld *base = bld_new(1, 0), *module = bld_new(1, 0);

	for (int i = 0; i < 2; i++) {
		struct bld *b = i ? module : base;

		bld_int(b, "u32", 4, 0, 0, 32);
		bld_int(b, "s32", 4, 1, 0, 32);
		bld_array(b, 1, 1, 4);
		if (i)
			bld_array(b, 2, 1, 4);
		bld_struct(b, "foo", 32);
		bld_member(b, "a", 3, 0, 0);
		bld_member(b, "b", i ? 4 : 3, 128, 0);
	}
	assert_dedup(base, module,
		     "[5] ARRAY - of=2 index=1 nr=4\n"
		     "[6] STRUCT foo size=32 a:3@0 b:5@128\n");
}

static void of_two_structs_of_one_name_the_right_one_is_found(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	/* base: [2] struct slot { int a; }, [3] struct slot { char a; } of one
	 * shape, [4] char; two holders that differ only in the slot */
	bld_struct(base, "slot", 4);
	bld_member(base, "a", 1, 0, 0);
	bld_struct(base, "slot", 4);
	bld_member(base, "a", 4, 0, 0);
	bld_int(base, "char", 1, 1, 0, 8);
	bld_struct(base, "holder", 4);
	bld_member(base, "s", 2, 0, 0);
	bld_struct(base, "holder", 4);
	bld_member(base, "s", 3, 0, 0);

	bld_int(module, "char", 1, 1, 0, 8);
	bld_struct(module, "holder", 4);
	bld_member(module, "s", 4, 0, 0);
	bld_struct(module, "slot", 4);
	bld_member(module, "a", 2, 0, 0);
	bld_ptr(module, 3);
	assert_dedup(base, module, "[7] PTR - -> 6\n");
}

static void what_the_base_has_twice_is_one(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	/* [2] and [3] are equal; a pointer exists to the second only */
	bld_struct(base, "twice", 4);
	bld_member(base, "a", 1, 0, 0);
	bld_struct(base, "twice", 4);
	bld_member(base, "a", 1, 0, 0);
	bld_ptr(base, 3);

	bld_struct(module, "twice", 4);
	bld_member(module, "a", 1, 0, 0);
	bld_ptr(module, 2);
	assert_dedup(base, module, "");
}

static void a_struct_that_holds_itself_is_no_endless_loop(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_struct(base, "self", 4);
	bld_member(base, "me", 2, 0, 0);
	bld_struct(module, "self", 4);
	bld_member(module, "me", 2, 0, 0);
	bld_struct(module, "own", 4);
	bld_member(module, "me", 3, 0, 0);
	assert_dedup(base, module, "[3] STRUCT own size=4 me:3@0\n");
}

static void references_in_a_ring_without_a_struct_are_refused(void **state)
{
	struct bld *module = with_int();

	bld_ptr(module, 3);
	bld_ptr(module, 2);
	assert_refused(with_int(), module, -ELOOP, "refers to itself");

	module = with_int();
	bld_typedef(module, "t", 2);
	assert_refused(with_int(), module, -ELOOP, "type id 2 (TYPEDEF)");

	module = with_int();
	bld_ptr(module, 3);
	bld_func_proto(module, 0);
	bld_param(module, "p", 2);
	assert_refused(with_int(), module, -ELOOP, "refers to itself");
}

/* Pointers that each refer to the next, so that the first needs all others before
 * it, and a struct at the end. */
static struct bld *long_chain(uint32_t length)
{
	struct bld *b = with_int();

	for (uint32_t i = 0; i < length; i++)
		bld_ptr(b, i + 3);
	bld_struct(b, "end", 4);
	bld_member(b, "a", 1, 0, 0);
	return b;
}

static void a_long_chain_merges(void **state)
{
	assert_dedup(long_chain(1000), long_chain(1000), "");
}

/* Without the judge, which is not made for this. */
static void a_chain_of_a_hundred_thousand_needs_no_stack(void **state)
{
	struct bld *b = long_chain(100000);
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct base *base;
	struct diag diag;
	size_t len;
	void *blob = bld_finish(b, &len);

	assert_int_equal(base_new(&base, blob, len, &diag), 0);
	assert_int_equal(dedup_module(d, base, blob, len, &res, &diag), 0);
	assert_int_equal(res.input_types, 100002);
	assert_int_equal(res.split_types, 0);
	dedup_free(d);
	base_free(base);
	free(blob);
	bld_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_that_the_base_has_merges_whole),
		cmocka_unit_test(a_ring_that_comes_many_times_stays_once),
		cmocka_unit_test(a_difference_anywhere_in_a_ring_keeps_all_of_it),
		cmocka_unit_test(equal_rings_of_different_length_are_one_when_unrolled),
		cmocka_unit_test(a_ring_through_a_callback_merges),
		cmocka_unit_test(a_parameter_name_in_a_ring_keeps_it),
		cmocka_unit_test(anonymous_nests_merge),
		cmocka_unit_test(a_difference_at_the_bottom_of_a_nest_keeps_all_above),
		cmocka_unit_test(arrays_of_different_types_in_one_struct_stay_apart),
		cmocka_unit_test(of_two_structs_of_one_name_the_right_one_is_found),
		cmocka_unit_test(what_the_base_has_twice_is_one),
		cmocka_unit_test(a_struct_that_holds_itself_is_no_endless_loop),
		cmocka_unit_test(references_in_a_ring_without_a_struct_are_refused),
		cmocka_unit_test(a_long_chain_merges),
		cmocka_unit_test(a_chain_of_a_hundred_thousand_needs_no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
