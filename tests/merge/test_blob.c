// SPDX-License-Identifier: GPL-2.0-only
/* Input that is broken, or in a form that is not supported: the reason says which. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/merge/fixture.h"

/* What is done to the bytes of a good blob before it is read. */
typedef void (*damage_fn)(uint8_t *blob, size_t *len);

static struct bld *good_module(void)
{
	struct bld *b = with_int();

	bld_struct(b, "s", 8);
	bld_member(b, "a", 1, 0, 0);
	bld_ptr(b, 2);
	return b;
}

/* Word of the blob in good_module(): the header has 6, int 4, s 6, ptr 3. */
enum {
	HDR_LEN = 1,
	TYPE_OFF,
	TYPE_LEN,
	STR_OFF,
	STR_LEN,
	INT = 6,
	S = 10,
	S_MEMBER = 13,
	PTR = 16,
};

static void set_word(uint8_t *blob, int word, uint32_t value)
{
	memcpy(blob + word * 4, &value, 4);
}

static uint32_t get_word(const uint8_t *blob, int word)
{
	uint32_t value;

	memcpy(&value, blob + word * 4, 4);
	return value;
}

static void assert_damaged(damage_fn damage, int err, const char *why)
{
	struct bld *base = with_int(), *module = good_module();
	size_t base_len, len;
	void *b = bld_finish(base, &base_len);
	uint8_t *m = bld_finish(module, &len);

	m = realloc(m, len + 4096);
	memset(m + len, 0, 4096);
	damage(m, &len);
	assert_blob_refused(b, base_len, m, len, err, why);
	free(b);
	free(m);
	bld_free(base);
	bld_free(module);
}

#define DAMAGE(name, ...)                            \
	static void name(uint8_t *blob, size_t *len) \
	{                                            \
		__VA_ARGS__;                         \
	}

DAMAGE(empty, *len = 0)
DAMAGE(short_header, *len = 23)
DAMAGE(wrong_magic, blob[0] = 0x7f)
DAMAGE(wrong_version, blob[2] = 2)
DAMAGE(wrong_flags, blob[3] = 1)
DAMAGE(header_shorter, set_word(blob, HDR_LEN, 20))
DAMAGE(header_longer, set_word(blob, HDR_LEN, 1u << 30))

static void a_header_that_lies_is_refused(void **state)
{
	assert_damaged(empty, -EINVAL, "not BTF");
	assert_damaged(short_header, -EINVAL, "too few for a header");
	assert_damaged(wrong_magic, -EINVAL, "not BTF: it begins with 7f eb");
	assert_damaged(wrong_version, -ENOTSUP, "unsupported: BTF version 2");
	assert_damaged(wrong_flags, -ENOTSUP, "unsupported: BTF header flags 0x1");
	assert_damaged(header_shorter, -EINVAL, "header length 20");
	assert_damaged(header_longer, -EINVAL, "header length 1073741824");
}

DAMAGE(types_behind, set_word(blob, TYPE_LEN, 4096))
DAMAGE(types_wrap, (set_word(blob, TYPE_OFF, 0xfffffffc), set_word(blob, TYPE_LEN, 8)))
DAMAGE(types_odd, set_word(blob, TYPE_LEN, get_word(blob, TYPE_LEN) - 1))
DAMAGE(strs_behind, set_word(blob, STR_LEN, 0xffffffff))
DAMAGE(strs_overlap, set_word(blob, STR_OFF, get_word(blob, STR_OFF) - 4))
DAMAGE(strs_open, blob[*len - 1] = 'x')

static void sections_that_lie_are_refused(void **state)
{
	assert_damaged(types_behind, -EINVAL, "type section");
	assert_damaged(types_wrap, -EINVAL, "type section");
	assert_damaged(types_odd, -EINVAL, "type section of");
	assert_damaged(strs_behind, -EINVAL, "string section");
	assert_damaged(strs_overlap, -EINVAL, "overlap");
	assert_damaged(strs_open, -EINVAL, "does not end with a NUL");
}

DAMAGE(kind_0, set_word(blob, INT + 1, 0))
DAMAGE(kind_20, set_word(blob, INT + 1, 20u << 24))
DAMAGE(kind_127, set_word(blob, INT + 1, 127u << 24))
DAMAGE(long_struct, set_word(blob, S + 1, 4u << 24 | 0xffffff))
/* the PTR becomes an INT, whose fourth word is not there */
DAMAGE(cut_off, set_word(blob, PTR + 1, 1u << 24))
/* the struct loses its member, whose words begin an INT; two words are left then */
DAMAGE(no_member, (set_word(blob, S + 1, 4u << 24), set_word(blob, S_MEMBER + 1, 1u << 24)))

static void types_that_do_not_fit_are_refused(void **state)
{
	assert_damaged(kind_0, -EINVAL, "type number 1 is of unknown kind 0");
	assert_damaged(kind_20, -EINVAL, "type number 1 is of unknown kind 20");
	assert_damaged(kind_127, -EINVAL, "unknown kind 127");
	assert_damaged(long_struct, -EINVAL, "type number 2 (STRUCT, vlen 16777215) ends behind");
	assert_damaged(cut_off, -EINVAL, "type number 3 (INT");
	assert_damaged(no_member, -EINVAL, "the last type, number 4, is cut off");
}

