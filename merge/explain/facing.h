/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types that stayed, each facing those of the base that it could have become: which of
 * these pairs cannot be, and why not.
 *
 * The engine assumes pairs and strikes out what is refuted; what is struck out is the
 * least set that holds each pair whose two types differ by their own words, and each
 * that refers to a pair of the set. So every pair of the set has a way, along references, down to
 * one that differs itself, also in a ring of types that all wait for each other; the
 * shortest is what a person is told.
 *
 * A type that is no unit (index.h) belongs to those that use it: that a pointer's, a
 * prototype's, a tagless struct's words differ is a difference of the unit above. So the
 * pairs whose own words differ come in two sorts: roots, pairs of units that differ
 * themselves or in their parts, and those parts.
 */
#ifndef MERGE_EXPLAIN_FACING_H
#define MERGE_EXPLAIN_FACING_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/explain/differ.h"
#include "merge/explain/index.h"
#include "merge/graph.h"

#define FACING_NONE UINT32_MAX

/* Of a pair. */
enum {
	FACE_LOCAL = 1,   /* its own words differ */
	FACE_FOLLOWS = 2, /* its offsets and size follow another's: differ_first() */
	FACE_STRICT = 4,  /* but nothing was found that they follow: they count */
	FACE_DEAD = 8,    /* the two cannot be the same */
	FACE_ROOT = 16,   /* a unit that differs, itself or in its parts */
	FACE_PART = 32,   /* a part that differs, itself or in its parts */
};

struct face {
	uint32_t x, y; /* gids: own, the base's */
};

struct face_edge {
	uint32_t from, to; /* pairs */
	uint32_t word;     /* of `from`'s types: the reference */
};

struct facing {
	struct arena *arena;
	const struct graph *g;
	const struct explain_base *index;
	uint32_t nr, cap;
	struct face *face;
	uint8_t *flags;
	struct htab found;
	/* References between pairs: those of pair p are first[p] up to first[p + 1]. */
	struct face_edge *edge;
	uint32_t nr_edges, cap_edges;
	uint32_t *first;
	uint32_t cap_first;
	uint32_t looked; /* pairs of which all references are known */
	/* The same by where they lead: up[up_first[p]] up to up[up_first[p + 1]]. */
	uint32_t *up;
	uint32_t *up_first;
	/* Of a dead pair: the edge of its shortest way down, FACING_NONE where it is local; and
	 * the root at which that ends; of a part one root above it, FACING_NONE where
	 * no unit refers to it. */
	uint32_t *toward;
	uint32_t *root;
};

/* All pairs of the module's units and the base's of their name, and all that these lead to. */
void facing_make(struct facing *f, struct arena *arena, const struct graph *g,
		 const struct explain_base *index);

/* The pair (@x, @y), or FACING_NONE. */
uint32_t facing_find(const struct facing *f, uint32_t x, uint32_t y);

/* The first difference of a pair that is local. */
void facing_difference(const struct facing *f, uint32_t pair, struct difference *d);

#endif
