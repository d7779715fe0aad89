/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a verify_base looks like inside: for the verifier only.
 */
#ifndef MERGE_VERIFY_BASE_H
#define MERGE_VERIFY_BASE_H

#include "merge/arena.h"
#include "merge/verify/verify.h"
#include "merge/verify/view.h"

struct verify_base {
	struct arena arena;
	struct view view;
	uint64_t *begins; /* by string offset, a bit: a string begins there, or a name of a type */
};

static inline bool verify_base_string_begins(const struct verify_base *base, uint32_t off)
{
	return base->begins[off / 64] >> (off % 64) & 1;
}

#endif
