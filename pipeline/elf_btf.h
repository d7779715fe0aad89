/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finding the .BTF section of an ELF file: 32 or 64 bits, either byte order.
 *
 * Every range that its tables give is checked here against the file's real size before it is
 * used.
 */
#ifndef PIPELINE_ELF_BTF_H
#define PIPELINE_ELF_BTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/diag.h"
#include "pipeline/buffer.h"
#include "pipeline/input_file.h"

#define BTF_SECTION_MAX (256u << 20) /* bytes; the kernel itself takes 16 MiB */

struct elf_btf_info {
	uint64_t offset; /* of the section in the file, bytes */
	uint64_t size;
	uint64_t base_offset; /* the same of .BTF.base */
	uint64_t base_size;
	bool has_base;
	bool is_64;
	bool big_endian;
};

/*
 * Both return 0 or a negative errno with the reason in @diag: -ENODATA (a good
 * ELF file without a .BTF section, or with an empty one), -EINVAL (not ELF,
 * truncated, or broken), -EFBIG (over BTF_SECTION_MAX), -ENOTSUP (the
 * reason begins with "unsupported: "), -EIO, -ENOMEM.
 */

/* Reads the section of the file @in into @out, and of the file no more than it
 * needs to find it. */
int elf_btf_read(const struct input *in, struct buffer *out, struct elf_btf_info *info,
		 struct diag *diag) __attribute__((warn_unused_result));

/* Finds the section in the file of @len bytes at @image; @sec points into it and
 * may be at any alignment. */
int elf_btf_find_mem(const void *image, size_t len, const void **sec, size_t *sec_len,
		     struct elf_btf_info *info, struct diag *diag)
	__attribute__((warn_unused_result));

/*
 * The same, and .BTF.base, which the two above refuse as unsupported: with info->has_base it is
 * there, though it may be empty, into @base or at @base. Otherwise @base is as it was.
 */
int elf_btf_read_both(const struct input *in, struct buffer *out, struct buffer *base,
		      struct elf_btf_info *info, struct diag *diag)
	__attribute__((warn_unused_result));
int elf_btf_find_mem_both(const void *image, size_t len, const void **sec, const void **base,
			  struct elf_btf_info *info, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
