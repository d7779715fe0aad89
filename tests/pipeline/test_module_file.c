// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/module_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/elf_btf.h"
#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/fixtures.h"

#define BTF_LEN 5003

struct state {
	struct module_reader *r;
	char *dir;
	unsigned char btf[BTF_LEN]; /* of either byte order's magic number */
	struct buffer elf, packed;
	const void *blob;
	size_t len;
	struct diag diag;
};

static int setup(void **state)
{
	struct state *s = calloc(1, sizeof(*s));
	const struct elf_section sections[] = {{".text", "odd", 3, 0, 0},
					       {".BTF", s->btf, BTF_LEN, 0, 0}};

	s->r = module_reader_new();
	s->dir = temp_dir();
	fill(s->btf, BTF_LEN);
	memcpy(s->btf, "\x9f\xeb\x01", 3);
	make_elf(&s->elf, &elf_forms[2], sections, 2);
	*state = s;
	return s->r ? 0 : -1;
}

static int teardown(void **state)
{
	struct state *s = *state;

	module_reader_free(s->r);
	temp_dir_remove(s->dir);
	buffer_free(&s->elf);
	buffer_free(&s->packed);
	free(s);
	return 0;
}

static int run(struct state *s, const void *data, size_t len)
{
	const char *path = path_in(s->dir, "m.ko");

	write_file(path, data, len);
	return module_file_read(AT_FDCWD, path, s->r, &s->blob, &s->len, &s->diag);
}

static void assert_btf(struct state *s)
{
	assert_int_equal(s->len, BTF_LEN);
	assert_memory_equal(s->blob, s->btf, BTF_LEN);
	assert_int_equal((uintptr_t)s->blob % 4, 0);
}

static void assert_reason(struct state *s, const char *reason)
{
	assert_string_equal(s->diag.text, reason);
}

static void elf_and_raw_btf_are_read_under_any_name(void **state)
{
	struct state *s = *state;

	assert_int_equal(run(s, s->elf.data, s->elf.len), 0);
	assert_btf(s);
	assert_int_equal(run(s, s->btf, BTF_LEN), 0);
	assert_btf(s);
	memcpy(s->btf, "\xeb\x9f", 2);
	assert_int_equal(run(s, s->btf, BTF_LEN), 0);
	assert_btf(s);
}

static void packed_elf_and_packed_btf_are_read_in_turn(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->packed, pack_kinds[i], s->elf.data, s->elf.len);
		assert_int_equal(run(s, s->packed.data, s->packed.len), 0);
		assert_btf(s);
		pack(&s->packed, pack_kinds[i], s->btf, BTF_LEN);
		assert_int_equal(run(s, s->packed.data, s->packed.len), 0);
		assert_btf(s);
	}
	assert_int_equal(run(s, s->elf.data, s->elf.len), 0);
	assert_btf(s);
}

static void path_is_relative_to_the_directory(void **state)
{
	struct state *s = *state;
	int fd = open(s->dir, O_RDONLY | O_DIRECTORY);

	write_file(path_in(s->dir, "m.btf"), s->btf, BTF_LEN);
	assert_int_equal(module_file_read(fd, "m.btf", s->r, &s->blob, &s->len, &s->diag), 0);
	assert_btf(s);
	close(fd);
}

static void module_without_btf_is_no_data(void **state)
{
	const struct elf_section text = {".text", "code", 4, 0, 0};
	struct state *s = *state;

	make_elf(&s->elf, &elf_forms[0], &text, 1);
	assert_int_equal(run(s, s->elf.data, s->elf.len), -ENODATA);
	pack(&s->packed, UNPACK_XZ, s->elf.data, s->elf.len);
	assert_int_equal(run(s, s->packed.data, s->packed.len), -ENODATA);
}

