// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/rng.h"
#include "tests/pipeline/cmocka_all.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct row ok(const char *path, uint32_t bytes)
{
	return (struct row){.path = path, .split_bytes = bytes, .split_types = bytes / 10};
}

static struct row other(const char *path, enum row_status status)
{
	return (struct row){.path = path, .status = status};
}

static struct report report_of(const struct row *rows, uint32_t nr)
{
	return (struct report){
		.version = "1", .base = {.path = "base"}, .rows = rows, .nr_rows = nr};
}

/* Compares, and prints what came out a line each: "CHANGE BYTES OLD NEW". */
static void expect(const struct row *old, uint32_t nr_old, const struct row *new, uint32_t nr_new,
		   uint64_t min_change, const char *text)
{
	const struct report r[2] = {report_of(old, nr_old), report_of(new, nr_new)};
	const struct diff_side o = {.name = "o", .report = &r[0]},
			       n = {.name = "n", .report = &r[1]};
	struct diff d;
	char got[2048] = "";

	assert_int_equal(diff_make(&d, &o, &n, min_change), 0);
	for (uint32_t i = 0; i < d.nr_modules; i++) {
		const struct diff_module *m = &d.modules[i];

		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s %+lld %s %s\n",
			 diff_change_name(m->change), (long long)m->bytes,
			 m->old ? m->old->path : "-", m->new ? m->new->path : "-");
	}
	assert_string_equal(got, text);
	diff_free(&d);
}

static void test_changes_by_size(void **state)
{
	const struct row old[] = {ok("a", 100), ok("b", 100), ok("c", 100), ok("d", 100),
				  ok("e", 70)};
	const struct row new[] = {ok("a", 130), ok("b", 60), ok("c", 100), ok("d", 140),
				  ok("f", 60)};

	expect(old, NR(old), new, NR(new), 0,
	       "went -70 e -\n"
	       "came +60 - f\n"
	       "grew +40 d d\n"
	       "shrank -40 b b\n"
	       "grew +30 a a\n"
	       "same +0 c c\n");
	/* What is less than 40 bytes is none; modules that came and went always are. */
	expect(old, NR(old), new, NR(new), 40,
	       "went -70 e -\n"
	       "came +60 - f\n"
	       "grew +40 d d\n"
	       "shrank -40 b b\n"
	       "same +30 a a\n"
	       "same +0 c c\n");
	expect(NULL, 0, NULL, 0, 0, "");
}

static void test_status(void **state)
{
	const struct row old[] = {
		other("a", ROW_NO_BTF), other("b", ROW_FAILED), ok("c", 5), ok("d", 6),
		other("e", ROW_NO_BTF), other("g", ROW_NO_BTF)};
	const struct row new[] = {ok("a", 7),
				  ok("b", 8),
				  other("c", ROW_FAILED),
				  other("d", ROW_NO_BTF),
				  other("e", ROW_NO_BTF),
				  other("f", ROW_FAILED)};

	expect(old, NR(old), new, NR(new), 0,
	       "came +7 a a\n"
	       "went -6 d d\n"
	       "failed +0 b b\n"
	       "failed +0 c c\n"
	       "failed +0 - f\n");
}

static void test_versions_and_compression(void **state)
{
	static const char *const same[] = {
		"kernel/x/y.ko",
		"kernel/x/y.ko.xz",
		"kernel/x/y.ko.zst",
		"kernel/x/y.ko.gz",
		"kernel/x/y.ko.btf",
		"6.1.0-56-amd64/kernel/x/y.ko",
		"lib/modules/6.12.117+deb12-amd64/kernel/x/y.ko.xz",
		"usr/lib/modules/7.0/kernel/x/y.ko",
	};
	size_t len;
	const char *key;

	for (size_t i = 0; i < NR(same); i++) {
		key = diff_key(same[i], &len);
		assert_int_equal(len, strlen("kernel/x/y.ko"));
		assert_memory_equal(key, "kernel/x/y.ko", len);
		for (size_t j = 0; j < NR(same); j++) {
			const struct row old = ok(same[i], 3), new = ok(same[j], 4);
			char text[256];

			snprintf(text, sizeof(text), "grew +1 %s %s\n", same[i], same[j]);
			expect(&old, 1, &new, 1, 0, text);
		}
	}
	/* These are no versions of the kernel. */
	key = diff_key("drivers/8.2/y.ko", &len);
	assert_int_equal(len, strlen("drivers/8.2/y.ko"));
	key = diff_key("6lowpan/y.ko", &len);
	assert_int_equal(len, strlen("6lowpan/y.ko"));
	key = diff_key("6.1", &len);
	assert_string_equal(key, "6.1");
}

