// SPDX-License-Identifier: GPL-2.0-only
/* Declarations without a definition, on either side. */
#include <stdlib.h>

#include "tests/merge/fixture.h"

/* struct @name { int @member; } */
static uint32_t add_def(struct bld *b, const char *name, const char *member)
{
	uint32_t s = bld_struct(b, name, 4);

	bld_member(b, member, 1, 0, 0);
	return s;
}

/* struct @name { struct TARGET *p; } and the pointer to type @target. */
static void add_user(struct bld *b, const char *name, uint32_t target)
{
	uint32_t s = bld_struct(b, name, 8);

	bld_member(b, "p", s + 1, 0, 0);
	bld_ptr(b, target);
}

static void a_forward_becomes_the_bases_definition(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_def(base, "d", "a");
	add_user(base, "user", 2);
	bld_fwd(module, "d", false);
	add_user(module, "user", 2);
	add_user(module, "other", 2);
	assert_dedup(base, module, "[5] STRUCT other size=8 p:4@0\n");
}

static void a_forward_becomes_the_modules_definition(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_fwd(module, "d", false);
	add_user(module, "user", 2);
	add_def(module, "d", "a");
	add_user(module, "user", 5);
	assert_dedup(base, module,
		     "[2] STRUCT user size=8 p:3@0\n"
		     "[3] PTR - -> 4\n"
		     "[4] STRUCT d size=4 a:1@0\n");
}

static void a_forward_of_a_union_is_none_of_a_struct(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_def(base, "d", "a");
	add_user(base, "user", 2);
	bld_fwd(module, "d", true);
	add_user(module, "user", 2);
	assert_dedup(base, module,
		     "[5] FWD d kflag\n"
		     "[6] STRUCT user size=8 p:7@0\n"
		     "[7] PTR - -> 5\n");
}

static void a_forward_that_only_the_base_declares_becomes_that(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_fwd(base, "d", false);
	add_user(base, "user", 2);
	bld_fwd(module, "d", false);
	add_user(module, "user", 2);
	assert_dedup(base, module, "");
}

static void where_the_base_only_declares_users_merge_and_the_definition_stays(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_fwd(base, "d", false);
	add_user(base, "user", 2);
	add_def(module, "d", "a");
	add_user(module, "user", 2);
	/* what stays refers to the definition, not to the base's FWD */
	add_user(module, "own", 2);
	assert_dedup(base, module,
		     "[5] STRUCT d size=4 a:1@0\n"
		     "[6] PTR - -> 5\n"
		     "[7] STRUCT own size=8 p:6@0\n");
}

static void among_equal_users_the_one_with_the_definition_is_taken(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	/* [2] FWD d; [3] user of it; [5] d; [6] user of that: both could do */
	bld_fwd(base, "d", false);
	add_user(base, "user", 2);
	add_def(base, "d", "a");
	add_user(base, "user", 5);
	add_def(module, "d", "a");
	add_user(module, "user", 2);
	bld_const(module, 3);
	assert_dedup(base, module, "[8] CONST - -> 6\n");
}

static void an_ambiguous_forward_means_what_stands_opposite(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_def(base, "d", "a");
	add_def(base, "d", "b");
	add_user(base, "user", 3);
	bld_fwd(module, "d", false);
	add_user(module, "user", 2);
	bld_const(module, 2);
	assert_dedup(base, module, "[6] CONST - -> 3\n");
}

static void an_ambiguous_forward_that_nothing_explains_stays(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_def(base, "d", "a");
	add_def(base, "d", "b");
	bld_fwd(module, "d", false);
	bld_const(module, 2);
	assert_dedup(base, module,
		     "[4] FWD d\n"
		     "[5] CONST - -> 4\n");
}

static void of_two_meanings_the_one_that_merges_more_is_taken(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	/* the module's two definitions differ; three users of the FWD equal
	 * users of the second */
	bld_fwd(module, "d", false);
	add_def(module, "d", "a");
	add_def(module, "d", "b");
	add_user(module, "u1", 2);
	add_user(module, "u1", 4);
	add_user(module, "u2", 2);
	add_user(module, "u2", 4);
	assert_dedup(base, module,
		     "[2] STRUCT d size=4 a:1@0\n"
		     "[3] STRUCT d size=4 b:1@0\n"
		     "[4] STRUCT u1 size=8 p:5@0\n"
		     "[5] PTR - -> 3\n"
		     "[6] STRUCT u2 size=8 p:5@0\n");
}

static void add_enum(struct bld *b, const char *name, uint64_t value)
{
	bld_enum(b, name, 4, false);
	bld_enumerator(b, "A", value);
}

static void a_forward_enum_becomes_the_bases_enum(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_enum(base, "e", 1);
	add_user(base, "user", 2);
	bld_enum(module, "e", 4, false);
	add_user(module, "user", 2);
	assert_dedup(base, module, "");
}

static void a_forward_enum_becomes_an_enum64(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_enum64(base, "e", 8, false);
	bld_enumerator(base, "A", 1);
	add_user(base, "user", 2);
	bld_enum(module, "e", 4, false);
	add_user(module, "user", 2);
	assert_dedup(base, module, "");
}

