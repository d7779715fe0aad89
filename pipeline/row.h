/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the report knows of one module, of the base, and of the run.
 */
#ifndef PIPELINE_ROW_H
#define PIPELINE_ROW_H

#include <stdint.h>

#include "merge/dedup.h"

enum row_status {
	ROW_OK,
	ROW_NO_BTF, /* no .BTF section: nothing to do, not an error */
	ROW_FAILED,
};

/* Of one kind. Packed, as are the rows: a tree of many thousand modules has as many. */
struct row_kind {
	uint32_t kind : 5;   /* BTF_KIND_* */
	uint32_t types : 27; /* BLOB_MAX bytes have fewer */
	uint32_t bytes;
};

/* What was done to a module's file. */
enum row_file {
	ROW_FILE_NONE, /* it was only read */
	ROW_FILE_WRITTEN,
	ROW_FILE_TO_WRITE, /* but not with --dry-run */
	ROW_FILE_SAME,     /* it has the right BTF already, or none to be replaced */
};

struct row {
	const char *path; /* relative to the PATH given; bytes as the file system has them */
	char *error;      /* why, when failed; else NULL */
	char *note;       /* what else is to be known, or NULL */
	enum row_status status;
	enum btf_form form;
	enum row_file file;
	uint64_t input_bytes;
	uint64_t xxh3;           /* XXH3_64bits of the split blob; 0 where no report has it */
	uint64_t old_file_bytes; /* unless ROW_FILE_NONE */
	uint64_t new_file_bytes;
	uint32_t input_types;
	uint32_t split_bytes;
	uint32_t split_types;
	uint32_t split_type_bytes;
	uint32_t split_string_bytes;
	uint32_t nr_kinds;
	struct row_kind *kinds; /* that the output has, in order of their number */
};

struct row_base {
	const char *path; /* as given */
	uint64_t bytes;
	uint32_t types; /* void not counted */
	uint32_t strings_bytes;
	uint64_t xxh3; /* of the base's raw BTF; likewise */
};

/* A type that has a name and stands, the same in each, in the split BTF of several modules. */
struct shared_type {
	uint64_t hash; /* as in struct type_info */
	const char *name;
	const char *first; /* the path of the first module that has it */
	uint32_t kind;
	uint32_t bytes; /* of its record, without strings */
	uint32_t modules;
	uint64_t saved; /* bytes, were it in the base once: all records but one */
};

/* What several modules have and the base could have for them. Types of kinds that are never
 * merged are not counted. */
struct shared {
	struct shared_type *types; /* who saves the most comes first */
	uint32_t nr;
	uint64_t saved; /* by all of them together */
	/* The same of what has no name: it would go with what refers to it. */
	uint32_t anonymous;
	uint64_t anonymous_saved;
};

/* A whole run: rows in path order. */
struct report {
	const char *version;
	struct row_base base;
	const struct row *rows;
	uint32_t nr_rows;
	const struct shared *shared; /* NULL: not asked for */
};

#endif
