// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/coordinator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "merge/clock.h"
#include "pipeline/embed/place.h"
#include "pipeline/inputs.h"
#include "pipeline/message.h"
#include "pipeline/module_file.h"
#include "pipeline/options.h"
#include "pipeline/out_file.h"
#include "pipeline/progress.h"
#include "pipeline/report.h"
#include "pipeline/report_timings.h"
#include "pipeline/stream.h"
#include "pipeline/version.h"

struct coordinator {
	const struct options *options;
	struct inputs in;
	struct embed embed; /* where it is asked for */
	struct progress *progress;
	struct timings timings; /* with workers[] only if asked for */
};

/*
 * What workers call. The worklist stands while they run; a worker writes
 * to the row of the module it was given, which no one else looks at until
 * all are done.
 */

static void *reader_new(void *arg)
{
	return module_reader_new();
}

static void reader_free(void *reader)
{
	module_reader_free(reader);
}

static void *embed_reader(void *arg)
{
	return embed_reader_new();
}

static void embed_reader_done(void *reader)
{
	embed_reader_free(reader);
}

static int read_to_embed(void *arg, void *reader, uint32_t module, const void **blob, size_t *len,
			 uint64_t *unpack, struct diag *diag)
{
	const struct coordinator *c = arg;

	return embed_read(&c->embed, reader, c->in.list.files[module], &c->in.list.rows[module],
			  blob, len, unpack, diag);
}

static int write_embedded(void *arg, void *reader, uint32_t module,
			  const struct dedup_result *result, struct diag *diag)
{
	const struct coordinator *c = arg;

	return embed_write(&c->embed, reader, c->in.list.files[module], &c->in.list.rows[module],
			   result, diag);
}

static int read_module(void *arg, void *reader, uint32_t module, const void **blob, size_t *len,
		       uint64_t *unpack, struct diag *diag)
{
	const struct coordinator *c = arg;
	int err;

	err = module_file_read(AT_FDCWD, c->in.list.files[module]->full, reader, blob, len, diag);
	*unpack += module_reader_unpacked(reader);
	return err;
}

static int write_split(void *arg, void *reader, uint32_t module, const struct dedup_result *result,
		       struct diag *diag)
{
	const struct coordinator *c = arg;
	char *path = worklist_blob(c->options->output, c->in.list.rows[module].path);
	int err;

	if (!path)
		return diag_fail(diag, -ENOMEM, "no memory for the name of its output");
	err = out_file_write(path, result->split, result->split_bytes, diag);
	free(path);
	return err;
}

static int keep_kinds(struct row *row, const struct dedup_result *dedup)
{
	uint32_t nr = 0;

	for (uint32_t kind = 0; kind < BTF_NR_KINDS; kind++)
		nr += dedup->kinds[kind].types > 0;
	row->kinds = calloc(nr ? nr : 1, sizeof(*row->kinds));
	if (!row->kinds)
		return -ENOMEM;
	for (uint32_t kind = 0; kind < BTF_NR_KINDS; kind++)
		if (dedup->kinds[kind].types)
			row->kinds[row->nr_kinds++] = (struct row_kind){
				kind, dedup->kinds[kind].types, dedup->kinds[kind].bytes};
	return 0;
}

static void module_done(void *arg, uint32_t module, const struct batch_result *r)
{
	const struct coordinator *c = arg;
	struct row *row = &c->in.list.rows[module];

	if (r->err == -ENODATA) {
		row->status = ROW_NO_BTF;
		return;
	}
	if (r->err) {
		row_fail(row, r->why);
		return;
	}
	if (keep_kinds(row, &r->dedup)) {
		row_fail(row, "no memory for its row of the report");
		return;
	}
	row->status = ROW_OK;
	row->form = r->dedup.form;
	row->input_bytes = r->input_bytes;
	row->input_types = r->dedup.input_types;
	row->split_bytes = r->dedup.split_bytes;
	row->split_types = r->dedup.split_types;
	row->split_type_bytes = r->dedup.split_type_bytes;
	row->split_string_bytes = r->dedup.split_string_bytes;
	row->xxh3 = r->xxh3;
}

static void tell_progress(void *arg, uint32_t done)
{
	const struct coordinator *c = arg;

	progress_update(c->progress, done);
}

/* The stages of a run. Each prints its own message when it fails. */

static int get_inputs(struct coordinator *c)
{
	const struct options *o = c->options;
	const struct inputs_ask ask = {
		.base = o->base,
		.output = o->output,
		.paths = o->paths,
		.nr_paths = o->nr_paths,
		.copies = o->embed.on,
		.what_for = o->embed.on ? FIND_TO_CHANGE : FIND_TO_READ,
		.jobs = o->jobs,
	};
	int err = inputs_get(&c->in, &ask);

	c->timings.inputs = c->in.times;
	if (err || !o->embed.on)
		return err;
	if (!o->embed.dry_run)
		place_remove_left(&c->in.found);
	c->embed = (struct embed){.options = &o->embed, .output = o->output, .in = &c->in};
	err = embed_begin(&c->embed);
	if (err)
		message(NULL, "no memory for --embed", NULL);
	return err;
}

