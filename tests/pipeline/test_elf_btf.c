// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/elf_btf.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/fixtures.h"

#define BTF_LEN 101
#define BTF_SECT 2 /* its number in simple[] */
#define STR_SECT 4

static unsigned char btf[BTF_LEN];

static const struct elf_section simple[] = {
	{".text", "code", 3, 0, SHF_ALLOC},
	{".BTF", btf, BTF_LEN, 0, 0},
	{".BTF.ext", "other", 5, 0, 0},
};

struct outcome {
	int err;
	struct buffer sec;
	struct elf_btf_info info;
	struct diag diag;
};

static int fd_of(const struct buffer *image)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	assert_int_equal(write(fd, image->data, image->len), image->len);
	return fd;
}

static void from_fd(struct outcome *o, const struct buffer *image)
{
	struct input in;

	assert_int_equal(input_take(&in, fd_of(image), &o->diag), 0);
	o->err = elf_btf_read(&in, &o->sec, &o->info, &o->diag);
	input_close(&in);
}

/* From memory of exactly its size, for the sanitizers to see its end. */
static void from_mem(struct outcome *o, const struct buffer *image)
{
	void *copy = malloc(image->len ? image->len : 1);
	const void *sec;
	size_t len;

	memcpy(copy, image->data, image->len);
	o->err = elf_btf_find_mem(copy, image->len, &sec, &len, &o->info, &o->diag);
	o->sec.len = 0;
	if (!o->err)
		append(&o->sec, sec, len);
	free(copy);
}

/* Both ways must come to the same result. */
static void find(struct outcome *o, const struct buffer *image)
{
	char text[256];
	int err;

	from_fd(o, image);
	err = o->err;
	strcpy(text, o->diag.text);
	o->diag.text[0] = '\0';
	from_mem(o, image);
	assert_int_equal(o->err, err);
	if (err)
		assert_string_equal(o->diag.text, text);
}

static void assert_fails(const struct buffer *image, int err, const char *part)
{
	struct outcome o = {0};

	find(&o, image);
	assert_int_equal(o.err, err);
	if (!strstr(o.diag.text, part))
		fail_msg("'%s' does not say '%s'", o.diag.text, part);
	buffer_free(&o.sec);
}

static void section_is_found_in_each_form(void **state)
{
	struct buffer image = {0};
	struct outcome o = {0};

	for (int i = 0; i < NR_ELF_FORMS; i++) {
		make_elf(&image, &elf_forms[i], simple, 3);
		find(&o, &image);
		assert_int_equal(o.err, 0);
		assert_int_equal(o.sec.len, BTF_LEN);
		assert_memory_equal(o.sec.data, btf, BTF_LEN);
		assert_int_equal(o.info.size, BTF_LEN);
		assert_memory_equal(image.data + o.info.offset, btf, BTF_LEN);
		assert_int_equal(o.info.is_64, elf_forms[i].class == ELFCLASS64);
		assert_int_equal(o.info.big_endian, elf_forms[i].order == ELFDATA2MSB);
		from_fd(&o, &image);
		assert_int_equal(o.err, 0);
		assert_int_equal(o.sec.len, BTF_LEN);
		assert_memory_equal(o.sec.data, btf, BTF_LEN);
		assert_int_equal((uintptr_t)o.sec.data % 16, 0);
	}
	buffer_free(&image);
	buffer_free(&o.sec);
}

static void assert_finds(const struct buffer *image)
{
	struct outcome o = {0};

	find(&o, image);
	assert_int_equal(o.err, 0);
	assert_int_equal(o.sec.len, BTF_LEN);
	assert_memory_equal(o.sec.data, btf, BTF_LEN);
	buffer_free(&o.sec);
}

