// SPDX-License-Identifier: GPL-2.0-only
#include "merge/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Stands for a pair of what is apart: a y that no type has. */
#define APART (PAIR_Y_DEAD - 1)

/* What is asked for each word is compiled for who notes and for who does not: see @note. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* What a type or a reference turns out to be when it is held against the base's. */
enum held {
	HELD_SAME,
	HELD_DIFFERS,
	HELD_OPEN, /* something may be relaxed, or it is paired with another: pairs.c tells */
};

/*
 * What is asked for at every word. Numbers that stand are of 64 bits, as what is written here
 * are words of 32: so the compiler knows that these are not among them.
 */
struct follower {
	struct follow *out;
	struct graph *g;
	const struct base *base;
	struct trail *trail;
	struct names *names;
	const uint32_t *at;  /* as in the blob */
	const uint32_t *raw; /* the blob's words as they came */
	uint32_t *words;     /* a copy, to be settled */
	uint32_t *y;         /* of the pairs; y[-1] is void's */
	size_t nr_types;
	size_t strs_len;
	uint32_t now;   /* the own type whose turn it is */
	uint32_t edges; /* how many were noted (pairs_note()) before that */
};

/* ---- the trail ---- */

int trail_for(struct trail *trail, const struct base *base)
{
	if (trail->nr == base->nr_types)
		return 0;
	trail_free(trail);
	trail->next = malloc(base->nr_types * sizeof(*trail->next));
	if (!trail->next)
		return -ENOMEM;
	trail->nr = base->nr_types;
	for (uint32_t id = 0; id < trail->nr; id++)
		trail->next[id] = id + 1;
	return 0;
}

void trail_free(struct trail *trail)
{
	free(trail->next);
	*trail = (struct trail){0};
}

/* ---- declarations that may mean more than themselves ---- */

static inline bool bit_of(const uint64_t *bits, uint32_t at)
{
	return bits[at / 64] >> (at % 64) & 1;
}

static inline void set_bit(uint64_t *bits, uint32_t at, bool on)
{
	bits[at / 64] |= (uint64_t)on << (at % 64);
}

/* Where a name of a type that is not settled yet stands, or 0. */
static uint32_t raw_name(const struct graph *g, uint32_t i)
{
	uint32_t off = blob_type(&g->in, i)[BTF_NAME];

	return off < g->in.strs_len ? off : 0;
}

/* Lists the declarations whose names are in @apart, by their offsets. */
static void list_apart(struct follower *f, const uint64_t *apart)
{
	const struct blob_list *list = &f->g->in.declaring;
	struct follow *out = f->out;

	out->apart = arena_array(f->g->arena, uint32_t, list->nr);
	for (uint32_t i = 0; i < list->nr; i++) {
		uint32_t own = list->type[i];

		if (!bit_of(apart, raw_name(f->g, own)) || !graph_is_forward(f->g, own))
			continue;
		f->y[own] = APART;
		out->apart[out->nr_apart++] = own;
	}
}

/*
 * A declaration stands apart if there are several of its name, or a definition as well; and each
 * forward enum, of which there are few. Names are told by their offsets: that no text stands twice
 * is looked at later, in agrees().
 */
static void set_apart(struct follower *f)
{
	const struct graph *g = f->g;
	const struct blob_list *declaring = &g->in.declaring, *composites = &g->in.composites;
	uint32_t bits = g->in.strs_len / 64 + 1;
	uint64_t *fwds = arena_zarray(g->arena, uint64_t, bits);
	uint64_t *apart = arena_zarray(g->arena, uint64_t, bits);

	for (uint32_t i = 0; i < declaring->nr; i++) {
		uint32_t own = declaring->type[i], off = raw_name(g, own);

		if (blob_kind(&g->in, own) == BTF_KIND_FWD) {
			set_bit(apart, off, bit_of(fwds, off));
			set_bit(fwds, off, true);
		} else {
			set_bit(apart, off, graph_is_forward(g, own));
		}
	}
	for (uint32_t i = 0; i < composites->nr; i++) {
		uint32_t off = raw_name(g, composites->type[i]);

		set_bit(apart, off, bit_of(fwds, off));
	}
	list_apart(f, apart);
}

