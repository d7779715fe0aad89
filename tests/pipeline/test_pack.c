// SPDX-License-Identifier: GPL-2.0-only
/* What is packed comes back, and is of the form that the kernel's decoders take. */
#include "tests/pipeline/cmocka_all.h"

#include <errno.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "pipeline/pack.h"
#include "tests/pipeline/fixtures.h"

#define LEN (400u << 10)

static const enum unpack_kind kinds[] = {UNPACK_GZIP, UNPACK_XZ, UNPACK_ZSTD};

static struct {
	unsigned char *data; /* LEN bytes, half of them easy */
	struct diag diag;
	struct buffer out;
} t;

static int setup(void **state)
{
	t.data = calloc(1, LEN);
	fill(t.data, LEN / 2);
	return t.data ? 0 : -1;
}

static int teardown(void **state)
{
	free(t.data);
	buffer_free(&t.out);
	return 0;
}

static void what_is_packed_comes_back(void **state)
{
	static const size_t lengths[] = {0, 1, 100, 65536, LEN};
	const struct unpack_opts opts = {.limit = LEN};
	struct unpacker *u = unpacker_new();
	struct buffer back = {0};

	for (size_t k = 0; k < 3; k++)
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			assert_int_equal(pack_image(kinds[k], t.data, lengths[i], &t.out, &t.diag),
					 0);
			assert_int_equal(unpack_detect(t.out.data, t.out.len), kinds[k]);
			assert_int_equal(
				unpack(u, kinds[k], t.out.data, t.out.len, &opts, &back, &t.diag),
				0);
			assert_int_equal(back.len, lengths[i]);
			if (back.len)
				assert_memory_equal(back.data, t.data, back.len);
		}
	buffer_free(&back);
	unpacker_free(u);
}

static void equal_input_gives_equal_output(void **state)
{
	struct buffer again = {0};

	for (size_t k = 0; k < 3; k++) {
		assert_int_equal(pack_image(kinds[k], t.data, LEN, &t.out, &t.diag), 0);
		assert_int_equal(pack_image(kinds[k], t.data, LEN, &again, &t.diag), 0);
		assert_int_equal(again.len, t.out.len);
		assert_memory_equal(again.data, t.out.data, again.len);
	}
	buffer_free(&again);
}

/* CONFIG_XZ_DEC of the kernel verifies CRC32 and nothing else, and a decoder with a
 * preallocated dictionary takes no larger one. */
static void xz_has_crc32_and_a_small_dictionary(void **state)
{
	lzma_filter filters[LZMA_FILTERS_MAX + 1];
	lzma_stream_flags flags;
	lzma_block block = {.version = 1, .filters = filters};
	const unsigned char *header;

	assert_int_equal(pack_image(UNPACK_XZ, t.data, LEN, &t.out, &t.diag), 0);
	assert_int_equal(lzma_stream_header_decode(&flags, t.out.data), LZMA_OK);
	assert_int_equal(flags.check, LZMA_CHECK_CRC32);
	header = t.out.data + LZMA_STREAM_HEADER_SIZE;
	block.check = flags.check;
	block.header_size = lzma_block_header_size_decode(header[0]);
	assert_int_equal(lzma_block_header_decode(&block, NULL, header), LZMA_OK);
	assert_int_equal(filters[0].id, LZMA_FILTER_LZMA2);
	assert_int_equal(filters[1].id, LZMA_VLI_UNKNOWN);
	assert_int_equal(((lzma_options_lzma *)filters[0].options)->dict_size, 1 << 20);
	free(filters[0].options);
}

static void zstd_is_one_frame_that_tells_its_size(void **state)
{
	assert_int_equal(pack_image(UNPACK_ZSTD, t.data, LEN, &t.out, &t.diag), 0);
	assert_int_equal(ZSTD_getFrameContentSize(t.out.data, t.out.len), LEN);
	assert_int_equal(ZSTD_findFrameCompressedSize(t.out.data, t.out.len), t.out.len);
}

/* RFC 1952: byte 3 has the flags, 4 to 7 the time. */
static void gzip_has_neither_name_nor_time(void **state)
{
	assert_int_equal(pack_image(UNPACK_GZIP, t.data, LEN, &t.out, &t.diag), 0);
	for (int i = 3; i < 8; i++)
		assert_int_equal(t.out.data[i], 0);
}

static void what_is_only_read_is_not_packed(void **state)
{
	assert_int_equal(pack_image(UNPACK_LZ4, t.data, LEN, &t.out, &t.diag), -ENOTSUP);
	assert_string_equal(t.diag.text, "unsupported: it cannot be packed again as lz4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(equal_input_gives_equal_output),
		cmocka_unit_test(xz_has_crc32_and_a_small_dictionary),
		cmocka_unit_test(zstd_is_one_frame_that_tells_its_size),
		cmocka_unit_test(gzip_has_neither_name_nor_time),
		cmocka_unit_test(what_is_only_read_is_not_packed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
