// SPDX-License-Identifier: GPL-2.0-only
/* Every kind: the same as in the base merges, a difference in any one thing it says
 * keeps it. */
#include "tests/merge/fixture.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Both graphs begin with the same types that the one under test refers to:
 *	[1] int  [2] char  [3] ptr to int  [4] func_proto (int) -> int
 *	[5] func f  [6] struct s  [7] typedef t
 */
#define FIRST 8

static struct bld *common(void)
{
	struct bld *b = with_int();

	bld_int(b, "char", 1, 1, 0, 8);
	bld_ptr(b, 1);
	bld_func_proto(b, 1);
	bld_param(b, "a", 1);
	bld_func(b, "f", 4, 1);
	bld_struct(b, "s", 8);
	bld_member(b, "x", 1, 0, 0);
	bld_member(b, "y", 1, 32, 0);
	bld_typedef(b, "t", 1);
	return b;
}

typedef void (*add_fn)(struct bld *b);

/* @one in the base and in the module: nothing stays. */
static void assert_merges(add_fn one)
{
	struct bld *base = common(), *module = common();

	one(base);
	one(module);
	assert_dedup(base, module, "");
}

/* @one in the base, @other in the module: it stays, alone, as @line. */
static void assert_stays(add_fn one, add_fn other, const char *line)
{
	struct bld *base = common(), *module = common();

	one(base);
	other(module);
	assert_dedup(base, module, line);
}

/* The module has it twice, and something that refers to the second. */
static void assert_merges_within(add_fn one, const char *line)
{
	struct bld *base = common(), *module = common();

	one(module);
	one(module);
	assert_dedup(base, module, line);
}

#define ADD(name, ...)                  \
	static void name(struct bld *b) \
	{                               \
		__VA_ARGS__;            \
	}

ADD(int_u, bld_int(b, "u", 4, 0, 0, 32))
ADD(int_signed, bld_int(b, "u", 4, 1, 0, 32))
ADD(int_size, bld_int(b, "u", 8, 0, 0, 32))
ADD(int_bits, bld_int(b, "u", 4, 0, 0, 31))
ADD(int_offset, bld_int(b, "u", 4, 0, 1, 31))
ADD(int_name, bld_int(b, "w", 4, 0, 0, 32))

static void an_int_merges_only_with_its_equal(void **state)
{
	assert_merges(int_u);
	assert_stays(int_u, int_signed, "[9] INT u size=4 data=0x1000020\n");
	assert_stays(int_u, int_size, "[9] INT u size=8 data=0x20\n");
	assert_stays(int_u, int_bits, "[9] INT u size=4 data=0x1f\n");
	assert_stays(int_bits, int_offset, "[9] INT u size=4 data=0x1001f\n");
	assert_stays(int_u, int_name, "[9] INT w size=4 data=0x20\n");
	assert_merges_within(int_u, "[8] INT u size=4 data=0x20\n");
}

ADD(float_d, bld_float(b, "double", 8))
ADD(float_size, bld_float(b, "double", 4))
ADD(float_name, bld_float(b, "float", 8))

static void a_float_merges_only_with_its_equal(void **state)
{
	assert_merges(float_d);
	assert_stays(float_d, float_size, "[9] FLOAT double size=4\n");
	assert_stays(float_d, float_name, "[9] FLOAT float size=8\n");
	assert_merges_within(float_d, "[8] FLOAT double size=8\n");
}

/* The kinds that are one reference, and a name for some. */
ADD(ptr_char, bld_ptr(b, 2))
ADD(ptr_s, bld_ptr(b, 6))
ADD(const_int, bld_const(b, 1))
ADD(const_char, bld_const(b, 2))
ADD(volatile_int, bld_volatile(b, 1))
ADD(volatile_char, bld_volatile(b, 2))
ADD(restrict_p, bld_restrict(b, 3))
ADD(restrict_s, bld_restrict(b, 6))
ADD(typedef_int, bld_typedef(b, "td", 1))
ADD(typedef_char, bld_typedef(b, "td", 2))
ADD(typedef_name, bld_typedef(b, "te", 1))
ADD(tag_user, bld_type_tag(b, "user", 1, false))
ADD(tag_rcu, bld_type_tag(b, "rcu", 1, false))
ADD(tag_char, bld_type_tag(b, "user", 2, false))
ADD(tag_attr, bld_type_tag(b, "user", 1, true))
ADD(ptr_void, bld_ptr(b, 0))

