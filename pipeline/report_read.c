// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/report_read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/buffer.h"
#include "pipeline/escape.h"
#include "pipeline/input_file.h"
#include "pipeline/report.h"

#define KIND_TYPES_MAX ((1u << 27) - 1) /* what struct row_kind holds */
#define HEX64_LEN 16

struct reader {
	struct arena *arena;
	struct diag *diag;
};

/* A value, and how one gets there from the outermost object, which has no `in`. */
struct value {
	const struct value *in;
	const char *key; /* its key in an object, or NULL: it is element @index */
	size_t index;
	json_t *json;
};

static void print_place(const struct value *v, FILE *f)
{
	if (!v->in)
		return;
	print_place(v->in, f);
	if (v->key)
		fprintf(f, "%s%s", v->in->in ? "." : "", v->key);
	else
		fprintf(f, "[%zu]", v->index);
}

static int fail(const struct reader *r, const struct value *v, const char *what)
{
	char place[128] = "";
	FILE *f = fmemopen(place, sizeof(place) - 1, "w");

	if (f) {
		print_place(v, f);
		fclose(f);
	}
	return diag_fail(r->diag, -EINVAL, "%s: %s", *place ? place : "the whole of it", what);
}

/* The value @v has under @key, where there has to be one. */
static int get(const struct reader *r, const struct value *v, const char *key, struct value *out)
{
	*out = (struct value){v, key, 0, json_object_get(v->json, key)};
	if (!json_is_object(v->json))
		return fail(r, v, "not an object");
	return out->json ? 0 : fail(r, out, "missing");
}

static int get_number(const struct reader *r, const struct value *v, const char *key, uint64_t max,
		      uint64_t *number)
{
	struct value n;
	char what[64];
	int err = get(r, v, key, &n);

	if (err)
		return err;
	/* What is negative is larger than any max. */
	*number = (uint64_t)json_integer_value(n.json);
	if (json_is_integer(n.json) && *number <= max)
		return 0;
	snprintf(what, sizeof(what), "not an integer from 0 to %" PRIu64, max);
	return fail(r, &n, what);
}

static int get_u32(const struct reader *r, const struct value *v, const char *key, uint32_t *number)
{
	uint64_t wide;
	int err = get_number(r, v, key, UINT32_MAX, &wide);

	*number = err ? 0 : (uint32_t)wide;
	return err;
}

static int get_string(const struct reader *r, const struct value *v, const char *key,
		      struct value *out)
{
	int err = get(r, v, key, out);

	if (err)
		return err;
	return json_is_string(out->json) ? 0 : fail(r, out, "not a string");
}

/* The bytes that a text stands for. */
static int get_text(const struct reader *r, const struct value *v, const char *key,
		    const char **bytes)
{
	struct value text;
	int err = get_string(r, v, key, &text);
	size_t size;
	char *copy;

	if (err)
		return err;
	size = json_string_length(text.json) + 1;
	copy = arena_alloc(r->arena, size);
	memcpy(copy, json_string_value(text.json), size);
	if (escape_undo(copy))
		return fail(r, &text, "\\x00 in a name");
	*bytes = copy;
	return 0;
}

static int get_hex64(const struct reader *r, const struct value *v, const char *key,
		     uint64_t *number)
{
	struct value text;
	int err = get_string(r, v, key, &text);
	const char *hex;

	if (err)
		return err;
	hex = json_string_value(text.json);
	if (strlen(hex) != HEX64_LEN || strspn(hex, "0123456789abcdef") != HEX64_LEN)
		return fail(r, &text, "not 16 lower-case hexadecimal digits");
	*number = strtoull(hex, NULL, 16);
	return 0;
}

/* Which of the @nr words that @name has is the text under @key, into @which. */
static int get_word(const struct reader *r, const struct value *v, const char *key,
		    const char *name(unsigned int), unsigned int nr, unsigned int *which)
{
	struct value word;
	int err = get_string(r, v, key, &word);

	if (err)
		return err;
	for (*which = 0; *which < nr; (*which)++)
		if (!strcmp(json_string_value(word.json), name(*which)))
			return 0;
	return fail(r, &word, "not a value that this version knows");
}

static const char *status_name(unsigned int i)
{
	return report_status_name((enum row_status)i);
}

static const char *form_name(unsigned int i)
{
	return report_form_name((enum btf_form)i);
}

static int read_kind(const struct reader *r, const struct value *kinds, uint32_t kind,
		     struct row_kind *out)
{
	struct value v;
	uint64_t types = 0;
	int err = get(r, kinds, btf_kind_name(kind), &v);

	if (!err)
		err = get_number(r, &v, "types", KIND_TYPES_MAX, &types);
	if (!err)
		err = get_u32(r, &v, "bytes", &out->bytes);
	out->kind = kind;
	out->types = types & KIND_TYPES_MAX;
	return err;
}

