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
	size_t words_at; /* in bytes, as the next two: where the next type goes */
	size_t strs_at;
	size_t end;
	uint32_t *offset; /* by fresh name: offset in the output + 1; 0: not yet used */
};

/* Numbers what stays, and lists it in @stay; everything else becomes what its image became. Returns
 * how many stay. */
static uint32_t number(const struct graph *g, uint32_t *map, uint32_t *stay)
{
	const uint32_t *image = g->image;
	uint32_t n = g->in.nr_types, first = g->first_own, nr = 0, merged = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t stays = image[i] == first + i;

		map[i] = stays ? first + nr : image[i];
		stay[nr] = i;
		nr += stays;
		merged |= !stays & (image[i] >= first);
	}
	for (uint32_t i = 0; merged && i < n; i++)
		if (image[i] >= first && image[i] != first + i)
			map[i] = map[image[i] - first];
	return nr;
}

static void more_room(struct writer *w, size_t len)
{
	w->blob = arena_grow(w->g->arena, w->blob, w->end, (w->end + len) * 2);
	w->room = (w->end + len) * 2;
}

static __attribute__((noinline)) uint32_t put_string(struct writer *w,
						     const struct names_fresh *fresh)
{
	size_t at = w->end, len = (size_t)fresh->len + 1;

	if (len > w->room - at)
		more_room(w, len);
	memcpy(w->blob + at, w->g->names.strs + fresh->at, len);
	w->end += len;
	return (uint32_t)(at - w->strs_at);
}

/* The offset of a name in the output. */
static inline uint32_t put_name(struct writer *w, uint32_t id)
{
	uint32_t first = names_first_fresh(&w->g->names);

	if (id < first)
		return id;
	if (!w->offset[id - first])
		w->offset[id - first] = put_string(w, &w->g->names.fresh_name[id - first]) + 1;
	return first + w->offset[id - first] - 1;
}

/* The id in the output of what the type id @ref of the input means. */
static inline uint32_t put_ref(const struct writer *w, uint32_t ref)
{
	const struct graph *g = w->g;
	uint32_t own = ref - g->in.first_id;

	if (own < g->in.nr_types)
		return w->map[own];
	return ref ? base_canonical(g->base, ref) : 0;
}

static inline uint32_t *words_at(const struct writer *w)
{
	return (uint32_t *)(void *)(w->blob + w->words_at);
}

/* What every type begins with; @ref: its third word is a type id. */
static inline void put_head(struct writer *w, const uint32_t *type, bool ref)
{
	uint32_t name = put_name(w, type[BTF_NAME]), *out = words_at(w);

	out[BTF_NAME] = name;
	out[BTF_INFO] = type[BTF_INFO];
	out[BTF_SIZE] = ref ? put_ref(w, type[BTF_SIZE]) : type[BTF_SIZE];
	w->words_at += BTF_HEAD * sizeof(*out);
}

/* @n elements of @words words: a name; a type id or, without @refs, a value; and where @words is 3,
 * another value. */
static inline void put_elems(struct writer *w, const uint32_t *elem, uint32_t n, uint32_t words,
			     bool refs)
{
	for (; n; n--, elem += words) {
		uint32_t name = put_name(w, elem[0]), *out = words_at(w);

		out[0] = name;
		out[1] = refs ? put_ref(w, elem[1]) : elem[1];
		if (words == 3)
			out[2] = elem[2];
		w->words_at += words * sizeof(*out);
	}
}

/* What is less frequent: it has no name but its own. */
static void put_other(struct writer *w, const uint32_t *type, uint32_t nr)
{
	uint32_t name = put_name(w, type[BTF_NAME]), *out = words_at(w);
	const uint32_t *word;

	memcpy(out, type, nr * sizeof(*out));
	out[BTF_NAME] = name;
	btf_for_each_ref(type, &btf_kinds[btf_kind_of(type)], word)
		out[word - type] = put_ref(w, *word);
	w->words_at += nr * sizeof(*out);
}

