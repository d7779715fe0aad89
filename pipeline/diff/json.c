// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/diff/print.h"
#include "pipeline/jput.h"
#include "pipeline/stream.h"
#include "pipeline/version.h"

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

/* {"old", "new"}, of anything that is counted. */
static json_t *both(uint64_t old, uint64_t new)
{
	json_t *o = json_object();

	jput(&o, "old", number(old));
	jput(&o, "new", number(new));
	return o;
}

static json_t *side_json(const struct diff_side *side)
{
	const struct row_base *base = &side->report->base;
	json_t *o = json_object(), *b = json_object();

	jput(&b, "path", jput_text(base->path));
	jput(&b, "bytes", number(base->bytes));
	jput(&b, "types", number(base->types));
	jput(&b, "xxh3", jput_hex64(base->xxh3));
	jput(&o, "name", jput_text(side->name));
	jput(&o, "version", jput_text(side->report->version));
	jput(&o, "base", b);
	return o;
}

static json_t *totals_json(const struct diff *d)
{
	const struct diff_sums *old = &d->old.sums, *new = &d->new.sums;
	json_t *o = json_object();

	jput(&o, "modules", both(old->modules, new->modules));
	for (int i = 0; i < DIFF_NR_CHANGES; i++)
		jput(&o, diff_change_name(i), number(d->nr[i]));
	jput(&o, "input_bytes", both(old->input_bytes, new->input_bytes));
	jput(&o, "split_bytes", both(old->split_bytes, new->split_bytes));
	jput(&o, "input_types", both(old->input_types, new->input_types));
	jput(&o, "split_types", both(old->split_types, new->split_types));
	return o;
}

static json_t *kinds_json(const struct diff *d)
{
	json_t *o = json_object();

	for (uint32_t i = 1; i < BTF_NR_KINDS; i++) {
		json_t *kind;

		if (!d->old.sums.kinds[i].types && !d->new.sums.kinds[i].types)
			continue;
		kind = json_object();
		jput(&kind, "types", both(d->old.sums.kinds[i].types, d->new.sums.kinds[i].types));
		jput(&kind, "bytes", both(d->old.sums.kinds[i].bytes, d->new.sums.kinds[i].bytes));
		jput(&o, btf_kind_name(i), kind);
	}
	return o;
}

static json_t *over_json(const void *overs, uint32_t i)
{
	const struct over *over = (const struct over *)overs + i;
	json_t *o = json_object();

	jput(&o, "path", over->module ? jput_text(diff_path(over->module)) : json_null());
	jput(&o, "limit", jput_text(over->limit->text));
	jput(&o, "where", jput_text(over->limit->where));
	jput(&o, "split_bytes", both(over->old, over->new));
	jput(&o, "allowed", number(over->allowed));
	return o;
}

static json_t *type_json(const struct type_change *t)
{
	json_t *o = json_object();

	jput(&o, "kind", json_string(btf_kind_name(t->kind)));
	jput(&o, "name", jput_text(t->name));
	jput(&o, "bytes", both(t->old_bytes, t->new_bytes));
	if (t->lost_merge)
		jput(&o, "lost_merge", json_true());
	return o;
}

static void put_types(json_t **o, const struct types_change *c)
{
	json_t *types = json_array(), *anonymous = json_object();

	for (uint32_t i = 0; i < c->nr; i++) {
		if (!json_array_append_new(types, type_json(&c->types[i])))
			continue;
		json_decref(types);
		types = NULL;
		break;
	}
	for (uint32_t kind = 1; kind < BTF_NR_KINDS; kind++)
		if (c->anonymous[kind].old != c->anonymous[kind].new)
			jput(&anonymous, btf_kind_name(kind),
			     both(c->anonymous[kind].old, c->anonymous[kind].new));
	jput(o, "types", types);
	jput(o, "anonymous", anonymous);
}

static void put_error(json_t **o, const char *key, const struct row *row)
{
	if (row && row->status == ROW_FAILED)
		jput(o, key, jput_text(row->error ? row->error : ""));
}

/* What the module goes by in both runs. */
static json_t *key_json(const struct diff_module *m)
{
	size_t len;
	const char *key = diff_key(diff_path(m), &len);
	char *text = strndup(key, len);
	json_t *string = text ? jput_text(text) : NULL;

	free(text);
	return string;
}

static json_t *module_json(const void *modules, uint32_t i)
{
	const struct diff_module *m = (const struct diff_module *)modules + i;
	json_t *o = json_object();

	jput(&o, "path", jput_text(diff_path(m)));
	jput(&o, "key", key_json(m));
	jput(&o, "change", json_string(diff_change_name(m->change)));
	if (diff_moved(m))
		jput(&o, "old_path", jput_text(m->old->path));
	if (m->change == DIFF_FAILED) {
		put_error(&o, "old_error", m->old);
		put_error(&o, "new_error", m->new);
		return o;
	}
	jput(&o, "split_bytes", both(diff_bytes(m->old), diff_bytes(m->new)));
	jput(&o, "split_types", both(diff_types(m->old), diff_types(m->new)));
	if (m->types)
		put_types(&o, m->types);
	return o;
}

static int put_head(const struct diff *d, FILE *f)
{
	int err;

	fputs("{\n  \"schema\": \"" DIFF_SCHEMA "\",\n"
	      "  \"version\": \"" BTFBATCH_VERSION "\",\n",
	      f);
	err = jput_dump_member("old", side_json(&d->old), ",\n", f);
	if (!err)
		err = jput_dump_member("new", side_json(&d->new), ",\n", f);
	if (!err)
		err = jput_dump_member("totals", totals_json(d), ",\n", f);
	if (!err)
		err = jput_dump_member("kinds", kinds_json(d), ",\n", f);
	return err;
}

int diff_json(const struct diff_print *p, FILE *f)
{
	const struct diff *d = p->diff;
	int err = put_head(d, f);

	if (err)
		return err;
	fputs("  \"over_budget\": ", f);
	err = jput_dump_array(p->overs->over, (uint32_t)p->overs->nr, over_json, "  ", f);
	if (err)
		return err;
	fputs(",\n  \"modules\": ", f);
	err = jput_dump_array(d->modules, d->nr_modules, module_json, "  ", f);
	if (err)
		return err;
	fputs("\n}\n", f);
	return stream_flush(f);
}
