// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/explain/facing.h"

#include <string.h>
#include <xxhash.h>

/* As in the engine (pairs.c), and for the same reason: hostile input could pair each
 * type with each. Beyond this many a reference counts as fine. */
#define PAIRS_PER_TYPE_MAX 8
#define PAIRS_ALWAYS (1u << 16)

/* So many elements that only the base has are stepped over to find one of the same name. */
#define ELEMS_AHEAD 16

static uint32_t face_hash(uint32_t x, uint32_t y)
{
	uint32_t key[2] = {x, y};

	return (uint32_t)XXH3_64bits(key, sizeof(key));
}

uint32_t facing_find(const struct facing *f, uint32_t x, uint32_t y)
{
	HTAB_FOR_EACH(&f->found, face_hash(x, y), it) {
		const struct face *face = &f->face[it.val - 1];

		if (face->x == x && face->y == y)
			return it.val - 1;
	}
	return FACING_NONE;
}

static bool crowded(const struct facing *f)
{
	return f->nr > PAIRS_ALWAYS && f->nr / PAIRS_PER_TYPE_MAX > f->g->in.nr_types;
}

/* The pair, new or known; FACING_NONE when there are too many. */
static uint32_t face_get(struct facing *f, uint32_t x, uint32_t y)
{
	uint32_t pair = facing_find(f, x, y);

	if (pair != FACING_NONE || crowded(f))
		return pair;
	if (f->nr == f->cap) {
		f->face = arena_grow(f->arena, f->face, f->cap * sizeof(*f->face),
				     f->cap * 2 * sizeof(*f->face));
		f->flags = arena_grow(f->arena, f->flags, f->cap, f->cap * 2);
		f->cap *= 2;
	}
	f->face[f->nr] = (struct face){x, y};
	f->flags[f->nr++] = 0;
	htab_add(&f->found, face_hash(x, y), f->nr);
	return f->nr - 1;
}

static void edge_add(struct facing *f, struct face_edge e)
{
	if (f->nr_edges == f->cap_edges) {
		f->edge = arena_grow(f->arena, f->edge, f->cap_edges * sizeof(*f->edge),
				     f->cap_edges * 2 * sizeof(*f->edge));
		f->cap_edges *= 2;
	}
	f->edge[f->nr_edges++] = e;
}

/* ---- which pairs there are, and how they refer to each other ---- */

/* Each unit with the base's definitions of its name; a declaration with all of it. */
static void face_units(struct facing *f)
{
	const struct graph *g = f->g;

	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		const uint32_t *tx = blob_type(&g->in, i);
		struct unit unit = unit_of(tx);

		if (unit.class == UNIT_NONE)
			continue;
		HTAB_FOR_EACH(&f->index->units, unit_hash(unit), it) {
			const uint32_t *ty = base_type(g->base, it.val);

			if (unit_same(unit, unit_of(ty)) &&
			    (unit_declares(tx) || !unit_declares(ty)))
				face_get(f, g->first_own + i, it.val);
		}
	}
}

/* The pair that word @wx of @pair's own type makes with word @wy of the base's. */
static void face_ref(struct facing *f, uint32_t pair, uint32_t wx, uint32_t wy)
{
	const uint32_t *tx = graph_type(f->g, f->face[pair].x);
	const uint32_t *ty = graph_type(f->g, f->face[pair].y);
	uint32_t x, y, to;

	if (differ_ref(f->g, tx[wx], ty[wy], &x, &y) != DIFFER_REF_PAIR)
		return;
	to = face_get(f, x, y);
	if (to != FACING_NONE)
		edge_add(f, (struct face_edge){pair, to, wx});
}

/* The single references; elements are matched by name, in their order, as one side may have
 * some that the other has not. */
