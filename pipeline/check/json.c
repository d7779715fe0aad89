// SPDX-License-Identifier: GPL-2.0-only
/* The schema "btfbatch-check/1": see docs/check.md. One module a line. */
#include "pipeline/check/rows.h"
#include "pipeline/jput.h"
#include "pipeline/stream.h"
#include "pipeline/version.h"

static void put_text(json_t **o, const char *key, const char *text)
{
	if (text)
		jput(o, key, jput_text(text));
}

static json_t *place_json(const struct verify_place *p)
{
	json_t *o = json_object();

	jput(&o, "id", json_integer(p->id));
	put_text(&o, "kind", p->kind);
	put_text(&o, "name", p->name);
	if (p->part) {
		put_text(&o, "part", p->part);
		jput(&o, "index", json_integer(p->index));
		put_text(&o, "part_name", p->part_name);
	}
	return o;
}

static void put_verdict(json_t **o, const struct verify_verdict *v)
{
	if (v->err) {
		jput(o, "errno", json_integer(-v->err));
		jput(o, "errno_name", json_string(check_errno_name(v->err)));
		put_text(o, "kernel_says", v->said ? v->said : "");
		put_text(o, "kernel_log", v->log);
	}
	put_text(o, "meaning", v->meaning);
	if (v->place.known)
		jput(o, "type", place_json(&v->place));
	put_text(o, "other_base", v->foreign);
}

static json_t *base_json(const struct check_base *b)
{
	json_t *o = json_object();

	jput(&o, "path", jput_text(b->path));
	jput(&o, "status", json_string(verify_grade_name(b->verdict.grade)));
	jput(&o, "bytes", json_integer((json_int_t)b->bytes));
	jput(&o, "types", json_integer(b->verdict.types));
	jput(&o, "xxh3", jput_hex64(b->xxh3));
	put_verdict(&o, &b->verdict);
	return o;
}

/* Of one of the bases. */
static json_t *parting_type(const struct verify_base *base, uint32_t id)
{
	json_t *o = json_object();

	jput(&o, "kind", json_string(verify_base_kind(base, id)));
	jput(&o, "name", jput_text(verify_base_name(base, id)));
	return o;
}

static json_t *parting_json(const struct check_report *r)
{
	struct verify_parting p = verify_bases_part(r->old.base, r->base.base);
	json_t *o = json_object();

	if (p.type) {
		jput(&o, "type", json_integer(p.type));
		jput(&o, "old", parting_type(r->old.base, p.type));
		jput(&o, "new", parting_type(r->base.base, p.type));
	}
	if (p.string)
		jput(&o, "string", json_integer(p.string));
	return o;
}

static json_t *totals_json(const struct check_report *r)
{
	json_t *o = json_object();

	jput(&o, "modules", json_integer(r->nr_rows));
	jput(&o, "accepted", json_integer(r->nr[CHECK_ACCEPTED]));
	jput(&o, "broken", json_integer(r->nr[CHECK_BROKEN]));
	jput(&o, "rejected", json_integer(r->nr[CHECK_REJECTED]));
	jput(&o, "no_btf", json_integer(r->nr[CHECK_NO_BTF]));
	jput(&o, "failed", json_integer(r->nr[CHECK_FAILED]));
	jput(&o, "other_base", json_integer(r->foreign));
	if (r->old.path)
		jput(&o, "old_base", json_integer(r->fit_old));
	return o;
}

/* As jput(). */
static void push(json_t **array, json_t *value)
{
	if (!json_array_append_new(*array, value))
		return;
	json_decref(*array);
	*array = NULL;
}

static json_t *manifest_json(const struct check_report *r)
{
	json_t *o = json_object(), *missing = json_array();

	jput(&o, "path", jput_text(r->options->manifest));
	put_text(&o, "base", r->manifest_base);
	jput(&o, "differ", json_integer(r->nr_others));
	for (uint32_t i = 0; i < r->nr_missing; i++)
		push(&missing, jput_text(r->missing[i]));
	jput(&o, "not_found", missing);
	return o;
}

/* Row @i of the report @report. */
static json_t *row_json(const void *report, uint32_t i)
{
	const struct check_report *r = report;
	const struct check_row *row = &r->rows[i];
	json_t *o = json_object();

	jput(&o, "path", jput_text(row->path));
	jput(&o, "status", json_string(check_status_name(row->status)));
	if (row->status == CHECK_FAILED)
		put_text(&o, "error", row->error ? row->error : "");
	if (row->status < CHECK_NO_BTF) {
		jput(&o, "profile", json_string(verify_profile_name(row->profile)));
		jput(&o, "bytes", json_integer((json_int_t)row->bytes));
		jput(&o, "types", json_integer(row->types));
		jput(&o, "xxh3", jput_hex64(row->xxh3));
		jput(&o, "distilled_base", json_boolean(row->is_distilled));
	}
	if (row->fault)
		put_verdict(&o, &row->fault->verdict);
	if (row->fault && row->fault->verdict.foreign && r->old.path)
		jput(&o, "fits_old_base", json_boolean(row->fault->fits_old));
	put_text(&o, "manifest", row->manifest);
	return o;
}

static int dump_head(const struct check_report *r, FILE *f)
{
	char kernel[24];
	int err;

	snprintf(kernel, sizeof(kernel), "%u.%u", r->options->kernel >> 16,
		 r->options->kernel & 0xffff);
	fputs("{\n  \"schema\": \"btfbatch-check/1\",\n", f);
	err = jput_dump_member("version", jput_text(BTFBATCH_VERSION), ",\n", f);
	if (!err)
		err = jput_dump_member("kernel", json_string(kernel), ",\n", f);
	if (!err)
		err = jput_dump_member("base", base_json(&r->base), ",\n", f);
	if (!err && r->old.path)
		err = jput_dump_member("old_base", base_json(&r->old), ",\n", f);
	if (!err && r->old.path)
		err = jput_dump_member("bases_part", parting_json(r), ",\n", f);
	if (!err && r->options->manifest)
		err = jput_dump_member("manifest", manifest_json(r), ",\n", f);
	if (!err)
		err = jput_dump_member("totals", totals_json(r), ",\n", f);
	return err;
}

int check_print_json(const void *report, FILE *f)
{
	const struct check_report *r = report;
	int err = dump_head(r, f);

	if (err)
		return err;
	fputs("  \"modules\": ", f);
	err = jput_dump_array(r, r->nr_rows, row_json, "  ", f);
	if (err)
		return err;
	fputs("\n}\n", f);
	return stream_flush(f);
}
