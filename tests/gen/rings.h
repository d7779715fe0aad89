/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings in a BTF graph: its strongly connected components.
 */
#ifndef TESTS_GEN_RINGS_H
#define TESTS_GEN_RINGS_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stdint.h>

struct ring {
	uint32_t types;
	uint32_t named; /* structs and unions with a name */
	bool anonymous; /* and one without is there */
	bool kinds[32]; /* kinds that occur */
};

struct ring_set {
	struct ring *rings; /* malloc'ed, the caller frees it */
	uint32_t n, cap;
};

/* All rings among the types from id @first on. */
void rings_find(const struct btf *btf, uint32_t first, struct ring_set *set);

#endif
