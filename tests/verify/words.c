// SPDX-License-Identifier: GPL-2.0-only
#include "tests/verify/words.h"

#include <byteswap.h>
#include <string.h>

void blob_make(struct blob *b, const uint32_t *words, size_t nr, const char *strings, size_t len)
{
	uint32_t types = (uint32_t)nr * 4;
	uint32_t header[6] = {BTF_MAGIC | BTF_VERSION << 16, 24, 0, types, types, (uint32_t)len};

	assert_true(sizeof(header) + types + len <= sizeof(b->bytes));
	memcpy(b->bytes, header, sizeof(header));
	if (types)
		memcpy(b->bytes + sizeof(header), words, types);
	memcpy(b->bytes + sizeof(header) + types, strings, len);
	b->len = sizeof(header) + types + len;
}

void blob_swap(struct blob *b)
{
	uint32_t word, types;
	unsigned char t = b->bytes[0];

	memcpy(&types, b->bytes + 12, sizeof(types));
	b->bytes[0] = b->bytes[1];
	b->bytes[1] = t;
	for (uint32_t at = 4; at < 24 + types; at += 4) {
		memcpy(&word, b->bytes + at, sizeof(word));
		word = bswap_32(word);
		memcpy(b->bytes + at, &word, sizeof(word));
	}
}

/* What the last verdict's strings belong to. */
static struct verifier *verifier;
static struct verify_base *over;

struct verify_verdict verdict_on(const struct blob *b, enum verify_profile profile, uint32_t kernel,
				 const struct blob *base, const struct blob *distilled)
{
	struct verify_ask ask = {
		.kernel = kernel,
		.profile = profile,
		.blob = b->bytes,
		.len = b->len,
		.distilled = distilled ? distilled->bytes : NULL,
		.distilled_len = distilled ? distilled->len : 0,
	};
	struct verify_verdict v;

	verify_base_free(over);
	over = NULL;
	verifier_free(verifier);
	verifier = verifier_new();
	assert_non_null(verifier);
	if (base) {
		assert_int_equal(verify_base_new(&over, kernel, base->bytes, base->len, &v), 0);
		assert_int_not_equal(v.grade, VERIFY_REJECTED);
	}
	ask.base = over;
	assert_int_equal(verify(verifier, &ask, &v), 0);
	return v;
}

void assert_verdict(const char *what, const struct verify_verdict *v, enum verify_grade grade,
		    int err, const char *said)
{
	bool same = v->said && said ? !strcmp(v->said, said) : v->said == said;

	if (v->grade == grade && v->err == err && same)
		return;
	fail_msg("%s: %s, %d, \"%s\", not %s, %d, \"%s\"", what, verify_grade_name(v->grade),
		 v->err, v->said ? v->said : "", verify_grade_name(grade), err, said ? said : "");
}