static void put_type(struct writer *w, uint32_t i)
{
	const struct blob *in = &w->g->in;
	const uint32_t *type = blob_type(in, i), *elems = type + BTF_HEAD;
	uint32_t kind = blob_kind(in, i), vlen = btf_word_vlen(type[BTF_INFO]);

	if (btf_kind_is_of_one_ref(kind)) {
		put_head(w, type, true);
		return;
	}
	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		put_head(w, type, false);
		put_elems(w, elems, vlen, 3, true);
		return;
	case BTF_KIND_FUNC_PROTO:
		put_head(w, type, true);
		put_elems(w, elems, vlen, 2, true);
		return;
	case BTF_KIND_ENUM:
		put_head(w, type, false);
		put_elems(w, elems, vlen, 2, false);
		return;
	case BTF_KIND_ENUM64:
		put_head(w, type, false);
		put_elems(w, elems, vlen, 3, false);
		return;
	default:
		put_other(w, type, in->at[i + 1] - in->at[i]);
	}
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

/* Counts the @nr types @stay by kind; in bytes in all. */
static uint32_t count(const struct graph *g, const uint32_t *stay, uint32_t nr,
		      struct kind_stat *kinds)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < nr; i++) {
		struct kind_stat *k = &kinds[blob_kind(&g->in, stay[i])];
		uint32_t of_this = (g->in.at[stay[i] + 1] - g->in.at[stay[i]]) * 4;

		k->types++;
		k->bytes += of_this;
		bytes += of_this;
	}
	return bytes;
}

static void count_result(const struct graph *g, const struct writer *w, const uint32_t *stay,
			 uint32_t nr, struct dedup_result *res)
{
	memset(res, 0, sizeof(*res));
	res->form = g->in.form;
	res->input_types = g->in.nr_types;
	res->split_types = nr;
	res->split_type_bytes = count(g, stay, nr, res->kinds);
	res->map = w->map;
}

/* Makes room for what was counted, and @strs_len bytes of strings. */
static void make_room(struct writer *w, const struct dedup_result *res, size_t strs_len)
{
	const struct graph *g = w->g;

	w->words_at = header_length(g);
	w->strs_at = w->end = w->words_at + res->split_type_bytes + g->in.layout_len;
	w->room = w->strs_at + strs_len;
	w->blob = arena_alloc(g->arena, w->room);
}

static void finish(struct writer *w, struct dedup_result *res)
{
	finish_blob(w->g, w, res->split_type_bytes);
	res->split_string_bytes = (uint32_t)(w->end - w->strs_at);
	res->split = w->blob;
	res->split_bytes = (uint32_t)w->end;
}

void emit(struct graph *g, struct dedup_result *res)
{
	uint32_t n = g->in.nr_types, *stay = arena_array(g->arena, uint32_t, n + 1), nr;
	struct writer w = {
		.g = g,
		.map = arena_array(g->arena, uint32_t, n),
		.offset = arena_zarray(g->arena, uint32_t, g->names.nr_fresh),
	};

	nr = number(g, w.map, stay);
	count_result(g, &w, stay, nr, res);
	/* More strings than came in stay only where names begin in the middle of others. */
	make_room(&w, res, g->in.strs_len);
	for (uint32_t i = 0; i < nr; i++)
		put_type(&w, stay[i]);
	finish(&w, res);
}

void emit_unchanged(struct graph *g, struct dedup_result *res)
{
	uint32_t n = g->in.nr_types, *stay = arena_array(g->arena, uint32_t, n);
	struct writer w = {.g = g, .map = arena_array(g->arena, uint32_t, n)};

	for (uint32_t i = 0; i < n; i++) {
		stay[i] = i;
		w.map[i] = g->first_own + i;
	}
	count_result(g, &w, stay, n, res);
	make_room(&w, res, g->in.strs_len);
	memcpy(w.blob + w.words_at, g->in.types, res->split_type_bytes);
	memcpy(w.blob + w.strs_at, g->in.strs, g->in.strs_len);
	w.end += g->in.strs_len;
	finish(&w, res);
}
