// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/embed/signature.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char magic[] = "~Module signature appended~\n";
#define MAGIC_LEN (sizeof(magic) - 1)
#define INFO_LEN 12 /* struct module_signature, its last word the length, big-endian */

int signature_find(const void *image, size_t len, size_t *bare, struct diag *diag)
{
	const unsigned char *end = (const unsigned char *)image + len;
	const unsigned char *word = end - MAGIC_LEN - 4;
	size_t rest, sig;

	*bare = len;
	if (len < MAGIC_LEN || memcmp(end - MAGIC_LEN, magic, MAGIC_LEN))
		return 0;
	rest = len - MAGIC_LEN;
	if (rest < INFO_LEN)
		return diag_fail(diag, -EINVAL, "its signature is cut off");
	sig = (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 | word[3];
	if (sig > rest - INFO_LEN)
		return diag_fail(diag, -EINVAL, "its signature claims to be longer than the file");
	*bare = rest - INFO_LEN - sig;
	return 0;
}
