// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/vmlinuz.h"

#include <endian.h>
#include <errno.h>
#include <linux/btf.h>
#include <stdint.h>
#include <string.h>

#include "pipeline/elf_btf.h"
#include "pipeline/elf_file.h"

/* The x86 boot protocol's setup header. */
#define BZ_SETUP_SECTS 0x1f1
#define BZ_MAGIC 0x202
#define BZ_VERSION 0x206
#define BZ_PAYLOAD_OFFSET 0x248
#define BZ_PAYLOAD_LENGTH 0x24c
#define BZ_HEADER_END 0x250
#define BZ_SECTOR 512
#define BZ_VERSION_MIN 0x0208 /* the first with a payload's offset and length */

/* EFI zboot's header, in the room of a DOS stub. */
#define ZBOOT_MAGIC 4
#define ZBOOT_PAYLOAD_OFFSET 8
#define ZBOOT_PAYLOAD_SIZE 12
#define ZBOOT_HEADER_END 64

/* A flat image's magic number: arm64 and riscv have one of their own there,
 * loongarch the one that all EFI kernels may have. */
#define FLAT_MAGIC 0x38

struct payload {
	const unsigned char *data;
	size_t len;
	bool size_appended; /* kbuild put the unpacked size, 4 bytes, at its end */
};

