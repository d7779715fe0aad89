// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/inputs.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

#include "merge/clock.h"
#include "pipeline/base_file.h"
#include "pipeline/message.h"

/*
 * With two threads one gets the base; the other finds the modules and then files the base's names,
 * unless that is done by then. Of three threads two may come to stand on one core while
 * another core has nothing to do.
 */
struct getting {
	const struct inputs_ask *ask;
	struct inputs *in;
	bool threaded;
	struct base_work *work; /* NULL: there is none to help with */
	sem_t ready;            /* posted when `work` is what it will be */
	int find_err;
	uint64_t begun, found; /* when begin_base() and finding were done, by clock_ns() */
};

static int base_fails(const struct getting *g, int err, const struct diag *diag)
{
	message(g->ask->base, "cannot be the base", diag->text);
	return err;
}

/* With two threads, up to where only end_base() is left. */
static int index_base(struct getting *g, struct diag *diag)
{
	const struct buffer *data = &g->in->base_data;
	int err;

	if (g->ask->base_raw)
		return 0;
	if (!g->threaded)
		return base_new(&g->in->base, data->data, data->len, diag);
	err = base_begin(&g->work, data->data, data->len, diag);
	if (err)
		return err;
	sem_post(&g->ready);
	base_make_types(g->work);
	base_make_names(g->work);
	return 0;
}

static int begin_base(struct getting *g)
{
	struct inputs_times *times = &g->in->times;
	uint64_t start = clock_ns(), read;
	struct diag diag;
	int err;

	err = base_file_read(g->ask->base, &g->in->base_data, &diag);
	read = clock_ns();
	if (!err)
		err = index_base(g, &diag);
	times->base_read = read - start;
	g->begun = clock_ns();
	times->base_index = g->begun - read;
	return err ? base_fails(g, err, &diag) : 0;
}

static int end_base(struct getting *g)
{
	/* From then on who waited did so for the names. */
	uint64_t start = g->begun > g->found ? g->begun : g->found;
	struct diag diag;
	int err;

	if (!g->work)
		return 0;
	err = base_end(g->work, &g->in->base, &diag);
	g->in->times.base_index += clock_ns() - start;
	return err ? base_fails(g, err, &diag) : 0;
}

static void find_work(struct getting *g)
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
	g->found = clock_ns();
	in->times.find = g->found - start;
	g->find_err = err;
}

static void *other_thread(void *arg)
{
	struct getting *g = arg;

	find_work(g);
	while (sem_wait(&g->ready) && errno == EINTR)
		;
	if (g->work)
		base_make_names(g->work);
	return NULL;
}

static int get_both(struct getting *g)
{
	pthread_t other;
	int err;

	g->threaded = g->ask->jobs > 1 && !pthread_create(&other, NULL, other_thread, g);
	err = begin_base(g);
	if (g->threaded) {
		sem_post(&g->ready);
		pthread_join(other, NULL);
	} else if (!err) {
		find_work(g);
	}
	return err ? err : end_base(g);
}

int inputs_get(struct inputs *in, const struct inputs_ask *ask)
{
	struct getting g = {.ask = ask, .in = in};
	int err;

	*in = (struct inputs){0};
	sem_init(&g.ready, 0, 0);
	err = get_both(&g);
	sem_destroy(&g.ready);
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
