// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/columns.h"
#include "pipeline/escape.h"
#include "pipeline/human.h"
#include "pipeline/report.h"
#include "pipeline/stream.h"

enum { SAVED, BYTES, MODULES, NR_COLUMNS };

static struct columns_line line_of(const struct shared_type *t)
{
	struct columns_line l;

	human_size(l.cell[SAVED], t->saved);
	human_size(l.cell[BYTES], t->bytes);
	human_count(l.cell[MODULES], t->modules);
	return l;
}

static void put_sums(const struct shared *s, FILE *f)
{
	char types[HUMAN_LEN], saved[HUMAN_LEN];

	fprintf(f, "Types that several modules have and the base has not: %s",
		human_count(types, s->nr + (uint64_t)s->anonymous));
	fprintf(f, "; in the base\nthey would save %s", human_size(saved, s->saved));
	if (s->anonymous)
		fprintf(f, ", %s of that those without a name",
			human_size(saved, s->anonymous_saved));
	fputs(".\n", f);
}

void report_shared_lines(const struct shared *s, uint32_t nr, FILE *f)
{
	static const struct columns_line heading = {{"saved", "bytes", "modules"}};
	struct columns c = {.nr = NR_COLUMNS};

	put_sums(s, f);
	if (!nr)
		return;
	fputc('\n', f);
	columns_widen(&c, &heading);
	for (uint32_t i = 0; i < nr; i++) {
		struct columns_line l = line_of(&s->types[i]);

		columns_widen(&c, &l);
	}
	columns_put(&c, &heading, f);
	fputs("type\n", f);
	for (uint32_t i = 0; i < nr; i++) {
		struct columns_line l = line_of(&s->types[i]);

		columns_put(&c, &l, f);
		fprintf(f, "%s ", btf_kind_name(s->types[i].kind));
		escape_line(s->types[i].name, f);
		fputs(", as in ", f);
		escape_line(s->types[i].first, f);
		fputc('\n', f);
	}
}

int report_shared(const struct report *r, FILE *f)
{
	report_shared_lines(r->shared, r->shared->nr, f);
	return stream_flush(f);
}
