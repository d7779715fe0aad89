// SPDX-License-Identifier: GPL-2.0-only
/* Forms of input and output: strings, order, split input, byte order, headers. */
#include <stdlib.h>
#include <string.h>

#include "tests/merge/fixture.h"

static const char *own_strings(const void *split, uint32_t *len)
{
	const struct btf_header *h = split;

	*len = h->str_len;
	return (const char *)split + h->hdr_len + h->str_off;
}

/* Deduplicates and compares the own string section, NULs as '|'. */
static void assert_strings(struct bld *base_b, struct bld *module_b, const char *expected)
{
	size_t base_len, len;
	void *base_data = bld_finish(base_b, &base_len), *data = bld_finish(module_b, &len);
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct base *base;
	struct diag diag;
	const char *strs;
	char text[256];
	uint32_t n;

	assert_int_equal(base_new(&base, base_data, base_len, &diag), 0);
	assert_int_equal(dedup_module(d, base, data, len, &res, &diag), 0);
	strs = own_strings(res.split, &n);
	assert_int_equal(n, res.split_string_bytes);
	assert_true(n < sizeof(text));
	for (uint32_t i = 0; i < n; i++)
		text[i] = strs[i] ? strs[i] : '|';
	text[n] = 0;
	assert_string_equal(text, expected);
	dedup_free(d);
	base_free(base);
	free(base_data);
	free(data);
	bld_free(base_b);
	bld_free(module_b);
}

static void strings_come_in_order_of_first_use(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_struct(module, "s", 8);
	bld_member(module, "m", 1, 0, 0);
	bld_member(module, "s", 1, 32, 0);
	bld_typedef(module, "t", 2);
	bld_enum(module, "e", 4, false);
	bld_enumerator(module, "t", 0);
	bld_enumerator(module, "F", 1);
	assert_strings(base, module, "s|m|t|e|F|");
}

static void a_string_that_the_base_has_is_not_repeated(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_typedef(base, "m", 1);
	bld_struct(module, "s", 4);
	bld_member(module, "m", 1, 0, 0);
	bld_typedef(module, "int", 2);
	assert_strings(base, module, "s|");
}

static void strings_of_types_that_merge_are_dropped(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_fwd(module, "gone", false);
	bld_struct(module, "gone", 4);
	bld_member(module, "m", 1, 0, 0);
	bld_int(module, "int", 4, 1, 0, 32);
	assert_strings(base, module, "gone|m|");
}

static void equal_names_are_one_however_often_they_are_written(void **state)
{
	struct bld *base = with_int(), *module = bld_new(1, 0);

	bld_set_strings(module, BLD_STR_REPEATED);
	bld_int(module, "int", 4, 1, 0, 32);
	for (int i = 0; i < 3; i++) {
		bld_struct(module, "s", 4);
		bld_member(module, "m", 1, 0, 0);
	}
	assert_dedup(base, module, "[2] STRUCT s size=4 m:1@0\n");
}

static void a_name_may_begin_inside_another(void **state)
{
	struct bld *base = with_int(), *module = bld_new(1, 0);

	bld_struct(base, "tail", 4);
	bld_member(base, "ail", 1, 0, 0);
	bld_set_strings(module, BLD_STR_TAILS);
	bld_int(module, "int", 4, 1, 0, 32);
	bld_typedef(module, "long_tail", 1);
	bld_struct(module, "tail", 4);
	bld_member(module, "ail", 1, 0, 0);
	bld_typedef(module, "g_tail", 2);
	assert_dedup(base, module,
		     "[3] TYPEDEF long_tail -> 1\n"
		     "[4] TYPEDEF g_tail -> 3\n");
}

static void types_that_stay_keep_their_order(void **state)
{
	struct bld *base = with_int(), *module = with_int();

	bld_typedef(module, "z", 4);
	bld_ptr(module, 1);
	bld_struct(module, "y", 4);
	bld_member(module, "a", 1, 0, 0);
	bld_typedef(module, "x", 2);
	assert_dedup(base, module,
		     "[2] TYPEDEF z -> 4\n"
		     "[3] PTR - -> 1\n"
		     "[4] STRUCT y size=4 a:1@0\n"
		     "[5] TYPEDEF x -> 2\n");
}

/* struct s { int a; } as type 2. */
static struct bld *small_base(void)
{
	struct bld *b = with_int();

	bld_struct(b, "s", 4);
	bld_member(b, "a", 1, 0, 0);
	return b;
}

static struct bld *split_over(const struct bld *base)
{
	size_t len;
	void *blob = bld_finish(base, &len);
	struct bld *b = bld_new_split(blob, len);

	free(blob);
	return b;
}

static void split_input_refers_to_the_base_by_its_ids(void **state)
{
	struct bld *base = small_base(), *module = split_over(base);

	bld_ptr(module, 2);
	bld_typedef(module, "p", 3);
	bld_ptr(module, 2);
	bld_typedef(module, "q", 5);
	assert_dedup(base, module,
		     "[3] PTR - -> 2\n"
		     "[4] TYPEDEF p -> 3\n"
		     "[5] TYPEDEF q -> 3\n");
}

static void split_input_that_repeats_the_base_merges(void **state)
{
	struct bld *base = small_base(), *module = split_over(base);

	bld_struct(module, "s", 4);
	bld_member(module, "a", 1, 0, 0);
	bld_const(module, 3);
	assert_dedup(base, module, "[3] CONST - -> 2\n");
}