/*
 * ---- holding types against the base's ----
 *
 * @note: what rests on what is noted (pairs_note()).
 */

/* Is @id, a name of the base's types, what stands at string offset @off? */
static inline bool name_is(struct follower *f, uint32_t off, uint32_t id)
{
	return off < f->strs_len && names_match(f->names, off, id);
}

/* May FWD @x be the base's @y, itself or what it declares? Names apart. */
static bool fwd_may_be(const uint32_t *x, const uint32_t *y)
{
	return btf_kind_of(y) == BTF_KIND_FWD ? x[BTF_INFO] == y[BTF_INFO] : btf_declares(x, y);
}

/* Why the head of own type @own is not that of the base's @y: may it be by a relaxation? */
static enum held head_differs(const struct follower *f, uint32_t own, uint32_t y)
{
	return btf_declares(base_type(f->base, y), f->words + f->at[own]) ? HELD_OPEN
									  : HELD_DIFFERS;
}

/* Do the heads of own type @own and the base's @y allow the pair? */
static enum held heads_held(struct follower *f, uint32_t own, uint32_t y)
{
	const uint32_t *tx = f->words + f->at[own], *ty = base_type(f->base, y);
	uint32_t kind = btf_kind_of(tx);

	if (kind == BTF_KIND_FWD) {
		if (!fwd_may_be(tx, ty))
			return HELD_DIFFERS;
	} else {
		if (tx[BTF_INFO] != ty[BTF_INFO])
			return head_differs(f, own, y);
		if (btf_kinds[kind].ref_at != BTF_SIZE && tx[BTF_SIZE] != ty[BTF_SIZE])
			return HELD_DIFFERS;
	}
	return name_is(f, tx[BTF_NAME], ty[BTF_NAME]) ? HELD_SAME : HELD_DIFFERS;
}

/* How many pointers and the like without a name heads_held() may be asked for in a row. */
#define CHAIN_MAX 4

/* What own type @own, that stands opposite the base's @y, is known to be, or is paired with. */
static enum held met_held(const struct follower *f, uint32_t own, uint32_t y)
{
	if (f->y[own] == y)
		return HELD_SAME;
	return f->y[own] == (y | PAIR_Y_DEAD) ? HELD_DIFFERS : HELD_OPEN;
}

/*
 * The same where what refers to them has no name that could speak for the pair: pointers and
 * the like are looked through up to what has one. A wrong pair would take down all that rests on
 * it.
 */
static enum held chains_held(struct follower *f, uint32_t own, uint32_t y)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		enum held held = heads_held(f, own, y);
		const uint32_t *tx = f->words + f->at[own], *ty = base_type(f->base, y);

		if (held != HELD_SAME || tx[BTF_NAME] || !btf_kind_is_of_one_ref(btf_kind_of(tx)))
			return held;
		if (tx[BTF_SIZE] > f->nr_types)
			return HELD_OPEN; /* settling will say it */
		own = tx[BTF_SIZE] - 1;
		y = ty[BTF_SIZE];
		if (!tx[BTF_SIZE] || !y)
			return tx[BTF_SIZE] == y ? HELD_SAME : HELD_DIFFERS;
		if (f->y[own] != PAIR_Y_NONE)
			return met_held(f, own, y);
	}
	return HELD_SAME;
}

/* The type id @ref of an own type, in range, stands opposite the base's @y, and that is not a pair
 * yet. */
static __attribute__((noinline)) enum held meet(struct follower *f, uint32_t ref, uint32_t y)
{
	uint32_t own = ref - 1;
	enum held held;

	if (!ref || !y)
		return HELD_DIFFERS;
	if (f->y[own] != PAIR_Y_NONE)
		return met_held(f, own, y);
	held = chains_held(f, own, y);
	if (held != HELD_SAME)
		return held;
	f->y[own] = y;
	if (own < f->now)
		f->out->open[f->out->nr_open++] = own;
	return HELD_SAME;
}

