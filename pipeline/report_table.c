// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report for people, made to be read in a build log: the totals, the modules
 * in aligned columns with the path last (so that a long one pushes nothing aside),
 * the failures at the end where a log is looked at first.
 */
#include <inttypes.h>
#include <string.h>

#include "pipeline/escape.h"
#include "pipeline/human.h"
#include "pipeline/report.h"
#include "pipeline/stream.h"

#define NR_LARGEST 10

/* The columns before the path. */
enum { INPUT, SPLIT, FACTOR, TYPES_IN, TYPES_OUT, NR_COLUMNS };

struct line {
	char cell[NR_COLUMNS][HUMAN_LEN];
};

static const struct line heading = {{"input", "split", "factor", "types in", "out"}};

/* The rows that are shown as lines: all, or the largest. */
struct selection {
	const struct report *report;
	bool all;
	uint32_t nr;
	const struct row *largest[NR_LARGEST];
};

static const struct row *selected(const struct selection *s, uint32_t i)
{
	return s->all ? &s->report->rows[i] : s->largest[i];
}

/* Puts @row in its place; of rows with the same size the first path goes first. */
static void insert_largest(struct selection *s, const struct row *row)
{
	uint32_t at = s->nr;

	while (at && s->largest[at - 1]->split_bytes < row->split_bytes)
		at--;
	if (at == NR_LARGEST)
		return;
	if (s->nr < NR_LARGEST)
		s->nr++;
	memmove(&s->largest[at + 1], &s->largest[at], (s->nr - at - 1) * sizeof(s->largest[0]));
	s->largest[at] = row;
}

static struct selection select_rows(const struct report *r, bool all)
{
	struct selection s = {.report = r, .all = all};

	if (all) {
		s.nr = r->nr_rows;
		return s;
	}
	for (uint32_t i = 0; i < r->nr_rows; i++)
		if (r->rows[i].status == ROW_OK)
			insert_largest(&s, &r->rows[i]);
	return s;
}

static struct line row_line(const struct row *row)
{
	struct line l = {0};

	switch (row->status) {
	case ROW_OK:
		human_size(l.cell[INPUT], row->input_bytes);
		human_size(l.cell[SPLIT], row->split_bytes);
		human_factor(l.cell[FACTOR], row->input_bytes, row->split_bytes);
		human_count(l.cell[TYPES_IN], row->input_types);
		human_count(l.cell[TYPES_OUT], row->split_types);
		break;
	case ROW_NO_BTF:
		strcpy(l.cell[SPLIT], "no BTF");
		break;
	case ROW_FAILED:
		strcpy(l.cell[SPLIT], "FAILED");
		break;
	}
	return l;
}

static void widen(int width[NR_COLUMNS], const struct line *l)
{
	for (int c = 0; c < NR_COLUMNS; c++) {
		int len = (int)strlen(l->cell[c]);

		if (width[c] < len)
			width[c] = len;
	}
}

static void put_line(const int width[NR_COLUMNS], const struct line *l, const char *path, FILE *f)
{
	const char *arrow = *l->cell[TYPES_IN] ? " -> " : "    ";

	for (int c = 0; c < NR_COLUMNS; c++)
		fprintf(f, "%s%*s", c == TYPES_OUT ? arrow : "  ", width[c], l->cell[c]);
	fputs("  ", f);
	escape_line(path, f);
	fputc('\n', f);
}

static void put_lines(const struct selection *s, FILE *f)
{
	int width[NR_COLUMNS] = {0};

	widen(width, &heading);
	for (uint32_t i = 0; i < s->nr; i++) {
		struct line l = row_line(selected(s, i));

		widen(width, &l);
	}
	put_line(width, &heading, "module", f);
	for (uint32_t i = 0; i < s->nr; i++) {
		struct line l = row_line(selected(s, i));

		put_line(width, &l, selected(s, i)->path, f);
	}
}