static void an_empty_module_becomes_a_header(void **state)
{
	struct bld *base = small_base(), *module = bld_new(1, 0);
	size_t base_len, len;
	void *b = bld_finish(base, &base_len), *m = bld_finish(module, &len);

	assert_int_equal(assert_dedup_blobs(b, base_len, m, len, ""), 24);
	free(b);
	free(m);
	bld_free(base);
	bld_free(module);
}

/* A module with something of every layout, over small_base(). */
static struct bld *mixed_module(void)
{
	struct bld *b = small_base();

	bld_enum64(b, "e", 8, false);
	bld_enumerator(b, "A", 1ull << 40);
	bld_array(b, 3, 1, 3);
	bld_func_proto(b, 4);
	bld_param(b, "p", 2);
	bld_func(b, "f", 5, 1);
	bld_decl_tag(b, "tag", 6, 0, false);
	bld_var(b, "v", 2, 1);
	bld_datasec(b, ".data", 4);
	bld_secinfo(b, 8, 0, 4);
	return b;
}

static uint32_t bytes_of(struct bld *base, struct bld *module, void **split, uint32_t *layout_len)
{
	size_t base_len, len;
	void *b = bld_finish(base, &base_len), *m = bld_finish(module, &len);
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct base *bs;
	struct diag diag;

	assert_dedup_blobs(b, base_len, m, len,
			   "[3] ENUM64 e size=8 A=1099511627776\n"
			   "[4] ARRAY - of=3 index=1 nr=3\n"
			   "[5] FUNC_PROTO - -> 4 ( p:2 )\n"
			   "[6] FUNC f -> 5 (1)\n"
			   "[7] DECL_TAG tag -> 6 (0)\n"
			   "[8] VAR v -> 2 (1)\n"
			   "[9] DATASEC .data size=4 8@0+4\n");
	assert_int_equal(base_new(&bs, b, base_len, &diag), 0);
	assert_int_equal(dedup_module(d, bs, m, len, &res, &diag), 0);
	*split = malloc(res.split_bytes);
	memcpy(*split, res.split, res.split_bytes);
	if (layout_len)
		*layout_len = ((const uint32_t *)res.split)[7];
	dedup_free(d);
	base_free(bs);
	free(b);
	free(m);
	bld_free(base);
	bld_free(module);
	return res.split_bytes;
}

static void big_endian_is_the_same_with_its_words_turned(void **state)
{
	struct bld *base = small_base(), *module = mixed_module();
	void *little, *big;
	const uint8_t *l, *g;
	uint32_t n = bytes_of(small_base(), mixed_module(), &little, NULL);
	uint32_t types;

	bld_set_big_endian(base, true);
	bld_set_big_endian(module, true);
	assert_int_equal(bytes_of(base, module, &big, NULL), n);
	l = little;
	g = big;
	types = ((const struct btf_header *)little)->type_len;
	assert_int_equal(g[0], 0xeb);
	assert_int_equal(g[1], 0x9f);
	for (uint32_t i = 4; i < 24 + types; i++)
		assert_int_equal(g[i], l[i ^ 3]);
	assert_memory_equal(g + 24 + types, l + 24 + types, n - 24 - types);
	free(little);
	free(big);
}

static void a_big_endian_module_may_have_a_little_endian_base(void **state)
{
	struct bld *module = mixed_module();
	void *split, *native;
	uint32_t n = bytes_of(small_base(), mixed_module(), &native, NULL);

	bld_set_big_endian(module, true);
	assert_int_equal(bytes_of(small_base(), module, &split, NULL), n);
	assert_int_equal(*(uint8_t *)split, 0xeb);
	free(split);
	free(native);
}

static void a_layout_section_is_kept_between_types_and_strings(void **state)
{
	struct bld *base = small_base(), *module = mixed_module();
	void *with, *without;
	uint32_t n, layout, *h;
	const char *strs;

	n = bytes_of(small_base(), mixed_module(), &without, NULL);
	bld_set_layout(base, true);
	bld_set_layout(module, true);
	assert_int_equal(bytes_of(base, module, &with, &layout), n + 8 + 80);
	h = with;
	assert_int_equal(layout, 80);                   /* 20 kinds of 4 bytes */
	assert_int_equal(h[1], 32);                     /* hdr_len */
	assert_int_equal(h[6], h[2] + h[3]);            /* layout_off: behind the types */
	assert_int_equal(h[4], h[6] + h[7]);            /* str_off: behind the layout */
	assert_int_equal(32 + h[4] + h[5], n + 8 + 80); /* and the strings at the end */
	strs = (const char *)with + 32 + h[4];
	assert_memory_equal(strs, (const char *)without + n - h[5], h[5]);
	free(with);
	free(without);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_come_in_order_of_first_use),
		cmocka_unit_test(a_string_that_the_base_has_is_not_repeated),
		cmocka_unit_test(strings_of_types_that_merge_are_dropped),
		cmocka_unit_test(equal_names_are_one_however_often_they_are_written),
		cmocka_unit_test(a_name_may_begin_inside_another),
		cmocka_unit_test(types_that_stay_keep_their_order),
		cmocka_unit_test(split_input_refers_to_the_base_by_its_ids),
		cmocka_unit_test(split_input_that_repeats_the_base_merges),
		cmocka_unit_test(an_empty_module_becomes_a_header),
		cmocka_unit_test(big_endian_is_the_same_with_its_words_turned),
		cmocka_unit_test(a_big_endian_module_may_have_a_little_endian_base),
		cmocka_unit_test(a_layout_section_is_kept_between_types_and_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
