/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The base: a kernel's BTF, indexed once, then only read.
 *
 * base_new() does all the work; nothing in a base is filled in later, so any
 * number of threads may use one without a lock.
 */
#ifndef MERGE_BASE_H
#define MERGE_BASE_H

#include <stddef.h>
#include <stdint.h>

#include "merge/diag.h"

struct base;

/* Parses and indexes the standalone BTF blob of @len bytes at @blob (4-byte
 * aligned). Its strings are not copied: @blob has to stand, unchanged, as long as the
 * base. 0 or a negative errno with the reason in @diag, as dedup_module(). */
int base_new(struct base **base, const void *blob, size_t len, struct diag *diag)
	__attribute__((warn_unused_result));
/* The same, in two threads where a second one can be had. */
int base_new_in_two(struct base **base, const void *blob, size_t len, struct diag *diag)
	__attribute__((warn_unused_result));
void base_free(struct base *base);

/* Number of types, void included: the first id of a split BTF over it. */
uint32_t base_type_cnt(const struct base *base);
/* Bytes of its string section: the first string offset of a split BTF. */
uint32_t base_strings_bytes(const struct base *base);

#endif
