// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/mem.h"
#include "tests/verify/cases.h"
#include "tests/verify/kernel_load.h"

#define V6_18 VERIFY_KERNEL(6, 18)

static void make(struct blob *b, const struct kase *k)
{
	blob_make(b, k->words, k->nr, STRINGS, STRINGS_LEN);
}

static void each_fault_has_the_kernels_words(void **state)
{
	struct blob b;

	for (size_t i = 0; i < nr_cases; i++) {
		struct verify_verdict v;

		make(&b, &cases[i]);
		v = verdict_on(&b, VERIFY_PROGRAM, V6_18, NULL, NULL);
		assert_verdict(cases[i].what, &v, cases[i].err ? VERIFY_REJECTED : VERIFY_ACCEPTED,
			       cases[i].err, cases[i].said);
		assert_true(!cases[i].err || *v.meaning);
	}
}

static void the_running_kernel_says_the_same(void **state)
{
	char *log = mem_resize(NULL, KERNEL_LOG_MAX, 1);
	const char *why = kernel_load_refused();
	struct blob b;

	if (why || kernel_version() < VERIFY_KERNEL(6, 15) ||
	    kernel_version() > VERIFY_KERNEL(6, 19)) {
		print_message("%s\n", why ? why : "a kernel of other rules");
		free(log);
		skip();
	}
	for (size_t i = 0; i < nr_cases; i++) {
		const char *said = cases[i].said;
		int err;

		make(&b, &cases[i]);
		err = kernel_load(b.bytes, b.len, log);
		if (err != cases[i].err)
			fail_msg("%s: the kernel says %d: %s", cases[i].what, err, log);
		if (said && (strlen(log) < strlen(said) ||
			     strcmp(log + strlen(log) - strlen(said), said) != 0))
			fail_msg("%s: the kernel says:\n%s", cases[i].what, log);
	}
	free(log);
}

static void assert_bytes(const char *what, struct blob *b, int err, const char *said)
{
	struct verify_verdict v = verdict_on(b, VERIFY_PROGRAM, V6_18, NULL, NULL);

	assert_verdict(what, &v, err ? VERIFY_REJECTED : VERIFY_ACCEPTED, err, said);
}

static const struct kase an_int = {"", WORDS(AN_INT), 0, NULL};

static void put(struct blob *b, size_t at, uint32_t word)
{
	memcpy(b->bytes + at, &word, sizeof(word));
}

static void headers_are_read_as_the_kernel_reads_them(void **state)
{
	static const struct {
		size_t at;
		uint32_t word;
		int err;
		const char *said;
	} changes[] = {
		{0, BTF_MAGIC | 2u << 16, -VERIFY_ENOTSUPP, "Unsupported version"},
		{0, BTF_MAGIC | 1u << 16 | 1u << 24, -VERIFY_ENOTSUPP, "Unsupported flags"},
		{0, 0x1eb9e, -EINVAL, "Invalid magic"},
		{4, 1000, -EINVAL, "btf_header not found"},
		{4, 0, -EINVAL, "Invalid magic"},
		{4, 3, -EINVAL, "Unsupported section found"},
		{4, 25, -E2BIG, "Unsupported btf_header"},
		{8, 1, -EINVAL, "Unsupported section found"},
		{8, 1000, -EINVAL, "Unsupported section found"},
		{16, 1000, -EINVAL, "Invalid section offset"},
		{12, 20, -EINVAL, "Section overlap found"},
		{12, 12, -EINVAL, "Unsupported section found"},
		{20, STRINGS_LEN + 1, -EINVAL, "Total section length too long"},
		{20, STRINGS_LEN - 1, -EINVAL, "Unsupported section found"},
	};
	struct blob b;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		make(&b, &an_int);
		put(&b, changes[i].at, changes[i].word);
		assert_bytes("header", &b, changes[i].err, changes[i].said);
	}
	make(&b, &an_int);
	b.len = 7;
	assert_bytes("7 bytes", &b, -EINVAL, "hdr_len not found");
	make(&b, &an_int);
	b.len = 24;
	assert_bytes("a header alone", &b, -EINVAL, "No data");
	make(&b, &an_int);
	blob_swap(&b);
	assert_bytes("the other byte order", &b, -EINVAL, "btf_header not found");
}

