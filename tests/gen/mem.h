/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for test helpers: there is enough of it, or the test aborts.
 */
#ifndef TESTS_GEN_MEM_H
#define TESTS_GEN_MEM_H

#include <stdint.h>
#include <stdlib.h>

static inline void *mem_resize(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n ? n : 1, size);
	if (!p)
		abort();
	return p;
}

static inline void *mem_zeroed(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		abort();
	return p;
}

/* Room for @need elements of @size bytes in the array @p of *@cap. */
static inline void *mem_grow(void *p, uint32_t *cap, uint32_t need, size_t size)
{
	if (need <= *cap)
		return p;
	*cap = need + need / 2 + 16;
	return mem_resize(p, *cap, size);
}

#endif
