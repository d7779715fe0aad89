// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/report_sample.h"

static json_t *parsed(const struct report *r)
{
	char *text = sample_print(report_json, r);
	json_error_t error;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (!root)
		fail_msg("line %d: %s\n%s", error.line, error.text, text);
	free(text);
	return root;
}

static void expect_keys(json_t *object, const char *keys)
{
	char joined[512] = "";

	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
		strcat(joined, *joined ? " " : "");
		strcat(joined, json_object_iter_key(it));
	}
	assert_string_equal(joined, keys);
}

static void expect_text(json_t *object, const char *key, const char *text)
{
	const char *got = json_string_value(json_object_get(object, key));

	assert_non_null(got);
	assert_string_equal(got, text);
}

static void expect_number(json_t *object, const char *key, uint64_t number)
{
	json_t *value = json_object_get(object, key);

	assert_true(json_is_integer(value));
	assert_int_equal(json_integer_value(value), number);
}

static void expect_hex64(json_t *object, uint64_t number)
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016" PRIx64, number);
	expect_text(object, "xxh3", hex);
}

static void expect_kinds(json_t *kinds, const struct row *row)
{
	assert_int_equal(json_object_size(kinds), row->nr_kinds);
	for (uint32_t i = 0; i < row->nr_kinds; i++) {
		json_t *stat = json_object_get(kinds, btf_kind_name(row->kinds[i].kind));

		expect_keys(stat, "types bytes");
		expect_number(stat, "types", row->kinds[i].types);
		expect_number(stat, "bytes", row->kinds[i].bytes);
	}
}

static void expect_ok_row(json_t *module, const struct row *row)
{
	expect_keys(module,
		    "path status input_form input_bytes input_types split_bytes split_types "
		    "split_type_bytes split_string_bytes xxh3 kinds");
	expect_text(module, "status", "ok");
	expect_text(module, "input_form", row->form == BTF_FORM_SPLIT ? "split" : "standalone");
	expect_number(module, "input_bytes", row->input_bytes);
	expect_number(module, "input_types", row->input_types);
	expect_number(module, "split_bytes", row->split_bytes);
	expect_number(module, "split_types", row->split_types);
	expect_number(module, "split_type_bytes", row->split_type_bytes);
	expect_number(module, "split_string_bytes", row->split_string_bytes);
	expect_hex64(module, row->xxh3);
	expect_kinds(json_object_get(module, "kinds"), row);
}

static void test_modules(void **state)
{
	json_t *root = parsed(&sample_report), *modules = json_object_get(root, "modules");

	assert_int_equal(json_array_size(modules), SAMPLE_NR);
	for (size_t i = 0; i < SAMPLE_NR; i++) {
		const struct row *row = &sample_report.rows[i];
		json_t *module = json_array_get(modules, i);

		expect_text(module, "path", sample_paths_utf8[i]);
		if (row->status == ROW_OK)
			expect_ok_row(module, row);
	}
	json_decref(root);
}

static void test_modules_that_are_not_ok(void **state)
{
	json_t *root = parsed(&sample_report), *modules = json_object_get(root, "modules");
	json_t *no_btf = json_array_get(modules, SAMPLE_CONFIGS);
	json_t *failed = json_array_get(modules, SAMPLE_BROKEN);

	expect_keys(no_btf, "path status");
	expect_text(no_btf, "status", "no-btf");
	expect_keys(failed, "path status error");
	expect_text(failed, "status", "failed");
	expect_text(failed, "error", sample_error_utf8);
	json_decref(root);
}

static void test_head(void **state)
{
	json_t *root = parsed(&sample_report), *base = json_object_get(root, "base");

	expect_keys(root, "schema version base totals modules");
	expect_text(root, "schema", "btfbatch-report/1");
	expect_text(root, "version", "1.2.3");
	expect_keys(base, "path bytes types strings_bytes xxh3");
	expect_text(base, "path", "/boot/vmlinux-6.1\n");
	expect_number(base, "bytes", 6123456);
	expect_number(base, "types", 62013);
	expect_number(base, "strings_bytes", 1234567);
	expect_hex64(base, 0xfedcba9876543210);
	json_decref(root);
}

