// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/buffer.h"

#include <errno.h>
#include <stdlib.h>

#include "merge/huge.h"

/* From here on huge pages are worth it: the base's strings are looked into at random as long as
 * there are modules. */
#define HUGE_FROM (2u * HUGE_PAGE)

static void *new_data(size_t cap)
{
	return cap < HUGE_FROM ? malloc(cap) : huge_alloc(cap);
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
