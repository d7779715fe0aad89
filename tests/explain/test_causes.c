// SPDX-License-Identifier: GPL-2.0-only
/* The causes of small graphs, each of which differs in one way that somebody meets. */
#include "tests/explain/explained.h"

#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

/* A base and a module that both begin with "int" and "long" as [1] and [2]. */
struct two {
	struct bld *base, *module;
};

static struct bld *with_ints(void)
{
	struct bld *b = bld_new(1, 0);

	bld_int(b, "int", 4, BTF_INT_SIGNED, 0, 32);
	bld_int(b, "long", 8, BTF_INT_SIGNED, 0, 64);
	return b;
}

static struct two two_new(void)
{
	return (struct two){with_ints(), with_ints()};
}

/* "KIND ALONE INVOLVED LAST what" of each cause, in their order. */
static void assert_causes(struct two t, const char *expected)
{
	struct explained x;
	char *causes;

	explained_built(&x, t.base, t.module);
	causes = explained_causes(&x);
	assert_string_equal(causes, expected);
	free(causes);
	explained_end_built(&x);
}

static void nothing_stays(void **state)
{
	assert_causes(two_new(), "");
}

static void what_the_base_has_nothing_like_is_no_cause(void **state)
{
	struct two t = two_new();

	bld_struct(t.module, "own", 8);
	bld_member(t.module, "next", bld_next_id(t.module), 0, 0);
	bld_ptr(t.module, 3);
	assert_causes(t, "");
}

static void an_offset(void **state)
{
	struct two t = two_new();

	bld_struct(t.base, "foo", 16);
	bld_member(t.base, "a", 1, 0, 0);
	bld_member(t.base, "b", 1, 32, 0);
	bld_struct(t.module, "foo", 16);
	bld_member(t.module, "a", 1, 0, 0);
	bld_member(t.module, "b", 1, 64, 0);
	assert_causes(t, "layout 36 36 36 struct foo.b: at byte 4 in the base, byte 8 here\n");
}

static void a_bit_offset_and_a_width(void **state)
{
	struct two t = two_new();

	bld_struct(t.base, "foo", 4);
	bld_member(t.base, "a", 1, 0, 3);
	bld_member(t.base, "b", 1, 3, 3);
	bld_struct(t.base, "bar", 4);
	bld_member(t.base, "a", 1, 0, 3);
	bld_struct(t.module, "foo", 4);
	bld_member(t.module, "a", 1, 0, 3);
	bld_member(t.module, "b", 1, 5, 3);
	bld_struct(t.module, "bar", 4);
	bld_member(t.module, "a", 1, 0, 4);
	assert_causes(t, "layout 36 36 36 struct foo.b: at bit 3 in the base, bit 5 here\n"
			 "layout 24 24 24 struct bar.a: a bitfield of 3 in the base, a bitfield of "
			 "4 here\n");
}

static void members_that_one_side_has_not(void **state)
{
	struct two t = two_new();

	bld_struct(t.base, "gone", 8);
	bld_member(t.base, "a", 1, 0, 0);
	bld_member(t.base, "old", 1, 32, 0);
	bld_struct(t.base, "come", 4);
	bld_member(t.base, "a", 1, 0, 0);
	bld_struct(t.base, "renamed", 4);
	bld_member(t.base, "before", 1, 0, 0);
	bld_struct(t.module, "gone", 4);
	bld_member(t.module, "a", 1, 0, 0);
	bld_struct(t.module, "come", 8);
	bld_member(t.module, "young", 1, 0, 0);
	bld_member(t.module, "a", 1, 32, 0);
	bld_struct(t.module, "renamed", 4);
	bld_member(t.module, "after", 1, 0, 0);
	assert_causes(t, "layout 36 36 36 struct come.young: not in the base\n"
			 "layout 24 24 24 struct gone.old: only in the base\n"
			 "layout 24 24 24 struct renamed.after: named before in the base, after "
			 "here\n");
}

static void a_size_alone(void **state)
{
	struct two t = two_new();

	bld_struct(t.base, "foo", 4);
	bld_member(t.base, "a", 1, 0, 0);
	bld_struct(t.module, "foo", 64);
	bld_member(t.module, "a", 1, 0, 0);
	assert_causes(t, "layout 24 24 24 struct foo: 4 bytes in the base, 64 here\n");
}

