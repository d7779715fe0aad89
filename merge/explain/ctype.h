/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A type as it is declared in C.
 */
#ifndef MERGE_EXPLAIN_CTYPE_H
#define MERGE_EXPLAIN_CTYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/graph.h"

#define CTYPE_LEN 256 /* what is longer is cut, and ends in "..." */

enum ctype_tags {
	CTYPE_TAGS,
	CTYPE_NO_TAGS, /* without its TYPE_TAGs */
};

/* Writes "const struct foo *[4]" of gid @gid into @out, which it returns. */
char *ctype(const struct graph *g, uint32_t gid, enum ctype_tags tags, char out[CTYPE_LEN]);

/* A name of @g. */
static inline const char *ctype_name(const struct graph *g, uint32_t name)
{
	return names_text(&g->names, name);
}

/* "struct ", "union ", "enum " where C has it before a tag; else "". */
const char *ctype_keyword(const uint32_t *type);

#endif
