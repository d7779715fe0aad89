/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * "Compiling" one CU: from a program's declarations, as this CU sees them, to types
 * that refer to each other by id.
 */
#ifndef TESTS_GEN_EMIT_H
#define TESTS_GEN_EMIT_H

#include "tests/gen/program.h"

/* What a CU does with a struct, union or enum that it meets more than once. */
enum emit_twice {
	TWICE_NO,
	TWICE_FULL, /* there are two equal copies; who refers to it, refers to either */
	TWICE_FWD,  /* a FWD beside the definition; the same */
};

/* What is one type in a CU, however often it is written. Where equal types of a module stay
 * two, libbpf merges few of the structs that refer to both: in a comparison it lets
 * a type of the base stand for one of the module's only. */
enum emit_share {
	SHARE_ALL,      /* equal pointers, qualifiers, arrays and prototypes */
	SHARE_POINTERS, /* the same, but not prototypes */
	SHARE_NOTHING,
};

/* The arrays have an entry a slot. */
struct cu {
	const struct program *p;
	struct rng *rng;
	uint8_t *variant; /* which definition it sees */
	bool *fwd;        /* but only a forward declaration, if that is enough */
	uint8_t *twice;   /* enum emit_twice */
	bool *root;       /* what it is compiled for, with all that is reached from there */
	enum emit_share share;
	bool flip_enums; /* an encoder that sees the signs of enums otherwise */
	bool is_base;    /* takes the base's tags, not the module's */
};

/* Appends the CU's types to @out. Changes cu->fwd: what is held by value is needed in full. */
void emit_cu(struct cu *cu, struct tg *out);

#endif
