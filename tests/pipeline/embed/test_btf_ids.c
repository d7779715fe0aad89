// SPDX-License-Identifier: GPL-2.0-only
/*
 * .BTF_ids of both classes and byte orders. The ids of real modules, by map and by name, are
 * tested on the whole program.
 */
#include "tests/pipeline/cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "pipeline/embed/btf_ids.h"
#include "tests/pipeline/embed/elf_maker.h"

enum { FIRST = 100, NR = 50 };

static struct diag diag;
static struct buffer image;
static uint32_t map[NR];

/* A symbol of the test's section. */
struct sym {
	const char *name;
	uint64_t value;
	uint64_t size;
};

static void put_words(const struct elf_form *form, const uint32_t *words, size_t nr,
		      unsigned char *bytes)
{
	for (size_t i = 0; i < nr; i++)
		for (int k = 0; k < 4; k++)
			bytes[4 * i + (size_t)(form->order == ELFDATA2MSB ? 3 - k : k)] =
				(unsigned char)(words[i] >> 8 * k);
}

/* Reads a section of @words with these symbols. */
static int read_ids(struct btf_ids *ids, struct elf_edit *e, const struct elf_form *form,
		    const uint32_t *words, size_t nr, const struct sym *symbols, size_t nr_symbols)
{
	static struct elf_maker m;
	GElf_Shdr shdr = {.sh_type = SHT_PROGBITS, .sh_addralign = 1};
	unsigned char bytes[256];

	put_words(form, words, nr, bytes);
	elf_maker_begin(&m, form);
	elf_maker_add(&m, ".BTF_ids", shdr, bytes, 4 * nr, ELF_T_BYTE);
	elf_maker_symbol(&m, "some_list", 0, 0);
	for (size_t i = 0; i < nr_symbols; i++)
		elf_maker_symbol(&m, symbols[i].name, symbols[i].value, symbols[i].size);
	elf_maker_end(&m, &image);
	assert_int_equal(elf_edit_open(e, image.data, image.len, &diag), 0);
	return btf_ids_read(ids, e);
}

static const struct sym good[] = {
	{"__BTF_ID__struct__a__b___7", 0, 4}, /* struct a__b_ */
	{"__BTF_ID__set__s", 4, 12},          {"__BTF_ID__func__x__1", 8, 4},
	{"__BTF_ID__func__y__2", 12, 4},      {"__BTF_ID__set8__p", 16, 24},
	{"__BTF_ID__func__x__3", 24, 4},      {"__BTF_ID__func__y__4", 32, 4},
	{"__BTF_ID__union__u__5", 40, 4},
};
#define NR_GOOD (sizeof(good) / sizeof(good[0]))

static void ids_are_mapped_and_sets_sorted_with_their_flags(void **state)
{
	/* 5 is an id of the base, below FIRST; 0 is a type that is not there. */
	const uint32_t before[] = {110, 2, 101, 103, 2, 0, 101, 7, 103, 8, 5, 0};
	const uint32_t after[] = {910, 2, 5, 901, 2, 0, 5, 8, 901, 7, 5, 0};

	for (uint32_t i = 0; i < NR; i++)
		map[i] = 900 + i;
	map[3] = 5;
	for (size_t f = 0; f < NR_ELF_FORMS; f++) {
		unsigned char bytes[sizeof(after)];
		struct btf_ids ids;
		struct elf_edit e;

		assert_int_equal(read_ids(&ids, &e, &elf_forms[f], before, 12, good, NR_GOOD), 0);
		assert_true(btf_ids_are_resolved(&ids));
		assert_int_equal(btf_ids_map(&ids, map, FIRST, NR), 0);
		btf_ids_finish(&ids);
		assert_int_equal(ids.nr_words, 12);
		put_words(&elf_forms[f], after, 12, bytes);
		assert_memory_equal(ids.words, bytes, sizeof(bytes));
		btf_ids_free(&ids);
		elf_edit_close(&e);
	}
}

