/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as people read them. Each function writes into the caller's @buf and
 * returns it, so that it can stand in an argument list. The same in every locale.
 */
#ifndef PIPELINE_HUMAN_H
#define PIPELINE_HUMAN_H

#include <stdint.h>

#define HUMAN_LEN 32 /* the longest is 2^64 - 1 with its separators: 26 and a NUL */

/* "812 B", "412.3 KiB", "109.7 MiB": powers of 1024, one decimal, rounded. */
char *human_size(char buf[HUMAN_LEN], uint64_t bytes);

/* "1,823,332" */
char *human_count(char buf[HUMAN_LEN], uint64_t count);

/* How many times @part goes into @whole: "8.9x", from 100 on without the
 * decimal: "6,826x"; "-" when @part is 0. */
char *human_factor(char buf[HUMAN_LEN], uint64_t whole, uint64_t part);

/* What came on top of @old: "+12.3 KiB", "-812 B", "+0 B". */
char *human_change(char buf[HUMAN_LEN], uint64_t old, uint64_t now);

/* The same in proportion: "+5.7%", "-0.1%", from 1000% on without the decimal; "-" when
 * @old is 0. */
char *human_percent(char buf[HUMAN_LEN], uint64_t old, uint64_t now);

#endif
