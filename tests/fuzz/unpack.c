// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compressed bytes, unpacked; and any bytes, packed and unpacked again. The first byte
 * says how: see select_*.
 */
#include <stdlib.h>
#include <string.h>

#include "pipeline/pack.h"
#include "pipeline/unpack.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

#define LIMIT_LARGE (1u << 20)
#define LIMIT_SMALL 1000
#define ROOM_MAX (8u << 20) /* whatever the limit: a block of lz4's legacy format */

static bool select_round_trip(uint8_t how)
{
	return (how & 0xe0) == 0xe0;
}

static bool select_trailing(uint8_t how)
{
	return how & 0x10;
}

static size_t select_limit(uint8_t how)
{
	return how & 0x08 ? LIMIT_SMALL : LIMIT_LARGE;
}

/* Seven say one kind, whatever the bytes look like; 0 what they look like. */
static enum unpack_kind select_kind(uint8_t how, const void *data, size_t len)
{
	static const enum unpack_kind kinds[] = {UNPACK_NONE, UNPACK_GZIP, UNPACK_XZ,
						 UNPACK_LZMA, UNPACK_ZSTD, UNPACK_LZ4_LEGACY,
						 UNPACK_LZ4,  UNPACK_BZIP2};

	return how & 7 ? kinds[how & 7] : unpack_detect(data, len);
}

static int refuse_zeros(const void *head, size_t len, struct diag *diag)
{
	fuzz_expect(len <= UNPACK_HEAD, "a head of %zu bytes", len);
	return len && !*(const char *)head ? diag_fail(diag, -1, "begins with a zero") : 0;
}

/* Twice, as decoders are used again: the second time says what the first did. */
static void unpack_bytes(uint8_t how, const void *in, size_t len)
{
	const struct unpack_opts opts = {
		.limit = select_limit(how),
		.trailing = select_trailing(how),
		.check = select_trailing(how) ? NULL : refuse_zeros,
	};
	enum unpack_kind kind = select_kind(how, in, len);
	struct unpacker *u = unpacker_new();
	struct buffer out = {0}, out2 = {0};
	struct diag diag = {""}, diag2 = {""};
	int err, err2;

	fuzz_expect(u, "no memory");
	err = unpack(u, kind, in, len, &opts, &out, &diag);
	fuzz_expect_reason(err, &diag);
	fuzz_expect(err || out.len <= opts.limit, "%zu bytes, over the limit", out.len);
	fuzz_expect(out.cap <= 2 * opts.limit + ROOM_MAX, "room for %zu bytes", out.cap);
	err2 = unpack(u, kind, in, len, &opts, &out2, &diag2);
	fuzz_expect(err == err2 && !strcmp(diag.text, diag2.text), "first %s, then %s", diag.text,
		    diag2.text);
	fuzz_expect(
		err || (out.len == out2.len && (!out.len || !memcmp(out.data, out2.data, out.len))),
		"other bytes the second time");
	buffer_free(&out);
	buffer_free(&out2);
	unpacker_free(u);
}

static void round_trip(enum unpack_kind kind, const void *in, size_t len)
{
	const struct unpack_opts opts = {.limit = len};
	struct unpacker *u = unpacker_new();
	struct buffer packed = {0}, out = {0};
	struct diag diag = {""};

	fuzz_expect(u, "no memory");
	fuzz_expect(!pack_image(kind, in, len, &packed, &diag), "%s", diag.text);
	fuzz_expect(unpack_detect(packed.data, packed.len) == kind, "packed as something else");
	fuzz_expect(!unpack(u, kind, packed.data, packed.len, &opts, &out, &diag), "%s", diag.text);
	fuzz_expect(out.len == len && (!len || !memcmp(out.data, in, len)), "not what was packed");
	buffer_free(&packed);
	buffer_free(&out);
	unpacker_free(u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum unpack_kind packs[] = {UNPACK_GZIP, UNPACK_XZ, UNPACK_ZSTD};
	void *in;

	if (!size)
		return 0;
	in = fuzz_copy(data + 1, size - 1);
	if (select_round_trip(*data))
		round_trip(packs[*data % 3], in, size - 1);
	else
		unpack_bytes(*data, in, size - 1);
	free(in);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = {seed};

	if (!size || rng_chance(&rng, 10))
		return LLVMFuzzerMutate(data, size, max);
	return 1 + mutate_packed(&rng, data + 1, size - 1, max - 1);
}
