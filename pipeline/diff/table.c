// SPDX-License-Identifier: GPL-2.0-only
/*
 * The comparison for people, made to be read in a build log: what it comes to first, then
 * what is over budget, then the largest changes, and what failed at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "pipeline/columns.h"
#include "pipeline/diff/print.h"
#include "pipeline/diff/table_types.h"
#include "pipeline/escape.h"
#include "pipeline/stream.h"

#define NR_LARGEST 10

enum { CHANGE, PERCENT, OLD, NEW, NR_COLUMNS };

static const struct columns_line heading = {{"change", "%", "old", "new"}};

/* ---- the first lines ---- */

static void put_side(const char *label, const struct diff_side *side, FILE *f)
{
	char size[HUMAN_LEN], nr[HUMAN_LEN];

	fprintf(f, "%-9s", label);
	escape_line(side->name, f);
	fprintf(f, ": %s modules, %s; base ", human_count(nr, side->sums.modules),
		human_size(size, side->sums.split_bytes));
	escape_line(side->report->base.path, f);
	fprintf(f, ", %s\n", human_size(size, side->report->base.bytes));
}

static void put_change(const char *label, char *human(char *, uint64_t), uint64_t old, uint64_t new,
		       FILE *f)
{
	char text[HUMAN_LEN];

	fprintf(f, "%-9s%s", label, human(text, old));
	fprintf(f, " -> %s", human(text, new));
	if (old != new &&old)
		fprintf(f, ", %s", human_percent(text, old, new));
	if (old != new &&human == human_size)
		fprintf(f, " (%s)", human_change(text, old, new));
	fputc('\n', f);
}

static void put_counts(const struct diff *d, FILE *f)
{
	static const struct {
		enum diff_change change;
		const char *word;
	} counts[] = {{DIFF_GREW, "grew"}, {DIFF_SHRANK, "shrank"}, {DIFF_SAME, "the same"},
		      {DIFF_CAME, "came"}, {DIFF_WENT, "went"},     {DIFF_FAILED, "FAILED"}};
	const char *before = "modules  ";
	char n[HUMAN_LEN];

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!d->nr[counts[i].change])
			continue;
		fprintf(f, "%s%s %s", before, human_count(n, d->nr[counts[i].change]),
			counts[i].word);
		before = ", ";
	}
	fputs(d->nr_modules ? "\n" : "modules  none\n", f);
}

static void put_overs(const struct overs *overs, FILE *f)
{
	char is[HUMAN_LEN], by[HUMAN_LEN], may[HUMAN_LEN];

	if (overs->nr)
		fputc('\n', f);
	for (size_t i = 0; i < overs->nr; i++) {
		const struct over *o = &overs->over[i];

		fputs("OVER BUDGET  ", f);
		escape_line(o->module ? diff_shown(diff_path(o->module)) : "total", f);
		fprintf(f, ": %s (%s), ", human_size(is, o->new), human_change(by, o->old, o->new));
		escape_line(o->limit->where, f);
		fputc(' ', f);
		escape_line(o->limit->text, f);
		fprintf(f, " allows %s\n", human_size(may, o->allowed));
	}
}

static void put_summary(const struct diff_print *p, FILE *f)
{
	const struct diff *d = p->diff;

	put_side("old", &d->old, f);
	put_side("new", &d->new, f);
	put_change("BTF", human_size, d->old.sums.split_bytes, d->new.sums.split_bytes, f);
	put_change("types", human_count, d->old.sums.split_types, d->new.sums.split_types, f);
	put_counts(d, f);
	put_overs(p->overs, f);
}

/* ---- the modules ---- */

static struct columns_line line_of(uint64_t old, uint64_t new)
{
	struct columns_line l;

	human_change(l.cell[CHANGE], old, new);
	human_percent(l.cell[PERCENT], old, new);
	human_size(l.cell[OLD], old);
	human_size(l.cell[NEW], new);
	return l;
}

static struct columns_line module_line(const struct diff_module *m)
{
	return line_of(diff_bytes(m->old), diff_bytes(m->new));
}

/* The next module from @at on that changed so; behind the last: nr_modules. */
static uint32_t next_of(const struct diff *d, enum diff_change change, uint32_t at)
{
	while (at < d->nr_modules && d->modules[at].change != change)
		at++;
	return at;
}

static void put_module(const struct columns *c, const struct diff_module *m, FILE *f)
{
	struct columns_line l = module_line(m);

	columns_put(c, &l, f);
	escape_line(diff_shown(diff_path(m)), f);
	if (diff_moved(m)) {
		fputs(", was ", f);
		escape_line(diff_shown(m->old->path), f);
	}
	fputc('\n', f);
}

static void put_lines(const struct diff *d, enum diff_change change, uint32_t nr, FILE *f)
{
	struct columns c = {.nr = NR_COLUMNS};
	uint32_t at = next_of(d, change, 0);

	columns_widen(&c, &heading);
	for (uint32_t i = 0; i < nr; i++, at = next_of(d, change, at + 1)) {
		struct columns_line l = module_line(&d->modules[at]);

		columns_widen(&c, &l);
	}
	columns_put(&c, &heading, f);
	fputs("module\n", f);
	at = next_of(d, change, 0);
	for (uint32_t i = 0; i < nr; i++, at = next_of(d, change, at + 1))
		put_module(&c, &d->modules[at], f);
}

