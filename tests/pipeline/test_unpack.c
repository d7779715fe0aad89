// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/fixtures.h"

#define BIG (17u << 20) /* more than a whole zstd frame and an lz4 block may have */
#define NO_LIMIT (32u << 20)
#define DATA_LEN 50000u
#define SMALL_LEN 600u

struct state {
	struct unpacker *u;
	struct buffer in, out;
	struct diag diag;
	unsigned char data[DATA_LEN];
};

static int setup(void **state)
{
	struct state *s = calloc(1, sizeof(*s));

	s->u = unpacker_new();
	fill(s->data, sizeof(s->data));
	*state = s;
	return s->u ? 0 : -1;
}

static int teardown(void **state)
{
	struct state *s = *state;

	unpacker_free(s->u);
	buffer_free(&s->in);
	buffer_free(&s->out);
	free(s);
	return 0;
}

static int run_opts(struct state *s, enum unpack_kind kind, struct unpack_opts opts)
{
	s->diag.text[0] = '\0';
	return unpack(s->u, kind, s->in.data, s->in.len, &opts, &s->out, &s->diag);
}

static int run(struct state *s, enum unpack_kind kind)
{
	return run_opts(s, kind, (struct unpack_opts){.limit = NO_LIMIT});
}

static void assert_output(struct state *s, const void *data, size_t len)
{
	assert_int_equal(s->out.len, len);
	assert_memory_equal(s->out.data, data, len);
}

static void assert_reason(struct state *s, const char *part)
{
	if (!strstr(s->diag.text, part))
		fail_msg("'%s' does not say '%s'", s->diag.text, part);
}

static void each_kind_is_detected_and_unpacked(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], s->data, DATA_LEN);
		assert_int_equal(unpack_detect(s->in.data, s->in.len), pack_kinds[i]);
		assert_int_equal(run(s, pack_kinds[i]), 0);
		assert_output(s, s->data, DATA_LEN);
	}
}

static void large_data_is_unpacked(void **state)
{
	struct state *s = *state;
	unsigned char *big = malloc(BIG);

	/* Repeated, for the packing to take no time, but never quite the same. */
	for (size_t i = 0; i < BIG; i++)
		big[i] = s->data[i % DATA_LEN];
	for (size_t i = 0; i < BIG; i += DATA_LEN)
		big[i] = (unsigned char)(i / DATA_LEN);
	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], big, BIG);
		assert_int_equal(run(s, pack_kinds[i]), 0);
		assert_output(s, big, BIG);
	}
	free(big);
}

static void empty_data_is_unpacked(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], "", 0);
		assert_int_equal(run(s, pack_kinds[i]), 0);
		assert_int_equal(s->out.len, 0);
	}
}

static void zstd_of_unknown_size_is_unpacked(void **state)
{
	struct state *s = *state;

	pack_zstd_stream(&s->in, s->data, DATA_LEN);
	assert_int_equal(run(s, UNPACK_ZSTD), 0);
	assert_output(s, s->data, DATA_LEN);
}

static void several_members_are_unpacked_as_one(void **state)
{
	static const enum unpack_kind kinds[] = {UNPACK_GZIP, UNPACK_XZ, UNPACK_ZSTD,
						 UNPACK_LZ4_LEGACY, UNPACK_LZ4};
	struct state *s = *state;
	struct buffer second = {0};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		pack(&s->in, kinds[i], s->data, 1000);
		pack(&second, kinds[i], s->data + 1000, DATA_LEN - 1000);
		append(&s->in, second.data, second.len);
		assert_int_equal(run(s, kinds[i]), 0);
		assert_output(s, s->data, DATA_LEN);
	}
	buffer_free(&second);
}

static void zstd_skippable_frames_are_skipped(void **state)
{
	static const unsigned char frame[] = {0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'};
	struct state *s = *state;
	struct buffer packed = {0};

	s->in.len = 0;
	append(&s->in, frame, sizeof(frame));
	pack(&packed, UNPACK_ZSTD, s->data, DATA_LEN);
	append(&s->in, packed.data, packed.len);
	append(&s->in, frame, sizeof(frame));
	assert_int_equal(unpack_detect(s->in.data, s->in.len), UNPACK_ZSTD);
	assert_int_equal(run(s, UNPACK_ZSTD), 0);
	assert_output(s, s->data, DATA_LEN);
	buffer_free(&packed);
}

static void trailing_bytes_are_an_error_unless_allowed(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		/* Its end is the end of the input; vmlinuz.c cuts the size off. */
		if (pack_kinds[i] == UNPACK_LZ4_LEGACY)
			continue;
		pack(&s->in, pack_kinds[i], s->data, DATA_LEN);
		append(&s->in, "junk", 4);
		assert_int_equal(run(s, pack_kinds[i]), -EINVAL);
		assert_int_equal(
			run_opts(s, pack_kinds[i],
				 (struct unpack_opts){.limit = NO_LIMIT, .trailing = true}),
			0);
		assert_output(s, s->data, DATA_LEN);
	}
}