static void face_refs(struct facing *f, uint32_t pair)
{
	const uint32_t *tx = graph_type(f->g, f->face[pair].x);
	const uint32_t *ty = graph_type(f->g, f->face[pair].y);
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	uint32_t nx = btf_nr_elems(tx), ny = btf_nr_elems(ty), j = 0;

	for (uint32_t w = k->ref_at; w < (uint32_t)k->ref_at + k->nr_refs; w++)
		face_ref(f, pair, w, w);
	for (uint32_t i = 0; k->elem_ref >= 0 && i < nx; i++) {
		uint32_t at = (uint32_t)btf_elem_at(k, i), name = tx[at], next = j;

		while (next < ny && ty[btf_elem_at(k, next)] != name && next - j < ELEMS_AHEAD)
			next++;
		if (next == ny || ty[btf_elem_at(k, next)] != name)
			continue;
		face_ref(f, pair, at + (uint32_t)k->elem_ref,
			 (uint32_t)btf_elem_at(k, next) + (uint32_t)k->elem_ref);
		j = next + 1;
	}
}

/* What differs itself refers to others all the same: were it equal, it would wait for these. */
static void face_look(struct facing *f, uint32_t pair)
{
	struct face face = f->face[pair];
	struct difference d;
	bool follows;

	if (differ_relaxed(graph_type(f->g, face.x), graph_type(f->g, face.y)))
		return;
	if (differ_first(f->g, face.x, face.y, &d, &follows))
		f->flags[pair] |= FACE_LOCAL;
	f->flags[pair] |= follows ? FACE_FOLLOWS : 0;
	if (btf_kind_of(graph_type(f->g, face.x)) == btf_kind_of(graph_type(f->g, face.y)))
		face_refs(f, pair);
}

/* Looks at the pairs that are new since the last time; these make more. */
static void face_all(struct facing *f)
{
	for (; f->looked < f->nr; f->looked++) {
		if (f->looked + 1 >= f->cap_first) {
			f->first = arena_grow(f->arena, f->first, f->cap_first * sizeof(*f->first),
					      (f->cap_first + 64) * 2 * sizeof(*f->first));
			f->cap_first = (f->cap_first + 64) * 2;
		}
		f->first[f->looked] = f->nr_edges;
		face_look(f, f->looked);
		f->first[f->looked + 1] = f->nr_edges;
	}
}

/*
 * Structs without a tag that stood opposite none so far, as nothing of the base's names refers to
 * them at this place: those of the base that look like them from outside.
 */
static void face_untagged(struct facing *f)
{
	const struct graph *g = f->g;
	uint8_t *faced = arena_zarray(f->arena, uint8_t, g->in.nr_types);

	for (uint32_t p = 0; p < f->nr; p++)
		faced[f->face[p].x - g->first_own] = 1;
	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		const uint32_t *tx = blob_type(&g->in, i);

		if (faced[i] || !btf_kind_is_composite(btf_kind_of(tx)) || unit_is(tx))
			continue;
		HTAB_FOR_EACH(&f->index->untagged, index_outer_hash(tx), it) {
			if (btf_kind_of(tx) == base_kind(g->base, it.val))
				face_get(f, g->first_own + i, it.val);
		}
	}
}

static void turn_edges(struct facing *f)
{
	uint32_t *at = f->up_first = arena_zarray(f->arena, uint32_t, f->nr + 2);

	f->up = arena_array(f->arena, uint32_t, f->nr_edges);
	for (uint32_t e = 0; e < f->nr_edges; e++)
		at[f->edge[e].to + 2]++;
	for (uint32_t p = 2; p < f->nr + 2; p++)
		at[p] += at[p - 1];
	for (uint32_t e = 0; e < f->nr_edges; e++)
		f->up[at[f->edge[e].to + 1]++] = e;
}

/* ---- which of them cannot be ---- */

struct wave {
	uint32_t *pair;
	uint32_t nr, done;
};

static void reached(struct facing *f, struct wave *wave, uint32_t pair, uint32_t toward,
		    uint8_t flag)
{
	f->flags[pair] |= flag | FACE_DEAD;
	f->toward[pair] = toward;
	wave->pair[wave->nr++] = pair;
}

static bool pair_is_unit(const struct facing *f, uint32_t pair)
{
	return unit_is(graph_type(f->g, f->face[pair].x));
}

