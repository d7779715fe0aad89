// SPDX-License-Identifier: GPL-2.0-only
#include "tests/verify/draft.h"

#include <stdlib.h>
#include <string.h>

#include "merge/btf.h"
#include "tests/gen/mem.h"

#define HEADER_WORDS 6

void draft_init(struct draft *d)
{
	*d = (struct draft){.first_id = 1};
	draft_string(d, "");
}

void draft_free(struct draft *d)
{
	for (uint32_t i = 0; i < d->nr; i++)
		free(d->types[i].words);
	free(d->types);
	free(d->strs);
	*d = (struct draft){0};
}

uint32_t draft_add(struct draft *d, uint32_t nr)
{
	d->types = mem_grow(d->types, &d->cap, d->nr + 1, sizeof(*d->types));
	d->types[d->nr] = (struct draft_type){mem_zeroed(nr, sizeof(uint32_t)), nr};
	return d->first_id + d->nr++;
}

static uint32_t number(const struct draft *d, uint32_t id)
{
	return id - d->first_id;
}

void draft_remove(struct draft *d, uint32_t id)
{
	uint32_t i = number(d, id);

	free(d->types[i].words);
	memmove(&d->types[i], &d->types[i + 1], (d->nr - i - 1) * sizeof(*d->types));
	d->nr--;
}

uint32_t *draft_words(const struct draft *d, uint32_t id)
{
	return d->types[number(d, id)].words;
}

void draft_resize(struct draft *d, uint32_t id, uint32_t nr)
{
	struct draft_type *t = &d->types[number(d, id)];

	t->words = mem_resize(t->words, nr, sizeof(uint32_t));
	for (; t->nr < nr; t->nr++)
		t->words[t->nr] = 0;
	t->nr = nr;
}

uint32_t draft_string(struct draft *d, const char *s)
{
	uint32_t size = (uint32_t)strlen(s) + 1, at = d->strs_len;

	d->strs = mem_grow(d->strs, &d->strs_cap, at + size, 1);
	memcpy(d->strs + at, s, size);
	d->strs_len += size;
	return d->first_str + at;
}

void draft_read(struct draft *d, const void *blob, size_t len, uint32_t first_id,
		uint32_t first_str)
{
	const uint32_t *h = blob;
	const unsigned char *behind = (const unsigned char *)blob + h[1];
	const uint32_t *words = (const uint32_t *)(const void *)(behind + h[2]);
	uint32_t n = h[3] / 4;

	*d = (struct draft){.first_id = first_id, .first_str = first_str};
	d->strs = mem_grow(NULL, &d->strs_cap, h[5], 1);
	memcpy(d->strs, behind + h[4], h[5]);
	d->strs_len = h[5];
	for (uint32_t at = 0; at < n;) {
		uint32_t size = (uint32_t)btf_type_words(words[at + BTF_INFO]);

		memcpy(draft_words(d, draft_add(d, size)), words + at, size * sizeof(*words));
		at += size;
	}
}

unsigned char *draft_finish(const struct draft *d, size_t *len)
{
	uint32_t header[HEADER_WORDS] = {BTF_MAGIC | BTF_VERSION << 16, sizeof(header)}, types = 0;
	unsigned char *blob, *at;

	for (uint32_t i = 0; i < d->nr; i++)
		types += d->types[i].nr * 4;
	header[3] = header[4] = types;
	header[5] = d->strs_len;
	*len = sizeof(header) + types + d->strs_len;
	blob = at = mem_resize(NULL, *len, 1);
	memcpy(at, header, sizeof(header));
	at += sizeof(header);
	for (uint32_t i = 0; i < d->nr; i++) {
		memcpy(at, d->types[i].words, d->types[i].nr * 4);
		at += d->types[i].nr * 4;
	}
	memcpy(at, d->strs, d->strs_len);
	return blob;
}
