// SPDX-License-Identifier: GPL-2.0-only
#include "merge/emit.h"

#include <byteswap.h>
#include <string.h>

struct writer {
	struct graph *g;
	uint32_t *map; /* by own type: the id in the output */
	uint32_t *words;
	uint32_t nr_words;
	char *strs;
	uint32_t strs_len;
	uint32_t strs_room;
	uint32_t *offset; /* by fresh name: offset in the output + 1; 0: not yet used */
};

static bool stays(const struct graph *g, uint32_t i)
{
	return g->image[i] == g->first_own + i;
}

/* Numbers what stays; everything else becomes what its image became. Returns how
 * many stay. */
static uint32_t number(const struct graph *g, uint32_t *map)
{
	uint32_t n = g->in.nr_types, next = g->first_own;

	for (uint32_t i = 0; i < n; i++)
		map[i] = stays(g, i) ? next++ : g->image[i];
	for (uint32_t i = 0; i < n; i++)
		if (!stays(g, i) && graph_is_own(g, g->image[i]))
			map[i] = map[g->image[i] - g->first_own];
	return next - g->first_own;
}

static uint32_t put_string(struct writer *w, uint32_t id)
{
	const char *text = names_text(&w->g->names, id);
	uint32_t len = (uint32_t)strlen(text) + 1, off = w->strs_len;

	if (len > w->strs_room - off) {
		w->strs = arena_grow(w->g->arena, w->strs, off, (size_t)(off + len) * 2);
		w->strs_room = (off + len) * 2;
	}
	memcpy(w->strs + off, text, len);
	w->strs_len += len;
	return off;
}

/* The offset of a name in the output. */
static uint32_t put_name(struct writer *w, uint32_t id)
{
	uint32_t first = names_first_fresh(&w->g->names);

	if (id < first)
		return id;
	if (!w->offset[id - first])
		w->offset[id - first] = put_string(w, id) + 1;
	return first + w->offset[id - first] - 1;
}

static void put_type(struct writer *w, uint32_t i)
{
	const struct graph *g = w->g;
	uint32_t *out = w->words + w->nr_words, *word, gid;
	uint32_t nr = g->in.at[i + 1] - g->in.at[i];
	const struct btf_kind *k = &btf_kinds[blob_kind(&g->in, i)];

	memcpy(out, blob_type(&g->in, i), nr * sizeof(*out));
	btf_for_each_name(out, k, word)
		*word = put_name(w, *word);
	btf_for_each_ref(out, k, word) {
		gid = graph_ref(g, *word);
		*word = graph_is_own(g, gid) ? w->map[gid - g->first_own] : gid;
	}
	w->nr_words += nr;
}

static void put_header(const struct graph *g, struct blob_header *h, const struct writer *w)
{
	uint32_t layout_len = g->in.layout_len;

	*h = (struct blob_header){
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = g->in.long_header ? BLOB_HEADER_LONG : BLOB_HEADER_SHORT,
		.type_len = w->nr_words * 4,
		.str_off = w->nr_words * 4 + layout_len,
		.str_len = w->strs_len,
		.layout_off = layout_len ? w->nr_words * 4 : 0,
		.layout_len = layout_len,
	};
}

static void swap_words(uint32_t *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		words[i] = bswap_32(words[i]);
}

static void put_blob(struct graph *g, struct writer *w, struct dedup_result *res)
{
	struct blob_header h;
	unsigned char *blob;
	size_t at;

	put_header(g, &h, w);
	at = h.hdr_len;
	blob = arena_alloc(g->arena, (size_t)h.hdr_len + h.str_off + h.str_len);
	if (g->in.swapped) {
		swap_words(w->words, w->nr_words);
		swap_words(&h.hdr_len, (sizeof(h) - offsetof(struct blob_header, hdr_len)) / 4);
		h.magic = bswap_16(h.magic);
	}
	memcpy(blob, &h, at);
	memcpy(blob + at, w->words, (size_t)w->nr_words * 4);
	at += (size_t)w->nr_words * 4;
	if (g->in.layout_len)
		memcpy(blob + at, g->in.layout, g->in.layout_len);
	at += g->in.layout_len;
	memcpy(blob + at, w->strs, w->strs_len);
	res->split = blob;
	res->split_bytes = (uint32_t)(at + w->strs_len);
}

void emit(struct graph *g, struct dedup_result *res)
{
	uint32_t n = g->in.nr_types;
	struct writer w = {
		.g = g,
		.map = arena_array(g->arena, uint32_t, n),
		.words = arena_array(g->arena, uint32_t, g->in.nr_words),
		/* More only where names begin in the middle of others. */
		.strs = arena_alloc(g->arena, g->in.strs_len),
		.strs_room = g->in.strs_len,
		.offset = arena_zarray(g->arena, uint32_t, g->names.nr_fresh),
	};

	memset(res, 0, sizeof(*res));
	res->form = g->in.form;
	res->input_types = n;
	res->split_types = number(g, w.map);
	for (uint32_t i = 0; i < n; i++) {
		struct kind_stat *k = &res->kinds[blob_kind(&g->in, i)];

		if (!stays(g, i))
			continue;
		k->types++;
		k->bytes += (g->in.at[i + 1] - g->in.at[i]) * 4;
		put_type(&w, i);
	}
	res->map = w.map;
	res->split_type_bytes = w.nr_words * 4;
	res->split_string_bytes = w.strs_len;
	put_blob(g, &w, res);
}
