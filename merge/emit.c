// SPDX-License-Identifier: GPL-2.0-only
#include "merge/emit.h"

#include <byteswap.h>
#include <string.h>

/*
 * The output grows where it will stand: how many words stay is known from the start, so
 * each section has its place, and the strings, which come last, may grow.
 */
struct writer {
	struct graph *g;
	uint32_t *map; /* by own type: the id in the output */
	unsigned char *blob;
	size_t room;
	size_t words_at; /* in bytes, as the next two; where the next type goes */
	size_t strs_at;
	size_t end;
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
	uint32_t n = g->in.nr_types, next = g->first_own, merged = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool stay = stays(g, i);

		map[i] = stay ? next : g->image[i];
		next += stay;
		merged += !stay & graph_is_own(g, g->image[i]);
	}
	for (uint32_t i = 0; merged && i < n; i++)
		if (!stays(g, i) && graph_is_own(g, g->image[i]))
			map[i] = map[g->image[i] - g->first_own];
	return next - g->first_own;
}

static uint32_t put_string(struct writer *w, uint32_t id)
{
	const char *text = names_text(&w->g->names, id);
	size_t len = strlen(text) + 1, at = w->end;

	if (len > w->room - at) {
		w->blob = arena_grow(w->g->arena, w->blob, at, (at + len) * 2);
		w->room = (at + len) * 2;
	}
	memcpy(w->blob + at, text, len);
	w->end += len;
	return (uint32_t)(at - w->strs_at);
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
	uint32_t nr = g->in.at[i + 1] - g->in.at[i], name, gid;
	const uint32_t *type = blob_type(&g->in, i), *word;
	const struct btf_kind *k = &btf_kinds[blob_kind(&g->in, i)];
	size_t at = w->words_at;
	uint32_t *out;

	/* Names first: a string may move the blob. */
	memcpy(w->blob + at, type, nr * sizeof(*type));
	btf_for_each_name(type, k, word) {
		name = put_name(w, *word);
		memcpy(w->blob + at + (size_t)(word - type) * 4, &name, 4);
	}
	out = (uint32_t *)(void *)(w->blob + at);
	btf_for_each_ref(type, k, word) {
		gid = graph_ref(g, *word);
		out[word - type] = graph_is_own(g, gid) ? w->map[gid - g->first_own] : gid;
	}
	w->words_at += nr * sizeof(*type);
}

static void swap_words(void *words, size_t nr)
{
	uint32_t *w = words;

	for (size_t i = 0; i < nr; i++)
		w[i] = bswap_32(w[i]);
}

static uint32_t header_length(const struct graph *g)
{
	return g->in.long_header ? BLOB_HEADER_LONG : BLOB_HEADER_SHORT;
}

/* What stands around the types and strings, when these are there. */
static void finish_blob(struct graph *g, struct writer *w, uint32_t type_bytes)
{
	uint32_t layout_len = g->in.layout_len, hdr_len = header_length(g);
	struct blob_header h = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = hdr_len,
		.type_len = type_bytes,
		.str_off = type_bytes + layout_len,
		.str_len = (uint32_t)(w->end - w->strs_at),
		.layout_off = layout_len ? type_bytes : 0,
		.layout_len = layout_len,
	};

	if (g->in.swapped) {
		swap_words(w->blob + hdr_len, type_bytes / 4);
		swap_words(&h.hdr_len, (sizeof(h) - offsetof(struct blob_header, hdr_len)) / 4);
		h.magic = bswap_16(h.magic);
	}
	memcpy(w->blob, &h, hdr_len);
	if (layout_len)
		memcpy(w->blob + hdr_len + type_bytes, g->in.layout, layout_len);
}

/* Counts what stays, by kind; in bytes in all. */
static uint32_t count(const struct graph *g, struct kind_stat *kinds)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		struct kind_stat *k = &kinds[blob_kind(&g->in, i)];

		if (!stays(g, i))
			continue;
		k->types++;
		k->bytes += (g->in.at[i + 1] - g->in.at[i]) * 4;
		bytes += (g->in.at[i + 1] - g->in.at[i]) * 4;
	}
	return bytes;
}

void emit(struct graph *g, struct dedup_result *res)
{
	uint32_t n = g->in.nr_types;
	struct writer w = {
		.g = g,
		.map = arena_array(g->arena, uint32_t, n),
		.offset = arena_zarray(g->arena, uint32_t, g->names.nr_fresh),
	};

	memset(res, 0, sizeof(*res));
	res->form = g->in.form;
	res->input_types = n;
	res->split_types = number(g, w.map);
	res->split_type_bytes = count(g, res->kinds);
	w.words_at = header_length(g);
	w.strs_at = w.end = w.words_at + res->split_type_bytes + g->in.layout_len;
	/* More strings than came in stay only where names begin in the middle of others. */
	w.room = w.strs_at + g->in.strs_len;
	w.blob = arena_alloc(g->arena, w.room);
	for (uint32_t i = 0; i < n; i++)
		if (stays(g, i))
			put_type(&w, i);
	finish_blob(g, &w, res->split_type_bytes);
	res->map = w.map;
	res->split_string_bytes = (uint32_t)(w.end - w.strs_at);
	res->split = w.blob;
	res->split_bytes = (uint32_t)w.end;
}
