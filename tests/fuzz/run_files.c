// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fuzz target without libFuzzer:
 *
 *	fuzz_TARGET [-m TIMES] FILE|DIR...
 *
 * feeds it with each file, and with -m also with so many changed copies of it, the same in every
 * run. Ends at the first that breaks a promise, having said which it was and written it, as it
 * was changed, to the file fuzz_TARGET.failed in the working directory. What it fed is counted at
 *the end, and nothing at all is an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define GROWTH 4096 /* bytes that a change may add */

#pragma weak LLVMFuzzerCustomMutator

/* For when it all ends: the file, and what was made of it. */
static struct {
	const char *path;
	const uint8_t *data;
	size_t size;
} current;
static struct rng bytes;

static void tell(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(1);
}

static void keep_input(int sig)
{
	int fd;
	char path[100];

	snprintf(path, sizeof(path), "%s.failed", program_invocation_short_name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	tell("fuzz: the input, of ");
	tell(current.path);
	if (fd < 0 || write(fd, current.data, current.size) != (ssize_t)current.size)
		tell(", cannot be written\n");
	else
		tell(", is in the file "), tell(path), tell("\n");
	signal(sig, SIG_DFL);
	raise(sig);
}

static void feed_one(const uint8_t *data, size_t size)
{
	current.data = data;
	current.size = size;
	LLVMFuzzerTestOneInput(data, size);
}

/* A byte or a few of them set, put in or taken out. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	uint32_t at = rng_below(&bytes, (uint32_t)size + 1), n = rng_range(&bytes, 1, 8);

	switch (rng_below(&bytes, 3)) {
	case 0:
		if (at == size)
			return size;
		data[at] = (uint8_t)rng_next(&bytes);
		return size;
	case 1:
		if (n > max - size)
			return size;
		memmove(data + at + n, data + at, size - at);
		for (uint32_t i = 0; i < n; i++)
			data[at + i] = (uint8_t)rng_next(&bytes);
		return size + n;
	default:
		if (n > size - at)
			return size;
		memmove(data + at, data + at + n, size - at - n);
		return size - n;
	}
}

static size_t change(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	bytes.state = seed;
	if (LLVMFuzzerCustomMutator)
		return LLVMFuzzerCustomMutator(data, size, max, seed);
	return LLVMFuzzerMutate(data, size, max);
}

static uint8_t *read_file(const char *path, size_t size)
{
	uint8_t *data = malloc(size + GROWTH);
	FILE *f = fopen(path, "rb");

	if (!data || !f || fread(data, 1, size, f) != size) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	fclose(f);
	return data;
}

/* Each change starts from what the last one left, and from the file again after some. */
static void feed(const char *path, size_t size, unsigned int times)
{
	uint8_t *file = read_file(path, size), *data = malloc(size + GROWTH);
	size_t len = size;

	current.path = path;
	feed_one(file, size);
	for (unsigned int i = 0; data && i < times; i++) {
		if (i % 4 == 0) {
			memcpy(data, file, size);
			len = size;
		}
		len = change(data, len, size + GROWTH, i + 1);
		feed_one(data, len);
	}
	free(data);
	free(file);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

int main(int argc, char **argv)
{
	unsigned int times = 0, fed = 0;
	FTSENT *entry;
	FTS *fts;
	int opt;

	while ((opt = getopt(argc, argv, "m:")) != -1) {
		if (opt != 'm')
			return 2;
		times = (unsigned int)strtoul(optarg, NULL, 10);
	}
	signal(SIGABRT, keep_input);
	fts = optind < argc ? fts_open(argv + optind, FTS_PHYSICAL | FTS_NOCHDIR, by_name) : NULL;
	while (fts && (entry = fts_read(fts))) {
		if (entry->fts_info == FTS_F) {
			feed(entry->fts_path, (size_t)entry->fts_statp->st_size, times);
			fed++;
		} else if (entry->fts_info == FTS_NS || entry->fts_info == FTS_DNR) {
			fprintf(stderr, "%s: %s\n", entry->fts_path, strerror(entry->fts_errno));
			return 2;
		}
	}
	if (fts)
		fts_close(fts);
	printf("%u files, each with %u changed copies\n", fed, times);
	return fed ? 0 : 2;
}