static void put_modules(const struct report *r, const struct totals *t, bool verbose, FILE *f)
{
	struct selection s = select_rows(r, verbose);

	if (!s.nr)
		return;
	if (verbose)
		fputs("\nAll modules:\n\n", f);
	else if (s.nr < t->ok)
		fprintf(f, "\nThe %d largest modules:\n\n", NR_LARGEST);
	else
		fputs("\nModules, largest first:\n\n", f);
	put_lines(&s, f);
}

static void put_base(const struct row_base *base, FILE *f)
{
	char size[HUMAN_LEN], types[HUMAN_LEN];

	fputs("base     ", f);
	escape_line(base->path, f);
	fprintf(f, ": %s, %s types\n", human_size(size, base->bytes),
		human_count(types, base->types));
}

static void put_counts(const struct totals *t, FILE *f)
{
	char n[HUMAN_LEN];

	fprintf(f, "modules  %s: ", human_count(n, t->modules));
	fprintf(f, "%s ok", human_count(n, t->ok));
	if (t->no_btf)
		fprintf(f, ", %s without BTF", human_count(n, t->no_btf));
	if (t->failed)
		fprintf(f, ", %s FAILED", human_count(n, t->failed));
	fputc('\n', f);
}

/*
 * "LABEL  IN -> OUT, 8.9x WORD": the factor is that of the smaller in the larger
 * one, and left out where it would be "1.0x".
 */
static void put_change(const char *label, char *human(char *, uint64_t), uint64_t in, uint64_t out,
		       const char *less, const char *more, FILE *f)
{
	bool grew = out > in;
	char text[HUMAN_LEN];

	fprintf(f, "%-9s%s", label, human(text, in));
	fprintf(f, " -> %s", human(text, out));
	human_factor(text, grew ? out : in, grew ? in : out);
	if (strcmp(text, "1.0x") && strcmp(text, "-"))
		fprintf(f, ", %s %s", text, grew ? more : less);
	fputc('\n', f);
}

static bool any_to_write(const struct report *r)
{
	for (uint32_t i = 0; i < r->nr_rows; i++)
		if (r->rows[i].file == ROW_FILE_TO_WRITE)
			return true;
	return false;
}

/* What --embed did to the modules. */
static void put_files(const struct report *r, const struct totals *t, FILE *f)
{
	char n[HUMAN_LEN];

	if (!t->files_written && !t->files_same)
		return;
	fprintf(f, "files    %s %s, ", human_count(n, t->files_written),
		any_to_write(r) ? "to be written" : "written");
	fprintf(f, "%s unchanged: ", human_count(n, t->files_same));
	fprintf(f, "%s", human_size(n, t->old_file_bytes));
	fprintf(f, " -> %s\n", human_size(n, t->new_file_bytes));
}

static void put_totals(const struct report *r, const struct totals *t, FILE *f)
{
	put_base(&r->base, f);
	put_counts(t, f);
	put_files(r, t, f);
	if (!t->ok)
		return;
	put_change("BTF", human_size, t->input_bytes, t->split_bytes, "smaller", "larger", f);
	put_change("types", human_count, t->input_types, t->split_types, "fewer", "more", f);
}

static void put_failures(const struct report *r, const struct totals *t, FILE *f)
{
	if (t->failed)
		fputc('\n', f);
	for (uint32_t i = 0; i < r->nr_rows; i++) {
		const struct row *row = &r->rows[i];

		if (row->status != ROW_FAILED)
			continue;
		fputs("FAILED  ", f);
		escape_line(row->path, f);
		fputs(": ", f);
		escape_line(row->error ? row->error : "no reason given", f);
		fputc('\n', f);
	}
}

static void put_shared(const struct shared *s, FILE *f)
{
	if (!s)
		return;
	fputc('\n', f);
	report_shared_lines(s, s->nr < NR_LARGEST ? s->nr : NR_LARGEST, f);
}

int report_table(const struct report *r, bool verbose, FILE *f)
{
	struct totals t = report_totals(r);

	put_totals(r, &t, f);
	put_modules(r, &t, verbose, f);
	put_shared(r->shared, f);
	put_failures(r, &t, f);
	return stream_flush(f);
}
