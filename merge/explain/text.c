// SPDX-License-Identifier: GPL-2.0-only
#include "merge/explain/text.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_MIN 128

struct text text_new(struct arena *arena)
{
	struct text t = {.arena = arena, .s = arena_alloc(arena, TEXT_MIN), .cap = TEXT_MIN};

	t.s[0] = '\0';
	return t;
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list args, again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(t->s + t->len, t->cap - t->len, fmt, args);
	if (n > 0 && (uint32_t)n >= t->cap - t->len) {
		t->cap = (t->len + (uint32_t)n + 1) * 2;
		t->s = arena_grow(t->arena, t->s, t->len, t->cap);
		n = vsnprintf(t->s + t->len, t->cap - t->len, fmt, again);
	}
	t->len += n > 0 ? (uint32_t)n : 0;
	va_end(again);
	va_end(args);
}

void text_cut(struct text *t, uint32_t len)
{
	t->len = len;
	t->s[len] = '\0';
}
