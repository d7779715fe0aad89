// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/vmlinuz.h"

#include <endian.h>
#include <errno.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/fixtures.h"

#define KERNEL_LEN 30000u
#define PAYLOAD_AT 0x40 /* payload_offset of the bzImages made here */

struct state {
	struct unpacker *u;
	struct buffer image, out;
	struct diag diag;
	unsigned char kernel[KERNEL_LEN];
};

static int setup(void **state)
{
	struct state *s = calloc(1, sizeof(*s));

	s->u = unpacker_new();
	fill(s->kernel, sizeof(s->kernel));
	memcpy(s->kernel,
	       "\x7f"
	       "ELF",
	       4);
	*state = s;
	return s->u ? 0 : -1;
}

static int teardown(void **state)
{
	struct state *s = *state;

	unpacker_free(s->u);
	buffer_free(&s->image);
	buffer_free(&s->out);
	free(s);
	return 0;
}

static void put_le32(struct buffer *image, size_t offset, uint32_t v)
{
	v = htole32(v);
	memcpy(image->data + offset, &v, 4);
}

static void zeros(struct buffer *image, size_t len)
{
	image->len = 0;
	assert_int_equal(buffer_reserve(image, len), 0);
	memset(image->data, 0, len);
	image->len = len;
}

/* What kbuild makes: all kinds but gzip get the unpacked size appended. */
static void pack_kernel(struct state *s, struct buffer *payload, enum unpack_kind kind)
{
	uint32_t size = htole32(KERNEL_LEN);

	pack(payload, kind, s->kernel, KERNEL_LEN);
	if (kind != UNPACK_GZIP)
		append(payload, &size, 4);
}

static void make_bzimage(struct state *s, unsigned char setup_sects, const struct buffer *payload)
{
	zeros(&s->image, ((setup_sects ? setup_sects : 4) + 1) * 512 + PAYLOAD_AT);
	s->image.data[0x1f1] = setup_sects;
	memcpy(s->image.data + 0x202, "HdrS\x0f\x02", 6);
	put_le32(&s->image, 0x248, PAYLOAD_AT);
	put_le32(&s->image, 0x24c, (uint32_t)payload->len);
	append(&s->image, payload->data, payload->len);
}

static void make_zboot(struct state *s, const void *payload, size_t len)
{
	zeros(&s->image, 0x1000);
	memcpy(s->image.data, "MZ\0\0zimg", 8);
	put_le32(&s->image, 8, 0x1000);
	put_le32(&s->image, 12, (uint32_t)len);
	strcpy((char *)s->image.data + 24, "zstd22");
	memcpy(s->image.data + 0x38, "\xcd\x23\x82\x81", 4);
	append(&s->image, payload, len);
	append(&s->image, "behind the payload", 18);
}

/* From memory of exactly its size, for the sanitizers to see its end. */
static int run(struct state *s)
{
	void *copy = malloc(s->image.len ? s->image.len : 1);
	int err;

	memcpy(copy, s->image.data, s->image.len);
	err = vmlinuz_unpack(copy, s->image.len, s->u, &s->out, &s->diag);
	free(copy);
	return err;
}

static void assert_kernel(struct state *s)
{
	assert_true(vmlinuz_is(s->image.data, s->image.len));
	assert_int_equal(run(s), 0);
	assert_int_equal(s->out.len, KERNEL_LEN);
	assert_memory_equal(s->out.data, s->kernel, KERNEL_LEN);
}

static void assert_fails(struct state *s, int err, const char *part)
{
	assert_int_equal(run(s), err);
	if (!strstr(s->diag.text, part))
		fail_msg("'%s' does not say '%s'", s->diag.text, part);
}

static void bzimage_of_each_compression_is_unpacked(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack_kernel(s, &payload, pack_kinds[i]);
		make_bzimage(s, 39, &payload);
		append(&s->image, "a signature", 11);
		assert_kernel(s);
	}
	buffer_free(&payload);
}

