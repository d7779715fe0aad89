// SPDX-License-Identifier: GPL-2.0-only
/*
 * BTF bytes as a base; and what is taken for one, as a module over itself.
 */
#include <stdlib.h>
#include <string.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"
#include "tests/judge/judge.h"

static void over_itself(const struct base *base, const void *blob, size_t len)
{
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct diag diag = {""};
	char why[2048];
	int err;

	fuzz_expect(d, "no memory");
	err = dedup_module(d, base, blob, len, &res, &diag);
	fuzz_expect_reason(err, &diag);
	fuzz_expect(!err, "a base, but no module: %s", diag.text);
	fuzz_expect(res.input_types == base_type_cnt(base) - 1,
		    "%u types as a base, %u as a module", base_type_cnt(base) - 1, res.input_types);
	fuzz_expect(!judge(blob, len, blob, len, false, res.split, res.split_bytes, res.map, why,
			   sizeof(why)),
		    "the judge: %s", why);
	dedup_free(d);
}

/* The steps that two threads make come to the same. */
static void in_steps(const void *blob, size_t len, int err, const struct diag *diag)
{
	struct diag other = {""};
	struct base *base = NULL;
	struct base_work *work;
	int two = base_begin(&work, blob, len, &other);

	if (!two) {
		base_make_types(work);
		base_make_names(work);
		two = base_end(work, &base, &other);
	}
	fuzz_expect(two == err && (!err || !strcmp(diag->text, other.text)),
		    "in one go %d (%s), in steps %d (%s)", err, diag->text, two, other.text);
	if (!two)
		over_itself(base, blob, len);
	base_free(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *blob = fuzz_copy(data, size);
	struct diag diag = {""};
	struct base *base = NULL;
	int err = base_new(&base, blob, size, &diag);

	fuzz_expect_reason(err, &diag);
	in_steps(blob, size, err, &diag);
	if (!err) {
		over_itself(base, blob, size);
		base_free(base);
	}
	free(blob);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = {seed};

	return rng_chance(&rng, 5) ? mutate_generate_base(&rng, data, size, max)
				   : mutate_btf(&rng, data, size, max, 1, 0);
}
