// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/elf_btf.h"

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "pipeline/input_file.h"

/* Section names; vmlinux and the largest modules have some KiB of them. */
#define NAMES_MAX (16u << 20)

/* An ELF file while it is looked through. */
struct elf_file {
	Elf *elf;
	uint64_t size; /* of the file */
	GElf_Ehdr ehdr;
	const char *names;
	size_t names_len;
	struct diag *diag;
};

bool elf_is(const void *head, size_t len)
{
	return len >= SELFMAG && !memcmp(head, ELFMAG, SELFMAG);
}

static void init_libelf(void)
{
	elf_version(EV_CURRENT);
}

static bool in_range(uint64_t offset, uint64_t len, uint64_t total)
{
	return offset <= total && len <= total - offset;
}

static int broken(struct elf_file *f, const char *why)
{
	return diag_fail(f->diag, -EINVAL, "broken ELF file: %s", why);
}

static int check_ident(const unsigned char *ident, size_t len, struct diag *diag)
{
	if (!elf_is(ident, len))
		return diag_fail(diag, -EINVAL, "not an ELF file");
	if (len < EI_NIDENT)
		return diag_fail(diag, -EINVAL, "broken ELF file: it is truncated");
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return diag_fail(diag, -EINVAL, "broken ELF file: unknown class");
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
		return diag_fail(diag, -EINVAL, "broken ELF file: unknown byte order");
	return 0;
}

/*
 * Looks at what libelf itself would act upon when it opens the file. The
 * number of sections must stand in the header: the other way to tell it,
 * for more than 65,279 sections, would let a small header claim any amount of
 * memory. The kernel loads no such module either.
 */
static int check_head(const unsigned char *head, size_t len, struct diag *diag)
{
	size_t size, shnum;
	bool is_64;
	int err;

	err = check_ident(head, len, diag);
	if (err)
		return err;
	is_64 = head[EI_CLASS] == ELFCLASS64;
	size = is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	shnum = is_64 ? offsetof(Elf64_Ehdr, e_shnum) : offsetof(Elf32_Ehdr, e_shnum);
	if (len < size)
		return diag_fail(diag, -EINVAL, "broken ELF file: it is truncated");
	/* 0 is the same in either byte order. */
	if (!head[shnum] && !head[shnum + 1])
		return diag_fail(diag, -ENODATA, "no .BTF section: the ELF header counts none");
	return 0;
}

static int check_section_table(struct elf_file *f)
{
	size_t entsize;

	/* gelf_fsize() reads out of bounds for what is not ELF. */
	if (elf_kind(f->elf) != ELF_K_ELF)
		return broken(f, "unknown version");
	if (!gelf_getehdr(f->elf, &f->ehdr))
		return broken(f, elf_errmsg(-1));
	entsize = gelf_fsize(f->elf, ELF_T_SHDR, 1, EV_CURRENT);
	if (f->ehdr.e_shentsize != entsize)
		return broken(f, "section headers of a wrong size");
	if (!in_range(f->ehdr.e_shoff, f->ehdr.e_shnum * entsize, f->size))
		return broken(f, "it is truncated, or its section table is outside of the file");
	return 0;
}

/* Every string of the table is later looked at within names_len only. */
static int load_names(struct elf_file *f)
{
	Elf_Data *data;
	Elf_Scn *scn;
	GElf_Shdr shdr;

	if (f->ehdr.e_shstrndx == SHN_UNDEF || f->ehdr.e_shstrndx >= f->ehdr.e_shnum)
		return broken(f, "no section of section names");
	scn = elf_getscn(f->elf, f->ehdr.e_shstrndx);
	if (!scn || !gelf_getshdr(scn, &shdr))
		return broken(f, elf_errmsg(-1));
	if (shdr.sh_type != SHT_STRTAB || shdr.sh_flags & SHF_COMPRESSED)
		return broken(f, "the section of section names is not a string table");
	if (!in_range(shdr.sh_offset, shdr.sh_size, f->size))
		return broken(f, "the section names are outside of the file");
	if (shdr.sh_size > NAMES_MAX)
		return broken(f, "too many bytes of section names");
	data = elf_rawdata(scn, NULL);
	if (!data)
		return broken(f, elf_errmsg(-1));
	f->names = data->d_buf;
	f->names_len = data->d_buf ? data->d_size : 0;
	return 0;
}

static bool name_is(const struct elf_file *f, uint32_t offset, const char *name)
{
	size_t len = strlen(name) + 1;

	return in_range(offset, len, f->names_len) && !memcmp(f->names + offset, name, len);
}

