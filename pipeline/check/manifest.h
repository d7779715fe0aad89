/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The manifest: the report of a deduplication, held against what was found.
 *
 * The report knows of each module the size and the hash of the split BTF that it got. A module
 * and its entry belong together by path, but for what its compression and form add to it: the
 * blob of kernel/fs/xfs/xfs.ko.xz may be in kernel/fs/xfs/xfs.ko.btf, or back in a module.
 */
#ifndef PIPELINE_CHECK_MANIFEST_H
#define PIPELINE_CHECK_MANIFEST_H

#include "pipeline/check/rows.h"

struct manifest;

/* Reads the report @path. 0 or a negative errno, and then the message is printed; to be freed
 * in either case. */
int manifest_read(struct manifest **m, const char *path) __attribute__((warn_unused_result));
void manifest_free(struct manifest *m);

/* Fills in what of @r is about the manifest, and @rows, which are those of @r. What it fills in
 * stands as long as the manifest. 0 or -ENOMEM. */
int manifest_compare(struct manifest *m, struct check_report *r, struct check_row *rows)
	__attribute__((warn_unused_result));

#endif