static void truncation_at_any_length_is_an_error(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], s->data, SMALL_LEN);
		while (s->in.len--) {
			/* No block at all: as good as any number of them. */
			if (pack_kinds[i] == UNPACK_LZ4_LEGACY && s->in.len == 4)
				continue;
			assert_int_equal(run(s, pack_kinds[i]), -EINVAL);
			assert_reason(s, s->in.len < 14 ? "" : "truncated");
		}
	}
}

static void truncated_zstd_of_unknown_size_is_an_error(void **state)
{
	struct state *s = *state;

	pack_zstd_stream(&s->in, s->data, SMALL_LEN);
	while (s->in.len--)
		assert_int_equal(run(s, UNPACK_ZSTD), -EINVAL);
}

/* Without a checksum a wrong bit may go unseen: then it is only required that
 * nothing is read or written out of bounds, for the sanitizers to see. xz has
 * checksums of all but a few bits that the decoder has no use for. */
static void any_flipped_bit_does_no_harm(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], s->data, SMALL_LEN);
		for (size_t bit = 0; bit < s->in.len * 8; bit++) {
			int err;

			s->in.data[bit / 8] ^= 1u << bit % 8;
			err = run_opts(s, pack_kinds[i], (struct unpack_opts){.limit = 1u << 20});
			if (err)
				assert_int_not_equal(s->diag.text[0], '\0');
			else if (pack_kinds[i] == UNPACK_XZ)
				assert_output(s, s->data, SMALL_LEN);
			s->in.data[bit / 8] ^= 1u << bit % 8;
		}
		/* And the decoders are still good for the next file. */
		assert_int_equal(run(s, pack_kinds[i]), 0);
		assert_output(s, s->data, SMALL_LEN);
	}
}

static void output_of_exactly_the_limit_is_allowed(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], s->data, DATA_LEN);
		assert_int_equal(
			run_opts(s, pack_kinds[i], (struct unpack_opts){.limit = DATA_LEN}), 0);
		assert_output(s, s->data, DATA_LEN);
	}
}

static void output_over_the_limit_is_refused(void **state)
{
	struct state *s = *state;

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], s->data, DATA_LEN);
		assert_int_equal(
			run_opts(s, pack_kinds[i], (struct unpack_opts){.limit = DATA_LEN - 1}),
			-EFBIG);
		assert_reason(s, "limit of 49999 bytes");
	}
}

static void several_members_over_the_limit_are_refused(void **state)
{
	struct state *s = *state;
	struct buffer one = {0};

	pack(&one, UNPACK_ZSTD, s->data, DATA_LEN);
	s->in.len = 0;
	append(&s->in, one.data, one.len);
	append(&s->in, one.data, one.len);
	assert_int_equal(run_opts(s, UNPACK_ZSTD, (struct unpack_opts){.limit = 2 * DATA_LEN - 1}),
			 -EFBIG);
	buffer_free(&one);
}

static int checks;
static size_t check_len;

static int check_refuses_zeros(const void *head, size_t len, struct diag *diag)
{
	checks++;
	check_len = len;
	if (len && *(const char *)head == 0)
		return diag_fail(diag, -EPROTO, "begins with a zero");
	return 0;
}

static void check_sees_the_first_bytes_once(void **state)
{
	struct state *s = *state;
	const struct unpack_opts opts = {.limit = NO_LIMIT, .check = check_refuses_zeros};

	s->data[0] = 1;
	for (int i = 0; i < NR_PACK_KINDS; i++) {
		pack(&s->in, pack_kinds[i], s->data, DATA_LEN);
		checks = 0;
		assert_int_equal(run_opts(s, pack_kinds[i], opts), 0);
		assert_int_equal(checks, 1);
		assert_int_equal(check_len, UNPACK_HEAD);
		assert_output(s, s->data, DATA_LEN);

		pack(&s->in, pack_kinds[i], s->data, 10);
		checks = 0;
		assert_int_equal(run_opts(s, pack_kinds[i], opts), 0);
		assert_int_equal(checks, 1);
		assert_int_equal(check_len, 10);
	}
}

static void bomb_is_refused_before_it_goes_off(void **state)
{
	struct state *s = *state;
	const struct unpack_opts opts = {.limit = NO_LIMIT, .check = check_refuses_zeros};
	unsigned char *zeros = calloc(1, NO_LIMIT);

	for (int i = 0; i < NR_PACK_KINDS; i++) {
		buffer_free(&s->out);
		pack(&s->in, pack_kinds[i], zeros, NO_LIMIT);
		assert_int_equal(run_opts(s, pack_kinds[i], opts), -EPROTO);
		assert_string_equal(s->diag.text, "begins with a zero");
		assert_true(s->out.cap <= (8u << 20));
	}
	free(zeros);
}

