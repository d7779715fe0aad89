// SPDX-License-Identifier: GPL-2.0-only
/* Modules with a .BTF.base: the kernel's btf_relocate.c. */
#include <errno.h>
#include <string.h>

#include "tests/verify/words.h"

#define V6_18 VERIFY_KERNEL(6, 18)

/* The kernel: a struct foo, two of the name bar, an enum, a typedef, a declared union. */
#define KERNEL_STRINGS "\0int\0foo\0bar\0e\0t\0u"
enum { K_INT = 1, K_FOO = 5, K_BAR = 9, K_E = 13, K_T = 15, K_U = 17, KERNEL_STRINGS_LEN = 19 };
static const uint32_t kernel_words[] = {
	K_INT, INFO(INT, 0),         4,  32,       /* [1] */
	K_FOO, INFO(STRUCT, 1),      8,  0,  1, 0, /* [2] */
	K_BAR, INFO(STRUCT, 0),      4,            /* [3] */
	K_BAR, INFO(UNION, 0),       16,           /* [4] */
	K_E,   INFO(ENUM64, 0),      8,            /* [5] */
	K_T,   INFO(TYPEDEF, 0),     1,            /* [6] */
	K_U,   INFO(FWD, 0) | KFLAG, 0,            /* [7] */
};

/* A distilled base has its own strings: the usual ones. The module's begin behind. */
#define OWN_STRINGS "own\0"
enum { OWN = STRINGS_LEN };

/* A distilled type, one more, and what the module says with them. */
static struct verify_verdict relocate(const uint32_t *dist, size_t nr_dist,
				      const char *dist_strings, size_t dist_len,
				      const uint32_t *own, size_t nr_own)
{
	static struct blob kernel, base, module;

	blob_make(&kernel, kernel_words, sizeof(kernel_words) / 4, KERNEL_STRINGS,
		  KERNEL_STRINGS_LEN);
	blob_make(&base, dist, nr_dist, dist_strings, dist_len);
	blob_make(&module, own, nr_own, OWN_STRINGS, 4);
	return verdict_on(&module, VERIFY_MODULE, V6_18, &kernel, &base);
}

/* The module has a pointer to distilled type 1 only. */
static void assert_distilled(const char *what, const uint32_t *dist, size_t nr, int err,
			     const char *said)
{
	const uint32_t own[] = {0, INFO(PTR, 0), 1};
	struct verify_verdict v =
		relocate(dist, nr, STRINGS, STRINGS_LEN, own, sizeof(own) / sizeof(own[0]));

	assert_verdict(what, &v, err ? VERIFY_REJECTED : VERIFY_ACCEPTED, err, said);
	assert_null(v.foreign);
}

#define DISTILLED(what, err, said, ...)                         \
	assert_distilled(what, (const uint32_t[]){__VA_ARGS__}, \
			 sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), err, said)

static void types_are_found_by_name(void **state)
{
	DISTILLED("an int", 0, NULL, AN_INT);
	DISTILLED("an int of another size", -EINVAL,
		  "distilled base BTF type 'int' [1] is not mapped to base BTF id", INT,
		  INFO(INT, 0), 8, 64);
	DISTILLED("an int of another sign", -EINVAL,
		  "distilled base BTF type 'int' [1] is not mapped to base BTF id", INT,
		  INFO(INT, 0), 4, BTF_INT_SIGNED << 24 | 32);
	DISTILLED("a struct, whatever its size", 0, NULL, FOO, INFO(STRUCT, 0), 4);
	DISTILLED("of two of a name, the one of its size", 0, NULL, BAR, INFO(STRUCT, 0), 16);
	DISTILLED("of two, another size", -EINVAL,
		  "distilled base BTF type 'bar' [1] is not mapped to base BTF id", BAR,
		  INFO(STRUCT, 0), 8);
	DISTILLED("a struct that is declared", 0, NULL, FOO, INFO(FWD, 0), 0);
	DISTILLED("a union that is, though it is a struct", 0, NULL, FOO, INFO(FWD, 0) | KFLAG, 0);
	DISTILLED("two of one name and size", -EINVAL,
		  "distilled base BTF type 'bar' [1] is not mapped to base BTF id", BAR,
		  INFO(FWD, 0), 0);
}