static void a_reference_merges_when_what_it_refers_to_has(void **state)
{
	assert_merges(ptr_char);
	assert_merges(ptr_void);
	assert_stays(ptr_char, ptr_s, "[9] PTR - -> 6\n");
	assert_stays(ptr_char, ptr_void, "[9] PTR - -> 0\n");
	assert_merges(const_int);
	assert_stays(const_int, const_char, "[9] CONST - -> 2\n");
	assert_stays(const_int, volatile_int, "[9] VOLATILE - -> 1\n");
	assert_merges(volatile_int);
	assert_stays(volatile_int, volatile_char, "[9] VOLATILE - -> 2\n");
	assert_merges(restrict_p);
	assert_stays(restrict_p, restrict_s, "[9] RESTRICT - -> 6\n");
	assert_merges(typedef_int);
	assert_stays(typedef_int, typedef_char, "[9] TYPEDEF td -> 2\n");
	assert_stays(typedef_int, typedef_name, "[9] TYPEDEF te -> 1\n");
	assert_merges(tag_user);
	assert_stays(tag_user, tag_rcu, "[9] TYPE_TAG rcu -> 1\n");
	assert_stays(tag_user, tag_char, "[9] TYPE_TAG user -> 2\n");
	assert_stays(tag_user, tag_attr, "[9] TYPE_TAG user kflag -> 1\n");
}

static void equal_references_of_a_module_are_one(void **state)
{
	assert_merges_within(ptr_char, "[8] PTR - -> 2\n");
	assert_merges_within(const_int, "[8] CONST - -> 1\n");
	assert_merges_within(volatile_int, "[8] VOLATILE - -> 1\n");
	assert_merges_within(restrict_p, "[8] RESTRICT - -> 3\n");
	assert_merges_within(typedef_int, "[8] TYPEDEF td -> 1\n");
	assert_merges_within(tag_user, "[8] TYPE_TAG user -> 1\n");
}

ADD(array_4, bld_array(b, 1, 2, 4))
ADD(array_5, bld_array(b, 1, 2, 5))
ADD(array_elem, bld_array(b, 2, 2, 4))
ADD(array_index, bld_array(b, 1, 1, 4))

static void an_array_is_its_element_index_and_number(void **state)
{
	assert_merges(array_4);
	assert_stays(array_4, array_5, "[9] ARRAY - of=1 index=2 nr=5\n");
	assert_stays(array_4, array_elem, "[9] ARRAY - of=2 index=2 nr=4\n");
	assert_stays(array_4, array_index, "[9] ARRAY - of=1 index=1 nr=4\n");
	assert_merges_within(array_4, "[8] ARRAY - of=1 index=2 nr=4\n");
}

/* struct @name {int a; int @second;} */
static void add_two(struct bld *b, const char *name, const char *second)
{
	bld_struct(b, name, 8);
	bld_member(b, "a", 1, 0, 0);
	bld_member(b, second, 1, 32, 0);
}

/* To compare those of one head must not use up what comparing those behind them takes. */
static void many_structs_of_one_head_do_not_keep_equal_ones_apart(void **state)
{
	struct over over = over_base(with_int());
	struct dedup *d = dedup_new();
	struct bld *m = with_int();
	struct dedup_result res;
	char name[32];

	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		add_two(m, "many", name);
	}
	for (int i = 0; i < 4; i++)
		add_two(m, "twice", i % 2 ? "odd" : "even");
	over_dedup(&over, d, m, &res);
	assert_int_equal(res.split_types, 2000 + 2);
	dedup_free(d);
	over_free(&over);
}

#define TWO(kind, name, size, n1, t1, o1, n2, t2, o2, bits) \
	(kind(b, name, size), bld_member(b, n1, t1, o1, 0), bld_member(b, n2, t2, o2, bits))
ADD(struct_q, TWO(bld_struct, "q", 8, "x", 1, 0, "y", 1, 32, 0))
ADD(struct_size, TWO(bld_struct, "q", 12, "x", 1, 0, "y", 1, 32, 0))
ADD(struct_name, TWO(bld_struct, "q", 8, "x", 1, 0, "z", 1, 32, 0))
ADD(struct_type, TWO(bld_struct, "q", 8, "x", 1, 0, "y", 2, 32, 0))
ADD(struct_off, TWO(bld_struct, "q", 8, "x", 1, 0, "y", 1, 40, 0))
ADD(struct_bits, TWO(bld_struct, "q", 8, "x", 1, 0, "y", 1, 32, 7))
ADD(struct_bits6, TWO(bld_struct, "q", 8, "x", 1, 0, "y", 1, 32, 6))
ADD(struct_other, TWO(bld_struct, "r", 8, "x", 1, 0, "y", 1, 32, 0))
ADD(struct_one, (bld_struct(b, "q", 8), bld_member(b, "x", 1, 0, 0)))
ADD(struct_anon, TWO(bld_struct, NULL, 8, "x", 1, 0, "y", 1, 32, 0))
ADD(struct_anon_type, TWO(bld_struct, NULL, 8, "x", 1, 0, "y", 2, 32, 0))
ADD(union_q, TWO(bld_union, "q", 4, "x", 1, 0, "y", 1, 0, 0))
ADD(union_type, TWO(bld_union, "q", 4, "x", 1, 0, "y", 2, 0, 0))

