// SPDX-License-Identifier: GPL-2.0-only
/* Rules that came, or went, with a kernel version. */
#include <errno.h>
#include <string.h>

#include "tests/verify/words.h"

#define V(major, minor) VERIFY_KERNEL(major, minor)

static void assert_version(const struct kase *k, uint32_t kernel, int err, const char *said)
{
	struct verify_verdict v;
	struct blob b;

	blob_make(&b, k->words, k->nr, STRINGS, STRINGS_LEN);
	v = verdict_on(&b, VERIFY_PROGRAM, kernel, NULL, NULL);
	assert_verdict(k->what, &v, err ? VERIFY_REJECTED : VERIFY_ACCEPTED, err, said);
}

/* Rejected by @before, accepted from @from on. */
static void assert_since(const struct kase *k, uint32_t before, uint32_t from)
{
	assert_version(k, before, k->err, k->said);
	assert_version(k, from, 0, NULL);
}

static void kinds_come(void **state)
{
	static const struct kase decl_tag = {
		"DECL_TAG", WORDS(FOO, INFO(TYPEDEF, 0), 0, BAR, INFO(DECL_TAG, 0), 1, -1u),
		-EINVAL, "[2] Invalid kind:17"};
	static const struct kase type_tag = {"TYPE_TAG", WORDS(FOO, INFO(TYPE_TAG, 0), 0), -EINVAL,
					     "[1] Invalid kind:18"};
	static const struct kase enum64 = {"ENUM64", WORDS(FOO, INFO(ENUM64, 0), 8), -EINVAL,
					   "[1] Invalid kind:19"};

	assert_since(&decl_tag, V(5, 15), V(5, 16));
	assert_since(&type_tag, V(5, 16), V(5, 17));
	assert_since(&enum64, V(5, 19), V(6, 0));
}

static void flags_come(void **state)
{
	static const struct kase signed_enum = {
		"a signed enum", WORDS(FOO, INFO(ENUM, 0) | KFLAG, 4), -EINVAL,
		"[1] ENUM foo size=4 vlen=0 Invalid btf_info kind_flag"};
	static const struct kase attribute = {
		"an attribute", WORDS(FOO, INFO(TYPE_TAG, 0) | KFLAG, 0), -EINVAL,
		"[1] TYPE_TAG foo type_id=0 Invalid btf_info kind_flag"};

	assert_since(&signed_enum, V(5, 19), V(6, 0));
	assert_since(&attribute, V(6, 12), V(6, 15));
}

static void names_become_freer(void **state)
{
	static const struct kase section = {"a section", WORDS(SPACE, INFO(DATASEC, 0), 4), -EINVAL,
					    "[1] DATASEC b d size=4 vlen=0 Invalid name"};
	static const struct kase dot = {"a dot", WORDS(DOT, INFO(TYPEDEF, 0), 0), -EINVAL,
					"[1] TYPEDEF x.y type_id=0 Invalid name"};
	static const struct kase var = {"a variable's", WORDS(AN_INT, DOT, INFO(VAR, 0), 1, 0), 0,
					NULL};

	assert_since(&section, V(6, 11), V(6, 12));
	assert_since(&dot, V(6, 0), V(6, 1));
	assert_version(&var, V(6, 0), 0, NULL);
}

static void names_become_longer(void **state)
{
	static const uint32_t limit[][2] = {{V(6, 0), 128}, {V(6, 1), 512}};
	const uint32_t words[] = {1, INFO(TYPEDEF, 0), 0};
	char strings[600];

	for (int i = 0; i < 2; i++) {
		for (uint32_t more = 0; more < 2; more++) {
			uint32_t n = limit[i][1] + more;
			struct verify_verdict v;
			struct blob b;

			memset(strings, 'a', sizeof(strings));
			strings[0] = strings[1 + n] = '\0';
			blob_make(&b, words, 3, strings, n + 2);
			v = verdict_on(&b, VERIFY_PROGRAM, limit[i][0], NULL, NULL);
			assert_int_equal(v.err, more ? -EINVAL : 0);
		}
	}
}

