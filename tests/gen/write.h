/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a type graph to the builder.
 */
#ifndef TESTS_GEN_WRITE_H
#define TESTS_GEN_WRITE_H

#include "tests/gen/build.h"
#include "tests/gen/types.h"

/* Adds the types from id @from on, which must be the id that @b gives next. */
void write_types(struct bld *b, const struct tg *g, uint32_t from);

#endif
