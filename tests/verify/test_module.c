// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel looks at in a module, and what not: kernel/bpf/btf.c, btf_parse_module(). */
#include <errno.h>
#include <string.h>

#include "tests/verify/words.h"

#define V6_18 VERIFY_KERNEL(6, 18)

/* The base has four types and the usual strings; the module's own begin behind them. */
#define OWN_STRINGS "mod\0own\0s p"
enum { MOD = STRINGS_LEN, OWN = MOD + 4, OWN_SPACE = OWN + 4, OWN_END = OWN_SPACE + 4 };
#define FIRST 5

static const struct kase base_kase = {"base",
				      WORDS(AN_INT, FOO, INFO(STRUCT, 1), 4, BAR, 1, 0, 0,
					    INFO(FUNC_PROTO, 0), 0, BAR, INFO(FUNC, 1), 3),
				      0, NULL};

static void make_base(struct blob *b)
{
	blob_make(b, base_kase.words, base_kase.nr, STRINGS, STRINGS_LEN);
}

static struct verify_verdict check(const struct kase *k)
{
	static struct blob base, module;

	make_base(&base);
	blob_make(&module, k->words, k->nr, OWN_STRINGS, sizeof(OWN_STRINGS));
	return verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
}

static void assert_all(const struct kase *kases, size_t nr, enum verify_grade grade)
{
	for (size_t i = 0; i < nr; i++) {
		struct verify_verdict v = check(&kases[i]);

		assert_verdict(kases[i].what, &v, grade, kases[i].err, kases[i].said);
		assert_null(v.foreign);
	}
}

#define ASSERT_ALL(kases, grade) assert_all(kases, sizeof(kases) / sizeof((kases)[0]), grade)

static void good_ones_are_accepted(void **state)
{
	static const struct kase kases[] = {
		{"no types", {0}, 0, 0, NULL},
		{"types of its own and of the base",
		 WORDS(MOD, INFO(STRUCT, 2), 8, OWN, 2, 0, FOO, 6, 32, OWN, INFO(TYPEDEF, 0), 1), 0,
		 NULL},
		{"a function",
		 WORDS(0, INFO(FUNC_PROTO, 1), 1, MOD, 6, OWN, INFO(TYPEDEF, 0), 1, MOD,
		       INFO(FUNC, 0), 5),
		 0, NULL},
	};

	ASSERT_ALL(kases, VERIFY_ACCEPTED);
}

static void what_c_allows_is_accepted_though_a_program_may_not(void **state)
{
	static const struct kase kases[] = {
		{"a function that returns const void",
		 WORDS(0, INFO(CONST, 0), 0, 0, INFO(FUNC_PROTO, 0), 5), 0, NULL},
		{"a byte's enum behind bitfields",
		 WORDS(MOD, INFO(ENUM, 0), 1, OWN, INFO(STRUCT, 2) | KFLAG, 5, FOO, 1, 3u << 24,
		       BAR, 5, 32),
		 0, NULL},
		{"a packed float",
		 WORDS(MOD, INFO(FLOAT, 0), 8, OWN, INFO(STRUCT, 1), 12, FOO, 5, 32), 0, NULL},
	};

	ASSERT_ALL(kases, VERIFY_ACCEPTED);
}

static void what_makes_no_sense_is_broken(void **state)
{
	static const struct kase kases[] = {
		{"a pointer to nothing", WORDS(0, INFO(PTR, 0), 99), 0,
		 "[5] PTR (anon) type_id=99 Invalid type_id"},
		{"a struct in itself", WORDS(MOD, INFO(STRUCT, 1), 8, OWN, 5, 0), 0,
		 "[5] STRUCT mod size=8 vlen=1 Loop detected"},
		{"a member that does not fit", WORDS(MOD, INFO(STRUCT, 1), 2, OWN, 2, 0), 0,
		 "\town type_id=2 bits_offset=0 Member exceeds struct_size"},
		{"a function of the base's struct", WORDS(MOD, INFO(FUNC, 0), 2), 0,
		 "[5] FUNC mod type_id=2 Invalid type_id"},
		{"a parameter with a bad name", WORDS(0, INFO(FUNC_PROTO, 1), 0, OWN_SPACE, 1), 0,
		 "[5] FUNC_PROTO (anon) return=0 args=(1 s p) Invalid arg#1"},
		{"a parameter with a name behind the strings",
		 WORDS(0, INFO(FUNC_PROTO, 1), 0, OWN_END, 1), 0,
		 "[5] FUNC_PROTO (anon) return=0 args=(1 (invalid-name-offset)) Invalid arg#1"},
	};

	ASSERT_ALL(kases, VERIFY_BROKEN);
}

