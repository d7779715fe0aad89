/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signature that stands behind a signed module: the signature proper, a struct
 * module_signature that has its length, and a magic string
 * (include/linux/module_signature.h of the kernel).
 */
#ifndef PIPELINE_EMBED_SIGNATURE_H
#define PIPELINE_EMBED_SIGNATURE_H

#include <stddef.h>

#include "merge/diag.h"

/*
 * Stores in *@bare how many of the @len bytes of the module at @image stand before its
 * signature: all where it has none. 0, or -EINVAL with the reason in @diag: there is one,
 * but broken.
 */
int signature_find(const void *image, size_t len, size_t *bare, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
