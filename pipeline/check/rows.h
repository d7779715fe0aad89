/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `btfbatch check` finds: a row a module, in path order.
 */
#ifndef PIPELINE_CHECK_ROWS_H
#define PIPELINE_CHECK_ROWS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "merge/verify/verify.h"
#include "pipeline/check/options.h"

enum check_status {
	CHECK_ACCEPTED,
	CHECK_BROKEN,
	CHECK_REJECTED,
	CHECK_NO_BTF,
	CHECK_FAILED, /* it could not be read */
	CHECK_NR_STATUS,
};

/* A verdict that stands by itself. */
struct check_fault {
	struct verify_verdict verdict; /* its strings are below */
	char *strings[8];
	bool fits_old; /* the old base has it accepted */
};

struct check_row {
	const char *path;
	enum check_status status;
	enum verify_profile profile;
	uint64_t bytes;
	uint64_t xxh3;
	uint32_t types;
	bool is_distilled;         /* it has a .BTF.base */
	struct check_fault *fault; /* of what is broken or rejected */
	char *error;               /* of what failed */
	char *manifest;            /* how it differs from what the manifest says; or NULL */
};

struct check_base {
	const char *path;
	uint64_t bytes;
	uint64_t xxh3;
	struct verify_verdict verdict;
	const struct verify_base *base;
};

struct check_report {
	const struct check_options *options;
	struct check_base base;
	struct check_base old; /* with .path NULL: none is given */
	const struct check_row *rows;
	uint32_t nr_rows;
	uint32_t nr[CHECK_NR_STATUS]; /* rows of each status */
	uint32_t foreign;             /* rows of another base */
	uint32_t fit_old;             /* of them, of the old base */
	/* With a manifest: */
	const char *manifest_base; /* how the base differs from it; or NULL */
	const char **missing;      /* paths that the manifest has and the tree has not */
	uint32_t nr_missing;
	uint32_t nr_others; /* rows that differ from it */
};

/* "accepted", "broken", "rejected", "no-btf", "failed". */
const char *check_status_name(enum check_status status);

/* A copy; NULL: no memory. */
struct check_fault *check_fault_new(const struct verify_verdict *verdict)
	__attribute__((warn_unused_result));
void check_row_free(struct check_row *row);

/* Both print what the report says: a line each of the modules that are not accepted, or of all,
 * then totals; or the schema "btfbatch-check/1" of docs/check.md. 0 or a negative errno. @r is
 * a struct check_report. */
int check_print_text(const void *r, FILE *f) __attribute__((warn_unused_result));
int check_print_json(const void *r, FILE *f) __attribute__((warn_unused_result));

/* An errno by its name: "EINVAL", ...; those that the kernel's verdicts have. */
const char *check_errno_name(int err);

/* "member 3 "x" of STRUCT foo [4711]", or "" where the place is not known. */
void check_print_place(const struct verify_place *place, FILE *f);

#endif