/* @len bytes that mean nothing, and then a copy of all from @from on. Returns where that begins. */
static size_t append_again(struct buffer *image, size_t from, size_t len)
{
	size_t copied = image->len - from;
	void *copy = malloc(len + copied);

	memset(copy, 'x', len);
	memcpy((char *)copy + len, image->data + from, copied);
	append(image, copy, len + copied);
	free(copy);
	return image->len - copied;
}

/* Mostly they stand just in front of the section table, and are read with it. */
static void section_names_may_stand_anywhere(void **state)
{
	for (int i = 0; i < NR_ELF_FORMS; i++) {
		size_t shdr = elf_forms[i].class == ELFCLASS64 ? 64 : 40, names, table;
		struct buffer image = {0};

		/* behind the table */
		make_elf(&image, &elf_forms[i], simple, 3);
		table = image.len - (STR_SECT + 1) * shdr;
		names = (size_t)((unsigned char *)memmem(image.data, table, "\0.text", 6) -
				 image.data);
		patch_shdr(&image, STR_SECT, SH_OFFSET, append_again(&image, names, 3));
		assert_finds(&image);
		buffer_free(&image);

		/* and of the table's first bytes, which are zeros */
		make_elf(&image, &elf_forms[i], simple, 3);
		patch_shdr(&image, STR_SECT, SH_SIZE, table + 8 - names);
		assert_finds(&image);
		buffer_free(&image);

		/* far in front of it, and at each distance at which some of them are far */
		for (size_t far = 960; far < 1100; far++) {
			make_elf(&image, &elf_forms[i], simple, 3);
			patch_ehdr(&image, E_SHOFF,
				   append_again(&image, table, names + far - image.len));
			assert_finds(&image);
			buffer_free(&image);
		}
	}
}

static void first_of_two_sections_counts(void **state)
{
	const struct elf_section two[] = {{".BTF", "first", 5, 0, 0}, {".BTF", "next", 4, 0, 0}};
	struct buffer image = {0};
	struct outcome o = {0};

	make_elf(&image, &elf_forms[2], two, 2);
	find(&o, &image);
	assert_int_equal(o.err, 0);
	assert_int_equal(o.sec.len, 5);
	assert_memory_equal(o.sec.data, "first", 5);
	buffer_free(&image);
	buffer_free(&o.sec);
}

static void appended_signature_is_no_obstacle(void **state)
{
	struct buffer image = {0};
	struct outcome o = {0};

	make_elf(&image, &elf_forms[2], simple, 3);
	append(&image, "0123456789~Module signature appended~\n", 38);
	find(&o, &image);
	assert_int_equal(o.err, 0);
	assert_memory_equal(o.sec.data, btf, BTF_LEN);
	buffer_free(&image);
	buffer_free(&o.sec);
}

static void missing_or_empty_section_is_no_data(void **state)
{
	const struct elf_section other[] = {{".BTF.ext", btf, 5, 0, 0}, {".xBTF", btf, 5, 0, 0}};
	const struct elf_section empty[] = {{".BTF", "", 0, 0, 0}};
	struct buffer image = {0};

	for (int i = 0; i < NR_ELF_FORMS; i++) {
		make_elf(&image, &elf_forms[i], other, 2);
		assert_fails(&image, -ENODATA, "no .BTF section");
		make_elf(&image, &elf_forms[i], empty, 1);
		assert_fails(&image, -ENODATA, "no .BTF section");
		patch_ehdr(&image, E_SHNUM, 0);
		assert_fails(&image, -ENODATA, "no .BTF section");
	}
	buffer_free(&image);
}

static void unsupported_forms_say_so(void **state)
{
	const struct elf_section distilled[] = {{".BTF", btf, 9, 0, 0},
						{".BTF.base", btf, 9, 0, 0}};
	const struct elf_section packed[] = {{".BTF", btf, 90, 0, SHF_COMPRESSED}};
	struct buffer image = {0};

	make_elf(&image, &elf_forms[2], distilled, 2);
	assert_fails(&image, -ENOTSUP, "unsupported: it has a .BTF.base section: its .BTF");
	make_elf(&image, &elf_forms[2], packed, 1);
	assert_fails(&image, -ENOTSUP, "unsupported: its .BTF section is compressed");
	buffer_free(&image);
}

