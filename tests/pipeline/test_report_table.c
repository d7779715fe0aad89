// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/report_sample.h"

static int table(const struct report *r, FILE *f)
{
	return report_table(r, false, f);
}

static int table_verbose(const struct report *r, FILE *f)
{
	return report_table(r, true, f);
}

static void expect(int print(const struct report *, FILE *), const struct report *r,
		   const char *text)
{
	char *got = sample_print(print, r);

	assert_string_equal(got, text);
	free(got);
}

/* clang-format off */

static void test_totals_largest_failures(void **state)
{
	expect(table, &sample_report,
"base     /boot/vmlinux-6.1\\x0a: 5.8 MiB, 62,013 types\n"
"modules  6: 4 ok, 1 without BTF, 1 FAILED\n"
"BTF      4.7 GiB -> 4.0 GiB, 1.2x smaller\n"
"types    4,294,991,240 -> 4,294,975,927\n"
"\n"
"Modules, largest first:\n"
"\n"
"      input      split  factor       types in ->           out  module\n"
"    4.7 GiB    4.0 GiB    1.2x  4,294,967,295 -> 4,294,967,295  weird/caf\\xe9 \\x5cxe9 \\d \xc3\xa9.ko\n"
"    1.5 MiB  402.7 KiB    3.7x         21,345 ->         8,321  kernel/fs/xfs/xfs.ko.xz\n"
"  160.2 KiB   18.0 KiB    8.9x          2,600 ->           311  weird/a,b \"c\"\\x0ad.ko\n"
"       24 B       24 B    1.0x              0 ->             0  kernel/lib/tiny.ko\n"
"\n"
"FAILED  weird/\\x1b[2Jbroken.ko: not BTF, section \"\\x1b\\xff\" is truncated\n");
}

static void test_shared_types(void **state)
{
	expect(report_shared, &sample_shared,
"Types that several modules have and the base has not: 9; in the base\n"
"they would save 3.6 TiB, 3.6 TiB of that those without a name.\n"
"\n"
"      saved  bytes  modules  type\n"
"  125.0 KiB  564 B      228  STRUCT snd_card, as in kernel/fs/xfs/xfs.ko.xz\n"
"       24 B   24 B        2  ENUM64 weird\\x1b\\xff|name, as in weird/a,b \"c\"\\x0ad.ko\n");
	expect(report_shared, &sample_nothing_shared,
"Types that several modules have and the base has not: 0; in the base\n"
"they would save 0 B.\n");
}

/* The table has the ten first, in front of the failures. */
static void test_shared_types_in_the_table(void **state)
{
	struct shared_type types[12];
	struct shared shared = {types, 12, 12, 0, 0};
	struct report r = sample_report;
	char *text, *at;

	for (int i = 0; i < 12; i++)
		types[i] = (struct shared_type){1, "name", "first", BTF_KIND_STRUCT, 12, 2, 1};
	r.shared = &shared;
	text = sample_print(table, &r);
	at = strstr(text, "\nTypes that several modules have and the base has not: 12;");
	assert_non_null(at);
	for (int i = 0; i < 10; i++) {
		at = strstr(at + 1, "STRUCT name, as in first\n");
		assert_non_null(at);
	}
	assert_null(strstr(at + 1, "STRUCT name"));
	assert_non_null(strstr(at, "\n\nFAILED  "));
	free(text);
}

static void test_verbose_is_in_path_order(void **state)
{
	expect(table_verbose, &sample_report,
"base     /boot/vmlinux-6.1\\x0a: 5.8 MiB, 62,013 types\n"
"modules  6: 4 ok, 1 without BTF, 1 FAILED\n"
"BTF      4.7 GiB -> 4.0 GiB, 1.2x smaller\n"
"types    4,294,991,240 -> 4,294,975,927\n"
"\n"
"All modules:\n"
"\n"
"      input      split  factor       types in ->           out  module\n"
"    1.5 MiB  402.7 KiB    3.7x         21,345 ->         8,321  kernel/fs/xfs/xfs.ko.xz\n"
"       24 B       24 B    1.0x              0 ->             0  kernel/lib/tiny.ko\n"
"                no BTF                                          kernel/kernel/configs.ko\n"
"  160.2 KiB   18.0 KiB    8.9x          2,600 ->           311  weird/a,b \"c\"\\x0ad.ko\n"
"    4.7 GiB    4.0 GiB    1.2x  4,294,967,295 -> 4,294,967,295  weird/caf\\xe9 \\x5cxe9 \\d \xc3\xa9.ko\n"
"                FAILED                                          weird/\\x1b[2Jbroken.ko\n"
"\n"
"FAILED  weird/\\x1b[2Jbroken.ko: not BTF, section \"\\x1b\\xff\" is truncated\n");
}

static void test_no_module(void **state)
{
	static const char text[] =
"base     vmlinux: 1.0 KiB, 1 types\n"
"modules  0: 0 ok\n";

	expect(table, &sample_empty, text);
	expect(table_verbose, &sample_empty, text);
}

static void test_none_is_ok(void **state)
{
	const struct row row = {.path = "a.ko", .status = ROW_FAILED};
	struct report r = sample_empty;

	r.rows = &row;
	r.nr_rows = 1;
	expect(table, &r,
"base     vmlinux: 1.0 KiB, 1 types\n"
"modules  1: 0 ok, 1 FAILED\n"
"\n"
"FAILED  a.ko: no reason given\n");
}

static void test_grown(void **state)
{
	const struct row row = {.path = "a.ko", .input_bytes = 100, .input_types = 3,
				.split_bytes = 200, .split_types = 0};
	struct report r = sample_empty;

	r.rows = &row;
	r.nr_rows = 1;
	expect(table, &r,
"base     vmlinux: 1.0 KiB, 1 types\n"
"modules  1: 1 ok\n"
"BTF      100 B -> 200 B, 2.0x larger\n"
"types    3 -> 0\n"
"\n"
"Modules, largest first:\n"
"\n"
"  input  split  factor  types in -> out  module\n"
"  100 B  200 B    0.5x         3 ->   0  a.ko\n");
}

/* clang-format on */

/* 25 modules a..y whose sizes go up and down: five of each size. */
static void test_ten_largest(void **state)
{
	char paths[25][2], order[16] = "", *text;
	struct row rows[25] = {0};
	struct report r = sample_empty;

	for (uint32_t i = 0; i < 25; i++) {
		paths[i][0] = (char)('a' + i);
		paths[i][1] = '\0';
		rows[i].path = paths[i];
		rows[i].split_bytes = 100 + i * 2 % 5;
	}
	r.rows = rows;
	r.nr_rows = 25;
	text = sample_print(table, &r);
	assert_non_null(strstr(text, "\nThe 10 largest modules:\n"));
	for (char *c = strstr(text, "module\n") + 6; (c = strchr(c + 1, '\n'));)
		strncat(order, c - 1, 1);
	/* Size 104 in path order, then 103. */
	assert_string_equal(order, "chmrwejoty");
	free(text);
}

static void test_full_disk(void **state)
{
	assert_int_equal(sample_print_full(table, &sample_report), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_totals_largest_failures),
		cmocka_unit_test(test_shared_types),
		cmocka_unit_test(test_shared_types_in_the_table),
		cmocka_unit_test(test_verbose_is_in_path_order),
		cmocka_unit_test(test_no_module),
		cmocka_unit_test(test_none_is_ok),
		cmocka_unit_test(test_grown),
		cmocka_unit_test(test_ten_largest),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