/*
 * A type id of an own type opposite one of the base's. @named: by a name, or by one of a name:
 * where these are the same, so will be what they refer to, which is told when its turn comes. Only
 * standalone blobs are followed: own types have the ids from 1 on.
 */
static inline enum held ref_told(struct follower *f, uint32_t ref, uint32_t y, bool named)
{
	uint32_t *met;

	if (ref > f->nr_types)
		return HELD_OPEN; /* settling will say it */
	met = &f->y[(int64_t)ref - 1];
	if (*met == y)
		return HELD_SAME;
	if (*met == PAIR_Y_NONE && named && y && ref > f->now) {
		*met = y;
		return HELD_SAME;
	}
	return meet(f, ref, y);
}

/* The same, noted. */
static ALWAYS_INLINE enum held ref_held(struct follower *f, uint32_t ref, uint32_t y, bool named,
					bool note)
{
	enum held held = ref_told(f, ref, y, named);

	if (note && held == HELD_SAME)
		pairs_note(&f->out->pairs, (int64_t)ref - 1, f->now);
	return held;
}

/* @n members (@words 3) or parameters (2), of which each is settled. */
static ALWAYS_INLINE enum held members_held(struct follower *f, uint32_t *x, const uint32_t *y,
					    size_t n, size_t words, bool note)
{
	enum held held;

	for (size_t w = 0; w < n * words; w += words) {
		uint32_t id = y[w];

		if (!name_is(f, x[w], id) || (words == 3 && x[w + 2] != y[w + 2]))
			return HELD_DIFFERS;
		x[w] = id;
		held = ref_held(f, x[w + 1], y[w + 1], id != 0, note);
		if (held != HELD_SAME)
			return held;
	}
	return HELD_SAME;
}

/* The same of @n values. */
static enum held values_held(struct follower *f, uint32_t *x, const uint32_t *y, size_t n,
			     size_t words)
{
	for (size_t w = 0; w < n * words; w += words) {
		if (!name_is(f, x[w], y[w]) || x[w + 1] != y[w + 1] ||
		    (words == 3 && x[w + 2] != y[w + 2]))
			return HELD_DIFFERS;
		x[w] = y[w];
	}
	return HELD_SAME;
}

static enum held array_held(struct follower *f, const uint32_t *x, const uint32_t *y, bool note)
{
	enum held held;

	if (x[2] != y[2])
		return HELD_DIFFERS;
	held = ref_held(f, x[0], y[0], false, note);
	return held == HELD_SAME ? ref_held(f, x[1], y[1], false, note) : held;
}

/* What is less frequent, behind heads that are the same. */
static __attribute__((noinline)) enum held odd_held(struct follower *f, uint32_t *x,
						    const uint32_t *y, uint32_t kind, uint32_t vlen,
						    bool note)
{
	switch (kind) {
	case BTF_KIND_ARRAY:
		return array_held(f, x, y, note);
	case BTF_KIND_ENUM:
		return values_held(f, x, y, vlen, 2);
	case BTF_KIND_ENUM64:
		return values_held(f, x, y, vlen, 3);
	case BTF_KIND_INT:
		return *x == *y ? HELD_SAME : HELD_DIFFERS;
	case BTF_KIND_FLOAT:
		return HELD_SAME;
	default: /* VAR, DATASEC, DECL_TAG: never the base's, or not worth it */
		return HELD_DIFFERS;
	}
}

/* A FWD, whose turn it is. */
static __attribute__((noinline)) enum held fwd_held(struct follower *f, uint32_t *x,
						    const uint32_t *y)
{
	if (!fwd_may_be(x, y) || !name_is(f, x[BTF_NAME], y[BTF_NAME]))
		return HELD_DIFFERS;
	x[BTF_NAME] = y[BTF_NAME];
	if (btf_kind_of(y) != BTF_KIND_FWD)
		f->out->pairs.state[f->now] = PAIR_RELAXED;
	return HELD_SAME;
}

