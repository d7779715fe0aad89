/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random pairs of a base and a module that are worth deduplicating.
 *
 * Both are compiled from one made-up program (program.h), each from its own CUs, which
 * see some declarations otherwise: a near miss, another struct of that name, a forward
 * declaration. So much of a module is in its base, but not all, and what keeps a type
 * out is often far from it. The same parameters give the same bytes on any machine.
 */
#ifndef TESTS_GEN_GRAPH_H
#define TESTS_GEN_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/gen/build.h"
#include "tests/gen/emit.h"

enum gen_order {
	GEN_AS_EMITTED, /* as a compiler would, depth first */
	GEN_REVERSED,
	GEN_SHUFFLED,
}; /* DATASECs are last in each */

struct gen_params {
	uint64_t seed;
	unsigned int size; /* declarations in the program; 3 or more. A module has some
			    * 4 to 20 types for each and each of its CUs. */
	unsigned int base_cus, module_cus;
	/* Numbers of declarations, on average. */
	unsigned int near_misses; /* that the module sees otherwise than the base */
	unsigned int ambiguous;   /* of which CUs of the same side see different ones */
	unsigned int fwds;        /* of 100 structs and enums, in some or all CUs only declared */
	unsigned int twice; /* of 100 structs and enums, twice in a CU: of those that refer to such
			     * a pair, libbpf merges few */
	bool dup_module;    /* the module's CUs each have their own copies: the usual input */
	bool sloppy_base;   /* so have the base's; else no two of its types are equal */
	bool split_input;   /* the module is split BTF already, some types of the base's are
			     * not its own any more */
	bool mismatch;      /* enums' signs are all different in the module */
	enum emit_share share; /* module */
	bool big_endian;
	/* The header of 2026. Not chosen at random together with big_endian, because libbpf
	 * does not read that. */
	bool base_layout, module_layout;
	enum bld_strings base_strings, module_strings;
	enum gen_order base_order, module_order;
};

struct gen_pair {
	void *base, *module; /* malloc'ed */
	size_t base_len, module_len;
	uint32_t base_types, module_types; /* own ones, void not counted */
	/* Own types the module would have left if each type that equals one of the base
	 * were replaced by it, and of its own equal ones one were left. VAR and DATASEC equal only
	 * themselves, FWDs only FWDs: a deduplicator that may let a FWD become a definition
	 * leaves as many or fewer. */
	uint32_t strict_types;
	bool module_is_split;
};

/* Random parameters for the seed, which they keep. Mostly small. */
struct gen_params gen_params_from_seed(uint64_t seed);

/* 0 or -EINVAL (a size below 3, no CUs). */
int gen_pair(const struct gen_params *params, struct gen_pair *out)
	__attribute__((warn_unused_result));
void gen_pair_free(struct gen_pair *pair);

#endif
