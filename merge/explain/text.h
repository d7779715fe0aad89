/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A text that grows in an arena. One at a time: what is allocated in between wastes room
 * but does no harm.
 */
#ifndef MERGE_EXPLAIN_TEXT_H
#define MERGE_EXPLAIN_TEXT_H

#include <stdint.h>

#include "merge/arena.h"

struct text {
	struct arena *arena;
	char *s; /* ends with a NUL */
	uint32_t len, cap;
};

struct text text_new(struct arena *arena);
void text_add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Takes back what was added behind the first @len bytes. */
void text_cut(struct text *t, uint32_t len);

#endif
