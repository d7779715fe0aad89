// SPDX-License-Identifier: GPL-2.0-only
/*
 * As test_judge.c: what the judge says to orders, strings, headers and the
 * forms of an input.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "world.h"

/* Rule 4. */

static void test_order_changed(void **state)
{
	uint32_t *a = bb_at(&out, DOUBLE, 0), keep[3];

	memcpy(keep, a, sizeof(keep));
	memcpy(a, a + 3, sizeof(keep));
	memcpy(a + 3, keep, sizeof(keep));
	refuses("rule 4: output [25] FLOAT double is of input [24], behind [25]'s");
	map[DOUBLE - 1] = OPAQUE;
	map[OPAQUE - 1] = DOUBLE;
	refuses_with(map, "rule 4: output [25] FLOAT double is of input [24], behind [25]'s");
}

/* A second copy in the input does not change the place of the first. */
static void test_order_of_a_doubled_type(void **state)
{
	bb_type(&in, "double", BTF_KIND_FLOAT, 0, 8);
	map[OUT_CNT - 1] = DOUBLE;
	accepts(NULL);
	accepts(map);
}

/* Nor does a declaration that found its definition. */
static void test_order_of_a_declaration(void **state)
{
	bb_init(&in, NULL);
	bb_type(&in, "second", BTF_KIND_FWD, 0, 0);
	bb_type(&in, "first", BTF_KIND_STRUCT, 0, 4);
	bb_type(&in, "second", BTF_KIND_STRUCT, 0, 4);
	bb_init(&out, &base);
	map[1] = bb_type(&out, "first", BTF_KIND_STRUCT, 0, 4);
	map[0] = map[2] = bb_type(&out, "second", BTF_KIND_STRUCT, 0, 4);
	accepts(NULL);
	accepts(map);
}

static void test_strings_out_of_order(void **state)
{
	uint32_t red = *bb_at(&out, COLOR, 3);
	char *s = out.strings + red - base.nr_strings;

	memcpy(s, "BLUE\0RED", 9);
	*bb_at(&out, COLOR, 3) = red + 5;
	*bb_at(&out, COLOR, 5) = red;
	refuses("rule 4: output [13] uses string 'RED' when 'BLUE' is next");
}

static void test_string_of_the_base_repeated(void **state)
{
	bb_init(&out, &base);
	*bb_at(&out, bb_type(&out, "int", BTF_KIND_INT, 0, 4), 0) = bb_new_string(&out, "int");
	bb_word(&out, 0);
	refuses("rule 4: string 'int' is repeated: the base has it");
}

static void test_string_twice(void **state)
{
	bb_init(&out, &base);
	bb_type(&out, "mine", BTF_KIND_STRUCT, 0, 0);
	*bb_at(&out, bb_type(&out, "", BTF_KIND_UNION, 0, 0), 0) = bb_new_string(&out, "mine");
	refuses("rule 4: string 'mine' is there twice");
}

static void test_string_without_use(void **state)
{
	bb_new_string(&out, "lonely");
	refuses("rule 4: string 'lonely' is used by no type");
}

static void test_empty_string_without_use(void **state)
{
	bb_new_string(&out, "");
	refuses("rule 4: string '' is used by no type");
}

static void test_empty_string_in_use(void **state)
{
	bb_init(&out, &base);
	*bb_at(&out, bb_type(&out, "", BTF_KIND_CONST, 0, 0), 0) = bb_new_string(&out, "");
	refuses("rule 4: an empty string of the output's own");
}

static void test_middle_of_a_string(void **state)
{
	*bb_at(&out, MINE, 0) += 1;
	refuses("rule 4: output [10] names the middle of a string");
	*bb_at(&out, MINE, 0) = 2; /* "nt", in the base */
	refuses("rule 4: output [10] names the middle of a string");
}

/* A base may have names in the middle of its strings: then "nt" is one of them. */
static void test_middle_of_a_string_that_the_base_uses(void **state)
{
	*bb_at(&base, CHAR, 0) = 2;
	*bb_at(&out, MINE, 0) = 2;
	refuses("rule 1: "); /* MINE is not called "nt" in the input */
	assert_null(strstr(why, "middle of a string"));
}

static void test_dangling_string(void **state)
{
	*bb_at(&out, MINE, 0) = base.nr_strings + out.nr_strings;
	refuses("rule 7: the output is broken: type [10] has the dangling string offset");
}

/* Rule 7. */

static void test_byte_order(void **state)
{
	out.swapped = true;
	refuses("rule 7: the byte order is not the input's");
	in.swapped = true;
	accepts(map);
	base.swapped = true;
	accepts(map);
	out.swapped = false;
	refuses("rule 7: the byte order is not the input's");
}

