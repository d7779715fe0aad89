// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/escape.h"
#include "pipeline/report.h"
#include "pipeline/stream.h"

/* The columns that only a module that is ok fills, up to the kinds. */
static const char *const ok_columns[] = {
	"input_form",  "input_bytes",      "input_types",        "split_bytes",
	"split_types", "split_type_bytes", "split_string_bytes", "xxh3",
};

#define NR_OK_COLUMNS (sizeof(ok_columns) / sizeof(ok_columns[0]))
#define NR_KINDS (BTF_NR_KINDS - 1) /* all but void */

static void put_header(FILE *f)
{
	fputs("path,status,error", f);
	for (size_t i = 0; i < NR_OK_COLUMNS; i++)
		fprintf(f, ",%s", ok_columns[i]);
	for (unsigned int kind = 1; kind <= NR_KINDS; kind++)
		fprintf(f, ",%s_types,%s_bytes", btf_kind_name(kind), btf_kind_name(kind));
	fputc('\n', f);
}

static void put_quoted(const char *text, FILE *f)
{
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', f);
		fputc(*text, f);
	}
	fputc('"', f);
}

static int put_text(const char *bytes, FILE *f)
{
	char *text = escape_utf8(bytes);

	if (!text)
		return -ENOMEM;
	if (text[strcspn(text, ",\"\r\n")])
		put_quoted(text, f);
	else
		fputs(text, f);
	free(text);
	return 0;
}

static void put_kinds(const struct row *row, FILE *f)
{
	struct row_kind kinds[BTF_NR_KINDS] = {0};

	for (uint32_t i = 0; i < row->nr_kinds; i++)
		if (row->kinds[i].kind < BTF_NR_KINDS)
			kinds[row->kinds[i].kind] = row->kinds[i];
	for (unsigned int kind = 1; kind <= NR_KINDS; kind++)
		fprintf(f, ",%" PRIu32 ",%" PRIu32, (uint32_t)kinds[kind].types, kinds[kind].bytes);
}

static void put_ok(const struct row *row, FILE *f)
{
	fprintf(f, ",%s,%" PRIu64 ",%" PRIu32, report_form_name(row->form), row->input_bytes,
		row->input_types);
	fprintf(f, ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%016" PRIx64, row->split_bytes,
		row->split_types, row->split_type_bytes, row->split_string_bytes, row->xxh3);
	put_kinds(row, f);
}

static void put_empty(FILE *f)
{
	for (size_t i = 0; i < NR_OK_COLUMNS + 2 * NR_KINDS; i++)
		fputc(',', f);
}

static int put_row(const struct row *row, FILE *f)
{
	int err = put_text(row->path, f);

	if (err)
		return err;
	fprintf(f, ",%s,", report_status_name(row->status));
	if (row->status == ROW_FAILED && row->error)
		err = put_text(row->error, f);
	if (err)
		return err;
	if (row->status == ROW_OK)
		put_ok(row, f);
	else
		put_empty(f);
	fputc('\n', f);
	return stream_status(f);
}

int report_csv(const struct report *r, FILE *f)
{
	put_header(f);
	for (uint32_t i = 0; i < r->nr_rows; i++) {
		int err = put_row(&r->rows[i], f);

		if (err)
			return err;
	}
	return stream_flush(f);
}
