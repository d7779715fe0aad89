/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Having a changed module signed again, by a command of the user's.
 */
#ifndef PIPELINE_EMBED_SIGN_H
#define PIPELINE_EMBED_SIGN_H

#include "merge/diag.h"
#include "pipeline/buffer.h"

#define SIGN_PATH "{}" /* in the command: the file's path */

/*
 * Writes @module to the file @path, which is replaced and removed again, runs @cmd by /bin/sh
 * on it, with every SIGN_PATH replaced by the quoted path, and reads the file back. What the
 * command prints goes to standard error. 0 or a negative errno with the reason in @diag: also where
 * the command failed or where what it leaves is not the same module with a signature.
 */
int sign_module(struct buffer *module, const char *path, const char *cmd, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
