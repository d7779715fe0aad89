// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/report_read.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/gen/rng.h"
#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/report_sample.h"

/* Printed, read, and printed again, nothing differs. */
static void expect_round_trip(const struct report *r)
{
	char *text = sample_print(report_json, r), *again;
	struct report_file file;
	struct diag diag = {""};

	if (report_parse(text, strlen(text), &file, &diag))
		fail_msg("%s", diag.text);
	again = sample_print(report_json, &file.report);
	assert_string_equal(again, text);
	report_file_free(&file);
	free(text);
	free(again);
}

static void test_round_trip(void **state)
{
	expect_round_trip(&sample_report);
	expect_round_trip(&sample_empty);
	expect_round_trip(&sample_shared);
	expect_round_trip(&sample_nothing_shared);
}

static void test_fields(void **state)
{
	const struct row *want = sample_report.rows, *got;
	char *text = sample_print(report_json, &sample_report);
	struct report_file file;
	struct diag diag;

	assert_int_equal(report_parse(text, strlen(text), &file, &diag), 0);
	got = file.report.rows;
	assert_int_equal(file.report.nr_rows, SAMPLE_NR);
	for (int i = 0; i < SAMPLE_NR; i++) {
		assert_string_equal(got[i].path, want[i].path);
		assert_int_equal(got[i].status, want[i].status);
		assert_int_equal(got[i].xxh3, want[i].xxh3);
		assert_int_equal(got[i].nr_kinds, want[i].nr_kinds);
	}
	assert_string_equal(got[SAMPLE_BROKEN].error, want[SAMPLE_BROKEN].error);
	assert_int_equal(got[SAMPLE_LATIN1].input_bytes, 5000000000);
	assert_int_equal(got[SAMPLE_TINY].form, BTF_FORM_SPLIT);
	assert_int_equal(got[SAMPLE_XFS].split_string_bytes, 110221);
	assert_int_equal(got[SAMPLE_XFS].kinds[2].kind, BTF_KIND_FUNC_PROTO);
	assert_int_equal(got[SAMPLE_XFS].kinds[2].bytes, 40212);
	assert_int_equal(file.report.base.bytes, 6123456);
	assert_string_equal(file.report.base.path, "/boot/vmlinux-6.1\n");
	report_file_free(&file);
	free(text);
}

/* Bytes of every sort, and often those that make an escape. */
static char *random_text(struct rng *rng)
{
	static const char *const pieces[] = {"\\",   "\\x",  "\\x5c", "41",   "\xc3\xa9",
					     "\xc3", "\"",   "\n",    "/",    "a",
					     "x",    "\x1b", "\xff",  "\\x00"};
	char *text = calloc(1, 64);

	for (uint32_t n = rng_below(rng, 12); n; n--)
		strcat(text, pieces[rng_below(rng, sizeof(pieces) / sizeof(pieces[0]))]);
	return text;
}

/* Small, anything, or the largest. */
static uint64_t random_number(struct rng *rng, uint64_t max)
{
	uint32_t how = rng_below(rng, 4);

	return how == 0   ? 0
	       : how == 1 ? max
	       : how == 2 ? rng_below(rng, 1000)
			  : rng_next(rng) % max;
}

static void random_kinds(struct rng *rng, struct row *row)
{
	row->kinds = calloc(BTF_NR_KINDS, sizeof(*row->kinds));
	for (uint32_t kind = 1; kind < BTF_NR_KINDS; kind++) {
		if (rng_chance(rng, 40))
			continue;
		row->kinds[row->nr_kinds++] = (struct row_kind){
			kind, random_number(rng, (1u << 27) - 1) & ((1u << 27) - 1),
			(uint32_t)random_number(rng, UINT32_MAX)};
	}
}

