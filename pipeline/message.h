/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the program says on stderr: one line a message, in one style.
 */
#ifndef PIPELINE_MESSAGE_H
#define PIPELINE_MESSAGE_H

/*
 * Prints "btfbatch: FILE: WHAT: WHY". Parts that are NULL are left out with
 * their colon. Any part may hold bytes from a file: all are escaped, so a
 * message is one line. A progress bar makes room for it. May be called by
 * any thread; the line goes out in one write. errno is kept.
 */
void message(const char *file, const char *what, const char *why);

#endif
