/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading the base's BTF from whatever file a user has of it.
 */
#ifndef PIPELINE_BASE_FILE_H
#define PIPELINE_BASE_FILE_H

#include "merge/diag.h"
#include "pipeline/buffer.h"

/*
 * Reads the raw BTF, in either byte order, of the file @path into @btf. The
 * file's content, not its name, tells what it is: raw BTF, as
 * /sys/kernel/btf/vmlinux is; an ELF vmlinux; a vmlinuz (see vmlinuz.h); or raw
 * BTF, ELF or a flat kernel image packed in one of the ways of unpack.h.
 *
 * Returns 0 or a negative errno with the reason in @diag: -ENODATA (a good file
 * without BTF), -ENOTSUP (the reason begins with "unsupported: "), -EFBIG (over
 * BTF_SECTION_MAX or KERNEL_UNPACKED_MAX), -EINVAL (anything else, or broken),
 * -ENOMEM, or what open() and read() gave.
 */
int base_file_read(const char *path, struct buffer *btf, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
