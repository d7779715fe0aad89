/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a split BTF already what we would make of it?
 *
 * Nine of ten modules of an installed kernel are: deduplicated when they were built, they have
 * nothing that the base has or that they have twice. To see that takes one look at each string
 * and each type, a third of what settling and the passes take.
 */
#ifndef MERGE_UNCHANGED_H
#define MERGE_UNCHANGED_H

#include <stdbool.h>

#include "merge/graph.h"

/*
 * True only where blob_settle() would find nothing wrong with g->in, the passes would merge
 * nothing in it, and emit.c would put its types and strings just where they stand. False
 * where it would take more to tell. @g is readied by graph_init() and names_init(), its words are
 * as they came.
 */
bool unchanged(struct graph *g);

#endif