static void random_row(struct rng *rng, struct row *row)
{
	row->path = random_text(rng);
	row->status = rng_below(rng, 3);
	if (row->status == ROW_FAILED)
		row->error = random_text(rng);
	if (row->status != ROW_OK)
		return;
	row->form = rng_chance(rng, 50) ? BTF_FORM_SPLIT : BTF_FORM_STANDALONE;
	row->input_bytes = random_number(rng, REPORT_BYTES_MAX);
	row->xxh3 = rng_next(rng);
	row->input_types = (uint32_t)random_number(rng, UINT32_MAX);
	row->split_bytes = (uint32_t)random_number(rng, UINT32_MAX);
	row->split_types = (uint32_t)random_number(rng, UINT32_MAX);
	row->split_type_bytes = (uint32_t)random_number(rng, UINT32_MAX);
	row->split_string_bytes = (uint32_t)random_number(rng, UINT32_MAX);
	random_kinds(rng, row);
}

static void test_random_reports(void **state)
{
	enum { REPORTS = 500, ROWS = 20 };
	struct rng rng = {1};

	for (int i = 0; i < REPORTS; i++) {
		struct row rows[ROWS] = {0};
		struct report r = {.version = "1.2.3-rc1+\xff", .rows = rows};

		r.nr_rows = rng_below(&rng, ROWS + 1);
		r.base = (struct row_base){random_text(&rng), random_number(&rng, REPORT_BYTES_MAX),
					   rng_below(&rng, UINT32_MAX), rng_below(&rng, UINT32_MAX),
					   rng_next(&rng)};
		for (uint32_t row = 0; row < r.nr_rows; row++)
			random_row(&rng, &rows[row]);
		expect_round_trip(&r);
		for (uint32_t row = 0; row < r.nr_rows; row++) {
			free((char *)rows[row].path);
			free(rows[row].error);
			free(rows[row].kinds);
		}
		free((char *)r.base.path);
	}
}

/* ---- what is wrong ---- */

static void expect_refused(const char *text, size_t len, const char *why)
{
	struct report_file file;
	struct diag diag = {""};

	assert_int_equal(report_parse(text, len, &file, &diag), -EINVAL);
	if (!strstr(diag.text, why))
		fail_msg("expected the reason \"%s\" but came \"%s\"", why, diag.text);
	report_file_free(&file);
}

/* The sample as JSON. Its own numbers are those of report_json(). */
static json_t *sample_root(void)
{
	char *text = sample_print(report_json, &sample_shared);
	json_t *root = json_loads(text, 0, NULL);

	assert_non_null(root);
	free(text);
	return root;
}

static void expect_root_refused(json_t *root, const char *why)
{
	char *text = json_dumps(root, 0);

	assert_non_null(text);
	expect_refused(text, strlen(text), why);
	free(text);
}

/* The value at a place written as diag.text has it: "modules[3].path"; its last step goes
 * to @key, and what has that key is returned. */
static json_t *find_place(json_t *root, const char *place, char *key)
{
	json_t *v = root;

	for (;;) {
		size_t len = strcspn(place, ".["), index;

		memcpy(key, place, len);
		key[len] = '\0';
		place += len;
		if (!*place)
			return v;
		v = json_object_get(v, key);
		if (*place == '[') {
			index = strtoul(place + 1, (char **)&place, 10);
			v = json_array_get(v, index);
			place++;
		}
		place++;
		assert_non_null(v);
	}
}

/* @json instead of what is at @place, or nothing at all. */
static void expect_edit_refused(const char *place, const char *json, const char *what)
{
	json_t *root = sample_root(), *object;
	char key[64], why[256];

	object = find_place(root, place, key);
	assert_non_null(json_object_get(object, key));
	if (json)
		json_object_set_new(object, key, json_loads(json, JSON_DECODE_ANY, NULL));
	else
		json_object_del(object, key);
	snprintf(why, sizeof(why), "%s: %s", place, what);
	expect_root_refused(root, why);
	json_decref(root);
}

enum value_type { NUMBER, TEXT, HEX, WORD, OBJECT, ARRAY };