static void zeros_are_not_resolved_and_counts_are_made(void **state)
{
	const uint32_t zeros[12] = {0};
	const uint32_t after[12] = {0, 2, 0, 0, 2};

	for (size_t f = 0; f < NR_ELF_FORMS; f++) {
		unsigned char bytes[sizeof(after)];
		struct btf_ids ids;
		struct elf_edit e;

		assert_int_equal(read_ids(&ids, &e, &elf_forms[f], zeros, 12, good, NR_GOOD), 0);
		assert_false(btf_ids_are_resolved(&ids));
		btf_ids_finish(&ids);
		put_words(&elf_forms[f], after, 12, bytes);
		assert_memory_equal(ids.words, bytes, sizeof(bytes));
		btf_ids_free(&ids);
		elf_edit_close(&e);
	}
}

static void id_beyond_the_map_is_refused(void **state)
{
	const uint32_t words[] = {FIRST + NR, 2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0};
	struct btf_ids ids;
	struct elf_edit e;

	assert_int_equal(read_ids(&ids, &e, &elf_forms[2], words, 12, good, NR_GOOD), 0);
	assert_int_equal(btf_ids_map(&ids, map, FIRST, NR), -EINVAL);
	assert_non_null(strstr(diag.text, "type 150 is beyond its end"));
	btf_ids_free(&ids);
	elf_edit_close(&e);
}

static void expect_refused(const uint32_t *words, size_t nr, const struct sym *symbols,
			   size_t nr_symbols, const char *why)
{
	struct btf_ids ids;
	struct elf_edit e;

	assert_int_equal(read_ids(&ids, &e, &elf_forms[2], words, nr, symbols, nr_symbols),
			 -EINVAL);
	if (!strstr(diag.text, why))
		fail_msg("'%s' does not say '%s'", diag.text, why);
	btf_ids_free(&ids);
	elf_edit_close(&e);
}

static void what_cannot_be_understood_is_refused(void **state)
{
	const uint32_t words[8] = {1, 2, 3, 4, 5, 6, 7, 8}, two[8] = {2, 0};
	const struct sym outside[] = {{"__BTF_ID__func__x__1", 32, 4}};
	const struct sym between[] = {{"__BTF_ID__func__x__1", 2, 4}};
	const struct sym twice[] = {{"__BTF_ID__func__x__1", 4, 4}, {"__BTF_ID__func__y__2", 4, 4}};
	const struct sym unknown[] = {{"__BTF_ID__macro__x__1", 0, 4}};
	const struct sym no_number[] = {{"__BTF_ID__func__x", 0, 4}};
	const struct sym no_name[] = {{"__BTF_ID__func____1", 0, 4}};
	const struct sym set_size[] = {{"__BTF_ID__set__s", 0, 7}};
	const struct sym set_empty[] = {{"__BTF_ID__set8__s", 0, 0}};
	const struct sym set_long[] = {{"__BTF_ID__set__s", 0, 400}};
	const struct sym set8_long[] = {{"__BTF_ID__set8__s", 28, 16}};
	const struct sym set_bare[] = {{"__BTF_ID__set__s", 0, 12}};

	expect_refused(words, 8, NULL, 0, "ids without a __BTF_ID__ symbol");
	expect_refused(words, 8, outside, 1, "a symbol is outside of it");
	expect_refused(words, 8, between, 1, "between two words");
	expect_refused(words, 8, twice, 2, "two symbols for one place");
	expect_refused(words, 8, unknown, 1, "unknown kind");
	expect_refused(words, 8, no_number, 1, "no number");
	expect_refused(words, 8, no_name, 1, "no number");
	expect_refused(words, 8, set_size, 1, "impossible size");
	expect_refused(words, 8, set_empty, 1, "impossible size");
	expect_refused(words, 8, set_long, 1, "a set is outside of it");
	expect_refused(words, 8, set8_long, 1, "outside of it");
	expect_refused(words, 8, set_bare, 1, "count is not that of its ids");
	expect_refused(two, 8, set_bare, 1, "an id in a set has no symbol");
}

static int free_image(void **state)
{
	buffer_free(&image);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_mapped_and_sets_sorted_with_their_flags),
		cmocka_unit_test(zeros_are_not_resolved_and_counts_are_made),
		cmocka_unit_test(id_beyond_the_map_is_refused),
		cmocka_unit_test(what_cannot_be_understood_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, free_image);
}
