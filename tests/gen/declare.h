/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making up declarations and parts of them. Only for program.c and mutate.c.
 *
 * A "reference" is an id in the program's graph or a slot (SLOT_REF).
 */
#ifndef TESTS_GEN_DECLARE_H
#define TESTS_GEN_DECLARE_H

#include "tests/gen/program.h"

/* A copy of the formatted name that lives as long as the program. */
const char *program_name(struct program *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A name for a member or parameter, out of a few. */
const char *part_name(struct program *p);
/* A new slot, still without a variant. */
uint32_t add_slot(struct program *p, unsigned int kind, const char *name);
/* Gives type @id the slot's name and makes it the slot's next variant. */
void slot_define(struct program *p, uint32_t slot, uint32_t id);
/* A random definition that would fit the slot, by its kind. */
uint32_t slot_invent(struct program *p, uint32_t slot);

/* Is the reference an expression (not a slot) of this kind? */
bool ref_is(const struct program *p, uint32_t ref, unsigned int kind);

/* Bytes of a value, by the first variants; 0 when it has none. */
uint32_t ref_size(const struct program *p, uint32_t ref);

/* A struct's or union's members, while they are put together. */
struct body {
	struct tg_elem elems[MAX_MEMBERS];
	uint32_t n;
	uint32_t size; /* bytes so far */
	bool is_union, kflag;
};

void body_add(struct program *p, struct body *b, const char *name, uint32_t ref);
/* Some random members; @slot and @depth as for expressions. */
void body_fill(struct program *p, struct body *b, uint32_t slot, unsigned int depth);
/* Writes the body into the composite @id. */
void body_store(struct program *p, uint32_t id, const struct body *b);

/* The kinds of expressions. All are references; @slot is the slot they are for: what it
 * holds by value comes before it. @depth says how deep we are in anonymous things. */
uint32_t expr_wrap(struct program *p, unsigned int kind, uint32_t ref);
uint32_t expr_value(struct program *p, uint32_t slot, unsigned int depth);
uint32_t expr_pointer(struct program *p, uint32_t slot, unsigned int depth);
uint32_t expr_proto(struct program *p, uint32_t slot, unsigned int depth, bool named);
uint32_t expr_array(struct program *p, uint32_t ref, uint32_t nelems);
uint32_t expr_type_tag(struct program *p, uint32_t ref);
uint32_t expr_enum(struct program *p, unsigned int kind, uint32_t slot);
/* A random struct or union slot, or void when none is found. Mostly one not far from @near:
 * programs have parts, and what differs in one does not reach all of the others. */
uint32_t some_composite(struct program *p, uint32_t near);
/* Could a struct in @slot hold a value of the type? Only if it is complete by then. */
bool is_before(const struct program *p, uint32_t ref, uint32_t slot);

#endif
