/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel inside a bootable image.
 *
 * Two forms are known: x86's bzImage (Documentation/arch/x86/boot.rst of the
 * kernel; boot protocol 2.08, of 2007, and later) holds an ELF vmlinux; EFI zboot
 * (drivers/firmware/efi/libstub/zboot-header.S) of arm64, riscv and loongarch
 * holds a flat image. Either says where its compressed payload is.
 */
#ifndef PIPELINE_VMLINUZ_H
#define PIPELINE_VMLINUZ_H

#include <stdbool.h>
#include <stddef.h>

#include "merge/diag.h"
#include "pipeline/buffer.h"
#include "pipeline/unpack.h"

#define KERNEL_UNPACKED_MAX (1u << 30) /* bytes */
#define VMLINUZ_HEAD 1024              /* bytes of a file that vmlinuz_is() needs */

/* Does a file that begins with @head look like one of the two? */
bool vmlinuz_is(const void *head, size_t len);

/* Does it look like a flat kernel image, not packed, of arm64, riscv or loongarch? */
bool vmlinuz_is_flat(const void *head, size_t len);

/*
 * Unpacks the payload of the image of @len bytes at @image into @vmlinux.
 * Returns 0 or a negative errno with the reason in @diag: -EINVAL (broken or
 * truncated), -ENOTSUP (the reason begins with "unsupported: "), -EFBIG (more
 * than KERNEL_UNPACKED_MAX), -ENOMEM.
 */
int vmlinuz_unpack(const void *image, size_t len, struct unpacker *u, struct buffer *vmlinux,
		   struct diag *diag) __attribute__((warn_unused_result));

/*
 * Finds the BTF in an unpacked kernel: the .BTF section of an ELF file (and
 * then returns what elf_btf_find_mem() does), or in a flat image, which has no
 * sections, the largest complete standalone BTF; -ENODATA when there is none.
 * @btf points into @kernel and may be at any alignment.
 */
int vmlinuz_find_btf(const void *kernel, size_t len, const void **btf, size_t *btf_len,
		     struct diag *diag) __attribute__((warn_unused_result));

#endif