static void the_whole_declaration_of_a_member(void **state)
{
	struct two t = two_new();

	bld_struct(t.base, "foo", 24); /* [3] */
	bld_member(t.base, "call", 4, 0, 0);
	bld_member(t.base, "array", 6, 64, 0);
	bld_ptr(t.base, 5);        /* [4] */
	bld_func_proto(t.base, 0); /* [5] */
	bld_param(t.base, "", 7);
	bld_param(t.base, "", 1);
	bld_array(t.base, 1, 1, 4); /* [6] */
	bld_ptr(t.base, 3);         /* [7] */

	bld_struct(t.module, "foo", 24);
	bld_member(t.module, "call", 4, 0, 0);
	bld_member(t.module, "array", 6, 64, 0);
	bld_ptr(t.module, 5);
	bld_func_proto(t.module, 0);
	bld_param(t.module, "", 7);
	bld_array(t.module, 1, 1, 4);
	bld_ptr(t.module, 3);
	/* What is new: the pointer to a prototype of its own. */
	assert_causes(t,
		      "layout 48 48 48 struct foo.call: void (*)(struct foo *, int) in the base, "
		      "void (*)(struct foo *) here\n");
}

static void in_a_struct_without_a_tag(void **state)
{
	struct two t = two_new();

	bld_struct(t.base, "foo", 16);
	bld_member(t.base, "", 4, 0, 0);
	bld_member(t.base, "u", 4, 64, 0);
	bld_union(t.base, "", 8);
	bld_member(t.base, "low", 1, 0, 0);
	bld_struct(t.module, "foo", 16);
	bld_member(t.module, "", 4, 0, 0);
	bld_member(t.module, "u", 4, 64, 0);
	bld_union(t.module, "", 8);
	bld_member(t.module, "low", 2, 0, 0);
	assert_causes(t, "layout 60 60 60 struct foo.low: int in the base, long here\n");
}

static void behind_a_pointer_to_one_without_a_tag(void **state)
{
	struct two t = two_new();

	for (int i = 0; i < 2; i++) {
		struct bld *b = i ? t.module : t.base;

		bld_struct(b, "foo", 8);
		bld_member(b, "p", 4, 0, 0);
		bld_ptr(b, 5);
		bld_struct(b, "", 8);
		bld_member(b, "x", i ? 2 : 1, 0, 0);
	}
	/* The pointer too is none that the base would have. */
	assert_causes(t, "layout 60 60 60 struct foo.p->x: int in the base, long here\n");
}

/* A ring of three through pointers; the last differs. */
static void build_ring(struct bld *b, uint32_t last_size)
{
	bld_struct(b, "one", 8); /* [3] */
	bld_member(b, "two", 4, 0, 0);
	bld_ptr(b, 5);
	bld_struct(b, "two", 8); /* [5] */
	bld_member(b, "three", 6, 0, 0);
	bld_ptr(b, 7);
	bld_struct(b, "three", last_size); /* [7] */
	bld_member(b, "one", 8, 0, 0);
	bld_ptr(b, 3);
}

static void a_ring_waits_for_the_one_that_differs(void **state)
{
	struct two t = two_new();
	struct explained x;
	struct explain_type one;

	build_ring(t.base, 8);
	build_ring(t.module, 16);
	explained_built(&x, t.base, t.module);
	assert_int_equal(x.result.nr_causes, 1);
	assert_int_equal(x.result.causes[0].alone.types, 6);
	one = explained_type(&x, "struct one");
	assert_int_equal(one.fate, EXPLAIN_BLOCKED);
	assert_string_equal(one.path, "one.two -> two.three: struct three: 8 bytes in the base, 16 "
				      "here");
	/* All wait for each other. */
	assert_int_equal(one.blocks.types, 5);
	assert_int_equal(one.nr_waiting, 2);
	explained_end_built(&x);
}

/* outer { inner i; int after; } over an inner of so many members. */
static void build_nested(struct bld *b, uint32_t members)
{
	bld_struct(b, "outer", members * 4 + 4);
	bld_member(b, "i", 4, 0, 0);
	bld_member(b, "after", 1, members * 32, 0);
	bld_struct(b, "inner", members * 4);
	bld_member(b, "a", 1, 0, 0);
	if (members > 1)
		bld_member(b, "config", 1, 32, 0);
}

static void a_layout_that_follows_a_member_is_the_members(void **state)
{
	struct two t = two_new();

	build_nested(t.base, 1);
	build_nested(t.module, 2);
	assert_causes(t, "layout 72 72 72 struct inner.config: not in the base\n");
}

static void a_layout_that_follows_nothing_is_its_own(void **state)
{
	struct two t = two_new();

	build_nested(t.base, 1);
	/* The same, but outer's last member is further away. */
	bld_struct(t.module, "outer", 8);
	bld_member(t.module, "i", 4, 0, 0);
	bld_member(t.module, "after", 1, 48, 0);
	bld_struct(t.module, "inner", 4);
	bld_member(t.module, "a", 1, 0, 0);
	assert_causes(t,
		      "layout 36 36 36 struct outer.after: at byte 4 in the base, byte 6 here\n");
}

