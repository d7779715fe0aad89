/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One side of a pair, the base or the module: what its CUs see of the program, and
 * their types together.
 */
#ifndef TESTS_GEN_SIDE_H
#define TESTS_GEN_SIDE_H

#include "tests/gen/emit.h"
#include "tests/gen/program.h"

/* In how many of its CUs a side sees no more than a forward declaration. */
enum side_fwd { FWD_NEVER, FWD_SOMETIMES, FWD_ALWAYS };

struct side_params {
	unsigned int cus;
	/* Numbers of declarations, on average. */
	unsigned int near_misses; /* that the module sees otherwise than the base */
	unsigned int ambiguous;   /* of which the side's CUs see different definitions */
	unsigned int fwds;        /* of 100 declarations, at most a FWD in some or all CUs */
	unsigned int twice;       /* of 100 declarations, twice in a CU */
	enum emit_share share;
	bool flip_enums;
};

/* The arrays have an entry a slot. */
struct side {
	struct program *p;
	uint8_t *usual; /* the variant seen by most CUs */
	uint8_t *other; /* and by the rest */
	uint8_t *fwd;   /* enum side_fwd */
	bool *var_done; /* the variable has been defined by a CU */
	bool is_base;
};

/* These may add variants to the program. */
void side_new_base(struct side *s, struct program *p, const struct side_params *params);
void side_new_module(struct side *s, struct program *p, const struct side *base,
		     const struct side_params *params);
void side_free(struct side *s);

/* Appends the types of all its CUs to @out, and last the DATASECs. */
void side_emit(struct side *s, const struct side_params *params, struct tg *out);

#endif
