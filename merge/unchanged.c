// SPDX-License-Identifier: GPL-2.0-only
/*
 * If no type merges, each is its own image. So it is assumed that none does, and every type
 * is held against what the passes would merge it with on that assumption:
 *
 *   what			the passes would merge it with
 *   a struct or union		one of the base's of its name, or outline, and size; an own
 *				one of the same words
 *   a declaration		whatever has its name
 *   any other			one of the base's, or an own one, of the same words, type
 *				ids included
 *
 * Where there is something of the kind, whether or not it would be merged in the end, the
 * passes tell. Strings have to be new to the base, each another, and used in the order in which
 * they stand: then their offsets are as good as name ids, and words are compared as they came.
 */
#include "merge/unchanged.h"

#include <string.h>

struct looking {
	struct graph *g;
	const struct blob *in;
	struct htab seen;    /* own types by their key, + 1 */
	uint32_t names_used; /* of the fresh ones, in their order */
	/* By where its name begins in the section: what has that name. */
	uint8_t *named;
	/* By own type: whether all that it refers to is settled, see pass_rest(). */
	uint8_t *settled;
	uint32_t *waiting; /* those that are not, in their order */
	uint32_t nr_waiting;
};

enum {
	NAMED_DEFINITION = 1,
	NAMED_DECLARATION = 2,
};

/* ---- strings ---- */

/* Is @off the next new string, or one that was used before? */
static inline bool name_in_order(struct looking *l, uint32_t off)
{
	const struct names *names = &l->g->names;
	uint32_t own = off - names->first_str, used = l->names_used;

	if (off < names->first_str)
		return !off || base_string_begins(names->base, off);
	if (own >= names->strs_len)
		return false;
	if (used < names->nr_fresh && own == names->fresh_name[used].at)
		l->names_used++;
	else if (used < names->nr_fresh && own > names->fresh_name[used].at)
		return false;
	return !own || !names->strs[own - 1];
}

static bool names_in_order(struct looking *l, const uint32_t *type, const struct btf_kind *k)
{
	const uint32_t *w;

	btf_for_each_name(type, k, w)
		if (!name_in_order(l, *w))
			return false;
	return true;
}

/* Does the name at @off, a new one, belong to a definition and a declaration now? */
static bool named_both(struct looking *l, uint32_t off, uint8_t what)
{
	uint8_t *named = &l->named[off - l->in->first_str];

	*named |= what;
	return *named == (NAMED_DEFINITION | NAMED_DECLARATION);
}

/* ---- types ---- */

/* Files own type @i; false if another has the same hash. */
static bool file(struct looking *l, uint32_t i, uint32_t hash)
{
	HTAB_FOR_EACH(&l->seen, hash, it)
		return false;
	htab_add(&l->seen, hash, i + 1);
	return true;
}

/* Has the base a struct or union that one with the head @type could become? */
static bool base_has_candidate(const struct base *base, const uint32_t *type, uint32_t hash)
{
	HTAB_FOR_EACH(type[BTF_NAME] ? &base->nominal : &base->flat, hash, it) {
		const uint32_t *y = base_type(base, it.val);

		if (type[BTF_NAME] == y[BTF_NAME] && type[BTF_INFO] == y[BTF_INFO] &&
		    type[BTF_SIZE] == y[BTF_SIZE])
			return true;
	}
	return false;
}

static bool composite_stays(struct looking *l, uint32_t i)
{
	struct graph *g = l->g;
	const uint32_t *type = blob_type(l->in, i);
	uint32_t name = type[BTF_NAME], kind = blob_kind(l->in, i), nr, hash;

	l->settled[i] = true;
	if (name >= l->in->first_str) {
		if (named_both(l, name, NAMED_DEFINITION))
			return false;
	} else if (name && base_has_candidate(g->base, type, key_nominal(kind, false, name))) {
		return false;
	}
	nr = graph_normal(g, i, name ? KEY_NO_REFS : KEY_OUTLINES, g->scratch);
	hash = key_words(g->scratch, nr);
	return (name || !base_has_candidate(g->base, type, hash)) && file(l, i, hash);
}

/* What a type refers to. */
struct refs {
	bool fine;    /* in range, and of a kind that it may be */
	bool own;     /* of any it is an own one */
	bool settled; /* all are */
};