/* Those that we know, in the order of their numbers whatever it is in the file. */
static int read_kinds(const struct reader *r, const struct value *module, struct row *row)
{
	struct value kinds;
	int err = get(r, module, "kinds", &kinds);

	if (err)
		return err;
	if (!json_is_object(kinds.json))
		return fail(r, &kinds, "not an object");
	row->kinds = arena_array(r->arena, struct row_kind, BTF_NR_KINDS);
	for (uint32_t kind = 1; kind < BTF_NR_KINDS && !err; kind++)
		if (json_object_get(kinds.json, btf_kind_name(kind)))
			err = read_kind(r, &kinds, kind, &row->kinds[row->nr_kinds++]);
	arena_trim(r->arena, row->kinds, row->nr_kinds * sizeof(*row->kinds));
	return err;
}

static int read_sizes(const struct reader *r, const struct value *v, struct row *row)
{
	int err = get_number(r, v, "input_bytes", REPORT_BYTES_MAX, &row->input_bytes);

	if (!err)
		err = get_u32(r, v, "input_types", &row->input_types);
	if (!err)
		err = get_u32(r, v, "split_bytes", &row->split_bytes);
	if (!err)
		err = get_u32(r, v, "split_types", &row->split_types);
	if (!err)
		err = get_u32(r, v, "split_type_bytes", &row->split_type_bytes);
	if (!err)
		err = get_u32(r, v, "split_string_bytes", &row->split_string_bytes);
	return err;
}

static int read_ok(const struct reader *r, const struct value *v, struct row *row)
{
	unsigned int form;
	int err = get_word(r, v, "input_form", form_name, BTF_FORM_SPLIT + 1, &form);

	if (err)
		return err;
	row->form = (enum btf_form)form;
	err = read_sizes(r, v, row);
	if (!err)
		err = get_hex64(r, v, "xxh3", &row->xxh3);
	if (!err)
		err = read_kinds(r, v, row);
	return err;
}

static int read_row(const struct reader *r, const struct value *v, struct row *row)
{
	const char *error = NULL;
	unsigned int status;
	int err = get_text(r, v, "path", &row->path);

	if (!err)
		err = get_word(r, v, "status", status_name, ROW_FAILED + 1, &status);
	if (err)
		return err;
	row->status = (enum row_status)status;
	if (row->status == ROW_NO_BTF)
		return 0;
	if (row->status == ROW_OK)
		return read_ok(r, v, row);
	err = get_text(r, v, "error", &error);
	row->error = (char *)error;
	return err;
}

/* An element of an array. */
static struct value element(const struct value *array, size_t i)
{
	return (struct value){array, NULL, i, json_array_get(array->json, i)};
}

static int get_array(const struct reader *r, const struct value *v, const char *key,
		     struct value *out, uint32_t *nr)
{
	int err = get(r, v, key, out);

	*nr = 0;
	if (err)
		return err;
	if (!json_is_array(out->json))
		return fail(r, out, "not an array");
	*nr = (uint32_t)json_array_size(out->json);
	return 0;
}

static int read_rows(const struct reader *r, const struct value *root, struct report *report)
{
	struct value modules;
	struct row *rows;
	uint32_t nr;
	int err = get_array(r, root, "modules", &modules, &nr);

	rows = arena_zarray(r->arena, struct row, nr);
	for (uint32_t i = 0; i < nr && !err; i++) {
		struct value v = element(&modules, i);

		err = read_row(r, &v, &rows[i]);
	}
	report->rows = rows;
	report->nr_rows = nr;
	return err;
}

static int read_base(const struct reader *r, const struct value *root, struct row_base *base)
{
	struct value v;
	int err = get(r, root, "base", &v);

	if (!err)
		err = get_text(r, &v, "path", &base->path);
	if (!err)
		err = get_number(r, &v, "bytes", REPORT_BYTES_MAX, &base->bytes);
	if (!err)
		err = get_u32(r, &v, "types", &base->types);
	if (!err)
		err = get_u32(r, &v, "strings_bytes", &base->strings_bytes);
	if (!err)
		err = get_hex64(r, &v, "xxh3", &base->xxh3);
	return err;
}

/* A report that lost modules, or got some by hand, would give a wrong comparison. */
static int check_totals(const struct reader *r, const struct value *root,
			const struct report *report)
{
	const struct totals t = report_totals(report);
	const struct {
		const char *key;
		uint64_t sum;
	} sums[] = {
		{"modules", t.modules},         {"ok", t.ok},
		{"no_btf", t.no_btf},           {"failed", t.failed},
		{"input_bytes", t.input_bytes}, {"split_bytes", t.split_bytes},
		{"input_types", t.input_types}, {"split_types", t.split_types},
	};
	struct value totals, v;
	uint64_t number;
	char what[64];
	int err = get(r, root, "totals", &totals);

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]) && !err; i++) {
		err = get_number(r, &totals, sums[i].key, INT64_MAX, &number);
		if (err || number == sums[i].sum)
			continue;
		v = (struct value){&totals, sums[i].key, 0, NULL};
		snprintf(what, sizeof(what), "not the modules' sum, %" PRIu64, sums[i].sum);
		err = fail(r, &v, what);
	}
	return err;
}

