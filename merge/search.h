/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Choosing where the BTF does not say: what declarations mean (forwards.h), and
 * which of several types of the base a type becomes that fits them all.
 *
 * Ambiguity is rare: of 700 modules of a Debian kernel none has any that matters. But a wrong
 * guess can keep a whole cluster of types. So where there is a choice the passes
 * are made again with another one, and the smallest output counts.
 */
#ifndef MERGE_SEARCH_H
#define MERGE_SEARCH_H

#include "merge/dedup.h"
#include "merge/follow.h"
#include "merge/graph.h"

/*
 * Makes the passes over @g, of which @follow was made, several times if need be, and leaves the
 * result of the best in @res. *@chosen tells whether there was a choice. 0 or -ELOOP, see
 * pass_rest().
 */
int search_best(struct graph *g, struct follow *follow, struct dedup_result *res, bool *chosen,
		struct diag *diag) __attribute__((warn_unused_result));

#endif
