/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which types of a graph are equal, found the slow and plain way: start with
 * all that look alike as one class and split classes whose members refer to
 * different classes until nothing splits. What is left is equality of
 * meaning, through rings too. A FWD equals only a FWD; a VAR and a DATASEC only
 * themselves.
 */
#ifndef TESTS_GEN_EQUAL_H
#define TESTS_GEN_EQUAL_H

#include "tests/gen/types.h"

/* rep[id] becomes the first type that equals type @id; @rep has g->n entries. */
void equal_find(const struct tg *g, uint32_t *rep);
/* Leaves one of each; keeps the first. */
void equal_merge(struct tg *g);
/* Replaces each FWD and forward enum by the definition of its name where there is
 * exactly one of the kind it declares (or more that are equal), then merges. */
void equal_resolve_fwds(struct tg *g);

#endif