static void no_setup_sects_stands_for_four(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	pack_kernel(s, &payload, UNPACK_GZIP);
	make_bzimage(s, 0, &payload);
	assert_kernel(s);
	buffer_free(&payload);
}

static void padded_payload_is_tolerated(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		if (pack_kinds[i] == UNPACK_LZ4_LEGACY)
			continue;
		pack_kernel(s, &payload, pack_kinds[i]);
		append(&payload, "\0\0\0\0\0\0\0", 7);
		make_bzimage(s, 4, &payload);
		assert_kernel(s);
	}
	buffer_free(&payload);
}

static void bzimage_truncated_anywhere_is_an_error(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	pack_kernel(s, &payload, UNPACK_XZ);
	make_bzimage(s, 4, &payload);
	for (size_t len = s->image.len; len--;) {
		s->image.len = len;
		if (len < 0x206)
			assert_fails(s, -EINVAL, "not a kernel image");
		else
			assert_fails(s, -EINVAL, "kernel image is truncated");
		/* The payload is many times longer than all the rest. */
		if (len > 4096)
			len -= 100;
	}
	buffer_free(&payload);
}

static void payload_outside_of_the_file_is_an_error(void **state)
{
	static const uint32_t far[] = {0x100000, 0x7fffffff, 0x80000000, 0xfffff000, 0xffffffff};
	struct state *s = *state;
	struct buffer payload = {0};

	pack_kernel(s, &payload, UNPACK_GZIP);
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		make_bzimage(s, 4, &payload);
		put_le32(&s->image, 0x248, far[i]);
		assert_fails(s, -EINVAL, "truncated");
		make_bzimage(s, 4, &payload);
		put_le32(&s->image, 0x24c, far[i]);
		assert_fails(s, -EINVAL, "truncated");
		make_zboot(s, payload.data, payload.len);
		put_le32(&s->image, 8, far[i]);
		assert_fails(s, -EINVAL, "truncated");
		make_zboot(s, payload.data, payload.len);
		put_le32(&s->image, 12, far[i]);
		assert_fails(s, -EINVAL, "truncated");
	}
	make_bzimage(s, 4, &payload);
	put_le32(&s->image, 0x24c, 0);
	assert_fails(s, -EINVAL, "no payload");
	buffer_free(&payload);
}

static void old_boot_protocol_is_unsupported(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	pack_kernel(s, &payload, UNPACK_GZIP);
	make_bzimage(s, 4, &payload);
	s->image.data[0x206] = 7;
	assert_fails(s, -ENOTSUP, "unsupported: kernel image of boot protocol 2.07");
	buffer_free(&payload);
}

static void payload_of_lzo_or_unknown_is_refused(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	append(&payload, "\x89LZO\0\r\n\x1a\n and so on", 19);
	make_bzimage(s, 4, &payload);
	assert_fails(s, -ENOTSUP, "unsupported: compressed with lzo");
	payload.data[0] = 0;
	make_bzimage(s, 4, &payload);
	assert_fails(s, -EINVAL, "no known compression");
	buffer_free(&payload);
}

static void payload_that_is_not_elf_is_refused(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	s->kernel[0] = 0;
	pack_kernel(s, &payload, UNPACK_ZSTD);
	make_bzimage(s, 4, &payload);
	assert_fails(s, -EINVAL, "does not unpack to an ELF file");
	buffer_free(&payload);
}

/* Only the appended size tells when one of its blocks is missing. */
static void lz4_payload_of_a_wrong_size_is_an_error(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	pack(&payload, UNPACK_LZ4_LEGACY, s->kernel, KERNEL_LEN);
	append(&payload, "\0\0\0\x01", 4);
	make_bzimage(s, 4, &payload);
	assert_fails(s, -EINVAL, "unpacks to 30000 bytes instead of 16777216");
	buffer_free(&payload);
}

