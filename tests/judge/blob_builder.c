// SPDX-License-Identifier: GPL-2.0-only
#include "blob_builder.h"

#include <assert.h>
#include <byteswap.h>
#include <string.h>

void bb_init(struct blob_builder *b, const struct blob_builder *base)
{
	memset(b, 0, sizeof(*b));
	b->base = base;
	b->cnt = base ? base->cnt : 1;
	b->nr_strings = base ? 0 : 1;
}

static uint32_t find(const struct blob_builder *b, const char *text)
{
	for (uint32_t off = 0; off < b->nr_strings; off += strlen(b->strings + off) + 1)
		if (!strcmp(b->strings + off, text))
			return off;
	return UINT32_MAX;
}

uint32_t bb_new_string(struct blob_builder *b, const char *text)
{
	uint32_t off = b->nr_strings;

	assert(off + strlen(text) < BB_STRINGS);
	strcpy(b->strings + off, text);
	b->nr_strings += strlen(text) + 1;
	return off + (b->base ? b->base->nr_strings : 0);
}

uint32_t bb_string(struct blob_builder *b, const char *text)
{
	uint32_t off = b->base ? find(b->base, text) : UINT32_MAX;

	if (off != UINT32_MAX)
		return off;
	off = find(b, text);
	if (off == UINT32_MAX)
		return bb_new_string(b, text);
	return off + (b->base ? b->base->nr_strings : 0);
}

void bb_word(struct blob_builder *b, uint32_t word)
{
	assert(b->nr_words < BB_WORDS);
	b->words[b->nr_words++] = word;
}

uint32_t bb_type(struct blob_builder *b, const char *name, uint32_t kind, uint32_t vlen,
		 uint32_t third)
{
	b->at[b->cnt] = b->nr_words;
	bb_word(b, bb_string(b, name));
	bb_word(b, kind << 24 | vlen);
	bb_word(b, third);
	return b->cnt++;
}

void bb_named(struct blob_builder *b, const char *name, uint32_t word)
{
	bb_word(b, bb_string(b, name));
	bb_word(b, word);
}

void bb_member(struct blob_builder *b, const char *name, uint32_t type, uint32_t offset)
{
	bb_named(b, name, type);
	bb_word(b, offset);
}

void bb_three(struct blob_builder *b, uint32_t x, uint32_t y, uint32_t z)
{
	bb_word(b, x);
	bb_word(b, y);
	bb_word(b, z);
}

uint32_t *bb_at(struct blob_builder *b, uint32_t id, uint32_t k)
{
	return &b->words[b->at[id] + k];
}

static void put(struct blob_builder *b, uint32_t word)
{
	word = b->swapped ? bswap_32(word) : word;
	memcpy(b->bytes + b->len, &word, sizeof(word));
	b->len += sizeof(word);
}

static void put_header(struct blob_builder *b)
{
	uint16_t magic = b->swapped ? bswap_16(BTF_MAGIC) : BTF_MAGIC;

	memcpy(b->bytes, &magic, sizeof(magic));
	b->bytes[2] = BTF_VERSION;
	b->bytes[3] = 0;
	b->len = 4;
	put(b, b->layout ? 32 : 24);
	put(b, 0);
	put(b, b->nr_words * 4);
	put(b, b->nr_words * 4 + b->layout_len);
	put(b, b->nr_strings);
	if (b->layout) {
		put(b, b->nr_words * 4);
		put(b, b->layout_len);
	}
}

void bb_finish(struct blob_builder *b)
{
	put_header(b);
	for (uint32_t i = 0; i < b->nr_words; i++)
		put(b, b->words[i]);
	if (b->layout)
		memcpy(b->bytes + b->len, b->layout, b->layout_len);
	b->len += b->layout_len;
	memcpy(b->bytes + b->len, b->strings, b->nr_strings);
	b->len += b->nr_strings;
}
