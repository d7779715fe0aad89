/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time that passes: for telling where a run's went, never for deciding anything.
 */
#ifndef MERGE_CLOCK_H
#define MERGE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since some moment, by a clock that is never set back. */
static inline uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

#endif
