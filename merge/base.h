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

/*
 * The same in steps, for two threads:
 *
 *	base_begin()
 *	base_make_types()	base_make_names()
 *	base_end()
 *
 * In a kernel's BTF each text stands once, so that types can be told apart before it is known
 * which names are the same. Where that is not so, base_end() files the types again.
 *
 * base_make_types() is called once, base_make_names() at least once: it does the work for who comes
 * first, and for the other thread nothing. All calls have returned before base_end(), which
 * tells of all errors and leaves nothing of @work.
 */
struct base_work;
int base_begin(struct base_work **work, const void *blob, size_t len, struct diag *diag)
	__attribute__((warn_unused_result));
void base_make_types(struct base_work *work);
void base_make_names(struct base_work *work);
int base_end(struct base_work *work, struct base **base, struct diag *diag)
	__attribute__((warn_unused_result));

void base_free(struct base *base);

/* Number of types, void included: the first id of a split BTF over it. */
uint32_t base_type_cnt(const struct base *base);
/* Bytes of its string section: the first string offset of a split BTF. */
uint32_t base_strings_bytes(const struct base *base);

#endif