static void section_without_bytes_is_broken(void **state)
{
	const struct elf_section nobits[] = {{".BTF", NULL, 100, SHT_NOBITS, 0}};
	struct buffer image = {0};

	make_elf(&image, &elf_forms[2], nobits, 1);
	assert_fails(&image, -EINVAL, "no bytes in the file");
	buffer_free(&image);
}

static void truncation_at_any_length_is_an_error(void **state)
{
	struct buffer image = {0};

	for (int i = 0; i < NR_ELF_FORMS; i++) {
		make_elf(&image, &elf_forms[i], simple, 3);
		while (image.len--)
			assert_fails(&image, -EINVAL, image.len < 4 ? "not an ELF" : "truncated");
	}
	buffer_free(&image);
}

/* Values that a check which overflows would let pass. */
static const uint64_t far[] = {0x10000,    0x7fffffff, 0x80000000, 0xfffffff0,       0xffffffff,
			       1ull << 32, 1ull << 40, 1ull << 63, UINT64_MAX - 100, UINT64_MAX};

static void assert_wherever(void (*patch)(struct buffer *image, uint64_t value))
{
	struct buffer image = {0};

	for (int i = 0; i < NR_ELF_FORMS; i++)
		for (size_t k = 0; k < sizeof(far) / sizeof(far[0]); k++) {
			if (elf_forms[i].class == ELFCLASS32 && far[k] > UINT32_MAX)
				continue;
			make_elf(&image, &elf_forms[i], simple, 3);
			patch(&image, far[k]);
			assert_fails(&image, -EINVAL, "outside");
		}
	buffer_free(&image);
}

static void patch_offset(struct buffer *image, uint64_t value)
{
	patch_shdr(image, BTF_SECT, SH_OFFSET, value);
}

static void patch_size(struct buffer *image, uint64_t value)
{
	patch_shdr(image, BTF_SECT, SH_SIZE, value);
}

static void patch_names(struct buffer *image, uint64_t value)
{
	patch_shdr(image, STR_SECT, SH_OFFSET, value);
}

static void patch_names_size(struct buffer *image, uint64_t value)
{
	patch_shdr(image, STR_SECT, SH_SIZE, value);
}

static void patch_table(struct buffer *image, uint64_t value)
{
	patch_ehdr(image, E_SHOFF, value);
}

static void ranges_outside_of_the_file_are_broken(void **state)
{
	assert_wherever(patch_offset);
	assert_wherever(patch_size);
	assert_wherever(patch_names);
	assert_wherever(patch_names_size);
	assert_wherever(patch_table);
}

static void wrong_header_fields_are_broken(void **state)
{
	struct buffer image = {0};

	for (int i = 0; i < NR_ELF_FORMS; i++) {
		make_elf(&image, &elf_forms[i], simple, 3);
		patch_ehdr(&image, E_SHNUM, 0xfeff);
		assert_fails(&image, -EINVAL, "outside");
		make_elf(&image, &elf_forms[i], simple, 3);
		patch_ehdr(&image, E_SHENTSIZE, 8);
		assert_fails(&image, -EINVAL, "section headers of a wrong size");
		make_elf(&image, &elf_forms[i], simple, 3);
		patch_ehdr(&image, E_SHSTRNDX, 0);
		assert_fails(&image, -EINVAL, "no section of section names");
		patch_ehdr(&image, E_SHSTRNDX, SHN_XINDEX);
		assert_fails(&image, -EINVAL, "no section of section names");
		patch_ehdr(&image, E_SHSTRNDX, BTF_SECT);
		assert_fails(&image, -EINVAL, "not a string table");
		make_elf(&image, &elf_forms[i], simple, 3);
		patch_shdr(&image, 1, SH_NAME, UINT32_MAX);
		assert_fails(&image, -EINVAL, "name is outside");
		image.data[EI_CLASS] = 9;
		assert_fails(&image, -EINVAL, "unknown class");
		image.data[EI_CLASS] = ELFCLASS32;
		image.data[EI_DATA] = 0;
		assert_fails(&image, -EINVAL, "unknown byte order");
	}
	buffer_free(&image);
}

