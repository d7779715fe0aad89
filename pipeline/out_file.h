/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that appear under their name complete or not at all.
 *
 * What is written goes to a temporary file beside the target, ".NAME.btfbatch",
 * which takes the name in one rename(2) when everything has reached the file
 * system without an error. A process that is killed leaves at most the temporary
 * file, and who writes the same target next removes that; one that is alive is waited for
 * (it holds a flock(2)). Missing parent directories are made. Modes are 0777 and 0666 less the
 * umask; a file that was there is replaced (a hard link is cut, a symbolic link
 * is not followed), unless it is write-protected. Nothing is fsync'ed but by a
 * finish function: after a power cut the package build is run again.
 *
 * What is no regular file (a device, a fifo) is never replaced but written to
 * directly, and so are the process's own descriptors by the names /dev/stdout,
 * /dev/stderr, /dev/fd/N and /proc/self/fd/N, wherever they lead.
 *
 * All functions may be called by any number of threads at once, a struct out_file
 * by one of them. On failure they return a negative errno, say why in @diag (which
 * names no file), and nothing of the file remains.
 */
#ifndef PIPELINE_OUT_FILE_H
#define PIPELINE_OUT_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "merge/diag.h"

#define OUT_FILE_SUFFIX ".btfbatch" /* of temporary files; the first byte is a dot */

struct out_file;

/* The whole file at once. */
int out_file_write(const char *path, const void *data, size_t len, struct diag *diag)
	__attribute__((warn_unused_result));

/* The same; before the file takes its name @finish does to it, by its descriptor @fd, what is to
 * be done. When that fails, with a reason in @diag, the file is not written. */
typedef int (*out_file_finish)(void *arg, int fd, struct diag *diag);
int out_file_write_as(const char *path, const void *data, size_t len, out_file_finish finish,
		      void *arg, struct diag *diag) __attribute__((warn_unused_result));

/* The file @path becomes a further name, a hard link, of @existing; what had that name is replaced.
 */
int out_file_link(const char *existing, const char *path, struct diag *diag)
	__attribute__((warn_unused_result));

/*
 * Or as a stream: begin, print to out_file_stream(), then commit or abort,
 * either of which closes the stream and frees @out. A commit that fails has
 * aborted. Commit tests the stream for errors too, but who has noticed one
 * knows its errno better and should abort.
 */
int out_file_begin(const char *path, struct out_file **out, struct diag *diag)
	__attribute__((warn_unused_result));
FILE *out_file_stream(struct out_file *out);
int out_file_commit(struct out_file *out, struct diag *diag) __attribute__((warn_unused_result));
void out_file_abort(struct out_file *out);

#endif
