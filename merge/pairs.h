/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pairs: may this type of the module become that one?
 *
 * A pair (x, y) says "own type x is the same as y". It is assumed until it
 * is refuted: by what the two types say themselves, or by the refutation of a
 * pair that they refer to. What is left when nothing more is refuted is the
 * greatest set of pairs that agree with each other, and rings of types come out
 * right without being looked for. Each pair is looked at once, each edge between
 * pairs twice at most, so that the work is linear in the edges met.
 */
#ifndef MERGE_PAIRS_H
#define MERGE_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/graph.h"

enum pair_mode {
	/* x against the base's y; a FWD or a forward enum on either side goes
	 * with the full definition on the other. */
	PAIRS_WITH_BASE,
	/* x against an own y (or a base's, where the images decide it), with
	 * nothing relaxed, for what has no image in the base. */
	PAIRS_AMONG_OWN,
};

/* Of a pair. */
enum {
	PAIR_DEAD = 1,    /* refuted */
	PAIR_RELAXED = 2, /* holds by a relaxation, not by being the same */
	PAIR_TAINTED = 8, /* rests on a relaxed one */
	PAIR_SEEN = 16,   /* by the search of pairs_used() */
	PAIR_LOOSE = 32,  /* rests on base_same() having relaxed something */
	PAIR_LINKED = 64, /* is in the lists of those it refers to; was looked at, and its own
			     words are the same */
};

/* Set in y[] of a pair that is refuted, and of an own type that has no pair: so that
 * one comparison tells whether a pair is there and stands so far. */
#define PAIR_Y_DEAD (1u << 31)
#define PAIR_Y_NONE UINT32_MAX

struct pair_edge {
	uint32_t parent; /* a pair that depends on the one whose list this is in */
	uint32_t next;
};

struct pair_list {
	uint32_t *pair;
	uint32_t nr, cap;
};

struct pairs {
	struct graph *g;
	enum pair_mode mode;
	/*
	 * Nearly every x meets one y only: pair i < nr_types is that of own
	 * type i, with y[i] = PAIR_Y_NONE until there is one; y[-1] is void's at
	 * first, while there are no others. The others follow,
	 * are found through `more`, and have their x in x[].
	 */
	uint32_t *y;
	uint32_t *x; /* own type (0-based), by pair - nr_types */
	uint8_t *state;
	uint32_t nr, cap;
	struct htab more;
	bool limited; /* a pair was not made, as there were too many */
	/*
	 * The pairs that refer to others, in the order in which they were met and are
	 * looked at: what each has to read was asked for when it came here, and is
	 * mostly in the cache when its turn comes. The first `looked` were looked at.
	 */
	struct pair_list order;
	uint32_t looked;
	struct pair_list dead; /* refuted, those that depend on them not yet told */
	uint32_t nr_killed;    /* pairs that were in it */
	/*
	 * Who depends on whom, by pair a list of edges that 0 ends. Made only where
	 * something asks for it (pairs_link()), as most pairs stand and nobody asks; or from
	 * the start, where many are expected to be refuted (pairs_note_begin()). edges[-1] is
	 * of void, which nobody asks for.
	 */
	uint32_t *edges;
	uint32_t cap_linked; /* room in edges[] */
	struct pair_edge *edge;
	uint32_t nr_edges, cap_edges;
	struct pair_list above; /* a stack */
};

/* In the arena of @g. */
void pairs_init(struct pairs *p, struct graph *g, enum pair_mode mode);

/* Looks at the pair (@x, @y) and all that it depends on; true when it stands.
 * The answer is final. */
bool pairs_hold(struct pairs *p, uint32_t x, uint32_t y);

/*
 * For who enters the first pairs by himself (follow.h), before all others: he sets y[] of each that
 * he looked at, and PAIR_RELAXED.
 */

/* From now on he notes who depends on whom, so that it need not be found out when many pairs are
 * refuted. */
void pairs_note_begin(struct pairs *p);
void pairs_more_edges(struct pairs *p);

/* @parent rests on the pair @child, or, where that is -1, on void's being void's. */
static inline void pairs_note(struct pairs *p, int64_t child, uint32_t parent)
{
	if (p->nr_edges == p->cap_edges)
		pairs_more_edges(p);
	p->edge[p->nr_edges] = (struct pair_edge){parent, p->edges[child]};
	p->edges[child] = p->nr_edges++;
}

/* All of own type @own that its pair rests on was noted. */
static inline void pairs_noted(struct pairs *p, uint32_t own)
{
	p->state[own] |= PAIR_LINKED;
}

/* Takes back what was noted of own type @own, the last of all, since p->nr_edges was @edges. */
void pairs_note_back(struct pairs *p, uint32_t own, uint32_t edges);

/* Refutes the pair that own type @own has. */
void pairs_refute(struct pairs *p, uint32_t own);
/* Looks at the pair that own type @own has, or puts it off. */
void pairs_look_at(struct pairs *p, uint32_t own);
/* Looks at what was put off, and refutes what depends on what was refuted. @many: a guess, which
 * makes no difference but to the time it takes, of whether these are many; returns whether they
 * were. */
bool pairs_finish(struct pairs *p, bool many);

/* Does a type of this kind refer to nothing? */
static inline bool pairs_is_leaf(uint32_t kind)
{
	const uint32_t leaves = BTF_KIND_BIT(BTF_KIND_INT) | BTF_KIND_BIT(BTF_KIND_FLOAT) |
				BTF_KIND_BIT(BTF_KIND_FWD) | BTF_KIND_BIT(BTF_KIND_ENUM) |
				BTF_KIND_BIT(BTF_KIND_ENUM64);

	return leaves & BTF_KIND_BIT(kind);
}

/* The y of the first pair of own type @i that was looked at, where that pair
 * stands without being relaxed itself; else 0. */
static inline uint32_t pairs_first(const struct pairs *p, uint32_t i)
{
	return p->y[i] & PAIR_Y_DEAD || p->state[i] & PAIR_RELAXED ? 0 : p->y[i];
}

/* Was the first pair of own type @i refuted by what it rests on, though its own words are the same?
 */
static inline bool pairs_refuted_below(const struct pairs *p, uint32_t i)
{
	const uint8_t both = PAIR_LINKED | PAIR_DEAD;

	return (p->state[i] & both) == both;
}

/* How many own types have no pair that stands, as far as is known. */
static inline uint32_t pairs_unpaired(const struct pairs *p)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < p->g->in.nr_types; i++)
		nr += p->y[i] >> 31; /* PAIR_Y_DEAD */
	return nr;
}

/*
 * Does the pair (@x, @y), which stands, rest on a relaxed one, however far
 * away? pairs_taint() has to have been called since it was looked at.
 */
bool pairs_tainted(const struct pairs *p, uint32_t x, uint32_t y);
void pairs_taint(struct pairs *p);

/*
 * Did the pair (@x, @y) count: does one of a struct or union stand, and did
 * that become the base's, which rests on it?
 */
bool pairs_used(struct pairs *p, uint32_t x, uint32_t y);

#endif
