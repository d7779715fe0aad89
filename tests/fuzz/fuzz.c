// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz.h"

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("fuzz: ", stderr);
	vfprintf(stderr, format, args);
	putc('\n', stderr);
	va_end(args);
	abort();
}

void fuzz_expect_reason(int err, const struct diag *diag)
{
	if (!err)
		return;
	fuzz_expect(err < 0, "error %d is not negative", err);
	fuzz_expect(memchr(diag->text, '\0', sizeof(diag->text)), "a reason without an end");
	fuzz_expect(*diag->text, "error %d without a reason", err);
	fuzz_expect(err != -ENOMEM, "out of memory: %s", diag->text);
}

void *fuzz_copy(const void *data, size_t len)
{
	void *copy = malloc(len ? len : 1);

	if (!copy)
		fuzz_fail("no memory for %zu bytes", len);
	if (len)
		memcpy(copy, data, len);
	return copy;
}

bool fuzz_pair_read(struct fuzz_pair *pair, const uint8_t *data, size_t size)
{
	uint32_t len;

	if (size < sizeof(len))
		return false;
	memcpy(&len, data, sizeof(len));
	len = le32toh(len);
	if (len > size - sizeof(len))
		return false;
	pair->first = data + sizeof(len);
	pair->first_len = len;
	pair->second = pair->first + len;
	pair->second_len = size - sizeof(len) - len;
	return true;
}

size_t fuzz_pair_write(uint8_t *data, size_t max, const void *first, size_t first_len,
		       const void *second, size_t second_len)
{
	uint32_t len = htole32((uint32_t)first_len);
	size_t size = sizeof(len) + first_len + second_len;

	if (size > max)
		return 0;
	memcpy(data, &len, sizeof(len));
	memcpy(data + sizeof(len), first, first_len);
	memcpy(data + sizeof(len) + first_len, second, second_len);
	return size;
}

int fuzz_file(const void *data, size_t len, char path[FUZZ_PATH])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || (len && pwrite(fd, data, len, 0) != (ssize_t)len))
		fuzz_fail("no file in memory");
	snprintf(path, FUZZ_PATH, "/proc/self/fd/%d", fd);
	return fd;
}
