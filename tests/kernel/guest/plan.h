/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plan: what is inserted, in which order. A file with a line a module, fields parted
 * by tabs:
 *
 *	NAME  ACTION  PATH  BLOB  NUMBER...
 *
 * ACTION is "keep", "remove" (again, at once) or "skip" (as if it had been tried), and BLOB the
 * file that /sys/kernel/btf/NAME must be equal to, "-" for none. The NUMBERs are those of the
 *lines, counted from 1, that must be inserted before; they are smaller than the line's own.
 */
#ifndef GUEST_PLAN_H
#define GUEST_PLAN_H

#include <stdbool.h>
#include <stddef.h>

struct plan_entry {
	char *name;
	char *path;
	char *blob; /* NULL: none */
	bool remove;
	bool tried; /* for its user; skip sets it */
	size_t *needs;
	size_t need_count;
};

struct plan {
	struct plan_entry *entries; /* line n is entries[n - 1] */
	size_t count;
};

/* Reads it; ends the program where that cannot be. It stays until the program ends. */
void plan_read(struct plan *plan, const char *path);

#endif