/* The first .BTF section; @shdr has sh_size 0 when there is none. */
static int find_section(struct elf_file *f, GElf_Shdr *btf, bool *has_base)
{
	Elf_Scn *scn = NULL;
	bool found = false;
	GElf_Shdr shdr;

	*btf = (GElf_Shdr){0};
	*has_base = false;
	while ((scn = elf_nextscn(f->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr))
			return broken(f, elf_errmsg(-1));
		if (shdr.sh_name >= f->names_len)
			return broken(f, "a section's name is outside of the section names");
		if (!found && name_is(f, shdr.sh_name, ".BTF")) {
			*btf = shdr;
			found = true;
		}
		*has_base |= name_is(f, shdr.sh_name, ".BTF.base");
	}
	return 0;
}

static int check_section(struct elf_file *f, const GElf_Shdr *btf, bool has_base)
{
	if (!btf->sh_size)
		return diag_fail(f->diag, -ENODATA, "no .BTF section");
	if (btf->sh_type == SHT_NOBITS)
		return broken(f, "its .BTF section has no bytes in the file");
	if (has_base)
		return diag_fail(f->diag, -ENOTSUP,
				 "unsupported: it has a .BTF.base section: its .BTF is relative "
				 "to a distilled base, not to vmlinux");
	if (btf->sh_flags & SHF_COMPRESSED)
		return diag_fail(f->diag, -ENOTSUP, "unsupported: its .BTF section is compressed");
	if (!in_range(btf->sh_offset, btf->sh_size, f->size))
		return broken(f, "it is truncated, or its .BTF section is outside of the file");
	if (btf->sh_size > BTF_SECTION_MAX)
		return diag_fail(f->diag, -EFBIG, ".BTF section larger than the limit of %u bytes",
				 BTF_SECTION_MAX);
	return 0;
}

static int find_btf(struct elf_file *f, struct elf_btf_info *info)
{
	GElf_Shdr btf;
	bool has_base;
	int err;

	err = check_section_table(f);
	if (!err)
		err = load_names(f);
	if (!err)
		err = find_section(f, &btf, &has_base);
	if (!err)
		err = check_section(f, &btf, has_base);
	if (err)
		return err;
	info->offset = btf.sh_offset;
	info->size = btf.sh_size;
	info->is_64 = f->ehdr.e_ident[EI_CLASS] == ELFCLASS64;
	info->big_endian = f->ehdr.e_ident[EI_DATA] == ELFDATA2MSB;
	return 0;
}

/* Closes @elf. NULL is what libelf gave instead of one. */
static int find_btf_and_close(Elf *elf, uint64_t size, struct elf_btf_info *info, struct diag *diag)
{
	struct elf_file f = {.elf = elf, .size = size, .diag = diag};
	int err;

	if (!elf)
		return broken(&f, elf_errmsg(-1));
	err = find_btf(&f, info);
	elf_end(elf);
	return err;
}

static pthread_once_t libelf_once = PTHREAD_ONCE_INIT;

int elf_btf_read_fd(int fd, struct buffer *out, struct elf_btf_info *info, struct diag *diag)
{
	unsigned char head[sizeof(Elf64_Ehdr)];
	struct stat st;
	long n;
	int err;

	out->len = 0;
	pthread_once(&libelf_once, init_libelf);
	n = input_read_head(fd, head, sizeof(head), diag);
	if (n < 0)
		return (int)n;
	err = check_head(head, (size_t)n, diag);
	if (err)
		return err;
	if (fstat(fd, &st))
		return diag_fail(diag, -errno, "cannot stat: %m");
	err = find_btf_and_close(elf_begin(fd, ELF_C_READ, NULL), (uint64_t)st.st_size, info, diag);
	if (err)
		return err;
	if (buffer_reserve(out, info->size))
		return diag_fail(diag, -ENOMEM, "out of memory");
	err = input_read_at(fd, out->data, info->size, info->offset, diag);
	if (err)
		return err;
	out->len = info->size;
	return 0;
}

int elf_btf_find_mem(const void *image, size_t len, const void **sec, size_t *sec_len,
		     struct elf_btf_info *info, struct diag *diag)
{
	int err;

	pthread_once(&libelf_once, init_libelf);
	err = check_head(image, len, diag);
	if (err)
		return err;
	/* elf_memory() knows no const, but reads only. */
	err = find_btf_and_close(elf_memory((char *)image, len), len, info, diag);
	if (err)
		return err;
	*sec = (const unsigned char *)image + info->offset;
	*sec_len = info->size;
	return 0;
}
