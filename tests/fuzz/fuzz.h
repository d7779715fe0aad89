/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share.
 *
 * A target is a function of bytes, in the form that libFuzzer calls. It ends the process
 * when the program breaks a promise, as ASan does when it breaks C's rules. Without
 * libFuzzer run_files.c feeds the same functions with files.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/diag.h"
#include "tests/gen/rng.h"

/* A target's: called for each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* A target's, where it has one: changes @data in place to at most @max bytes and returns
 * how many there are now. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
/* libFuzzer's own way to change bytes; run_files.c has a poorer one. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

/* A promise is broken: says which and ends the process. */
_Noreturn void fuzz_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define fuzz_expect(condition, ...)             \
	do {                                    \
		if (!(condition))               \
			fuzz_fail(__VA_ARGS__); \
	} while (0)

/* @err is 0, or an error as all of ours are: negative, with a reason of one line. */
void fuzz_expect_reason(int err, const struct diag *diag);

/* A copy of just these bytes, so that ASan sees where they end; aligned for any type. To be
 * freed. */
void *fuzz_copy(const void *data, size_t len);

/*
 * Two things in one input: the length of the first, little-endian in four bytes, the first, the
 * second. What is too short for that is no pair.
 */
struct fuzz_pair {
	const uint8_t *first, *second;
	size_t first_len, second_len;
};

bool fuzz_pair_read(struct fuzz_pair *pair, const uint8_t *data, size_t size);
/* Writes a pair to @data, and returns its size; 0: it does not go into @max bytes. */
size_t fuzz_pair_write(uint8_t *data, size_t max, const void *first, size_t first_len,
		       const void *second, size_t second_len);

/* The bytes as a file without a name; its path goes to @path. Returns the descriptor. */
#define FUZZ_PATH 40
int fuzz_file(const void *data, size_t len, char path[FUZZ_PATH]);

#endif
