// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every module is gone through twice: which causes there are and what waits for each,
 * then, when these are in their order, what they come to together. Between the two passes
 * no more is kept than the causes: to do a module again costs less than to keep it.
 */
#include "pipeline/explain/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "pipeline/message.h"
#include "pipeline/progress.h"
#include "workers/pool.h"

struct tree {
	struct inputs *in;
	const struct explain_base *index;
	struct tally *tally;
	struct tree_worker *workers;
	struct progress *progress;
	uint32_t before; /* steps of the pass before */
	bool ranked;     /* it is the second pass */
};

int tree_worker_init(struct tree_worker *w)
{
	w->reader = module_reader_new();
	w->dedup = dedup_new();
	w->explain = explain_new();
	return w->reader && w->dedup && w->explain ? 0 : -ENOMEM;
}

void tree_worker_free(struct tree_worker *w)
{
	module_reader_free(w->reader);
	dedup_free(w->dedup);
	explain_free(w->explain);
}

int tree_one(struct tree_worker *w, const struct explain_base *index, const struct base *base,
	     const char *path, struct tree_module *m, struct diag *diag)
{
	int err = module_file_read(AT_FDCWD, path, w->reader, &m->blob, &m->len, diag);

	if (!err)
		err = dedup_module(w->dedup, base, m->blob, m->len, &m->dedup, diag);
	if (!err)
		err = explain_module(w->explain, index, &m->dedup, &m->explain, diag);
	return err;
}

static int do_stages(struct tree *t, struct tree_worker *w, uint32_t module, struct diag *diag)
{
	const char *path = t->in->list.files[module]->full;
	struct tree_module m;
	int err = tree_one(w, t->index, t->in->base, path, &m, diag);

	if (err)
		return err;
	err = t->ranked ? tally_last(t->tally, w->explain, &m.explain)
			: tally_add(t->tally, module, &m.explain);
	if (err == -ESTALE)
		return diag_fail(diag, err, "it changed while it was looked at");
	if (err)
		return diag_fail(diag, err, "no memory for its causes");
	return 0;
}

static void do_module(void *arg, unsigned int worker, uint32_t module)
{
	struct tree *t = arg;
	struct row *row = &t->in->list.rows[module];
	struct diag diag;
	int err;

	if (t->ranked && row->status != ROW_OK)
		return;
	err = do_stages(t, &t->workers[worker], module, &diag);
	if (!err)
		row->status = ROW_OK;
	else if (err == -ENODATA)
		row->status = ROW_NO_BTF;
	else
		row_fail(row, diag.text);
}

static void tell_progress(void *arg, uint32_t done)
{
	const struct tree *t = arg;

	progress_update(t->progress, t->before + done);
}

static void do_all(struct tree *t, unsigned int jobs)
{
	const struct pool_work work = {
		.nr_jobs = t->in->list.nr_order,
		.order = t->in->list.order,
		.arg = t,
		.job = do_module,
		.progress = tell_progress,
	};

	t->progress = progress_start((size_t)work.nr_jobs * 2);
	pool_run(&work, jobs);
	tally_rank(t->tally);
	t->before = work.nr_jobs;
	t->ranked = true;
	pool_run(&work, jobs);
	progress_end(t->progress);
}

int tree_run(struct inputs *in, const struct explain_base *index, unsigned int jobs,
	     struct tally *tally)
{
	struct tree t = {.in = in, .index = index, .tally = tally};
	int err = 0;

	if (jobs > in->list.nr_order)
		jobs = in->list.nr_order ? in->list.nr_order : 1;
	t.workers = calloc(jobs, sizeof(*t.workers));
	if (!t.workers)
		err = -ENOMEM;
	for (unsigned int i = 0; i < jobs && !err; i++)
		err = tree_worker_init(&t.workers[i]);
	if (err)
		message(NULL, "no memory for the workers", NULL);
	else
		do_all(&t, jobs);
	for (unsigned int i = 0; t.workers && i < jobs; i++)
		tree_worker_free(&t.workers[i]);
	free(t.workers);
	return err;
}
