// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/main.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/diff/options.h"
#include "pipeline/diff/print.h"
#include "pipeline/diff/side.h"
#include "pipeline/html/html.h"
#include "pipeline/human.h"
#include "pipeline/message.h"
#include "pipeline/print_to.h"
#include "pipeline/worklist.h"

struct comparison {
	struct side old, new;
	struct diff diff;
	struct overs overs;
};

static int print_json(const void *what, FILE *f)
{
	return diff_json(what, f);
}

static int print_markdown(const void *what, FILE *f)
{
	return diff_markdown(what, f);
}

static int print_html(const void *what, FILE *f)
{
	const struct html_part part = {"diff", print_json, what};
	const struct html_page page = {.parts = &part, .nr_parts = 1};

	return html_print(&page, f);
}

static int print_table(const void *what, FILE *f)
{
	return diff_table(what, f);
}

static int tell_results(const struct diff_options *o, const struct comparison *c)
{
	const struct diff_print what = {&c->diff, &c->overs, o->verbose};
	bool taken = print_to_is_stdout(o->json) || print_to_is_stdout(o->markdown) ||
		     print_to_is_stdout(o->html);
	int err = 0;

	if (o->json)
		err |= print_to(o->json, print_json, &what);
	if (o->markdown)
		err |= print_to(o->markdown, print_markdown, &what);
	if (o->html)
		err |= print_to(o->html, print_html, &what);
	if (!o->quiet && !taken)
		err |= print_to("-", print_table, &what);
	return err;
}

static void tell_over(const struct over *o)
{
	char is[HUMAN_LEN], may[HUMAN_LEN], by[HUMAN_LEN], *text;
	int len = asprintf(&text, "%s (%s), %s %s allows %s", human_size(is, o->new),
			   human_change(by, o->old, o->new), o->limit->where, o->limit->text,
			   human_size(may, o->allowed));

	message(o->module ? diff_path(o->module) : "total", "over budget", len < 0 ? NULL : text);
	if (len >= 0)
		free(text);
}

static struct diff_side side_of(const struct side *side, const struct side_ask *ask)
{
	return (struct diff_side){
		.name = ask->path,
		.report = &side->report,
		.types = side->run.types,
		.files = side->run.in.list.files,
	};
}

static int compare(const struct diff_options *o, struct comparison *c)
{
	const struct diff_side old = side_of(&c->old, &o->old), new = side_of(&c->new, &o->new);
	int err = diff_make(&c->diff, &old, &new, o->min_change);

	if (!err)
		err = budgets_check(&o->budgets, &c->diff, o->min_change, &c->overs);
	if (err)
		message(NULL, "no memory to compare", NULL);
	return err;
}

static enum exit_status run(const struct diff_options *o, struct comparison *c)
{
	if (side_get(&c->old, &o->old) || side_get(&c->new, &o->new) || compare(o, c))
		return EXIT_UNUSABLE;
	rows_tell_failures(c->old.report.rows, c->old.report.nr_rows, "failed in OLD");
	rows_tell_failures(c->new.report.rows, c->new.report.nr_rows, "failed in NEW");
	for (size_t i = 0; i < c->overs.nr; i++)
		tell_over(&c->overs.over[i]);
	if (tell_results(o, c))
		return EXIT_SOME_FAILED;
	if (c->overs.nr)
		return EXIT_OVER_BUDGET;
	return c->diff.nr[DIFF_FAILED] ? EXIT_SOME_FAILED : EXIT_ALL_WELL;
}

enum exit_status diff_main(int argc, char **argv)
{
	struct diff_options options;
	struct comparison c = {0};
	enum exit_status status = EXIT_UNUSABLE;

	switch (diff_options_read(&options, argc, argv)) {
	case ARGS_DONE:
		status = EXIT_ALL_WELL;
		break;
	case ARGS_WRONG:
		break;
	case ARGS_RUN:
		status = run(&options, &c);
		break;
	}
	overs_free(&c.overs);
	diff_free(&c.diff);
	side_free(&c.old);
	side_free(&c.new);
	diff_options_free(&options);
	return status;
}
