/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes relocatable ELF files with symbols, by libelf. */
#ifndef TESTS_PIPELINE_EMBED_ELF_MAKER_H
#define TESTS_PIPELINE_EMBED_ELF_MAKER_H

#include <gelf.h>

#include "pipeline/buffer.h"
#include "tests/pipeline/fixtures.h"

struct elf_maker {
	Elf *elf;
	int fd;
	size_t nr; /* sections so far: the index of the last */
	char names[1024];
	uint32_t names_len;
	char strings[4096];
	uint32_t strings_len;
	Elf64_Sym symbols64[128];
	Elf32_Sym symbols32[128];
	size_t nr_symbols;
	bool is_64;
};

void elf_maker_begin(struct elf_maker *m, const struct elf_form *form);

/* A section of this name; of @want count type, flags, link, info, alignment and entry
 * size. @data has to stand until the end. */
void elf_maker_add(struct elf_maker *m, const char *name, GElf_Shdr want, void *data, size_t len,
		   Elf_Type type);

/* A symbol in the last section. */
void elf_maker_symbol(struct elf_maker *m, const char *name, uint64_t value, uint64_t size);

/* Adds .symtab, .strtab and .shstrtab, in this order, and writes the file. */
void elf_maker_end(struct elf_maker *m, struct buffer *out);

#endif