static void test_moved(void **state)
{
	const struct row old[] = {ok("a/x.ko", 10), ok("a/y.ko", 10), ok("b/y.ko", 10),
				  ok("b/z.ko", 10)};
	const struct row new[] = {ok("c/x.ko.xz", 11), ok("c/y.ko", 15), ok("b/z.ko", 12)};

	/* There is one x.ko in both; which of the y.ko it was that moved nobody knows. */
	expect(old, NR(old), new, NR(new), 0,
	       "came +15 - c/y.ko\n"
	       "went -10 a/y.ko -\n"
	       "went -10 b/y.ko -\n"
	       "grew +2 b/z.ko b/z.ko\n"
	       "grew +1 a/x.ko c/x.ko.xz\n");
}

/* As of several PATHs with the same modules below. */
static void test_paths_that_come_twice(void **state)
{
	const struct row old[] = {ok("a.ko", 10), ok("a.ko", 20), ok("a.ko", 40)};
	const struct row new[] = {ok("a.ko", 11), ok("a.ko", 22)};

	expect(old, NR(old), new, NR(new), 0,
	       "went -40 a.ko -\n"
	       "grew +2 a.ko a.ko\n"
	       "grew +1 a.ko a.ko\n");
	expect(new, NR(new), old, NR(old), 0,
	       "came +40 - a.ko\n"
	       "shrank -2 a.ko a.ko\n"
	       "shrank -1 a.ko a.ko\n");
}

static void test_sums(void **state)
{
	struct row_kind kinds[2][2] = {{{BTF_KIND_PTR, 3, 36}, {BTF_KIND_STRUCT, 2, 60}},
				       {{BTF_KIND_PTR, 5, 60}, {BTF_KIND_ENUM64, 1, 24}}};
	struct row old[] = {ok("a", UINT32_MAX), ok("b", UINT32_MAX), ok("failing", 1000)};
	struct row new[] = {ok("a", UINT32_MAX), ok("c", UINT32_MAX), other("failing", ROW_FAILED)};
	const struct report r[2] = {report_of(old, 3), report_of(new, 3)};
	const struct diff_side o = {.report = &r[0]}, n = {.report = &r[1]};
	struct diff d;

	old[0].kinds = kinds[0];
	new[0].kinds = kinds[1];
	old[0].nr_kinds = new[0].nr_kinds = 2;
	old[0].input_bytes = old[1].input_bytes = 1ull << 40;
	assert_int_equal(diff_make(&d, &o, &n, 0), 0);
	assert_int_equal(d.old.sums.modules, 2);
	assert_int_equal(d.new.sums.modules, 2);
	assert_true(d.old.sums.split_bytes == 2ull * UINT32_MAX);
	assert_true(d.old.sums.input_bytes == 1ull << 41);
	assert_int_equal(d.old.sums.kinds[BTF_KIND_PTR].types, 3);
	assert_int_equal(d.new.sums.kinds[BTF_KIND_PTR].bytes, 60);
	assert_int_equal(d.old.sums.kinds[BTF_KIND_STRUCT].bytes, 60);
	assert_int_equal(d.new.sums.kinds[BTF_KIND_STRUCT].bytes, 0);
	assert_int_equal(d.new.sums.kinds[BTF_KIND_ENUM64].types, 1);
	assert_int_equal(d.nr[DIFF_FAILED], 1);
	assert_int_equal(d.nr[DIFF_CAME], 1);
	assert_true(d.modules[0].bytes == UINT32_MAX);
	assert_true(d.modules[1].bytes == -(int64_t)UINT32_MAX);
	diff_free(&d);
}

/* Whatever is compared: each row is in one module, each module in its place, and the
 * changes add up to that of the sums. */
