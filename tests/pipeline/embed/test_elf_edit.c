// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changed ELF files, read again by libelf: what was to change did, and nothing else. The files
 * are of random sections of all four forms, with symbols and relocations between them.
 */
#include "tests/pipeline/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/embed/elf_edit.h"
#include "tests/pipeline/embed/elf_maker.h"

#define NR_MAX 12 /* sections of a file, the tables of symbols and names not counted */
#define SIZE_MAX_ 300

static struct diag diag;

static unsigned int rnd(unsigned int n)
{
	return (unsigned int)rand() % n;
}

/* -- Making one ----------------------------------------------------------- */

/* Section i is named "si"; 3 is .BTF, 5 .BTF.base. All but these two have a symbol; section
 * 4 has no bytes. */
static void add_random_sections(struct elf_maker *m)
{
	static unsigned char data[NR_MAX + 1][SIZE_MAX_];
	size_t nr = 6 + rnd(NR_MAX - 5);

	for (size_t i = 1; i <= nr; i++) {
		GElf_Shdr shdr = {.sh_type = i == 4 ? SHT_NOBITS : SHT_PROGBITS,
				  .sh_addralign = (GElf_Xword)1 << rnd(7)};
		size_t len = rnd(4) ? rnd(SIZE_MAX_) : rnd(3);
		bool btf = i == 3 || i == 5;
		char name[20];

		snprintf(name, sizeof(name), "s%zu", i);
		if (btf) {
			strcpy(name, i == 3 ? ".BTF" : ".BTF.base");
			len++;
		}
		fill(data[i], SIZE_MAX_);
		elf_maker_add(m, name, shdr, data[i], len, ELF_T_BYTE);
		if (!btf)
			elf_maker_symbol(m, name, i, len);
	}
}

static void make(struct buffer *out, const struct elf_form *form)
{
	static unsigned char relocations[48]; /* of section 2 */
	static struct elf_maker m;
	GElf_Shdr rela = {
		.sh_type = SHT_RELA, .sh_flags = SHF_INFO_LINK, .sh_info = 2, .sh_addralign = 8};

	elf_maker_begin(&m, form);
	add_random_sections(&m);
	rela.sh_link = (GElf_Word)m.nr + 2;
	elf_maker_add(&m, ".relas2", rela, relocations, sizeof(relocations), ELF_T_BYTE);
	elf_maker_end(&m, out);
}

/* -- Reading one ---------------------------------------------------------- */

struct view {
	Elf *elf;
	GElf_Ehdr ehdr;
	size_t nr;
};

static void look(struct view *v, const struct buffer *image)
{
	v->elf = elf_memory((char *)image->data, image->len);
	assert_non_null(v->elf);
	assert_non_null(gelf_getehdr(v->elf, &v->ehdr));
	assert_int_equal(elf_getshdrnum(v->elf, &v->nr), 0);
}

static const char *name_of(const struct view *v, size_t index, GElf_Shdr *shdr)
{
	Elf_Scn *scn = elf_getscn(v->elf, index);

	assert_non_null(scn);
	assert_non_null(gelf_getshdr(scn, shdr));
	return elf_strptr(v->elf, v->ehdr.e_shstrndx, shdr->sh_name);
}

static size_t index_of(const struct view *v, const char *name)
{
	GElf_Shdr shdr;

	for (size_t i = 1; i < v->nr; i++)
		if (!strcmp(name_of(v, i, &shdr), name))
			return i;
	return 0;
}

static void expect_section(const struct view *v, const char *name, const void *data, size_t len)
{
	size_t index = index_of(v, name);
	Elf_Data *d;

	assert_true(index);
	d = elf_rawdata(elf_getscn(v->elf, index), NULL);
	assert_int_equal(d->d_size, len);
	if (len)
		assert_memory_equal(d->d_buf, data, len);
}

