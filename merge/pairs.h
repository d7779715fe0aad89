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

struct pair_edge {
	uint32_t parent; /* a pair that depends on the one whose list this is in */
	uint32_t next;
};

struct pairs {
	struct graph *g;
	enum pair_mode mode;
	/*
	 * Nearly every x meets one y only: pair i < nr_types is that of own
	 * type i, with y[i] = 0 until there is one. The others follow, are
	 * found through `more`, and have their x in x[].
	 */
	uint32_t *y;
	uint32_t *x; /* own type (0-based), from pair nr_types on */
	uint8_t *state;
	uint32_t *edges; /* list of the pairs that depend on it; 0 ends it */
	uint32_t nr, cap;
	struct htab more;
	struct pair_edge *edge;
	uint32_t nr_edges, cap_edges;
	/* Pairs to look at, the first first: what each has to read was asked for when
	 * it was put there, and is mostly in the cache when its turn comes. */
	uint32_t *todo;
	uint32_t next_todo, nr_todo, cap_todo;
	uint32_t *dead; /* refuted, those that depend on them not yet told */
	uint32_t nr_dead, cap_dead;
};

/* In the arena of @g. */
void pairs_init(struct pairs *p, struct graph *g, enum pair_mode mode);

/* Looks at the pair (@x, @y) and all that it depends on; true when it stands.
 * The answer is final. */
bool pairs_hold(struct pairs *p, uint32_t x, uint32_t y);

/* The y of the first pair of own type @i that was looked at, where that pair
 * stands without being relaxed itself; else 0. */
uint32_t pairs_first(const struct pairs *p, uint32_t i);

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
