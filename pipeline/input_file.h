/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opening and reading the files that come from outside.
 *
 * They are read, never mapped: a file that is cut short while it is mapped
 * kills the process with SIGBUS. All functions return 0 (or what they say) or a
 * negative errno with the reason in @diag.
 */
#ifndef PIPELINE_INPUT_FILE_H
#define PIPELINE_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/diag.h"
#include "pipeline/buffer.h"

/*
 * Opens the regular file @path (relative to @dirfd, or AT_FDCWD) for reading and
 * stores its size. Never blocks, whatever the path names. Returns the
 * descriptor, which the caller closes; -EISDIR or -EINVAL for what is not
 * a regular file.
 */
int input_open(int dirfd, const char *path, uint64_t *size, struct diag *diag)
	__attribute__((warn_unused_result));

/* Reads up to @len bytes at the file's beginning, fewer only where the file
 * ends. Returns how many. */
long input_read_head(int fd, void *head, size_t len, struct diag *diag)
	__attribute__((warn_unused_result));

/* Reads exactly @len bytes at @offset; -EIO when the file ends before. */
int input_read_at(int fd, void *dst, size_t len, uint64_t offset, struct diag *diag)
	__attribute__((warn_unused_result));

/* Reads the file from its beginning to its end into @buf, whatever size
 * stat() gives; -EFBIG when it has more than @limit bytes. */
int input_read_all(int fd, size_t limit, struct buffer *buf, struct diag *diag)
	__attribute__((warn_unused_result));

/* Does a file that begins with @head look like raw BTF, in either byte order? */
bool input_is_btf(const void *head, size_t len);

#endif