static int read_shared_type(const struct reader *r, const struct value *v, struct shared_type *t)
{
	int err = get_word(r, v, "kind", btf_kind_name, BTF_NR_KINDS, &t->kind);

	if (!err)
		err = get_text(r, v, "name", &t->name);
	if (!err)
		err = get_u32(r, v, "bytes", &t->bytes);
	if (!err)
		err = get_u32(r, v, "modules", &t->modules);
	if (!err)
		err = get_number(r, v, "saved", REPORT_BYTES_MAX, &t->saved);
	if (!err)
		err = get_hex64(r, v, "hash", &t->hash);
	if (!err)
		err = get_text(r, v, "first", &t->first);
	return err;
}

static int read_shared_sums(const struct reader *r, const struct value *v, struct shared *s)
{
	struct value anonymous;
	uint32_t types;
	int err = get_u32(r, v, "types", &types);

	if (!err)
		err = get_number(r, v, "saved", INT64_MAX, &s->saved);
	if (!err)
		err = get(r, v, "anonymous", &anonymous);
	if (!err)
		err = get_u32(r, &anonymous, "types", &s->anonymous);
	if (!err)
		err = get_number(r, &anonymous, "saved", INT64_MAX, &s->anonymous_saved);
	if (err || types == (uint64_t)s->nr + s->anonymous)
		return err;
	anonymous = (struct value){v, "types", 0, NULL};
	return fail(r, &anonymous, "not the sum of those with and without a name");
}

/* The one key of the outermost object that may be missing. */
static int read_shared(const struct reader *r, const struct value *root, struct report *report)
{
	struct shared *s = arena_zalloc(r->arena, sizeof(*s));
	struct value v, named;
	int err;

	if (!json_object_get(root->json, "shared"))
		return 0;
	report->shared = s;
	err = get(r, root, "shared", &v);
	if (!err)
		err = get_array(r, &v, "named", &named, &s->nr);
	if (err)
		return err;
	s->types = arena_zarray(r->arena, struct shared_type, s->nr);
	for (uint32_t i = 0; i < s->nr && !err; i++) {
		struct value t = element(&named, i);

		err = read_shared_type(r, &t, &s->types[i]);
	}
	return err ? err : read_shared_sums(r, &v, s);
}

static int check_schema(const struct reader *r, const struct value *root)
{
	struct value schema;
	int err = get_string(r, root, "schema", &schema);

	if (err || !strcmp(json_string_value(schema.json), REPORT_SCHEMA))
		return err;
	return fail(r, &schema, "not \"" REPORT_SCHEMA "\"");
}

static int read_report(const struct reader *r, const struct value *root, struct report *report)
{
	int err = check_schema(r, root);

	if (!err)
		err = get_text(r, root, "version", &report->version);
	if (!err)
		err = read_base(r, root, &report->base);
	if (!err)
		err = read_rows(r, root, report);
	if (!err)
		err = check_totals(r, root, report);
	if (!err)
		err = read_shared(r, root, report);
	return err;
}

static int read_guarded(json_t *json, struct report_file *file, struct diag *diag)
{
	const struct reader r = {&file->arena, diag};
	const struct value root = {.json = json};

	if (arena_guard(&file->arena))
		return diag_fail(diag, -ENOMEM, "no memory for the report");
	return read_report(&r, &root, &file->report);
}

/*
 * Where it finds no memory jansson (2.14) says nothing, or "invalid token", or goes on with a
 * string that lacks a character. So it gets its memory here, where a want of it is noticed.
 */
static _Thread_local bool starved;

static void *json_memory(size_t size)
{
	void *p = malloc(size);

	starved |= !p;
	return p;
}

static void watch_json_memory(void)
{
	json_set_alloc_funcs(json_memory, free);
}

static json_t *load_json(const void *text, size_t len, json_error_t *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	json_t *json;

	pthread_once(&once, watch_json_memory);
	starved = false;
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, error);
	if (!starved)
		return json;
	json_decref(json);
	*error->text = '\0';
	return NULL;
}

int report_parse(const void *text, size_t len, struct report_file *file, struct diag *diag)
{
	json_error_t error;
	json_t *json;
	int err;

	*file = (struct report_file){0};
	json = load_json(text, len, &error);
	if (!json && !*error.text)
		return diag_fail(diag, -ENOMEM, "no memory for the report");
	if (!json)
		return diag_fail(diag, -EINVAL, "not JSON: line %d, column %d: %s", error.line,
				 error.column, error.text);
	err = read_guarded(json, file, diag);
	json_decref(json);
	return err;
}

int report_read(const char *path, struct report_file *file, struct diag *diag)
{
	struct buffer text = {0};
	int err;

	*file = (struct report_file){0};
	err = input_read_file(AT_FDCWD, path, REPORT_FILE_MAX, &text, diag);
	if (!err)
		err = report_parse(text.data, text.len, file, diag);
	buffer_free(&text);
	return err;
}

void report_file_free(struct report_file *file)
{
	arena_free(&file->arena);
}
