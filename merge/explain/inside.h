/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a struct explain holds of the module it is at: for explain.c and query.c only.
 */
#ifndef MERGE_EXPLAIN_INSIDE_H
#define MERGE_EXPLAIN_INSIDE_H

#include "merge/explain/blame.h"
#include "merge/explain/describe.h"
#include "merge/explain/explain.h"
#include "merge/explain/facing.h"
#include "merge/explain/stay.h"

struct explain {
	struct arena arena;
	struct graph g; /* the split BTF */
	struct facing facing;
	struct stay *stay;
	struct blame blame;
	uint32_t *root; /* by cause, in the result's order; behind them roots that are none */
	uint32_t nr_causes;
};

/* Reads and settles @blob over @base. */
int explain_graph(struct graph *g, struct arena *arena, const struct base *base, const void *blob,
		  size_t len, struct diag *diag) __attribute__((warn_unused_result));

#endif
