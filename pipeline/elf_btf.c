// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/elf_btf.h"

#include <errno.h>
#include <string.h>

#include "pipeline/elf_file.h"
#include "pipeline/input_file.h"

/* The first .BTF section; @btf has sh_size 0 when there is none. */
static int find_section(const struct elf_file *f, GElf_Shdr *btf, bool *has_base)
{
	bool found = false;
	const char *name;
	GElf_Shdr shdr;
	int err;

	*btf = (GElf_Shdr){0};
	*has_base = false;
	for (size_t i = 1; i < f->ehdr.e_shnum; i++) {
		err = elf_file_section(f, i, &shdr, &name);
		if (err)
			return err;
		if (!found && !strcmp(name, ".BTF")) {
			*btf = shdr;
			found = true;
		}
		*has_base |= !strcmp(name, ".BTF.base");
	}
	return 0;
}

static int check_section(const struct elf_file *f, const GElf_Shdr *btf, bool has_base)
{
	if (!btf->sh_size)
		return diag_fail(f->diag, -ENODATA, "no .BTF section");
	if (btf->sh_type == SHT_NOBITS)
		return elf_file_broken(f, "its .BTF section has no bytes in the file");
	if (has_base)
		return diag_fail(f->diag, -ENOTSUP,
				 "unsupported: it has a .BTF.base section: its .BTF is relative "
				 "to a distilled base, not to vmlinux");
	if (btf->sh_flags & SHF_COMPRESSED)
		return diag_fail(f->diag, -ENOTSUP, "unsupported: its .BTF section is compressed");
	if (!elf_in_range(btf->sh_offset, btf->sh_size, f->size))
		return elf_file_broken(
			f, "it is truncated, or its .BTF section is outside of the file");
	if (btf->sh_size > BTF_SECTION_MAX)
		return diag_fail(f->diag, -EFBIG, ".BTF section larger than the limit of %u bytes",
				 BTF_SECTION_MAX);
	return 0;
}

static int find_btf(const struct elf_file *f, struct elf_btf_info *info)
{
	GElf_Shdr btf;
	bool has_base;
	int err;

	err = find_section(f, &btf, &has_base);
	if (!err)
		err = check_section(f, &btf, has_base);
	if (err)
		return err;
	info->offset = btf.sh_offset;
	info->size = btf.sh_size;
	info->is_64 = elf_file_is_64(f);
	info->big_endian = elf_file_big_endian(f);
	return 0;
}

int elf_btf_read_fd(int fd, struct buffer *out, struct elf_btf_info *info, struct diag *diag)
{
	struct elf_file f;
	int err;

	out->len = 0;
	err = elf_file_open_fd(&f, fd, diag);
	if (err)
		return err;
	err = find_btf(&f, info);
	elf_file_close(&f);
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
	struct elf_file f;
	int err;

	err = elf_file_open_mem(&f, image, len, diag);
	if (err)
		return err;
	err = find_btf(&f, info);
	elf_file_close(&f);
	if (err)
		return err;
	*sec = (const unsigned char *)image + info->offset;
	*sec_len = info->size;
	return 0;
}
