// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/print.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pipeline/cmocka_all.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* ---- a comparison ---- */

static struct row_kind old_kinds[] = {{BTF_KIND_PTR, 100, 1200}, {BTF_KIND_ENUM64, 2, 60}};
static struct row_kind new_kinds[] = {{BTF_KIND_PTR, 90, 1080}, {BTF_KIND_STRUCT, 5, 3000}};

static struct row old_rows[] = {
	{.path = "6.1/fs/big.ko",
	 .split_bytes = 400000,
	 .split_types = 9000,
	 .input_bytes = 5000000,
	 .input_types = 30000,
	 .nr_kinds = 2,
	 .kinds = old_kinds},
	{.path = "6.1/fs/gone.ko", .split_bytes = 24, .split_types = 0},
	{.path = "6.1/fs/less.ko", .split_bytes = 3000, .split_types = 70},
	{.path = "6.1/net/moved.ko", .split_bytes = 1000, .split_types = 7},
	{.path = "6.1/net/odd|`@x\x1b.ko", .split_bytes = 500},
	{.path = "6.1/net/same.ko", .split_bytes = 77},
	{.path = "6.1/was_bad.ko", .status = ROW_FAILED, .error = "bad\nthing"},
};

static struct row new_rows[] = {
	{.path = "6.2/fs/big.ko",
	 .split_bytes = 412345,
	 .split_types = 9100,
	 .input_bytes = 5000000,
	 .input_types = 30001,
	 .nr_kinds = 2,
	 .kinds = new_kinds},
	{.path = "6.2/fs/less.ko", .split_bytes = 2000, .split_types = 50},
	{.path = "6.2/lib/moved.ko", .split_bytes = 1010, .split_types = 8},
	{.path = "6.2/net/new.ko", .split_bytes = 123},
	{.path = "6.2/net/odd|`@x\x1b.ko", .split_bytes = 700},
	{.path = "6.2/net/same.ko", .split_bytes = 77},
	{.path = "6.2/was_bad.ko", .split_bytes = 9},
};

static char names[] = "\0task\0came\0went";

static struct type_info old_types[] = {
	{.name = 11, .words = 30, .kind = BTF_KIND_UNION},
	{.name = 1, .words = 100, .kind = BTF_KIND_STRUCT, .in_base = 1},
};

static struct type_info new_types[] = {
	{.name = 1, .words = 300, .kind = BTF_KIND_STRUCT, .in_base = 1},
	{.name = 6, .words = 20, .kind = BTF_KIND_TYPEDEF},
	{.name = 0, .words = 3, .kind = BTF_KIND_PTR},
	{.name = 0, .words = 3, .kind = BTF_KIND_PTR},
};

static const struct report reports[] = {
	{"1", {"base-6.1", 4000000, 100, 5, 0xabc}, old_rows, NR(old_rows), NULL},
	{"1", {"base-6.2", 4100000, 110, 5, 1}, new_rows, NR(new_rows), NULL},
};

struct fixture {
	struct diff diff;
	struct budgets budgets;
	struct overs overs;
	struct module_types types[2][NR(old_rows)];
	struct found found[NR(new_rows)];
	const struct found *files[NR(new_rows)];
	struct diff_print print;
};

/* With @types, of two trees. */
static struct fixture *setup(bool types, const char *limit)
{
	struct fixture *x = calloc(1, sizeof(*x));
	struct diff_side old = {.name = "OLD", .report = &reports[0]};
	struct diff_side new = {.name = "NEW", .report = &reports[1]};
	struct diag diag;

	x->types[0][0] = (struct module_types){old_types, NR(old_types), names};
	x->types[1][0] = (struct module_types){new_types, NR(new_types), names};
	x->found[0].full = (char *)"/tree/6.2/fs/big.ko";
	for (size_t i = 0; i < NR(new_rows); i++)
		x->files[i] = &x->found[i];
	if (types) {
		old.types = x->types[0];
		new.types = x->types[1];
		old.files = new.files = x->files;
	}
	if (limit) {
		assert_int_equal(budget_add(&x->budgets.total, limit, "--max-total", &diag), 0);
		assert_int_equal(budget_add(&x->budgets.module, limit, "--max-module", &diag), 0);
	}
	assert_int_equal(diff_make(&x->diff, &old, &new, 0), 0);
	assert_int_equal(budgets_check(&x->budgets, &x->diff, 0, &x->overs), 0);
	x->print = (struct diff_print){&x->diff, &x->overs, false};
	return x;
}