/* Holds the type whose turn it is against the base's @y, and settles it as far as it is the
 * same. */
static ALWAYS_INLINE enum held type_held(struct follower *f, uint32_t *x, const uint32_t *y,
					 bool note)
{
	uint32_t info = x[BTF_INFO], kind = btf_word_kind(info), vlen = btf_word_vlen(info);
	enum held held;

	if (kind == BTF_KIND_FWD)
		return fwd_held(f, x, y);
	if (info != y[BTF_INFO])
		return HELD_DIFFERS;
	if (x[BTF_NAME] | y[BTF_NAME]) {
		if (!name_is(f, x[BTF_NAME], y[BTF_NAME]))
			return HELD_DIFFERS;
		x[BTF_NAME] = y[BTF_NAME];
	}
	if (btf_kind_is_of_one_ref(kind))
		return ref_held(f, x[BTF_SIZE], y[BTF_SIZE], x[BTF_NAME], note);
	if (kind == BTF_KIND_FUNC_PROTO) {
		held = ref_held(f, x[BTF_SIZE], y[BTF_SIZE], false, note);
		return held == HELD_SAME
			       ? members_held(f, x + BTF_HEAD, y + BTF_HEAD, vlen, 2, note)
			       : held;
	}
	if (x[BTF_SIZE] != y[BTF_SIZE])
		return HELD_DIFFERS;
	if (btf_kind_is_composite(kind))
		return members_held(f, x + BTF_HEAD, y + BTF_HEAD, vlen, 3, note);
	return odd_held(f, x + BTF_HEAD, y + BTF_HEAD, kind, vlen, note);
}

/* ---- where a guess was wrong ---- */

/* By name. Whose it is, and what is behind it, is looked at then. */
static uint32_t find_by_name(const struct follower *f, const uint32_t *type)
{
	const struct base *base = f->base;
	const char *s = f->names->strs + type[BTF_NAME];
	uint32_t hash;

	if (!type[BTF_NAME] || type[BTF_NAME] >= f->strs_len)
		return 0;
	hash = names_hash(s, (uint32_t)strlen(s));
	if (!filter_may_have(&base->named_filter, hash))
		return 0;
	HTAB_FOR_EACH(&base->named, hash, it) {
		const uint32_t *y = base_type(base, it.val);

		if (btf_kind_of(type) == BTF_KIND_FWD) {
			if (fwd_may_be(type, y))
				return it.val;
		} else if (type[BTF_INFO] == y[BTF_INFO] &&
			   (type[BTF_SIZE] == y[BTF_SIZE] || btf_kinds[btf_kind_of(y)].nr_refs)) {
			return it.val;
		}
	}
	return 0;
}

/* Writes what a type without a name says into @key, as the base would have it; false where that
 * is not known, or nothing that it has. */
static bool key_of(const struct follower *f, const uint32_t *type, uint32_t nr, uint32_t *key)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t *w;

	memcpy(key, type, nr * sizeof(*key));
	btf_for_each_ref(key, k, w) {
		uint32_t own = *w - 1;

		*w = own < f->nr_types ? f->y[own] : *w;
		if (*w >= f->base->nr_types)
			return false;
	}
	btf_for_each_name(key, k, w) {
		*w = *w < f->strs_len ? names_known(f->names, *w) : NAMES_MEMO_NONE;
		if (*w >= names_first_fresh(f->names))
			return false;
	}
	return true;
}

static uint32_t find_by_words(const struct follower *f, const uint32_t *type, uint32_t nr)
{
	uint32_t *key = f->g->scratch;

	return key_of(f, type, nr, key) ? base_find_words(f->base, key, nr, key_words(key, nr)) : 0;
}

