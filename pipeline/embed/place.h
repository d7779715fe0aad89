/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a changed module goes: in the old one's place, with all names that this has, or
 * below the output directory.
 */
#ifndef PIPELINE_EMBED_PLACE_H
#define PIPELINE_EMBED_PLACE_H

#include "pipeline/embed/embed.h"

/*
 * Puts the @len bytes at @data, the new contents of @file, in their place, or with --dry-run
 * nowhere. Either way @row tells. 0 or a negative errno with the reason in @diag; then the old file
 * is there, whole.
 */
int place_module(const struct embed *e, const struct found *file, struct row *row, const void *data,
		 size_t len, struct diag *diag) __attribute__((warn_unused_result));

/* The file stays as it is; below the output directory it is copied. */
int place_as_it_is(const struct embed *e, const struct found *file, struct row *row,
		   struct diag *diag) __attribute__((warn_unused_result));

/* A path beside the place, for a file that stands there for some time. To be freed; NULL: no
 * memory. */
char *place_to_sign(const struct embed *e, const struct found *file, const struct row *row)
	__attribute__((warn_unused_result));

/* Removes what a run that was killed left in the trees, unless one that is alive writes it. */
void place_remove_left(const struct find_result *found);

#endif
