// SPDX-License-Identifier: GPL-2.0-only
#include "workers/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <xxhash.h>

#include "merge/clock.h"
#include "merge/libbpf_engine.h"
#include "workers/pool.h"

/* What a worker keeps from module to module; nobody else touches it. */
struct worker_state {
	void *reader;
	struct dedup *dedup;
	struct libbpf_engine *libbpf;
	struct type_hash *type_hash; /* NULL: not asked for, as its result */
	struct type_list types;
	struct batch_times times;
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

/* What is made of the split BTF. */
static int look_and_write(const struct batch *batch, struct worker_state *w, uint32_t module,
			  struct batch_result *r, struct diag *diag)
{
	const struct batch_io *io = batch->io;
	const void *split = r->dedup.split;
	uint32_t len = r->dedup.split_bytes;
	int err = 0;

	if (batch->hash)
		r->xxh3 = XXH3_64bits(split, len);
	if (batch->types) {
		err = type_hash_module(w->type_hash, batch->base, split, len, &w->types, diag);
		r->types = &w->types;
	}
	return err || !io->write ? err : io->write(io->arg, w->reader, module, &r->dedup, diag);
}

/* From the module's file to its row; the stages' times are added to @ns. */
static void do_stages(const struct batch *batch, struct worker_state *w, uint32_t module,
		      uint64_t *ns)
{
	const struct batch_io *io = batch->io;
	struct batch_result r = {0};
	uint64_t start = clock_ns(), read, deduplicated, unpack = 0;
	const void *blob;
	struct diag diag;

	r.why = diag.text;
	r.err = io->read(io->arg, w->reader, module, &blob, &r.input_bytes, &unpack, &diag);
	read = clock_ns();
	if (!r.err)
		r.err = deduplicate(batch, w, blob, r.input_bytes, &r.dedup, &diag);
	deduplicated = clock_ns();
	if (!r.err)
		r.err = look_and_write(batch, w, module, &r, &diag);
	io->done(io->arg, module, &r);
	ns[BATCH_READ] += read - start - unpack;
	ns[BATCH_UNPACK] += unpack;
	ns[BATCH_PARSE] += r.dedup.times.parse;
	ns[BATCH_STRINGS] += r.dedup.times.strings;
	ns[BATCH_DEDUP] += deduplicated - read - r.dedup.times.parse - r.dedup.times.strings;
	ns[BATCH_WRITE] += clock_ns() - deduplicated;
}

static void do_module(void *arg, unsigned int worker, uint32_t module)
{
	const struct run *run = arg;
	struct worker_state *w = &run->workers[worker];

	do_stages(run->batch, w, module, w->times.ns);
}

/* What is left of @all for each worker is when it had nothing to do. */
static void keep_times(const struct run *run, unsigned int workers, uint64_t all)
{
	for (unsigned int i = 0; i < workers; i++) {
		struct batch_times *t = &run->batch->times[i];

		*t = run->workers[i].times;
		t->ns[BATCH_IDLE] = all;
		for (int stage = 0; stage < BATCH_IDLE; stage++)
			t->ns[BATCH_IDLE] -= t->ns[stage];
	}
}

static void tell_progress(void *arg, uint32_t done)
{
	const struct batch_io *io = ((const struct run *)arg)->batch->io;

	io->progress(io->arg, done);
}

static bool to_stop(void *arg)
{
	const struct batch_io *io = ((const struct run *)arg)->batch->io;

	return io->stop(io->arg);
}

static int worker_ready(const struct batch *batch, struct worker_state *w, struct diag *diag)
{
	w->reader = batch->io->reader_new(batch->io->arg);
	w->dedup = dedup_new();
	if (batch->types)
		w->type_hash = type_hash_new();
	if (!w->reader || !w->dedup || (batch->types && !w->type_hash))
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
	type_hash_free(w->type_hash);
}

int batch_run(const struct batch *batch, unsigned int workers, uint32_t *done, struct diag *diag)
{
	struct run run = {.batch = batch};
	const struct pool_work work = {
		.nr_jobs = batch->nr_modules,
		.order = batch->order,
		.arg = &run,
		.job = do_module,
		.stack = batch->engine == BATCH_ENGINE_LIBBPF ? LIBBPF_ENGINE_STACK : 0,
		.progress = batch->io->progress ? tell_progress : NULL,
		.stop = batch->io->stop ? to_stop : NULL,
	};
	uint64_t start;
	int err = 0;

	*done = 0;
	if (workers > batch->nr_modules)
		workers = batch->nr_modules ? batch->nr_modules : 1;
	run.workers = calloc(workers, sizeof(*run.workers));
	if (!run.workers)
		return diag_fail(diag, -ENOMEM, "no memory for %u workers", workers);
	for (unsigned int i = 0; i < workers && !err; i++)
		err = worker_ready(batch, &run.workers[i], diag);
	start = clock_ns();
	if (!err)
		*done = pool_run(&work, workers);
	if (batch->times)
		keep_times(&run, workers, clock_ns() - start);
	for (unsigned int i = 0; i < workers; i++)
		worker_gone(batch, &run.workers[i]);
	free(run.workers);
	return err;
}