/* The kernel refuses it too; the last name would have no end. */
static void section_names_have_to_end_in_a_nul(void **state)
{
	const struct elf_section last[] = {{"a", "x", 1, 0, 0}, {".BTF", btf, 5, 0, 0}};
	struct buffer image = {0};
	/* "\0" "a\0" ".BTF" */
	const uint64_t len = 7;

	make_elf(&image, &elf_forms[2], last, 2);
	patch_shdr(&image, 3, SH_SIZE, len);
	patch_shdr(&image, 3, SH_NAME, 0);
	assert_fails(&image, -EINVAL, "do not end in a NUL");
	buffer_free(&image);
}

static void any_flipped_bit_does_no_harm(void **state)
{
	struct buffer image = {0};
	struct outcome o = {0};

	for (int i = 0; i < NR_ELF_FORMS; i++) {
		make_elf(&image, &elf_forms[i], simple, 3);
		for (size_t bit = 0; bit < image.len * 8; bit++) {
			image.data[bit / 8] ^= 1u << bit % 8;
			find(&o, &image);
			image.data[bit / 8] ^= 1u << bit % 8;
		}
	}
	buffer_free(&image);
	buffer_free(&o.sec);
}

static void section_over_the_limit_is_refused(void **state)
{
	struct buffer image = {0};
	struct outcome o = {0};
	struct input in;
	int fd;

	make_elf(&image, &elf_forms[2], simple, 3);
	patch_shdr(&image, BTF_SECT, SH_SIZE, BTF_SECTION_MAX + 1ull);
	fd = fd_of(&image);
	assert_int_equal(ftruncate(fd, 2ll * BTF_SECTION_MAX), 0);
	assert_int_equal(input_take(&in, fd, &o.diag), 0);
	o.err = elf_btf_read(&in, &o.sec, &o.info, &o.diag);
	assert_int_equal(o.err, -EFBIG);
	assert_non_null(strstr(o.diag.text, "limit"));
	assert_int_equal(o.sec.cap, 0);
	input_close(&in);
	buffer_free(&image);
}

static void what_is_not_elf_is_refused(void **state)
{
	struct buffer image = {0};

	append(&image, "!<arch>\nsome archive of ELF files, or so it seems to be, by the look", 68);
	assert_fails(&image, -EINVAL, "not an ELF file");
	image.len = 0;
	assert_fails(&image, -EINVAL, "not an ELF file");
	buffer_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(section_is_found_in_each_form),
		cmocka_unit_test(section_names_may_stand_anywhere),
		cmocka_unit_test(first_of_two_sections_counts),
		cmocka_unit_test(appended_signature_is_no_obstacle),
		cmocka_unit_test(missing_or_empty_section_is_no_data),
		cmocka_unit_test(unsupported_forms_say_so),
		cmocka_unit_test(section_without_bytes_is_broken),
		cmocka_unit_test(truncation_at_any_length_is_an_error),
		cmocka_unit_test(ranges_outside_of_the_file_are_broken),
		cmocka_unit_test(wrong_header_fields_are_broken),
		cmocka_unit_test(section_names_have_to_end_in_a_nul),
		cmocka_unit_test(any_flipped_bit_does_no_harm),
		cmocka_unit_test(section_over_the_limit_is_refused),
		cmocka_unit_test(what_is_not_elf_is_refused),
	};

	fill(btf, sizeof(btf));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