/* The symbols of @a and @b are the same, and in sections of the same names. */
static void expect_same_symbols(const struct view *a, const struct view *b)
{
	size_t ia = index_of(a, ".symtab"), ib = index_of(b, ".symtab");
	Elf_Data *da = elf_getdata(elf_getscn(a->elf, ia), NULL);
	Elf_Data *db = elf_getdata(elf_getscn(b->elf, ib), NULL);
	GElf_Shdr sa, sb;
	GElf_Sym x, y;
	int i;

	assert_int_equal(da->d_size, db->d_size);
	for (i = 1; gelf_getsym(da, i, &x); i++) {
		assert_non_null(gelf_getsym(db, i, &y));
		assert_int_equal(x.st_name, y.st_name);
		assert_string_equal(name_of(a, x.st_shndx, &sa), name_of(b, y.st_shndx, &sb));
	}
	assert_true(i > 3);
}

static void expect_no_overlap(const struct view *v, size_t len)
{
	unsigned char *used = calloc(1, len);
	GElf_Shdr shdr;

	assert_true(v->ehdr.e_shoff + v->nr * v->ehdr.e_shentsize <= len);
	assert_int_equal(v->ehdr.e_shoff % (v->ehdr.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4), 0);
	memset(used, 1, v->ehdr.e_ehsize);
	memset(used + v->ehdr.e_shoff, 1, v->nr * v->ehdr.e_shentsize);
	for (size_t i = 1; i < v->nr; i++) {
		name_of(v, i, &shdr);
		if (shdr.sh_type == SHT_NOBITS || !shdr.sh_size)
			continue;
		assert_true(shdr.sh_offset + shdr.sh_size <= len);
		assert_int_equal(shdr.sh_offset % shdr.sh_addralign, 0);
		for (size_t k = 0; k < shdr.sh_size; k++)
			assert_int_equal(used[shdr.sh_offset + k]++, 0);
	}
	free(used);
}

/* All sections of @a but those named are in @b, as they were; links by their names. */
static void expect_rest_same(const struct buffer *old, const struct buffer *new,
			     const char *changed, const char *gone)
{
	struct view a, b;
	GElf_Shdr sa, sb;

	look(&a, old);
	look(&b, new);
	expect_no_overlap(&b, new->len);
	for (size_t i = 1; i < a.nr; i++) {
		const char *name = name_of(&a, i, &sa);
		size_t at = index_of(&b, name);

		if (gone && !strcmp(name, gone)) {
			assert_int_equal(at, 0);
			continue;
		}
		assert_true(at);
		name_of(&b, at, &sb);
		assert_int_equal(sa.sh_type, sb.sh_type);
		assert_int_equal(sa.sh_flags, sb.sh_flags);
		assert_int_equal(sa.sh_addralign, sb.sh_addralign);
		assert_int_equal(sa.sh_entsize, sb.sh_entsize);
		if (sa.sh_link)
			assert_string_equal(name_of(&a, sa.sh_link, &(GElf_Shdr){0}),
					    name_of(&b, sb.sh_link, &(GElf_Shdr){0}));
		if (sa.sh_type == SHT_RELA)
			assert_string_equal(name_of(&b, sb.sh_info, &(GElf_Shdr){0}), "s2");
		if (!strcmp(name, changed) || !strcmp(name, ".shstrtab"))
			continue;
		if (!gone || strcmp(name, ".symtab")) {
			Elf_Data *d = elf_rawdata(elf_getscn(a.elf, i), NULL);

			if (sa.sh_type != SHT_NOBITS)
				expect_section(&b, name, d->d_buf, d->d_size);
		}
	}
	expect_same_symbols(&a, &b);
	elf_end(a.elf);
	elf_end(b.elf);
}

/* -- The tests ------------------------------------------------------------ */

typedef void (*each_fn)(struct elf_edit *e, const struct buffer *old, struct buffer *new);