static void teardown(struct fixture *x)
{
	overs_free(&x->overs);
	budgets_free(&x->budgets);
	diff_free(&x->diff);
	free(x);
}

typedef int (*printer)(const struct diff_print *, FILE *);

static char *printed(printer print, const struct diff_print *p)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(print(p, f), 0);
	fclose(f);
	return text;
}

static void expect(printer print, const struct fixture *x, const char *text)
{
	char *got = printed(print, &x->print);

	assert_string_equal(got, text);
	free(got);
}

/* clang-format off */

static void test_table(void **state)
{
	struct fixture *x = setup(false, NULL);

	expect(diff_table, x,
"old      OLD: 6 modules, 395.1 KiB; base base-6.1, 3.8 MiB\n"
"new      NEW: 6 modules, 406.5 KiB; base base-6.2, 3.9 MiB\n"
"BTF      395.1 KiB -> 406.5 KiB, +2.9% (+11.4 KiB)\n"
"types    9,077 -> 9,158, +0.9%\n"
"modules  3 grew, 1 shrank, 1 the same, 1 came, 1 went, 1 FAILED\n"
"\n"
"Modules that grew, 3:\n"
"\n"
"     change       %        old        new  module\n"
"  +12.1 KiB   +3.1%  390.6 KiB  402.7 KiB  fs/big.ko\n"
"     +200 B  +40.0%      500 B      700 B  net/odd|`@x\\x1b.ko\n"
"      +10 B   +1.0%     1000 B     1010 B  lib/moved.ko, was net/moved.ko\n"
"\n"
"Modules that shrank, 1:\n"
"\n"
"   change       %      old      new  module\n"
"  -1000 B  -33.3%  2.9 KiB  2.0 KiB  fs/less.ko\n"
"\n"
"Modules that came, 1:\n"
"\n"
"  change  %  old    new  module\n"
"  +123 B  -  0 B  123 B  net/new.ko\n"
"\n"
"Modules that went, 1:\n"
"\n"
"  change        %   old  new  module\n"
"   -24 B  -100.0%  24 B  0 B  fs/gone.ko\n"
"\n"
"By kind, without strings:\n"
"\n"
"    change        %      old      new  kind\n"
"  +2.9 KiB        -      0 B  2.9 KiB  STRUCT, 0 -> 5 types\n"
"     -60 B  -100.0%     60 B      0 B  ENUM64, 2 -> 0 types\n"
"    -120 B   -10.0%  1.2 KiB  1.1 KiB  PTR, 100 -> 90 types\n"
"\n"
"Not compared, nor in any sum:\n"
"\n"
"FAILED in OLD  6.1/was_bad.ko: bad\\x0athing\n");
	teardown(x);
}

static void test_table_of_trees(void **state)
{
	static const char types[] =
"\n"
"What changed in those that grew:\n"
"\n"
"  fs/big.ko:\n"
"      +800 B  STRUCT task, the base has another one\n"
"       +80 B  TYPEDEF came  came\n"
"      -120 B  UNION went  went\n"
"              without a name: +2 PTR\n"
"              merges lost: 1; why: btfbatch explain --base 'base-6.2' '/tree/6.2/fs/big.ko' 'task'\n";
	struct fixture *x = setup(true, NULL);
	char *text = printed(diff_table, &x->print);

	if (!strstr(text, types))
		fail_msg("expected%s\nin\n%s", types, text);
	free(text);
	teardown(x);
}