static void some_kinds_are_distilled(void **state)
{
	DISTILLED("a typedef", -EINVAL, "type [1] in distilled based BTF has unexpected kind [8]",
		  FOO, INFO(TYPEDEF, 0), 0);
	DISTILLED("a long enum", -EINVAL,
		  "type [1] in distilled based BTF has unexpected kind [19]", FOO, INFO(ENUM64, 0),
		  8);
	DISTILLED("no name", -EINVAL,
		  "type [1], kind [4] is invalid for distilled base BTF; it is anonymous", 0,
		  INFO(STRUCT, 0), 4);
	DISTILLED("a bad name", -EINVAL, "[1] STRUCT b d size=4 vlen=0 Invalid name", SPACE,
		  INFO(STRUCT, 0), 4);
}

static void an_enum_may_be_a_long_one(void **state)
{
	const uint32_t dist[] = {1, INFO(ENUM, 0), 8}, own[] = {0, INFO(PTR, 0), 1};
	struct verify_verdict v = relocate(dist, 3, "\0e", 3, own, 3);

	assert_verdict("an enum", &v, VERIFY_ACCEPTED, 0, NULL);
}

static void embedded_structs_need_their_size(void **state)
{
	const uint32_t dist[] = {FOO, INFO(STRUCT, 0), 4};
	/* [2] const -> 1, [3] struct own { const struct foo m; } */
	const uint32_t own[] = {0, INFO(CONST, 0), 1, OWN, INFO(STRUCT, 1), 4, 0, 2, 0};
	struct verify_verdict v = relocate(dist, 3, STRINGS, STRINGS_LEN, own, 9);

	assert_verdict("embedded", &v, VERIFY_REJECTED, -EINVAL,
		       "distilled base BTF type 'foo' [1] is not mapped to base BTF id");
}

static void ids_and_strings_have_to_be_there(void **state)
{
	const uint32_t dist[] = {FOO, INFO(STRUCT, 0), 8};
	const uint32_t beyond[] = {0, INFO(PTR, 0), 3};
	const uint32_t borrowed[] = {BAR, INFO(TYPEDEF, 0), 1};
	const uint32_t own_name[] = {FOO, INFO(TYPEDEF, 0), 1, OWN, INFO(TYPEDEF, 0), 2};
	const uint32_t ring[] = {0, INFO(ARRAY, 0), 0, 2, 2, 1, OWN, INFO(STRUCT, 1), 4, 0, 2, 0};
	struct verify_verdict v;

	v = relocate(dist, 3, STRINGS, STRINGS_LEN, beyond, 3);
	assert_verdict("beyond", &v, VERIFY_REJECTED, -EINVAL, NULL);
	v = relocate(dist, 3, STRINGS, STRINGS_LEN, borrowed, 3);
	assert_verdict("borrowed", &v, VERIFY_REJECTED, -ENOENT,
		       "string '' [offset 9] is not mapped to base BTF");
	v = relocate(dist, 3, STRINGS, STRINGS_LEN, own_name, 6);
	assert_verdict("a type's name", &v, VERIFY_ACCEPTED, 0, NULL);
	v = relocate(dist, 3, STRINGS, STRINGS_LEN, ring, 12);
	assert_verdict("a ring of arrays", &v, VERIFY_REJECTED, -EINVAL, NULL);
}

static void an_empty_section_is_one(void **state)
{
	const uint32_t own[] = {0, INFO(PTR, 0), 0};
	struct blob kernel, module, empty = {.len = 0};
	struct verify_verdict v;

	blob_make(&kernel, kernel_words, sizeof(kernel_words) / 4, KERNEL_STRINGS,
		  KERNEL_STRINGS_LEN);
	blob_make(&module, own, 3, "", 0);
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &kernel, &empty);
	assert_verdict("6.18", &v, VERIFY_REJECTED, -EINVAL, "hdr_len not found");
	/* Kernels of before do not know it. */
	v = verdict_on(&module, VERIFY_MODULE, VERIFY_KERNEL(6, 10), &kernel, &empty);
	assert_verdict("6.10", &v, VERIFY_ACCEPTED, 0, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_found_by_name),
		cmocka_unit_test(some_kinds_are_distilled),
		cmocka_unit_test(an_enum_may_be_a_long_one),
		cmocka_unit_test(embedded_structs_need_their_size),
		cmocka_unit_test(ids_and_strings_have_to_be_there),
		cmocka_unit_test(an_empty_section_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