static void zstd_window_over_the_limit_is_refused(void **state)
{
	/* Window descriptor 0x90: 2^28 bytes; size unknown; one empty last block. */
	static const unsigned char frame[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x90, 0x01, 0x00, 0x00};
	struct state *s = *state;

	s->in.len = 0;
	append(&s->in, frame, sizeof(frame));
	assert_int_equal(run(s, UNPACK_ZSTD), -EFBIG);
	assert_reason(s, "window");
}

static void lzma_dictionary_over_the_limit_is_refused(void **state)
{
	struct state *s = *state;

	pack(&s->in, UNPACK_LZMA, s->data, SMALL_LEN);
	memcpy(s->in.data + 1, "\0\0\0\x40", 4); /* 1 GiB */
	assert_int_equal(run(s, UNPACK_LZMA), -EFBIG);
	assert_reason(s, "more than 256 MiB");
}

static void zstd_that_lies_about_its_size_is_an_error(void **state)
{
	struct state *s = *state;

	pack(&s->in, UNPACK_ZSTD, s->data, SMALL_LEN);
	/* Single segment, 2-byte content size, at offset 5: less 256. */
	assert_int_equal(s->in.data[4] >> 5, 3);
	s->in.data[5]++;
	assert_int_equal(run(s, UNPACK_ZSTD), -EINVAL);
}

static void lz4_block_of_impossible_size_is_an_error(void **state)
{
	struct state *s = *state;

	pack(&s->in, UNPACK_LZ4_LEGACY, s->data, SMALL_LEN);
	memset(s->in.data + 4, 0xff, 4);
	assert_int_equal(run(s, UNPACK_LZ4_LEGACY), -EINVAL);
	memset(s->in.data + 4, 0, 4);
	assert_int_equal(run(s, UNPACK_LZ4_LEGACY), -EINVAL);
}

static void bzip2_and_lzo_are_named_and_refused(void **state)
{
	struct state *s = *state;

	s->in.len = 0;
	append(&s->in, "BZh91AY&SY", 10);
	assert_int_equal(unpack_detect(s->in.data, s->in.len), UNPACK_BZIP2);
	assert_int_equal(run(s, UNPACK_BZIP2), -ENOTSUP);
	assert_string_equal(s->diag.text, "unsupported: compressed with bzip2");

	s->in.len = 0;
	append(&s->in, "\x89LZO\0\r\n\x1a\n\x10", 10);
	assert_int_equal(unpack_detect(s->in.data, s->in.len), UNPACK_LZO);
	assert_int_equal(run(s, UNPACK_LZO), -ENOTSUP);
	assert_string_equal(s->diag.text, "unsupported: compressed with lzo");
}

static void other_bytes_are_no_compression(void **state)
{
	struct state *s = *state;

	assert_int_equal(unpack_detect("\x7f"
				       "ELF",
				       4),
			 UNPACK_NONE);
	assert_int_equal(unpack_detect("\x1f", 1), UNPACK_NONE);
	assert_int_equal(unpack_detect("", 0), UNPACK_NONE);
	s->in.len = 0;
	append(&s->in, "text", 4);
	assert_int_equal(run(s, UNPACK_NONE), -EINVAL);
	assert_int_equal(run(s, UNPACK_GZIP), -EINVAL);
	assert_int_equal(run(s, UNPACK_LZ4_LEGACY), -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_kind_is_detected_and_unpacked),
		TEST(large_data_is_unpacked),
		TEST(empty_data_is_unpacked),
		TEST(zstd_of_unknown_size_is_unpacked),
		TEST(several_members_are_unpacked_as_one),
		TEST(zstd_skippable_frames_are_skipped),
		TEST(trailing_bytes_are_an_error_unless_allowed),
		TEST(truncation_at_any_length_is_an_error),
		TEST(truncated_zstd_of_unknown_size_is_an_error),
		TEST(any_flipped_bit_does_no_harm),
		TEST(output_of_exactly_the_limit_is_allowed),
		TEST(output_over_the_limit_is_refused),
		TEST(several_members_over_the_limit_are_refused),
		TEST(check_sees_the_first_bytes_once),
		TEST(bomb_is_refused_before_it_goes_off),
		TEST(zstd_window_over_the_limit_is_refused),
		TEST(lzma_dictionary_over_the_limit_is_refused),
		TEST(zstd_that_lies_about_its_size_is_an_error),
		TEST(lz4_block_of_impossible_size_is_an_error),
		TEST(bzip2_and_lzo_are_named_and_refused),
		TEST(other_bytes_are_no_compression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
