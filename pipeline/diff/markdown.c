// SPDX-License-Identifier: GPL-2.0-only
/*
 * Made piece by piece: a piece is a line of a table, or what stands around one. A list that
 * would become too long ends with a line that says how much was left out; for such a line,
 * and for the end of whatever is open, there is always room.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/diff/markdown_text.h"
#include "pipeline/diff/print.h"
#include "pipeline/human.h"
#include "pipeline/stream.h"

#define NR_LARGEST 10
#define NR_TYPES 5
#define NR_OVERS 30
#define RESERVE 1024 /* for all that follows a list that was cut */

struct md {
	const struct diff *diff;
	const struct overs *overs;
	FILE *f;
	size_t used;
};

/* Prints piece @i of a list. */
typedef void (*piece_fn)(const struct md *md, uint32_t i, FILE *f);

enum fit { FITS, TOO_LONG, NO_MEMORY };

/* Prints a piece, if @reserve bytes are left behind it then. */
static enum fit put_piece(struct md *md, piece_fn print, uint32_t i, size_t reserve)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	enum fit fit = FITS;

	if (!f)
		return NO_MEMORY;
	print(md, i, f);
	if (fclose(f)) {
		free(text);
		return NO_MEMORY;
	}
	if (md->used + len + reserve > DIFF_MARKDOWN_MAX) {
		fit = TOO_LONG;
	} else {
		fwrite(text, 1, len, md->f);
		md->used += len;
	}
	free(text);
	return fit;
}

static void cut_line(const struct md *md, uint32_t left, FILE *f)
{
	char n[HUMAN_LEN], max[HUMAN_LEN];

	fprintf(f, "\n… and %s more, left out: a comment takes %s characters at most.\n",
		human_count(n, left), human_count(max, DIFF_MARKDOWN_MAX));
}

/* Pieces 0 to @nr - 1, of which @print prints nothing for those that do not belong there;
 * @counts of them do. Leaves @reserve bytes behind it. */
static int put_list(struct md *md, piece_fn print, uint32_t nr, uint32_t counts, size_t reserve)
{
	uint32_t put = 0;

	for (uint32_t i = 0; i < nr; i++) {
		size_t before = md->used;

		switch (put_piece(md, print, i, reserve + RESERVE)) {
		case FITS:
			put += md->used > before;
			break;
		case TOO_LONG:
			return put_piece(md, cut_line, counts - put, reserve) == NO_MEMORY ? -ENOMEM
											   : 0;
		case NO_MEMORY:
			return -ENOMEM;
		}
	}
	return 0;
}

/* A piece of which there is one. */
static int put_once(struct md *md, piece_fn print)
{
	return put_piece(md, print, 0, 0) == NO_MEMORY ? -ENOMEM : 0;
}

/* ---- the head ---- */

static void head(const struct md *md, uint32_t i, FILE *f)
{
	uint64_t old = md->diff->old.sums.split_bytes, new = md->diff->new.sums.split_bytes;
	char text[HUMAN_LEN];

	fprintf(f, "### Split BTF: %s", human_size(text, new));
	if (old == new) {
		fputs(", as before\n", f);
		return;
	}
	fprintf(f, ", %s", human_change(text, old, new));
	if (old)
		fprintf(f, " (%s)", human_percent(text, old, new));
	fputc('\n', f);
}

static void total(const char *what, char *human(char *, uint64_t), uint64_t old, uint64_t new,
		  FILE *f)
{
	char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN];

	fprintf(f, "| %s | %s | %s | %s |\n", what, human(a, old), human(b, new),
		old == new ? "" : human_percent(c, old, new));
}

static void totals(const struct md *md, uint32_t i, FILE *f)
{
	const struct diff_side *old = &md->diff->old, *new = &md->diff->new;

	fputs("\n| | old | new | |\n| --- | --: | --: | --: |\n", f);
	total("modules with BTF", human_count, old->sums.modules, new->sums.modules, f);
	total("split BTF", human_size, old->sums.split_bytes, new->sums.split_bytes, f);
	total("types in it", human_count, old->sums.split_types, new->sums.split_types, f);
	total("base", human_size, old->report->base.bytes, new->report->base.bytes, f);
}

static void counts(const struct md *md, uint32_t i, FILE *f)
{
	const uint32_t *nr = md->diff->nr;

	fprintf(f,
		"\nModules: %" PRIu32 " grew, %" PRIu32 " shrank, %" PRIu32 " the same, %" PRIu32
		" came, %" PRIu32 " went",
		nr[DIFF_GREW], nr[DIFF_SHRANK], nr[DIFF_SAME], nr[DIFF_CAME], nr[DIFF_WENT]);
	if (nr[DIFF_FAILED])
		fprintf(f, ", **%" PRIu32 " failed**", nr[DIFF_FAILED]);
	fputs(".\n", f);
}