static void a_struct_or_union_is_all_its_members_say(void **state)
{
	assert_merges(struct_q);
	assert_merges(struct_bits);
	assert_merges(struct_anon);
	assert_merges(union_q);
	assert_stays(struct_q, struct_size, "[9] STRUCT q size=12 x:1@0 y:1@32\n");
	assert_stays(struct_q, struct_name, "[9] STRUCT q size=8 x:1@0 z:1@32\n");
	assert_stays(struct_q, struct_type, "[9] STRUCT q size=8 x:1@0 y:2@32\n");
	assert_stays(struct_q, struct_off, "[9] STRUCT q size=8 x:1@0 y:1@40\n");
	assert_stays(struct_q, struct_bits, "[9] STRUCT q kflag size=8 x:1@0 y:1@32:7\n");
	assert_stays(struct_bits, struct_bits6, "[9] STRUCT q kflag size=8 x:1@0 y:1@32:6\n");
	assert_stays(struct_q, struct_other, "[9] STRUCT r size=8 x:1@0 y:1@32\n");
	assert_stays(struct_q, struct_one, "[9] STRUCT q size=8 x:1@0\n");
	assert_stays(struct_q, struct_anon, "[9] STRUCT - size=8 x:1@0 y:1@32\n");
	assert_stays(struct_anon, struct_anon_type, "[9] STRUCT - size=8 x:1@0 y:2@32\n");
	assert_stays(union_q, union_type, "[9] UNION q size=4 x:1@0 y:2@0\n");
	assert_merges_within(struct_q, "[8] STRUCT q size=8 x:1@0 y:1@32\n");
	assert_merges_within(struct_anon, "[8] STRUCT - size=8 x:1@0 y:1@32\n");
	assert_merges_within(union_q, "[8] UNION q size=4 x:1@0 y:1@0\n");
}

#define ENUM2(kind, name, size, sign, n, v) \
	(kind(b, name, size, sign), bld_enumerator(b, "A", 1), bld_enumerator(b, n, v))
ADD(enum_e, ENUM2(bld_enum, "e", 4, false, "B", 2))
ADD(enum_signed, ENUM2(bld_enum, "e", 4, true, "B", 2))
ADD(enum_size, ENUM2(bld_enum, "e", 1, false, "B", 2))
ADD(enum_value, ENUM2(bld_enum, "e", 4, false, "B", 3))
ADD(enum_name, ENUM2(bld_enum, "e", 4, false, "C", 2))
ADD(enum_anon, ENUM2(bld_enum, NULL, 4, false, "B", 2))
ADD(enum_anon_value, ENUM2(bld_enum, NULL, 4, false, "B", 3))
ADD(enum_anon_empty, bld_enum(b, NULL, 4, false))
ADD(enum64_e, ENUM2(bld_enum64, "e", 8, false, "B", 2))
ADD(enum64_high, ENUM2(bld_enum64, "e", 8, false, "B", 2 + (1ull << 32)))

static void an_enum_is_its_values_size_and_sign(void **state)
{
	assert_merges(enum_e);
	assert_merges(enum_anon);
	assert_merges(enum64_e);
	assert_stays(enum_e, enum_signed, "[9] ENUM e kflag size=4 A=1 B=2\n");
	assert_stays(enum_e, enum_size, "[9] ENUM e size=1 A=1 B=2\n");
	assert_stays(enum_e, enum_value, "[9] ENUM e size=4 A=1 B=3\n");
	assert_stays(enum_e, enum_name, "[9] ENUM e size=4 A=1 C=2\n");
	assert_stays(enum_anon, enum_anon_value, "[9] ENUM - size=4 A=1 B=3\n");
	assert_stays(enum_e, enum64_e, "[9] ENUM64 e size=8 A=1 B=2\n");
	assert_stays(enum64_e, enum64_high, "[9] ENUM64 e size=8 A=1 B=4294967298\n");
	assert_merges_within(enum_e, "[8] ENUM e size=4 A=1 B=2\n");
	assert_merges_within(enum64_e, "[8] ENUM64 e size=8 A=1 B=2\n");
}

static void an_empty_enum_without_a_name_declares_nothing(void **state)
{
	assert_merges(enum_anon_empty);
	assert_stays(enum_anon, enum_anon_empty, "[9] ENUM - size=4\n");
}

