// SPDX-License-Identifier: GPL-2.0-only
#include "merge/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGN 16
/*
 * Chunks are made of huge pages: they fault five hundred times less, and tables
 * that are looked into at random stay within reach of the TLB.
 */
#define CHUNK_MIN (2u << 20)

struct arena_chunk {
	struct arena_chunk *older;
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

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *c;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + sizeof(*c) + CHUNK_MIN - 1) & ~(size_t)(CHUNK_MIN - 1);
	c = aligned_alloc(CHUNK_MIN, size);
	if (c) {
#ifdef MADV_HUGEPAGE
		madvise(c, size, MADV_HUGEPAGE); /* a wish: it may say no */
#endif
		c->older = NULL;
		c->size = size - sizeof(*c);
		hide(c, 0, c->size);
	}
	return c;
}

static void chunks_free(struct arena_chunk *c)
{
	while (c) {
		struct arena_chunk *older = c->older;

		free(c);
		c = older;
	}
}

void arena_free(struct arena *arena)
{
	chunks_free(arena->chunks);
	arena->chunks = NULL;
	arena->used = 0;
}

void arena_reset(struct arena *arena)
{
	size_t total = 0;

	if (arena->chunks)
		hide(arena->chunks, 0, arena->used);
	arena->used = 0;
	if (!arena->chunks || !arena->chunks->older)
		return;
	/* One chunk as large as all: the next module of this size fits. */
	for (struct arena_chunk *c = arena->chunks; c; c = c->older)
		total += c->size;
	chunks_free(arena->chunks);
	arena->chunks = chunk_new(total);
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){arena->chunks, arena->used};
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
	while (arena->chunks != mark.chunk) {
		struct arena_chunk *older = arena->chunks->older;

		free(arena->chunks);
		arena->chunks = older;
	}
	if (arena->chunks)
		hide(arena->chunks, mark.used, arena->chunks->size);
	arena->used = mark.used;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *c = arena->chunks;
	size_t room = rounded(size);
	void *p;

	if (size > SIZE_MAX / 2)
		longjmp(arena->oom, 1);
	if (!c || c->size - arena->used < room) {
		size_t want = c ? c->size : CHUNK_MIN;

		c = chunk_new(room > want ? room : want);
		if (!c)
			longjmp(arena->oom, 1);
		c->older = arena->chunks;
		arena->chunks = c;
		arena->used = 0;
	}
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
	size_t start = (size_t)((const unsigned char *)p - arena->chunks->data);

	hide(arena->chunks, start + size, arena->used);
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