static void overs_head(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n**Over budget:**\n\n| | size | change | allowed | by |\n"
	      "| --- | --: | --: | --: | --- |\n",
	      f);
}

static void over_line(const struct md *md, uint32_t i, FILE *f)
{
	const struct over *o = &md->overs->over[i];
	char is[HUMAN_LEN], by[HUMAN_LEN], may[HUMAN_LEN];

	fputs("| ", f);
	if (o->module)
		markdown_code(diff_shown(diff_path(o->module)), f);
	else
		fputs("total", f);
	fprintf(f, " | %s | %s | %s | ", human_size(is, o->new), human_change(by, o->old, o->new),
		human_size(may, o->allowed));
	markdown_code(o->limit->where, f);
	fputc(' ', f);
	markdown_code(o->limit->text, f);
	fputs(" |\n", f);
}

static void overs_more(const struct md *md, uint32_t i, FILE *f)
{
	char n[HUMAN_LEN];

	fprintf(f, "\n… and %s more.\n", human_count(n, md->overs->nr - NR_OVERS));
}

/* ---- lists ---- */

static void failures_head(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n**Failed**, not compared, nor in any sum:\n\n", f);
}

static void failure(const struct row *row, const char *run, FILE *f)
{
	if (!row || row->status != ROW_FAILED)
		return;
	fputs("- ", f);
	markdown_code(row->path, f);
	fprintf(f, " in the %s run: ", run);
	markdown_code(row->error ? row->error : "no reason given", f);
	fputc('\n', f);
}

static void failure_line(const struct md *md, uint32_t i, FILE *f)
{
	const struct diff_module *m = &md->diff->modules[i];

	if (m->change != DIFF_FAILED)
		return;
	failure(m->old, "old", f);
	failure(m->new, "new", f);
}

static bool changed(const struct diff_module *m)
{
	return m->change != DIFF_SAME && m->change != DIFF_FAILED;
}

static void modules_head(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n| change | | old | new | module |\n| --: | --: | --: | --: | --- |\n", f);
}

static void module_line(const struct md *md, uint32_t i, FILE *f)
{
	const struct diff_module *m = &md->diff->modules[i];
	uint32_t old = diff_bytes(m->old), new = diff_bytes(m->new);
	char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN], d[HUMAN_LEN];

	if (!changed(m))
		return;
	fprintf(f, "| %s | %s | %s | %s | ", human_change(a, old, new),
		m->change == DIFF_CAME   ? "came"
		: m->change == DIFF_WENT ? "went"
					 : human_percent(b, old, new),
		human_size(c, old), human_size(d, new));
	markdown_code(diff_shown(diff_path(m)), f);
	if (diff_moved(m)) {
		fputs(", was ", f);
		markdown_code(diff_shown(m->old->path), f);
	}
	fputs(" |\n", f);
}

static void type_line(const struct type_change *t, FILE *f)
{
	char change[HUMAN_LEN];

	fprintf(f, "- %s %s ", human_change(change, t->old_bytes, t->new_bytes),
		btf_kind_name(t->kind));
	markdown_code(t->name, f);
	if (!t->old_bytes || !t->new_bytes)
		fputs(t->old_bytes ? " went" : " came", f);
	fputs(t->lost_merge ? ", the base has another one\n" : "\n", f);
}

/* Grew, and it is known by what. */
static bool grew_by_types(const struct diff_module *m)
{
	return m->change == DIFF_GREW && m->types;
}

static void types_of_module(const struct md *md, uint32_t i, FILE *f)
{
	const struct diff_module *m = &md->diff->modules[i];
	const struct types_change *c = m->types;

	if (!grew_by_types(m))
		return;
	fputc('\n', f);
	markdown_code(diff_shown(diff_path(m)), f);
	fputs(":\n", f);
	for (uint32_t t = 0; t < c->nr && t < NR_TYPES; t++)
		type_line(&c->types[t], f);
	if (c->nr > NR_TYPES)
		fprintf(f, "- and %" PRIu32 " more\n", c->nr - NR_TYPES);
	if (c->lost_merges)
		fprintf(f,
			"- %" PRIu32 " are in the base too, but differ: `btfbatch explain` "
			"tells why\n",
			c->lost_merges);
}

