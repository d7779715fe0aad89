// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "workers/pool.h"

enum { JOBS = 1000 };

static struct {
	uint32_t order[JOBS];
	atomic_uint done[JOBS];  /* how often each was */
	atomic_uint running[64]; /* by worker */
	uint32_t place_of[JOBS]; /* when a job began, with one worker */
	atomic_uint begun;
	uint32_t told, told_last;
	uint32_t stop_at; /* jobs begun; 0: never */
	pthread_t caller;
	bool told_elsewhere;
} seen;

static void job(void *arg, unsigned int worker, uint32_t number)
{
	assert_ptr_equal(arg, &seen);
	assert_int_equal(atomic_fetch_add(&seen.running[worker], 1), 0);
	seen.place_of[number] = atomic_fetch_add(&seen.begun, 1);
	atomic_fetch_add(&seen.done[number], 1);
	atomic_fetch_sub(&seen.running[worker], 1);
}

static void progress(void *arg, uint32_t done)
{
	seen.told_elsewhere |= !pthread_equal(pthread_self(), seen.caller);
	assert_true(done > seen.told_last && done <= JOBS);
	seen.told_last = done;
	seen.told++;
}

static bool stop(void *arg)
{
	return seen.stop_at && seen.begun >= seen.stop_at;
}

static void run(unsigned int workers, uint32_t jobs, bool tell)
{
	const struct pool_work work = {
		.nr_jobs = jobs,
		.order = seen.order,
		.arg = &seen,
		.job = job,
		.progress = tell ? progress : NULL,
	};

	memset(&seen, 0, sizeof(seen));
	seen.caller = pthread_self();
	for (uint32_t i = 0; i < JOBS; i++)
		seen.order[i] = jobs - 1 - i; /* from the last to the first */
	assert_int_equal(pool_run(&work, workers), jobs);
}

static void every_job_is_done_once_by_any_number_of_workers(void **state)
{
	static const unsigned int workers[] = {1, 2, 3, 8, 64};

	for (size_t w = 0; w < sizeof(workers) / sizeof(workers[0]); w++) {
		run(workers[w], JOBS, w % 2);
		for (uint32_t i = 0; i < JOBS; i++)
			assert_int_equal(seen.done[i], 1);
	}
}

static void one_worker_keeps_the_order_it_is_given(void **state)
{
	run(1, JOBS, false);
	for (uint32_t i = 0; i < JOBS; i++)
		assert_int_equal(seen.place_of[i], JOBS - 1 - i);
}

static void progress_is_told_on_the_callers_thread_up_to_the_end(void **state)
{
	for (unsigned int workers = 1; workers <= 4; workers++) {
		run(workers, JOBS, true);
		assert_false(seen.told_elsewhere);
		assert_true(seen.told >= 1);
		assert_int_equal(seen.told_last, JOBS);
	}
}

/* Jobs that were begun are finished and counted; no other is begun. */
static void it_stops_when_it_is_told_to(void **state)
{
	static const uint32_t at[] = {1, 2, 17, JOBS - 10};
	struct pool_work work = {
		.nr_jobs = JOBS, .order = seen.order, .arg = &seen, .job = job, .stop = stop};

	for (unsigned int workers = 1; workers <= 8; workers++) {
		for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
			uint32_t done;

			memset(&seen, 0, sizeof(seen));
			for (uint32_t k = 0; k < JOBS; k++)
				seen.order[k] = k;
			seen.caller = pthread_self();
			seen.stop_at = at[i];
			work.progress = i % 2 ? progress : NULL;
			done = pool_run(&work, workers);
			/* Each worker may have asked just before. */
			assert_in_range(done, at[i], at[i] + workers - 1);
			assert_int_equal(done, seen.begun);
			for (uint32_t k = 0; k < JOBS; k++)
				assert_int_equal(seen.done[k], k < done);
			if (work.progress)
				assert_int_equal(seen.told_last, done);
		}
	}
}

/* Uses more stack than a thread has by default. */
static void deep_job(void *arg, unsigned int worker, uint32_t number)
{
	volatile char deep[24 << 20];

	for (size_t i = 0; i < sizeof(deep); i += 4096)
		deep[i] = (char)number;
	atomic_fetch_add(&seen.done[number], (unsigned int)(deep[4096] == (char)number));
}

static void a_job_has_the_stack_that_it_needs_on_one_worker_too(void **state)
{
	uint32_t order[] = {0, 1, 2};
	const struct pool_work work = {
		.nr_jobs = 3, .order = order, .stack = 32 << 20, .job = deep_job};

	for (unsigned int workers = 1; workers <= 2; workers++) {
		memset(&seen, 0, sizeof(seen));
		pool_run(&work, workers);
		for (int i = 0; i < 3; i++)
			assert_int_equal(seen.done[i], 1);
	}
}

static void no_jobs_are_no_work(void **state)
{
	run(4, 0, true);
	assert_int_equal(seen.begun, 0);
	assert_int_equal(seen.told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_job_is_done_once_by_any_number_of_workers),
		cmocka_unit_test(one_worker_keeps_the_order_it_is_given),
		cmocka_unit_test(progress_is_told_on_the_callers_thread_up_to_the_end),
		cmocka_unit_test(it_stops_when_it_is_told_to),
		cmocka_unit_test(a_job_has_the_stack_that_it_needs_on_one_worker_too),
		cmocka_unit_test(no_jobs_are_no_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
