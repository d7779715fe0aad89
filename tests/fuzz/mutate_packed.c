// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/pack.h"
#include "pipeline/vmlinuz.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

#define PLAIN_MAX (256u << 10)

typedef size_t (*change_fn)(struct rng *rng, uint8_t *data, size_t size, size_t max);

static size_t change_bytes(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	return LLVMFuzzerMutate(data, size, max);
}

/* What @data unpacks to, as much of it as there is. */
static bool unpacked(const uint8_t *data, size_t size, struct buffer *plain)
{
	const struct unpack_opts opts = {.limit = PLAIN_MAX, .trailing = true};
	struct unpacker *u = unpacker_new();
	struct diag diag;
	bool done = u && !unpack(u, unpack_detect(data, size), data, size, &opts, plain, &diag);

	unpacker_free(u);
	return done;
}

/* @plain is changed by @change and packed. */
static bool packed_again(struct rng *rng, struct buffer *plain, change_fn change,
			 struct buffer *packed)
{
	static const enum unpack_kind kinds[] = {UNPACK_GZIP, UNPACK_XZ, UNPACK_ZSTD};
	size_t max = plain->len + 1000;
	struct diag diag;

	if (buffer_reserve(plain, max))
		return false;
	plain->len = change(rng, plain->data, plain->len, max);
	return !pack_image(kinds[rng_below(rng, 3)], plain->data, plain->len, packed, &diag);
}

/* Whole, doubled, cut off, or with something behind it. */
static size_t put_packed(struct rng *rng, const struct buffer *packed, uint8_t *data, size_t max)
{
	size_t len = packed->len;

	if (len > max)
		return 0;
	memcpy(data, packed->data, len);
	switch (rng_below(rng, 8)) {
	case 0:
		if (2 * len <= max)
			memcpy(data + len, packed->data, len);
		return 2 * len <= max ? 2 * len : len;
	case 1:
		return rng_below(rng, (uint32_t)len + 1);
	case 2:
		return LLVMFuzzerMutate(data, len, max);
	case 3:
		if (len + 4 <= max)
			memset(data + len, 0, 4);
		return len + 4 <= max ? len + 4 : len;
	default:
		return len;
	}
}

size_t mutate_packed(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	struct buffer plain = {0}, packed = {0};
	size_t done = 0;

	if (rng_chance(rng, 50) && unpacked(data, size, &plain) &&
	    packed_again(rng, &plain, change_bytes, &packed))
		done = put_packed(rng, &packed, data, max);
	buffer_free(&plain);
	buffer_free(&packed);
	return done ? done : LLVMFuzzerMutate(data, size, max);
}

/* -- Kernels -------------------------------------------------------------- */

/* Of x86's setup header (Documentation/arch/x86/boot.rst). */
#define SETUP_SECTS 0x1f1
#define PAYLOAD_OFFSET 0x248
#define PAYLOAD_LENGTH 0x24c
/* Of EFI zboot's. */
#define ZBOOT_OFFSET 8
#define ZBOOT_SIZE 12

static void put32(uint8_t *data, size_t at, uint32_t v)
{
	v = htole32(v);
	memcpy(data + at, &v, sizeof(v));
}

static uint32_t get32(const uint8_t *data, size_t at)
{
	uint32_t v;

	memcpy(&v, data + at, sizeof(v));
	return le32toh(v);
}

/* The image with @payload for the one it has; 0: that does not fit. */
static size_t put_payload(uint8_t *data, size_t size, size_t max, const struct buffer *payload)
{
	bool bz = size > PAYLOAD_LENGTH + 4 && memcmp(data, "MZ\0\0zimg", 8);
	size_t at = bz ? (size_t)(data[SETUP_SECTS] + 1) * 512 + get32(data, PAYLOAD_OFFSET)
		       : get32(data, ZBOOT_OFFSET);

	if (at > max || payload->len > max - at || at > size || at < 16)
		return 0;
	memcpy(data + at, payload->data, payload->len);
	put32(data, bz ? PAYLOAD_LENGTH : ZBOOT_SIZE, (uint32_t)payload->len);
	return at + payload->len;
}

static size_t change_payload(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	struct buffer plain = {0}, packed = {0};
	struct unpacker *u = unpacker_new();
	struct diag diag;
	size_t done = 0;

	if (u && !vmlinuz_unpack(data, size, u, &plain, &diag) && plain.len <= PLAIN_MAX &&
	    packed_again(rng, &plain, mutate_elf, &packed)) {
		/* Behind it stands its unpacked size, unless it is gzip's. */
		if (!buffer_reserve(&packed, packed.len + 4)) {
			put32(packed.data, packed.len, (uint32_t)plain.len);
			packed.len += unpack_detect(packed.data, packed.len) == UNPACK_GZIP ? 0 : 4;
		}
		done = put_payload(data, size, max, &packed);
	}
	unpacker_free(u);
	buffer_free(&plain);
	buffer_free(&packed);
	return done;
}

static void change_header(struct rng *rng, uint8_t *data, size_t size)
{
	static const uint16_t fields[] = {0,         SETUP_SECTS,    0x202,          0x206,
					  0x38,      PAYLOAD_OFFSET, PAYLOAD_LENGTH, ZBOOT_OFFSET,
					  ZBOOT_SIZE};
	size_t at = fields[rng_below(rng, sizeof(fields) / sizeof(*fields))];
	uint32_t values[] = {
		0, 1, 0xffffffff, 0x7fffffff, (uint32_t)size, (uint32_t)rng_next(rng), 0x40};

	if (at + 4 <= size)
		put32(data, at, values[rng_below(rng, sizeof(values) / sizeof(*values))]);
}

size_t mutate_vmlinuz(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	size_t done = 0;

	if (vmlinuz_is(data, size) && rng_chance(rng, 60))
		done = change_payload(rng, data, size, max);
	else if (rng_chance(rng, 30))
		return mutate_elf(rng, data, size, max);
	else if (rng_chance(rng, 30))
		return mutate_packed(rng, data, size, max);
	if (done)
		return done;
	if (rng_chance(rng, 30))
		return LLVMFuzzerMutate(data, size, max);
	change_header(rng, data, size);
	return size;
}
