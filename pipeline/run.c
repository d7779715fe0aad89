// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "pipeline/embed/place.h"
#include "pipeline/human.h"
#include "pipeline/interrupt.h"
#include "pipeline/message.h"
#include "pipeline/module_file.h"
#include "pipeline/out_file.h"
#include "pipeline/progress.h"
#include "pipeline/version.h"

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
	const struct run *run = arg;

	return embed_read(&run->embed, reader, run->in.list.files[module],
			  &run->in.list.rows[module], blob, len, unpack, diag);
}

static int write_embedded(void *arg, void *reader, uint32_t module,
			  const struct dedup_result *result, struct diag *diag)
{
	const struct run *run = arg;

	return embed_write(&run->embed, reader, run->in.list.files[module],
			   &run->in.list.rows[module], result, diag);
}

static int read_module(void *arg, void *reader, uint32_t module, const void **blob, size_t *len,
		       uint64_t *unpack, struct diag *diag)
{
	const struct run *run = arg;
	int err;

	err = module_file_read(AT_FDCWD, run->in.list.files[module]->full, reader, blob, len, diag);
	*unpack += module_reader_unpacked(reader);
	return err;
}

static int write_split(void *arg, void *reader, uint32_t module, const struct dedup_result *result,
		       struct diag *diag)
{
	const struct run *run = arg;
	char *path = worklist_blob(run->ask.inputs.output, run->in.list.rows[module].path);
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
	const struct run *run = arg;
	struct row *row = &run->in.list.rows[module];

	if (r->err == -ENODATA) {
		row->status = ROW_NO_BTF;
		return;
	}
	if (r->err) {
		row_fail(row, r->why);
		return;
	}
	if (keep_kinds(row, &r->dedup) ||
	    (run->types && module_types_keep(&run->types[module], r->types))) {
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
	const struct run *run = arg;

	progress_update(run->progress, done);
}

static bool to_stop(void *arg)
{
	return interrupted();
}

/* The stages of a run. Each prints its own message when it fails. */

static int get_inputs(struct run *run)
{
	int err = inputs_get(&run->in, &run->ask.inputs);

	run->timings.inputs = run->in.times;
	if (err || !run->ask.embed)
		return err;
	if (!run->ask.embed->dry_run)
		place_remove_left(&run->in.found);
	run->embed = (struct embed){
		.options = run->ask.embed, .output = run->ask.inputs.output, .in = &run->in};
	err = embed_begin(&run->embed);
	if (err)
		message(NULL, "no memory for --embed", NULL);
	return err;
}

/* Room for the workers' times, where --timings asks for them. */
static int ready_timings(struct run *run)
{
	struct timings *t = &run->timings;
	uint32_t modules = run->in.list.nr_order;
	unsigned int jobs = run->ask.inputs.jobs;

	if (!run->ask.timings)
		return 0;
	t->nr_workers = jobs < modules ? jobs : modules;
	t->workers = calloc(t->nr_workers + 1, sizeof(*t->workers));
	if (!t->workers)
		message(NULL, "no memory for --timings", NULL);
	return t->workers ? 0 : -ENOMEM;
}

/* Room for the modules' types, where they are asked for. */
static int ready_types(struct run *run)
{
	if (!run->ask.types)
		return 0;
	run->types = calloc(run->in.list.nr_rows + 1, sizeof(*run->types));
	if (!run->types)
		message(NULL, "no memory for the modules' types", NULL);
	return run->types ? 0 : -ENOMEM;
}

static int do_work(struct run *run)
{
	const struct run_ask *ask = &run->ask;
	struct batch_io io = {
		.arg = run,
		.reader_new = reader_new,
		.reader_free = reader_free,
		.read = read_module,
		.write = ask->inputs.output ? write_split : NULL,
		.done = module_done,
		.progress = tell_progress,
		.stop = to_stop,
	};
	const struct batch batch = {
		.base = run->in.base,
		.base_data = run->in.base_data.data,
		.base_len = run->in.base_data.len,
		.engine = ask->engine,
		.hash = ask->hash,
		.types = ask->types,
		.io = &io,
		.nr_modules = run->in.list.nr_order,
		.order = run->in.list.order,
		.times = run->timings.workers,
	};
	struct diag diag;
	int err;

	if (ask->embed) {
		io.reader_new = embed_reader;
		io.reader_free = embed_reader_done;
		io.read = read_to_embed;
		io.write = write_embedded;
	}
	run->progress = progress_start(run->in.list.nr_order);
	err = batch_run(&batch, ask->inputs.jobs, &run->done, &diag);
	progress_end(run->progress);
	if (err)
		message(ask->inputs.base, "cannot be worked with", diag.text);
	return err;
}

/* Some rows have no end: there is no report that could be told from a whole one. */
static int tell_interruption(const struct run *run)
{
	char done[HUMAN_LEN], all[HUMAN_LEN], how_far[2 * HUMAN_LEN + 32];

	rows_tell_failures(run->in.list.rows, run->in.list.nr_rows, "failed");
	snprintf(how_far, sizeof(how_far), "%s of %s modules done", human_count(done, run->done),
		 human_count(all, run->in.list.nr_order));
	message(NULL, "interrupted", how_far);
	return -EINTR;
}

int run_all(struct run *run, const struct run_ask *ask)
{
	int err;

	*run = (struct run){.ask = *ask};
	err = get_inputs(run);
	if (!err)
		err = ready_timings(run);
	if (!err)
		err = ready_types(run);
	if (err)
		return err;
	/* Up to here nothing is written, and a signal may end it as it likes. */
	interrupt_begin();
	err = do_work(run);
	return !err && run->done < run->in.list.nr_order ? tell_interruption(run) : err;
}

void run_free(struct run *run)
{
	embed_end(&run->embed);
	for (uint32_t i = 0; run->types && i < run->in.list.nr_rows; i++)
		module_types_free(&run->types[i]);
	free(run->types);
	inputs_free(&run->in);
	free(run->timings.workers);
	interrupt_end();
}

struct report run_report(const struct run *run)
{
	const struct buffer *base = &run->in.base_data;

	return (struct report){
		.version = BTFBATCH_VERSION,
		.base =
			{
				.path = run->ask.inputs.base,
				.bytes = base->len,
				.types = base_type_cnt(run->in.base) - 1,
				.strings_bytes = base_strings_bytes(run->in.base),
				.xxh3 = run->ask.hash ? XXH3_64bits(base->data, base->len) : 0,
			},
		.rows = run->in.list.rows,
		.nr_rows = run->in.list.nr_rows,
	};
}