/* Room for the workers' times, where --timings asks for them. */
static int ready_timings(struct coordinator *c)
{
	struct timings *t = &c->timings;

	if (!c->options->timings)
		return 0;
	t->nr_workers =
		c->options->jobs < c->in.list.nr_order ? c->options->jobs : c->in.list.nr_order;
	t->workers = calloc(t->nr_workers + 1, sizeof(*t->workers));
	if (!t->workers)
		message(NULL, "no memory for --timings", NULL);
	return t->workers ? 0 : -ENOMEM;
}

static int do_work(struct coordinator *c)
{
	const struct options *o = c->options;
	struct batch_io io = {
		.arg = c,
		.reader_new = reader_new,
		.reader_free = reader_free,
		.read = read_module,
		.write = o->output ? write_split : NULL,
		.done = module_done,
		.progress = tell_progress,
	};
	const struct batch batch = {
		.base = c->in.base,
		.base_data = c->in.base_data.data,
		.base_len = c->in.base_data.len,
		.engine = o->engine,
		.io = &io,
		.nr_modules = c->in.list.nr_order,
		.order = c->in.list.order,
		.times = c->timings.workers,
	};
	struct diag diag;
	int err;

	if (o->embed.on) {
		io.reader_new = embed_reader;
		io.reader_free = embed_reader_done;
		io.read = read_to_embed;
		io.write = write_embedded;
	}
	c->progress = progress_start(c->in.list.nr_order);
	err = batch_run(&batch, o->jobs, &diag);
	progress_end(c->progress);
	if (err)
		message(o->base, "cannot be worked with", diag.text);
	return err;
}

static uint32_t tell_failures(const struct worklist *list)
{
	uint32_t failed = 0;

	for (uint32_t i = 0; i < list->nr_rows; i++) {
		const struct row *row = &list->rows[i];

		if (row->note)
			message(row->path, "note", row->note);
		if (row->status != ROW_FAILED)
			continue;
		message(row->path, "failed", row->error ? row->error : "no memory");
		failed++;
	}
	return failed;
}

static struct report make_report(const struct coordinator *c)
{
	return (struct report){
		.version = BTFBATCH_VERSION,
		.base =
			{
				.path = c->options->base,
				.bytes = c->in.base_data.len,
				.types = base_type_cnt(c->in.base) - 1,
				.strings_bytes = base_strings_bytes(c->in.base),
				.xxh3 = XXH3_64bits(c->in.base_data.data, c->in.base_data.len),
			},
		.rows = c->in.list.rows,
		.nr_rows = c->in.list.nr_rows,
	};
}

typedef int (*report_fn)(const struct report *report, FILE *f);

static int print_report(const struct report *report, report_fn print, const char *path)
{
	struct out_file *out;
	struct diag diag;
	int err;

	if (!strcmp(path, "-")) {
		err = print(report, stdout);
		if (err)
			message("standard output", "cannot be written", strerror(-err));
		return err;
	}
	err = out_file_begin(path, &out, &diag);
	if (!err) {
		err = print(report, out_file_stream(out));
		if (err) {
			diag_fail(&diag, err, "%s", strerror(-err));
			out_file_abort(out);
		} else {
			err = out_file_commit(out, &diag);
		}
	}
	if (err)
		message(path, "the report cannot be written", diag.text);
	return err;
}

static int print_table(const struct options *o, const struct report *report)
{
	bool taken = (o->json && !strcmp(o->json, "-")) || (o->csv && !strcmp(o->csv, "-"));
	int err;

	if (o->quiet || taken)
		return 0;
	err = report_table(report, o->verbose, stdout);
	if (err)
		message("standard output", "cannot be written", strerror(-err));
	return err;
}

static int tell_results(struct coordinator *c)
{
	const struct options *o = c->options;
	struct report report = make_report(c);
	uint64_t start = clock_ns();
	int err = 0;

	if (o->json)
		err |= print_report(&report, report_json, o->json);
	if (o->csv)
		err |= print_report(&report, report_csv, o->csv);
	err |= print_table(o, &report);
	c->timings.report = clock_ns() - start;
	if (o->timings)
		report_timings(&c->timings, stderr);
	return err;
}

static enum exit_status run(struct coordinator *c)
{
	uint32_t failed;

	if (get_inputs(c) || ready_timings(c) || do_work(c))
		return EXIT_UNUSABLE;
	/* From here on every row has its end, and only this thread is left. */
	failed = tell_failures(&c->in.list);
	if (tell_results(c) || failed)
		return EXIT_SOME_FAILED;
	return EXIT_ALL_WELL;
}

enum exit_status coordinator_main(int argc, char **argv)
{
	struct options options;
	struct coordinator c = {.options = &options};
	enum exit_status status;

	switch (options_read(&options, argc, argv)) {
	case ARGS_DONE:
		return EXIT_ALL_WELL;
	case ARGS_WRONG:
		return EXIT_UNUSABLE;
	case ARGS_RUN:
		break;
	}
	status = run(&c);
	embed_end(&c.embed);
	inputs_free(&c.in);
	free(c.timings.workers);
	return status;
}