/* What the type whose turn it is may be in the base; 0: nothing that is easily found. */
static uint32_t find(const struct follower *f)
{
	const uint32_t nameless = BTF_KIND_BIT(BTF_KIND_PTR) | BTF_KIND_BIT(BTF_KIND_CONST) |
				  BTF_KIND_BIT(BTF_KIND_VOLATILE) |
				  BTF_KIND_BIT(BTF_KIND_RESTRICT) | BTF_KIND_BIT(BTF_KIND_ARRAY) |
				  BTF_KIND_BIT(BTF_KIND_FUNC_PROTO);
	uint32_t at = f->at[f->now], kind = blob_kind(&f->g->in, f->now);

	if (nameless >> kind & 1)
		return find_by_words(f, f->raw + at, f->at[f->now + 1] - at);
	return kind == BTF_KIND_FUNC ? 0 : find_by_name(f, f->raw + at);
}

/* ---- the way through a module ---- */

/* The type whose turn it is is not just what it was held against. @met: it stands opposite that
 * somewhere. */
static void not_same(struct follower *f, enum held held, bool met)
{
	uint32_t at = f->at[f->now];

	if (met && held == HELD_DIFFERS && blob_kind(&f->g->in, f->now) != BTF_KIND_FWD)
		held = head_differs(f, f->now, f->y[f->now]);
	if (!met)
		f->y[f->now] = PAIR_Y_NONE;
	else if (held == HELD_OPEN)
		f->out->open[f->out->nr_open++] = f->now;
	else
		pairs_refute(&f->out->pairs, f->now);
	pairs_note_back(&f->out->pairs, f->now, f->edges);
	memcpy(f->words + at, f->raw + at, (f->at[f->now + 1] - at) * sizeof(*f->raw));
}

/* Where the guess was wrong: finds what the type whose turn it is is, or 0. */
static __attribute__((noinline)) uint32_t try_to_find(struct follower *f, bool note)
{
	uint32_t y = find(f);
	enum held held;

	if (!y)
		return 0;
	f->y[f->now] = y;
	held = type_held(f, f->words + f->at[f->now], base_type(f->base, y), note);
	if (held == HELD_SAME)
		return y;
	not_same(f, held, false);
	return 0;
}

static void leave(struct follower *f, uint32_t last)
{
	f->out->left[f->out->nr_left++] = (struct follow_left){f->now, last};
}

/* Follows all types in their order. */
static ALWAYS_INLINE void follow_all(struct follower *f, bool note)
{
	struct trail *trail = f->trail;
	uint32_t last = 0;

	for (uint32_t i = 0; i < f->nr_types; i++) {
		uint32_t y = f->y[i];
		bool met = y != PAIR_Y_NONE;
		enum held held = HELD_DIFFERS;

		f->now = i;
		f->edges = note ? f->out->pairs.nr_edges : 0;
		if (!met) {
			y = trail->next[last];
			f->y[i] = y;
		}
		if (y < trail->nr)
			held = type_held(f, f->words + f->at[i], base_type(f->base, y), note);
		if (held != HELD_SAME) {
			if (y != APART)
				not_same(f, held, met);
			y = met ? 0 : try_to_find(f, note);
			if (!y) {
				leave(f, last);
				continue;
			}
		}
		if (note)
			pairs_noted(&f->out->pairs, i);
		trail->next[last] = y;
		last = y;
	}
}

/* Settles those that were not followed: their names are looked for together. */
static int settle_left(struct follower *f, struct diag *diag)
{
	const struct follow_left *left = f->out->left;
	struct graph *g = f->g;
	struct names_batch batch = {.nr = 0};
	const uint32_t *w;
	int err = 0;

	for (uint32_t i = 0; i < f->out->nr_left; i++) {
		const uint32_t *type = blob_type(&g->in, left[i].own);
		const struct btf_kind *k = &btf_kinds[blob_kind(&g->in, left[i].own)];

		btf_for_each_name(type, k, w)
			if (*w < f->strs_len)
				names_ask(f->names, &batch, *w);
	}
	names_answer(f->names, &batch);
	for (uint32_t i = 0; i < f->out->nr_left && !err; i++)
		err = blob_settle_type(&g->in, f->names, left[i].own, f->words, diag);
	return err;
}

