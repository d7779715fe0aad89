// SPDX-License-Identifier: GPL-2.0-only
#include "workers/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <xxhash.h>

#include "merge/libbpf_engine.h"
#include "workers/pool.h"

/* What a worker keeps from module to module; nobody else touches it. */
struct worker_state {
	void *reader;
	struct dedup *dedup;
	struct libbpf_engine *libbpf;
};

struct run {
	const struct batch *batch;
	struct worker_state *workers;
};

static int deduplicate(const struct batch *batch, struct worker_state *w, const void *blob,
		       size_t len, struct dedup_result *res, struct diag *diag)
{
	if (batch->engine == BATCH_ENGINE_LIBBPF)
		return libbpf_engine_module(w->libbpf, blob, len, res, diag);
	return dedup_module(w->dedup, batch->base, blob, len, res, diag);
}

static void do_module(void *arg, unsigned int worker, uint32_t module)
{
	const struct run *run = arg;
	const struct batch *batch = run->batch;
	const struct batch_io *io = batch->io;
	struct worker_state *w = &run->workers[worker];
	struct batch_result r = {0};
	const void *blob;
	struct diag diag;

	r.why = diag.text;
	r.err = io->read(io->arg, w->reader, module, &blob, &r.input_bytes, &diag);
	if (!r.err)
		r.err = deduplicate(batch, w, blob, r.input_bytes, &r.dedup, &diag);
	if (!r.err) {
		r.xxh3 = XXH3_64bits(r.dedup.split, r.dedup.split_bytes);
		if (io->write)
			r.err = io->write(io->arg, module, r.dedup.split, r.dedup.split_bytes,
					  &diag);
	}
	io->done(io->arg, module, &r);
}

static void tell_progress(void *arg, uint32_t done)
{
	const struct batch_io *io = ((const struct run *)arg)->batch->io;

	io->progress(io->arg, done);
}

static int worker_ready(const struct batch *batch, struct worker_state *w, struct diag *diag)
{
	w->reader = batch->io->reader_new(batch->io->arg);
	w->dedup = dedup_new();
	if (!w->reader || !w->dedup)
		return diag_fail(diag, -ENOMEM, "no memory for a worker");
	if (batch->engine == BATCH_ENGINE_LIBBPF)
		return libbpf_engine_new(&w->libbpf, batch->base, batch->base_data, batch->base_len,
					 diag);
	return 0;
}

static void worker_gone(const struct batch *batch, struct worker_state *w)
{
	if (w->reader)
		batch->io->reader_free(w->reader);
	dedup_free(w->dedup);
	libbpf_engine_free(w->libbpf);
}

int batch_run(const struct batch *batch, unsigned int workers, struct diag *diag)
{
	struct run run = {.batch = batch};
	const struct pool_work work = {
		.nr_jobs = batch->nr_modules,
		.order = batch->order,
		.arg = &run,
		.job = do_module,
		.stack = batch->engine == BATCH_ENGINE_LIBBPF ? LIBBPF_ENGINE_STACK : 0,
		.progress = batch->io->progress ? tell_progress : NULL,
	};
	int err = 0;

	if (workers > batch->nr_modules)
		workers = batch->nr_modules ? batch->nr_modules : 1;
	run.workers = calloc(workers, sizeof(*run.workers));
	if (!run.workers)
		return diag_fail(diag, -ENOMEM, "no memory for %u workers", workers);
	for (unsigned int i = 0; i < workers && !err; i++)
		err = worker_ready(batch, &run.workers[i], diag);
	if (!err)
		pool_run(&work, workers);
	for (unsigned int i = 0; i < workers; i++)
		worker_gone(batch, &run.workers[i]);
	free(run.workers);
	return err;
}