/* Every key that the schema has, in modules of every status. */
static const struct {
	const char *place;
	enum value_type type;
} places[] = {
	{"schema", TEXT},
	{"version", TEXT},
	{"base", OBJECT},
	{"base.path", TEXT},
	{"base.bytes", NUMBER},
	{"base.types", NUMBER},
	{"base.strings_bytes", NUMBER},
	{"base.xxh3", HEX},
	{"totals", OBJECT},
	{"totals.modules", NUMBER},
	{"totals.ok", NUMBER},
	{"totals.no_btf", NUMBER},
	{"totals.failed", NUMBER},
	{"totals.input_bytes", NUMBER},
	{"totals.split_bytes", NUMBER},
	{"totals.input_types", NUMBER},
	{"totals.split_types", NUMBER},
	{"modules", ARRAY},
	{"modules[0].path", TEXT},
	{"modules[0].status", WORD},
	{"modules[0].input_form", WORD},
	{"modules[0].input_bytes", NUMBER},
	{"modules[0].input_types", NUMBER},
	{"modules[0].split_bytes", NUMBER},
	{"modules[0].split_types", NUMBER},
	{"modules[0].split_type_bytes", NUMBER},
	{"modules[0].split_string_bytes", NUMBER},
	{"modules[0].xxh3", HEX},
	{"modules[0].kinds", OBJECT},
	{"modules[0].kinds.FUNC_PROTO.types", NUMBER},
	{"modules[0].kinds.FUNC_PROTO.bytes", NUMBER},
	{"modules[2].path", TEXT},
	{"modules[2].status", WORD},
	{"modules[5].error", TEXT},
	{"shared.types", NUMBER},
	{"shared.saved", NUMBER},
	{"shared.anonymous", OBJECT},
	{"shared.anonymous.types", NUMBER},
	{"shared.anonymous.saved", NUMBER},
	{"shared.named", ARRAY},
	{"shared.named[1].kind", WORD},
	{"shared.named[1].name", TEXT},
	{"shared.named[1].bytes", NUMBER},
	{"shared.named[1].modules", NUMBER},
	{"shared.named[1].saved", NUMBER},
	{"shared.named[1].hash", HEX},
	{"shared.named[1].first", TEXT},
};

#define NR_PLACES (sizeof(places) / sizeof(places[0]))

static void test_missing_keys(void **state)
{
	for (size_t i = 0; i < NR_PLACES; i++)
		expect_edit_refused(places[i].place, NULL, "missing");
}

static bool is_of(enum value_type type, const char *json)
{
	switch (type) {
	case NUMBER:
		return json[0] == '7';
	case OBJECT:
		return json[0] == '{';
	case ARRAY:
		return json[0] == '[';
	case TEXT:
	case HEX:
	case WORD:
		return json[0] == '"';
	}
	return false;
}

static void test_wrong_types(void **state)
{
	static const char *const values[] = {"7", "7.5", "\"7\"", "null", "true", "[]", "{}"};
	static const char *const what[] = {
		[NUMBER] = "not an integer from 0 to",
		[TEXT] = "not a string",
		[HEX] = "not a string",
		[WORD] = "not a string",
		[OBJECT] = "not an object",
		[ARRAY] = "not an array",
	};

	for (size_t i = 0; i < NR_PLACES; i++) {
		for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
			bool real = !strcmp(values[v], "7.5");

			if (is_of(places[i].type, values[v]) && !real)
				continue;
			expect_edit_refused(places[i].place, values[v], what[places[i].type]);
		}
	}
}

static void test_negative_numbers(void **state)
{
	for (size_t i = 0; i < NR_PLACES; i++)
		if (places[i].type == NUMBER)
			expect_edit_refused(places[i].place, "-1", "not an integer from 0 to");
}

