// SPDX-License-Identifier: GPL-2.0-only
#include "tests/pipeline/embed/elf_maker.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"

void elf_maker_begin(struct elf_maker *m, const struct elf_form *form)
{
	GElf_Ehdr ehdr;

	elf_version(EV_CURRENT);
	memset(m, 0, sizeof(*m));
	m->fd = memfd_create("elf", MFD_CLOEXEC);
	m->elf = elf_begin(m->fd, ELF_C_WRITE, NULL);
	m->is_64 = form->class == ELFCLASS64;
	m->names_len = m->strings_len = 1;
	m->nr_symbols = 1;
	assert_non_null(gelf_newehdr(m->elf, form->class));
	assert_non_null(gelf_getehdr(m->elf, &ehdr));
	ehdr.e_ident[EI_DATA] = form->order;
	ehdr.e_type = ET_REL;
	ehdr.e_version = EV_CURRENT;
	assert_true(gelf_update_ehdr(m->elf, &ehdr));
}

void elf_maker_add(struct elf_maker *m, const char *name, GElf_Shdr want, void *data, size_t len,
		   Elf_Type type)
{
	Elf_Scn *scn = elf_newscn(m->elf);
	Elf_Data *d = elf_newdata(scn);

	d->d_buf = data;
	d->d_size = len;
	d->d_align = want.sh_addralign;
	d->d_type = type;
	d->d_version = EV_CURRENT;
	want.sh_name = m->names_len;
	assert_true(gelf_update_shdr(scn, &want));
	m->names_len += (uint32_t)sprintf(m->names + m->names_len, "%s", name) + 1;
	m->nr++;
}

void elf_maker_symbol(struct elf_maker *m, const char *name, uint64_t value, uint64_t size)
{
	size_t i = m->nr_symbols++;

	m->symbols64[i] = (Elf64_Sym){.st_name = m->strings_len,
				      .st_shndx = (Elf64_Half)m->nr,
				      .st_value = value,
				      .st_size = size};
	m->symbols32[i] = (Elf32_Sym){.st_name = m->strings_len,
				      .st_shndx = (Elf32_Half)m->nr,
				      .st_value = (Elf32_Addr)value,
				      .st_size = (Elf32_Word)size};
	m->strings_len += (uint32_t)sprintf(m->strings + m->strings_len, "%s", name) + 1;
}

void elf_maker_end(struct elf_maker *m, struct buffer *out)
{
	GElf_Shdr symtab = {.sh_type = SHT_SYMTAB,
			    .sh_link = (GElf_Word)m->nr + 2,
			    .sh_info = 1,
			    .sh_addralign = 8,
			    .sh_entsize = m->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym)};
	GElf_Shdr strtab = {.sh_type = SHT_STRTAB, .sh_addralign = 1};
	GElf_Ehdr ehdr;

	elf_maker_add(m, ".symtab", symtab, m->is_64 ? (void *)m->symbols64 : (void *)m->symbols32,
		      m->nr_symbols * symtab.sh_entsize, ELF_T_SYM);
	elf_maker_add(m, ".strtab", strtab, m->strings, m->strings_len, ELF_T_BYTE);
	elf_maker_add(m, ".shstrtab", strtab, m->names, m->names_len + sizeof(".shstrtab"),
		      ELF_T_BYTE);
	assert_non_null(gelf_getehdr(m->elf, &ehdr));
	ehdr.e_shstrndx = (uint16_t)m->nr;
	assert_true(gelf_update_ehdr(m->elf, &ehdr));
	assert_true(elf_update(m->elf, ELF_C_WRITE) > 0);
	elf_end(m->elf);
	out->len = 0;
	assert_int_equal(buffer_reserve(out, (size_t)lseek(m->fd, 0, SEEK_END)), 0);
	out->len = (size_t)lseek(m->fd, 0, SEEK_END);
	assert_int_equal(pread(m->fd, out->data, out->len, 0), (ssize_t)out->len);
	close(m->fd);
}
