/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a JSON report back: the schema "btfbatch-report/1" that report_json() writes and
 * docs/report.md describes.
 *
 * A report comes from anywhere (another version of the program, a CI's store of
 * artefacts, somebody's editor), so nothing in it is believed: each key that is
 * known has to be there once, of its type and in its range, and the totals have to be
 * those of the modules. Keys that are not known are ignored, as keys are only ever added.
 */
#ifndef PIPELINE_REPORT_READ_H
#define PIPELINE_REPORT_READ_H

#include <stddef.h>

#include "merge/arena.h"
#include "merge/diag.h"
#include "pipeline/row.h"

/* A report with 50,000 modules is below it. What a JSON value takes in memory can be
 * fifty times what it takes in the file. */
#define REPORT_FILE_MAX (64u << 20)

/* Bytes that any one number of a report may count: the sums over all modules that fit into
 * a file stay below 2^63. */
#define REPORT_BYTES_MAX (1ull << 44)

/* What was read; all that `report` refers to is in the arena. */
struct report_file {
	struct report report;
	struct arena arena;
};

/*
 * Reads the regular file @path, or parses the @len bytes at @text, into @file, which is to
 * be freed in either case. Texts are the bytes that they were before report_json() escaped
 * them (pipeline/escape.h): printed again, the report is what it was, to the byte.
 *
 * Returns 0 or a negative errno with the reason in @diag, which tells the place, as in
 * "modules[3].kinds.STRUCT.bytes: ...": -EINVAL, -EFBIG (over REPORT_FILE_MAX), -ENOMEM, or
 * what open() and read() gave.
 */
int report_read(const char *path, struct report_file *file, struct diag *diag)
	__attribute__((warn_unused_result));
int report_parse(const void *text, size_t len, struct report_file *file, struct diag *diag)
	__attribute__((warn_unused_result));
void report_file_free(struct report_file *file);

#endif
