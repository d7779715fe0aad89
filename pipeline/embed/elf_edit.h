/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A copy of a module's ELF file with some of its sections changed.
 *
 * Everything keeps its order in the file, and its place up to the first thing that
 * changes its size; what comes behind it closes up, as its alignment allows. All other
 * bytes of sections and tables stay as they are; indices of sections change only where
 * one is dropped, and then with all that refers to them. What stands behind the last
 * section and table stays behind them.
 *
 * Functions that can fail return 0 or a negative errno with the reason in the diag that the
 * edit was opened with: -EINVAL (broken), -ENOTSUP (the reason begins with
 * "unsupported: "), -EFBIG, -ENOMEM.
 */
#ifndef PIPELINE_EMBED_ELF_EDIT_H
#define PIPELINE_EMBED_ELF_EDIT_H

#include "pipeline/buffer.h"
#include "pipeline/elf_file.h"

struct elf_edit_section {
	const char *name;
	GElf_Shdr shdr;   /* sh_offset: in the old file */
	const void *data; /* of shdr.sh_size bytes; NULL: it has none in the file */
	void *own;        /* freed with the edit */
	bool dropped;
	bool added;
};

struct elf_edit {
	struct elf_file file;
	Elf *elf; /* the same file as libelf has it */
	const unsigned char *image;
	size_t len;
	struct elf_edit_section *sections; /* by index */
	size_t nr;
};

/* Begins with the relocatable file of @len bytes at @image, which has to stand as long. Nothing is
 * to be closed where this fails. */
int elf_edit_open(struct elf_edit *e, const void *image, size_t len, struct diag *diag)
	__attribute__((warn_unused_result));
void elf_edit_close(struct elf_edit *e);

/* The index of the first section of that name; 0: there is none. */
size_t elf_edit_find(const struct elf_edit *e, const char *name);

/* Section @index gets @data, which has to stand until the file is written. */
void elf_edit_replace(struct elf_edit *e, size_t index, const void *data, size_t len);

/* A new section, behind all others, that is not loaded. */
int elf_edit_add(struct elf_edit *e, const char *name, const void *data, size_t len, size_t align)
	__attribute__((warn_unused_result));

/* Section @index goes. At most one, and before any is added. */
int elf_edit_drop(struct elf_edit *e, size_t index) __attribute__((warn_unused_result));

/* The file as it is to be, into @out, of which the former contents are dropped. */
int elf_edit_write(const struct elf_edit *e, struct buffer *out)
	__attribute__((warn_unused_result));

#endif
