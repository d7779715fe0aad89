/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Printing a run's report (pipeline/row.h): as JSON and CSV for programs, as a
 * table for people.
 *
 * All printers only read the report and hold no more than one row in memory. They
 * flush @f before they return 0; otherwise they return a negative errno: -ENOMEM,
 * or what the write failed with (-ENOSPC, -EPIPE...). What they print depends on
 * the report alone: no time, no locale, no host.
 */
#ifndef PIPELINE_REPORT_H
#define PIPELINE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "pipeline/row.h"

#define REPORT_SCHEMA "btfbatch-report/1"

struct totals {
	uint32_t modules; /* all rows: ok + no_btf + failed */
	uint32_t ok;
	uint32_t no_btf;
	uint32_t failed;
	/* Sums over the rows that are ok. */
	uint64_t input_bytes;
	uint64_t split_bytes;
	uint64_t input_types;
	uint64_t split_types;
	/* With --embed: the modules' files. */
	uint32_t files_written; /* or with --dry-run to be written */
	uint32_t files_same;
	uint64_t old_file_bytes;
	uint64_t new_file_bytes;
};

struct totals report_totals(const struct report *r);

/* The words that JSON, CSV and people see: "ok", "no-btf", "failed"; "standalone",
 * "split". */
const char *report_status_name(enum row_status status);
const char *report_form_name(enum btf_form form);
/* "written", "to-write", "unchanged"; NULL: nothing was to be done to it. */
const char *report_file_name(enum row_file file);

/*
 * The schema REPORT_SCHEMA: UTF-8, keys always in the same order, one module
 * a line, so that a line diff of two reports shows the modules that differ. A
 * module that is not ok has only "path", "status" and, when failed, "error".
 * Bytes that are not UTF-8 are written as pipeline/escape.h says.
 */
int report_json(const struct report *r, FILE *f) __attribute__((warn_unused_result));

/*
 * One header line, then one record a module; fields quoted as RFC 4180 says, but
 * lines end in LF as every Unix tool expects. The columns are the JSON's keys, then
 * KIND_types and KIND_bytes for all 19 kinds in order of their number, 0 where the
 * output has none. A module that is not ok has empty fields. UTF-8, as the JSON.
 */
int report_csv(const struct report *r, FILE *f) __attribute__((warn_unused_result));

/*
 * What --shared found (@r->shared, which has to be there): a heading, then a line for every type
 * that has a name, who saves the most first.
 */
int report_shared(const struct report *r, FILE *f) __attribute__((warn_unused_result));

/* The first @nr lines of that with their heading and sums, as a part of another text. */
void report_shared_lines(const struct shared *s, uint32_t nr, FILE *f);

/*
 * Totals; the ten largest modules by split bytes, or with @verbose every module in
 * path order; where they are known, the ten shared types that save the most; failures with
 * their reason. A module is one line whatever bytes its
 * path has.
 */
int report_table(const struct report *r, bool verbose, FILE *f) __attribute__((warn_unused_result));

#endif
