// SPDX-License-Identifier: GPL-2.0-only
#include "merge/explain/stay.h"

#include <string.h>

/* The walk from a type down to those that it waits for, without recursion. */
struct settling {
	const struct facing *f;
	const struct graph *g;
	struct stay *stay;
	uint8_t *seen; /* by own type */
	uint32_t *stack;
	struct btf_walk *refs; /* by place of the stack */
	uint32_t depth;
	uint32_t *words; /* room for the longest type that refers to others */
};

enum { SEEN_NOT, SEEN_OPEN, SEEN_SETTLED };

/* ---- the closest of a unit's candidates ---- */

/* How much a base's type looks like it: the more, the closer. One that only waits for others
 * before one that differs itself; then by members of the same name. */
static uint64_t likeness(const struct facing *f, uint32_t pair)
{
	struct face face = f->face[pair];
	const uint32_t *tx = graph_type(f->g, face.x), *ty = graph_type(f->g, face.y);
	const struct btf_kind *kx = &btf_kinds[btf_kind_of(tx)], *ky = &btf_kinds[btf_kind_of(ty)];
	uint32_t nx = btf_nr_elems(tx), ny = btf_nr_elems(ty), same = 0;
	uint64_t like = !(f->flags[pair] & FACE_DEAD) ? 4 : !(f->flags[pair] & FACE_ROOT) ? 2 : 0;

	for (uint32_t i = 0; kx->elem && i < nx && i < ny; i++)
		same += tx[btf_elem_at(kx, i)] == ty[btf_elem_at(ky, i)];
	return (like << 32) | (uint64_t)same << 1 | (tx[BTF_INFO] == ty[BTF_INFO]);
}

static void choose_candidate(const struct facing *f, uint32_t pair, struct stay *s, uint64_t *best)
{
	const uint32_t *ty = graph_type(f->g, f->face[pair].y);
	uint64_t like = likeness(f, pair) + 1;

	s->candidates += !unit_declares(ty);
	if (*best >= like)
		return;
	*best = like;
	s->pair = pair;
	s->base = f->face[pair].y;
}

static void choose_candidates(struct settling *s, uint32_t i)
{
	const struct graph *g = s->g;
	const uint32_t *tx = blob_type(&g->in, i);
	struct unit unit = unit_of(tx);
	uint64_t best = 0;

	HTAB_FOR_EACH(&s->f->index->units, unit_hash(unit), it) {
		const uint32_t *ty = base_type(g->base, it.val);
		uint32_t pair;

		if (!unit_same(unit, unit_of(ty)))
			continue;
		/* It is none for a definition, but what refers to that may go with it. */
		if (unit_declares(ty) && !unit_declares(tx)) {
			s->stay[i].base = best ? s->stay[i].base : it.val;
			continue;
		}
		pair = facing_find(s->f, g->first_own + i, it.val);
		if (pair != FACING_NONE)
			choose_candidate(s->f, pair, &s->stay[i], &best);
	}
}

/*
 * Structs without a tag have no name to be looked for by, only types of the base that they
 * stood opposite to. The first that is not itself what differs, else the first that
 * belongs to a unit.
 */
static void choose_untagged(struct settling *s)
{
	const struct facing *f = s->f;
	uint8_t *best = arena_zarray(f->arena, uint8_t, s->g->in.nr_types);

	for (uint32_t p = 0; p < f->nr; p++) {
		const uint32_t *tx = graph_type(s->g, f->face[p].x);
		uint32_t own = f->face[p].x - s->g->first_own;
		uint8_t good = !(f->flags[p] & FACE_PART) ? 2 : f->root[p] != FACING_NONE;

		if (unit_is(tx) || !btf_kind_is_composite(btf_kind_of(tx)) || good <= best[own])
			continue;
		best[own] = good;
		s->stay[own].pair = p;
		s->stay[own].base = f->face[p].y;
	}
}

/* ---- why it stays ---- */

static enum stay_why why_unit(const struct settling *s, uint32_t i)
{
	const struct stay *stay = &s->stay[i];

	if (stay->pair == FACING_NONE)
		return stay->base ? STAY_FWD : STAY_NEW;
	return s->f->flags[stay->pair] & FACE_DEAD ? STAY_PAIR : STAY_UNDECIDED;
}

/* The words that the base would have for what refers to others, if these became what they
 * would have; 0: one of them is new. */
static uint32_t words_in_base(const struct settling *s, const uint32_t *type)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t nr = (uint32_t)btf_type_words(type[BTF_INFO]), *w;

	memcpy(s->words, type, nr * sizeof(*type));
	btf_for_each_ref(s->words, k, w) {
		uint32_t gid = graph_ref(s->g, *w);

		if (gid && graph_is_own(s->g, gid))
			gid = s->stay[gid - s->g->first_own].base;
		if (*w && !gid)
			return 0;
		*w = gid;
	}
	return nr;
}