/* Two enums that differ, a struct over each, one over both, a pointer to that. */
static void build_shared(struct bld *b, bool is_signed)
{
	bld_enum(b, "e", 4, is_signed); /* [3] */
	bld_enumerator(b, "E", 0);
	bld_enum(b, "f", 4, is_signed); /* [4] */
	bld_enumerator(b, "F", 0);
	bld_struct(b, "over_e", 4);
	bld_member(b, "e", 3, 0, 0);
	bld_struct(b, "both", 8); /* [6] */
	bld_member(b, "e", 3, 0, 0);
	bld_member(b, "f", 4, 32, 0);
	bld_ptr(b, 6);
}

static void alone_involved_and_last(void **state)
{
	struct two t = two_new();

	build_shared(t.base, true);
	build_shared(t.module, false);
	/* An enum is 20 bytes, over_e 24, both and its pointer 36 + 12. */
	assert_causes(t, "encoder 44 92 44 enum e: signed in the base, unsigned here\n"
			 "encoder 20 68 68 enum f: signed in the base, unsigned here\n");
}

static void what_encoders_do_differently(void **state)
{
	struct two t = two_new();

	bld_enum64(t.base, "wide", 8, false);
	bld_enumerator(t.base, "W", 1);
	bld_float(t.base, "float", 4);
	bld_struct(t.base, "tagged", 8);
	bld_member(t.base, "p", bld_next_id(t.base), 0, 0);
	bld_ptr(t.base, bld_next_id(t.base) + 1);
	bld_type_tag(t.base, "rcu", 1, false);
	bld_struct(t.base, "flagged", 4);
	bld_kflag(t.base);
	bld_member(t.base, "a", 1, 0, 0);

	bld_enum(t.module, "wide", 8, false);
	bld_enumerator(t.module, "W", 1);
	bld_int(t.module, "float", 4, 0, 0, 32);
	bld_struct(t.module, "tagged", 8);
	bld_member(t.module, "p", bld_next_id(t.module), 0, 0);
	bld_ptr(t.module, 1);
	bld_struct(t.module, "flagged", 4);
	bld_member(t.module, "a", 1, 0, 0);
	bld_decl_tag(t.module, "preserve", 1, -1, false);
	assert_causes(t, "encoder 24 24 24 struct flagged: kind_flag set in the base, clear here\n"
			 "encoder 24 24 24 struct tagged.p: int __rcu * in the base, int * here\n"
			 "encoder 20 20 20 enum wide: ENUM64 in the base, ENUM here\n"
			 "encoder 16 16 16 decl_tag \"preserve\" of int: not in the base\n"
			 "encoder 16 16 16 float: FLOAT in the base, INT here\n");
}

static void values_of_enums_are_real_differences(void **state)
{
	struct two t = two_new();

	bld_enum(t.base, "e", 4, true);
	bld_enumerator(t.base, "A", 0);
	bld_enumerator(t.base, "B", (uint64_t)-2);
	bld_enum(t.base, "", 4, false);
	bld_enumerator(t.base, "C", 0);
	bld_enum(t.module, "e", 4, true);
	bld_enumerator(t.module, "A", 0);
	bld_enumerator(t.module, "B", 7);
	bld_enum(t.module, "", 4, false);
	bld_enumerator(t.module, "C", 0);
	bld_enumerator(t.module, "D", 1);
	assert_causes(t, "layout 28 28 28 enum e: B is -2 in the base, 7 here\n"
			 "layout 28 28 28 enum {C, ...}: D not in the base\n");
}

static void only_declared_in_the_base(void **state)
{
	struct two t = two_new();

	bld_fwd(t.base, "helper", false); /* [3] */
	bld_ptr(t.base, 3);
	bld_struct(t.base, "user", 8);
	bld_member(t.base, "h", 4, 0, 0);
	bld_typedef(t.base, "helper_t", 3);

	bld_struct(t.module, "helper", 4); /* [3] */
	bld_member(t.module, "a", 1, 0, 0);
	bld_ptr(t.module, 3);
	bld_struct(t.module, "user", 8);
	bld_member(t.module, "h", 4, 0, 0);
	bld_typedef(t.module, "helper_t", 3);
	/* user goes with the declaration; the typedef and, as nothing else that stays refers
	 * to it, the pointer wait for a definition. */
	assert_causes(t, "declared 48 48 48 struct helper: only declared in the base\n");
}

