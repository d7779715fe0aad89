/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each root cause costs.
 *
 * A type that stays waits, along references, for one root or several: it would be merged if
 * all of them were as in the base, and not before. So a root's bytes are counted in three ways:
 *
 *	alone     of the types that wait for it and for nothing else
 *	involved  of all types that wait for it
 *	last      given an order of all roots, of the types for which it is the last: the
 *		  sums of the first n are what the first n together keep from merging
 *
 * One walk finds the rings of types that wait for each other (the strongly connected
 * components, what they wait for first); `alone` and `last` are one more pass over these, as
 * a set of roots is summed up by "none, this one, several" and by its last. `involved` needs
 * the sets themselves, and takes a pass for 64 roots.
 */
#ifndef MERGE_EXPLAIN_BLAME_H
#define MERGE_EXPLAIN_BLAME_H

#include <stdint.h>

#include "merge/explain/explain.h"
#include "merge/explain/facing.h"
#include "merge/explain/stay.h"

/* Nodes: the pairs, behind them the own types. */
struct blame {
	const struct facing *f;
	const struct stay *stay;
	uint32_t nr_nodes;
	uint32_t *order; /* the nodes, what each waits for first, a ring's together */
	uint32_t *ring;  /* by node; 0 is the first of the order */
	uint32_t nr_rings;
	uint32_t nr_roots;
	/* By node: the root that it is, or whose difference is its own too; or FACING_NONE. */
	uint32_t *root_of;
	uint32_t *node_of; /* by root */
};

void blame_make(struct blame *b, struct facing *f, const struct stay *stay);

/* The node of own type @i. */
static inline uint32_t blame_type(const struct blame *b, uint32_t i)
{
	return b->f->nr + i;
}

/* By root. @count has to be zeroed. */
void blame_alone(const struct blame *b, struct explain_count *count);

/* The same; of more than BLAME_INVOLVED_MAX roots those with most bytes in @alone are
 * counted, the others get what they have there. */
#define BLAME_INVOLVED_MAX 4096
void blame_involved(const struct blame *b, const struct explain_count *alone,
		    struct explain_count *count);

/* @rank: by root, its place in the order. Adds to @bytes, by root. */
void blame_last(const struct blame *b, const uint32_t *rank, uint64_t *bytes);

/* By root (zeroed): 1 for each that @node waits for. */
void blame_roots(const struct blame *b, uint32_t node, uint8_t *roots);

/* By ring (zeroed): 1 for each with a node that waits for own type @i, or is it. */
void blame_waiting(const struct blame *b, uint32_t i, uint8_t *rings);

#endif