static bool refers_to_own(const struct settling *s, const uint32_t *type)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	const uint32_t *w;

	btf_for_each_ref(type, k, w)
		if (graph_is_own(s->g, graph_ref(s->g, *w)))
			return true;
	return false;
}

/* A part: a pointer, a prototype...; or a DECL_TAG. */
static enum stay_why why_part(struct settling *s, uint32_t i)
{
	const uint32_t *type = blob_type(&s->g->in, i);
	uint32_t nr = words_in_base(s, type);

	if (!nr)
		return STAY_NEW;
	s->stay[i].base = index_find_shape(s->f->index, s->words, nr);
	if (!s->stay[i].base && btf_kind_of(type) == BTF_KIND_DECL_TAG) {
		s->stay[i].base = s->words[BTF_SIZE];
		return STAY_TAG;
	}
	if (!s->stay[i].base)
		return STAY_NEW;
	return refers_to_own(s, type) ? STAY_REFS : STAY_UNDECIDED;
}

static enum stay_why why(struct settling *s, uint32_t i)
{
	const uint32_t *type = blob_type(&s->g->in, i);
	uint32_t kind = btf_kind_of(type);

	if (btf_kind_stays(kind))
		return STAY_NEVER;
	if (btf_kind_is_composite(kind) || unit_is(type)) {
		enum stay_why unit = why_unit(s, i);

		/* A typedef or function of which all is the same but for a declaration. */
		if (unit == STAY_UNDECIDED && btf_kind_is_of_one_ref(kind) &&
		    refers_to_own(s, type) && words_in_base(s, type))
			return STAY_REFS;
		return unit;
	}
	return why_part(s, i);
}

/* Does it wait for what it refers to to be settled? Structs do not: their pairs know. */
static bool waits(const struct settling *s, uint32_t i)
{
	uint32_t kind = blob_kind(&s->g->in, i);

	return !btf_kind_is_composite(kind) && !btf_kind_stays(kind);
}

static void push(struct settling *s, uint32_t i)
{
	s->seen[i] = SEEN_OPEN;
	s->stack[s->depth] = i;
	s->refs[s->depth++] =
		btf_walk_refs(blob_type(&s->g->in, i), &btf_kinds[blob_kind(&s->g->in, i)]);
}

/* The next own type that the one on top waits for; false: there is none. */
static bool next_below(struct settling *s, uint32_t *below)
{
	const uint32_t *type = blob_type(&s->g->in, s->stack[s->depth - 1]);
	struct btf_walk *refs = &s->refs[s->depth - 1];

	for (; waits(s, s->stack[s->depth - 1]) && refs->left; btf_walk_on(refs)) {
		uint32_t gid = graph_ref(s->g, type[refs->at]);

		if (!graph_is_own(s->g, gid) || s->seen[gid - s->g->first_own] != SEEN_NOT)
			continue;
		*below = gid - s->g->first_own;
		return true;
	}
	return false;
}

static void settle(struct settling *s, uint32_t i)
{
	push(s, i);
	while (s->depth) {
		uint32_t below;

		if (next_below(s, &below)) {
			push(s, below);
			continue;
		}
		i = s->stack[--s->depth];
		s->stay[i].why = (uint8_t)why(s, i);
		s->seen[i] = SEEN_SETTLED;
		if (s->stay[i].why == STAY_NEW || s->stay[i].why == STAY_NEVER)
			s->stay[i].base = 0;
	}
}

static uint32_t longest(const struct blob *blob)
{
	uint32_t max = BTF_HEAD;

	for (uint32_t i = 0; i < blob->nr_types; i++)
		if (blob->at[i + 1] - blob->at[i] > max)
			max = blob->at[i + 1] - blob->at[i];
	return max;
}

struct stay *stay_find(const struct facing *f)
{
	uint32_t n = f->g->in.nr_types;
	struct settling s = {
		.f = f,
		.g = f->g,
		.stay = arena_zarray(f->arena, struct stay, n),
		.seen = arena_zarray(f->arena, uint8_t, n),
		.stack = arena_array(f->arena, uint32_t, n),
		.refs = arena_array(f->arena, struct btf_walk, n),
		.words = arena_array(f->arena, uint32_t, longest(&f->g->in)),
	};

	for (uint32_t i = 0; i < n; i++)
		s.stay[i].pair = FACING_NONE;
	for (uint32_t i = 0; i < n; i++)
		if (unit_is(blob_type(&f->g->in, i)))
			choose_candidates(&s, i);
	choose_untagged(&s);
	for (uint32_t i = 0; i < n; i++)
		if (s.seen[i] == SEEN_NOT)
			settle(&s, i);
	return s.stay;
}
