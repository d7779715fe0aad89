/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps each type of a module's split BTF there.
 *
 * A struct, union, enum, int or float waits for a pair (facing.h), of several candidates for
 * that which comes closest. What only refers to others (a pointer, a prototype, a
 * typedef) is merged when these became just what the base's refers to: it waits for the
 * own types that it refers to, provided that the base has such a type.
 */
#ifndef MERGE_EXPLAIN_STAY_H
#define MERGE_EXPLAIN_STAY_H

#include <stdint.h>

#include "merge/explain/facing.h"

enum stay_why {
	STAY_NEVER,     /* a VAR or DATASEC: never merged */
	STAY_NEW,       /* the base has nothing like it */
	STAY_PAIR,      /* `pair` cannot be */
	STAY_REFS,      /* the own types that it refers to stay */
	STAY_FWD,       /* the base has but a declaration of it */
	STAY_TAG,       /* a DECL_TAG that the base's type does not have */
	STAY_UNDECIDED, /* nothing differs but what is a declaration on one side */
};

struct stay {
	uint8_t why;   /* enum stay_why */
	uint32_t pair; /* or FACING_NONE */
	/* What it would have become, a gid; 0: nothing. Of a STAY_TAG, the type that would have
	 * to have it. */
	uint32_t base;
	/* How many definitions of its name and kind the base has. */
	uint32_t candidates;
};

/* By own type, in @f's arena. */
struct stay *stay_find(const struct facing *f);

#endif