static void test_random_reports(void **state)
{
	enum { ROUNDS = 300, ROWS = 60 };
	static char paths[ROWS][32];
	struct rng rng = {7};

	for (uint32_t i = 0; i < ROWS; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s%c/%c.ko%s", i % 3 ? "" : "6.1/",
			 'a' + i % 4, 'a' + i / 6, i % 5 ? "" : ".xz");
	for (int round = 0; round < ROUNDS; round++) {
		struct row rows[2][ROWS];
		struct report r[2];
		struct diff_side side[2];
		uint32_t seen = 0;
		int64_t change = 0;
		struct diff d;

		for (int s = 0; s < 2; s++) {
			r[s] = report_of(rows[s], rng_below(&rng, ROWS + 1));
			side[s] = (struct diff_side){.report = &r[s]};
			for (uint32_t i = 0; i < r[s].nr_rows; i++) {
				rows[s][i] = ok(paths[rng_below(&rng, ROWS)], rng_below(&rng, 90));
				rows[s][i].status = rng_chance(&rng, 80) ? ROW_OK : ROW_NO_BTF;
			}
		}
		assert_int_equal(diff_make(&d, &side[0], &side[1], 0), 0);
		for (uint32_t i = 0; i < d.nr_modules; i++) {
			const struct diff_module *m = &d.modules[i];

			if (i)
				assert_true(llabs(m->bytes) <= llabs(m[-1].bytes));
			seen += (m->old && m->old->status == ROW_OK);
			seen += (m->new && m->new->status == ROW_OK);
			change += m->bytes;
		}
		assert_int_equal(seen, d.old.sums.modules + d.new.sums.modules);
		assert_true(change == (int64_t)(d.new.sums.split_bytes - d.old.sums.split_bytes));
		diff_free(&d);
	}
}

/* ---- types ---- */

static void test_types(void **state)
{
	static char names[] = "\0foo\0bar\0base\0gone";
	enum { FOO = 1, BAR = 5, BASE = 9, GONE = 14 };
	struct type_info old_types[] = {
		{.name = FOO, .words = 5, .kind = BTF_KIND_STRUCT},
		{.name = GONE, .words = 9, .kind = BTF_KIND_STRUCT},
		{.name = BAR, .words = 3, .kind = BTF_KIND_FWD},
		{.name = 0, .words = 3, .kind = BTF_KIND_PTR},
		{.name = 0, .words = 3, .kind = BTF_KIND_PTR},
		{.name = 0, .words = 6, .kind = BTF_KIND_ARRAY},
	};
	struct type_info new_types[] = {
		{.name = BAR, .words = 3, .kind = BTF_KIND_FWD},
		{.name = FOO, .words = 5, .kind = BTF_KIND_STRUCT},
		{.name = FOO, .words = 7, .kind = BTF_KIND_STRUCT},
		{.name = FOO, .words = 4, .kind = BTF_KIND_UNION},
		{.name = BASE, .words = 8, .kind = BTF_KIND_ENUM, .in_base = 1},
		{.name = 0, .words = 3, .kind = BTF_KIND_PTR},
		{.name = 0, .words = 6, .kind = BTF_KIND_ARRAY},
	};
	static const struct type_change want[] = {
		{"base", BTF_KIND_ENUM, 0, 32, true},
		{"foo", BTF_KIND_STRUCT, 20, 48, false},
		{"foo", BTF_KIND_UNION, 0, 16, false},
		{"gone", BTF_KIND_STRUCT, 36, 0, false},
	};
	const struct module_types old = {old_types, NR(old_types), names};
	const struct module_types new = {new_types, NR(new_types), names};
	struct types_change *c;
	struct arena arena = {0};

	assert_int_equal(arena_guard(&arena), 0);
	c = types_compare(&arena, &old, &new);
	assert_int_equal(c->nr, NR(want));
	for (size_t i = 0; i < NR(want); i++) {
		assert_string_equal(c->types[i].name, want[i].name);
		assert_int_equal(c->types[i].kind, want[i].kind);
		assert_int_equal(c->types[i].old_bytes, want[i].old_bytes);
		assert_int_equal(c->types[i].new_bytes, want[i].new_bytes);
		assert_int_equal(c->types[i].lost_merge, want[i].lost_merge);
	}
	assert_int_equal(c->lost_merges, 1);
	assert_int_equal(c->anonymous[BTF_KIND_PTR].old, 2);
	assert_int_equal(c->anonymous[BTF_KIND_PTR].new, 1);
	assert_int_equal(c->anonymous[BTF_KIND_ARRAY].new, 1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes_by_size),          cmocka_unit_test(test_status),
		cmocka_unit_test(test_versions_and_compression), cmocka_unit_test(test_moved),
		cmocka_unit_test(test_paths_that_come_twice),    cmocka_unit_test(test_sums),
		cmocka_unit_test(test_random_reports),           cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
