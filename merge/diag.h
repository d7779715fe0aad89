/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reason that a person can read, beside the errno that a program can test.
 *
 * Functions that can fail for more than one reason take a `struct diag *`
 * and fill it when they return a negative errno. The text is the "why" of a
 * message: it names no file (the caller knows it) and has no final newline.
 */
#ifndef MERGE_DIAG_H
#define MERGE_DIAG_H

struct diag {
	char text[256];
};

/* Writes the reason and returns @err (a negative errno), so that a failure
 * is one statement: return diag_fail(diag, -EINVAL, "...", ...). */
int diag_fail(struct diag *diag, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
