/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An ELF file of 32 or 64 bits and either byte order, and its sections.
 *
 * elf(5) has the format, libelf translates the tables; it is not asked to open the file, which
 * takes it twice the reads. What the tables say of
 * the section table and of the section names is checked against the file's real size when it is
 * opened. A section's own range is checked by who wants its bytes. What stands behind the ELF file,
 * as a module's signature, is no obstacle.
 *
 * All return 0 or a negative errno with the reason in the file's diag: -EINVAL (not ELF,
 * truncated, or broken), -ENODATA (its header counts no sections), -EIO, -ENOMEM.
 */
#ifndef PIPELINE_ELF_FILE_H
#define PIPELINE_ELF_FILE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/diag.h"
#include "pipeline/input_file.h"

struct elf_file {
	const struct input *in;     /* it is in that file, */
	const unsigned char *image; /* or here */
	uint64_t size;              /* of the file, bytes */
	GElf_Ehdr ehdr;
	unsigned char *tables; /* the section table, and what stands in front of it */
	uint64_t tables_at;    /* their offset in the file */
	unsigned char *table;  /* in them: the section headers, in this machine's byte order */
	const char *names;     /* of the sections */
	size_t names_len;
	char *own_names; /* where they are not in the tables; else NULL */
	struct diag *diag;
};

/* Does a file that begins with @head look like ELF? */
bool elf_is(const void *head, size_t len);

/* Opens the file @in, or the one of @len bytes at @image. To be closed only when
 * it was opened. All three have to stand as long as @f. */
int elf_file_open(struct elf_file *f, const struct input *in, struct diag *diag)
	__attribute__((warn_unused_result));
int elf_file_open_mem(struct elf_file *f, const void *image, size_t len, struct diag *diag)
	__attribute__((warn_unused_result));
void elf_file_close(struct elf_file *f);

/* The header of section @index, counted from 1 to ehdr.e_shnum - 1, and its name. */
int elf_file_section(const struct elf_file *f, size_t index, GElf_Shdr *shdr, const char **name)
	__attribute__((warn_unused_result));

static inline bool elf_file_big_endian(const struct elf_file *f)
{
	return f->ehdr.e_ident[EI_DATA] == ELFDATA2MSB;
}

static inline bool elf_file_is_64(const struct elf_file *f)
{
	return f->ehdr.e_ident[EI_CLASS] == ELFCLASS64;
}

/* Are the @len bytes at @offset among the @total? */
static inline bool elf_in_range(uint64_t offset, uint64_t len, uint64_t total)
{
	return offset <= total && len <= total - offset;
}

/* -EINVAL: "broken ELF file: WHY". */
int elf_file_broken(const struct elf_file *f, const char *why);

#endif
