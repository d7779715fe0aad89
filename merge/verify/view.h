/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A BTF blob as the verifier sees it: nothing in it is sure but what a pass has checked.
 */
#ifndef MERGE_VERIFY_VIEW_H
#define MERGE_VERIFY_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/btf.h"

/* The largest offset of a name that the kernel takes. */
#define VIEW_NAME_MAX 0xffffffu

enum view_state {
	VIEW_NEW,
	VIEW_OPEN, /* on the stack */
	VIEW_DONE,
};

/* What the resolve phase finds for a type. */
struct view_result {
	uint32_t id;
	uint32_t size;
};

struct view {
	const struct view *base; /* or NULL */
	const uint32_t *words;   /* the type section, in host byte order */
	uint32_t types_len;      /* its bytes: may be no multiple of 4 */
	uint32_t *at;            /* first word of own type i */
	uint32_t nr_types;       /* own, as far as the meta pass has come */
	const char *strs;        /* empty or ends with a NUL */
	uint32_t strs_len;
	uint32_t first_id;
	uint32_t first_str;
	uint32_t pointer; /* bytes of one */
	bool swapped;     /* the target's byte order is not the host's */
	/* By own type, when the resolve phase has begun. */
	uint8_t *state;
	struct view_result *result;
};

extern const uint32_t view_void[BTF_HEAD];

static inline uint32_t view_end(const struct view *v)
{
	return v->first_id + v->nr_types;
}

static inline const uint32_t *view_own(const struct view *v, uint32_t i)
{
	return v->words + v->at[i];
}

/* NULL: there is none of that id. */
static inline const uint32_t *view_type(const struct view *v, uint32_t id)
{
	while (v->base && id < v->first_id)
		v = v->base;
	if (!id)
		return view_void;
	return id < view_end(v) ? view_own(v, id - v->first_id) : NULL;
}

static inline bool view_has_string(const struct view *v, uint32_t off)
{
	return off <= VIEW_NAME_MAX && (off < v->first_str || off - v->first_str < v->strs_len);
}

/* NULL: no string is there. */
const char *view_string(const struct view *v, uint32_t off);

/* The state and the result of a type that view_type() has. */
static inline enum view_state view_state(const struct view *v, uint32_t id)
{
	return id < v->first_id ? VIEW_DONE : (enum view_state)v->state[id - v->first_id];
}

struct view_result view_result(const struct view *v, uint32_t id);

#endif
