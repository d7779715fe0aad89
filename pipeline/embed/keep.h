/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a file has besides its contents and is to keep when these are replaced: owner,
 * mode, extended attributes, time of modification.
 */
#ifndef PIPELINE_EMBED_KEEP_H
#define PIPELINE_EMBED_KEEP_H

#include <stdbool.h>

#include "merge/diag.h"

/*
 * Gives the file @to what the file at @from has. security.ima and security.evm stay
 * behind: they are about the old contents. With @copy the owner and attributes that this process
 * may not give are left out, as cp -p does; without it that is an error. 0 or a negative errno with
 * the reason in @diag.
 */
int keep_attributes(const char *from, int to, bool copy, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
