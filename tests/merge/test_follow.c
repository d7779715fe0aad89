// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules whose types are held against the base's in their order (merge/follow.h), and which
 * lead astray. The fixture does each once more with all passes, which has to end the same.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/merge/fixture.h"

/* struct dev { struct own *data; int n; } and what it refers to; ids from the next on. */
static void add_dev(struct bld *b, const char *data)
{
	uint32_t s = bld_struct(b, "dev", 16);

	bld_member(b, "data", s + 1, 0, 0);
	bld_member(b, "n", 1, 64, 0);
	bld_ptr(b, s + 2);
	bld_struct(b, "own", 4);
	bld_member(b, data, 1, 0, 0);
}

static void what_rests_on_a_later_difference_stays(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	add_dev(base, "a");
	bld_typedef(base, "dev_t", 2);
	add_dev(module, "b");
	bld_typedef(module, "dev_t", 2);
	assert_dedup(base, module,
		     "[6] STRUCT dev size=16 data:7@0 n:1@64\n"
		     "[7] PTR - -> 8\n"
		     "[8] STRUCT own size=4 b:1@0\n"
		     "[9] TYPEDEF dev_t -> 6\n");
}

/* The pointers come where the base has pointers, but the other way round. */
static void pointers_in_another_order_merge(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	struct bld *base = with_int(), *module = with_int();

	for (uint32_t i = 0; i < 4; i++)
		bld_ptr(base, 6 + i);
	for (uint32_t i = 0; i < 4; i++) {
		bld_struct(base, names[i], 4);
		bld_member(base, names[i], 1, 0, 0);
	}
	for (uint32_t i = 0; i < 4; i++)
		bld_ptr(module, 9 - i);
	for (uint32_t i = 0; i < 4; i++) {
		bld_struct(module, names[i], 4);
		bld_member(module, names[i], 1, 0, 0);
	}
	assert_dedup(base, module, "");
}

/* The declarations are the same, and so is what refers to them; the definition is not lost. */
static void a_definition_beside_its_declaration_stays(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_fwd(base, "page", false);
	bld_ptr(base, 2);
	bld_typedef(base, "page_t", 3);
	bld_fwd(module, "page", false);
	bld_ptr(module, 2);
	bld_typedef(module, "page_t", 3);
	bld_struct(module, "page", 4);
	bld_member(module, "flags", 1, 0, 0);
	assert_dedup(base, module, "[5] STRUCT page size=4 flags:1@0\n");
}

/* The same, and the names of declaration and definition are two strings of one text. */
static void a_definition_under_a_repeated_name_is_found_too(void **state)
{
	struct bld *base = with_int(), *module = bld_new(1, 0);

	bld_fwd(base, "page", false);
	bld_ptr(base, 2);
	bld_set_strings(module, BLD_STR_REPEATED);
	bld_int(module, "int", 4, 1, 0, 32);
	bld_fwd(module, "page", false);
	bld_ptr(module, 2);
	bld_struct(module, "page", 4);
	bld_member(module, "flags", 1, 0, 0);
	assert_dedup(base, module, "[4] STRUCT page size=4 flags:1@0\n");
}

/*
 * The typedef is just the base's as far as its own words go, so that what it refers to is
 * believed, until that turns out to be a tag, which nothing refers to.
 */
static void what_is_believed_and_turns_out_wrong_is_refused(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_typedef(base, "page_t", 3);
	bld_struct(base, "page", 4);
	bld_member(base, "flags", 1, 0, 0);
	bld_typedef(module, "page_t", 3);
	bld_decl_tag(module, "page", 1, -1, false);
	assert_refused(base, module, -EINVAL, "refers to type id 3, a DECL_TAG");
}

/* A type, and all that it refers to out of range. */
static void an_id_out_of_range_is_refused(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_typedef(base, "page_t", 1);
	bld_typedef(module, "page_t", 1000);
	assert_refused(base, module, -EINVAL, "refers to type id 1000");
}

/* One worker, two bases that have as many types, of which none is another's. */
static void what_was_learned_from_another_base_does_no_harm(void **state)
{
	static const char *const text[] = {"a", "b"};
	struct dedup *d = dedup_new();
	struct base *base[2];
	size_t len[2];
	void *blob[2];
	struct dedup_result res;
	struct diag diag;

	for (uint32_t i = 0; i < 2; i++) {
		struct bld *b = with_int();

		for (uint32_t k = 0; k < 20; k++) {
			if (k % 2 == i)
				add_dev(b, text[i]);
			else
				for (uint32_t t = 0; t < 3; t++)
					bld_typedef(b, text[i], bld_next_id(b) - 1);
		}
		blob[i] = bld_finish(b, &len[i]);
		bld_free(b);
		assert_int_equal(base_new(&base[i], blob[i], len[i], &diag), 0);
	}
	assert_int_equal(base_type_cnt(base[0]), base_type_cnt(base[1]));
	for (uint32_t i = 0; i < 6; i++) {
		assert_int_equal(dedup_module(d, base[i % 2], blob[i % 2], len[i % 2], &res, &diag),
				 0);
		assert_int_equal(res.split_types, 0);
	}
	for (uint32_t i = 0; i < 2; i++) {
		base_free(base[i]);
		free(blob[i]);
	}
	dedup_free(d);
}

