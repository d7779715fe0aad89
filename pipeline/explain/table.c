// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explanations for people: figures in aligned columns, what they are about last, as it is
 * long. Under a cause stands an example of the way to it, where there is one.
 */
#include <inttypes.h>
#include <string.h>

#include "pipeline/escape.h"
#include "pipeline/explain/print.h"
#include "pipeline/human.h"
#include "pipeline/report.h"
#include "pipeline/stream.h"

enum { INVOLVED, ALONE, TOGETHER, MODULES, KIND, NR_COLUMNS };

struct line {
	char cell[NR_COLUMNS][HUMAN_LEN];
};

static const struct line heading = {{"waiting", "alone", "together", "modules", "kind"}};

static void put_count(const char *label, uint64_t types, uint64_t bytes, const char *what, FILE *f)
{
	char n[HUMAN_LEN], size[HUMAN_LEN];

	fprintf(f, "%-9s%s %s, %s%s\n", label, human_count(n, types), types == 1 ? "type" : "types",
		human_size(size, bytes), what);
}

static void put_base(const struct inputs *in, const char *path, FILE *f)
{
	char n[HUMAN_LEN];

	fputs("base     ", f);
	escape_line(path, f);
	fprintf(f, ": %s types\n", human_count(n, base_type_cnt(in->base) - 1));
}

/* Returns how many were explained. */
static uint32_t put_modules(const struct explain_report *r, FILE *f)
{
	const struct report rows = {.rows = r->in->list.rows, .nr_rows = r->in->list.nr_rows};
	const struct totals t = report_totals(&rows);
	char n[HUMAN_LEN];

	if (!r->options->tree) {
		fputs("module   ", f);
		escape_line(r->options->paths[0], f);
		fputs(t.no_btf ? ": no BTF\n" : t.failed ? ": FAILED\n" : "\n", f);
		return t.ok;
	}
	fprintf(f, "modules  %s: ", human_count(n, t.modules));
	fprintf(f, "%s ok", human_count(n, t.ok));
	if (t.no_btf)
		fprintf(f, ", %s without BTF", human_count(n, t.no_btf));
	if (t.failed)
		fprintf(f, ", %s FAILED", human_count(n, t.failed));
	fputc('\n', f);
	return t.ok;
}

static void put_totals(const struct explain_report *r, FILE *f)
{
	const struct tally *t = r->tally;

	put_base(r->in, r->options->base, f);
	if (!put_modules(r, f))
		return;
	put_count("stay", t->all.types, t->all.bytes, "", f);
	put_count("  new", t->fresh.types, t->fresh.bytes, ": the base has nothing like them", f);
	put_count("  never", t->never.types, t->never.bytes,
		  ": variables and sections, which are never merged", f);
	put_count("  caused", t->blocked.types, t->blocked.bytes,
		  ": would be merged but for a cause", f);
}

static struct line cause_line(const struct tally_cause *c, uint64_t together)
{
	struct line l;

	human_size(l.cell[INVOLVED], c->involved.bytes);
	human_size(l.cell[ALONE], c->alone.bytes);
	human_size(l.cell[TOGETHER], together);
	human_count(l.cell[MODULES], c->nr_modules);
	strcpy(l.cell[KIND], explain_kind_name(c->kind));
	return l;
}

struct columns {
	int width[NR_COLUMNS];
	bool modules;
};

static void widen(struct columns *c, const struct line *l)
{
	for (int i = 0; i < NR_COLUMNS; i++) {
		int len = (int)strlen(l->cell[i]);

		c->width[i] = c->width[i] < len ? len : c->width[i];
	}
}

static void put_line(const struct columns *c, const struct line *l, const char *what, FILE *f)
{
	for (int i = 0; i < NR_COLUMNS; i++)
		if (i != MODULES || c->modules)
			fprintf(f, "  %*s", i == KIND ? -c->width[i] : c->width[i], l->cell[i]);
	fputs("  ", f);
	escape_line(what, f);
	fputc('\n', f);
}

static int indent_of(const struct columns *c)
{
	int indent = 2;

	for (int i = 0; i < NR_COLUMNS; i++)
		indent += i != MODULES || c->modules ? c->width[i] + 2 : 0;
	return indent;
}

static uint32_t shown(uint32_t nr, uint32_t lines)
{
	return lines && lines < nr ? lines : nr;
}

static void put_heading(uint32_t shown, uint32_t nr, FILE *f)
{
	char n[HUMAN_LEN], all[HUMAN_LEN];

	if (shown < nr)
		fprintf(f, "\nThe %s of %s causes that most bytes wait for:\n\n",
			human_count(n, shown), human_count(all, nr));
	else
		fprintf(f, "\n%s\n\n", nr == 1 ? "The cause:" : "All causes:");
}

