/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compressing modules, in forms that the kernel's own decompressors and kmod take:
 *
 *   xz    LZMA2 with a dictionary of 1 MiB and CRC32, as the kernel's build has it
 *         (scripts/Makefile.modinst): its decoder knows no other check
 *   zstd  one frame with its content's size and checksum; the window is not larger
 *         than the content
 *   gzip  without name and time, so that equal modules give equal files
 */
#ifndef PIPELINE_PACK_H
#define PIPELINE_PACK_H

#include "pipeline/unpack.h"

/*
 * Compresses @len bytes at @in into @out, of which the former contents are dropped. 0 or a
 * negative errno with the reason in @diag: -ENOTSUP (a kind that is only read), -ENOMEM, -EIO.
 */
int pack_image(enum unpack_kind kind, const void *in, size_t len, struct buffer *out,
	       struct diag *diag) __attribute__((warn_unused_result));

#endif