/* Struct dev and eight names for it, which stay if it does. */
static struct bld *of_many_names(const char *data)
{
	static const char *const names[] = {"n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7"};
	struct bld *b = with_int();

	add_dev(b, data);
	for (uint32_t i = 0; i < 8; i++)
		bld_typedef(b, names[i], 2);
	return b;
}

/*
 * After a module of which many pairs were refuted it is noted on the way who rests on whom. Struct
 * user is just the base's last type; behind it comes a type for which there is no guess; and then
 * it turns out that what user is made of is not the base's.
 */
static void what_rests_on_a_later_difference_stays_after_a_module_of_many_too(void **state)
{
	struct bld *b = of_many_names("a"), *m = with_int();
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct over over;
	char *text;

	bld_struct(b, "own2", 4);
	bld_member(b, "a", 1, 0, 0);
	bld_struct(b, "user", 4);
	bld_member(b, "o", bld_next_id(b) - 2, 0, 0);
	bld_struct(m, "user", 4);
	bld_member(m, "o", 4, 0, 0);
	bld_struct(m, "new", 4);
	bld_member(m, "x", 1, 0, 0);
	bld_struct(m, "own2", 4);
	bld_member(m, "b", 1, 0, 0);
	over = over_base(b);
	over_dedup(&over, d, of_many_names("b"), &res);
	over_dedup(&over, d, m, &res);
	text = dump_split(over.blob, over.len, res.split, res.split_bytes);
	assert_string_equal(text, "[15] STRUCT user size=4 o:17@0\n"
				  "[16] STRUCT new size=4 x:1@0\n"
				  "[17] STRUCT own2 size=4 b:1@0\n");
	free(text);
	dedup_free(d);
	over_free(&over);
}

/* @n structs of one name, which differ only in what they point to. */
static struct bld *of_one_name(uint32_t n, const char *what)
{
	struct bld *b = with_int();

	for (uint32_t i = 0; i < n; i++) {
		char name[32];
		uint32_t s = bld_struct(b, "node", 8);

		snprintf(name, sizeof(name), "%s%u", what, i);
		bld_member(b, "next", s + 1, 0, 0);
		bld_ptr(b, s + 2);
		bld_struct(b, name, 4);
		bld_member(b, "x", 1, 0, 0);
	}
	return b;
}

/*
 * Each of the module's is paired with each of the base's. Of the last of them, which has just
 * what the base has, it is not even tried: and that has to be so whatever the worker did before.
 */
static void beyond_the_limit_of_pairs_nothing_depends_on_what_was_before(void **state)
{
	struct over over = over_base(of_one_name(64, "base"));
	struct bld *m = of_one_name(3000, "own");
	struct dedup *d = dedup_new(), *plain = dedup_new();
	struct dedup_result res, want;
	uint32_t s = bld_struct(m, "node", 8);
	struct diag diag;
	void *blob;
	size_t len;

	bld_member(m, "next", s + 1, 0, 0);
	bld_ptr(m, s + 2);
	bld_struct(m, "base63", 4);
	bld_member(m, "x", 1, 0, 0);
	blob = bld_finish(m, &len);
	bld_free(m);
	dedup_spare_nothing(plain);
	assert_int_equal(dedup_module(plain, over.base, blob, len, &want, &diag), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(dedup_module(d, over.base, blob, len, &res, &diag), 0);
		assert_int_equal(res.split_bytes, want.split_bytes);
		assert_memory_equal(res.split, want.split, want.split_bytes);
	}
	/* Without the limit the last three would be the base's. */
	assert_int_equal(want.split_types, 3001 * 3);
	dedup_free(plain);
	dedup_free(d);
	over_free(&over);
	free(blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_rests_on_a_later_difference_stays),
		cmocka_unit_test(pointers_in_another_order_merge),
		cmocka_unit_test(a_definition_beside_its_declaration_stays),
		cmocka_unit_test(a_definition_under_a_repeated_name_is_found_too),
		cmocka_unit_test(what_is_believed_and_turns_out_wrong_is_refused),
		cmocka_unit_test(an_id_out_of_range_is_refused),
		cmocka_unit_test(what_was_learned_from_another_base_does_no_harm),
		cmocka_unit_test(what_rests_on_a_later_difference_stays_after_a_module_of_many_too),
		cmocka_unit_test(beyond_the_limit_of_pairs_nothing_depends_on_what_was_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
