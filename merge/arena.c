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
	arena->used = mark.used;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *c = arena->chunks;
	void *p;

	if (size > SIZE_MAX / 2)
		longjmp(arena->oom, 1);
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!c || c->size - arena->used < size) {
		size_t want = c ? c->size : CHUNK_MIN;

		c = chunk_new(size > want ? size : want);
		if (!c)
			longjmp(arena->oom, 1);
		c->older = arena->chunks;
		arena->chunks = c;
		arena->used = 0;
	}
	p = c->data + arena->used;
	arena->used += size;
	return p;
}

void arena_reserve(struct arena *arena, size_t size)
{
	arena_trim(arena, arena_alloc(arena, size), 0);
}

void arena_trim(struct arena *arena, const void *p, size_t size)
{
	size_t start = (size_t)((const unsigned char *)p - arena->chunks->data);

	arena->used = start + ((size + ALIGN - 1) & ~(size_t)(ALIGN - 1));
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
