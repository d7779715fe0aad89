/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes small BTF blobs word by word, right or wrong ones: libbpf's own
 * writers would refuse much of what a test of the judge needs.
 */
#ifndef JUDGE_BLOB_BUILDER_H
#define JUDGE_BLOB_BUILDER_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BB_WORDS 1024
#define BB_STRINGS 2048
#define BB_BYTES (32 + 4 * BB_WORDS + 64 + BB_STRINGS)

struct blob_builder {
	const struct blob_builder *base; /* NULL: standalone */
	uint32_t cnt;                    /* the next id */
	uint32_t words[BB_WORDS], nr_words;
	uint32_t at[BB_WORDS]; /* id -> its first word */
	char strings[BB_STRINGS];
	uint32_t nr_strings; /* bytes */
	bool swapped;        /* write the other byte order */
	const void *layout;  /* a layout section of this many bytes */
	uint32_t layout_len;
	uint8_t bytes[BB_BYTES]; /* what bb_finish() wrote */
	uint32_t len;
};

void bb_init(struct blob_builder *b, const struct blob_builder *base);

/* The offset of @text: in the base, among the own strings, or newly appended. */
uint32_t bb_string(struct blob_builder *b, const char *text);
/* Appends @text without looking. */
uint32_t bb_new_string(struct blob_builder *b, const char *text);

/* Begins a type and returns its id; @third is the id or the size. */
uint32_t bb_type(struct blob_builder *b, const char *name, uint32_t kind, uint32_t vlen,
		 uint32_t third);
/* What follows the first three words. */
void bb_word(struct blob_builder *b, uint32_t word);
void bb_named(struct blob_builder *b, const char *name, uint32_t word);
void bb_member(struct blob_builder *b, const char *name, uint32_t type, uint32_t offset);
void bb_three(struct blob_builder *b, uint32_t x, uint32_t y, uint32_t z);

/* The word @k of own type @id, to spoil. */
uint32_t *bb_at(struct blob_builder *b, uint32_t id, uint32_t k);

/* Writes `bytes` and `len`. */
void bb_finish(struct blob_builder *b);

#endif
