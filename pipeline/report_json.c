// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "pipeline/jput.h"
#include "pipeline/report.h"
#include "pipeline/stream.h"

static json_t *base_json(const struct row_base *base)
{
	json_t *o = json_object();

	jput(&o, "path", jput_text(base->path));
	jput(&o, "bytes", json_integer((json_int_t)base->bytes));
	jput(&o, "types", json_integer(base->types));
	jput(&o, "strings_bytes", json_integer(base->strings_bytes));
	jput(&o, "xxh3", jput_hex64(base->xxh3));
	return o;
}

static json_t *totals_json(const struct totals *t)
{
	json_t *o = json_object();

	jput(&o, "modules", json_integer(t->modules));
	jput(&o, "ok", json_integer(t->ok));
	jput(&o, "no_btf", json_integer(t->no_btf));
	jput(&o, "failed", json_integer(t->failed));
	jput(&o, "input_bytes", json_integer((json_int_t)t->input_bytes));
	jput(&o, "split_bytes", json_integer((json_int_t)t->split_bytes));
	jput(&o, "input_types", json_integer((json_int_t)t->input_types));
	jput(&o, "split_types", json_integer((json_int_t)t->split_types));
	return o;
}

static json_t *kind_json(const struct row_kind *kind)
{
	json_t *o = json_object();

	jput(&o, "types", json_integer(kind->types));
	jput(&o, "bytes", json_integer(kind->bytes));
	return o;
}

static json_t *kinds_json(const struct row *row)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < row->nr_kinds; i++)
		jput(&o, btf_kind_name(row->kinds[i].kind), kind_json(&row->kinds[i]));
	return o;
}

static void put_result(json_t **o, const struct row *row)
{
	jput(o, "input_form", json_string(report_form_name(row->form)));
	jput(o, "input_bytes", json_integer((json_int_t)row->input_bytes));
	jput(o, "input_types", json_integer(row->input_types));
	jput(o, "split_bytes", json_integer(row->split_bytes));
	jput(o, "split_types", json_integer(row->split_types));
	jput(o, "split_type_bytes", json_integer(row->split_type_bytes));
	jput(o, "split_string_bytes", json_integer(row->split_string_bytes));
	jput(o, "xxh3", jput_hex64(row->xxh3));
	jput(o, "kinds", kinds_json(row));
}

static void put_file(json_t **o, const struct row *row)
{
	jput(o, "file", json_string(report_file_name(row->file)));
	jput(o, "input_file_bytes", json_integer((json_int_t)row->old_file_bytes));
	jput(o, "file_bytes", json_integer((json_int_t)row->new_file_bytes));
}

static json_t *row_json(const struct row *row)
{
	json_t *o = json_object();

	jput(&o, "path", jput_text(row->path));
	jput(&o, "status", json_string(report_status_name(row->status)));
	if (row->status == ROW_FAILED)
		jput(&o, "error", jput_text(row->error ? row->error : ""));
	if (row->status == ROW_OK)
		put_result(&o, row);
	if (report_file_name(row->file))
		put_file(&o, row);
	if (row->note)
		jput(&o, "note", jput_text(row->note));
	return o;
}

static int dump_head(const struct report *r, FILE *f)
{
	struct totals totals = report_totals(r);
	int err;

	fputs("{\n  \"schema\": \"" REPORT_SCHEMA "\",\n", f);
	err = jput_dump_member("version", jput_text(r->version), ",\n", f);
	if (!err)
		err = jput_dump_member("base", base_json(&r->base), ",\n", f);
	if (!err)
		err = jput_dump_member("totals", totals_json(&totals), ",\n", f);
	return err;
}

static json_t *shared_type_json(const struct shared_type *t)
{
	json_t *o = json_object();

	jput(&o, "kind", json_string(btf_kind_name(t->kind)));
	jput(&o, "name", jput_text(t->name));
	jput(&o, "bytes", json_integer(t->bytes));
	jput(&o, "modules", json_integer(t->modules));
	jput(&o, "saved", json_integer((json_int_t)t->saved));
	jput(&o, "hash", jput_hex64(t->hash));
	jput(&o, "first", jput_text(t->first));
	return o;
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
	err = jput_dump_array(s->types, s->nr, shared_at, "    ", f);
	fputs("\n  }", f);
	return err;
}

int report_json(const struct report *r, FILE *f)
{
	int err = dump_head(r, f);

	if (err)
		return err;
	fputs("  \"modules\": ", f);
	err = jput_dump_array(r->rows, r->nr_rows, row_at, "  ", f);
	if (!err && r->shared)
		err = dump_shared(r->shared, f);
	if (err)
		return err;
	fputs("\n}\n", f);
	return stream_flush(f);
}
