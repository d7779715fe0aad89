/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BTF written down word by word, for tests of what is wrong with it.
 *
 * The strings are the same in all of them; offsets of names have names here.
 */
#ifndef TESTS_VERIFY_WORDS_H
#define TESTS_VERIFY_WORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "merge/btf.h"
#include "merge/verify/verify.h"

#define STRINGS "\0int\0foo\0bar\0b d\0x.y\0\0\xe9t\xe9\0\xd7\0.data"
enum {
	NO_NAME = 0,
	INT = 1,
	FOO = 5,
	BAR = 9,
	SPACE = 13, /* "b d" */
	DOT = 17,   /* "x.y" */
	EMPTY = 21,
	LATIN = 22, /* letters in Latin-1 */
	TIMES = 26, /* no letter there, in the middle of them */
	DATA = 28,  /* ".data" */
	STRINGS_LEN = 34,
};

#define INFO(kind, vlen) ((uint32_t)BTF_KIND_##kind << 24 | (vlen))
#define KFLAG 0x80000000u
#define WORDS(...) {__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)

/* [1] int */
#define AN_INT INT, INFO(INT, 0), 4, 32

#define WORDS_MAX 256

/* A blob, and what is to be said of it. */
struct kase {
	const char *what;
	uint32_t words[WORDS_MAX];
	size_t nr;
	int err;          /* 0: accepted */
	const char *said; /* the line; NULL: nothing */
};

struct blob {
	unsigned char bytes[24 + 4 * WORDS_MAX + 256];
	size_t len;
};

/* A blob of these words and bytes of strings. */
void blob_make(struct blob *b, const uint32_t *words, size_t nr, const char *strings, size_t len);
/* Turns all its words round: the other byte order. */
void blob_swap(struct blob *b);

/* The verdict on @b; of a module over @base, which is made for the same kernel. */
struct verify_verdict verdict_on(const struct blob *b, enum verify_profile profile, uint32_t kernel,
				 const struct blob *base, const struct blob *distilled);

void assert_verdict(const char *what, const struct verify_verdict *v, enum verify_grade grade,
		    int err, const char *said);

#endif
