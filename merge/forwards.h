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
		uint32_t first;   /* an own FWD or forward enum, 0-based */
		uint32_t members; /* list of all of them, + 1; 0 ends it */
		uint32_t defs;    /* list of definitions, by index into def[]; 0 ends it */
		struct forward_way {
			/* What it stands for, as a gid: an own definition, a type
			 * of the base, or 0, which leaves it to pass_forwards(). */
			uint32_t means;
			/* Against the base it may still stand for each definition of
			 * its name. Always so if it means no own definition. */
			bool open;
		} way;
	} * group;
	uint32_t nr_groups;
	struct forward_def {
		uint32_t own;
		uint32_t next;
	} * def;
	uint32_t *group_of; /* by own type: group + 1 of a declaration, else 0 */
	uint32_t *next_member;
	uint64_t declared[64]; /* names of declarations, by 12 bits of their id */
};

/* Finds the groups, and lets each mean its first definition: sets g->alias. */
void forwards_find(struct forwards *f, struct graph *g);

/*
 * After the passes: what @group may as well mean, into @ways (room for @max): one own
 * definition of each sort, each declaration and definition of the base, and
 * 0. Returns their number; below 2 there is nothing to choose.
 */
uint32_t forwards_ways(const struct forwards *f, uint32_t group, struct forward_way *ways,
		       uint32_t max);

/* Lets @group mean @way, one of forwards_ways(). */
void forwards_choose(struct forwards *f, uint32_t group, struct forward_way way);

#endif
