// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE (2u << 20)
#define HUGE_FROM (2u * HUGE_PAGE)

/* What is large is made of huge pages: the base's strings are looked into at random as long as
 * there are modules. What does not fill one at the end is left to small ones. */
static void *new_data(size_t cap)
{
	void *data;

	if (cap < HUGE_FROM)
		return malloc(cap);
	if (posix_memalign(&data, HUGE_PAGE, cap))
		return NULL;
#ifdef MADV_HUGEPAGE
	madvise(data, cap & ~(size_t)(HUGE_PAGE - 1), MADV_HUGEPAGE); /* a wish: it may say no */
#endif
	return data;
}

int buffer_reserve(struct buffer *buf, size_t cap)
{
	unsigned char *data;

	if (cap <= buf->cap)
		return 0;
	if (!buf->len) {
		/* Nothing to keep: spare realloc() the copy of stale bytes,
		 * and never hold the old and the new memory at once. */
		buffer_free(buf);
	}
	data = buf->data ? realloc(buf->data, cap) : new_data(cap);
	if (!data)
		return -ENOMEM;
	buf->data = data;
	buf->cap = cap;
	return 0;
}

void buffer_free(struct buffer *buf)
{
	free(buf->data);
	*buf = (struct buffer){0};
}
