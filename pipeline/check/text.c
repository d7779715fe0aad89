// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdicts for people, made to be read in a build log: a line each of the modules that are not
 * accepted, then what was checked.
 */
#include <inttypes.h>
#include <string.h>

#include "pipeline/check/rows.h"
#include "pipeline/escape.h"
#include "pipeline/human.h"
#include "pipeline/stream.h"

void check_print_place(const struct verify_place *p, FILE *f)
{
	if (!p->known)
		return;
	if (p->part) {
		fprintf(f, "%s %u ", p->part, p->index);
		if (p->part_name) {
			fputc('"', f);
			escape_line(p->part_name, f);
			fputs("\" ", f);
		}
		fputs("of ", f);
	}
	fprintf(f, "%s", p->kind ? p->kind : "type");
	if (p->name) {
		fputc(' ', f);
		escape_line(p->name, f);
	}
	fprintf(f, " [%u]", p->id);
}

/* The kernel's words, one line whatever names are in them. */
static void put_said(const char *said, FILE *f)
{
	while (*said == '\t' || *said == ' ')
		said++;
	fputs(said[0] ? "; the kernel says: " : "", f);
	escape_line(said, f);
}

static void put_fault(const struct check_report *r, const struct check_fault *fault, FILE *f)
{
	const struct verify_verdict *v = &fault->verdict;

	if (v->err)
		fprintf(f, " (%s)", check_errno_name(v->err));
	fputs(": ", f);
	if (v->foreign) {
		fputs("its BTF is not of this base: ", f);
		escape_line(v->foreign, f);
		if (r->old.path)
			fprintf(f, "; %s the old base's", fault->fits_old ? "it is" : "nor is it");
	} else {
		if (v->place.known) {
			check_print_place(&v->place, f);
			fputs(": ", f);
		}
		fputs(v->meaning, f);
	}
	if (v->err && v->said)
		put_said(v->said, f);
}

static void put_log(const char *log, FILE *f)
{
	for (const char *end; (end = strchr(log, '\n')); log = end + 1) {
		char line[1200];

		/* A piece of the kernel's log has 1023 bytes at most. */
		snprintf(line, sizeof(line), "%.*s", (int)(end - log), log);
		fputs("    ", f);
		escape_line(line, f);
		fputc('\n', f);
	}
}

static void put_row(const struct check_report *r, const struct check_row *row, FILE *f)
{
	char size[HUMAN_LEN], types[HUMAN_LEN];

	escape_line(row->path, f);
	fprintf(f, ": %s", check_status_name(row->status));
	if (row->fault)
		put_fault(r, row->fault, f);
	else if (row->status == CHECK_ACCEPTED)
		fprintf(f, ": %s, %s types", human_size(size, row->bytes),
			human_count(types, row->types));
	fputc('\n', f);
	if (row->fault && row->fault->verdict.err && row->fault->verdict.log && r->options->verbose)
		put_log(row->fault->verdict.log, f);
}

/* What failed has its message on standard error. */
static bool is_shown(const struct check_report *r, const struct check_row *row)
{
	return row->status != CHECK_FAILED && (row->fault || r->options->verbose);
}

static void put_manifest(const struct check_report *r, FILE *f)
{
	if (r->manifest_base) {
		escape_line(r->base.path, f);
		fprintf(f, ": not the manifest's base: %s\n", r->manifest_base);
	}
	for (uint32_t i = 0; i < r->nr_rows; i++) {
		if (!r->rows[i].manifest)
			continue;
		escape_line(r->rows[i].path, f);
		fprintf(f, ": not the manifest's: %s\n", r->rows[i].manifest);
	}
	for (uint32_t i = 0; i < r->nr_missing; i++) {
		escape_line(r->missing[i], f);
		fputs(": not found, but the manifest has it\n", f);
	}
}

