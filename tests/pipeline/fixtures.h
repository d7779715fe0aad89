/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the inputs of the tests: ELF files, compressed data, trees of files.
 * What cannot be made fails the running test.
 */
#ifndef TESTS_PIPELINE_FIXTURES_H
#define TESTS_PIPELINE_FIXTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/buffer.h"
#include "pipeline/unpack.h"

/* ---- ELF ---- */

struct elf_form {
	const char *name;
	unsigned char class; /* ELFCLASS32 or ELFCLASS64 */
	unsigned char order; /* ELFDATA2LSB or ELFDATA2MSB */
};

#define NR_ELF_FORMS 4
extern const struct elf_form elf_forms[NR_ELF_FORMS];

struct elf_section {
	const char *name;
	const void *data;
	size_t len;
	uint32_t type; /* 0 stands for SHT_PROGBITS */
	uint64_t flags;
};

/* An ELF file of these sections, numbered from 1 on, and one of names after
 * them. The section header table is at its end. Sections stand unaligned. */
void make_elf(struct buffer *out, const struct elf_form *form, const struct elf_section *sections,
	      size_t nr);

/* Fields that hostile files have wrong. */
enum elf_field { E_SHOFF, E_SHENTSIZE, E_SHNUM, E_SHSTRNDX };
enum shdr_field { SH_NAME, SH_TYPE, SH_OFFSET, SH_SIZE };

void patch_ehdr(struct buffer *elf, enum elf_field field, uint64_t value);
void patch_shdr(struct buffer *elf, unsigned int section, enum shdr_field field, uint64_t value);

/* ---- compression ---- */

#define NR_PACK_KINDS 6
extern const enum unpack_kind pack_kinds[NR_PACK_KINDS];

void pack(struct buffer *out, enum unpack_kind kind, const void *data, size_t len);
/* As a program in a pipe packs: the size is not in the header. */
void pack_zstd_stream(struct buffer *out, const void *data, size_t len);
void append(struct buffer *buf, const void *data, size_t len);

/* Bytes that do not compress to nothing. */
void fill(void *data, size_t len);

/* ---- files ---- */

/* An empty directory; temp_dir_remove() removes it with all that is in it. */
char *temp_dir(void);
void temp_dir_remove(char *dir);

/* dir/name in an array that stands until the next call but three. */
const char *path_in(const char *dir, const char *name);
void write_file(const char *path, const void *data, size_t len);

#endif
