/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The resolve phase, between its files.
 */
#ifndef MERGE_VERIFY_RESOLVE_H
#define MERGE_VERIFY_RESOLVE_H

#include "merge/verify/run.h"

/* What a walk stops at: set by the first pointer, struct or array of it. */
enum resolve_mode {
	RESOLVE_ANY,
	RESOLVE_PTR,       /* pointers and modifiers are gone through */
	RESOLVE_AGGREGATE, /* arrays, structs and modifiers are */
};

struct frame {
	uint32_t id;
	uint32_t next; /* of a struct or DATASEC: the part to go on with */
};

struct resolver {
	struct run *run;
	struct view *view;
	enum resolve_mode mode;
	struct frame *stack;
	uint32_t depth;
	uint32_t depth_max;
};

/* What a step may return beside 0 and a fault: the walk has gone one type deeper. */
#define RESOLVE_DEEPER 1

/* A type that has a size, behind modifiers. */
struct sized {
	const uint32_t *type; /* NULL: @id has no size */
	uint32_t id;
	uint32_t size;
};

struct sized resolve_sized(const struct view *v, uint32_t id);

/* Of kinds that nothing but a DATASEC or a DECL_TAG may refer to; or nothing. */
bool resolve_no_target(const uint32_t *type);
/* void, or one of the kinds that have no size whatever they refer to; or nothing. */
bool resolve_unsized(const uint32_t *type);
/* TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG; not nothing. */
bool resolve_is_modifier(const uint32_t *type);
/* Bits and offset as those of a C type. */
bool resolve_regular_int(const uint32_t *type);

/* Walks from the type @id, unless that is done or needs no walk. */
int resolve_from(struct resolver *s, uint32_t id);
int resolve_func_proto(struct resolver *s, uint32_t id);
/* Member @i of @id, of a type that is done or needs no walk. */
int resolve_member_fits(struct resolver *s, uint32_t id, uint32_t i);

#endif
