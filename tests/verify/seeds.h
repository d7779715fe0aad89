/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BTF to be mutated: cut out of a real kernel's, generated as a program's, or thrown together.
 */
#ifndef TESTS_VERIFY_SEEDS_H
#define TESTS_VERIFY_SEEDS_H

#include "tests/gen/rng.h"
#include "tests/verify/draft.h"

/*
 * Some types of @from that hang together, and what they need to be whole; beyond @limit of
 * them structs are left without their members, and pointers point to void. The names that the
 * kernel gives a meaning of its own are changed.
 */
void seed_piece(struct draft *out, const struct draft *from, struct rng *rng, uint32_t limit);

/* The base or the module of a pair of tests/gen/graph.h. */
void seed_generated(struct draft *out, struct rng *rng);

/* Types of all kinds that refer to each other at random: much is wrong, and much is just
 * right. Deep nests, chains and rings are frequent. */
void seed_wild(struct draft *out, struct rng *rng);

#endif
