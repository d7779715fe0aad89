// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/coordinator.h"

#include <stdbool.h>

#include "merge/clock.h"
#include "pipeline/html/html.h"
#include "pipeline/message.h"
#include "pipeline/options.h"
#include "pipeline/print_to.h"
#include "pipeline/report.h"
#include "pipeline/report_timings.h"
#include "pipeline/run.h"
#include "pipeline/shared.h"

static int print_json(const void *report, FILE *f)
{
	return report_json(report, f);
}

static int print_csv(const void *report, FILE *f)
{
	return report_csv(report, f);
}

static int print_html(const void *report, FILE *f)
{
	const struct html_part part = {"report", print_json, report};
	const struct html_page page = {.parts = &part, .nr_parts = 1};

	return html_print(&page, f);
}

static int print_table(const void *report, FILE *f)
{
	return report_table(report, false, f);
}

static int print_all(const void *report, FILE *f)
{
	return report_table(report, true, f);
}

static int print_shared(const void *report, FILE *f)
{
	return report_shared(report, f);
}

/* Adds to @report what --shared asks for. */
static int add_shared(const struct options *o, const struct run *run, struct shared *shared,
		      struct report *report)
{
	int err;

	if (!o->shared)
		return 0;
	err = shared_find(shared, run);
	if (err)
		message(NULL, "no memory for --shared", NULL);
	else
		report->shared = shared;
	return err;
}

static int print_reports(const struct options *o, const struct report *report)
{
	bool taken = print_to_is_stdout(o->json) || print_to_is_stdout(o->csv) ||
		     print_to_is_stdout(o->html) || print_to_is_stdout(o->shared);
	int err = 0;

	if (o->json)
		err |= print_to(o->json, print_json, report);
	if (o->csv)
		err |= print_to(o->csv, print_csv, report);
	if (o->html)
		err |= print_to(o->html, print_html, report);
	if (o->shared)
		err |= print_to(o->shared, print_shared, report);
	if (!o->quiet && !taken)
		err |= print_to("-", o->verbose ? print_all : print_table, report);
	return err;
}

static int tell_results(const struct options *o, struct run *run)
{
	struct report report = run_report(run);
	struct shared shared = {0};
	uint64_t start = clock_ns();
	int err = add_shared(o, run, &shared, &report);

	if (!err)
		err = print_reports(o, &report);
	shared_free(&shared);
	run->timings.report = clock_ns() - start;
	if (o->timings)
		report_timings(&run->timings, stderr);
	return err;
}

static enum exit_status do_run(const struct options *o, struct run *run)
{
	const struct run_ask ask = {
		.inputs =
			{
				.base = o->base,
				.output = o->output,
				.paths = o->paths,
				.nr_paths = o->nr_paths,
				.copies = o->embed.on,
				.what_for = o->embed.on ? FIND_TO_CHANGE : FIND_TO_READ,
				.jobs = o->jobs,
			},
		.embed = o->embed.on ? &o->embed : NULL,
		.engine = o->engine,
		.timings = o->timings,
		.hash = o->json || o->csv || o->html,
		.types = o->shared,
	};
	uint32_t failed;

	if (run_all(run, &ask))
		return EXIT_UNUSABLE;
	failed = rows_tell_failures(run->in.list.rows, run->in.list.nr_rows, "failed");
	if (tell_results(o, run) || failed)
		return EXIT_SOME_FAILED;
	return EXIT_ALL_WELL;
}

enum exit_status coordinator_main(int argc, char **argv)
{
	struct options options;
	struct run run = {0};
	enum exit_status status;

	switch (options_read(&options, argc, argv)) {
	case ARGS_DONE:
		return EXIT_ALL_WELL;
	case ARGS_WRONG:
		return EXIT_UNUSABLE;
	case ARGS_RUN:
		break;
	}
	status = do_run(&options, &run);
	run_free(&run);
	return status;
}
