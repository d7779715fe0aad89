/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pool of threads for a list of jobs that is known from the start.
 *
 * There is no queue: the list stands, and each worker takes the next place of it
 * until none is left. So a worker never holds more than the one job it is at,
 * and memory does not depend on how many jobs there are. A job's result goes
 * where the job's number says, so that it makes no difference who does it when.
 */
#ifndef WORKERS_POOL_H
#define WORKERS_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool_work {
	uint32_t nr_jobs;
	const uint32_t *order; /* the jobs, each once, in the order to take them */
	/* Bytes of stack that a job needs, on a thread of its own even when there
	 * is one worker; 0: any stack will do. */
	size_t stack;
	/* Handed to the functions below. Has to live until pool_run() returns. */
	void *arg;
	/* Does job @job as worker @worker (from 0): runs on several threads at a
	 * time, never twice for one worker number at a time. */
	void (*job)(void *arg, unsigned int worker, uint32_t job);
	/* May be NULL. Told now and then how many are done; always on the thread
	 * that called pool_run(). */
	void (*progress)(void *arg, uint32_t done);
	/* May be NULL. Asked by each worker before each job: once it says yes, as it has to
	 * from then on, those that are begun are finished and no other is begun. */
	bool (*stop)(void *arg);
};

/*
 * Does all jobs with up to @workers workers and returns when the last is done.
 * With one worker everything runs on the calling thread. Where fewer threads
 * can be started than asked for, those that were do all the work. What a job
 * wrote is visible to the caller afterwards. Returns how many were done: all, unless it
 * was told to stop.
 */
uint32_t pool_run(const struct pool_work *work, unsigned int workers);

#endif
