// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/budget.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* ---- what limits look like ---- */

static void test_limits(void **state)
{
	static const struct {
		const char *text;
		enum limit_kind kind;
		uint64_t n;
	} good[] = {
		{"+1%", LIMIT_PERCENT, 10000},
		{"+0%", LIMIT_PERCENT, 0},
		{"+0.5%", LIMIT_PERCENT, 5000},
		{"+12.3456%", LIMIT_PERCENT, 123456},
		{"+1000000%", LIMIT_PERCENT, 10000000000},
		{"+0", LIMIT_GROWTH, 0},
		{"+4096", LIMIT_GROWTH, 4096},
		{"+4KiB", LIMIT_GROWTH, 4096},
		{"+4K", LIMIT_GROWTH, 4096},
		{"+1.5MiB", LIMIT_GROWTH, 3u << 19},
		{"+7B", LIMIT_GROWTH, 7},
		{"512KiB", LIMIT_SIZE, 512 << 10},
		{"13MiB", LIMIT_SIZE, 13 << 20},
		{"2GiB", LIMIT_SIZE, 2ull << 30},
		{"0", LIMIT_SIZE, 0},
	};
	static const char *const bad[] = {
		"",
		"+",
		"%",
		"+%",
		"5%",
		"-5%",
		"-1",
		"+-1",
		"+5 %",
		" +5%",
		"+5%%",
		"+4KB",
		"+4kib",
		"+4 KiB",
		"KiB",
		"+1.5",
		"+.5%",
		"+5.%",
		"+1e3",
		"+0x10",
		"nan",
		"+inf",
		"1TiB",
		"+0.00001%",
		"+1,5%",
		"+5%x",
		"+1000001%",
		"99999999999999999999",
		"+99999999999999999999%",
		"10737418240GiB",
	};
	struct budget_rule rule = {0};
	struct diag diag;

	for (size_t i = 0; i < NR(good); i++) {
		struct budgets b = {0};

		if (budget_add(&b.total, good[i].text, "here", &diag))
			fail_msg("%s: %s", good[i].text, diag.text);
		assert_int_equal(b.total.limits[0].kind, good[i].kind);
		assert_true(b.total.limits[0].n == good[i].n);
		assert_string_equal(b.total.limits[0].text, good[i].text);
		assert_string_equal(b.total.limits[0].where, "here");
		budgets_free(&b);
	}
	for (size_t i = 0; i < NR(bad); i++) {
		if (!budget_add(&rule, bad[i], "here", &diag))
			fail_msg("'%s' is taken for a limit", bad[i]);
		assert_non_null(strstr(diag.text, "is no limit like +5%"));
	}
	assert_int_equal(rule.nr_limits, 0);
}

/* ---- what trips them ---- */

enum { GROWN, SHRUNK, CAME, FAILED, NR_MODULES };

static struct row old_rows[] = {
	{.path = "6.1/kernel/fs/grown.ko", .split_bytes = 1000},
	{.path = "6.1/kernel/fs/shrunk.ko", .split_bytes = 3000},
	{.path = "6.1/kernel/x/failed.ko", .split_bytes = 10},
};

static struct row new_rows[] = {
	{.path = "6.2/kernel/fs/grown.ko.xz", .split_bytes = 1100},
	{.path = "6.2/kernel/fs/shrunk.ko.xz", .split_bytes = 2500},
	{.path = "6.2/kernel/net/came.ko.xz", .split_bytes = 600},
	{.path = "6.2/kernel/x/failed.ko.xz", .status = ROW_FAILED},
};

/* In all 4000 bytes before, 4200 now. */
static const struct report old_report = {.rows = old_rows, .nr_rows = 3};
static const struct report new_report = {.rows = new_rows, .nr_rows = 4};