static inline struct refs look_at_refs(const struct looking *l, const uint32_t *type, uint32_t kind)
{
	struct refs refs = {true, false, true};
	uint32_t first = l->in->first_id, end = first + l->in->nr_types;
	uint32_t may = btf_may_refer_to(kind);
	const uint32_t *w;

	btf_for_each_ref(type, &btf_kinds[kind], w) {
		if (*w >= end || !(may >> blob_kind_of_id(l->in, l->g->base, *w, true) & 1))
			return (struct refs){.fine = false};
		if (*w < first)
			continue;
		refs.own = true;
		refs.settled &= l->settled[*w - first];
	}
	return refs;
}

/* What has a name that others look for: a declaration, or an enum. */
static bool named_stays(struct looking *l, uint32_t i)
{
	uint32_t name = blob_type(l->in, i)[BTF_NAME];

	if (graph_is_forward(l->g, i))
		return name >= l->in->first_str && !named_both(l, name, NAMED_DECLARATION);
	return name < l->in->first_str || !btf_kind_is_enum(blob_kind(l->in, i)) ||
	       !named_both(l, name, NAMED_DEFINITION);
}

/* Might the base have type @i, which refers to types of the base only? */
static bool base_has(const struct looking *l, const uint32_t *type, uint32_t nr, uint32_t hash)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	const uint32_t *w;

	btf_for_each_name(type, k, w)
		if (*w >= l->in->first_str)
			return false;
	return base_find_words(l->g->base, type, nr, hash);
}

static bool other_stays(struct looking *l, uint32_t i, struct refs refs)
{
	const uint32_t *type = blob_type(l->in, i);
	uint32_t nr = l->in->at[i + 1] - l->in->at[i], hash = key_words(type, nr);

	l->settled[i] = refs.settled;
	l->waiting[l->nr_waiting] = i;
	l->nr_waiting += !refs.settled;
	return named_stays(l, i) && (refs.own || !base_has(l, type, nr, hash)) && file(l, i, hash);
}

static bool type_stays(struct looking *l, uint32_t i)
{
	uint32_t kind = blob_kind(l->in, i);
	const uint32_t *type = blob_type(l->in, i);
	struct refs refs;

	if (!names_in_order(l, type, &btf_kinds[kind]))
		return false;
	refs = look_at_refs(l, type, kind);
	if (!refs.fine)
		return false;
	if (btf_kind_is_composite(kind))
		return composite_stays(l, i);
	return btf_kind_stays(kind) || other_stays(l, i, refs);
}

/* So often those that wait are gone through: a pointer that comes before what it points to
 * takes one time, as the last comes first. */
#define WAIT_ROUNDS 8

/* Do those that wait all become settled in the end? Else they refer to themselves. */
static bool none_waits(struct looking *l)
{
	uint32_t nr = l->nr_waiting;

	for (int round = 0; nr && round < WAIT_ROUNDS; round++) {
		uint32_t left = nr;

		for (uint32_t n = nr; n--;) {
			uint32_t i = l->waiting[n];

			l->settled[i] =
				look_at_refs(l, blob_type(l->in, i), blob_kind(l->in, i)).settled;
			if (!l->settled[i])
				l->waiting[--left] = i;
		}
		memmove(l->waiting, l->waiting + left, (nr - left) * sizeof(*l->waiting));
		nr -= left;
	}
	return !nr;
}

bool unchanged(struct graph *g)
{
	const struct blob *in = &g->in;
	uint32_t n = in->nr_types;
	struct looking l = {.g = g, .in = in};

	if (in->form != BTF_FORM_SPLIT || in->swapped || !g->base->all_filed ||
	    !g->base->strings_once || !g->names.all_fresh)
		return false;
	l.named = arena_zarray(g->arena, uint8_t, in->strs_len);
	l.settled = arena_array(g->arena, uint8_t, n);
	l.waiting = arena_array(g->arena, uint32_t, n + 1);
	htab_init(&l.seen, g->arena, n);
	for (uint32_t i = 0; i < n; i++)
		l.settled[i] =
			btf_kind_stays(blob_kind(in, i)) || btf_kind_is_composite(blob_kind(in, i));
	for (uint32_t i = 0; i < n; i++)
		if (!type_stays(&l, i))
			return false;
	return l.names_used == g->names.nr_fresh && none_waits(&l);
}
