/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deduplicating one module's BTF against a base: memory to memory.
 */
#ifndef MERGE_DEDUP_H
#define MERGE_DEDUP_H

#include <stddef.h>
#include <stdint.h>

#include "merge/btf.h"
#include "merge/diag.h"

struct base;
struct dedup;

/* Sizes of what one kind takes in the output. */
struct kind_stat {
	uint32_t types;
	uint32_t bytes;
};

/* What the first steps of a module took, in nanoseconds. */
struct dedup_times {
	/* Finding its types, and following them: checking and settling their words, and most of
	 * what their names and they themselves are in the base. */
	uint64_t parse;
	/* Room for names, and where the module is split, finding its strings in the base. */
	uint64_t strings;
};

/*
 * What became of one module. Everything it points at belongs to the
 * `struct dedup` and stands until the next call on it.
 */
struct dedup_result {
	enum btf_form form;   /* of the input */
	uint32_t input_types; /* own types of the input, void not counted */
	const void *split;    /* the split BTF blob, in the input's byte order */
	uint32_t split_bytes;
	uint32_t split_types;
	uint32_t split_type_bytes;
	uint32_t split_string_bytes;
	struct kind_stat kinds[BTF_NR_KINDS]; /* of the output, by BTF_KIND_* */
	/*
	 * For own input type i (0-based: id i + 1 of a standalone input, id
	 * base_type_cnt() + i of a split one) the output id: below
	 * base_type_cnt() a type of the base, else one of the split BTF.
	 */
	uint32_t *map;
	/*
	 * There was a choice that the BTF does not decide: a declaration with several
	 * definitions, several types of the base that fit. Ways to choose were tried;
	 * that the smallest output of all was found is only likely then.
	 */
	bool ambiguous;
	struct dedup_times times; /* also of a module that failed */
};

/* A worker's scratch memory: one for each thread, used for module after
 * module. NULL when there is no memory. */
struct dedup *dedup_new(void) __attribute__((warn_unused_result));
void dedup_free(struct dedup *d);

/* From here on @d makes every pass over every module, without what mostly spares them (follow.h,
 * unchanged.h). The results are the same: that is what it is there to test. */
void dedup_spare_nothing(struct dedup *d);

/*
 * Deduplicates the BTF blob of @len bytes at @blob (4-byte aligned, not
 * changed, needed only during the call) against @base, which is only read:
 * any number of threads may share it.
 *
 * Returns 0 or a negative errno with the reason in @diag: -EINVAL (not BTF, or
 * broken), -ENOTSUP (a form that is not supported, the reason begins with
 * "unsupported"), -ESTALE (split BTF of another base), -ELOOP (types that
 * refer to themselves without a struct or union between), -EFBIG (over a limit),
 * -ENOMEM.
 */
int dedup_module(struct dedup *d, const struct base *base, const void *blob, size_t len,
		 struct dedup_result *res, struct diag *diag) __attribute__((warn_unused_result));

#endif
