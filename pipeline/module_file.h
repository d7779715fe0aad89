/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading one module's BTF out of its file.
 */
#ifndef PIPELINE_MODULE_FILE_H
#define PIPELINE_MODULE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/diag.h"
#include "pipeline/unpack.h"

#define MODULE_UNPACKED_MAX (512u << 20) /* bytes; raw BTF: BTF_SECTION_MAX of elf_btf.h */

/* Buffers and decoders that are used for module after module; one for each
 * worker. NULL when there is no memory. */
struct module_reader;
struct module_reader *module_reader_new(void) __attribute__((warn_unused_result));
void module_reader_free(struct module_reader *r);

/*
 * Reads the BTF of the file @path (relative to @dirfd, or AT_FDCWD). The file's
 * content, not its name, tells what it is: an ELF module, raw BTF, or one of
 * these packed in one of the ways of unpack.h. *@blob, of *@len bytes and
 * 4-byte aligned, belongs to @r and stands until the next call on it. Whether
 * it is good BTF is for others to find out.
 *
 * Returns 0 or a negative errno with the reason in @diag: -ENODATA (a good ELF
 * file without BTF), -ENOTSUP (the reason begins with "unsupported: "), -EFBIG
 * (over a limit), -EINVAL (anything else, or broken), -ENOMEM, or what
 * open() and read() gave.
 */
int module_file_read(int dirfd, const char *path, struct module_reader *r, const void **blob,
		     size_t *len, struct diag *diag) __attribute__((warn_unused_result));

/*
 * Reads the whole of the module @path: *@image, of *@len bytes, is its ELF file, unpacked from
 * what @packed says, and stands until the next call on @r. What it says of BTF is
 * not looked at. Returns and fails as module_file_read() does; raw BTF is refused.
 */
int module_file_load(int dirfd, const char *path, struct module_reader *r, const void **image,
		     size_t *len, enum unpack_kind *packed, struct diag *diag)
	__attribute__((warn_unused_result));

/* What a kernel that inserts the module would look at. */
struct module_btf {
	const void *blob;
	size_t len;
	const void *base; /* its .BTF.base, which may be empty; NULL: it has none */
	size_t base_len;
	bool is_elf; /* a module; else raw BTF */
};

/* The same, with modules that have a .BTF.base, which module_file_read() refuses. */
int module_file_read_both(int dirfd, const char *path, struct module_reader *r,
			  struct module_btf *btf, struct diag *diag)
	__attribute__((warn_unused_result));

/* How many nanoseconds of the last call on @r unpacking took. */
uint64_t module_reader_unpacked(const struct module_reader *r);

#endif
