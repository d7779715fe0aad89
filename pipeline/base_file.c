// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/base_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "pipeline/elf_btf.h"
#include "pipeline/elf_file.h"
#include "pipeline/input_file.h"
#include "pipeline/unpack.h"
#include "pipeline/vmlinuz.h"

_Static_assert(INPUT_HEAD >= VMLINUZ_HEAD, "the head tells a kernel image");

static bool is_kernel(const void *head, size_t len)
{
	return input_is_btf(head, len) || elf_is(head, len) || vmlinuz_is_flat(head, len);
}

static int check_kernel(const void *head, size_t len, struct diag *diag)
{
	if (is_kernel(head, len))
		return 0;
	return diag_fail(diag, -EINVAL, "unpacks to neither ELF nor BTF");
}

/* @packed to @kernel. */
static int unpack_kernel(const struct buffer *packed, struct unpacker *u, struct buffer *kernel,
			 struct diag *diag)
{
	const struct unpack_opts opts = {.limit = KERNEL_UNPACKED_MAX, .check = check_kernel};
	enum unpack_kind kind = unpack_detect(packed->data, packed->len);

	if (vmlinuz_is(packed->data, packed->len))
		return vmlinuz_unpack(packed->data, packed->len, u, kernel, diag);
	return unpack(u, kind, packed->data, packed->len, &opts, kernel, diag);
}

static int copy_btf(const struct buffer *kernel, struct buffer *btf, struct diag *diag)
{
	const void *sec = kernel->data;
	size_t len = kernel->len;
	int err = 0;

	if (!input_is_btf(kernel->data, kernel->len))
		err = vmlinuz_find_btf(kernel->data, kernel->len, &sec, &len, diag);
	if (err)
		return err;
	if (len > BTF_SECTION_MAX)
		return diag_fail(diag, -EFBIG, "unpacks to BTF larger than the limit of %u bytes",
				 BTF_SECTION_MAX);
	if (buffer_reserve(btf, len))
		return diag_fail(diag, -ENOMEM, "out of memory");
	memcpy(btf->data, sec, len);
	btf->len = len;
	return 0;
}

static int unpack_and_copy(const struct buffer *packed, struct buffer *btf, struct diag *diag)
{
	struct unpacker *u = unpacker_new();
	struct buffer kernel = {0};
	int err;

	if (!u)
		return diag_fail(diag, -ENOMEM, "out of memory");
	err = unpack_kernel(packed, u, &kernel, diag);
	if (!err)
		err = copy_btf(&kernel, btf, diag);
	buffer_free(&kernel);
	unpacker_free(u);
	return err;
}

static int read_image(const struct input *in, struct buffer *btf, struct diag *diag)
{
	struct buffer file = {0};
	int err;

	err = input_read_all(in, KERNEL_UNPACKED_MAX, &file, diag);
	if (err)
		return err;
	if (vmlinuz_is_flat(file.data, file.len) && !vmlinuz_is(file.data, file.len))
		err = copy_btf(&file, btf, diag);
	else
		err = unpack_and_copy(&file, btf, diag);
	buffer_free(&file);
	return err;
}

static int read_by_content(const struct input *in, struct buffer *btf, struct diag *diag)
{
	const unsigned char *head = in->head;
	size_t n = in->head_len;
	struct elf_btf_info info;

	if (!n)
		return diag_fail(diag, -EINVAL, "empty file");
	if (input_is_btf(head, n))
		return input_read_all(in, BTF_SECTION_MAX, btf, diag);
	if (elf_is(head, n))
		return elf_btf_read(in, btf, &info, diag);
	if (vmlinuz_is(head, n) || vmlinuz_is_flat(head, n) ||
	    unpack_detect(head, n) != UNPACK_NONE)
		return read_image(in, btf, diag);
	return diag_fail(diag, -EINVAL,
			 "neither BTF nor ELF nor a kernel image, nor one of these in a known "
			 "compression");
}

int base_file_read(const char *path, struct buffer *btf, struct diag *diag)
{
	struct input in;
	int err;

	btf->len = 0;
	err = input_open(&in, AT_FDCWD, path, diag);
	if (err)
		return err;
	err = read_by_content(&in, btf, diag);
	input_close(&in);
	return err;
}