#define PROTO(ret, n1, t1) (bld_func_proto(b, ret), bld_param(b, n1, t1), bld_param(b, NULL, 0))
ADD(proto, PROTO(1, "a", 1))
ADD(proto_ret, PROTO(0, "a", 1))
ADD(proto_name, PROTO(1, "b", 1))
ADD(proto_type, PROTO(1, "a", 2))
ADD(proto_short, (bld_func_proto(b, 1), bld_param(b, "a", 2)))

static void a_prototype_is_its_result_and_parameters(void **state)
{
	assert_merges(proto);
	assert_stays(proto, proto_ret, "[9] FUNC_PROTO - -> 0 ( a:1 -:0 )\n");
	assert_stays(proto, proto_name, "[9] FUNC_PROTO - -> 1 ( b:1 -:0 )\n");
	assert_stays(proto, proto_type, "[9] FUNC_PROTO - -> 1 ( a:2 -:0 )\n");
	assert_stays(proto, proto_short, "[9] FUNC_PROTO - -> 1 ( a:2 )\n");
	assert_merges_within(proto, "[8] FUNC_PROTO - -> 1 ( a:1 -:0 )\n");
}

ADD(func_g, bld_func(b, "g", 4, 1))
ADD(func_static, bld_func(b, "g", 4, 0))
ADD(func_h, bld_func(b, "h", 4, 1))

static void a_function_merges_when_its_prototype_has(void **state)
{
	assert_merges(func_g);
	assert_stays(func_g, func_static, "[9] FUNC g -> 4 (0)\n");
	assert_stays(func_g, func_h, "[9] FUNC h -> 4 (1)\n");
	assert_merges_within(func_g, "[8] FUNC g -> 4 (1)\n");
}

ADD(decl_tag, bld_decl_tag(b, "k", 6, -1, false))
ADD(decl_tag_member, bld_decl_tag(b, "k", 6, 1, false))
ADD(decl_tag_value, bld_decl_tag(b, "l", 6, -1, false))
ADD(decl_tag_target, bld_decl_tag(b, "k", 5, -1, false))
ADD(decl_tag_attr, bld_decl_tag(b, "k", 6, -1, true))

static void a_decl_tag_merges_when_its_target_has(void **state)
{
	assert_merges(decl_tag);
	assert_stays(decl_tag, decl_tag_member, "[9] DECL_TAG k -> 6 (1)\n");
	assert_stays(decl_tag, decl_tag_value, "[9] DECL_TAG l -> 6 (-1)\n");
	assert_stays(decl_tag, decl_tag_target, "[9] DECL_TAG k -> 5 (-1)\n");
	assert_stays(decl_tag, decl_tag_attr, "[9] DECL_TAG k kflag -> 6 (-1)\n");
	assert_merges_within(decl_tag, "[8] DECL_TAG k -> 6 (-1)\n");
}

ADD(var_v, bld_var(b, "v", 1, 1))
ADD(datasec, (bld_var(b, "v", 1, 1), bld_datasec(b, ".data", 4), bld_secinfo(b, FIRST, 0, 4)))

static void variables_and_sections_never_merge(void **state)
{
	assert_stays(var_v, var_v, "[9] VAR v -> 1 (1)\n");
	assert_merges_within(var_v, "[8] VAR v -> 1 (1)\n[9] VAR v -> 1 (1)\n");
	assert_stays(datasec, datasec, "[10] VAR v -> 1 (1)\n[11] DATASEC .data size=4 10@0+4\n");
}

ADD(fwd_s, bld_fwd(b, "fw", false))
ADD(fwd_u, bld_fwd(b, "fw", true))

static void a_forward_declaration_merges_with_its_like(void **state)
{
	assert_merges(fwd_s);
	assert_stays(fwd_s, fwd_u, "[9] FWD fw kflag\n");
	assert_merges_within(fwd_s, "[8] FWD fw\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_int_merges_only_with_its_equal),
		cmocka_unit_test(a_float_merges_only_with_its_equal),
		cmocka_unit_test(a_reference_merges_when_what_it_refers_to_has),
		cmocka_unit_test(equal_references_of_a_module_are_one),
		cmocka_unit_test(an_array_is_its_element_index_and_number),
		cmocka_unit_test(a_struct_or_union_is_all_its_members_say),
		cmocka_unit_test(many_structs_of_one_head_do_not_keep_equal_ones_apart),
		cmocka_unit_test(an_enum_is_its_values_size_and_sign),
		cmocka_unit_test(an_empty_enum_without_a_name_declares_nothing),
		cmocka_unit_test(a_prototype_is_its_result_and_parameters),
		cmocka_unit_test(a_function_merges_when_its_prototype_has),
		cmocka_unit_test(a_decl_tag_merges_when_its_target_has),
		cmocka_unit_test(variables_and_sections_never_merge),
		cmocka_unit_test(a_forward_declaration_merges_with_its_like),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
