/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What two types say differently themselves: by their own words, and by what they refer to
 * where that cannot become the same, whatever else does.
 */
#ifndef MERGE_EXPLAIN_DIFFER_H
#define MERGE_EXPLAIN_DIFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/graph.h"

enum differ_what {
	DIFFER_NOTHING,
	DIFFER_KIND,     /* ENUM and ENUM64, INT and FLOAT */
	DIFFER_SIGN,     /* of an enum */
	DIFFER_ENCODING, /* of an INT */
	DIFFER_SIZE,
	DIFFER_KFLAG,
	DIFFER_LINKAGE,
	DIFFER_NELEMS,
	/* Of element `elem`. */
	DIFFER_ONLY_HERE,
	DIFFER_ONLY_BASE,
	DIFFER_NAME,
	DIFFER_OFFSET,
	DIFFER_WIDTH, /* of a bitfield */
	DIFFER_VALUE,
	DIFFER_TYPE, /* what word `word` refers to */
};

struct difference {
	enum differ_what what;
	uint32_t elem; /* the module's; of DIFFER_ONLY_BASE the base's */
	uint32_t word;
};

/* How a reference of a module's type stands to that of the base's at the same place. */
enum differ_ref {
	DIFFER_REF_SAME,
	DIFFER_REF_PAIR, /* it depends on whether the two can be the same */
	DIFFER_REF_DIFFERENT,
};

/* @x and @y: what the words @wx of an own type and @wy of a base's mean, as gids. */
enum differ_ref differ_ref(const struct graph *g, uint32_t wx, uint32_t wy, uint32_t *x,
			   uint32_t *y);

/* Is the pair one of a declaration and what it declares? Then it holds for all that refer to
 * it. */
bool differ_relaxed(const uint32_t *tx, const uint32_t *ty);

/*
 * The first difference, in the order in which a programmer reads them, between own type @x
 * (a gid) and the base's @y, which are the same unit, or both no unit but of one kind. False: none.
 *
 * A struct that differs in nothing but that its members stand elsewhere, behind one
 * whose type has another size, only follows that: then *@follows is set and the offsets
 * and the size are no difference. With @follows NULL they always are.
 */
bool differ_first(const struct graph *g, uint32_t x, uint32_t y, struct difference *d,
		  bool *follows);

#endif