static void what_the_kernel_sees_is_rejected(void **state)
{
	static const struct kase kases[] = {
		{"a name behind the strings", WORDS(OWN_END, INFO(TYPEDEF, 0), 1), -EINVAL,
		 "[5] Invalid name_offset:46"},
		{"a name of the base that is none", WORDS(SPACE, INFO(TYPEDEF, 0), 1), -EINVAL,
		 "[5] TYPEDEF b d type_id=1 Invalid name"},
		{"an own name that is none", WORDS(OWN_SPACE, INFO(TYPEDEF, 0), 1), -EINVAL,
		 "[5] TYPEDEF s p type_id=1 Invalid name"},
		{"a typedef of nothing", WORDS(OWN, INFO(TYPEDEF, 0), 6), -EINVAL, NULL},
		{"a ring of qualifiers", WORDS(0, INFO(CONST, 0), 6, 0, INFO(VOLATILE, 0), 5),
		 -ELOOP, "Max chain length or cycle detected"},
		{"a qualifier before a tag", WORDS(OWN, INFO(TYPE_TAG, 0), 1, 0, INFO(CONST, 0), 5),
		 -EINVAL, "Type tags don't precede modifiers"},
		{"a member behind its struct", WORDS(MOD, INFO(STRUCT, 1), 2, OWN, 1, 17), -EINVAL,
		 "\town type_id=1 bits_offset=17 Member bits_offset exceeds its struct size"},
	};

	ASSERT_ALL(kases, VERIFY_REJECTED);
}

static void nests_may_be_deep(void **state)
{
	uint32_t words[WORDS_MAX];
	struct verify_verdict v;
	struct blob base, module;
	size_t n = 0;

	for (uint32_t i = 0; i < 40; i++) {
		const uint32_t one[] = {MOD, INFO(STRUCT, 1), 4, OWN, i < 39 ? FIRST + i + 1 : 1,
					0};

		memcpy(words + n, one, sizeof(one));
		n += 6;
	}
	make_base(&base);
	blob_make(&module, words, n, OWN_STRINGS, sizeof(OWN_STRINGS));
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_verdict("40 deep", &v, VERIFY_ACCEPTED, 0, NULL);
}

static void dmesg_has_a_line_of_each_piece(void **state)
{
	static const struct kase k = {"", WORDS(MOD, INFO(STRUCT, 1), 2, OWN, 1, 17), 0, NULL};
	static const struct kase header = {"", WORDS(OWN_END, INFO(TYPEDEF, 0), 1), 0, NULL};
	struct verify_verdict v = check(&k);

	assert_string_equal(v.log, "BPF: \town type_id=1 bits_offset=17\n"
				   "BPF:  \n"
				   "BPF: Member bits_offset exceeds its struct size\n"
				   "BPF: \n");
	v = check(&header);
	assert_string_equal(v.log, "BPF: [5] Invalid name_offset:46\n");
}

static void a_module_may_have_no_strings(void **state)
{
	const uint32_t words[] = {FOO, INFO(TYPEDEF, 0), 1};
	struct verify_verdict v;
	struct blob base, module;

	make_base(&base);
	blob_make(&module, words, 3, "", 0);
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_verdict("no strings", &v, VERIFY_ACCEPTED, 0, NULL);
	blob_make(&module, words, 3, "a", 1);
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_verdict("no end", &v, VERIFY_REJECTED, -EINVAL, "Invalid string section");
	blob_make(&module, NULL, 0, "", 0);
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_verdict("a header alone", &v, VERIFY_ACCEPTED, 0, NULL);
}

static void the_byte_order_is_the_bases(void **state)
{
	const uint32_t words[] = {MOD, INFO(STRUCT, 1), 4, OWN, 2, 0};
	struct verify_verdict v;
	struct blob base, module;

	make_base(&base);
	blob_swap(&base);
	blob_make(&module, words, 6, OWN_STRINGS, sizeof(OWN_STRINGS));
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_verdict("the other one", &v, VERIFY_REJECTED, -EINVAL, "btf_header not found");
	blob_swap(&module);
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_verdict("the same", &v, VERIFY_ACCEPTED, 0, NULL);
}

static void standalone_btf_in_a_module_is_of_no_base(void **state)
{
	const uint32_t words[] = {AN_INT, FOO, INFO(STRUCT, 1), 4, BAR, 1, 0};
	struct verify_verdict v;
	struct blob base, module;

	make_base(&base);
	blob_make(&module, words, 10, STRINGS, STRINGS_LEN);
	assert_true(verify_is_standalone(module.bytes, module.len));
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_int_equal(v.grade, VERIFY_BROKEN);
	assert_non_null(strstr(v.foreign, "standalone"));
	blob_make(&module, words, 10, OWN_STRINGS, sizeof(OWN_STRINGS));
	assert_false(verify_is_standalone(module.bytes, module.len));
}