DAMAGE(id_behind, set_word(blob, S_MEMBER + 1, 4))
DAMAGE(id_huge, set_word(blob, PTR + 2, 0xffffffff))
DAMAGE(name_behind, set_word(blob, S_MEMBER, 1000))
DAMAGE(name_huge, set_word(blob, S, 0xffffffff))

static void ids_and_offsets_out_of_range_are_refused(void **state)
{
	assert_damaged(id_behind, -EINVAL, "type id 2 (STRUCT) refers to type id 4, the last is 3");
	assert_damaged(id_huge, -EINVAL, "type id 3 (PTR) refers to type id 4294967295");
	assert_damaged(name_behind, -EINVAL, "type id 2 (STRUCT): name offset 1000");
	assert_damaged(name_huge, -EINVAL, "name offset 4294967295");
}

static void second_blob(uint8_t *blob, size_t *len)
{
	memcpy(blob + *len, blob, *len);
	*len *= 2;
}

static void second_blob_padded(uint8_t *blob, size_t *len)
{
	size_t at = (*len + 7) & ~(size_t)7;

	memcpy(blob + at, blob, *len);
	*len += at;
}

DAMAGE(garbage, (blob[*len] = 1, (*len)++))

static void an_archive_is_named_not_misread(void **state)
{
	assert_damaged(second_blob, -ENOTSUP, "unsupported: an archive");
	assert_damaged(second_blob_padded, -ENOTSUP, "unsupported: an archive");
	assert_damaged(garbage, -EINVAL, "behind its last section");
}

/* Split BTF over @over that refers to its type @id and its name @name. */
static struct bld *split_of(struct bld *over, uint32_t id, const char *name)
{
	size_t len;
	void *blob = bld_finish(over, &len);
	struct bld *b = bld_new_split(blob, len);

	bld_ptr(b, id);
	bld_typedef(b, name, id);
	bld_typedef(b, "own", id);
	free(blob);
	bld_free(over);
	return b;
}

static struct bld *other_base(unsigned int types)
{
	struct bld *b = bld_new(1, 0);

	bld_int(b, "unsigned long long int", 8, 0, 0, 64);
	for (unsigned int i = 0; i < types; i++)
		bld_const(b, 1);
	bld_func_proto(b, 0);
	bld_func(b, "init", types + 2, 0);
	return b;
}

static struct bld *this_base(void)
{
	struct bld *b = with_int();

	bld_func_proto(b, 0);
	bld_func(b, "init", 2, 0);
	return b;
}

static void split_btf_of_another_base_is_told_apart(void **state)
{
	/* an id that this base does not have */
	assert_refused(this_base(), split_of(other_base(20), 21, "own"), -ESTALE,
		       "split BTF of another base");
	/* an offset in the middle of one of its strings */
	assert_refused(other_base(1), split_of(this_base(), 1, "init"), -ESTALE,
		       "inside a string of the base");
	/* a pointer to what is a function here */
	assert_refused(this_base(), split_of(other_base(1), 3, "own"), -ESTALE, "another base");
}

static void assert_base_refused(void *data, size_t len, const char *why)
{
	struct base *base = NULL;
	struct diag diag = {""};

	assert_int_not_equal(base_new(&base, data, len, &diag), 0);
	assert_null(base);
	if (!strstr(diag.text, why))
		fail_msg("the reason is \"%s\", without \"%s\"", diag.text, why);
}

static void a_base_has_to_be_standalone_and_whole(void **state)
{
	struct bld *split = split_of(this_base(), 1, "own"), *loop = with_int();
	size_t len;
	void *blob = bld_finish(split, &len);

	assert_base_refused(blob, len, "not a base");
	free(blob);
	bld_ptr(loop, 2);
	blob = bld_finish(loop, &len);
	assert_base_refused(blob, len, "refers to itself");
	assert_base_refused(blob, len - 1, "string section");
	assert_base_refused(blob, 0, "not BTF");
	free(blob);
	bld_free(split);
	bld_free(loop);
}

/* Nothing may be read outside, whatever is cut off: for the sanitizers. */
static void a_blob_cut_anywhere_is_refused(void **state)
{
	struct bld *base = with_int(), *module = good_module();
	size_t base_len, len;
	void *b = bld_finish(base, &base_len);
	uint8_t *m = bld_finish(module, &len);

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *part = malloc(cut ? cut : 1);

		memcpy(part, m, cut);
		assert_blob_refused(b, base_len, part, cut, -EINVAL, "BTF");
		free(part);
	}
	free(b);
	free(m);
	bld_free(base);
	bld_free(module);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_that_lies_is_refused),
		cmocka_unit_test(sections_that_lie_are_refused),
		cmocka_unit_test(types_that_do_not_fit_are_refused),
		cmocka_unit_test(ids_and_offsets_out_of_range_are_refused),
		cmocka_unit_test(an_archive_is_named_not_misread),
		cmocka_unit_test(split_btf_of_another_base_is_told_apart),
		cmocka_unit_test(a_base_has_to_be_standalone_and_whole),
		cmocka_unit_test(a_blob_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
