// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/module_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "merge/clock.h"
#include "pipeline/buffer.h"
#include "pipeline/elf_btf.h"
#include "pipeline/elf_file.h"
#include "pipeline/input_file.h"
#include "pipeline/unpack.h"

struct module_reader {
	struct buffer file; /* the whole of a packed file */
	struct buffer blob; /* the BTF, or the unpacked file that it is in */
	struct buffer base; /* .BTF.base, where that is wanted and there */
	bool want_base;     /* of the file that it is at, as what follows */
	bool has_base;
	bool is_elf;
	struct unpacker *unpacker;
	uint64_t unpack_ns; /* of the file that it is at */
};

struct module_reader *module_reader_new(void)
{
	struct module_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->unpacker = unpacker_new();
	if (!r->unpacker) {
		free(r);
		return NULL;
	}
	return r;
}

void module_reader_free(struct module_reader *r)
{
	if (!r)
		return;
	buffer_free(&r->file);
	buffer_free(&r->blob);
	buffer_free(&r->base);
	unpacker_free(r->unpacker);
	free(r);
}

static int check_module(const void *head, size_t len, struct diag *diag)
{
	if (elf_is(head, len) || input_is_btf(head, len))
		return 0;
	return diag_fail(diag, -EINVAL, "unpacks to neither ELF nor BTF");
}

static int find_sections(struct module_reader *r, const void **sec, struct elf_btf_info *info,
			 struct diag *diag)
{
	const void *base = NULL;
	size_t len;
	int err;

	if (!r->want_base)
		return elf_btf_find_mem(r->blob.data, r->blob.len, sec, &len, info, diag);
	err = elf_btf_find_mem_both(r->blob.data, r->blob.len, sec, &base, info, diag);
	if (err || !base)
		return err;
	if (buffer_reserve(&r->base, info->base_size))
		return diag_fail(diag, -ENOMEM, "out of memory");
	r->base.len = info->base_size;
	if (info->base_size)
		memcpy(r->base.data, base, info->base_size);
	return 0;
}

/* Moves the section to the buffer's beginning, where it is aligned: inside
 * of an ELF file .BTF stands at any offset. */
static int keep_section(struct module_reader *r, struct diag *diag)
{
	struct elf_btf_info info;
	const void *sec;
	int err;

	err = find_sections(r, &sec, &info, diag);
	if (err)
		return err;
	memmove(r->blob.data, sec, info.size);
	r->blob.len = info.size;
	r->has_base = info.has_base;
	return 0;
}

static int read_elf(const struct input *in, struct module_reader *r, struct diag *diag)
{
	struct elf_btf_info info;
	int err;

	r->is_elf = true;
	if (!r->want_base)
		return elf_btf_read(in, &r->blob, &info, diag);
	err = elf_btf_read_both(in, &r->blob, &r->base, &info, diag);
	r->has_base = !err && info.has_base;
	return err;
}

/* Into @r's blob, whatever it is. */
static int unpack_file(const struct input *in, struct module_reader *r, enum unpack_kind kind,
		       struct diag *diag)
{
	const struct unpack_opts opts = {.limit = MODULE_UNPACKED_MAX, .check = check_module};
	uint64_t start;
	int err;

	err = input_read_all(in, MODULE_UNPACKED_MAX, &r->file, diag);
	if (err)
		return err;
	start = clock_ns();
	err = unpack(r->unpacker, kind, r->file.data, r->file.len, &opts, &r->blob, diag);
	r->unpack_ns += clock_ns() - start;
	return err;
}

static int read_packed(const struct input *in, struct module_reader *r, enum unpack_kind kind,
		       struct diag *diag)
{
	int err = unpack_file(in, r, kind, diag);

	if (err)
		return err;
	r->is_elf = elf_is(r->blob.data, r->blob.len);
	if (r->is_elf)
		return keep_section(r, diag);
	if (r->blob.len > BTF_SECTION_MAX)
		return diag_fail(diag, -EFBIG, "unpacks to BTF larger than the limit of %u bytes",
				 BTF_SECTION_MAX);
	return 0;
}

static int read_by_content(const struct input *in, struct module_reader *r, struct diag *diag)
{
	enum unpack_kind kind;

	if (!in->head_len)
		return diag_fail(diag, -EINVAL, "empty file");
	if (elf_is(in->head, in->head_len))
		return read_elf(in, r, diag);
	if (input_is_btf(in->head, in->head_len))
		return input_read_all(in, BTF_SECTION_MAX, &r->blob, diag);
	kind = unpack_detect(in->head, in->head_len);
	if (kind != UNPACK_NONE)
		return read_packed(in, r, kind, diag);
	return diag_fail(diag, -EINVAL, "neither ELF nor BTF, nor in a known compression");
}

static int read_file(int dirfd, const char *path, struct module_reader *r, bool want_base,
		     struct diag *diag)
{
	struct input in;
	int err;

	err = input_open(&in, dirfd, path, diag);
	if (err)
		return err;
	r->unpack_ns = 0;
	r->want_base = want_base;
	r->has_base = r->is_elf = false;
	r->base.len = 0;
	err = read_by_content(&in, r, diag);
	input_close(&in);
	return err;
}

int module_file_read(int dirfd, const char *path, struct module_reader *r, const void **blob,
		     size_t *len, struct diag *diag)
{
	int err = read_file(dirfd, path, r, false, diag);

	if (err)
		return err;
	*blob = r->blob.data;
	*len = r->blob.len;
	return 0;
}

int module_file_read_both(int dirfd, const char *path, struct module_reader *r,
			  struct module_btf *btf, struct diag *diag)
{
	int err = read_file(dirfd, path, r, true, diag);

	if (err)
		return err;
	*btf = (struct module_btf){
		.blob = r->blob.data,
		.len = r->blob.len,
		/* An empty section is one too, though the buffer may have no memory. */
		.base = !r->has_base   ? NULL
			: r->base.data ? (void *)r->base.data
				       : "",
		.base_len = r->base.len,
		.is_elf = r->is_elf,
	};
	return 0;
}

static int load_by_content(const struct input *in, struct module_reader *r,
			   enum unpack_kind *packed, struct diag *diag)
{
	int err;

	*packed = elf_is(in->head, in->head_len) ? UNPACK_NONE
						 : unpack_detect(in->head, in->head_len);
	if (*packed == UNPACK_NONE)
		err = input_read_all(in, MODULE_UNPACKED_MAX, &r->blob, diag);
	else
		err = unpack_file(in, r, *packed, diag);
	if (!err && !elf_is(r->blob.data, r->blob.len))
		return diag_fail(diag, -EINVAL, "not a module");
	return err;
}

int module_file_load(int dirfd, const char *path, struct module_reader *r, const void **image,
		     size_t *len, enum unpack_kind *packed, struct diag *diag)
{
	struct input in;
	int err;

	err = input_open(&in, dirfd, path, diag);
	if (err)
		return err;
	r->unpack_ns = 0;
	err = load_by_content(&in, r, packed, diag);
	input_close(&in);
	if (err)
		return err;
	*image = r->blob.data;
	*len = r->blob.len;
	return 0;
}

uint64_t module_reader_unpacked(const struct module_reader *r)
{
	return r->unpack_ns;
}
