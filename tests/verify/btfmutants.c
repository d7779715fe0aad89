// SPDX-License-Identifier: GPL-2.0-only
/*
 * btfmutants BASE BLOB COUNT SEED OUTDIR: mutants of a module's raw split BTF over the raw BTF of
 * its kernel, OUTDIR/0001.btf and so on. Both are good and in the host's byte order.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/verify/verify.h"
#include "tests/gen/mem.h"
#include "tests/verify/mutate.h"

#define FILE_MAX (64u << 20)

static unsigned char *read_file(const char *path, size_t *len)
{
	unsigned char *data = mem_resize(NULL, FILE_MAX, 1);
	FILE *f = fopen(path, "rb");

	*len = f ? fread(data, 1, FILE_MAX, f) : 0;
	if (!*len) {
		fprintf(stderr, "btfmutants: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	fclose(f);
	return data;
}

static void write_file(const char *dir, unsigned int number, const void *data, size_t len)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%04u.btf", dir, number);
	f = fopen(path, "wb");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f)) {
		fprintf(stderr, "btfmutants: %s: %s\n", path, strerror(errno));
		exit(2);
	}
}

/* A word of the header: where it keeps the length of strings. */
static uint32_t strings_len(const unsigned char *blob)
{
	uint32_t len;

	memcpy(&len, blob + 20, sizeof(len));
	return len;
}

int main(int argc, char **argv)
{
	unsigned char *base, *blob, *mutant;
	size_t base_len, len, mutant_len;
	struct verify_verdict verdict;
	struct verify_base *view;
	uint32_t first_id;

	if (argc != 6) {
		fprintf(stderr, "usage: btfmutants BASE BLOB COUNT SEED OUTDIR\n");
		return 2;
	}
	base = read_file(argv[1], &base_len);
	blob = read_file(argv[2], &len);
	if (verify_base_new(&view, VERIFY_KERNEL_DEFAULT, base, base_len, &verdict))
		return 2;
	first_id = verify_base_types(view) + 1;
	for (unsigned int i = 1; i <= (unsigned int)atoi(argv[3]); i++) {
		struct rng rng = {((uint64_t)atoi(argv[4]) << 32) + i};
		struct draft d;

		draft_read(&d, blob, len, first_id, strings_len(base));
		for (uint32_t n = rng_range(&rng, 1, 6); n; n--)
			mutate_types(&d, &rng);
		if (rng_chance(&rng, 12))
			mutate_info(&d, &rng);
		mutant = draft_finish(&d, &mutant_len);
		mutant = mem_resize(mutant, mutant_len + MUTATE_ROOM, 1);
		if (rng_chance(&rng, 20))
			mutate_bytes(mutant, &mutant_len, &rng);
		write_file(argv[5], i, mutant, mutant_len);
		free(mutant);
		draft_free(&d);
	}
	verify_base_free(view);
	free(base);
	free(blob);
	return 0;
}
