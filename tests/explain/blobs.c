// SPDX-License-Identifier: GPL-2.0-only
#include "tests/explain/blobs.h"

#include <string.h>

#include "tests/gen/mem.h"

#define HEAD 3

/* The words of a kind behind the head: once, and for each of vlen. */
static const struct {
	uint8_t extra, elem;
} layout[] = {
	[BTF_KIND_INT] = {1, 0},    [BTF_KIND_ARRAY] = {3, 0},   [BTF_KIND_STRUCT] = {0, 3},
	[BTF_KIND_UNION] = {0, 3},  [BTF_KIND_ENUM] = {0, 2},    [BTF_KIND_FUNC_PROTO] = {0, 2},
	[BTF_KIND_VAR] = {1, 0},    [BTF_KIND_DATASEC] = {0, 3}, [BTF_KIND_DECL_TAG] = {1, 0},
	[BTF_KIND_ENUM64] = {0, 3},
};

static uint32_t vlen_of(const uint32_t *type)
{
	return type[1] & 0xffff;
}

static uint32_t kind_of(const uint32_t *type)
{
	return type[1] >> 24 & 0x1f;
}

uint32_t blobs_kind(const struct blobs *b, uint32_t id)
{
	return kind_of(b->types[id]);
}

void blobs_read(struct blobs *b, const void *data, size_t len)
{
	uint32_t *at, *end, cap = 0;

	*b = (struct blobs){.blob = mem_resize(NULL, len / 4 + 1, 4), .len = len};
	memcpy(b->blob, data, len);
	at = b->blob + (b->blob[1] + b->blob[2]) / 4;
	end = at + b->blob[3] / 4;
	b->strs = (const char *)b->blob + b->blob[1] + b->blob[4];
	b->types = mem_grow(NULL, &cap, 1, sizeof(*b->types));
	b->types[0] = NULL;
	while (at < end) {
		uint32_t kind = kind_of(at);
		bool elems = kind < sizeof(layout) / sizeof(layout[0]) && layout[kind].elem;

		b->types = mem_grow(b->types, &cap, b->nr + 2, sizeof(*b->types));
		b->types[++b->nr] = at;
		at += HEAD;
		if (kind < sizeof(layout) / sizeof(layout[0]))
			at += layout[kind].extra +
			      (elems ? vlen_of(b->types[b->nr]) * layout[kind].elem : 0);
	}
}

void blobs_free(struct blobs *b)
{
	free(b->blob);
	free(b->types);
}

const char *blobs_name(const struct blobs *b, uint32_t id)
{
	return b->strs + b->types[id][0];
}