static void test_table_over_budget(void **state)
{
	static const char overs[] =
"1 FAILED\n"
"\n"
"OVER BUDGET  total: 406.5 KiB (+11.4 KiB), --max-total +1% allows 399.1 KiB\n"
"OVER BUDGET  fs/big.ko: 402.7 KiB (+12.1 KiB), --max-module +1% allows 394.5 KiB\n"
"OVER BUDGET  net/odd|`@x\\x1b.ko: 700 B (+200 B), --max-module +1% allows 505 B\n"
"\n"
"Modules that grew, 3:\n";
	struct fixture *x = setup(false, "+1%");
	char *text = printed(diff_table, &x->print);

	if (!strstr(text, overs))
		fail_msg("expected\n%s\nin\n%s", overs, text);
	free(text);
	teardown(x);
}

static void test_markdown(void **state)
{
	struct fixture *x = setup(true, "+1%");

	expect(diff_markdown, x,
"### Split BTF: 406.5 KiB, +11.4 KiB (+2.9%)\n"
"\n"
"**Over budget:**\n"
"\n"
"| | size | change | allowed | by |\n"
"| --- | --: | --: | --: | --- |\n"
"| total | 406.5 KiB | +11.4 KiB | 399.1 KiB | `--max-total` `+1%` |\n"
"| `fs/big.ko` | 402.7 KiB | +12.1 KiB | 394.5 KiB | `--max-module` `+1%` |\n"
"| <code>net&#47;odd&#124;&#96;&#64;x&#92;x1b&#46;ko</code> | 700 B | +200 B | 505 B | `--max-module` `+1%` |\n"
"\n"
"| | old | new | |\n"
"| --- | --: | --: | --: |\n"
"| modules with BTF | 6 | 6 |  |\n"
"| split BTF | 395.1 KiB | 406.5 KiB | +2.9% |\n"
"| types in it | 9,077 | 9,158 | +0.9% |\n"
"| base | 3.8 MiB | 3.9 MiB | +2.5% |\n"
"\n"
"Modules: 3 grew, 1 shrank, 1 the same, 1 came, 1 went, **1 failed**.\n"
"\n"
"**Failed**, not compared, nor in any sum:\n"
"\n"
"- `6.1/was_bad.ko` in the old run: <code>bad&#92;x0athing</code>\n"
"\n"
"| change | | old | new | module |\n"
"| --: | --: | --: | --: | --- |\n"
"| +12.1 KiB | +3.1% | 390.6 KiB | 402.7 KiB | `fs/big.ko` |\n"
"| -1000 B | -33.3% | 2.9 KiB | 2.0 KiB | `fs/less.ko` |\n"
"| +200 B | +40.0% | 500 B | 700 B | <code>net&#47;odd&#124;&#96;&#64;x&#92;x1b&#46;ko</code> |\n"
"| +123 B | came | 0 B | 123 B | `net/new.ko` |\n"
"| -24 B | went | 24 B | 0 B | `fs/gone.ko` |\n"
"| +10 B | +1.0% | 1000 B | 1010 B | `lib/moved.ko`, was `net/moved.ko` |\n"
"\n"
"<details><summary>By kind, without strings</summary>\n"
"\n"
"| kind | old | new | | types |\n"
"| --- | --: | --: | --: | --: |\n"
"| PTR | 1.2 KiB | 1.1 KiB | -10.0% | -10 |\n"
"| STRUCT | 0 B | 2.9 KiB | - | +5 |\n"
"| ENUM64 | 60 B | 0 B | -100.0% | -2 |\n"
"\n"
"</details>\n"
"\n"
"<details><summary>What changed in the modules that grew most</summary>\n"
"\n"
"`fs/big.ko`:\n"
"- +800 B STRUCT `task`, the base has another one\n"
"- +80 B TYPEDEF `came` came\n"
"- -120 B UNION `went` went\n"
"- 1 are in the base too, but differ: `btfbatch explain` tells why\n"
"\n"
"</details>\n");
	teardown(x);
}

/* clang-format on */