static void put_causes(const struct explain_report *r, FILE *f)
{
	const struct tally *t = r->tally;
	uint32_t nr = shown(t->nr, r->options->lines);
	struct columns c = {.modules = r->options->tree};
	uint64_t together = 0;

	if (!nr)
		return;
	put_heading(nr, t->nr, f);
	widen(&c, &heading);
	for (uint32_t i = 0; i < nr; i++) {
		struct line l = cause_line(t->causes[i], together += t->causes[i]->last);

		widen(&c, &l);
	}
	put_line(&c, &heading, "cause", f);
	together = 0;
	for (uint32_t i = 0; i < nr; i++) {
		const struct tally_cause *cause = t->causes[i];
		struct line l = cause_line(cause, together += cause->last);

		put_line(&c, &l, cause->what, f);
		if (!strcmp(cause->path, cause->what))
			continue;
		fprintf(f, "%*s", indent_of(&c), "");
		fputs("  e.g. ", f);
		escape_line(cause->path, f);
		fputc('\n', f);
	}
}

static void put_failures(const struct explain_report *r, FILE *f)
{
	bool any = false;

	for (uint32_t i = 0; i < r->in->list.nr_rows; i++) {
		const struct row *row = &r->in->list.rows[i];

		if (row->status != ROW_FAILED)
			continue;
		fputs(any ? "FAILED  " : "\nFAILED  ", f);
		escape_line(row->path, f);
		fputs(": ", f);
		escape_line(row->error ? row->error : "no reason given", f);
		fputc('\n', f);
		any = true;
	}
}

int explain_report_table(const struct explain_report *r, FILE *f)
{
	put_totals(r, f);
	put_causes(r, f);
	put_failures(r, f);
	return stream_flush(f);
}

/* ---- one type ---- */

static void put_text(const char *before, const char *text, FILE *f)
{
	fputs(before, f);
	escape_line(text, f);
	fputc('\n', f);
}

static void put_candidates(const struct explain_type *t, FILE *f)
{
	char before[64];

	if (t->nr_candidates < 2)
		return;
	fprintf(f, "  the base has %u of its name:\n", t->nr_candidates);
	for (uint32_t i = 0; i < t->nr_candidates; i++) {
		snprintf(before, sizeof(before), "    [%u] ", t->candidates[i].base_id);
		put_text(before, t->candidates[i].path ? t->candidates[i].path : "nothing differs",
			 f);
	}
}

static void put_other_causes(const struct explain_answer *a, const struct explain_type *t, FILE *f)
{
	uint32_t nr = shown(t->nr_causes, a->options->lines);
	char n[HUMAN_LEN];

	if (t->nr_causes < 2)
		return;
	fprintf(f, "  it waits for %s causes in all:\n", human_count(n, t->nr_causes));
	for (uint32_t i = 0; i < nr; i++)
		put_text("    ", a->result->causes[t->causes[i]].what, f);
	if (nr < t->nr_causes)
		fprintf(f, "    and %s more\n", human_count(n, t->nr_causes - nr));
}

static void put_waiting(const struct explain_answer *a, const struct explain_type *t, FILE *f)
{
	uint32_t nr = shown(t->nr_waiting, a->options->lines);
	char n[HUMAN_LEN], size[HUMAN_LEN];

	if (!t->blocks.types)
		return;
	fprintf(f, "  for it wait %s %s, %s", human_count(n, t->blocks.types),
		t->blocks.types == 1 ? "type" : "types", human_size(size, t->blocks.bytes));
	fputs(nr ? ":\n" : "\n", f);
	for (uint32_t i = 0; i < nr; i++) {
		fprintf(f, "    %10s  ", human_size(size, t->waiting[i].bytes));
		put_text("", t->waiting[i].name, f);
	}
	if (nr < t->nr_waiting)
		fprintf(f, "    and %s more with a name\n", human_count(n, t->nr_waiting - nr));
}

static void put_type(const struct explain_answer *a, uint32_t i, FILE *f)
{
	const struct explain_type *t = &a->types[i];
	char size[HUMAN_LEN];

	fputs(i ? "\n" : "", f);
	escape_line(t->name, f);
	fprintf(f, " [%u]: ", a->list->types[i].input_id);
	switch (t->fate) {
	case EXPLAIN_MERGED:
		fprintf(f, "merged, it is the base's [%u]\n", t->base_id);
		return;
	case EXPLAIN_NEVER:
		fprintf(f, "stays (%s): variables and sections are never merged\n",
			human_size(size, t->bytes));
		return;
	case EXPLAIN_NEW:
		fprintf(f, "stays (%s): the base has nothing like it\n",
			human_size(size, t->bytes));
		return;
	case EXPLAIN_BLOCKED:
		break;
	}
	fprintf(f, "stays (%s), is not the base's [%u]:\n", human_size(size, t->bytes), t->base_id);
	put_text("  ", t->path, f);
	fprintf(f, "  kind of cause: %s\n", explain_kind_name(t->kind));
	put_candidates(t, f);
	put_other_causes(a, t, f);
	put_waiting(a, t, f);
}

int explain_answer_text(const struct explain_answer *a, FILE *f)
{
	for (uint32_t i = 0; i < a->list->nr; i++)
		put_type(a, i, f);
	return stream_flush(f);
}
