/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A string section under construction, or one loaded to look names up in.
 */
#ifndef TESTS_GEN_STRS_H
#define TESTS_GEN_STRS_H

#include <stddef.h>
#include <stdint.h>

#define STRS_NONE UINT32_MAX

struct strs {
	char *buf; /* the section's bytes */
	uint32_t len, cap;
	uint32_t *table; /* open addressing, offset + 1, 0 is free */
	uint32_t slots, used;
};

/* Zeroed is empty. */
void strs_free(struct strs *s);

/* Appends @str with its NUL; the offset. Does not ask whether it is there. */
uint32_t strs_append(struct strs *s, const char *str);
/* Makes @s the section of @len bytes at @buf (which ends with a NUL). */
void strs_load(struct strs *s, const char *buf, uint32_t len);

/* Offset of a string that begins where one begins in the section (the first
 * such), or STRS_NONE. */
uint32_t strs_find(const struct strs *s, const char *str);
/* The same, but it may also be the end of a longer string. */
uint32_t strs_find_tail(const struct strs *s, const char *str);

#endif
