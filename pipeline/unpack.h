/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Unpacking what kernels and their modules are compressed with.
 *
 * The decoding is done by zlib, liblzma, libzstd and liblz4; this adds
 * recognition, limits and reasons. Memory is bounded by the caller's limit on
 * the output and by UNPACK_LZMA_MEM or a window of UNPACK_ZSTD_WINDOW_LOG.
 *
 * Formats: RFC 1952 (gzip), RFC 8878 (zstd), xz-file-format.txt and
 * lzma-file-format.txt of xz, lz4_Frame_format.md of lz4, which describes the
 * legacy frame too: the kernel's `lz4 -l`.
 */
#ifndef PIPELINE_UNPACK_H
#define PIPELINE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "merge/diag.h"
#include "pipeline/buffer.h"

#define UNPACK_LZMA_MEM (256u << 20) /* bytes; xz -9 needs 65 MiB */
#define UNPACK_ZSTD_WINDOW_LOG 27    /* what zstd --ultra -22 uses */
#define UNPACK_HEAD 4096             /* bytes that a check sees at most */

enum unpack_kind {
	UNPACK_NONE, /* no compression that is known here */
	UNPACK_GZIP,
	UNPACK_XZ,
	UNPACK_LZMA, /* the older .lzma file */
	UNPACK_ZSTD,
	UNPACK_LZ4_LEGACY,
	UNPACK_LZ4,
	UNPACK_BZIP2, /* recognised only to be refused */
	UNPACK_LZO,   /* recognised only to be refused */
};

/* What the first bytes of a file say that it is compressed with. */
enum unpack_kind unpack_detect(const void *bytes, size_t len);

/* "gzip", "xz", ... */
const char *unpack_name(enum unpack_kind kind);

struct unpack_opts {
	size_t limit;  /* of the output, in bytes */
	bool trailing; /* bytes behind the compressed stream are no error */
	/*
	 * May be NULL. Called once, with the first bytes of the output:
	 * UNPACK_HEAD of them, fewer when there are no more. A negative errno
	 * (and a reason in @diag) ends the unpacking with it: a bomb is
	 * known before it goes off.
	 */
	int (*check)(const void *head, size_t len, struct diag *diag);
};

/* Decoders that are used again for file after file; one for each thread.
 * NULL when there is no memory. */
struct unpacker;
struct unpacker *unpacker_new(void) __attribute__((warn_unused_result));
void unpacker_free(struct unpacker *u);

/*
 * Unpacks @in_len bytes at @in, all members and frames of it, into @out, of
 * which the former contents are dropped.
 *
 * Returns 0 or a negative errno with the reason in @diag: -EINVAL (cut off,
 * broken, not of @kind, or trailing bytes), -EFBIG (over a limit), -ENOTSUP (a
 * kind that is only recognised), -ENOMEM, or what the check returned.
 */
int unpack(struct unpacker *u, enum unpack_kind kind, const void *in, size_t in_len,
	   const struct unpack_opts *opts, struct buffer *out, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
