/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that somebody else chose (paths, names in a module, an error that quotes
 * them), made fit to be shown.
 *
 * There is one notation, \xNN for the byte NN (two lower-case hex digits), and
 * one rule: a text is what it was but for the bytes written so. A backslash that
 * would itself read as an escape (it stands before an x and two hex digits) is
 * written \x5c; any other stays as it is. So replacing every \xNN by its byte
 * gives back the exact bytes, and two different names never look the same.
 */
#ifndef PIPELINE_ESCAPE_H
#define PIPELINE_ESCAPE_H

#include <stdio.h>

/*
 * For JSON and CSV: @bytes as valid UTF-8, with what is not UTF-8 escaped.
 * Control characters stay, both formats can hold them. The caller frees the
 * result; NULL when there is no memory.
 */
char *escape_utf8(const char *bytes) __attribute__((warn_unused_result));

/*
 * The other way: makes of @text, in place, the bytes that were escaped. 0, or -EINVAL when
 * one of them would be a NUL, which no escape_utf8() writes.
 */
int escape_undo(char *text) __attribute__((warn_unused_result));

/*
 * For people: writes @bytes to @f as one line that a terminal can show. Escaped
 * are invalid UTF-8, control characters (newline, ESC, C1...) and the invisible
 * ones that reorder or hide text. Write errors are left in ferror(@f).
 */
void escape_line(const char *bytes, FILE *f);

#endif
