/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The containers of the judge: a growing array of u32 and a hash multimap
 * from u32 to u32. No memory ends the program.
 */
#ifndef JUDGE_STORE_H
#define JUDGE_STORE_H

#include <stddef.h>
#include <stdint.h>

#define JNONE UINT32_MAX

void *jalloc(size_t n, size_t size);              /* zeroed */
void *jgrow(void *p, uint32_t *cap, size_t size); /* at least one place more */

struct jvec {
	uint32_t *v;
	uint32_t n, cap;
};

void jvec_push(struct jvec *a, uint32_t x);

struct jentry {
	uint32_t hash, val, next;
};

/* Entries of one hash come back in the reverse of the order they went in. */
struct jmap {
	uint32_t *head;
	uint32_t mask;
	struct jentry *e;
	uint32_t n, cap;
};

void jmap_add(struct jmap *m, uint32_t hash, uint32_t val);
/* The first entry with @hash, and the next one with the hash of @entry; JNONE at
 * the end. Equal hashes do not make equal keys: that is the caller's check. */
uint32_t jmap_first(const struct jmap *m, uint32_t hash);
uint32_t jmap_next(const struct jmap *m, uint32_t entry);
void jmap_free(struct jmap *m);

static inline uint32_t jmix(uint32_t h, uint32_t x)
{
	h = (h ^ x) * 0x9e3779b1;
	return h ^ (h >> 15);
}

#endif