/* From what is local upwards, through parts, to the units that these belong to. */
static void find_roots(struct facing *f, struct wave *wave)
{
	for (uint32_t p = 0; p < f->nr; p++)
		if (f->flags[p] & FACE_LOCAL)
			reached(f, wave, p, FACING_NONE,
				pair_is_unit(f, p) ? FACE_ROOT : FACE_PART);
	for (; wave->done < wave->nr; wave->done++) {
		uint32_t p = wave->pair[wave->done];

		if (f->flags[p] & FACE_ROOT)
			continue;
		for (uint32_t u = f->up_first[p]; u < f->up_first[p + 1]; u++) {
			uint32_t from = f->edge[f->up[u]].from;

			if (!(f->flags[from] & FACE_DEAD))
				reached(f, wave, from, f->up[u],
					pair_is_unit(f, from) ? FACE_ROOT : FACE_PART);
		}
	}
}

/* Each part that differs gets a root above it. */
static void own_parts(struct facing *f, struct wave *wave)
{
	wave->nr = wave->done = 0;
	for (uint32_t p = 0; p < f->nr; p++) {
		if (!(f->flags[p] & FACE_ROOT))
			continue;
		f->root[p] = p;
		wave->pair[wave->nr++] = p;
	}
	for (; wave->done < wave->nr; wave->done++) {
		uint32_t p = wave->pair[wave->done];

		for (uint32_t e = f->first[p]; e < f->first[p + 1]; e++) {
			uint32_t to = f->edge[e].to;

			if (!(f->flags[to] & FACE_PART) || f->root[to] != FACING_NONE)
				continue;
			f->root[to] = f->root[p];
			wave->pair[wave->nr++] = to;
		}
	}
}

/* From the roots upwards: everything that refers to them. */
static void find_dead(struct facing *f, struct wave *wave)
{
	wave->nr = wave->done = 0;
	for (uint32_t p = 0; p < f->nr; p++)
		if (f->flags[p] & FACE_ROOT)
			wave->pair[wave->nr++] = p;
	for (; wave->done < wave->nr; wave->done++) {
		uint32_t p = wave->pair[wave->done];

		for (uint32_t u = f->up_first[p]; u < f->up_first[p + 1]; u++) {
			uint32_t from = f->edge[f->up[u]].from;

			if (f->flags[from] & FACE_DEAD)
				continue;
			reached(f, wave, from, f->up[u], 0);
			f->root[from] = f->root[p];
		}
	}
}

/* A struct whose layout was said to follow another's, but all that it refers to is fine: then
 * it counts as a difference after all. True: there was one. */
static bool call_back(struct facing *f)
{
	bool any = false;

	for (uint32_t p = 0; p < f->nr; p++) {
		if ((f->flags[p] & (FACE_FOLLOWS | FACE_DEAD)) != FACE_FOLLOWS)
			continue;
		f->flags[p] |= FACE_LOCAL | FACE_STRICT;
		any = true;
	}
	return any;
}

static void find_all(struct facing *f)
{
	struct wave wave = {.pair = arena_array(f->arena, uint32_t, f->nr)};

	for (uint32_t p = 0; p < f->nr; p++) {
		f->flags[p] &= (uint8_t) ~(FACE_DEAD | FACE_ROOT | FACE_PART);
		f->toward[p] = f->root[p] = FACING_NONE;
	}
	find_roots(f, &wave);
	own_parts(f, &wave);
	find_dead(f, &wave);
}

void facing_make(struct facing *f, struct arena *arena, const struct graph *g,
		 const struct explain_base *index)
{
	*f = (struct facing){.arena = arena, .g = g, .index = index};
	f->cap = g->in.nr_types + 64;
	f->cap_edges = f->cap * 4;
	f->face = arena_array(arena, struct face, f->cap);
	f->flags = arena_array(arena, uint8_t, f->cap);
	f->edge = arena_array(arena, struct face_edge, f->cap_edges);
	f->first = arena_zarray(arena, uint32_t, 1);
	f->cap_first = 1;
	htab_init(&f->found, arena, f->cap);
	face_units(f);
	face_all(f);
	face_untagged(f);
	face_all(f);
	turn_edges(f);
	f->toward = arena_array(arena, uint32_t, f->nr);
	f->root = arena_array(arena, uint32_t, f->nr);
	find_all(f);
	if (call_back(f))
		find_all(f);
}

void facing_difference(const struct facing *f, uint32_t pair, struct difference *d)
{
	struct face face = f->face[pair];
	bool follows;

	differ_first(f->g, face.x, face.y, d, f->flags[pair] & FACE_STRICT ? NULL : &follows);
}
