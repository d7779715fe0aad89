/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An arena: memory that is handed out piece by piece and taken back at once.
 *
 * One a worker, reset between modules, so that no type and no module costs a
 * malloc(). Out of memory does not return: it unwinds to the arena_guard() of
 * the arena's owner, the one place that has to know of it.
 */
#ifndef MERGE_ARENA_H
#define MERGE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

/* Bytes between two pieces that nobody may touch: only with ASan, which watches them. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define ARENA_REDZONE 16
#else
#define ARENA_REDZONE 0
#endif

struct arena_chunk;

struct arena {
	struct arena_chunk *first; /* those behind `at` are there to be used again */
	struct arena_chunk *at;    /* the one in use; NULL: none yet */
	size_t used;               /* of that one */
	jmp_buf oom;
};

/*
 * 0 on the way in; non-zero when a later arena_alloc() found no memory. Has to
 * stand in a function that is still running when arena_alloc() is called.
 */
#define arena_guard(arena) setjmp((arena)->oom)

/* An arena of zero bytes is an empty one. The next one, of any thread, may get the memory. */
void arena_free(struct arena *arena);

/* Takes everything back, keeping the memory for the next user. */
void arena_reset(struct arena *arena);

/* A point to go back to: what was allocated since is taken back. */
struct arena_mark {
	struct arena_chunk *chunk;
	size_t used;
};

struct arena_mark arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, struct arena_mark mark);

/* @size bytes, aligned to 16, not cleared. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull, malloc));
/* The same, cleared. */
void *arena_zalloc(struct arena *arena, size_t size) __attribute__((returns_nonnull, malloc));

/* What is allocated next, up to @size bytes in all, will stand in one piece. */
void arena_reserve(struct arena *arena, size_t size);

/* The last thing that was allocated, at @p, needs no more than @size bytes. */
void arena_trim(struct arena *arena, const void *p, size_t size);

/* A larger place for the @old_size bytes at @old, which are copied. */
void *arena_grow(struct arena *arena, const void *old, size_t old_size, size_t size)
	__attribute__((returns_nonnull));

#define arena_array(arena, type, n) ((type *)arena_alloc(arena, sizeof(type) * (size_t)(n)))
#define arena_zarray(arena, type, n) ((type *)arena_zalloc(arena, sizeof(type) * (size_t)(n)))

#endif
