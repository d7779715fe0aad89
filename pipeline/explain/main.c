// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/explain/main.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/explain/options.h"
#include "pipeline/explain/print.h"
#include "pipeline/explain/tree.h"
#include "pipeline/html/html.h"
#include "pipeline/message.h"
#include "pipeline/print_to.h"
#include "pipeline/run.h"

struct explaining {
	struct explain_options options;
	struct run run; /* of it, what was found and the rows only */
	struct explain_base *index;
};

/* ---- the causes ---- */

static int print_table(const void *what, FILE *f)
{
	return explain_report_table(what, f);
}

static int print_json(const void *what, FILE *f)
{
	return explain_report_json(what, f);
}

static int print_html(const void *what, FILE *f)
{
	const struct html_part part = {"causes", print_json, what};
	const struct html_page page = {.parts = &part, .nr_parts = 1};

	return html_print(&page, f);
}

static int print_results(const struct explain_options *o, print_fn text, print_fn json,
			 const void *what)
{
	int err = 0;

	if (o->json)
		err |= print_to(o->json, json, what);
	if (o->html)
		err |= print_to(o->html, print_html, what);
	if (!o->quiet && !print_to_is_stdout(o->json) && !print_to_is_stdout(o->html))
		err |= print_to("-", text, what);
	return err;
}

static enum exit_status explain_causes(struct explaining *x)
{
	struct tally tally;
	const struct explain_report r = {&x->options, &x->run.in, &tally};
	uint32_t failed;
	int err = tally_init(&tally);

	if (err)
		message(NULL, "no memory for the causes", NULL);
	else
		err = tree_run(&x->run.in, x->index, x->options.jobs, &tally);
	if (!err) {
		failed = rows_tell_failures(x->run.in.list.rows, x->run.in.list.nr_rows, "failed");
		err = print_results(&x->options, print_table, print_json, &r) || failed;
	}
	tally_free(&tally);
	return err ? EXIT_SOME_FAILED : EXIT_ALL_WELL;
}

/* ---- one type ---- */

static int print_answer(const void *what, FILE *f)
{
	return explain_answer_text(what, f);
}

static int print_answer_json(const void *what, FILE *f)
{
	return explain_answer_json(what, f);
}

static void tell_missing(const struct explaining *x, const struct explain_list *list)
{
	char why[512] = "it has none that comes close";
	size_t len = 0;

	for (uint32_t i = 0; i < list->nr_near && len < sizeof(why); i++)
		len += (size_t)snprintf(why + len, sizeof(why) - len, "%s%s",
					i ? ", " : "close to it: ", list->near[i]);
	message(x->options.paths[0], "has no such type", why);
}

static int answer(struct explaining *x, struct tree_worker *w, struct tree_module *m,
		  struct explain_list *list, struct diag *diag)
{
	struct explain_type *types = calloc(list->nr, sizeof(*types));
	const struct explain_answer a = {&x->options, &x->run.in, &m->explain, list, types};
	int err = types ? 0 : diag_fail(diag, -ENOMEM, "no memory for the answer");

	for (uint32_t i = 0; i < list->nr && !err; i++)
		err = explain_type(w->explain, list->types[i].output_id, &types[i], diag);
	if (err)
		message(x->options.paths[0], "cannot be explained", diag->text);
	else
		err = print_results(&x->options, print_answer, print_answer_json, &a);
	free(types);
	return err;
}

static int explain_one(struct explaining *x, struct tree_worker *w)
{
	const char *path = x->run.in.list.files[0]->full;
	struct explain_list list;
	struct tree_module m;
	struct diag diag;
	int err = tree_worker_init(w);

	if (err)
		diag_fail(&diag, err, "no memory for its types");
	else
		err = tree_one(w, x->index, x->run.in.base, path, &m, &diag);
	if (err) {
		message(x->options.paths[0], "failed",
			err == -ENODATA ? "it has no BTF" : diag.text);
		return err;
	}
	err = explain_find(w->explain, x->index, m.blob, m.len, &m.dedup, x->options.type, &list,
			   &diag);
	if (err) {
		message(x->options.paths[0], "has no such type", diag.text);
		return err;
	}
	if (!list.nr) {
		tell_missing(x, &list);
		return -ENOENT;
	}
	return answer(x, w, &m, &list, &diag);
}

/* ---- all of it ---- */

static int get_inputs(struct explaining *x)
{
	const struct explain_options *o = &x->options;
	const struct inputs_ask ask = {
		.base = o->base, .paths = o->paths, .nr_paths = o->nr_paths, .jobs = o->jobs};
	struct diag diag;
	int err = inputs_get(&x->run.in, &ask);

	if (err)
		return err;
	err = explain_base_new(&x->index, x->run.in.base, &diag);
	if (err)
		message(o->base, "cannot be explained against", diag.text);
	return err;
}

/* Without --tree it has to be one file. */
static bool is_one(const struct explaining *x)
{
	const struct find_result *found = &x->run.in.found;
	const char *path = x->options.paths[0];

	if (x->options.tree || found->nr_errors ||
	    (found->nr_files == 1 && !strcmp(found->files[0].full, path)))
		return true;
	message(path, "is not one module", "a directory is explained with --tree");
	return false;
}

static enum exit_status run(struct explaining *x)
{
	struct tree_worker w = {0};
	int err;

	if (get_inputs(x))
		return EXIT_UNUSABLE;
	if (!is_one(x))
		return EXIT_UNUSABLE;
	if (!x->options.type)
		return explain_causes(x);
	if (!x->run.in.list.nr_order) {
		rows_tell_failures(x->run.in.list.rows, x->run.in.list.nr_rows, "failed");
		return EXIT_SOME_FAILED;
	}
	err = explain_one(x, &w);
	tree_worker_free(&w);
	return err ? EXIT_SOME_FAILED : EXIT_ALL_WELL;
}

enum exit_status explain_main(int argc, char **argv)
{
	struct explaining x = {0};
	enum exit_status status;

	switch (explain_options_read(&x.options, argc, argv)) {
	case ARGS_DONE:
		return EXIT_ALL_WELL;
	case ARGS_WRONG:
		return EXIT_UNUSABLE;
	case ARGS_RUN:
		break;
	}
	status = run(&x);
	explain_base_free(x.index);
	run_free(&x.run);
	return status;
}