static void kinds_head(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n| kind | old | new | | types |\n| --- | --: | --: | --: | --: |\n", f);
}

static void kind_line(const struct md *md, uint32_t kind, FILE *f)
{
	uint64_t old = md->diff->old.sums.kinds[kind].bytes;
	uint64_t new = md->diff->new.sums.kinds[kind].bytes;
	char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN];

	if (old == new)
		return;
	fprintf(f, "| %s | %s | %s | %s | %+" PRId64 " |\n", btf_kind_name(kind),
		human_size(a, old), human_size(b, new), human_percent(c, old, new),
		(int64_t)(md->diff->new.sums.kinds[kind].types -
			  md->diff->old.sums.kinds[kind].types));
}

/* ---- what opens and closes ---- */

static void all_summary(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n<details><summary>All changes</summary>\n", f);
}

static void types_summary(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n<details><summary>What changed in the modules that grew most</summary>\n", f);
}

static void kinds_summary(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n<details><summary>By kind, without strings</summary>\n", f);
}

static void end_details(const struct md *md, uint32_t i, FILE *f)
{
	fputs("\n</details>\n", f);
}

static int put_overs(struct md *md)
{
	uint32_t nr = (uint32_t)md->overs->nr;
	int err = 0;

	if (!nr)
		return 0;
	err = put_once(md, overs_head);
	if (!err)
		err = put_list(md, over_line, nr < NR_OVERS ? nr : NR_OVERS, nr, 4 * RESERVE);
	return err || nr <= NR_OVERS ? err : put_once(md, overs_more);
}

static int put_failures(struct md *md)
{
	const struct diff *d = md->diff;
	int err;

	if (!d->nr[DIFF_FAILED])
		return 0;
	err = put_once(md, failures_head);
	return err ? err
		   : put_list(md, failure_line, d->nr_modules, d->nr[DIFF_FAILED], 3 * RESERVE);
}

static uint32_t nr_changed(const struct diff *d)
{
	return d->nr_modules - d->nr[DIFF_SAME] - d->nr[DIFF_FAILED];
}

/* How many modules have to be gone through to meet @nr of those that @is says. */
static uint32_t nr_until(const struct diff *d, bool is(const struct diff_module *), uint32_t nr)
{
	uint32_t at = 0;

	for (uint32_t met = 0; at < d->nr_modules && met < nr; at++)
		met += is(&d->modules[at]);
	return at;
}

static int put_modules(struct md *md)
{
	const struct diff *d = md->diff;
	uint32_t all = nr_changed(d), nr = all < NR_LARGEST ? all : NR_LARGEST;
	int err;

	if (!nr)
		return 0;
	err = put_once(md, modules_head);
	return err ? err : put_list(md, module_line, nr_until(d, changed, nr), nr, 2 * RESERVE);
}

/* A part that opens when it is clicked. */
static int put_details(struct md *md, piece_fn summary, piece_fn table, piece_fn line, uint32_t nr,
		       uint32_t all)
{
	int err = put_once(md, summary);

	if (!err && table)
		err = put_once(md, table);
	if (!err)
		err = put_list(md, line, nr, all, RESERVE);
	return err ? err : put_once(md, end_details);
}

/* Is there room for a part to begin? */
static bool is_room(const struct md *md)
{
	return md->used + 4 * RESERVE < DIFF_MARKDOWN_MAX;
}

static int put_all_details(struct md *md)
{
	const struct diff *d = md->diff;
	uint32_t all = nr_changed(d), grew = nr_until(d, grew_by_types, NR_LARGEST);
	int err = 0;

	if (all && is_room(md))
		err = put_details(md, kinds_summary, kinds_head, kind_line, BTF_NR_KINDS,
				  BTF_NR_KINDS);
	if (!err && d->old.types && d->new.types && d->nr[DIFF_GREW] && is_room(md))
		err = put_details(md, types_summary, NULL, types_of_module, grew, NR_LARGEST);
	if (!err && all > NR_LARGEST && is_room(md))
		err = put_details(md, all_summary, modules_head, module_line, d->nr_modules, all);
	return err;
}

int diff_markdown(const struct diff_print *p, FILE *f)
{
	struct md md = {.diff = p->diff, .overs = p->overs, .f = f};
	int err = put_once(&md, head);

	if (!err)
		err = put_overs(&md);
	if (!err)
		err = put_once(&md, totals);
	if (!err)
		err = put_once(&md, counts);
	if (!err)
		err = put_failures(&md);
	if (!err)
		err = put_modules(&md);
	if (!err)
		err = put_all_details(&md);
	return err ? err : stream_flush(f);
}
