/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel has in /sys/kernel/btf, compared with what it ought to have. */
#ifndef GUEST_BLOB_H
#define GUEST_BLOB_H

#include <stddef.h>

/*
 * Compares the BTF of the module NAME with the file EXPECTED (NULL: it has none). Writes into
 * word:
 *
 *	same       byte for byte
 *	differs@N  the first byte that differs, or the shorter one's length
 *	absent     the kernel has none, and ought to
 *	none       it has none, and ought not to
 *	unexpected it has one, and ought not to
 */
void blob_compare(const char *name, const char *expected, char *word, size_t size);

#endif
