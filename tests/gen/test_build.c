// SPDX-License-Identifier: GPL-2.0-only
/* The builder's bytes, one by one; what libbpf reads is seen in test_gen.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above. */
#include <cmocka.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/build.h"

/* The u32 at byte @off, of a blob in this byte order. */
static uint32_t word(const uint8_t *blob, size_t off, bool big_endian)
{
	const uint8_t *p = blob + off;

	if (big_endian)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static const char *strings(const uint8_t *blob, bool big_endian)
{
	return (const char *)blob + word(blob, 4, big_endian) + word(blob, 16, big_endian);
}

static uint8_t *finish(struct bld *b, size_t *len)
{
	uint8_t *blob = bld_finish(b, len);

	bld_free(b);
	return blob;
}

static void check_int_blob(bool big_endian)
{
	struct bld *b = bld_new(1, 0);
	uint8_t *blob;
	size_t len;

	bld_set_big_endian(b, big_endian);
	assert_int_equal(bld_int(b, "int", 4, BTF_INT_SIGNED, 0, 32), 1);
	blob = finish(b, &len);
	assert_int_equal(len, 24 + 16 + 5);
	assert_int_equal(blob[0], big_endian ? 0xeb : 0x9f);
	assert_int_equal(blob[2], 1);
	assert_int_equal(word(blob, 4, big_endian), 24);
	assert_int_equal(word(blob, 12, big_endian), 16);
	assert_int_equal(word(blob, 16, big_endian), 16);
	assert_int_equal(word(blob, 20, big_endian), 5);
	assert_int_equal(word(blob, 24, big_endian), 1);
	assert_int_equal(word(blob, 28, big_endian), BTF_KIND_INT << 24);
	assert_int_equal(word(blob, 32, big_endian), 4);
	assert_int_equal(word(blob, 36, big_endian), BTF_INT_SIGNED << 24 | 32);
	assert_memory_equal(blob + 40, "\0int", 5);
	free(blob);
}

static void both_byte_orders(void **state)
{
	check_int_blob(false);
	check_int_blob(true);
}

static void bitfields_set_the_kind_flag(void **state)
{
	struct bld *b = bld_new(1, 0);
	uint8_t *blob;
	size_t len;

	bld_struct(b, "s", 4);
	bld_member(b, "a", 2, 0, 0);
	bld_member(b, "b", 2, 8, 3);
	assert_int_equal(bld_int(b, "int", 4, 0, 0, 32), 2);
	blob = finish(b, &len);
	assert_int_equal(word(blob, 28, false), 0x80000000u | BTF_KIND_STRUCT << 24 | 2);
	assert_int_equal(word(blob, 24 + 12 + 8, false), 0);
	assert_int_equal(word(blob, 24 + 24 + 8, false), 3u << 24 | 8);
	free(blob);
}

static void layout_lies_between(void **state)
{
	struct bld *b = bld_new(1, 0);
	const uint8_t *layout;
	uint8_t *blob;
	size_t len;

	bld_set_layout(b, true);
	bld_ptr(b, 0);
	blob = finish(b, &len);
	assert_int_equal(len, 32 + 12 + 80 + 1);
	assert_int_equal(word(blob, 4, false), 32);
	assert_int_equal(word(blob, 16, false), 12 + 80);
	assert_int_equal(word(blob, 24, false), 12);
	assert_int_equal(word(blob, 28, false), 80);
	layout = blob + 32 + 12;
	assert_int_equal(layout[BTF_KIND_INT * 4], 4);
	assert_int_equal(layout[BTF_KIND_ENUM * 4 + 1], 8);
	assert_int_equal(layout[BTF_KIND_ARRAY * 4], 12);
	free(blob);
}

/* The bytes of strings when "list" and "head_list" come in this order and twice. */
static uint32_t strings_len(enum bld_strings how)
{
	struct bld *b = bld_new(1, 0);
	uint8_t *blob;
	uint32_t n;
	size_t len;

	bld_set_strings(b, how);
	for (int i = 0; i < 2; i++) {
		bld_float(b, "head_list", 4);
		bld_float(b, "list", 4);
	}
	blob = finish(b, &len);
	n = word(blob, 20, false);
	for (uint32_t i = 0; i < 4; i++)
		assert_string_equal(strings(blob, false) + word(blob, 24 + i * 12, false),
				    i % 2 ? "list" : "head_list");
	free(blob);
	return n;
}

static void strings_are_shared_or_not(void **state)
{
	assert_int_equal(strings_len(BLD_STR_SHARED), 1 + 10 + 5);
	assert_int_equal(strings_len(BLD_STR_REPEATED), 1 + 2 * (10 + 5));
	assert_int_equal(strings_len(BLD_STR_TAILS), 1 + 10);
}

static void split_refers_to_base_strings(void **state)
{
	struct bld *b = bld_new(1, 0);
	uint8_t *base, *blob;
	size_t base_len, len;

	bld_set_big_endian(b, true);
	bld_set_layout(b, true);
	bld_enum(b, "e", 4, false);
	bld_enumerator(b, "A", 0);
	bld_ptr(b, 1);
	base = finish(b, &base_len);
	b = bld_new_split(base, base_len);
	assert_int_equal(bld_typedef(b, "A", 2), 3);
	assert_int_equal(bld_typedef(b, "B", 2), 4);
	blob = finish(b, &len);
	assert_int_equal(word(blob, 24, false), 3);
	assert_int_equal(word(blob, 36, false), 5); /* the base has 5 bytes of strings */
	assert_int_equal(word(blob, 20, false), 2);
	assert_memory_equal(strings(blob, false), "B", 2);
	free(blob);
	free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_byte_orders),
		cmocka_unit_test(bitfields_set_the_kind_flag),
		cmocka_unit_test(layout_lies_between),
		cmocka_unit_test(strings_are_shared_or_not),
		cmocka_unit_test(split_refers_to_base_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
