// SPDX-License-Identifier: GPL-2.0-only
#include "merge/verify/view.h"

const uint32_t view_void[BTF_HEAD];

const char *view_string(const struct view *v, uint32_t off)
{
	while (v->base && off < v->first_str)
		v = v->base;
	off -= v->first_str;
	return off < v->strs_len ? v->strs + off : NULL;
}

struct view_result view_result(const struct view *v, uint32_t id)
{
	while (v->base && id < v->first_id)
		v = v->base;
	return id ? v->result[id - v->first_id] : (struct view_result){0};
}
