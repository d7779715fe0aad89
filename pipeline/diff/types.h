/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which types came and went in a module. They are told by kind and name, as ids, and what
 * the base has, differ between two kernels; those without a name are only counted.
 */
#ifndef PIPELINE_DIFF_TYPES_H
#define PIPELINE_DIFF_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/arena.h"
#include "pipeline/module_types.h"

/* A type of one kind and name. Where a module has several, they are taken together. */
struct type_change {
	const char *name;
	uint32_t kind;
	uint32_t old_bytes; /* of their records; 0: it came */
	uint32_t new_bytes; /* 0: it went */
	/* The new module has it, although the new base has a type of its kind and name: another
	 * one, or it would have been merged. */
	bool lost_merge;
};

struct types_change {
	struct type_change *types; /* the most grown first, the most shrunk last */
	uint32_t nr;
	uint32_t lost_merges;
	struct {
		uint32_t old, new; /* how many without a name */
	} anonymous[BTF_NR_KINDS];
};

/* Compares two modules: NULL when no type changed. All of the result is in @arena, whose guard
 * the caller holds, or in @old and @new. */
struct types_change *types_compare(struct arena *arena, const struct module_types *old,
				   const struct module_types *new);

#endif