static void chains_are_looked_at(void **state)
{
	const uint32_t words[] = {0, INFO(CONST, 0), 2, 0, INFO(VOLATILE, 0), 1};
	struct verify_verdict v;
	struct blob b;

	blob_make(&b, words, 6, STRINGS, STRINGS_LEN);
	v = verdict_on(&b, VERIFY_VMLINUX, V(5, 19), NULL, NULL);
	assert_verdict("a ring", &v, VERIFY_REJECTED, -ELOOP, "Max chain length or cycle detected");
	v = verdict_on(&b, VERIFY_VMLINUX, V(5, 18), NULL, NULL);
	assert_int_equal(v.grade, VERIFY_BROKEN);
}

static void order_of_tags_is_given_up(void **state)
{
	static const struct kase k = {"", WORDS(0, INFO(CONST, 0), 2, FOO, INFO(TYPE_TAG, 0), 0),
				      -EINVAL, "Type tags don't precede modifiers"};

	assert_since(&k, V(6, 18), V(7, 2));
}

static void vlen_becomes_wider(void **state)
{
	static const struct kase k = {"", WORDS(FOO, INFO(STRUCT, 0x10000), 0), -EINVAL,
				      "[1] Invalid btf_info:4010000"};

	assert_version(&k, V(6, 18), k.err, k.said);
	assert_version(&k, V(7, 2), -EINVAL, "[1] STRUCT foo meta_left:0 meta_needed:786432");
}

/* The header of 32 bytes, with or without a layout section before the strings. */
static void make_long(struct blob *b, uint32_t layout_len)
{
	const uint32_t an_int[] = {AN_INT};
	uint32_t header[8] = {
		BTF_MAGIC | BTF_VERSION << 16, 32,        0, 16, 16 + layout_len, STRINGS_LEN,
		layout_len ? 16 : 0,           layout_len};

	memcpy(b->bytes, header, 32);
	memcpy(b->bytes + 32, an_int, 16);
	memset(b->bytes + 48, 0, layout_len);
	memcpy(b->bytes + 48 + layout_len, STRINGS, STRINGS_LEN);
	b->len = 48 + layout_len + STRINGS_LEN;
}

static void the_layout_section_comes(void **state)
{
	static const struct {
		uint32_t len;
		int err;
		const char *said;
	} layouts[] = {
		{0, 0, NULL},
		{80, 0, NULL},
		{2, -EINVAL, "Layout section is too small"},
		{6, -EINVAL, "layout_len is not multiple of 4"},
	};
	struct verify_verdict v;
	struct blob b;

	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		make_long(&b, layouts[i].len);
		v = verdict_on(&b, VERIFY_PROGRAM, V(7, 1), NULL, NULL);
		assert_verdict("7.1", &v, layouts[i].err ? VERIFY_REJECTED : VERIFY_ACCEPTED,
			       layouts[i].err, layouts[i].said);
		/* Nobody looks at it in the kernel's own. */
		v = verdict_on(&b, VERIFY_VMLINUX, V(7, 1), NULL, NULL);
		assert_int_equal(v.err, 0);
	}
	make_long(&b, 80);
	v = verdict_on(&b, VERIFY_PROGRAM, V(6, 18), NULL, NULL);
	assert_verdict("6.18", &v, VERIFY_REJECTED, -E2BIG, "Unsupported btf_header");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_come),           cmocka_unit_test(flags_come),
		cmocka_unit_test(names_become_freer),   cmocka_unit_test(names_become_longer),
		cmocka_unit_test(chains_are_looked_at), cmocka_unit_test(order_of_tags_is_given_up),
		cmocka_unit_test(vlen_becomes_wider),   cmocka_unit_test(the_layout_section_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
