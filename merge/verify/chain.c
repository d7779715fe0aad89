// SPDX-License-Identifier: GPL-2.0-only
#include "merge/verify/resolve.h"

#define CHAIN_MAX 32 /* modifiers, one behind the other */

/* From the modifier @id to the end of its chain, or to one that was looked at before. */
static int chain_walk(struct run *r, uint32_t id)
{
	const uint32_t *type = view_type(&r->view, id);
	bool in_tags = btf_kind_of(type) == BTF_KIND_TYPE_TAG;
	uint32_t at = id;

	for (int n = 0; resolve_is_modifier(type); n++) {
		bool tag = btf_kind_of(type) == BTF_KIND_TYPE_TAG;

		if (n == CHAIN_MAX)
			return run_fault_type(r, FAULT_CHAIN_LENGTH, id);
		if (tag && !in_tags && r->rules.tag_order)
			return run_fault_type(r, FAULT_TAG_ORDER, id);
		in_tags &= tag;
		if (at < id)
			return 0;
		at = type[BTF_SIZE];
		type = view_type(&r->view, at);
		if (!type)
			return run_fault_type(r, FAULT_CHAIN_TARGET, id);
	}
	return 0;
}

int chain_check(struct run *r)
{
	const struct view *v = &r->view;
	int err = 0;

	for (uint32_t i = 0; r->rules.chains && i < v->nr_types && !err; i++)
		if (resolve_is_modifier(view_own(v, i)))
			err = chain_walk(r, v->first_id + i);
	return err;
}
