/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A made-up C program, seen as its declarations: what the base and the module are
 * both compiled from.
 *
 * Each name that is declared is a slot. A slot has one or more variants, which are
 * different definitions of the name; which of them a compilation unit (CU) sees, or
 * only a forward declaration, is decided when it is emitted (emit.h). So what differs
 * between two CUs is a few slots, and everything that reaches one of them.
 *
 * Definitions are kept as a type graph in which a reference to a name is a slot
 * number, not an id: SLOT_REF(i). All that is not behind such a reference belongs
 * to one definition only: pointers, arrays, prototypes, anonymous structs.
 *
 * By value a definition refers to slots before its own only. Behind a pointer it may
 * refer to any, and that is what makes rings; a typedef never does to later typedefs,
 * so each ring has a named struct or union in it.
 */
#ifndef TESTS_GEN_PROGRAM_H
#define TESTS_GEN_PROGRAM_H

#include "tests/gen/rng.h"
#include "tests/gen/types.h"

#define SLOT_BIT 0x80000000u
#define SLOT_REF(i) (SLOT_BIT | (i))
#define IS_SLOT(ref) ((ref)&SLOT_BIT)
#define SLOT_OF(ref) ((ref) & ~SLOT_BIT)

/* The first slots are INTs; these two are always what they say. */
#define SLOT_INT 0
#define SLOT_UNSIGNED 1 /* the index of arrays */

#define MAX_VARIANTS 6
#define MAX_MEMBERS 40
#define MAX_LINKS 4

struct slot {
	const char *name;
	uint8_t kind;                   /* of the first variant */
	bool own;                       /* a declaration of the module's own sources */
	uint32_t variant[MAX_VARIANTS]; /* ids in the graph */
	uint32_t variants;
	uint32_t links[MAX_LINKS]; /* members of the first variant that close rings */
	uint32_t nlinks;
};

/* A DECL_TAG: on the slot's type (component -1) or one of its parts. */
struct decl_tag {
	const char *name;
	uint32_t slot;
	int component;
	bool kflag;
	bool base, module; /* who has it */
};

struct program {
	struct rng *rng;
	struct tg g;
	struct slot *slots;
	uint32_t nslots, slot_cap;
	struct decl_tag *tags;
	uint32_t ntags, tag_cap;
	char **names; /* those made up here */
	uint32_t nnames, name_cap;
};

/* About @size declarations beside the INTs, of which some are the module's own.
 * @rng must live as long as the program. */
void program_new(struct program *p, struct rng *rng, unsigned int size);
void program_free(struct program *p);

/* One more variant of a slot, its number: mostly a near miss, that is a copy of the first
 * in which one thing differs, maybe deep inside; else something entirely different. A slot
 * that cannot take one more gives a variant it has. */
uint32_t program_vary(struct program *p, uint32_t slot);
/* The same, and the new one is a union if the first is a struct, and the reverse. */
uint32_t program_vary_kind(struct program *p, uint32_t slot);

bool slot_is_composite(const struct slot *s);
bool slot_is_enum(const struct slot *s);
/* Something that can be had by value: all but functions and variables. */
bool slot_is_type(const struct slot *s);

#endif
