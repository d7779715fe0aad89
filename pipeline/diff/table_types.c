// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/table_types.h"

#include <inttypes.h>

#include "pipeline/escape.h"
#include "pipeline/human.h"

#define NR_FIRST 5

static const char *what_happened(const struct type_change *t)
{
	return !t->old_bytes ? "  came" : !t->new_bytes ? "  went" : "";
}

static void put_type(const struct type_change *t, FILE *f)
{
	char change[HUMAN_LEN];

	fprintf(f, "  %10s  %s ", human_change(change, t->old_bytes, t->new_bytes),
		btf_kind_name(t->kind));
	escape_line(t->name, f);
	fprintf(f, "%s%s\n", what_happened(t), t->lost_merge ? ", the base has another one" : "");
}

static void put_anonymous(const struct types_change *c, FILE *f)
{
	const char *before = "              without a name: ";
	uint32_t nr = 0;

	for (uint32_t kind = 1; kind < BTF_NR_KINDS; kind++) {
		int64_t more = (int64_t)c->anonymous[kind].new - c->anonymous[kind].old;

		if (!more)
			continue;
		fprintf(f, "%s%+" PRId64 " %s", before, more, btf_kind_name(kind));
		before = ", ";
		nr++;
	}
	if (nr)
		fputc('\n', f);
}

/* A word of a shell. */
static void put_quoted(const char *word, FILE *f)
{
	fputc('\'', f);
	escape_line(word, f);
	fputc('\'', f);
}

/* Merges that were lost are causes, and another command tells of them. */
static void put_lost(const struct diff *d, const struct diff_module *m, FILE *f)
{
	const struct found *file;

	if (!m->types->lost_merges || !d->new.files)
		return;
	file = d->new.files[m->new - d->new.report->rows];
	fprintf(f, "              merges lost: %" PRIu32 "; why: btfbatch explain --base ",
		m->types->lost_merges);
	put_quoted(d->new.report->base.path, f);
	fputc(' ', f);
	put_quoted(file ? file->full : m->new->path, f);
	for (uint32_t i = 0; i < m->types->nr; i++) {
		if (!m->types->types[i].lost_merge)
			continue;
		fputc(' ', f);
		put_quoted(m->types->types[i].name, f);
		break;
	}
	fputc('\n', f);
}

void table_types(const struct diff *d, const struct diff_module *m, bool all, FILE *f)
{
	const struct types_change *c = m->types;
	uint32_t nr = all || c->nr < NR_FIRST ? c->nr : NR_FIRST;
	char n[HUMAN_LEN];

	fputs("\n  ", f);
	escape_line(diff_shown(diff_path(m)), f);
	fputs(":\n", f);
	for (uint32_t i = 0; i < nr; i++)
		put_type(&c->types[i], f);
	if (nr < c->nr)
		fprintf(f, "              and %s more (-v)\n", human_count(n, c->nr - nr));
	put_anonymous(c, f);
	put_lost(d, m, f);
}