/* A base like it, with a type and a string more at its beginning. */
static void make_other_base(struct blob *b)
{
	const uint32_t words[] = {
		AN_INT, 1, INFO(TYPEDEF, 0),    1, FOO + 5, INFO(STRUCT, 1), 4, BAR + 5, 1,
		0,      0, INFO(FUNC_PROTO, 0), 0, BAR + 5, INFO(FUNC, 1),   4};

	blob_make(b, words, sizeof(words) / sizeof(words[0]), "\0size" STRINGS, STRINGS_LEN + 5);
}

static void a_module_of_another_base_is_told_apart(void **state)
{
	const uint32_t words[] = {MOD + 5,
				  INFO(STRUCT, 2),
				  8,
				  OWN + 5,
				  3,
				  0,
				  FOO + 5,
				  7,
				  32,
				  OWN + 5,
				  INFO(TYPEDEF, 0),
				  1,
				  BAR + 5,
				  INFO(FUNC, 0),
				  9,
				  0,
				  INFO(FUNC_PROTO, 0),
				  3};
	struct verify_verdict v;
	struct blob base, module;

	blob_make(&module, words, 18, OWN_STRINGS, sizeof(OWN_STRINGS));
	make_other_base(&base);
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_verdict("its own", &v, VERIFY_ACCEPTED, 0, NULL);
	assert_null(v.foreign);
	make_base(&base);
	v = verdict_on(&module, VERIFY_MODULE, V6_18, &base, NULL);
	assert_int_not_equal(v.grade, VERIFY_ACCEPTED);
	assert_non_null(v.foreign);
}

static void one_bad_reference_is_damage(void **state)
{
	static const struct kase kases[] = {
		{"a name",
		 WORDS(MOD, INFO(STRUCT, 2), 8, OWN, 2, 0, FOO + 1, 6, 32, OWN, INFO(TYPEDEF, 0),
		       1),
		 0, NULL},
		{"a function for a type",
		 WORDS(MOD, INFO(STRUCT, 2), 8, OWN, 4, 0, FOO, 6, 32, OWN, INFO(TYPEDEF, 0), 1), 0,
		 NULL},
	};

	for (size_t i = 0; i < 2; i++)
		assert_null(check(&kases[i]).foreign);
}

static void bases_part_at_the_first_difference(void **state)
{
	struct verify_base *a, *b;
	struct verify_parting p;
	struct verify_verdict v;
	struct blob one, other;

	make_base(&one);
	make_other_base(&other);
	assert_int_equal(verify_base_new(&a, V6_18, one.bytes, one.len, &v), 0);
	assert_int_equal(verify_base_new(&b, V6_18, other.bytes, other.len, &v), 0);
	p = verify_bases_part(a, b);
	/* Type 1 is an int here and a size there; so is the string. */
	assert_int_equal(p.type, 1);
	assert_int_equal(p.string, 1);
	assert_string_equal(verify_base_name(a, 1), "int");
	assert_string_equal(verify_base_name(b, 1), "size");
	p = verify_bases_part(a, a);
	assert_int_equal(p.type, 0);
	assert_int_equal(p.string, 0);
	verify_base_free(a);
	verify_base_free(b);
}

static void a_broken_base_can_be_used_and_a_rejected_one_not(void **state)
{
	const uint32_t loop[] = {AN_INT, FOO, INFO(STRUCT, 1), 4, BAR, 2, 0};
	const uint32_t bad[] = {SPACE, INFO(TYPEDEF, 0), 0};
	struct verify_base *base;
	struct verify_verdict v;
	struct blob b;

	blob_make(&b, loop, 10, STRINGS, STRINGS_LEN);
	assert_int_equal(verify_base_new(&base, V6_18, b.bytes, b.len, &v), 0);
	assert_verdict("loop", &v, VERIFY_BROKEN, 0, "[2] STRUCT foo size=4 vlen=1 Loop detected");
	verify_base_free(base);
	blob_make(&b, bad, 3, STRINGS, STRINGS_LEN);
	assert_int_equal(verify_base_new(&base, V6_18, b.bytes, b.len, &v), 0);
	assert_verdict("name", &v, VERIFY_REJECTED, -EINVAL,
		       "[1] TYPEDEF b d type_id=0 Invalid name");
	verify_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_ones_are_accepted),
		cmocka_unit_test(what_c_allows_is_accepted_though_a_program_may_not),
		cmocka_unit_test(what_makes_no_sense_is_broken),
		cmocka_unit_test(what_the_kernel_sees_is_rejected),
		cmocka_unit_test(nests_may_be_deep),
		cmocka_unit_test(dmesg_has_a_line_of_each_piece),
		cmocka_unit_test(a_module_may_have_no_strings),
		cmocka_unit_test(the_byte_order_is_the_bases),
		cmocka_unit_test(standalone_btf_in_a_module_is_of_no_base),
		cmocka_unit_test(a_module_of_another_base_is_told_apart),
		cmocka_unit_test(one_bad_reference_is_damage),
		cmocka_unit_test(bases_part_at_the_first_difference),
		cmocka_unit_test(a_broken_base_can_be_used_and_a_rejected_one_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