static void test_layout(void **state)
{
	static const uint32_t layout[] = {0x01020304, 0x05060708};

	in.layout = layout;
	in.layout_len = sizeof(layout);
	refuses("rule 7: a header of 24 bytes where a layout needs 32");
	out.layout = layout;
	out.layout_len = sizeof(layout);
	accepts(map);
	out.layout_len = 4;
	refuses("rule 7: the layout section is not the input's");
	out.layout_len = sizeof(layout);
	in.layout = NULL;
	in.layout_len = 0;
	refuses("rule 7: a layout section that the input has not");
}

static void test_layout_in_the_wrong_place(void **state)
{
	static const uint32_t layout[] = {0x01020304, 0x05060708};
	uint32_t zero = 0;

	in.layout = out.layout = layout;
	in.layout_len = out.layout_len = sizeof(layout);
	accepts(map);
	memcpy(out.bytes + 24, &zero, sizeof(zero)); /* over the types */
	assert_int_equal(run_on(out.bytes, out.len, NULL), 1);
	assert_non_null(strstr(why, "rule 7: the layout section does not follow the types"));
}

static void test_trailing_bytes(void **state)
{
	accepts(map);
	assert_int_equal(run_on(out.bytes, out.len + 4, NULL), 1);
	assert_non_null(strstr(why, "rule 7: the blob does not end with the strings"));
}

/* Other forms of input. */

static void test_split_input(void **state)
{
	bb_init(&in, &base);
	add_own_structs(&in, MINE, INT, LIST);
	add_own_references(&in, MINE, INT, LIST_PTR);
	add_own_variables(&in, MINE, INT);
	bb_type(&in, "unsigned int", BTF_KIND_INT, 0, 4); /* what can still be merged */
	bb_word(&in, 32);
	bb_type(&in, "list", BTF_KIND_FWD, 0, 0);
	memmove(map, map + BASE_CNT - 1, (OUT_CNT - BASE_CNT) * sizeof(*map));
	map[OUT_CNT - BASE_CNT] = UINT;
	map[OUT_CNT - BASE_CNT + 1] = LIST;
	accepts(NULL);
	accepts(map);
	*bb_at(&out, MINE, 3 + 7) = UINT;
	refuses("rule 1: input [10] STRUCT mine has no image");
}

static void test_empty_modules(void **state)
{
	bb_init(&in, NULL);
	bb_init(&out, &base);
	accepts(map);
	bb_type(&out, "new", BTF_KIND_FLOAT, 0, 8);
	refuses("rule 1: output [10] FLOAT new is of no input type");
}

/* Two compilation units one behind the other, each with ids from 1. */
static void test_archive(void **state)
{
	static struct blob_builder second;

	bb_init(&second, NULL);
	bb_type(&second, "", BTF_KIND_PTR, 0, 2);
	bb_type(&second, "later", BTF_KIND_STRUCT, 1, 8);
	bb_member(&second, "p", 1, 0);
	bb_finish(&second);
	bb_type(&out, "", BTF_KIND_PTR, 0, OUT_CNT + 1);
	bb_type(&out, "later", BTF_KIND_STRUCT, 1, 8);
	bb_member(&out, "p", OUT_CNT, 0);
	map[OUT_CNT - 1] = OUT_CNT;
	map[OUT_CNT] = OUT_CNT + 1;
	assert_int_equal(run(NULL), 1);
	memcpy(in.bytes + in.len, second.bytes, second.len);
	in.len += second.len;
	assert_int_equal(run_on(out.bytes, out.len, map), 0);
}

/* Pointers in a ring without a struct between, and a long chain of them. */
static void test_rings_and_chains_of_pointers(void **state)
{
	const uint32_t n = 200;

	for (int k = 0; k < 2; k++) {
		struct blob_builder *b = k ? &out : &in;

		bb_init(b, k ? &base : NULL);
		bb_type(b, "", BTF_KIND_PTR, 0, b->cnt);
		for (uint32_t i = 0; i < n; i++)
			bb_type(b, "", BTF_KIND_PTR, 0, i + 1 < n ? b->cnt + 1 : 0);
	}
	accepts(NULL);
	*bb_at(&out, out.cnt - 1, 2) = INT; /* where the chain ended with void */
	refuses("rule 1: input [2] PTR (anon) has no image");
}

#define T(f) cmocka_unit_test_setup(f, world_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_order_changed),
		T(test_order_of_a_doubled_type),
		T(test_order_of_a_declaration),
		T(test_strings_out_of_order),
		T(test_string_of_the_base_repeated),
		T(test_string_twice),
		T(test_string_without_use),
		T(test_empty_string_without_use),
		T(test_empty_string_in_use),
		T(test_middle_of_a_string),
		T(test_middle_of_a_string_that_the_base_uses),
		T(test_dangling_string),
		T(test_byte_order),
		T(test_layout),
		T(test_layout_in_the_wrong_place),
		T(test_trailing_bytes),
		T(test_split_input),
		T(test_empty_modules),
		T(test_archive),
		T(test_rings_and_chains_of_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
