/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The passes over a graph, in the order in which they are made. dedup.c has
 * the idea of the whole; each pass says at its head what it leaves behind.
 */
#ifndef MERGE_PASSES_H
#define MERGE_PASSES_H

#include "merge/diag.h"
#include "merge/graph.h"
#include "merge/pairs.h"

/*
 * Structs and unions that the base has too: sets their image. @p is initialised
 * for PAIRS_WITH_BASE and keeps what was found out of all others on the way.
 */
void pass_base(struct graph *g, struct pairs *p);

/* Declarations that become the base's declaration or definition: sets their
 * image. @p is that of pass_base(). */
void pass_forwards(struct graph *g, struct pairs *p);

/* The other structs and unions: the image becomes the first own one that each
 * equals, mostly itself. Files those that stay in g->own. */
void pass_own(struct graph *g);

/*
 * All other types, from those that refer to nothing upwards. @p is that of
 * pass_base(), or NULL without a base. -ELOOP when types refer to themselves
 * without a struct or union between.
 */
int pass_rest(struct graph *g, struct pairs *p, struct diag *diag)
	__attribute__((warn_unused_result));

/*
 * Of types that became one the first of the input stays, not the one that the walk of
 * pass_rest() came to first; but a declaration does not stand for its definition.
 */
void pass_first(struct graph *g);

#endif