static void put_modules(const struct diff_print *p, enum diff_change change, const char *what,
			FILE *f)
{
	const struct diff *d = p->diff;
	uint32_t all = d->nr[change], nr = p->verbose || all < NR_LARGEST ? all : NR_LARGEST;
	char n[HUMAN_LEN];

	if (!nr)
		return;
	fprintf(f, "\nModules that %s, ", what);
	if (nr < all)
		fprintf(f, "the first %d of %s:\n\n", NR_LARGEST, human_count(n, all));
	else
		fprintf(f, "%s:\n\n", human_count(n, all));
	put_lines(d, change, nr, f);
}

/* What came and went in the modules that put_modules() showed. */
static void put_types(const struct diff_print *p, FILE *f)
{
	const struct diff *d = p->diff;
	uint32_t nr = d->nr[DIFF_GREW], at = next_of(d, DIFF_GREW, 0);

	if (!nr || !d->old.types || !d->new.types)
		return;
	fputs("\nWhat changed in those that grew:\n", f);
	for (uint32_t i = 0; i < nr && (p->verbose || i < NR_LARGEST); i++) {
		if (d->modules[at].types)
			table_types(d, &d->modules[at], p->verbose, f);
		at = next_of(d, DIFF_GREW, at + 1);
	}
}

/* ---- the kinds ---- */

static int compare_kinds(const void *a, const void *b, void *arg)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct diff *d = arg;
	uint64_t dx = d->new.sums.kinds[x].bytes - d->old.sums.kinds[x].bytes;
	uint64_t dy = d->new.sums.kinds[y].bytes - d->old.sums.kinds[y].bytes;

	if (dx != dy)
		return (int64_t)dx < (int64_t)dy ? 1 : -1;
	return (x > y) - (x < y);
}

/* Those that changed, the most grown first; returns how many. */
static uint32_t changed_kinds(const struct diff *d, uint32_t *kinds)
{
	uint32_t nr = 0;

	for (uint32_t kind = 1; kind < BTF_NR_KINDS; kind++)
		if (d->old.sums.kinds[kind].bytes != d->new.sums.kinds[kind].bytes ||
		    d->old.sums.kinds[kind].types != d->new.sums.kinds[kind].types)
			kinds[nr++] = kind;
	qsort_r(kinds, nr, sizeof(*kinds), compare_kinds, (void *)d);
	return nr;
}

static struct columns_line kind_line(const struct diff *d, uint32_t kind)
{
	return line_of(d->old.sums.kinds[kind].bytes, d->new.sums.kinds[kind].bytes);
}

static void put_kinds(const struct diff *d, FILE *f)
{
	struct columns c = {.nr = NR_COLUMNS};
	uint32_t kinds[BTF_NR_KINDS], nr = changed_kinds(d, kinds);
	char old[HUMAN_LEN], new[HUMAN_LEN];

	if (!nr)
		return;
	fputs("\nBy kind, without strings:\n\n", f);
	columns_widen(&c, &heading);
	for (uint32_t i = 0; i < nr; i++) {
		struct columns_line l = kind_line(d, kinds[i]);

		columns_widen(&c, &l);
	}
	columns_put(&c, &heading, f);
	fputs("kind\n", f);
	for (uint32_t i = 0; i < nr; i++) {
		struct columns_line l = kind_line(d, kinds[i]);

		columns_put(&c, &l, f);
		fprintf(f, "%s, %s -> %s types\n", btf_kind_name(kinds[i]),
			human_count(old, d->old.sums.kinds[kinds[i]].types),
			human_count(new, d->new.sums.kinds[kinds[i]].types));
	}
}

/* ---- what failed ---- */

static void put_failure(const struct row *row, const char *run, FILE *f)
{
	if (!row || row->status != ROW_FAILED)
		return;
	fprintf(f, "FAILED in %s  ", run);
	escape_line(row->path, f);
	fputs(": ", f);
	escape_line(row->error ? row->error : "no reason given", f);
	fputc('\n', f);
}

static void put_failures(const struct diff *d, FILE *f)
{
	uint32_t at = next_of(d, DIFF_FAILED, 0);

	if (at < d->nr_modules)
		fputs("\nNot compared, nor in any sum:\n\n", f);
	for (; at < d->nr_modules; at = next_of(d, DIFF_FAILED, at + 1)) {
		put_failure(d->modules[at].old, "OLD", f);
		put_failure(d->modules[at].new, "NEW", f);
	}
}

int diff_table(const struct diff_print *p, FILE *f)
{
	put_summary(p, f);
	put_modules(p, DIFF_GREW, "grew", f);
	put_modules(p, DIFF_SHRANK, "shrank", f);
	put_modules(p, DIFF_CAME, "came", f);
	put_modules(p, DIFF_WENT, "went", f);
	put_kinds(p->diff, f);
	put_types(p, f);
	put_failures(p->diff, f);
	return stream_flush(f);
}