/* Names what is over budget: "PATH OLD NEW ALLOWED WHERE TEXT", a line each. */
static void expect_over(const struct budgets *budgets, uint64_t min_change, const char *text)
{
	const struct diff_side old = {.report = &old_report}, new = {.report = &new_report};
	struct overs overs;
	char got[2048] = "";
	struct diff d;

	assert_int_equal(diff_make(&d, &old, &new, min_change), 0);
	assert_int_equal(budgets_check(budgets, &d, min_change, &overs), 0);
	for (size_t i = 0; i < overs.nr; i++) {
		const struct over *o = &overs.over[i];

		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s %d %d %d %s %s\n",
			 o->module ? diff_path(o->module) : "total", (int)o->old, (int)o->new,
			 (int)o->allowed, o->limit->where, o->limit->text);
	}
	assert_string_equal(got, text);
	overs_free(&overs);
	diff_free(&d);
}

static void expect_total(const char *limit, const char *text)
{
	struct budgets b = {0};
	struct diag diag;

	assert_int_equal(budget_add(&b.total, limit, "--max-total", &diag), 0);
	expect_over(&b, 0, text);
	budgets_free(&b);
}

static void expect_module(const char *limit, uint64_t min_change, const char *text)
{
	struct budgets b = {0};
	struct diag diag;

	assert_int_equal(budget_add(&b.module, limit, "--max-module", &diag), 0);
	expect_over(&b, min_change, text);
	budgets_free(&b);
}

static void test_total(void **state)
{
	expect_total("+5%", "");
	expect_total("+4.99%", "total 4000 4200 4199 --max-total +4.99%\n");
	expect_total("+200", "");
	expect_total("+199", "total 4000 4200 4199 --max-total +199\n");
	expect_total("4200", "");
	expect_total("4199", "total 4000 4200 4199 --max-total 4199\n");
}

#define GROWN_PATH "6.2/kernel/fs/grown.ko.xz"

static void test_module(void **state)
{
	expect_module("+10%", 0, "");
	expect_module("+9.9%", 0, GROWN_PATH " 1000 1100 1099 --max-module +9.9%\n");
	expect_module("+100", 0, "");
	expect_module("+99B", 0, GROWN_PATH " 1000 1100 1099 --max-module +99B\n");
	expect_module("2500", 0, "");
	expect_module("2499", 0, "6.2/kernel/fs/shrunk.ko.xz 3000 2500 2499 --max-module 2499\n");
}

/* A module that came has not grown; but its size may be too large. */
static void test_module_that_came(void **state)
{
	expect_module("+100", 0, "");
	expect_module("599", 0,
		      "6.2/kernel/net/came.ko.xz 0 600 599 --max-module 599\n"
		      "6.2/kernel/fs/shrunk.ko.xz 3000 2500 599 --max-module 599\n" GROWN_PATH
		      " 1000 1100 599 --max-module 599\n");
}

static void test_noise(void **state)
{
	expect_module("+1%", 100, GROWN_PATH " 1000 1100 1010 --max-module +1%\n");
	expect_module("+1%", 101, "");
	/* A size is a size. */
	expect_module("2499", 1000,
		      "6.2/kernel/fs/shrunk.ko.xz 3000 2500 2499 --max-module 2499\n");
}

static void test_each_limit_holds(void **state)
{
	struct budgets b = {0};
	struct diag diag;

	assert_int_equal(budget_add(&b.module, "+5%", "--max-module", &diag), 0);
	assert_int_equal(budget_add(&b.module, "+4KiB", "--max-module", &diag), 0);
	assert_int_equal(budget_add(&b.total, "+1KiB", "--max-total", &diag), 0);
	assert_int_equal(budget_add(&b.total, "+1%", "--max-total", &diag), 0);
	expect_over(&b, 0,
		    "total 4000 4200 4040 --max-total +1%\n" GROWN_PATH
		    " 1000 1100 1050 --max-module +5%\n");
	budgets_free(&b);
}

static void test_too_many_limits(void **state)
{
	struct budgets b = {0};
	struct diag diag;

	for (int i = 0; i < LIMITS_PER_RULE; i++)
		assert_int_equal(budget_add(&b.total, "+1%", "x", &diag), 0);
	assert_int_equal(budget_add(&b.total, "+1%", "x", &diag), -EINVAL);
	budgets_free(&b);
}

