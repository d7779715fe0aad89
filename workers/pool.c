// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads and what they share:
 *
 *   caller     starts the workers, then sleeps on `ended`, wakes now and then to
 *              tell the progress, and joins them. It does no job unless it is the
 *              only worker, or no thread could be started.
 *   worker i   takes `next` (atomic) until the list is at its end or it is to
 *              stop; after each job it counts `done` up, at its own end
 *              `nr_ended`, and wakes the caller. It does not wake it for a job:
 *              that costs more than a small module.
 *
 * `next` and `done` need no order with anything but themselves: the list is
 * complete before the first thread starts. What jobs write is handed to the caller
 * by pthread_join().
 */
#include "workers/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct pool {
	const struct pool_work *work;
	atomic_uint next; /* place in work->order to take */
	atomic_uint done;
	pthread_mutex_t lock;
	pthread_cond_t ended;  /* with lock: `nr_ended` has grown */
	unsigned int nr_ended; /* with lock: workers that do no further job */
};

/* So often the progress is told. */
#define TELL_EVERY_MS 40

struct worker {
	struct pool *pool;
	unsigned int number;
	pthread_t thread;
};

static bool to_stop(const struct pool_work *work)
{
	return work->stop && work->stop(work->arg);
}

/* The next place, or the list's end where there is nothing more to do. */
static uint32_t take(struct pool *pool)
{
	if (to_stop(pool->work))
		return pool->work->nr_jobs;
	return atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
}

static void work_off(struct pool *pool, unsigned int worker)
{
	const struct pool_work *work = pool->work;
	uint32_t place;

	while ((place = take(pool)) < work->nr_jobs) {
		work->job(work->arg, worker, work->order[place]);
		atomic_fetch_add_explicit(&pool->done, 1, memory_order_relaxed);
	}
	pthread_mutex_lock(&pool->lock);
	pool->nr_ended++;
	pthread_cond_signal(&pool->ended);
	pthread_mutex_unlock(&pool->lock);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;

	work_off(w->pool, w->number);
	return NULL;
}

/* When the progress is to be told next. */
static struct timespec next_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += TELL_EVERY_MS * 1000000l;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* Until all of @workers have ended. */
static void watch(struct pool *pool, unsigned int workers)
{
	const struct pool_work *work = pool->work;
	uint32_t told = 0, done;
	bool ended = false;

	while (!ended) {
		struct timespec until = next_time();

		pthread_mutex_lock(&pool->lock);
		while (pool->nr_ended < workers &&
		       !pthread_cond_clockwait(&pool->ended, &pool->lock, CLOCK_MONOTONIC, &until))
			;
		ended = pool->nr_ended == workers;
		pthread_mutex_unlock(&pool->lock);
		done = atomic_load_explicit(&pool->done, memory_order_relaxed);
		if (done > told)
			work->progress(work->arg, done);
		told = done;
	}
}

static uint32_t run_alone(const struct pool_work *work)
{
	uint32_t i;

	for (i = 0; i < work->nr_jobs && !to_stop(work); i++) {
		work->job(work->arg, 0, work->order[i]);
		if (work->progress)
			work->progress(work->arg, i + 1);
	}
	return i;
}

static unsigned int start(struct pool *pool, struct worker *worker, unsigned int workers)
{
	pthread_attr_t attr;
	unsigned int nr = 0;

	if (!worker || pthread_attr_init(&attr))
		return 0;
	if (pool->work->stack)
		pthread_attr_setstacksize(&attr, pool->work->stack);
	while (nr < workers) {
		worker[nr] = (struct worker){.pool = pool, .number = nr};
		if (pthread_create(&worker[nr].thread, &attr, worker_main, &worker[nr]))
			break;
		nr++;
	}
	pthread_attr_destroy(&attr);
	return nr;
}

uint32_t pool_run(const struct pool_work *work, unsigned int workers)
{
	struct pool pool = {
		.work = work,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.ended = PTHREAD_COND_INITIALIZER,
	};
	struct worker *worker = NULL;
	unsigned int nr = 0;

	if (workers > work->nr_jobs)
		workers = work->nr_jobs;
	if (workers > 1 || (workers && work->stack)) {
		worker = calloc(workers, sizeof(*worker));
		nr = start(&pool, worker, workers);
	}
	if (!nr)
		pool.done = run_alone(work);
	else if (work->progress)
		watch(&pool, nr);
	while (nr)
		pthread_join(worker[--nr].thread, NULL);
	free(worker);
	return pool.done;
}