static void put_side(const char *who, const struct verify_base *base, uint32_t id, FILE *f)
{
	const char *name = verify_base_name(base, id);

	fprintf(f, "%s%s", who, verify_base_kind(base, id));
	if (*name) {
		fputc(' ', f);
		escape_line(name, f);
	}
}

/* Do they differ in more than kind and name? */
static bool is_alike(const struct check_report *r, uint32_t id)
{
	return !strcmp(verify_base_kind(r->old.base, id), verify_base_kind(r->base.base, id)) &&
	       !strcmp(verify_base_name(r->old.base, id), verify_base_name(r->base.base, id));
}

static void put_parting(const struct check_report *r, FILE *f)
{
	struct verify_parting p = verify_bases_part(r->old.base, r->base.base);

	if (!p.type && !p.string) {
		fputs("bases    the old base has the same types and strings\n", f);
		return;
	}
	if (p.type) {
		fprintf(f, "bases    part at type %u", p.type);
		put_side(": in the old one ", r->old.base, p.type, f);
		put_side(", in this ", r->base.base, p.type, f);
		fputs(is_alike(r, p.type) ? " that is another\n" : "\n", f);
	}
	if (p.string)
		fprintf(f, "bases    part at string offset %u\n", p.string);
}

static void put_base(const char *what, const struct check_base *b, FILE *f)
{
	char size[HUMAN_LEN], types[HUMAN_LEN];

	fprintf(f, "%s", what);
	escape_line(b->path, f);
	fprintf(f, ": %s, %s types, %s", human_size(size, b->bytes),
		human_count(types, b->verdict.types), verify_grade_name(b->verdict.grade));
	if (b->verdict.meaning) {
		fputs(": ", f);
		check_print_place(&b->verdict.place, f);
		fprintf(f, ": %s", b->verdict.meaning);
	}
	fputc('\n', f);
}

static void put_count(uint32_t n, const char *what, const char **comma, FILE *f)
{
	char count[HUMAN_LEN];

	if (!n)
		return;
	fprintf(f, "%s%s %s", *comma, human_count(count, n), what);
	*comma = ", ";
}

static void put_totals(const struct check_report *r, FILE *f)
{
	const char *comma = ": ";
	char count[HUMAN_LEN];

	put_base("base     ", &r->base, f);
	if (r->old.path)
		put_base("old base ", &r->old, f);
	if (r->old.path)
		put_parting(r, f);
	fprintf(f, "rules    Linux %u.%u\n", r->options->kernel >> 16, r->options->kernel & 0xffff);
	fprintf(f, "modules  %s", human_count(count, r->nr_rows));
	put_count(r->nr[CHECK_ACCEPTED], "accepted", &comma, f);
	put_count(r->nr[CHECK_NO_BTF], "without BTF", &comma, f);
	put_count(r->nr[CHECK_REJECTED], "rejected", &comma, f);
	put_count(r->nr[CHECK_BROKEN], "broken", &comma, f);
	put_count(r->nr[CHECK_FAILED], "failed", &comma, f);
	fputc('\n', f);
	if (r->foreign) {
		fprintf(f, "         %s of another base", human_count(count, r->foreign));
		if (r->old.path)
			fprintf(f, ", %s of the old one", human_count(count, r->fit_old));
		fputc('\n', f);
	}
	if (!r->options->manifest)
		return;
	comma = ": ";
	fprintf(f, "manifest %s", r->manifest_base ? "of another base" : "of this base");
	put_count(r->nr_others, "modules differ", &comma, f);
	put_count(r->nr_missing, "modules not found", &comma, f);
	fputc('\n', f);
}

int check_print_text(const void *report, FILE *f)
{
	const struct check_report *r = report;

	for (uint32_t i = 0; i < r->nr_rows; i++) {
		int err;

		if (!is_shown(r, &r->rows[i]))
			continue;
		put_row(r, &r->rows[i], f);
		err = stream_status(f);
		if (err)
			return err;
	}
	put_manifest(r, f);
	if (!r->options->quiet)
		put_totals(r, f);
	return stream_flush(f);
}
