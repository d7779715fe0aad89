/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finding the modules that the PATHs of a command line stand for.
 */
#ifndef PIPELINE_FIND_H
#define PIPELINE_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct found {
	char *full;       /* can be opened */
	const char *path; /* into `full`: relative to the PATH; of a file its last part */
	uint64_t size;    /* of the file, bytes; 0 if by_entry */
	int arg;          /* which PATH it comes from */
	bool by_entry; /* what its directory says of it was enough, or all there is; `dev` is 0 */
	dev_t dev;
	ino_t ino;
};

/* What could not be searched. */
struct find_error {
	char *full;
	const char *path; /* into `full`, as of a file */
	int arg;
	char reason[80];
};

struct find_result {
	struct found *files;
	size_t nr_files;
	struct found *links; /* further names of files, by file, then in their order */
	size_t nr_links;
	char **left; /* temporary files that a killed run left, only with FIND_TO_CHANGE */
	size_t nr_left;
	struct find_error *errors;
	size_t nr_errors;
};

enum find_for {
	FIND_TO_READ,   /* sizes of uncompressed *.ko need not be known */
	FIND_TO_CHANGE, /* modules are to be changed: no *.btf, unless it is itself a PATH */
};

/*
 * Each of the @nr @paths is a file, of any name, or a directory, searched to
 * the bottom for *.ko, *.ko.gz, *.ko.xz, *.ko.zst and *.btf. A PATH may be a
 * symbolic link; those inside of a directory are not followed. @skip (ends
 * with NULL) are directories that are not entered and files that are not taken,
 * unless they are themselves a PATH; they need not exist.
 *
 * Files come in the order of the PATHs, and inside of a PATH in the order
 * of their relative paths' bytes. A file that has several names is there once,
 * by the first of them; the others are among the links. What is no regular file, or cannot be
 * looked at or entered, becomes an error, in the same order, and the search goes on.
 *
 * Returns 0, even when there are errors among the results, or -ENOMEM.
 * @result is to be freed in either case.
 */
int find_modules(char *const *paths, int nr, const char *const *skip, enum find_for what_for,
		 struct find_result *result) __attribute__((warn_unused_result));

/* The links of @file: the first, and in @nr how many. */
const struct found *find_links(const struct find_result *result, const struct found *file,
			       size_t *nr);
void find_result_free(struct find_result *result);

#endif
