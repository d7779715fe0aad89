/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The worklist: a row of the report for everything that was found, in path
 * order, and which of them are to be done, in what order, to which output file.
 */
#ifndef PIPELINE_WORKLIST_H
#define PIPELINE_WORKLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/find.h"
#include "pipeline/row.h"

struct worklist {
	struct row *rows;
	uint32_t nr_rows;
	/* By row: the file as it was found; NULL: it is not to be done. */
	const struct found **files;
	/* The rows that are to be done: where all sizes are known the large files, then the others
	 * in path order. */
	uint32_t *order;
	uint32_t nr_order;
};

/*
 * Makes the worklist of @found, which has to live as long as it. With @output
 * (else NULL) the directory that blobs go to, or with @copies changed copies of the modules; a
 * file whose output would replace that of an earlier one is failed at once. 0 or -ENOMEM; to be
 * freed in either case.
 */
int worklist_make(struct worklist *list, const struct find_result *found, const char *output,
		  bool copies) __attribute__((warn_unused_result));
void worklist_free(struct worklist *list);

/* Where below the directory @output the blob, or the copy, of @path goes, a path relative to a
 * PATH. To be freed; NULL: no memory. */
char *worklist_blob(const char *output, const char *path) __attribute__((warn_unused_result));
char *worklist_copy(const char *output, const char *path) __attribute__((warn_unused_result));

/* The length of @path without what tells its compression: that of x.ko in x.ko.xz. */
size_t worklist_stem_length(const char *path);

/* The length of @path without what tells its compression and that it is raw BTF: of xfs.ko.xz,
 * xfs.ko.btf and xfs.ko it is that of xfs.ko. */
size_t worklist_stem(const char *path);

/* Makes @row a failed one. @what happened, and why. */
void row_fail(struct row *row, const char *why);

/* Adds a note to @row, behind the notes that it has. 0 or -ENOMEM, in @diag too. */
int row_note(struct row *row, struct diag *diag, const char *format, ...)
	__attribute__((format(printf, 3, 4), warn_unused_result));

/* Prints a message for each that failed: its path, @what, and why; and one for each note.
 * Returns how many failed. */
uint32_t rows_tell_failures(const struct row *rows, uint32_t nr, const char *what);

#endif