static uint32_t le32_at(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static bool has(const void *image, size_t len, size_t offset, const char *magic)
{
	size_t n = strlen(magic);

	return len >= offset + n && !memcmp((const char *)image + offset, magic, n);
}

static bool is_bzimage(const void *image, size_t len)
{
	return has(image, len, BZ_MAGIC, "HdrS");
}

static bool is_zboot(const void *image, size_t len)
{
	return has(image, len, 0, "MZ") && has(image, len, ZBOOT_MAGIC, "zimg");
}

bool vmlinuz_is(const void *head, size_t len)
{
	return is_zboot(head, len) || is_bzimage(head, len);
}

bool vmlinuz_is_flat(const void *head, size_t len)
{
	return has(head, len, FLAT_MAGIC, "ARM\x64") || has(head, len, FLAT_MAGIC, "RSC\x05") ||
	       (has(head, len, 0, "MZ") && has(head, len, FLAT_MAGIC, "\xcd\x23\x82\x81"));
}

static int truncated(struct diag *diag)
{
	return diag_fail(diag, -EINVAL, "kernel image is truncated");
}

static int set_payload(struct payload *p, const unsigned char *image, size_t image_len,
		       uint64_t offset, uint64_t len, struct diag *diag)
{
	if (!len)
		return diag_fail(diag, -EINVAL, "kernel image has no payload");
	if (offset > image_len || len > image_len - offset)
		return truncated(diag);
	p->data = image + offset;
	p->len = (size_t)len;
	return 0;
}

static int bzimage_payload(const unsigned char *image, size_t len, struct payload *p,
			   struct diag *diag)
{
	unsigned int version, setup_sects;
	uint64_t offset;

	if (len < BZ_HEADER_END)
		return truncated(diag);
	version = image[BZ_VERSION] | (unsigned int)image[BZ_VERSION + 1] << 8;
	if (version < BZ_VERSION_MIN)
		return diag_fail(diag, -ENOTSUP,
				 "unsupported: kernel image of boot protocol %u.%02u, before 2.08",
				 version >> 8, version & 0xff);
	/* 0 stands for the 4 of the first boot protocol. */
	setup_sects = image[BZ_SETUP_SECTS] ? image[BZ_SETUP_SECTS] : 4;
	offset = (uint64_t)(setup_sects + 1) * BZ_SECTOR + le32_at(image + BZ_PAYLOAD_OFFSET);
	p->size_appended = true;
	return set_payload(p, image, len, offset, le32_at(image + BZ_PAYLOAD_LENGTH), diag);
}

static int zboot_payload(const unsigned char *image, size_t len, struct payload *p,
			 struct diag *diag)
{
	if (len < ZBOOT_HEADER_END)
		return truncated(diag);
	p->size_appended = false;
	return set_payload(p, image, len, le32_at(image + ZBOOT_PAYLOAD_OFFSET),
			   le32_at(image + ZBOOT_PAYLOAD_SIZE), diag);
}

static int check_elf(const void *head, size_t len, struct diag *diag)
{
	if (elf_is(head, len))
		return 0;
	return diag_fail(diag, -EINVAL, "kernel image does not unpack to an ELF file");
}

static int unpack_payload(const struct payload *p, struct unpacker *u, bool elf,
			  struct buffer *vmlinux, struct diag *diag)
{
	/* Build systems are known to pad the payload. */
	const struct unpack_opts opts = {
		.limit = KERNEL_UNPACKED_MAX, .trailing = true, .check = elf ? check_elf : NULL};
	enum unpack_kind kind = unpack_detect(p->data, p->len);
	/* gzip has the size at its end by itself. */
	bool size_appended = p->size_appended && kind != UNPACK_GZIP && p->len >= 4;
	size_t len = p->len - (size_appended ? 4 : 0);
	int err;

	if (kind == UNPACK_NONE)
		return diag_fail(diag, -EINVAL,
				 "kernel image's payload is in no known compression");
	err = unpack(u, kind, p->data, len, &opts, vmlinux, diag);
	if (err)
		return err;
	/* The legacy format of lz4 has neither an end mark nor a checksum. */
	if (kind == UNPACK_LZ4_LEGACY && size_appended && le32_at(p->data + len) != vmlinux->len)
		return diag_fail(diag, -EINVAL, "kernel image unpacks to %zu bytes instead of %u",
				 vmlinux->len, le32_at(p->data + len));
	return 0;
}

int vmlinuz_unpack(const void *image, size_t len, struct unpacker *u, struct buffer *vmlinux,
		   struct diag *diag)
{
	bool zboot = is_zboot(image, len);
	struct payload p = {0};
	int err;

	vmlinux->len = 0;
	if (!zboot && !is_bzimage(image, len))
		return diag_fail(diag, -EINVAL, "not a kernel image");
	err = zboot ? zboot_payload(image, len, &p, diag) : bzimage_payload(image, len, &p, diag);
	if (err)
		return err;
	return unpack_payload(&p, u, !zboot, vmlinux, diag);
}

/* ---- BTF in a flat image ---- */

static uint32_t field(uint32_t v, bool swap)
{
	return swap ? __builtin_bswap32(v) : v;
}

/*
 * The length of the BTF that begins at @p, or 0 when what is there only looks
 * like one. As strict as can be: in megabytes of code and data, something else
 * will begin with the magic number too.
 */
static size_t flat_btf_len(const unsigned char *p, size_t left, bool swap)
{
	struct btf_header h;
	uint64_t strings, end;

	if (left < sizeof(h))
		return 0;
	memcpy(&h, p, sizeof(h));
	h.hdr_len = field(h.hdr_len, swap);
	h.type_len = field(h.type_len, swap);
	h.str_off = field(h.str_off, swap);
	h.str_len = field(h.str_len, swap);
	if (h.version != BTF_VERSION || h.flags || h.hdr_len < sizeof(h) || h.hdr_len > 256 ||
	    h.type_off || !h.type_len || h.type_len % 4 || h.str_off < h.type_len || h.str_len < 2)
		return 0;
	strings = (uint64_t)h.hdr_len + h.str_off;
	end = strings + h.str_len;
	if (end > left || end > BTF_SECTION_MAX || p[strings] || p[end - 1])
		return 0;
	return (size_t)end;
}

struct span {
	const unsigned char *data;
	size_t len;
};

/* Puts the largest BTF of one byte order into @best if it has none larger. */
static void flat_find_order(const unsigned char *image, size_t len, bool swap, struct span *best)
{
	const uint16_t magic = swap ? __builtin_bswap16(BTF_MAGIC) : BTF_MAGIC;
	const unsigned char *end = image + len;
	unsigned char needle[4] = {0, 0, BTF_VERSION, 0};
	const unsigned char *p = image;

	memcpy(needle, &magic, sizeof(magic));
	while ((p = memmem(p, (size_t)(end - p), needle, sizeof(needle)))) {
		size_t n = flat_btf_len(p, (size_t)(end - p), swap);

		if (n > best->len)
			*best = (struct span){p, n};
		p += n ? n : 1;
	}
}

/* The largest, because the kernel carries BTF of its built-in BPF programs too. */
static int flat_find_btf(const unsigned char *image, size_t len, const void **btf, size_t *btf_len,
			 struct diag *diag)
{
	struct span best = {NULL, 0};

	flat_find_order(image, len, false, &best);
	flat_find_order(image, len, true, &best);
	if (!best.len)
		return diag_fail(diag, -ENODATA, "no BTF in the kernel image");
	*btf = best.data;
	*btf_len = best.len;
	return 0;
}

int vmlinuz_find_btf(const void *kernel, size_t len, const void **btf, size_t *btf_len,
		     struct diag *diag)
{
	struct elf_btf_info info;

	if (elf_is(kernel, len))
		return elf_btf_find_mem(kernel, len, btf, btf_len, &info, diag);
	return flat_find_btf(kernel, len, btf, btf_len, diag);
}