static void a_forward_enum_becomes_the_modules_enum(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_enum(module, "e", 4, false);
	add_user(module, "user", 2);
	add_enum(module, "e", 7);
	assert_dedup(base, module,
		     "[2] STRUCT user size=8 p:3@0\n"
		     "[3] PTR - -> 4\n"
		     "[4] ENUM e size=4 A=7\n");
}

static void where_the_base_only_declares_an_enum_it_stays(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_enum(base, "e", 4, false);
	add_user(base, "user", 2);
	add_enum(module, "e", 7);
	add_user(module, "user", 2);
	assert_dedup(base, module,
		     "[5] ENUM e size=4 A=7\n"
		     "[6] PTR - -> 5\n");
}

static void many_copies_with_and_without_the_definition_become_one(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	for (int i = 0; i < 4; i++) {
		uint32_t d = i % 2 ? add_def(module, "d", "a") : bld_fwd(module, "d", false);

		add_user(module, "user", d);
		bld_const(module, d);
	}
	assert_dedup(base, module,
		     "[2] STRUCT user size=8 p:3@0\n"
		     "[3] PTR - -> 5\n"
		     "[4] CONST - -> 5\n"
		     "[5] STRUCT d size=4 a:1@0\n");
}

/* Three of one name: what refers to the first says which is meant by all of them. */
static struct bld *with_enums_of_a_name(void)
{
	struct bld *b = with_int();

	bld_enum64(b, "e", 7, false);
	bld_enum64(b, "e", 4, false);
	bld_enumerator(b, "A", 0);
	bld_enum64(b, "e", 8, false);
	bld_func_proto(b, 1);
	bld_param(b, "e", 2);
	return b;
}

static void a_forward_enum_never_becomes_one_of_another_size(void **state)
{
	assert_dedup(with_enums_of_a_name(), with_enums_of_a_name(), "");
}

/* struct NAME { int v; } or its FWD, and a pointer to it; the pointer's id. */
static uint32_t add_part(struct bld *b, const char *name, bool whole)
{
	uint32_t part = whole ? bld_struct(b, name, 4) : bld_fwd(b, name, false);

	if (whole)
		bld_member(b, "v", 1, 0, 0);
	return bld_ptr(b, part);
}

/* struct node of three pointers, @x to @z; its id. */
static uint32_t add_node(struct bld *b, uint32_t x, uint32_t y, uint32_t z)
{
	uint32_t node = bld_struct(b, "node", 24);

	bld_member(b, "x", x, 0, 0);
	bld_member(b, "y", y, 64, 0);
	bld_member(b, "z", z, 128, 0);
	return node;
}

/* Four structs of the base fit, but each of the first three knows of two parts only that they are
 * there. */
static void of_several_that_fit_the_last_is_taken_if_it_says_the_same(void **state)
{
	static const char *const names[] = {"a", "b", "c"};
	struct bld *b = with_int(), *m = with_int();
	uint32_t whole[3], fwd[3], own[3], same, node;
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct over over;

	for (int i = 0; i < 3; i++) {
		whole[i] = add_part(b, names[i], true);
		fwd[i] = add_part(b, names[i], false);
		own[i] = add_part(m, names[i], true);
	}
	add_node(b, fwd[0], fwd[1], whole[2]);
	add_node(b, fwd[0], whole[1], fwd[2]);
	add_node(b, whole[0], fwd[1], fwd[2]);
	same = add_node(b, whole[0], whole[1], whole[2]);
	node = add_node(m, own[0], own[1], own[2]);
	over = over_base(b);
	over_dedup(&over, d, m, &res);
	assert_int_equal(res.split_types, 0);
	assert_int_equal(res.map[node - 1], same);
	dedup_free(d);
	over_free(&over);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_forward_becomes_the_bases_definition),
		cmocka_unit_test(a_forward_becomes_the_modules_definition),
		cmocka_unit_test(a_forward_of_a_union_is_none_of_a_struct),
		cmocka_unit_test(a_forward_that_only_the_base_declares_becomes_that),
		cmocka_unit_test(where_the_base_only_declares_users_merge_and_the_definition_stays),
		cmocka_unit_test(among_equal_users_the_one_with_the_definition_is_taken),
		cmocka_unit_test(an_ambiguous_forward_means_what_stands_opposite),
		cmocka_unit_test(an_ambiguous_forward_that_nothing_explains_stays),
		cmocka_unit_test(of_two_meanings_the_one_that_merges_more_is_taken),
		cmocka_unit_test(a_forward_enum_becomes_the_bases_enum),
		cmocka_unit_test(a_forward_enum_becomes_an_enum64),
		cmocka_unit_test(a_forward_enum_becomes_the_modules_enum),
		cmocka_unit_test(where_the_base_only_declares_an_enum_it_stays),
		cmocka_unit_test(a_forward_enum_never_becomes_one_of_another_size),
		cmocka_unit_test(many_copies_with_and_without_the_definition_become_one),
		cmocka_unit_test(of_several_that_fit_the_last_is_taken_if_it_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
