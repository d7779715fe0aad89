/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations in a module that has the definition too: which one they mean.
 *
 * A FWD (or an enum without values) and the definitions of its name form a group.
 * Mostly there is one definition, or several that turn out equal, and the
 * FWD stands for it. Where they differ, or the base's differs from the module's,
 * nothing in the BTF says which is meant; each way loses other merges. Then the
 * ways are tried and the smallest output wins.
 */
#ifndef MERGE_FORWARDS_H
#define MERGE_FORWARDS_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/graph.h"

struct forwards {
	struct graph *g;
	struct forward_group {
		uint32_t first; /* an own FWD or forward enum, 0-based */
		uint32_t defs;	/* list of definitions, by index into def[]; 0 ends it */
	} *group;
	uint32_t nr_groups;
	struct forward_def {
		uint32_t own;
		uint32_t next;
	} *def;
	uint32_t *group_of; /* by own type: group + 1 of a declaration, else 0 */
};

/* Finds the groups and sets g->alias to the first definition of each. */
void forwards_find(struct forwards *f, struct graph *g);

/*
 * After the passes: the definitions that @group may as well mean, one of each sort,
 * as gids into @ways (room for @max); 0 stands for none of the module's.
 * Returns their number, less than 2 where there is nothing to choose.
 */
uint32_t forwards_ways(const struct forwards *f, uint32_t group, uint32_t *ways, uint32_t max);

/* Lets @group mean @def, one of forwards_ways(). */
void forwards_choose(struct forwards *f, uint32_t group, uint32_t def);

#endif
