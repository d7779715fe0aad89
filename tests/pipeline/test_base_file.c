// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/base_file.h"

#include <errno.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/fixtures.h"

struct state {
	char *dir;
	struct {
		struct btf_header header;
		unsigned char types[96];
		char strings[4];
	} btf;
	struct buffer image, packed, out;
	struct diag diag;
};

static int setup(void **state)
{
	struct state *s = calloc(1, sizeof(*s));

	s->dir = temp_dir();
	s->btf.header = (struct btf_header){.magic = BTF_MAGIC,
					    .version = 1,
					    .hdr_len = sizeof(struct btf_header),
					    .type_len = 96,
					    .str_off = 96,
					    .str_len = 4};
	memcpy(s->btf.strings, "\0ab", 4);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	temp_dir_remove(s->dir);
	buffer_free(&s->image);
	buffer_free(&s->packed);
	buffer_free(&s->out);
	free(s);
	return 0;
}

static int run(struct state *s, const void *data, size_t len)
{
	const char *path = path_in(s->dir, "base");

	write_file(path, data, len);
	return base_file_read(path, &s->out, &s->diag);
}

static void assert_btf(struct state *s)
{
	assert_int_equal(s->out.len, sizeof(s->btf));
	assert_memory_equal(s->out.data, &s->btf, sizeof(s->btf));
}

static void assert_read(struct state *s, const struct buffer *image)
{
	assert_int_equal(run(s, image->data, image->len), 0);
	assert_btf(s);
	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->packed, pack_kinds[i], image->data, image->len);
		assert_int_equal(run(s, s->packed.data, s->packed.len), 0);
		assert_btf(s);
	}
}

static void raw_btf_is_read_packed_or_not(void **state)
{
	struct state *s = *state;

	append(&s->image, &s->btf, sizeof(s->btf));
	assert_read(s, &s->image);
}

static void elf_is_read_packed_or_not(void **state)
{
	struct state *s = *state;
	const struct elf_section sections[] = {{".text", "odd", 3, 0, 0},
					       {".BTF", &s->btf, sizeof(s->btf), 0, 0}};

	make_elf(&s->image, &elf_forms[2], sections, 2);
	assert_read(s, &s->image);
}

static void flat_image_is_read_packed_or_not(void **state)
{
	struct state *s = *state;
	char head[101] = {0};

	memcpy(head + 0x38, "ARM\x64", 4);
	append(&s->image, head, sizeof(head));
	append(&s->image, &s->btf, sizeof(s->btf));
	append(&s->image, head, sizeof(head));
	assert_read(s, &s->image);
}

static void kernel_image_is_read(void **state)
{
	struct state *s = *state;
	const struct elf_section sections[] = {{".BTF", &s->btf, sizeof(s->btf), 0, 0}};
	unsigned char head[5 * 512] = {0};

	make_elf(&s->packed, &elf_forms[2], sections, 1);
	pack(&s->image, UNPACK_GZIP, s->packed.data, s->packed.len);
	memcpy(head + 0x202, "HdrS\x0f\x02", 6);
	head[0x24c] = (unsigned char)s->image.len;
	head[0x24d] = (unsigned char)(s->image.len >> 8);
	s->packed.len = 0;
	append(&s->packed, head, sizeof(head));
	append(&s->packed, s->image.data, s->image.len);
	assert_int_equal(run(s, s->packed.data, s->packed.len), 0);
	assert_btf(s);
}

static void kernel_without_btf_is_no_data(void **state)
{
	const struct elf_section text = {".text", "code", 4, 0, 0};
	struct state *s = *state;

	make_elf(&s->image, &elf_forms[2], &text, 1);
	assert_int_equal(run(s, s->image.data, s->image.len), -ENODATA);
	pack(&s->packed, UNPACK_ZSTD, s->image.data, s->image.len);
	assert_int_equal(run(s, s->packed.data, s->packed.len), -ENODATA);
}

static void what_is_no_base_is_named(void **state)
{
	struct state *s = *state;
	const char *fifo = path_in(s->dir, "fifo");

	assert_int_equal(run(s, "", 0), -EINVAL);
	assert_string_equal(s->diag.text, "empty file");
	assert_int_equal(run(s, "some text", 9), -EINVAL);
	assert_non_null(strstr(s->diag.text, "neither BTF nor ELF nor a kernel image"));
	pack(&s->packed, UNPACK_XZ, "some text", 9);
	assert_int_equal(run(s, s->packed.data, s->packed.len), -EINVAL);
	assert_string_equal(s->diag.text, "unpacks to neither ELF nor BTF");
	assert_int_equal(base_file_read(s->dir, &s->out, &s->diag), -EISDIR);
	assert_int_equal(mkfifo(fifo, 0644), 0);
	assert_int_equal(base_file_read(fifo, &s->out, &s->diag), -EINVAL);
	assert_string_equal(s->diag.text, "not a regular file");
	assert_int_equal(base_file_read(path_in(s->dir, "gone"), &s->out, &s->diag), -ENOENT);
}

static void running_kernels_btf_is_read(void **state)
{
	struct state *s = *state;

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		skip();
	assert_int_equal(base_file_read("/sys/kernel/btf/vmlinux", &s->out, &s->diag), 0);
	assert_memory_equal(s->out.data, &s->btf, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(raw_btf_is_read_packed_or_not),    TEST(elf_is_read_packed_or_not),
		TEST(flat_image_is_read_packed_or_not), TEST(kernel_image_is_read),
		TEST(kernel_without_btf_is_no_data),    TEST(what_is_no_base_is_named),
		TEST(running_kernels_btf_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