static void expect_json(const char *text, const char *filter, const char *json)
{
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *v = root;
	char steps[128], *step, *rest = steps, *got;

	assert_non_null(root);
	snprintf(steps, sizeof(steps), "%s", filter);
	while ((step = strsep(&rest, ".")))
		v = json_is_array(v) ? json_array_get(v, strtoul(step, NULL, 10))
				     : json_object_get(v, step);
	assert_non_null(v);
	got = json_dumps(v, JSON_ENCODE_ANY);
	assert_string_equal(got, json);
	free(got);
	json_decref(root);
}

static void test_json(void **state)
{
	struct fixture *x = setup(true, "+1%");
	char *text = printed(diff_json, &x->print);
	size_t lines = 0;

	expect_json(text, "schema", "\"btfbatch-diff/1\"");
	expect_json(text, "old",
		    "{\"name\": \"OLD\", \"version\": \"1\", \"base\": {\"path\": \"base-6.1\", "
		    "\"bytes\": 4000000, \"types\": 100, \"xxh3\": \"0000000000000abc\"}}");
	expect_json(
		text, "totals",
		"{\"modules\": {\"old\": 6, \"new\": 6}, \"grew\": 3, \"shrank\": 1, \"same\": "
		"1, \"came\": 1, \"went\": 1, \"failed\": 1, \"input_bytes\": {\"old\": 5000000, "
		"\"new\": 5000000}, \"split_bytes\": {\"old\": 404601, \"new\": 416255}, "
		"\"input_types\": {\"old\": 30000, \"new\": 30001}, \"split_types\": {\"old\": "
		"9077, \"new\": 9158}}");
	expect_json(text, "kinds.ENUM64",
		    "{\"types\": {\"old\": 2, \"new\": 0}, \"bytes\": {\"old\": 60, \"new\": 0}}");
	expect_json(text, "over_budget.0",
		    "{\"path\": null, \"limit\": \"+1%\", \"where\": \"--max-total\", "
		    "\"split_bytes\": {\"old\": 404601, \"new\": 416255}, \"allowed\": 408647}");
	expect_json(text, "over_budget.1.path", "\"6.2/fs/big.ko\"");
	expect_json(text, "modules.0",
		    "{\"path\": \"6.2/fs/big.ko\", \"key\": \"fs/big.ko\", \"change\": \"grew\", "
		    "\"split_bytes\": {\"old\": 400000, \"new\": 412345}, \"split_types\": "
		    "{\"old\": 9000, \"new\": 9100}, "
		    "\"types\": [{\"kind\": \"STRUCT\", \"name\": \"task\", \"bytes\": {\"old\": "
		    "400, \"new\": 1200}, \"lost_merge\": true}, {\"kind\": \"TYPEDEF\", \"name\": "
		    "\"came\", \"bytes\": {\"old\": 0, \"new\": 80}}, {\"kind\": \"UNION\", "
		    "\"name\": \"went\", \"bytes\": {\"old\": 120, \"new\": 0}}], \"anonymous\": "
		    "{\"PTR\": {\"old\": 0, \"new\": 2}}}");
	expect_json(text, "modules.5.old_path", "\"6.1/net/moved.ko\"");
	expect_json(text, "modules.7",
		    "{\"path\": \"6.2/was_bad.ko\", \"key\": \"was_bad.ko\", \"change\": "
		    "\"failed\", \"old_error\": \"bad\\nthing\"}");
	for (char *c = text; *c; c++)
		lines += *c == '\n';
	/* The head, three over budget and eight modules with their ends, the end. */
	assert_int_equal(lines, 7 + 1 + 3 + 1 + 1 + 8 + 2);
	free(text);
	teardown(x);
}

/* ---- much of everything ---- */

enum { MANY = 20000 };

/* So many modules, each of which grew to the largest that there is, and names that take much
 * room in markdown; @bad: they all failed. */
