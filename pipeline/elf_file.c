// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/elf_file.h"

#include <errno.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

/* Section names; vmlinux and the largest modules have some KiB of them. */
#define NAMES_MAX (16u << 20)

/* The names mostly stand just in front of the section table. So many bytes from there are read with
 * it: enough for all of a Debian kernel's modules. */
#define NAMES_BEFORE 1024

bool elf_is(const void *head, size_t len)
{
	return len >= SELFMAG && !memcmp(head, ELFMAG, SELFMAG);
}

int elf_file_broken(const struct elf_file *f, const char *why)
{
	return diag_fail(f->diag, -EINVAL, "broken ELF file: %s", why);
}

/* @len bytes of what stands in the file as @type, at @data, to how this machine has it. */
static int to_memory(const struct elf_file *f, void *data, size_t len, Elf_Type type)
{
	Elf_Data d = {.d_buf = data, .d_size = len, .d_type = type, .d_version = EV_CURRENT};
	unsigned int order = f->ehdr.e_ident[EI_DATA];

	if (elf_file_is_64(f) ? !elf64_xlatetom(&d, &d, order) : !elf32_xlatetom(&d, &d, order))
		return elf_file_broken(f, elf_errmsg(-1));
	return 0;
}

static int read_at(const struct elf_file *f, void *dst, size_t len, uint64_t offset)
{
	if (f->in)
		return input_read_at(f->in, dst, len, offset, f->diag);
	memcpy(dst, f->image + offset, len);
	return 0;
}

/* -- The header ----------------------------------------------------------- */

static int check_ident(const struct elf_file *f, size_t len)
{
	const unsigned char *ident = f->ehdr.e_ident;

	if (!elf_is(ident, len))
		return diag_fail(f->diag, -EINVAL, "not an ELF file");
	if (len < EI_NIDENT)
		return elf_file_broken(f, "it is truncated");
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return elf_file_broken(f, "unknown class");
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
		return elf_file_broken(f, "unknown byte order");
	if (ident[EI_VERSION] != EV_CURRENT)
		return elf_file_broken(f, "unknown version");
	return 0;
}

static void widen_ehdr(GElf_Ehdr *h, const Elf32_Ehdr *h32)
{
	*h = (GElf_Ehdr){
		.e_type = h32->e_type,
		.e_machine = h32->e_machine,
		.e_version = h32->e_version,
		.e_entry = h32->e_entry,
		.e_phoff = h32->e_phoff,
		.e_shoff = h32->e_shoff,
		.e_flags = h32->e_flags,
		.e_ehsize = h32->e_ehsize,
		.e_phentsize = h32->e_phentsize,
		.e_phnum = h32->e_phnum,
		.e_shentsize = h32->e_shentsize,
		.e_shnum = h32->e_shnum,
		.e_shstrndx = h32->e_shstrndx,
	};
	memcpy(h->e_ident, h32->e_ident, EI_NIDENT);
}

/* The header, of the @len bytes at @head that the file begins with. */
static int read_ehdr(struct elf_file *f, const void *head, size_t len)
{
	Elf32_Ehdr h32;
	int err;

	memcpy(f->ehdr.e_ident, head, len < EI_NIDENT ? len : EI_NIDENT);
	err = check_ident(f, len);
	if (err)
		return err;
	if (len < (elf_file_is_64(f) ? sizeof(f->ehdr) : sizeof(h32)))
		return elf_file_broken(f, "it is truncated");
	if (elf_file_is_64(f)) {
		memcpy(&f->ehdr, head, sizeof(f->ehdr));
		return to_memory(f, &f->ehdr, sizeof(f->ehdr), ELF_T_EHDR);
	}
	memcpy(&h32, head, sizeof(h32));
	err = to_memory(f, &h32, sizeof(h32), ELF_T_EHDR);
	widen_ehdr(&f->ehdr, &h32);
	return err;
}

/* -- The section table ---------------------------------------------------- */

