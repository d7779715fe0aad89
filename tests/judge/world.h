/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The small world of the judge's tests: a base, a module's input, and the
 * output and the map that are right for it. A test spoils one of them.
 */
#ifndef JUDGE_WORLD_H
#define JUDGE_WORLD_H

#include "blob_builder.h"

#define KFLAG 1u << 31

extern struct blob_builder base, in, out;
extern uint32_t map[64];
extern char why[4096]; /* of the last judgement */

/* Ids of the base. */
enum { INT = 1, LIST_PTR, LIST, PROTO, BASE_FN, CHAR, UINT, BASE_TAG, CHAR_PTR, BASE_CNT };

/* The base's types as a module has them, and their ids there. */
extern uint32_t in_int, in_list, in_list_ptr, in_proto, in_fn, in_char, in_uint;

/* Types of the module's own, one of each kind. In the output their ids begin at
 * BASE_CNT, in this order. */
enum {
	MINE = BASE_CNT,
	MINE_PTR,
	EITHER,
	COLOR,
	WIDE,
	MINE_T,
	CONST,
	VOLATILE,
	RESTRICT,
	ARRAY,
	MY_PROTO,
	MY_FN,
	MY_TAG,
	USER,
	DOUBLE,
	OPAQUE,
	VAR_1,
	VAR_2,
	VAR_TAG,
	DATA,
	OUT_CNT,
};

int world_setup(void **state);

/* Adds the base's types to `in`, in another order. */
void add_base_copy(void);
/* The module's own types; @first is the id of MINE, the others are those of the
 * base's types. They must be added in this order. */
void add_own_structs(struct blob_builder *b, uint32_t first, uint32_t i, uint32_t list);
void add_own_references(struct blob_builder *b, uint32_t first, uint32_t i, uint32_t ptr);
void add_own_variables(struct blob_builder *b, uint32_t first, uint32_t i);

/* Judges @blob, from memory of exactly that size so that a read behind it shows. */
int run_on(const void *blob, size_t len, const uint32_t *with_map);
/* Writes the three blobs and judges. */
int run(const uint32_t *with_map);
void accepts(const uint32_t *with_map);
/* @text must be in the reason. */
void refuses(const char *text);
void refuses_with(const uint32_t *with_map, const char *text);

#endif
