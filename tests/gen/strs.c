// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/strs.h"

#include <string.h>

#include "tests/gen/mem.h"

static uint32_t strs_hash(const char *str)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *str; str++)
		h = (h ^ (unsigned char)*str) * 16777619u;
	return h;
}

/* The slot that holds @str, or the free one where it would go. */
static uint32_t strs_slot(const struct strs *s, const char *str)
{
	uint32_t i = strs_hash(str) & (s->slots - 1);

	while (s->table[i] && strcmp(s->buf + s->table[i] - 1, str))
		i = (i + 1) & (s->slots - 1);
	return i;
}

static void strs_grow_table(struct strs *s)
{
	uint32_t *old = s->table, n = s->slots;

	s->slots = n ? n * 2 : 64;
	s->table = mem_zeroed(s->slots, sizeof(*s->table));
	for (uint32_t i = 0; i < n; i++) {
		if (old[i])
			s->table[strs_slot(s, s->buf + old[i] - 1)] = old[i];
	}
	free(old);
}

static void strs_index(struct strs *s, uint32_t off)
{
	uint32_t slot;

	if (s->used * 2 >= s->slots)
		strs_grow_table(s);
	slot = strs_slot(s, s->buf + off);
	if (s->table[slot])
		return; /* an equal string that came earlier is the one to find */
	s->table[slot] = off + 1;
	s->used++;
}

void strs_free(struct strs *s)
{
	free(s->buf);
	free(s->table);
	memset(s, 0, sizeof(*s));
}

uint32_t strs_append(struct strs *s, const char *str)
{
	uint32_t off = s->len, n = (uint32_t)strlen(str) + 1;

	s->buf = mem_grow(s->buf, &s->cap, s->len + n, 1);
	memcpy(s->buf + off, str, n);
	s->len += n;
	strs_index(s, off);
	return off;
}

void strs_load(struct strs *s, const char *buf, uint32_t len)
{
	s->buf = mem_grow(s->buf, &s->cap, len, 1);
	memcpy(s->buf, buf, len);
	s->len = len;
	for (uint32_t off = 0; off < len; off += (uint32_t)strlen(s->buf + off) + 1)
		strs_index(s, off);
}

uint32_t strs_find(const struct strs *s, const char *str)
{
	uint32_t off = s->slots ? s->table[strs_slot(s, str)] : 0;

	return off ? off - 1 : STRS_NONE;
}

uint32_t strs_find_tail(const struct strs *s, const char *str)
{
	const char *at = s->len ? memmem(s->buf, s->len, str, strlen(str) + 1) : NULL;

	return at ? (uint32_t)(at - s->buf) : STRS_NONE;
}
