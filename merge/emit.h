/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing the split BTF: the last pass.
 */
#ifndef MERGE_EMIT_H
#define MERGE_EMIT_H

#include "merge/dedup.h"
#include "merge/graph.h"

/*
 * Writes the types that stay (those that are their own image), in their
 * order, with their strings in order of first use, in the byte order and header
 * form of the input. Fills @res; all it refers to is in the arena of @g.
 */
void emit(struct graph *g, struct dedup_result *res);

/* The same where nothing merges, and all stays where it is (unchanged.h). */
void emit_unchanged(struct graph *g, struct dedup_result *res);

#endif
