// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/elf_file.h"

#include <errno.h>
#include <libelf.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "pipeline/input_file.h"

/* Section names; vmlinux and the largest modules have some KiB of them. */
#define NAMES_MAX (16u << 20)

static pthread_once_t libelf_once = PTHREAD_ONCE_INIT;

bool elf_is(const void *head, size_t len)
{
	return len >= SELFMAG && !memcmp(head, ELFMAG, SELFMAG);
}

static void init_libelf(void)
{
	elf_version(EV_CURRENT);
}

int elf_file_broken(const struct elf_file *f, const char *why)
{
	return diag_fail(f->diag, -EINVAL, "broken ELF file: %s", why);
}

/* What libelf gave up over is in the file, unless errno, cleared before, says that it could not
 * be read. libelf's own words for that are misleading. */
static int libelf_failed(const struct elf_file *f)
{
	int err = -errno;

	if (err && err != -EINVAL)
		return diag_fail(f->diag, err, "cannot read: %m");
	return elf_file_broken(f, elf_errmsg(-1));
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
		return elf_file_broken(f, "unknown version");
	if (!gelf_getehdr(f->elf, &f->ehdr))
		return libelf_failed(f);
	entsize = gelf_fsize(f->elf, ELF_T_SHDR, 1, EV_CURRENT);
	if (f->ehdr.e_shentsize != entsize)
		return elf_file_broken(f, "section headers of a wrong size");
	if (!elf_in_range(f->ehdr.e_shoff, f->ehdr.e_shnum * entsize, f->size))
		return elf_file_broken(
			f, "it is truncated, or its section table is outside of the file");
	return 0;
}

static int load_names(struct elf_file *f)
{
	Elf_Data *data;
	Elf_Scn *scn;
	GElf_Shdr shdr;

	if (f->ehdr.e_shstrndx == SHN_UNDEF || f->ehdr.e_shstrndx >= f->ehdr.e_shnum)
		return elf_file_broken(f, "no section of section names");
	scn = elf_getscn(f->elf, f->ehdr.e_shstrndx);
	if (!scn || !gelf_getshdr(scn, &shdr))
		return libelf_failed(f);
	if (shdr.sh_type != SHT_STRTAB || shdr.sh_flags & SHF_COMPRESSED)
		return elf_file_broken(f, "the section of section names is not a string table");
	if (!elf_in_range(shdr.sh_offset, shdr.sh_size, f->size))
		return elf_file_broken(f, "the section names are outside of the file");
	if (shdr.sh_size > NAMES_MAX)
		return elf_file_broken(f, "too many bytes of section names");
	data = elf_rawdata(scn, NULL);
	if (!data)
		return libelf_failed(f);
	f->names = data->d_buf;
	f->names_len = data->d_buf ? data->d_size : 0;
	if (f->names_len && f->names[f->names_len - 1])
		return elf_file_broken(f, "the section names do not end in a NUL");
	return 0;
}

/* Takes @elf; NULL is what libelf gave instead of one. */
static int open_elf(struct elf_file *f, Elf *elf, uint64_t size, struct diag *diag)
{
	int err;

	*f = (struct elf_file){.elf = elf, .size = size, .diag = diag};
	if (!elf)
		return libelf_failed(f);
	err = check_section_table(f);
	if (!err)
		err = load_names(f);
	if (err)
		elf_end(elf);
	return err;
}

int elf_file_open_fd(struct elf_file *f, int fd, struct diag *diag)
{
	unsigned char head[sizeof(Elf64_Ehdr)];
	struct stat st;
	long n;
	int err;

	pthread_once(&libelf_once, init_libelf);
	n = input_read_head(fd, head, sizeof(head), diag);
	if (n < 0)
		return (int)n;
	err = check_head(head, (size_t)n, diag);
	if (err)
		return err;
	if (fstat(fd, &st))
		return diag_fail(diag, -errno, "cannot stat: %m");
	errno = 0;
	return open_elf(f, elf_begin(fd, ELF_C_READ, NULL), (uint64_t)st.st_size, diag);
}

int elf_file_open_mem(struct elf_file *f, const void *image, size_t len, struct diag *diag)
{
	int err;

	pthread_once(&libelf_once, init_libelf);
	err = check_head(image, len, diag);
	errno = 0;
	/* elf_memory() knows no const, but reads only. */
	return err ? err : open_elf(f, elf_memory((char *)image, len), len, diag);
}

void elf_file_close(struct elf_file *f)
{
	elf_end(f->elf);
}

int elf_file_section(const struct elf_file *f, size_t index, GElf_Shdr *shdr, const char **name)
{
	Elf_Scn *scn;

	errno = 0;
	scn = elf_getscn(f->elf, index);
	if (!scn || !gelf_getshdr(scn, shdr))
		return libelf_failed(f);
	if (shdr->sh_name >= f->names_len)
		return elf_file_broken(f, "a section's name is outside of the section names");
	*name = f->names + shdr->sh_name;
	return 0;
}
