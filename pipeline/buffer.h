/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A byte buffer that grows and is used again for file after file.
 *
 * A zeroed struct is an empty buffer. `data` is for free(), and aligned for any type; of its `cap`
 * bytes the first `len` have a meaning.
 */
#ifndef PIPELINE_BUFFER_H
#define PIPELINE_BUFFER_H

#include <stddef.h>

struct buffer {
	unsigned char *data;
	size_t len;
	size_t cap;
};

/* Makes room for @cap bytes in all. Keeps the first `len` bytes; may move
 * `data`. Returns 0 or -ENOMEM, and then what it holds is as it was. */
int buffer_reserve(struct buffer *buf, size_t cap) __attribute__((warn_unused_result));

/* Gives the memory back; the buffer is an empty one again. */
void buffer_free(struct buffer *buf);

#endif
