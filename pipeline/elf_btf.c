// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/elf_btf.h"

#include <errno.h>
#include <string.h>

#include "pipeline/elf_file.h"

/* The first sections of the two names; sh_type SHT_NULL stands for one that is not there. */
static int find_sections(const struct elf_file *f, GElf_Shdr *btf, GElf_Shdr *base)
{
	const char *name;
	GElf_Shdr shdr;
	int err;

	*btf = *base = (GElf_Shdr){.sh_type = SHT_NULL};
	for (size_t i = 1; i < f->ehdr.e_shnum; i++) {
		err = elf_file_section(f, i, &shdr, &name);
		if (err)
			return err;
		if (btf->sh_type == SHT_NULL && !strcmp(name, ".BTF"))
			*btf = shdr;
		if (base->sh_type == SHT_NULL && !strcmp(name, ".BTF.base"))
			*base = shdr;
	}
	return 0;
}

static int check_section(const struct elf_file *f, const GElf_Shdr *shdr, const char *name)
{
	if (shdr->sh_type == SHT_NOBITS || shdr->sh_type == SHT_NULL)
		return diag_fail(f->diag, -EINVAL,
				 "broken ELF file: its %s section has no bytes in the file", name);
	if (shdr->sh_flags & SHF_COMPRESSED)
		return diag_fail(f->diag, -ENOTSUP, "unsupported: its %s section is compressed",
				 name);
	if (!elf_in_range(shdr->sh_offset, shdr->sh_size, f->size))
		return diag_fail(f->diag, -EINVAL,
				 "broken ELF file: it is truncated, or its %s section is outside "
				 "of the file",
				 name);
	if (shdr->sh_size > BTF_SECTION_MAX)
		return diag_fail(f->diag, -EFBIG, "%s section larger than the limit of %u bytes",
				 name, BTF_SECTION_MAX);
	return 0;
}

static int find_btf(const struct elf_file *f, struct elf_btf_info *info)
{
	GElf_Shdr btf, base;
	int err;

	err = find_sections(f, &btf, &base);
	if (err)
		return err;
	if (!btf.sh_size)
		return diag_fail(f->diag, -ENODATA, "no .BTF section");
	err = check_section(f, &btf, ".BTF");
	if (!err && base.sh_type != SHT_NULL)
		err = check_section(f, &base, ".BTF.base");
	if (err)
		return err;
	*info = (struct elf_btf_info){
		.offset = btf.sh_offset,
		.size = btf.sh_size,
		.base_offset = base.sh_offset,
		.base_size = base.sh_size,
		.has_base = base.sh_type != SHT_NULL,
		.is_64 = elf_file_is_64(f),
		.big_endian = elf_file_big_endian(f),
	};
	return 0;
}

static int refuse_base(const struct elf_btf_info *info, struct diag *diag)
{
	if (!info->has_base)
		return 0;
	return diag_fail(diag, -ENOTSUP,
			 "unsupported: it has a .BTF.base section: its .BTF is relative to a "
			 "distilled base, not to vmlinux");
}

static int find_in_file(const struct input *in, struct elf_btf_info *info, struct diag *diag)
{
	struct elf_file f;
	int err;

	err = elf_file_open(&f, in, diag);
	if (err)
		return err;
	err = find_btf(&f, info);
	elf_file_close(&f);
	return err;
}

static int find_mem(const void *image, size_t len, struct elf_btf_info *info, struct diag *diag)
{
	struct elf_file f;
	int err;

	err = elf_file_open_mem(&f, image, len, diag);
	if (err)
		return err;
	err = find_btf(&f, info);
	elf_file_close(&f);
	return err;
}

static int read_section(const struct input *in, struct buffer *out, uint64_t size, uint64_t offset,
			struct diag *diag)
{
	int err;

	if (buffer_reserve(out, size))
		return diag_fail(diag, -ENOMEM, "out of memory");
	err = input_read_at(in, out->data, size, offset, diag);
	if (!err)
		out->len = size;
	return err;
}

int elf_btf_read(const struct input *in, struct buffer *out, struct elf_btf_info *info,
		 struct diag *diag)
{
	int err;

	out->len = 0;
	err = find_in_file(in, info, diag);
	if (!err)
		err = refuse_base(info, diag);
	return err ? err : read_section(in, out, info->size, info->offset, diag);
}

int elf_btf_read_both(const struct input *in, struct buffer *out, struct buffer *base,
		      struct elf_btf_info *info, struct diag *diag)
{
	int err;

	out->len = base->len = 0;
	err = find_in_file(in, info, diag);
	if (!err)
		err = read_section(in, out, info->size, info->offset, diag);
	if (!err && info->has_base)
		err = read_section(in, base, info->base_size, info->base_offset, diag);
	return err;
}

int elf_btf_find_mem(const void *image, size_t len, const void **sec, size_t *sec_len,
		     struct elf_btf_info *info, struct diag *diag)
{
	int err = find_mem(image, len, info, diag);

	if (!err)
		err = refuse_base(info, diag);
	if (err)
		return err;
	*sec = (const unsigned char *)image + info->offset;
	*sec_len = info->size;
	return 0;
}

int elf_btf_find_mem_both(const void *image, size_t len, const void **sec, const void **base,
			  struct elf_btf_info *info, struct diag *diag)
{
	int err = find_mem(image, len, info, diag);

	if (err)
		return err;
	*sec = (const unsigned char *)image + info->offset;
	if (info->has_base)
		*base = (const unsigned char *)image + info->base_offset;
	return 0;
}