static void strings_end_and_begin_with_a_nul(void **state)
{
	struct blob b;

	make(&b, &an_int);
	b.bytes[b.len - 1] = 'a';
	assert_bytes("end", &b, -EINVAL, "Invalid string section");
	make(&b, &an_int);
	b.bytes[24 + 16] = 'a';
	assert_bytes("begin", &b, -EINVAL, "Invalid string section");
	blob_make(&b, NULL, 0, STRINGS, STRINGS_LEN);
	assert_bytes("no types", &b, -EINVAL, "No type found");
	blob_make(&b, an_int.words, an_int.nr, "", 0);
	assert_bytes("no strings", &b, -EINVAL, "Invalid string section");
}

/* Modifiers that refer to the one behind, the last to an int. */
static size_t chain(uint32_t *words, uint32_t n)
{
	const uint32_t an_int_words[] = {AN_INT};
	size_t at = 0;

	for (uint32_t i = 1; i <= n; i++) {
		words[at++] = 0;
		words[at++] = INFO(CONST, 0);
		words[at++] = i + 1;
	}
	memcpy(words + at, an_int_words, sizeof(an_int_words));
	return at + 4;
}

static void a_walk_goes_32_types_deep(void **state)
{
	uint32_t words[WORDS_MAX];
	struct blob b;

	blob_make(&b, words, chain(words, 32), STRINGS, STRINGS_LEN);
	assert_bytes("32", &b, 0, NULL);
	blob_make(&b, words, chain(words, 33), STRINGS, STRINGS_LEN);
	assert_bytes("33", &b, -E2BIG,
		     "[1] CONST (anon) type_id=2 Exceeded max resolving depth:32");
}

static void chains_of_modifiers_end_after_32_where_nobody_walks(void **state)
{
	uint32_t words[WORDS_MAX];
	struct verify_verdict v;
	struct blob b;

	blob_make(&b, words, chain(words, 32), STRINGS, STRINGS_LEN);
	v = verdict_on(&b, VERIFY_VMLINUX, V6_18, NULL, NULL);
	assert_verdict("32", &v, VERIFY_ACCEPTED, 0, NULL);
	blob_make(&b, words, chain(words, 33), STRINGS, STRINGS_LEN);
	v = verdict_on(&b, VERIFY_VMLINUX, V6_18, NULL, NULL);
	assert_verdict("33", &v, VERIFY_REJECTED, -ELOOP, "Max chain length or cycle detected");
}

static void the_place_is_told(void **state)
{
	const uint32_t words[] = {AN_INT, FOO, INFO(STRUCT, 2), 8, FOO, 1, 0, BAR, 1, 48};
	struct verify_verdict v;
	struct blob b;

	blob_make(&b, words, 13, STRINGS, STRINGS_LEN);
	v = verdict_on(&b, VERIFY_PROGRAM, V6_18, NULL, NULL);
	assert_true(v.place.known);
	assert_int_equal(v.place.id, 2);
	assert_string_equal(v.place.kind, "STRUCT");
	assert_string_equal(v.place.name, "foo");
	assert_string_equal(v.place.part, "member");
	assert_int_equal(v.place.index, 1);
	assert_string_equal(v.place.part_name, "bar");
	assert_null(v.log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_has_the_kernels_words),
		cmocka_unit_test(the_running_kernel_says_the_same),
		cmocka_unit_test(headers_are_read_as_the_kernel_reads_them),
		cmocka_unit_test(strings_end_and_begin_with_a_nul),
		cmocka_unit_test(a_walk_goes_32_types_deep),
		cmocka_unit_test(chains_of_modifiers_end_after_32_where_nobody_walks),
		cmocka_unit_test(the_place_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