static void for_many(each_fn fn)
{
	struct buffer old = {0}, new = {0};

	srand(1);
	for (int i = 0; i < 400; i++) {
		struct elf_edit e;

		make(&old, &elf_forms[i % NR_ELF_FORMS]);
		assert_int_equal(elf_edit_open(&e, old.data, old.len, &diag), 0);
		fn(&e, &old, &new);
		elf_edit_close(&e);
	}
	buffer_free(&old);
	buffer_free(&new);
}

static void unchanged(struct elf_edit *e, const struct buffer *old, struct buffer *new)
{
	assert_int_equal(elf_edit_write(e, new), 0);
	assert_int_equal(new->len, old->len);
	expect_rest_same(old, new, "", NULL);
}

static void without_a_change_every_section_stays(void **state)
{
	for_many(unchanged);
}

static void replaced(struct elf_edit *e, const struct buffer *old, struct buffer *new)
{
	unsigned char data[2000];
	size_t len = rnd(4) ? rnd(sizeof(data)) : 1 + rnd(40);
	struct view v;

	fill(data, sizeof(data));
	elf_edit_replace(e, elf_edit_find(e, ".BTF"), data, len);
	assert_int_equal(elf_edit_write(e, new), 0);
	expect_rest_same(old, new, ".BTF", NULL);
	look(&v, new);
	expect_section(&v, ".BTF", data, len);
	elf_end(v.elf);
}

static void replaced_section_has_the_new_bytes_and_the_rest_stays(void **state)
{
	for_many(replaced);
}

static void closes_up(struct elf_edit *e, const struct buffer *old, struct buffer *new)
{
	size_t before = e->sections[elf_edit_find(e, ".BTF")].shdr.sh_size;

	elf_edit_replace(e, elf_edit_find(e, ".BTF"), "x", 1);
	assert_int_equal(elf_edit_write(e, new), 0);
	/* Alignments of the sections behind it may cost some of it. */
	if (before > 70)
		assert_true(new->len < old->len);
	else
		assert_true(new->len <= old->len);
}

static void smaller_section_makes_a_smaller_file(void **state)
{
	for_many(closes_up);
}

static void added(struct elf_edit *e, const struct buffer *old, struct buffer *new)
{
	struct view v;

	assert_int_equal(elf_edit_add(e, ".new", "hello", 5, 4), 0);
	assert_int_equal(elf_edit_write(e, new), 0);
	expect_rest_same(old, new, "", NULL);
	look(&v, new);
	expect_section(&v, ".new", "hello", 5);
	assert_int_equal(index_of(&v, ".new"), v.nr - 1);
	elf_end(v.elf);
}

static void added_section_comes_last_under_its_name(void **state)
{
	for_many(added);
}

static void dropped(struct elf_edit *e, const struct buffer *old, struct buffer *new)
{
	assert_int_equal(elf_edit_drop(e, elf_edit_find(e, ".BTF.base")), 0);
	assert_int_equal(elf_edit_find(e, ".BTF.base"), 0);
	elf_edit_replace(e, elf_edit_find(e, ".BTF"), "new", 3);
	assert_int_equal(elf_edit_write(e, new), 0);
	expect_rest_same(old, new, ".BTF", ".BTF.base");
}

static void dropped_section_is_gone_and_indices_follow(void **state)
{
	for_many(dropped);
}

static void signed_file(struct elf_edit *e, const struct buffer *old, struct buffer *new)
{
	struct buffer longer = {0};
	struct elf_edit edit;

	append(&longer, old->data, old->len);
	append(&longer, "what stands behind", 18);
	assert_int_equal(elf_edit_open(&edit, longer.data, longer.len, &diag), 0);
	elf_edit_replace(&edit, elf_edit_find(&edit, ".BTF"), "new", 3);
	assert_int_equal(elf_edit_write(&edit, new), 0);
	expect_rest_same(old, new, ".BTF", NULL);
	assert_memory_equal(new->data + new->len - 18, "what stands behind", 18);
	elf_edit_close(&edit);
	buffer_free(&longer);
}