static void test_ranges(void **state)
{
	expect_edit_refused("modules[0].split_bytes", "4294967296", "not an integer from 0 to");
	expect_edit_refused("modules[0].input_types", "4294967296", "not an integer from 0 to");
	expect_edit_refused("modules[0].input_bytes", "17592186044417",
			    "not an integer from 0 to 17592186044416");
	expect_edit_refused("modules[0].kinds.PTR.types", "134217728",
			    "not an integer from 0 to 134217727");
	expect_edit_refused("modules[0].kinds.PTR.bytes", "4294967296", "not an integer from");
	expect_edit_refused("base.types", "4294967296", "not an integer from 0 to 4294967295");
}

static void test_words(void **state)
{
	static const char *const hex[] = {"\"\"",
					  "\"0012345678abcde\"",
					  "\"0012345678abcdef0\"",
					  "\"0012345678ABCDEF\"",
					  "\"0x12345678abcdef\"",
					  "\" 012345678abcdef\"",
					  "\"-012345678abcdef\""};

	for (size_t i = 0; i < sizeof(hex) / sizeof(hex[0]); i++) {
		expect_edit_refused("base.xxh3", hex[i], "not 16 lower-case hexadecimal digits");
		expect_edit_refused("modules[1].xxh3", hex[i], "not 16 lower-case");
	}
	expect_edit_refused("modules[0].status", "\"OK\"", "not a value that this version knows");
	expect_edit_refused("modules[0].status", "\"\"", "not a value that this version knows");
	expect_edit_refused("modules[0].input_form", "\"half\"", "not a value that");
	expect_edit_refused("shared.named[0].kind", "\"STRUCTURE\"", "not a value that");
	expect_edit_refused("schema", "\"btfbatch-report/2\"", "not \"btfbatch-report/1\"");
	expect_edit_refused("schema", "\"btfbatch-diff/1\"", "not \"btfbatch-report/1\"");
	expect_edit_refused("modules[0].path", "\"a\\\\x00b\"", "\\x00 in a name");
}

/* As of a report of which somebody deleted a line. */
static void test_totals_that_are_not_the_sum(void **state)
{
	json_t *root = sample_root();

	json_array_remove(json_object_get(root, "modules"), SAMPLE_CONFIGS);
	expect_root_refused(root, "totals.modules: not the modules' sum, 5");
	json_decref(root);
	expect_edit_refused("totals.split_bytes", "1", "not the modules' sum, ");
	expect_edit_refused("shared.types", "8", "not the sum of those with and without a name");
	expect_edit_refused("totals.ok", "3", "not the modules' sum, 4");
}

static void test_not_objects(void **state)
{
	static const char *const texts[] = {"[]", "[{}]"};
	json_t *root = sample_root();

	for (size_t i = 0; i < 2; i++)
		expect_refused(texts[i], strlen(texts[i]), "the whole of it: not an object");
	json_array_set_new(json_object_get(root, "modules"), 3, json_integer(1));
	expect_root_refused(root, "modules[3]: not an object");
	json_decref(root);
}

static void test_not_json(void **state)
{
	static const char *const texts[] = {
		"",
		"\x7f"
		"ELF",
		"{\"schema\": \"btfbatch-report/1\"",
		"{\"a\": \"\xff\"}",
		"{\"a\": \"\\u0000\"}",
		"{\"a\": 99999999999999999999999999}",
		"7",
		"{} {}",
	};
	char *deep = malloc(100000);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_refused(texts[i], strlen(texts[i]), "not JSON: line 1, column ");
	memset(deep, '[', 100000);
	expect_refused(deep, 100000, "not JSON: line 1, column ");
	free(deep);
}

static void test_keys_that_come_twice(void **state)
{
	static const char text[] =
		"{\n\"schema\": \"btfbatch-report/1\",\n\"version\": \"1\",\n\"version\": \"1\"}";

	expect_refused(text, sizeof(text) - 1, "not JSON: line 4, ");
}

