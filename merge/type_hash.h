/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types of a split BTF, so that they can be found again in another one over the
 * same base: each with a hash of all that it says, and of all that it refers to.
 */
#ifndef MERGE_TYPE_HASH_H
#define MERGE_TYPE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/base.h"
#include "merge/btf.h"
#include "merge/diag.h"

struct type_info {
	/*
	 * Two types over one base are the same, and so is all that they refer to, when these
	 * are equal (but for one chance in 2^64); types that are the same have the same. 0: not
	 * known, it is part of a ring that would take too long.
	 */
	uint64_t hash;
	uint32_t name;        /* offset in names[]; 0: none */
	uint32_t words : 26;  /* of its record, of 4 bytes; BLOB_MAX bytes have no more */
	uint32_t kind : 5;    /* BTF_KIND_* */
	uint32_t in_base : 1; /* the base has a definition of its kind and name, another one:
			       * of STRUCT, UNION, ENUM and ENUM64 */
};

struct type_list {
	struct type_info *types; /* in the order of their ids */
	uint32_t nr;
	const char *names; /* texts, each with its NUL; the first is the empty one */
	uint32_t names_len;
};

/* A worker's scratch memory: one for each thread, used for module after module. NULL when
 * there is no memory. */
struct type_hash;
struct type_hash *type_hash_new(void) __attribute__((warn_unused_result));
void type_hash_free(struct type_hash *h);

/*
 * Lists the types of the split BTF of @len bytes at @split (4-byte aligned) over @base, which
 * is only read. @list belongs to @h and stands until the next call on it. 0 or a negative
 * errno with the reason in @diag, as dedup_module().
 */
int type_hash_module(struct type_hash *h, const struct base *base, const void *split, size_t len,
		     struct type_list *list, struct diag *diag) __attribute__((warn_unused_result));

#endif
