// SPDX-License-Identifier: GPL-2.0-only
#include "merge/arena.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "merge/huge.h"

#define ALIGN 16
#define CHUNK_MIN HUGE_PAGE
#define SPARE_MAX (4 * CHUNK_MIN) /* more is not kept for who may never come */

struct arena_chunk {
	struct arena_chunk *next;
	size_t size; /* of data[] */
	_Alignas(ALIGN) unsigned char data[];
};

#if ARENA_REDZONE
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, size) ((void)(p), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(p, size) ((void)(p), (void)(size))
#endif

/* What nobody was given, or gave back, from @from on up to @end: for ASan to watch. */
static void hide(struct arena_chunk *c, size_t from, size_t end)
{
	if (end > from)
		ASAN_POISON_MEMORY_REGION(c->data + from, end - from);
}

static size_t rounded(size_t size)
{
	return ((size + ALIGN - 1) & ~(size_t)(ALIGN - 1)) + ARENA_REDZONE;
}

/*
 * A chunk that an arena gave back, for the next that needs one: what a base was made in is what the
 * first worker works in. To fault in other pages would cost a millisecond for each that the
 * kernel has to clear.
 */
static _Atomic(struct arena_chunk *) spare;

static struct arena_chunk *take_spare(size_t size)
{
	struct arena_chunk *c = atomic_exchange(&spare, NULL);

	if (c && c->size + sizeof(*c) >= size)
		return c;
	free(c);
	return NULL;
}

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *c;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + sizeof(*c) + CHUNK_MIN - 1) & ~(size_t)(CHUNK_MIN - 1);
	c = take_spare(size);
	if (!c) {
		c = huge_alloc(size);
		if (!c)
			return NULL;
		c->size = size - sizeof(*c);
		hide(c, 0, c->size);
	}
	c->next = NULL;
	return c;
}

static void chunk_free(struct arena_chunk *c)
{
	hide(c, 0, c->size);
	if (c->size <= SPARE_MAX)
		c = atomic_exchange(&spare, c);
	free(c);
}

void arena_free(struct arena *arena)
{
	while (arena->first) {
		struct arena_chunk *next = arena->first->next;

		chunk_free(arena->first);
		arena->first = next;
	}
	arena->at = NULL;
	arena->used = 0;
}

void arena_reset(struct arena *arena)
{
	arena_release(arena, (struct arena_mark){arena->first, 0});
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){arena->at, arena->used};
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
	struct arena_chunk *from = mark.chunk ? mark.chunk : arena->first;

	for (struct arena_chunk *c = from; c; c = c->next) {
		hide(c, c == mark.chunk ? mark.used : 0, c->size);
		if (c == arena->at)
			break;
	}
	arena->at = mark.chunk;
	arena->used = mark.used;
}

/* Goes on in the next chunk that has @room: one that is there, or a new one. */
static struct arena_chunk *next_chunk(struct arena *arena, size_t room)
{
	struct arena_chunk **link = arena->at ? &arena->at->next : &arena->first, *c;

	while (*link && (*link)->size < room)
		link = &(*link)->next;
	c = *link;
	if (!c) {
		c = chunk_new(room > CHUNK_MIN ? room : CHUNK_MIN);
		if (!c)
			longjmp(arena->oom, 1);
		*link = c;
	}
	arena->at = c;
	arena->used = 0;
	return c;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *c = arena->at;
	size_t room = rounded(size);
	void *p;

	if (size > SIZE_MAX / 2)
		longjmp(arena->oom, 1);
	if (!c || c->size - arena->used < room)
		c = next_chunk(arena, room);
	p = c->data + arena->used;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	arena->used += room;
	return p;
}

void arena_reserve(struct arena *arena, size_t size)
{
	arena_trim(arena, arena_alloc(arena, size), 0);
}

void arena_trim(struct arena *arena, const void *p, size_t size)
{
	size_t start = (size_t)((const unsigned char *)p - arena->at->data);

	hide(arena->at, start + size, arena->used);
	arena->used = start + rounded(size);
}

void *arena_zalloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc(arena, size), 0, size);
}

void *arena_grow(struct arena *arena, const void *old, size_t old_size, size_t size)
{
	void *p = arena_alloc(arena, size);

	if (old_size)
		memcpy(p, old, old_size);
	return p;
}
