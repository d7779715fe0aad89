/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes to an input that leave it what it is, so that it comes past the first checks:
 * types with other members, section headers with other sizes, compressed data of which the
 * contents are others. One time in a few bytes are changed without such care.
 *
 * All work in place on @size bytes at @data, which has room for @max, and return the new
 * size.
 */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/gen/rng.h"

/* Of BTF whose own types begin at @first_id and own strings at @first_str. */
size_t mutate_btf(struct rng *rng, uint8_t *data, size_t size, size_t max, uint32_t first_id,
		  uint32_t first_str);
/* Something new of the generator instead. */
size_t mutate_generate_base(struct rng *rng, uint8_t *data, size_t size, size_t max);
size_t mutate_generate_pair(struct rng *rng, uint8_t *data, size_t size, size_t max);

/* Of a pair (fuzz.h) of a base and a module's BTF; or a base and an ELF module. */
size_t mutate_pair(struct rng *rng, uint8_t *data, size_t size, size_t max);
size_t mutate_base_and_elf(struct rng *rng, uint8_t *data, size_t size, size_t max);

/* Of an ELF file; its BTF may be what changes. */
size_t mutate_elf(struct rng *rng, uint8_t *data, size_t size, size_t max);

/* Of compressed data. */
size_t mutate_packed(struct rng *rng, uint8_t *data, size_t size, size_t max);

/* Of a kernel image. */
size_t mutate_vmlinuz(struct rng *rng, uint8_t *data, size_t size, size_t max);

#endif
