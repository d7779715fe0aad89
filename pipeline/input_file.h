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

/* So much of a file tells what it is, whatever it is: kernel images take most. */
#define INPUT_HEAD 1024

struct input {
	int fd;
	uint64_t size; /* as stat() gives it */
	unsigned char head[INPUT_HEAD];
	size_t head_len; /* fewer than INPUT_HEAD only where the file ends */
};

/*
 * Opens the regular file @path (relative to @dirfd, or AT_FDCWD) for reading. Never blocks,
 * whatever the path names. -EISDIR or -EINVAL for what is not a regular file. To be closed
 * only when it was opened.
 */
int input_open(struct input *in, int dirfd, const char *path, struct diag *diag)
	__attribute__((warn_unused_result));
void input_close(struct input *in);

/* The same of an open file. @fd stays the caller's where this fails. */
int input_take(struct input *in, int fd, struct diag *diag) __attribute__((warn_unused_result));

/* Reads exactly @len bytes at @offset; -EIO when the file ends before. */
int input_read_at(const struct input *in, void *dst, size_t len, uint64_t offset, struct diag *diag)
	__attribute__((warn_unused_result));

/* Reads the file from its beginning to its end into @buf, whatever size
 * stat() gave; -EFBIG when it has more than @limit bytes. */
int input_read_all(const struct input *in, size_t limit, struct buffer *buf, struct diag *diag)
	__attribute__((warn_unused_result));

/* All of it in one: opens @path, reads it, closes it. */
int input_read_file(int dirfd, const char *path, size_t limit, struct buffer *buf,
		    struct diag *diag) __attribute__((warn_unused_result));

/* Does a file that begins with @head look like raw BTF, in either byte order? */
bool input_is_btf(const void *head, size_t len);

#endif