int follow(struct follow *f, struct graph *g, struct trail *trail, uint32_t *words,
	   struct diag *diag)
{
	struct follower fo = {
		.out = f,
		.g = g,
		.base = g->base,
		.trail = trail,
		.names = &g->names,
		.at = g->in.at,
		.raw = g->in.words,
		.words = words,
		.nr_types = g->in.nr_types,
		.strs_len = g->in.strs_len,
	};
	int err;

	memset(f, 0, sizeof(*f));
	pairs_init(&f->pairs, g, PAIRS_WITH_BASE);
	if (!trail || g->in.form == BTF_FORM_SPLIT || !g->base->all_filed)
		return blob_settle(&g->in, &g->names, words, diag);
	f->open = arena_array(g->arena, uint32_t, g->in.nr_types);
	f->left = arena_array(g->arena, struct follow_left, g->in.nr_types);
	f->many = trail->many;
	fo.y = f->pairs.y;
	set_apart(&fo);
	memcpy(words, g->in.words, g->in.nr_words * sizeof(*words));
	if (f->many) {
		pairs_note_begin(&f->pairs);
		follow_all(&fo, true);
	} else {
		follow_all(&fo, false);
	}
	err = settle_left(&fo, diag);
	g->in.words = words;
	return err;
}

/* ---- the end ---- */

/* Is apart whatever has to be? A text that stands twice can have hidden that. */
static bool agrees(const struct follow *f, const struct forwards *forwards)
{
	for (uint32_t i = 0; i < forwards->nr_groups; i++) {
		const struct forward_group *group = &forwards->group[i];
		bool alone = !group->defs && !forwards->next_member[group->members - 1];

		for (uint32_t m = group->members; m && !alone; m = forwards->next_member[m - 1])
			if (f->pairs.y[m - 1] != APART)
				return false;
	}
	return true;
}

/* Is any refuted type of another kind than the base's type that it stood opposite to? Of what was
 * followed only declarations can be, to which others may refer as they may to what is declared. */
static bool kind_differs(const struct follow *f, const struct graph *g)
{
	for (uint32_t i = 0; i < f->nr_left; i++) {
		uint32_t own = f->left[i].own, y = f->pairs.y[own];

		if (y & PAIR_Y_DEAD && y != PAIR_Y_NONE &&
		    blob_kind(&g->in, own) != base_kind(g->base, y & ~PAIR_Y_DEAD))
			return true;
	}
	return false;
}

/*
 * What was followed refers to what stood opposite to what the base's type refers to. If these were
 * of the same kinds, it may refer to them; if not, and its pair was refuted, it is looked at.
 */
static int check_refuted(const struct follow *f, const struct graph *g, struct diag *diag)
{
	int err = 0;

	if (!kind_differs(f, g))
		return 0;
	for (uint32_t i = 0; i < g->in.nr_types && !err; i++)
		if (f->pairs.y[i] & PAIR_Y_DEAD && f->pairs.y[i] != PAIR_Y_NONE)
			err = blob_check_refs(&g->in, g->base, i, diag);
	return err;
}

int follow_end(struct follow *f, struct graph *g, const struct forwards *forwards,
	       struct diag *diag)
{
	struct pairs *p = &f->pairs;
	bool fine = agrees(f, forwards);
	int err;

	for (uint32_t i = 0; i < f->nr_apart; i++)
		p->y[f->apart[i]] = PAIR_Y_NONE;
	for (uint32_t i = 0; i < f->nr_open; i++)
		pairs_look_at(p, f->open[i]);
	f->many = pairs_finish(p, f->many);
	err = check_refuted(f, g, diag);
	if (!fine)
		pairs_init(p, g, PAIRS_WITH_BASE);
	return err;
}

void follow_learn(const struct follow *f, const struct graph *g, struct trail *trail)
{
	if (f->open) /* it was followed */
		trail->many = f->many;
	for (uint32_t i = 0; i < f->nr_left; i++) {
		uint32_t image = g->image[f->left[i].own];

		if (!graph_is_own(g, image))
			trail->next[f->left[i].last] = image;
	}
}