/* The table, aligned, with what stands in front of it. */
static int load_table(struct elf_file *f)
{
	size_t entsize = elf_file_is_64(f) ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	size_t len = f->ehdr.e_shnum * entsize, before;
	int err;

	/* The other way to tell the number, for more than 65,279 sections, would let a small
	 * header claim any amount of memory. The kernel loads no such module either. */
	if (!f->ehdr.e_shnum)
		return diag_fail(f->diag, -ENODATA, "no .BTF section: the ELF header counts none");
	if (f->ehdr.e_shentsize != entsize)
		return elf_file_broken(f, "section headers of a wrong size");
	if (!elf_in_range(f->ehdr.e_shoff, len, f->size))
		return elf_file_broken(
			f, "it is truncated, or its section table is outside of the file");
	before = f->ehdr.e_shoff < NAMES_BEFORE ? f->ehdr.e_shoff / 8 * 8 : NAMES_BEFORE;
	f->tables = malloc(before + len);
	if (!f->tables)
		return diag_fail(f->diag, -ENOMEM, "out of memory");
	f->tables_at = f->ehdr.e_shoff - before;
	f->table = f->tables + before;
	err = read_at(f, f->tables, before + len, f->tables_at);
	return err ? err : to_memory(f, f->table, len, ELF_T_SHDR);
}

static void widen_shdr(GElf_Shdr *s, const Elf32_Shdr *s32)
{
	*s = (GElf_Shdr){
		.sh_name = s32->sh_name,
		.sh_type = s32->sh_type,
		.sh_flags = s32->sh_flags,
		.sh_addr = s32->sh_addr,
		.sh_offset = s32->sh_offset,
		.sh_size = s32->sh_size,
		.sh_link = s32->sh_link,
		.sh_info = s32->sh_info,
		.sh_addralign = s32->sh_addralign,
		.sh_entsize = s32->sh_entsize,
	};
}

static void get_shdr(const struct elf_file *f, size_t index, GElf_Shdr *shdr)
{
	Elf32_Shdr s32;

	if (elf_file_is_64(f)) {
		memcpy(shdr, f->table + index * sizeof(*shdr), sizeof(*shdr));
		return;
	}
	memcpy(&s32, f->table + index * sizeof(s32), sizeof(s32));
	widen_shdr(shdr, &s32);
}

/* The names, which stand in the section @shdr: they are here already, or are read. */
static int get_names(struct elf_file *f, const GElf_Shdr *shdr)
{
	uint64_t at = shdr->sh_offset - f->tables_at;

	f->names_len = shdr->sh_size;
	if (shdr->sh_offset >= f->tables_at &&
	    elf_in_range(at, shdr->sh_size, (uint64_t)(f->table - f->tables))) {
		f->names = (const char *)f->tables + at;
		return 0;
	}
	f->own_names = malloc(shdr->sh_size + 1);
	if (!f->own_names)
		return diag_fail(f->diag, -ENOMEM, "out of memory");
	f->names = f->own_names;
	return read_at(f, f->own_names, shdr->sh_size, shdr->sh_offset);
}

static int load_names(struct elf_file *f)
{
	GElf_Shdr shdr;
	int err;

	if (f->ehdr.e_shstrndx == SHN_UNDEF || f->ehdr.e_shstrndx >= f->ehdr.e_shnum)
		return elf_file_broken(f, "no section of section names");
	get_shdr(f, f->ehdr.e_shstrndx, &shdr);
	if (shdr.sh_type != SHT_STRTAB || shdr.sh_flags & SHF_COMPRESSED)
		return elf_file_broken(f, "the section of section names is not a string table");
	if (!elf_in_range(shdr.sh_offset, shdr.sh_size, f->size))
		return elf_file_broken(f, "the section names are outside of the file");
	if (shdr.sh_size > NAMES_MAX)
		return elf_file_broken(f, "too many bytes of section names");
	err = get_names(f, &shdr);
	if (err)
		return err;
	if (f->names_len && f->names[f->names_len - 1])
		return elf_file_broken(f, "the section names do not end in a NUL");
	return 0;
}

static int open_file(struct elf_file *f, const void *head, size_t len)
{
	int err;

	err = read_ehdr(f, head, len);
	if (!err)
		err = load_table(f);
	if (!err)
		err = load_names(f);
	if (err)
		elf_file_close(f);
	return err;
}

int elf_file_open(struct elf_file *f, const struct input *in, struct diag *diag)
{
	*f = (struct elf_file){.in = in, .size = in->size, .diag = diag};
	return open_file(f, in->head, in->head_len);
}

int elf_file_open_mem(struct elf_file *f, const void *image, size_t len, struct diag *diag)
{
	*f = (struct elf_file){.image = image, .size = len, .diag = diag};
	return open_file(f, image, len);
}

void elf_file_close(struct elf_file *f)
{
	free(f->tables);
	free(f->own_names);
}

int elf_file_section(const struct elf_file *f, size_t index, GElf_Shdr *shdr, const char **name)
{
	get_shdr(f, index, shdr);
	if (shdr->sh_name >= f->names_len)
		return elf_file_broken(f, "a section's name is outside of the section names");
	*name = f->names + shdr->sh_name;
	return 0;
}