static char *print_many(printer print, bool bad, bool long_names)
{
	struct row *rows[2] = {calloc(MANY, sizeof(struct row)), calloc(MANY, sizeof(struct row))};
	struct report r[2];
	struct diff_side side[2];
	struct budgets budgets = {0};
	struct overs overs;
	struct diff d;
	struct diag diag;
	char *text;

	for (int s = 0; s < 2; s++) {
		for (int i = 0; i < MANY; i++) {
			char *path = malloc(400);

			snprintf(path, 400, "%05d/%.*s%0*d", i, i % 50,
				 "||||||||||||||||||||||"
				 "````````````````````````````````````",
				 long_names ? 300 : 1, 0);
			rows[s][i] = (struct row){.path = path,
						  .split_bytes = s * UINT32_MAX,
						  .split_types = UINT32_MAX};
			if (bad)
				rows[s][i].status = ROW_FAILED;
		}
		r[s] = (struct report){
			.version = "1", .base = {.path = "b"}, .rows = rows[s], .nr_rows = MANY};
		side[s] = (struct diff_side){.name = "name", .report = &r[s]};
	}
	assert_int_equal(budget_add(&budgets.module, "+1", "--max-module", &diag), 0);
	assert_int_equal(diff_make(&d, &side[0], &side[1], 0), 0);
	assert_int_equal(budgets_check(&budgets, &d, 0, &overs), 0);
	assert_int_equal(overs.nr, bad ? 0 : MANY);
	text = printed(print, &(struct diff_print){&d, &overs, true});
	overs_free(&overs);
	budgets_free(&budgets);
	diff_free(&d);
	for (int s = 0; s < 2; s++) {
		for (int i = 0; i < MANY; i++)
			free((char *)rows[s][i].path);
		free(rows[s]);
	}
	return text;
}

/* What is opened is closed, and what is left out is said. */
static void expect_bounded(char *text)
{
	const char *open = text, *close = text;
	size_t opened = 0, closed = 0;

	assert_in_range(strlen(text), DIFF_MARKDOWN_MAX / 2, DIFF_MARKDOWN_MAX);
	while ((open = strstr(open, "<details>")) && ++opened)
		open++;
	while ((close = strstr(close, "</details>")) && ++closed)
		close++;
	assert_int_equal(opened, closed);
	assert_non_null(strstr(text, "left out: a comment takes 65,536 characters at most.\n"));
	free(text);
}

static void test_markdown_is_bounded(void **state)
{
	char *text = print_many(diff_markdown, false, true);

	assert_non_null(strstr(text, "\n… and 19,970 more.\n"));
	assert_non_null(strstr(text, "\nModules: 20000 grew"));
	expect_bounded(text);
	expect_bounded(print_many(diff_markdown, true, true));
}

static void test_sums_of_many(void **state)
{
	char *text = print_many(diff_json, false, false);

	/* 20,000 times 2^32 - 1. */
	expect_json(text, "totals.split_bytes", "{\"old\": 0, \"new\": 85899345900000}");
	free(text);
	text = print_many(diff_table, false, false);
	assert_non_null(strstr(text, "\nBTF      0 B -> 78.1 TiB (+78.1 TiB)\n"));
	free(text);
}

static void test_full_disk(void **state)
{
	static const printer printers[] = {diff_table, diff_json, diff_markdown};
	struct fixture *x = setup(true, "+1%");

	for (size_t i = 0; i < NR(printers); i++) {
		FILE *f = fopen("/dev/full", "w");

		assert_non_null(f);
		assert_int_equal(printers[i](&x->print, f), -ENOSPC);
		fclose(f);
	}
	teardown(x);
}

static size_t allocations_left;

static void *scarce_malloc(size_t size)
{
	return allocations_left && allocations_left-- ? malloc(size) : NULL;
}

/* Every allocation of jansson's fails once. */
static void test_no_memory(void **state)
{
	struct fixture *x = setup(true, "+1%");
	size_t needed = 0;
	int err;

	do {
		FILE *f = fopen("/dev/null", "w");

		json_set_alloc_funcs(scarce_malloc, free);
		allocations_left = needed;
		err = diff_json(&x->print, f);
		json_set_alloc_funcs(malloc, free);
		fclose(f);
		assert_true(!err || err == -ENOMEM);
		needed += err != 0;
	} while (err);
	assert_true(needed > 50);
	teardown(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_of_trees),
		cmocka_unit_test(test_table_over_budget),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_markdown_is_bounded),
		cmocka_unit_test(test_sums_of_many),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
