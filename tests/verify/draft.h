/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A BTF blob taken apart, to be changed in any way and put together again, right or wrong.
 */
#ifndef TESTS_VERIFY_DRAFT_H
#define TESTS_VERIFY_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct draft_type {
	uint32_t *words;
	uint32_t nr;
};

struct draft {
	struct draft_type *types; /* from id first_id on */
	uint32_t nr, cap;
	uint32_t first_id, first_str; /* 1 and 0, but of split BTF */
	char *strs;
	uint32_t strs_len, strs_cap;
};

/* A zeroed one is empty but for having no strings: draft_init() gives it the empty one. */
void draft_init(struct draft *d);
void draft_free(struct draft *d);
/* Of a good blob in the host's byte order, over a base that ends at these. */
void draft_read(struct draft *d, const void *blob, size_t len, uint32_t first_id,
		uint32_t first_str);

/* Adds a type with room for @nr words, which are zero; its id. Later calls move nothing of it. */
uint32_t draft_add(struct draft *d, uint32_t nr);
void draft_remove(struct draft *d, uint32_t id);
uint32_t *draft_words(const struct draft *d, uint32_t id);
/* Makes type @id one of @nr words: cut, or filled up with zeroes. */
void draft_resize(struct draft *d, uint32_t id, uint32_t nr);
uint32_t draft_string(struct draft *d, const char *s);

/* The id behind the last. */
static inline uint32_t draft_end(const struct draft *d)
{
	return d->first_id + d->nr;
}

/* malloc'ed. */
unsigned char *draft_finish(const struct draft *d, size_t *len);

static inline uint32_t draft_info(uint32_t kind, uint32_t vlen, bool kflag)
{
	return (uint32_t)kflag << 31 | kind << 24 | vlen;
}

#endif
