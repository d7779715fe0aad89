// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame (the outer object, the array) is printed by hand and each value in it
 * made, dumped and freed by jansson: memory does not grow with the modules.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "pipeline/escape.h"
#include "pipeline/report.h"
#include "pipeline/stream.h"

/* Dumps and frees @value; NULL stands for one that could not be made. */
static int dump(json_t *value, FILE *f)
{
	int err;

	if (!value)
		return -ENOMEM;
	/* If no write failed, jansson had no memory for its own work. */
	err = json_dumpf(value, f, JSON_ENCODE_ANY) ? -ENOMEM : 0;
	if (ferror(f))
		err = stream_status(f);
	json_decref(value);
	return err;
}

static int dump_member(const char *key, json_t *value, const char *after, FILE *f)
{
	int err;

	fprintf(f, "  \"%s\": ", key);
	err = dump(value, f);
	fputs(after, f);
	return err;
}

static json_t *text_json(const char *bytes)
{
	char *text = escape_utf8(bytes);
	json_t *string = text ? json_string(text) : NULL;

	free(text);
	return string;
}

static json_t *hex64_json(uint64_t value)
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016" PRIx64, value);
	return json_string(hex);
}

/* Adds a member. An object that lacks one for want of memory is none: NULL. */
static void put(json_t **object, const char *key, json_t *value)
{
	/* Takes @value in any case, and takes NULL for a failure. */
	if (!json_object_set_new(*object, key, value))
		return;
	json_decref(*object);
	*object = NULL;
}

static json_t *base_json(const struct row_base *base)
{
	json_t *o = json_object();

	put(&o, "path", text_json(base->path));
	put(&o, "bytes", json_integer((json_int_t)base->bytes));
	put(&o, "types", json_integer(base->types));
	put(&o, "strings_bytes", json_integer(base->strings_bytes));
	put(&o, "xxh3", hex64_json(base->xxh3));
	return o;
}

static json_t *totals_json(const struct totals *t)
{
	json_t *o = json_object();

	put(&o, "modules", json_integer(t->modules));
	put(&o, "ok", json_integer(t->ok));
	put(&o, "no_btf", json_integer(t->no_btf));
	put(&o, "failed", json_integer(t->failed));
	put(&o, "input_bytes", json_integer((json_int_t)t->input_bytes));
	put(&o, "split_bytes", json_integer((json_int_t)t->split_bytes));
	put(&o, "input_types", json_integer((json_int_t)t->input_types));
	put(&o, "split_types", json_integer((json_int_t)t->split_types));
	return o;
}

static json_t *kind_json(const struct row_kind *kind)
{
	json_t *o = json_object();

	put(&o, "types", json_integer(kind->types));
	put(&o, "bytes", json_integer(kind->bytes));
	return o;
}

static json_t *kinds_json(const struct row *row)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < row->nr_kinds; i++)
		put(&o, btf_kind_name(row->kinds[i].kind), kind_json(&row->kinds[i]));
	return o;
}

static void put_result(json_t **o, const struct row *row)
{
	put(o, "input_form", json_string(report_form_name(row->form)));
	put(o, "input_bytes", json_integer((json_int_t)row->input_bytes));
	put(o, "input_types", json_integer(row->input_types));
	put(o, "split_bytes", json_integer(row->split_bytes));
	put(o, "split_types", json_integer(row->split_types));
	put(o, "split_type_bytes", json_integer(row->split_type_bytes));
	put(o, "split_string_bytes", json_integer(row->split_string_bytes));
	put(o, "xxh3", hex64_json(row->xxh3));
	put(o, "kinds", kinds_json(row));
}

static void put_file(json_t **o, const struct row *row)
{
	put(o, "file", json_string(report_file_name(row->file)));
	put(o, "input_file_bytes", json_integer((json_int_t)row->old_file_bytes));
	put(o, "file_bytes", json_integer((json_int_t)row->new_file_bytes));
}

static json_t *row_json(const struct row *row)
{
	json_t *o = json_object();

	put(&o, "path", text_json(row->path));
	put(&o, "status", json_string(report_status_name(row->status)));
	if (row->status == ROW_FAILED)
		put(&o, "error", text_json(row->error ? row->error : ""));
	if (row->status == ROW_OK)
		put_result(&o, row);
	if (report_file_name(row->file))
		put_file(&o, row);
	if (row->note)
		put(&o, "note", text_json(row->note));
	return o;
}

static int dump_head(const struct report *r, FILE *f)
{
	struct totals totals = report_totals(r);
	int err;

	fputs("{\n  \"schema\": \"" REPORT_SCHEMA "\",\n", f);
	err = dump_member("version", text_json(r->version), ",\n", f);
	if (!err)
		err = dump_member("base", base_json(&r->base), ",\n", f);
	if (!err)
		err = dump_member("totals", totals_json(&totals), ",\n", f);
	return err;
}

static json_t *shared_type_json(const struct shared_type *t)
{
	json_t *o = json_object();

	put(&o, "kind", json_string(btf_kind_name(t->kind)));
	put(&o, "name", text_json(t->name));
	put(&o, "bytes", json_integer(t->bytes));
	put(&o, "modules", json_integer(t->modules));
	put(&o, "saved", json_integer((json_int_t)t->saved));
	put(&o, "hash", hex64_json(t->hash));
	put(&o, "first", text_json(t->first));
	return o;
}

/* An array, each element a line; @json makes one of element @i. */
static int dump_array(const void *array, uint32_t nr, json_t *json(const void *, uint32_t),
		      const char *indent, FILE *f)
{
	int err;

	fputc('[', f);
	for (uint32_t i = 0; i < nr; i++) {
		fprintf(f, "%s\n%s  ", i ? "," : "", indent);
		err = dump(json(array, i), f);
		if (err)
			return err;
	}
	if (nr)
		fprintf(f, "\n%s", indent);
	fputc(']', f);
	return 0;
}

static json_t *row_at(const void *rows, uint32_t i)
{
	return row_json((const struct row *)rows + i);
}

static json_t *shared_at(const void *types, uint32_t i)
{
	return shared_type_json((const struct shared_type *)types + i);
}

static int dump_shared(const struct shared *s, FILE *f)
{
	int err;

	fprintf(f, ",\n  \"shared\": {\n    \"types\": %" PRIu32 ",\n    \"saved\": %" PRIu64 ",\n",
		s->nr + s->anonymous, s->saved);
	fprintf(f, "    \"anonymous\": {\"types\": %" PRIu32 ", \"saved\": %" PRIu64 "},\n",
		s->anonymous, s->anonymous_saved);
	fputs("    \"named\": ", f);
	err = dump_array(s->types, s->nr, shared_at, "    ", f);
	fputs("\n  }", f);
	return err;
}

int report_json(const struct report *r, FILE *f)
{
	int err = dump_head(r, f);

	if (err)
		return err;
	fputs("  \"modules\": ", f);
	err = dump_array(r->rows, r->nr_rows, row_at, "  ", f);
	if (!err && r->shared)
		err = dump_shared(r->shared, f);
	if (err)
		return err;
	fputs("\n}\n", f);
	return stream_flush(f);
}