static void what_stands_behind_the_file_stays_behind_it(void **state)
{
	for_many(signed_file);
}

static void section_with_a_symbol_cannot_be_dropped(void **state)
{
	struct buffer old = {0};
	struct elf_edit e;

	make(&old, &elf_forms[2]);
	assert_int_equal(elf_edit_open(&e, old.data, old.len, &diag), 0);
	assert_int_equal(elf_edit_drop(&e, elf_edit_find(&e, "s1")), -ENOTSUP);
	assert_non_null(strstr(diag.text, "a symbol is in its section s1"));
	elf_edit_close(&e);
	buffer_free(&old);
}

static void overlapping_sections_are_refused(void **state)
{
	const struct elf_section two[] = {{"a", "abcdefgh", 8, 0, 0}, {"b", "ijklmnop", 8, 0, 0}};
	struct buffer image = {0}, out = {0};
	struct elf_edit e;

	make_elf(&image, &elf_forms[2], two, 2);
	patch_shdr(&image, 1, SH_SIZE, 9);
	assert_int_equal(elf_edit_open(&e, image.data, image.len, &diag), 0);
	assert_int_equal(elf_edit_write(&e, &out), -EINVAL);
	assert_non_null(strstr(diag.text, "overlap"));
	elf_edit_close(&e);
	buffer_free(&image);
	buffer_free(&out);
}

static void section_outside_of_the_file_is_refused(void **state)
{
	const struct elf_section one[] = {{"a", "abcdefgh", 8, 0, 0}};
	struct buffer image = {0};
	struct elf_edit e;

	make_elf(&image, &elf_forms[1], one, 1);
	patch_shdr(&image, 1, SH_SIZE, 100000);
	assert_int_equal(elf_edit_open(&e, image.data, image.len, &diag), -EINVAL);
	buffer_free(&image);
}

static void program_is_no_module(void **state)
{
	struct buffer image = {0};
	struct elf_edit e;

	make_elf(&image, &elf_forms[2], NULL, 0);
	image.data[offsetof(Elf64_Ehdr, e_type)] = ET_EXEC;
	assert_int_equal(elf_edit_open(&e, image.data, image.len, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, "not a relocatable file"));
	buffer_free(&image);
}

static void any_flipped_bit_does_no_harm(void **state)
{
	struct buffer old = {0}, out = {0};
	int good = 0;

	srand(2);
	make(&old, &elf_forms[2]);
	for (size_t bit = 0; bit < 8 * old.len; bit++) {
		struct elf_edit e;
		size_t at;

		old.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		if (!elf_edit_open(&e, old.data, old.len, &diag)) {
			at = elf_edit_find(&e, ".BTF");
			if (at)
				elf_edit_replace(&e, at, "new", 3);
			at = elf_edit_find(&e, ".BTF.base");
			if (!at || !elf_edit_drop(&e, at))
				good += !elf_edit_write(&e, &out);
			elf_edit_close(&e);
		}
		old.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	assert_true(good > 100);
	buffer_free(&old);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_change_every_section_stays),
		cmocka_unit_test(replaced_section_has_the_new_bytes_and_the_rest_stays),
		cmocka_unit_test(smaller_section_makes_a_smaller_file),
		cmocka_unit_test(added_section_comes_last_under_its_name),
		cmocka_unit_test(dropped_section_is_gone_and_indices_follow),
		cmocka_unit_test(what_stands_behind_the_file_stays_behind_it),
		cmocka_unit_test(section_with_a_symbol_cannot_be_dropped),
		cmocka_unit_test(overlapping_sections_are_refused),
		cmocka_unit_test(section_outside_of_the_file_is_refused),
		cmocka_unit_test(program_is_no_module),
		cmocka_unit_test(any_flipped_bit_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
