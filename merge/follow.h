/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Following: a module's types are held against the base's in their order, while their words
 * are settled.
 *
 * Modules and kernel are made of the same headers by the same encoder, and modules are still
 * more alike than module and kernel. Behind a type that the base has mostly comes the one that
 * came behind it in the modules before: 24 of 25 times in Debian's. So each type has a guess,
 * and what is right of it is a pair (pairs.h) that cost no search: no string of it was hashed,
 * no table asked. A guess that is wrong costs time, never truth: it is a pair like others, that
 * its own words or what it rests on refute.
 */
#ifndef MERGE_FOLLOW_H
#define MERGE_FOLLOW_H

#include <stdint.h>

#include "merge/diag.h"
#include "merge/forwards.h"
#include "merge/pairs.h"

/* What a worker keeps from module to module. All zero before the first. */
struct trail {
	/* By type of the base, which came behind it the last time; before that, its next. What was
	 * learned from another base is of no use, and does no harm. */
	uint32_t *next;
	uint32_t nr; /* the base's types */
	bool many;   /* as in struct follow, of the module followed before */
};

/* Readies @trail for modules over @base. 0 or -ENOMEM. */
int trail_for(struct trail *trail, const struct base *base) __attribute__((warn_unused_result));
void trail_free(struct trail *trail);

struct follow {
	struct pairs pairs;
	/* Own types that have a pair which is not yet looked at. */
	uint32_t *open;
	uint32_t nr_open;
	/* Own types that were not followed, and the last of the base's before each that was. */
	struct follow_left {
		uint32_t own, last;
	} * left;
	uint32_t nr_left;
	/* Declarations that may mean more than themselves: nothing of them is followed. */
	uint32_t *apart;
	uint32_t nr_apart;
	/* Many pairs are refuted: before follow_end() a guess. Of modules that were encoded with
	 * other options than the base that is so in each. */
	bool many;
};

/*
 * Does what blob_settle() does with g->in, and enters in f->pairs what it finds on the way.
 * Where types cannot be followed (a split input, a base with types that are equal, no @trail) it
 * does no more than settle. Errors are those of blob_settle().
 */
int follow(struct follow *f, struct graph *g, struct trail *trail, uint32_t *words,
	   struct diag *diag) __attribute__((warn_unused_result));

/* Finishes f->pairs, PAIRS_WITH_BASE, when it is known what the declarations may mean. Errors are
 * those of blob_settle(), of what the base's types were no surety for in the end. */
int follow_end(struct follow *f, struct graph *g, const struct forwards *forwards,
	       struct diag *diag) __attribute__((warn_unused_result));

/* When it is known what the own types became: lets @trail lead to those that were found by other
 * means. */
void follow_learn(const struct follow *f, const struct graph *g, struct trail *trail);

#endif
