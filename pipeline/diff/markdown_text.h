/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that somebody else chose, in GitHub's markdown.
 */
#ifndef PIPELINE_DIFF_MARKDOWN_TEXT_H
#define PIPELINE_DIFF_MARKDOWN_TEXT_H

#include <stdio.h>

/*
 * Writes @bytes as code, fit for a cell of a table: nothing in it is markup, a mention, or a
 * link, and it is one line (pipeline/escape.h). Long ones are cut. Write errors are left in
 * ferror(@f).
 */
void markdown_code(const char *bytes, FILE *f);

#endif