static void put_everywhere(json_t *v)
{
	json_t *below;
	const char *key;
	size_t i;

	if (json_is_array(v))
		json_array_foreach(v, i, below) put_everywhere(below);
	if (!json_is_object(v))
		return;
	json_object_foreach(v, key, below) put_everywhere(below);
	json_object_set_new(v, "NEW_OF_NEXT_YEAR", json_pack("{s:[i,n]}", "what", 7));
}

static void test_unknown_keys_are_ignored(void **state)
{
	char *want = sample_print(report_json, &sample_shared), *got, *text;
	json_t *root = sample_root();
	struct report_file file;
	struct diag diag = {""};

	put_everywhere(root);
	text = json_dumps(root, JSON_SORT_KEYS);
	if (report_parse(text, strlen(text), &file, &diag))
		fail_msg("%s", diag.text);
	got = sample_print(report_json, &file.report);
	assert_string_equal(got, want);
	report_file_free(&file);
	json_decref(root);
	free(want);
	free(got);
	free(text);
}

/* Cut off anywhere, or with any one byte another, a report is read or refused. */
static void test_any_byte(void **state)
{
	static const char bytes[] = "\"\\{}[],:0-9eu\xff\n ";
	char *text = sample_print(report_json, &sample_report);
	size_t len = strlen(text);
	struct report_file file;
	struct diag diag;

	for (size_t at = 0; at + 2 < len; at++) {
		char keep = text[at];

		assert_int_equal(report_parse(text, at, &file, &diag), -EINVAL);
		report_file_free(&file);
		for (size_t b = 0; b < sizeof(bytes) - 1; b++) {
			text[at] = bytes[b];
			if (report_parse(text, len, &file, &diag))
				assert_true(strlen(diag.text) > 10);
			report_file_free(&file);
		}
		text[at] = keep;
	}
	free(text);
}

static size_t allocations_left;

static void *scarce_malloc(size_t size)
{
	return allocations_left && allocations_left-- ? malloc(size) : NULL;
}

/* Every allocation of jansson's fails once; it takes some failures for bad JSON. */
static void test_no_memory(void **state)
{
	char *text = sample_print(report_json, &sample_report);
	struct report_file file;
	struct diag diag;
	size_t needed = 0, no_memory = 0;
	int err;

	do {
		json_set_alloc_funcs(scarce_malloc, free);
		allocations_left = needed;
		err = report_parse(text, strlen(text), &file, &diag);
		report_file_free(&file);
		json_set_alloc_funcs(malloc, free);
		assert_true(!err || err == -ENOMEM || err == -EINVAL);
		no_memory += err == -ENOMEM;
		needed += err != 0;
	} while (err);
	assert_true(no_memory > 50);
	free(text);
}

static void test_files(void **state)
{
	char path[] = "/tmp/btfbatch-report.XXXXXX";
	int fd = mkstemp(path);
	struct report_file file;
	struct diag diag;
	FILE *f;

	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	assert_int_equal(report_json(&sample_report, f), 0);
	fclose(f);
	assert_int_equal(report_read(path, &file, &diag), 0);
	assert_int_equal(file.report.nr_rows, SAMPLE_NR);
	report_file_free(&file);

	assert_int_equal(truncate(path, REPORT_FILE_MAX + 1L), 0);
	assert_int_equal(report_read(path, &file, &diag), -EFBIG);
	report_file_free(&file);
	unlink(path);
	assert_int_equal(report_read(path, &file, &diag), -ENOENT);
	report_file_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_random_reports),
		cmocka_unit_test(test_missing_keys),
		cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_negative_numbers),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_totals_that_are_not_the_sum),
		cmocka_unit_test(test_not_objects),
		cmocka_unit_test(test_not_json),
		cmocka_unit_test(test_keys_that_come_twice),
		cmocka_unit_test(test_unknown_keys_are_ignored),
		cmocka_unit_test(test_any_byte),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
