/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a generated pair has in it, found by looking (with libbpf) and not by asking
 * the generator.
 */
#ifndef TESTS_GEN_FEATURES_H
#define TESTS_GEN_FEATURES_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stdint.h>

enum feature {
	/* Rings among the module's own types; by what lies on them. */
	F_RING_SELF, /* one named struct or union */
	F_RING_MANY, /* more */
	F_RING_CALLBACK,
	F_RING_ANON,
	F_RING_ARRAY,
	F_RING_TYPEDEF,
	F_RING_TYPE_TAG,
	/* Structs and unions that are only declared. */
	F_FWD_IN_BASE,    /* the module has the definition, the base has none */
	F_FWD_IN_MODULE,  /* the reverse */
	F_FWD_IN_BOTH,    /* and a definition in none */
	F_FWD_BESIDE_DEF, /* in the module */
	F_FWD_OTHER_KIND, /* struct x; where the definition is union x */
	F_FWD_AMBIGUOUS,  /* a FWD in the module, two definitions in the base */
	F_FWD_ENUM,       /* in the module, with an ENUM of that name anywhere */
	F_FWD_ENUM64,     /* the same with an ENUM64 */
	F_FWD_ENUM_IN_BASE,
	/* Names and shapes. */
	F_AMBIGUOUS_BASE,
	F_AMBIGUOUS_MODULE, /* that a dedup of the module alone leaves */
	F_TWO_NAME_SPACES,  /* struct x and a typedef, FUNC or VAR x */
	F_ANON_DEEP,        /* three anonymous levels or more */
	F_TYPEDEF_CHAIN,    /* three typedefs or more, with qualifiers between */
	F_BITFIELD,
	F_EMPTY_STRUCT,
	F_KFLAG_TAG,
	F_TAG_ON_TYPE, /* DECL_TAG on what it says */
	F_TAG_ON_MEMBER,
	F_TAG_ON_FUNC,
	F_TAG_ON_PARAM,
	F_TAG_ON_VAR,
	F_TAG_ON_TYPEDEF,
	F_DUPLICATES, /* the module alone shrinks by a fourth or more */
	/* A struct or union that stays in the module though the base has one of
	 * its name. */
	F_NEAR_MISS,      /* with as many members and as large */
	F_NEAR_MISS_DEEP, /* with the same members' names and offsets: the difference is elsewhere
			   */
	NR_FEATURES,
};

extern const char *const feature_names[NR_FEATURES];

/* Sets has[] for what occurs. @module is as generated, split or not; @alone
 * a standalone one after btf__dedup() without the base, or NULL; @merged is split and
 * after btf__dedup(). */
void features_find(const struct btf *base, const struct btf *module, const struct btf *alone,
		   const struct btf *merged, bool *has);

/* The first id that is a BTF object's own, when it is split and when it is not. */
uint32_t features_first_id(const struct btf *btf);

#endif
