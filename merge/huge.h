/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of huge pages: they fault five hundred times less, and what is looked into at random
 * stays within reach of the TLB.
 */
#ifndef MERGE_HUGE_H
#define MERGE_HUGE_H

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE (2u << 20)

/* @size bytes, aligned to a huge page, for free(); NULL: there is no memory. What does not fill a
 * page at the end is left to small ones. */
static inline void *huge_alloc(size_t size)
{
	void *p;

	if (posix_memalign(&p, HUGE_PAGE, size))
		return NULL;
#ifdef MADV_HUGEPAGE
	madvise(p, size & ~(size_t)(HUGE_PAGE - 1), MADV_HUGEPAGE); /* a wish: it may say no */
#endif
	return p;
}

#endif