static void zboot_of_each_compression_is_unpacked(void **state)
{
	struct state *s = *state;
	struct buffer payload = {0};

	memset(s->kernel, 0, 64); /* flat: not ELF */
	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&payload, pack_kinds[i], s->kernel, KERNEL_LEN);
		make_zboot(s, payload.data, payload.len);
		assert_kernel(s);
	}
	buffer_free(&payload);
}

/* ---- BTF in the unpacked kernel ---- */

/* A header, @type_len bytes of types and "\0a\0". */
static size_t put_btf(void *dst, uint32_t type_len, bool swap)
{
	struct btf_header h = {.magic = BTF_MAGIC,
			       .version = 1,
			       .hdr_len = sizeof(h),
			       .type_len = type_len,
			       .str_off = type_len,
			       .str_len = 3};
	size_t len = sizeof(h) + type_len + 3;

	memset(dst, 1, len);
	memcpy((char *)dst + len - 3, "\0a", 3);
	if (swap) {
		h.magic = __builtin_bswap16(h.magic);
		h.hdr_len = __builtin_bswap32(h.hdr_len);
		h.type_len = __builtin_bswap32(h.type_len);
		h.str_off = __builtin_bswap32(h.str_off);
		h.str_len = __builtin_bswap32(h.str_len);
	}
	memcpy(dst, &h, sizeof(h));
	return len;
}

static void largest_btf_of_a_flat_kernel_is_found(void **state)
{
	struct state *s = *state;
	const void *btf;
	size_t len, want;

	s->kernel[0] = 0;
	for (int swap = 0; swap < 2; swap++) {
		put_btf(s->kernel + 1001, 40, swap);
		want = put_btf(s->kernel + 2003, 400, swap);
		put_btf(s->kernel + 9000, 80, swap);
		assert_int_equal(vmlinuz_find_btf(s->kernel, KERNEL_LEN, &btf, &len, &s->diag), 0);
		assert_ptr_equal(btf, s->kernel + 2003);
		assert_int_equal(len, want);
	}
}

static void flat_kernel_without_complete_btf_has_none(void **state)
{
	struct state *s = *state;
	unsigned char *p = s->kernel + KERNEL_LEN;
	const void *btf;
	size_t len;

	s->kernel[0] = 0;
	len = put_btf(s->kernel, 40, false);
	for (size_t left = 0; left < len; left++) {
		int err;

		memcpy(p - left, s->kernel, left);
		err = vmlinuz_find_btf(p - left, left, &btf, &len, &s->diag);
		assert_int_equal(err, -ENODATA);
		len = 67;
	}
}

static void btf_of_an_elf_kernel_is_found(void **state)
{
	const struct elf_section sections[] = {{".BTF", "types", 5, 0, 0}};
	struct state *s = *state;
	const void *btf;
	size_t len;

	make_elf(&s->image, &elf_forms[2], sections, 1);
	assert_int_equal(vmlinuz_find_btf(s->image.data, s->image.len, &btf, &len, &s->diag), 0);
	assert_int_equal(len, 5);
	assert_memory_equal(btf, "types", 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bzimage_of_each_compression_is_unpacked),
		TEST(no_setup_sects_stands_for_four),
		TEST(padded_payload_is_tolerated),
		TEST(bzimage_truncated_anywhere_is_an_error),
		TEST(payload_outside_of_the_file_is_an_error),
		TEST(old_boot_protocol_is_unsupported),
		TEST(payload_of_lzo_or_unknown_is_refused),
		TEST(payload_that_is_not_elf_is_refused),
		TEST(lz4_payload_of_a_wrong_size_is_an_error),
		TEST(zboot_of_each_compression_is_unpacked),
		TEST(largest_btf_of_a_flat_kernel_is_found),
		TEST(flat_kernel_without_complete_btf_has_none),
		TEST(btf_of_an_elf_kernel_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
