// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/report_sample.h"

#define NR_COLUMNS (3 + 8 + 2 * 19)

/* A reader of its own, by RFC 4180 and not by report_csv.c. */
struct csv {
	char *text;
	size_t nr_records;
	char *field[16][NR_COLUMNS];
};

/* Unquotes the field at *@at in place; its end is at the comma or newline that
 * is returned. */
static char read_field(char **at, char **field)
{
	char *in = *at, *out = *at, end;
	bool quoted = *in == '"';

	*field = out;
	in += quoted;
	for (;;) {
		if (quoted && in[0] == '"' && in[1] == '"')
			in++;
		else if (quoted ? *in == '"' : (*in == ',' || *in == '\n'))
			break;
		else if (!quoted)
			assert_int_not_equal(*in, '"');
		assert_int_not_equal(*in, '\0');
		*out++ = *in++;
	}
	in += quoted;
	end = *in;
	*out = '\0';
	*at = in + 1;
	return end;
}

static void read_record(char **at, char *field[NR_COLUMNS])
{
	char end = ',';

	for (size_t i = 0; i < NR_COLUMNS; i++) {
		assert_int_equal(end, ',');
		end = read_field(at, &field[i]);
	}
	assert_int_equal(end, '\n');
}

static struct csv *csv_of(const struct report *r)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	char *at;

	csv->text = sample_print(report_csv, r);
	for (at = csv->text; *at; csv->nr_records++) {
		assert_true(csv->nr_records < 16);
		read_record(&at, csv->field[csv->nr_records]);
	}
	return csv;
}

static void csv_free(struct csv *csv)
{
	free(csv->text);
	free(csv);
}

/* Of module @row, by the name in the header. */
static const char *value(const struct csv *csv, size_t row, const char *column)
{
	for (size_t i = 0; i < NR_COLUMNS; i++)
		if (!strcmp(csv->field[0][i], column))
			return csv->field[row + 1][i];
	fail_msg("no column %s", column);
	return NULL;
}

static void expect_number(const struct csv *csv, size_t row, const char *column, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	assert_string_equal(value(csv, row, column), text);
}

static void test_header(void **state)
{
	static const char start[] = "path,status,error,input_form,input_bytes,input_types,"
				    "split_bytes,split_types,split_type_bytes,"
				    "split_string_bytes,xxh3,INT_types,INT_bytes,PTR_types,";
	char *text = sample_print(report_csv, &sample_empty);

	assert_memory_equal(text, start, sizeof(start) - 1);
	assert_non_null(strstr(text, ",TYPE_TAG_bytes,ENUM64_types,ENUM64_bytes\n"));
	assert_null(strstr(text, "UNKN"));
	assert_int_equal(strchr(text, '\n')[1], '\0');
	free(text);
}

static void expect_ok_row(const struct csv *csv, size_t i, const struct row *row)
{
	char hex[17];

	assert_string_equal(value(csv, i, "status"), "ok");
	assert_string_equal(value(csv, i, "error"), "");
	assert_string_equal(value(csv, i, "input_form"),
			    row->form == BTF_FORM_SPLIT ? "split" : "standalone");
	expect_number(csv, i, "input_bytes", row->input_bytes);
	expect_number(csv, i, "input_types", row->input_types);
	expect_number(csv, i, "split_bytes", row->split_bytes);
	expect_number(csv, i, "split_types", row->split_types);
	expect_number(csv, i, "split_type_bytes", row->split_type_bytes);
	expect_number(csv, i, "split_string_bytes", row->split_string_bytes);
	snprintf(hex, sizeof(hex), "%016" PRIx64, row->xxh3);
	assert_string_equal(value(csv, i, "xxh3"), hex);
}

static void test_rows(void **state)
{
	struct csv *csv = csv_of(&sample_report);

	assert_int_equal(csv->nr_records, 1 + SAMPLE_NR);
	for (size_t i = 0; i < SAMPLE_NR; i++) {
		assert_string_equal(value(csv, i, "path"), sample_paths_utf8[i]);
		if (sample_report.rows[i].status == ROW_OK)
			expect_ok_row(csv, i, &sample_report.rows[i]);
	}
	csv_free(csv);
}

static void test_kinds(void **state)
{
	struct csv *csv = csv_of(&sample_report);

	expect_number(csv, SAMPLE_XFS, "STRUCT_types", 420);
	expect_number(csv, SAMPLE_XFS, "STRUCT_bytes", 52344);
	expect_number(csv, SAMPLE_XFS, "ENUM64_bytes", 24);
	expect_number(csv, SAMPLE_XFS, "VAR_types", 0);
	expect_number(csv, SAMPLE_COMMA, "VAR_types", 2);
	expect_number(csv, SAMPLE_COMMA, "STRUCT_types", 0);
	csv_free(csv);
}

static void test_rows_that_are_not_ok(void **state)
{
	struct csv *csv = csv_of(&sample_report);

	assert_string_equal(value(csv, SAMPLE_CONFIGS, "status"), "no-btf");
	assert_string_equal(value(csv, SAMPLE_CONFIGS, "error"), "");
	assert_string_equal(value(csv, SAMPLE_BROKEN, "status"), "failed");
	assert_string_equal(value(csv, SAMPLE_BROKEN, "error"), sample_error_utf8);
	for (size_t i = 3; i < NR_COLUMNS; i++) {
		assert_string_equal(csv->field[SAMPLE_CONFIGS + 1][i], "");
		assert_string_equal(csv->field[SAMPLE_BROKEN + 1][i], "");
	}
	csv_free(csv);
}

static void test_full_disk(void **state)
{
	assert_int_equal(sample_print_full(report_csv, &sample_report), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),    cmocka_unit_test(test_rows),
		cmocka_unit_test(test_kinds),     cmocka_unit_test(test_rows_that_are_not_ok),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