static void of_several_of_a_name_the_closest(void **state)
{
	struct two t = two_new();
	struct explained x;
	struct explain_type slot;

	bld_struct(t.base, "slot", 8); /* [3] */
	bld_member(t.base, "other", 2, 0, 0);
	bld_struct(t.base, "slot", 8); /* [4] */
	bld_member(t.base, "a", 1, 0, 0);
	bld_member(t.base, "b", 1, 32, 0);
	bld_struct(t.module, "slot", 8);
	bld_member(t.module, "a", 1, 0, 0);
	bld_member(t.module, "b", 2, 32, 0);
	explained_built(&x, t.base, t.module);
	assert_int_equal(x.result.nr_causes, 1);
	assert_int_equal(x.result.causes[0].kind, EXPLAIN_AMBIGUOUS);
	assert_int_equal(x.result.causes[0].base_id, 4);
	assert_string_equal(x.result.causes[0].what, "struct slot.b: int in the base, long here");
	slot = explained_type(&x, "slot");
	assert_int_equal(slot.nr_candidates, 2);
	assert_string_equal(slot.candidates[0].path, "struct slot.a: not in the base");
	explained_end_built(&x);
}

static void another_of_that_name(void **state)
{
	struct two t = two_new();

	for (int i = 0; i < 2; i++) {
		struct bld *b = i ? t.module : t.base;

		bld_struct(b, "slot", 4); /* [3] */
		bld_member(b, "a", 1, 0, 0);
		bld_struct(b, "slot", 8); /* [4] */
		bld_member(b, "b", 2, 0, 0);
		bld_struct(b, "user", 8);
		bld_member(b, "s", bld_next_id(b), 0, 0);
		bld_ptr(b, i ? 3 : 4);
		bld_ptr(b, i ? 4 : 3);
	}
	assert_causes(t, "ambiguous 24 24 24 struct user.s: struct slot in the base, another of "
			 "that name here\n");
}

static void functions(void **state)
{
	struct two t = two_new();

	bld_func_proto(t.base, 1); /* [3] */
	bld_param(t.base, "a", 1);
	bld_func(t.base, "linked", 3, 1);
	bld_func(t.base, "named", 3, 1);
	bld_func(t.base, "typed", 3, 1);

	bld_func_proto(t.module, 1); /* [3] */
	bld_param(t.module, "a", 1);
	bld_func(t.module, "linked", 3, 0);
	bld_func_proto(t.module, 1);
	bld_param(t.module, "b", 1);
	bld_func(t.module, "named", 5, 1);
	bld_func_proto(t.module, 2);
	bld_param(t.module, "a", 1);
	bld_func(t.module, "typed", 7, 1);
	assert_causes(t,
		      "layout 12 12 12 function linked: global in the base, static here\n"
		      "layout 12 12 12 function named(b): named a in the base, b here\n"
		      "layout 12 12 12 function typed: int (int) in the base, long (int) here\n");
}

static void typedefs_and_ints(void **state)
{
	struct two t = two_new();

	bld_typedef(t.base, "size_t", 1);
	bld_int(t.base, "char", 1, BTF_INT_SIGNED, 0, 8);
	bld_typedef(t.module, "size_t", 2);
	bld_int(t.module, "char", 1, 0, 0, 8);
	assert_causes(t, "layout 16 16 16 char: signed, 8 bits in the base, unsigned, 8 bits here\n"
			 "layout 12 12 12 typedef size_t: int in the base, long here\n");
}

static void variables_are_never_merged(void **state)
{
	struct two t = two_new();
	struct explained x;

	bld_var(t.base, "v", 1, 1);
	bld_var(t.module, "v", 1, 1);
	explained_built(&x, t.base, t.module);
	assert_int_equal(x.result.nr_causes, 0);
	assert_int_equal(x.result.never.types, 1);
	assert_int_equal(x.result.never.bytes, 16);
	explained_end_built(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_stays),
		cmocka_unit_test(what_the_base_has_nothing_like_is_no_cause),
		cmocka_unit_test(an_offset),
		cmocka_unit_test(a_bit_offset_and_a_width),
		cmocka_unit_test(members_that_one_side_has_not),
		cmocka_unit_test(a_size_alone),
		cmocka_unit_test(the_whole_declaration_of_a_member),
		cmocka_unit_test(in_a_struct_without_a_tag),
		cmocka_unit_test(behind_a_pointer_to_one_without_a_tag),
		cmocka_unit_test(a_ring_waits_for_the_one_that_differs),
		cmocka_unit_test(a_layout_that_follows_a_member_is_the_members),
		cmocka_unit_test(a_layout_that_follows_nothing_is_its_own),
		cmocka_unit_test(alone_involved_and_last),
		cmocka_unit_test(what_encoders_do_differently),
		cmocka_unit_test(values_of_enums_are_real_differences),
		cmocka_unit_test(only_declared_in_the_base),
		cmocka_unit_test(of_several_of_a_name_the_closest),
		cmocka_unit_test(another_of_that_name),
		cmocka_unit_test(functions),
		cmocka_unit_test(typedefs_and_ints),
		cmocka_unit_test(variables_are_never_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