/* ---- the file ---- */

static int read_text(struct budgets *b, const char *text, size_t len, struct diag *diag)
{
	char path[] = "/tmp/btfbatch-budgets.XXXXXX";
	int fd = mkstemp(path), err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	*b = (struct budgets){0};
	err = budgets_read(b, path, diag);
	unlink(path);
	return err;
}

/* @text as expect_over() has it, but with the line for where. */
static void expect_file(const char *file, const char *text)
{
	struct budgets b;
	struct diag diag;

	if (read_text(&b, file, strlen(file), &diag))
		fail_msg("%s", diag.text);
	for (size_t i = 0; i < b.nr_rules; i++) {
		for (unsigned int l = 0; l < b.rules[i].nr_limits; l++) {
			char *where = b.rules[i].limits[l].where;

			memmove(where, strrchr(where, ':'), strlen(strrchr(where, ':')) + 1);
		}
	}
	expect_over(&b, 0, text);
	budgets_free(&b);
}

static void test_file(void **state)
{
	expect_file("", "");
	expect_file("# nothing\n\n \t\n", "");
	expect_file("total +4%", "total 4000 4200 4160 :1 +4%\n");
	expect_file("# all\r\n\r\n*  +5%  # five\r\n", GROWN_PATH " 1000 1100 1050 :3 +5%\n");
	expect_file("* +5% +4KiB +50",
		    GROWN_PATH " 1000 1100 1050 :1 +5%\n" GROWN_PATH " 1000 1100 1050 :1 +50\n");
	expect_file("\tgrown.ko\t+5%\n", GROWN_PATH " 1000 1100 1050 :1 +5%\n");
	expect_file("kernel/fs/* +5%", GROWN_PATH " 1000 1100 1050 :1 +5%\n");
	expect_file("kernel/* +5%", GROWN_PATH " 1000 1100 1050 :1 +5%\n");
	expect_file("kernel/fs/grown.ko +5%", GROWN_PATH " 1000 1100 1050 :1 +5%\n");
	expect_file("gr[ao]wn.k? +5%", GROWN_PATH " 1000 1100 1050 :1 +5%\n");
	/* What does not match: a directory, a part, the name with its compression. */
	expect_file("kernel/fs +5%\nrown.ko +5%\ngrown.ko.xz +5%\nfs/grown.ko +5%\n", "");
}

static void test_last_line_counts(void **state)
{
	expect_file("* +5%\ngrown.ko +10%\n", "");
	expect_file("grown.ko +10%\n* +5%\n", GROWN_PATH " 1000 1100 1050 :2 +5%\n");
	expect_file("* +5%\ngrown.ko none\n", "");
	expect_file("total +1%\ntotal +50%\n", "");
	expect_file("total +1%\n* +50%\n", "total 4000 4200 4040 :1 +1%\n");
}

static void expect_bad(const char *file, size_t len, const char *why)
{
	struct budgets b;
	struct diag diag = {""};

	assert_int_equal(read_text(&b, file, len, &diag), -EINVAL);
	if (!strstr(diag.text, why))
		fail_msg("expected \"%s\" but came \"%s\"", why, diag.text);
	budgets_free(&b);
}

static void test_bad_files(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"\n\nfoo.ko", "line 3: no limit behind 'foo.ko'"},
		{"total # +5%\n", "line 1: no limit behind 'total'"},
		{"* +5%\nx.ko +5%% \n", "line 2: '+5%%' is no limit"},
		{"* +5% none", "line 1: 'none' is no limit"},
		{"* none +5%", "line 1: a limit behind 'none'"},
		{"* 1 2 3 4 5 6 7 8 9", "line 1: more than 8 limits"},
	};

	for (size_t i = 0; i < NR(bad); i++)
		expect_bad(bad[i].text, strlen(bad[i].text), bad[i].why);
	expect_bad("* +5%\0", 6, "not a text file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_module),
		cmocka_unit_test(test_module_that_came),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_each_limit_holds),
		cmocka_unit_test(test_too_many_limits),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_last_line_counts),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
