// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes of any file that may be given as the base: a vmlinuz, packed or not, an ELF
 * file, BTF.
 */
#include <unistd.h>

#include "merge/base.h"
#include "pipeline/base_file.h"
#include "pipeline/elf_btf.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer btf = {0};
	struct diag diag = {""};
	struct base *base;
	char path[FUZZ_PATH];
	int fd = fuzz_file(data, size, path);
	int err = base_file_read(path, &btf, &diag);

	close(fd);
	fuzz_expect_reason(err, &diag);
	if (!err) {
		fuzz_expect(btf.len <= BTF_SECTION_MAX, "%zu bytes of BTF", btf.len);
		err = base_new(&base, btf.data, btf.len, &diag);
		fuzz_expect_reason(err, &diag);
		if (!err)
			base_free(base);
	}
	buffer_free(&btf);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = {seed};

	return mutate_vmlinuz(&rng, data, size, max);
}
