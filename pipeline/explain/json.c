// SPDX-License-Identifier: GPL-2.0-only
/* The schema "btfbatch-explain/1": see docs/explain.md. One cause, or type, a line. */
#include "pipeline/jput.h"

#include "pipeline/explain/print.h"
#include "pipeline/report.h"
#include "pipeline/stream.h"
#include "pipeline/version.h"

static json_t *count_json(uint64_t types, uint64_t bytes)
{
	json_t *o = json_object();

	jput(&o, "types", json_integer((json_int_t)types));
	jput(&o, "bytes", json_integer((json_int_t)bytes));
	return o;
}

static json_t *tally_json(const struct tally_count *c)
{
	return count_json(c->types, c->bytes);
}

static int dump_member(const char *key, json_t *value, const char *after, FILE *f)
{
	int err;

	fprintf(f, "  \"%s\": ", key);
	err = jput_dump(value, f);
	fputs(after, f);
	return err;
}

static json_t *base_json(const struct inputs *in, const char *path)
{
	json_t *o = json_object();

	jput(&o, "path", jput_text(path));
	jput(&o, "types", json_integer(base_type_cnt(in->base) - 1));
	return o;
}

static int dump_head(const struct inputs *in, const struct explain_options *o, FILE *f)
{
	int err;

	fputs("{\n  \"schema\": \"btfbatch-explain/1\",\n", f);
	err = dump_member("version", jput_text(BTFBATCH_VERSION), ",\n", f);
	return err ? err : dump_member("base", base_json(in, o->base), ",\n", f);
}

/* ---- causes ---- */

static json_t *totals_json(const struct explain_report *r)
{
	const struct report rows = {.rows = r->in->list.rows, .nr_rows = r->in->list.nr_rows};
	const struct totals t = report_totals(&rows);
	json_t *o = json_object();

	jput(&o, "modules", json_integer(t.modules));
	jput(&o, "ok", json_integer(t.ok));
	jput(&o, "no_btf", json_integer(t.no_btf));
	jput(&o, "failed", json_integer(t.failed));
	jput(&o, "stay", tally_json(&r->tally->all));
	jput(&o, "new", tally_json(&r->tally->fresh));
	jput(&o, "never", tally_json(&r->tally->never));
	jput(&o, "caused", tally_json(&r->tally->blocked));
	return o;
}

static json_t *modules_json(const struct explain_report *r, const struct tally_cause *c)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < c->nr_modules; i++)
		jput_push(&a, jput_text(r->in->list.rows[c->modules[i]].path));
	return a;
}

static json_t *cause_json(const struct explain_report *r, const struct tally_cause *c,
			  uint64_t together)
{
	json_t *o = json_object();

	jput(&o, "kind", json_string(explain_kind_name(c->kind)));
	jput(&o, "type", jput_text(c->type));
	jput(&o, "base_id", json_integer(c->base_id));
	jput(&o, "cause", jput_text(c->what));
	jput(&o, "path", jput_text(c->path));
	jput(&o, "waiting", tally_json(&c->involved));
	jput(&o, "alone", tally_json(&c->alone));
	jput(&o, "together_bytes", json_integer((json_int_t)together));
	jput(&o, "modules", modules_json(r, c));
	return o;
}

static json_t *failure_json(const struct row *row)
{
	json_t *o = json_object();

	jput(&o, "path", jput_text(row->path));
	jput(&o, "error", jput_text(row->error ? row->error : ""));
	return o;
}

static json_t *failures_json(const struct explain_report *r)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < r->in->list.nr_rows; i++)
		if (r->in->list.rows[i].status == ROW_FAILED)
			jput_push(&a, failure_json(&r->in->list.rows[i]));
	return a;
}

int explain_report_json(const struct explain_report *r, FILE *f)
{
	const struct tally *t = r->tally;
	uint64_t together = 0;
	int err = dump_head(r->in, r->options, f);

	if (!err)
		err = dump_member("totals", totals_json(r), ",\n", f);
	if (!err)
		err = dump_member("failures", failures_json(r), ",\n", f);
	fputs("  \"causes\": [", f);
	for (uint32_t i = 0; i < t->nr && !err; i++) {
		fputs(i ? ",\n    " : "\n    ", f);
		err = jput_dump(cause_json(r, t->causes[i], together += t->causes[i]->last), f);
	}
	if (err)
		return err;
	fputs(t->nr ? "\n  ]\n}\n" : "]\n}\n", f);
	return stream_flush(f);
}

/* ---- types ---- */

static const char *fate_name(enum explain_fate fate)
{
	switch (fate) {
	case EXPLAIN_MERGED:
		return "merged";
	case EXPLAIN_NEVER:
		return "never";
	case EXPLAIN_NEW:
		return "new";
	case EXPLAIN_BLOCKED:
		return "caused";
	}
	return "unknown";
}

static json_t *candidates_json(const struct explain_type *t)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < t->nr_candidates; i++) {
		const struct explain_candidate *c = &t->candidates[i];
		json_t *o = json_object();

		jput(&o, "base_id", json_integer(c->base_id));
		jput(&o, "path", c->path ? jput_text(c->path) : json_null());
		jput_push(&a, o);
	}
	return a;
}

static json_t *type_causes_json(const struct explain_answer *a, const struct explain_type *t)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < t->nr_causes; i++)
		jput_push(&list, jput_text(a->result->causes[t->causes[i]].what));
	return list;
}

static json_t *waiting_json(const struct explain_type *t)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < t->nr_waiting; i++) {
		json_t *o = json_object();

		jput(&o, "id", json_integer(t->waiting[i].id));
		jput(&o, "type", jput_text(t->waiting[i].name));
		jput(&o, "bytes", json_integer(t->waiting[i].bytes));
		jput_push(&a, o);
	}
	return a;
}

static json_t *type_json(const struct explain_answer *a, uint32_t i)
{
	const struct explain_type *t = &a->types[i];
	json_t *o = json_object();

	jput(&o, "type", jput_text(t->name));
	jput(&o, "input_id", json_integer(a->list->types[i].input_id));
	jput(&o, "output_id", json_integer(a->list->types[i].output_id));
	jput(&o, "fate", json_string(fate_name(t->fate)));
	if (t->base_id)
		jput(&o, "base_id", json_integer(t->base_id));
	if (t->fate != EXPLAIN_MERGED)
		jput(&o, "bytes", json_integer(t->bytes));
	if (t->fate != EXPLAIN_BLOCKED)
		return o;
	jput(&o, "kind", json_string(explain_kind_name(t->kind)));
	jput(&o, "path", jput_text(t->path));
	jput(&o, "candidates", candidates_json(t));
	jput(&o, "causes", type_causes_json(a, t));
	jput(&o, "blocks", count_json(t->blocks.types, t->blocks.bytes));
	jput(&o, "waiting", waiting_json(t));
	return o;
}

int explain_answer_json(const struct explain_answer *a, FILE *f)
{
	int err = dump_head(a->in, a->options, f);

	if (!err)
		err = dump_member("module", jput_text(a->in->list.rows[0].path), ",\n", f);
	fputs("  \"types\": [", f);
	for (uint32_t i = 0; i < a->list->nr && !err; i++) {
		fputs(i ? ",\n    " : "\n    ", f);
		err = jput_dump(type_json(a, i), f);
	}
	if (err)
		return err;
	fputs("\n  ]\n}\n", f);
	return stream_flush(f);
}