/* The word of a type's i-th reference; NULL behind the last. */
static uint32_t *ref_word(const struct blobs *b, uint32_t id, uint32_t i)
{
	uint32_t *t = b->types[id], n = vlen_of(t);

	switch (kind_of(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return i ? NULL : &t[2];
	case BTF_KIND_ARRAY:
		return i < 2 ? &t[HEAD + i] : NULL;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return i < n ? &t[HEAD + 3 * i + 1] : NULL;
	case BTF_KIND_FUNC_PROTO:
		return !i ? &t[2] : i <= n ? &t[HEAD + 2 * (i - 1) + 1] : NULL;
	case BTF_KIND_DATASEC:
		return i < n ? &t[HEAD + 3 * i] : NULL;
	default:
		return NULL;
	}
}

uint32_t blobs_nr_refs(const struct blobs *b, uint32_t id)
{
	uint32_t n = 0;

	while (ref_word(b, id, n))
		n++;
	return n;
}

uint32_t blobs_ref(const struct blobs *b, uint32_t id, uint32_t i)
{
	return *ref_word(b, id, i);
}

bool blobs_is_unit(const struct blobs *b, uint32_t id)
{
	switch (blobs_kind(b, id)) {
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return *blobs_name(b, id) || vlen_of(b->types[id]);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_FUNC:
		return *blobs_name(b, id);
	default:
		return false;
	}
}

/* Is @fwd a FWD, and what it declares beside it? */
static bool is_defined(const struct blobs *b, uint32_t fwd)
{
	uint32_t kind = b->types[fwd][1] >> 31 ? BTF_KIND_UNION : BTF_KIND_STRUCT;

	for (uint32_t id = 1; blobs_kind(b, fwd) == BTF_KIND_FWD && id <= b->nr; id++)
		if (blobs_kind(b, id) == kind && !strcmp(blobs_name(b, id), blobs_name(b, fwd)))
			return true;
	return false;
}

/* What a unit goes by: its name, of an enum without one its first value's. */
static const char *called(const struct blobs *b, uint32_t id)
{
	return *blobs_name(b, id) ? blobs_name(b, id) : b->strs + b->types[id][HEAD];
}

bool blobs_clear(const struct blobs *b)
{
	for (uint32_t id = 1; id <= b->nr; id++) {
		if (is_defined(b, id))
			return false;
		for (uint32_t other = 1; blobs_is_unit(b, id) && other < id; other++)
			if (blobs_is_unit(b, other) && blobs_kind(b, id) == blobs_kind(b, other) &&
			    !strcmp(called(b, id), called(b, other)))
				return false;
	}
	return true;
}

/* ---- one change ---- */

static bool set(struct change *c, uint32_t *word, uint32_t value, const char *element)
{
	c->word = word;
	c->was = *word;
	c->element = element && *element ? element : NULL;
	*word = value;
	return c->was != value;
}

static bool change_enum(struct blobs *b, uint32_t *t, struct rng *rng, struct change *c)
{
	uint32_t step = kind_of(t) == BTF_KIND_ENUM ? 2 : 3, n = vlen_of(t), i;

	if (!n || rng_chance(rng, 30))
		return n && set(c, &t[1], t[1] ^ 0x80000000u, NULL);
	i = rng_below(rng, n);
	return set(c, &t[HEAD + step * i + 1], t[HEAD + step * i + 1] ^ 0x5a000000,
		   b->strs + t[HEAD + step * i]);
}

/* A first INT that is not what the reference is to. */
static uint32_t other_int(const struct blobs *b, uint32_t not )
{
	for (uint32_t id = 1; id <= b->nr; id++)
		if (blobs_kind(b, id) == BTF_KIND_INT && id != not )
			return id;
	return 0;
}

/* A name of the blob that is nowhere an element's. */
static uint32_t other_name(const struct blobs *b)
{
	for (uint32_t id = 1; id <= b->nr; id++)
		if (blobs_kind(b, id) == BTF_KIND_INT && !strcmp(blobs_name(b, id), "int"))
			return b->types[id][0];
	return 0;
}

static bool change_member(struct blobs *b, uint32_t *t, uint32_t what, struct rng *rng,
			  struct change *c)
{
	uint32_t i = rng_below(rng, vlen_of(t)), *m = &t[HEAD + 3 * i];
	const char *name = b->strs + m[0];

	switch (what) {
	case 0:
		c->element = "int";
		return other_name(b) && set(c, &m[0], other_name(b), "int");
	case 1:
		return set(c, &m[1], other_int(b, m[1]), name);
	default:
		return set(c, &m[2], m[2] ^ 0x00500000, name);
	}
}

static bool change_composite(struct blobs *b, uint32_t *t, bool data, struct rng *rng,
			     struct change *c)
{
	uint32_t what = data ? 3 : rng_below(rng, 6);

	if (!data && (!vlen_of(t) || what == 5))
		return set(c, &t[2], t[2] + 0x1000, NULL);
	return vlen_of(t) && change_member(b, t, what, rng, c);
}

static bool change_proto(struct blobs *b, uint32_t *t, struct rng *rng, struct change *c)
{
	uint32_t i = rng_below(rng, vlen_of(t) + 1);
	uint32_t *word = i ? &t[HEAD + 2 * (i - 1) + 1] : &t[2];

	return set(c, word, other_int(b, *word), NULL);
}

bool blobs_change(struct blobs *b, uint32_t id, bool data, struct rng *rng, struct change *c)
{
	uint32_t *t = b->types[id];

	*c = (struct change){.id = id};
	switch (kind_of(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return change_composite(b, t, data, rng, c);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return change_enum(b, t, rng, c);
	case BTF_KIND_INT:
		return set(c, &t[3], t[3] ^ 0x00070000, NULL);
	case BTF_KIND_FLOAT:
		return !data && set(c, &t[2], t[2] + 0x100, NULL);
	case BTF_KIND_FUNC:
		return set(c, &t[1], t[1] ^ 1, NULL);
	case BTF_KIND_ARRAY:
		return !data && set(c, &t[HEAD + 2], t[HEAD + 2] + 0x1000, NULL);
	case BTF_KIND_FUNC_PROTO:
		return !data && change_proto(b, t, rng, c);
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
		return !data && set(c, &t[2], other_int(b, t[2]), NULL);
	default:
		return false;
	}
}

void blobs_undo(const struct change *c)
{
	*c->word = c->was;
}

/* ---- who reaches whom: again and again over all types, until nothing is added ---- */

static void spread(const struct blobs *b, bool *reach, bool through_units)
{
	bool more = true;

	while (more) {
		more = false;
		for (uint32_t id = 1; id <= b->nr; id++) {
			uint32_t n = reach[id] ? 0 : blobs_nr_refs(b, id);
			bool was = reach[id];

			for (uint32_t i = 0; i < n && !reach[id]; i++) {
				uint32_t to = blobs_ref(b, id, i);

				reach[id] = reach[to] && (through_units || !blobs_is_unit(b, to));
			}
			more |= reach[id] != was;
		}
	}
}

void blobs_owners(const struct blobs *b, uint32_t id, bool *by_id)
{
	memset(by_id, 0, b->nr + 1);
	by_id[id] = true;
	if (!blobs_is_unit(b, id))
		spread(b, by_id, false);
	for (uint32_t i = 1; i <= b->nr; i++)
		by_id[i] = by_id[i] && blobs_is_unit(b, i);
}

void blobs_reaching(const struct blobs *b, uint32_t id, bool *by_id)
{
	memset(by_id, 0, b->nr + 1);
	by_id[id] = true;
	spread(b, by_id, true); /* by_id[0], void, is never set */
}
