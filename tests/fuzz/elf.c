// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF bytes to their .BTF section: in memory, from a file, and as a module's file. All
 * three find the same.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/elf_btf.h"
#include "pipeline/elf_file.h"
#include "pipeline/module_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

struct found_btf {
	int err;
	const void *data;
	size_t len;
	struct diag diag;
};

static void expect_same(const struct found_btf *a, const struct found_btf *b, const char *how)
{
	fuzz_expect_reason(b->err, &b->diag);
	fuzz_expect(a->err == b->err, "in memory %d (%s), %s %d (%s)", a->err,
		    a->err ? a->diag.text : "", how, b->err, b->err ? b->diag.text : "");
	fuzz_expect(a->err || (a->len == b->len && !memcmp(a->data, b->data, a->len)),
		    "other BTF %s", how);
}

static void from_file(int fd, const struct found_btf *in_memory)
{
	struct buffer section = {0};
	struct elf_btf_info info;
	struct found_btf found;
	struct input in;

	fuzz_expect(!input_take(&in, fd, &found.diag), "%s", found.diag.text);
	found.err = elf_btf_read(&in, &section, &info, &found.diag);
	found.data = section.data;
	found.len = section.len;
	expect_same(in_memory, &found, "from a file");
	buffer_free(&section);
}

static void as_module(const char *path, const struct found_btf *in_memory)
{
	struct module_reader *r = module_reader_new();
	struct found_btf found;

	fuzz_expect(r, "no memory");
	found.err = module_file_read(AT_FDCWD, path, r, &found.data, &found.len, &found.diag);
	expect_same(in_memory, &found, "as a module");
	module_reader_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *image = fuzz_copy(data, size);
	struct found_btf found = {.diag = {""}};
	struct elf_btf_info info;
	char path[FUZZ_PATH];
	int fd = fuzz_file(data, size, path);

	found.err = elf_btf_find_mem(image, size, &found.data, &found.len, &info, &found.diag);
	fuzz_expect_reason(found.err, &found.diag);
	from_file(fd, &found);
	if (elf_is(image, size))
		as_module(path, &found);
	close(fd);
	free(image);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = {seed};

	return mutate_elf(&rng, data, size, max);
}