static void what_is_no_module_is_named(void **state)
{
	struct state *s = *state;

	assert_int_equal(run(s, "", 0), -EINVAL);
	assert_reason(s, "empty file");
	assert_int_equal(run(s, "x", 1), -EINVAL);
	assert_reason(s, "neither ELF nor BTF, nor in a known compression");
	assert_int_equal(run(s, "BZh91AY&SY", 10), -ENOTSUP);
	assert_reason(s, "unsupported: compressed with bzip2");
	pack(&s->packed, UNPACK_GZIP, "text", 4);
	assert_int_equal(run(s, s->packed.data, s->packed.len), -EINVAL);
	assert_reason(s, "unpacks to neither ELF nor BTF");
	pack(&s->packed, UNPACK_GZIP, "", 0);
	assert_int_equal(run(s, s->packed.data, s->packed.len), -EINVAL);
	assert_reason(s, "unpacks to neither ELF nor BTF");
}

static void packed_twice_is_not_a_module(void **state)
{
	struct state *s = *state;
	struct buffer once = {0};

	pack(&once, UNPACK_GZIP, s->elf.data, s->elf.len);
	pack(&s->packed, UNPACK_ZSTD, once.data, once.len);
	assert_int_equal(run(s, s->packed.data, s->packed.len), -EINVAL);
	assert_reason(s, "unpacks to neither ELF nor BTF");
	buffer_free(&once);
}

static void garbage_behind_a_packed_module_is_an_error(void **state)
{
	struct state *s = *state;

	pack(&s->packed, UNPACK_GZIP, s->elf.data, s->elf.len);
	append(&s->packed, "junk", 4);
	assert_int_equal(run(s, s->packed.data, s->packed.len), -EINVAL);
	assert_reason(s, "4 bytes of garbage behind the gzip data");
}

static void truncation_is_an_error(void **state)
{
	struct state *s = *state;
	size_t step = s->elf.len / 40;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->packed, pack_kinds[i], s->elf.data, s->elf.len);
		for (size_t len = s->packed.len - 1; len > step; len -= step)
			assert_int_equal(run(s, s->packed.data, len), -EINVAL);
	}
	for (size_t len = s->elf.len - 1; len > step; len -= step)
		assert_int_equal(run(s, s->elf.data, len), -EINVAL);
}

static void what_is_no_regular_file_is_refused_at_once(void **state)
{
	struct state *s = *state;
	const char *fifo = path_in(s->dir, "fifo");

	assert_int_equal(module_file_read(AT_FDCWD, s->dir, s->r, &s->blob, &s->len, &s->diag),
			 -EISDIR);
	assert_reason(s, "is a directory");
	assert_int_equal(mkfifo(fifo, 0644), 0);
	assert_int_equal(module_file_read(AT_FDCWD, fifo, s->r, &s->blob, &s->len, &s->diag),
			 -EINVAL);
	assert_reason(s, "not a regular file");
	assert_int_equal(module_file_read(AT_FDCWD, "/dev/null", s->r, &s->blob, &s->len, &s->diag),
			 -EINVAL);
	assert_int_equal(module_file_read(AT_FDCWD, path_in(s->dir, "gone"), s->r, &s->blob,
					  &s->len, &s->diag),
			 -ENOENT);
	assert_reason(s, "cannot open: No such file or directory");
}

static void raw_btf_over_the_limit_is_refused(void **state)
{
	struct state *s = *state;
	const char *path = path_in(s->dir, "m.ko");

	write_file(path, s->btf, BTF_LEN);
	assert_int_equal(truncate(path, BTF_SECTION_MAX + 1l), 0);
	assert_int_equal(module_file_read(AT_FDCWD, path, s->r, &s->blob, &s->len, &s->diag),
			 -EFBIG);
	assert_reason(s, "larger than the limit of 268435456 bytes");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(elf_and_raw_btf_are_read_under_any_name),
		TEST(packed_elf_and_packed_btf_are_read_in_turn),
		TEST(path_is_relative_to_the_directory),
		TEST(module_without_btf_is_no_data),
		TEST(what_is_no_module_is_named),
		TEST(packed_twice_is_not_a_module),
		TEST(garbage_behind_a_packed_module_is_an_error),
		TEST(truncation_is_an_error),
		TEST(what_is_no_regular_file_is_refused_at_once),
		TEST(raw_btf_over_the_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
