/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of a base that is being made: its strings, and its types by their names.
 */
#ifndef MERGE_BASE_NAMES_H
#define MERGE_BASE_NAMES_H

#include "merge/base_index.h"
#include "merge/blob.h"

/* Makes room in @base, of which the strings and the number of types are known, for the names of
 * @in: nothing of what follows needs more. */
void base_names_init(struct base *base, const struct blob *in);

/* Files every string that begins in the section, used by a type or not, under its text, the first
 * of the same text only. */
void base_names_file_strings(struct base *base);

/* Files the types by their names, which are known to be in range. */
void base_names_file_types(struct base *base, const struct blob *in);

/*
 * Both, while the types are filed otherwise by another thread: @in is only read, and of the base
 * nothing is touched but its names. True if each text stands once and the types' names are such
 * strings; else the types are yet to be filed by them.
 */
bool base_names_file_plain(struct base *base, const struct blob *in);

#endif