static void test_totals(void **state)
{
	json_t *root = parsed(&sample_report), *totals = json_object_get(root, "totals");

	expect_keys(totals, "modules ok no_btf failed input_bytes split_bytes input_types "
			    "split_types");
	expect_number(totals, "modules", 6);
	expect_number(totals, "ok", 4);
	expect_number(totals, "no_btf", 1);
	expect_number(totals, "failed", 1);
	expect_number(totals, "input_bytes", 1532120 + 24 + 164000 + 5000000000);
	expect_number(totals, "split_bytes", 412345ull + 24 + 18432 + UINT32_MAX);
	expect_number(totals, "input_types", 21345ull + 2600 + UINT32_MAX);
	expect_number(totals, "split_types", 8321ull + 311 + UINT32_MAX);
	json_decref(root);
}

static void test_shared(void **state)
{
	json_t *root = parsed(&sample_shared), *shared = json_object_get(root, "shared");
	json_t *named = json_object_get(shared, "named"), *type = json_array_get(named, 1);

	expect_keys(root, "schema version base totals modules shared");
	expect_keys(shared, "types saved anonymous named");
	expect_number(shared, "types", 9);
	expect_number(shared, "saved", 4000000128052);
	expect_number(json_object_get(shared, "anonymous"), "types", 7);
	expect_number(json_object_get(shared, "anonymous"), "saved", 4000000000000);
	assert_int_equal(json_array_size(named), 2);
	expect_keys(type, "kind name bytes modules saved hash first");
	expect_text(type, "kind", "ENUM64");
	expect_text(type, "name", "weird\x1b\\xff|name");
	expect_text(type, "hash", "0000000000000001");
	expect_text(type, "first", sample_paths_utf8[SAMPLE_COMMA]);
	json_decref(root);
	root = parsed(&sample_nothing_shared);
	assert_int_equal(json_array_size(json_object_get(json_object_get(root, "shared"), "named")),
			 0);
	json_decref(root);
}

static void test_no_module(void **state)
{
	json_t *root = parsed(&sample_empty);

	assert_int_equal(json_array_size(json_object_get(root, "modules")), 0);
	expect_number(json_object_get(root, "totals"), "modules", 0);
	json_decref(root);
}

/* Reports are kept in git and compared with diff. */
static void test_one_line_a_module(void **state)
{
	static const char first[] =
		"{\n"
		"  \"schema\": \"btfbatch-report/1\",\n"
		"  \"version\": \"1.2.3\",\n"
		"  \"base\": {\"path\": \"/boot/vmlinux-6.1\\n\", \"bytes\": 6123456, ";
	char *text = sample_print(report_json, &sample_report);
	char *again = sample_print(report_json, &sample_report);
	size_t lines = 0;

	for (char *c = text; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 6 + SAMPLE_NR + 2);
	assert_memory_equal(text, first, sizeof(first) - 1);
	assert_non_null(strstr(text, "\n    {\"path\": \"kernel/kernel/configs.ko\", "
				     "\"status\": \"no-btf\"},\n"));
	assert_string_equal(text, again);
	free(text);
	free(again);
}

static void test_full_disk(void **state)
{
	assert_int_equal(sample_print_full(report_json, &sample_report), -ENOSPC);
}

/* So many rows that the buffer is written out in between. */
static void test_full_disk_in_the_middle(void **state)
{
	enum { NR = 1000 };
	struct row *rows = calloc(NR, sizeof(*rows));
	struct report r = sample_report;

	for (size_t i = 0; i < NR; i++)
		rows[i] = sample_report.rows[SAMPLE_XFS];
	r.rows = rows;
	r.nr_rows = NR;
	assert_int_equal(sample_print_full(report_json, &r), -ENOSPC);
	assert_int_equal(sample_print_full(report_csv, &r), -ENOSPC);
	free(rows);
}

static size_t allocations_left;

static void *scarce_malloc(size_t size)
{
	return allocations_left && allocations_left-- ? malloc(size) : NULL;
}

/* Every allocation of jansson's fails once. */
static void test_no_memory(void **state)
{
	size_t needed = 0;
	int err;

	do {
		FILE *f = fopen("/dev/null", "w");

		json_set_alloc_funcs(scarce_malloc, free);
		allocations_left = needed;
		err = report_json(&sample_report, f);
		json_set_alloc_funcs(malloc, free);
		fclose(f);
		assert_true(!err || err == -ENOMEM);
		needed += err != 0;
	} while (err);
	assert_true(needed > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_modules_that_are_not_ok),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_no_module),
		cmocka_unit_test(test_one_line_a_module),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_full_disk_in_the_middle),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
