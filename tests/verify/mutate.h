/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes to a BTF, as chance has them.
 */
#ifndef TESTS_VERIFY_MUTATE_H
#define TESTS_VERIFY_MUTATE_H

#include "tests/gen/rng.h"
#include "tests/verify/draft.h"

/* One change of one type, of the order of types, or of the strings. Each type still has as many
 * words as it says. */
void mutate_types(struct draft *d, struct rng *rng);

/* A bit of a type's kind, vlen or flag, so that it may have fewer words than it says, or none that
 * are known: nothing above can be done with it then. */
void mutate_info(struct draft *d, struct rng *rng);

/* One change of the blob's bytes: its header's fields, its length, any bit. @blob has room for
 * MUTATE_ROOM more bytes. */
#define MUTATE_ROOM 64
void mutate_bytes(unsigned char *blob, size_t *len, struct rng *rng);

#endif
