// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/inputs.h"

#include <pthread.h>

#include "merge/clock.h"
#include "pipeline/base_file.h"
#include "pipeline/message.h"

struct getting {
	const struct inputs_ask *ask;
	struct inputs *in;
	int find_err;
};

static int get_base(struct getting *g)
{
	const char *path = g->ask->base;
	struct inputs *in = g->in;
	uint64_t start = clock_ns();
	struct diag diag;
	int err;

	err = base_file_read(path, &in->base_data, &diag);
	in->times.base_read = clock_ns() - start;
	if (!err && !g->ask->base_raw)
		err = (g->ask->jobs > 1 ? base_new_in_two : base_new)(&in->base, in->base_data.data,
								      in->base_data.len, &diag);
	in->times.base_index = clock_ns() - start - in->times.base_read;
	if (err)
		message(path, "cannot be the base", diag.text);
	return err;
}

static int find_work(struct getting *g)
{
	const struct inputs_ask *ask = g->ask;
	/* In the tree that is searched may be the base, and what we wrote earlier. */
	const char *const skip[] = {ask->base, ask->output, NULL};
	struct inputs *in = g->in;
	uint64_t start = clock_ns();
	int err;

	err = find_modules(ask->paths, ask->nr_paths, skip, ask->what_for, &in->found);
	if (!err)
		err = worklist_make(&in->list, &in->found, ask->output, ask->copies);
	in->times.find = clock_ns() - start;
	return err;
}

static void *find_thread(void *arg)
{
	struct getting *g = arg;

	g->find_err = find_work(g);
	return NULL;
}

int inputs_get(struct inputs *in, const struct inputs_ask *ask)
{
	struct getting g = {ask, in, 0};
	bool threaded;
	pthread_t finder;
	int err;

	*in = (struct inputs){0};
	threaded = ask->jobs > 1 && !pthread_create(&finder, NULL, find_thread, &g);
	err = get_base(&g);
	if (threaded)
		pthread_join(finder, NULL);
	else if (!err)
		find_thread(&g);
	if (err)
		return err;
	if (g.find_err)
		message(NULL, "no memory for the list of modules", NULL);
	else if (!in->list.nr_rows)
		message(ask->paths[0], "no modules found", NULL);
	return g.find_err;
}

void inputs_free(struct inputs *in)
{
	worklist_free(&in->list);
	find_result_free(&in->found);
	base_free(in->base);
	buffer_free(&in->base_data);
}
