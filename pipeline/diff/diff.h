/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two runs compared: which modules grew, shrank, came and went, in bytes of split BTF.
 */
#ifndef PIPELINE_DIFF_DIFF_H
#define PIPELINE_DIFF_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/arena.h"
#include "pipeline/diff/types.h"
#include "pipeline/find.h"
#include "pipeline/row.h"

/* What became of a module. */
enum diff_change {
	DIFF_GREW,
	DIFF_SHRANK,
	DIFF_SAME, /* of the same size, or by less than what counts as a change */
	DIFF_CAME, /* had no BTF before, or was not there */
	DIFF_WENT,
	DIFF_FAILED, /* in either run: its change is not known */
	DIFF_NR_CHANGES,
};

/* A module of one run or both. */
struct diff_module {
	const struct row *old; /* NULL: there is none */
	const struct row *new;
	enum diff_change change;
	int64_t bytes; /* what the split BTF grew by; of a failed one 0 */
	/* Of one that grew or shrank, where the types of both runs are known, and differ; else
	 * NULL. */
	const struct types_change *types;
};

/* Sums over the modules that failed in neither run. */
struct diff_sums {
	uint32_t modules; /* that have BTF */
	uint64_t input_bytes;
	uint64_t split_bytes;
	uint64_t input_types;
	uint64_t split_types;
	struct {
		uint64_t types;
		uint64_t bytes;
	} kinds[BTF_NR_KINDS];
};

/* One of the two. */
struct diff_side {
	const char *name; /* what the command line calls it */
	const struct report *report;
	const struct module_types *types; /* by row; NULL: not known */
	const struct found *const *files; /* by row; NULL: not known */
	struct diff_sums sums;            /* filled in by diff_make() */
};

struct diff {
	struct diff_side old;
	struct diff_side new;
	/* The largest change in bytes first, whether it grew or shrank; of the same change by
	 * path. What has no BTF in either run is not among them. */
	struct diff_module *modules;
	uint32_t nr_modules;
	uint32_t nr[DIFF_NR_CHANGES]; /* how many of them */
	struct arena arena;
};

/*
 * Compares; @diff refers to what both sides do, and is to be freed in either case. A module
 * that is in both and changed by fewer than @min_change bytes counts as the same. 0 or -ENOMEM.
 *
 * What belongs together: a module has the same path as before, but for what tells its
 * compression, and for the directory of the kernel's version with what is in front of it
 * (diff_key()); of those that are left over, it has the same file name, if no other has it:
 * it was moved.
 */
int diff_make(struct diff *diff, const struct diff_side *old, const struct diff_side *new,
	      uint64_t min_change) __attribute__((warn_unused_result));
void diff_free(struct diff *diff);

/* "grew", "shrank", "same", "came", "went", "failed". */
const char *diff_change_name(enum diff_change change);

/* Is it in both runs, at another place? */
bool diff_moved(const struct diff_module *module);

/* The path in the newer of the runs that have it. */
const char *diff_path(const struct diff_module *module);

/* For people: of a path the part from diff_key() on. What is in front of it is in all of them. */
const char *diff_shown(const char *path);

/* What a module has of a row's figures: 0 where there is none, or no BTF. */
uint32_t diff_bytes(const struct row *row);
uint32_t diff_types(const struct row *row);

/*
 * The part of a path that says which module it is: "kernel/fs/xfs/xfs.ko" of
 * "lib/modules/6.1.0-1-amd64/kernel/fs/xfs/xfs.ko.xz". Not terminated: *@len bytes of @path.
 */
const char *diff_key(const char *path, size_t *len);

#endif
