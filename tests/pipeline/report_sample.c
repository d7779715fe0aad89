// SPDX-License-Identifier: GPL-2.0-only
#include "tests/pipeline/report_sample.h"

#include <stdlib.h>

#include "tests/pipeline/cmocka_all.h"

static struct row_kind xfs_kinds[] = {
	{BTF_KIND_PTR, 310, 3720},
	{BTF_KIND_STRUCT, 420, 52344},
	{BTF_KIND_FUNC_PROTO, 900, 40212},
	{BTF_KIND_ENUM64, 1, 24},
};

static struct row_kind var_kinds[] = {
	{BTF_KIND_VAR, 2, 32},
};

static const struct row rows[SAMPLE_NR] = {
	[SAMPLE_XFS] =
		{
			.path = "kernel/fs/xfs/xfs.ko.xz",
			.form = BTF_FORM_STANDALONE,
			.input_bytes = 1532120,
			.input_types = 21345,
			.split_bytes = 412345,
			.split_types = 8321,
			.split_type_bytes = 302100,
			.split_string_bytes = 110221,
			.xxh3 = 0x0012345678abcdef,
			.nr_kinds = 4,
			.kinds = xfs_kinds,
		},
	[SAMPLE_TINY] =
		{
			.path = "kernel/lib/tiny.ko",
			.form = BTF_FORM_SPLIT,
			.input_bytes = 24,
			.split_bytes = 24,
			.xxh3 = UINT64_MAX,
		},
	[SAMPLE_CONFIGS] =
		{
			.path = "kernel/kernel/configs.ko",
			.status = ROW_NO_BTF,
		},
	[SAMPLE_COMMA] =
		{
			.path = "weird/a,b \"c\"\nd.ko",
			.input_bytes = 164000,
			.input_types = 2600,
			.split_bytes = 18432,
			.split_types = 311,
			.split_type_bytes = 11000,
			.split_string_bytes = 7408,
			.nr_kinds = 1,
			.kinds = var_kinds,
		},
	[SAMPLE_LATIN1] =
		{
			.path = "weird/caf\xe9 \\xe9 \\d \xc3\xa9.ko",
			.input_bytes = 5000000000,
			.input_types = UINT32_MAX,
			.split_bytes = UINT32_MAX,
			.split_types = UINT32_MAX,
		},
	[SAMPLE_BROKEN] =
		{
			.path = "weird/\x1b[2Jbroken.ko",
			.status = ROW_FAILED,
			.error = "not BTF, section \"\x1b\xff\" is truncated",
		},
};

const char *const sample_paths_utf8[SAMPLE_NR] = {
	[SAMPLE_XFS] = "kernel/fs/xfs/xfs.ko.xz",
	[SAMPLE_TINY] = "kernel/lib/tiny.ko",
	[SAMPLE_CONFIGS] = "kernel/kernel/configs.ko",
	[SAMPLE_COMMA] = "weird/a,b \"c\"\nd.ko",
	[SAMPLE_LATIN1] = "weird/caf\\xe9 \\x5cxe9 \\d \xc3\xa9.ko",
	[SAMPLE_BROKEN] = "weird/\x1b[2Jbroken.ko",
};

const char sample_error_utf8[] = "not BTF, section \"\x1b\\xff\" is truncated";

const struct report sample_report = {
	.version = "1.2.3",
	.base = {"/boot/vmlinux-6.1\n", 6123456, 62013, 1234567, 0xfedcba9876543210},
	.rows = rows,
	.nr_rows = SAMPLE_NR,
};

static struct shared_type shared_types[] = {
	{0xfedcba9876543210, "snd_card", "kernel/fs/xfs/xfs.ko.xz", BTF_KIND_STRUCT, 564, 228,
	 128028},
	{1, "weird\x1b\xff|name", "weird/a,b \"c\"\nd.ko", BTF_KIND_ENUM64, 24, 2, 24},
};

static const struct shared shared = {shared_types, 2, 128052 + 4000000000000, 7, 4000000000000};
static const struct shared nothing_shared;

const struct report sample_shared = {
	.version = "1.2.3",
	.base = {"vmlinux", 1024, 1, 1, 0},
	.rows = rows,
	.nr_rows = SAMPLE_NR,
	.shared = &shared,
};

const struct report sample_nothing_shared = {
	.version = "1.2.3",
	.base = {"vmlinux", 1024, 1, 1, 0},
	.shared = &nothing_shared,
};

const struct report sample_empty = {
	.version = "1.2.3",
	.base = {"vmlinux", 1024, 1, 1, 0},
};

char *sample_print(int print(const struct report *r, FILE *f), const struct report *r)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(print(r, f), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

int sample_print_full(int print(const struct report *r, FILE *f), const struct report *r)
{
	FILE *f = fopen("/dev/full", "w");
	int err;

	assert_non_null(f);
	err = print(r, f);
	fclose(f);
	return err;
}
