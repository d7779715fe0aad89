// SPDX-License-Identifier: GPL-2.0-only
/*
 * BTF bytes, a base and a module, from parsing to the output: the judge has to find
 * right what was accepted, and the output, done again, stays what it is.
 */
#include <stdlib.h>
#include <string.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"
#include "tests/judge/judge.h"

struct round {
	const struct fuzz_pair *pair; /* of the input, for the judge */
	struct base *base;
	struct dedup *dedup;
	struct dedup_result res;
};

static void ask_judge(const struct round *r)
{
	const struct fuzz_pair *p = r->pair;
	char why[2048];

	fuzz_expect(!judge(p->first, p->first_len, p->second, p->second_len,
			   r->res.form == BTF_FORM_SPLIT, r->res.split, r->res.split_bytes,
			   r->res.map, why, sizeof(why)),
		    "the judge: %s", why);
}

/* All passes over all of it: with the same end. */
static void spare_nothing(const struct round *r, const void *module, size_t len, int err)
{
	struct dedup *d = dedup_new();
	struct diag diag = {""};
	struct dedup_result res;
	int plain;

	fuzz_expect(d, "no memory");
	dedup_spare_nothing(d);
	plain = dedup_module(d, r->base, module, len, &res, &diag);
	fuzz_expect(plain == err, "error %d, with nothing spared %d: %s", err, plain, diag.text);
	fuzz_expect(err || (res.split_bytes == r->res.split_bytes &&
			    !memcmp(res.split, r->res.split, res.split_bytes)),
		    "%u bytes, with nothing spared %u", err ? 0 : r->res.split_bytes,
		    err ? 0 : res.split_bytes);
	dedup_free(d);
}

/* By the worker that has done it before, and knows the way. */
static void a_second_time(struct round *r, const void *module, size_t len, int err)
{
	uint32_t bytes = err ? 0 : r->res.split_bytes;
	void *split = fuzz_copy(err ? "" : r->res.split, bytes);
	struct diag diag = {""};
	int second = dedup_module(r->dedup, r->base, module, len, &r->res, &diag);

	fuzz_expect(second == err, "error %d, a second time %d: %s", err, second, diag.text);
	fuzz_expect(err || (r->res.split_bytes == bytes && !memcmp(r->res.split, split, bytes)),
		    "%u bytes, a second time %u", bytes, err ? 0 : r->res.split_bytes);
	free(split);
}

static void again(struct round *r)
{
	size_t len = r->res.split_bytes;
	void *split = fuzz_copy(r->res.split, len);
	struct diag diag = {""};
	int err = dedup_module(r->dedup, r->base, split, len, &r->res, &diag);

	fuzz_expect(!err, "its own output is refused: %s", diag.text);
	fuzz_expect(r->res.split_bytes == len && !memcmp(r->res.split, split, len),
		    "%zu bytes, and done again %u", len, r->res.split_bytes);
	free(split);
}

static void module_over(struct round *r, const void *module, size_t len)
{
	struct diag diag = {""};
	int err;

	r->dedup = dedup_new();
	fuzz_expect(r->dedup, "no memory");
	err = dedup_module(r->dedup, r->base, module, len, &r->res, &diag);
	fuzz_expect_reason(err, &diag);
	spare_nothing(r, module, len, err);
	if (!err)
		ask_judge(r);
	a_second_time(r, module, len, err);
	if (!err)
		again(r);
	dedup_free(r->dedup);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_pair pair;
	struct round r = {.pair = &pair};
	struct diag diag = {""};
	void *base, *module;
	int err;

	if (!fuzz_pair_read(&pair, data, size))
		return 0;
	base = fuzz_copy(pair.first, pair.first_len);
	module = fuzz_copy(pair.second, pair.second_len);
	err = base_new(&r.base, base, pair.first_len, &diag);
	fuzz_expect_reason(err, &diag);
	if (!err) {
		module_over(&r, module, pair.second_len);
		base_free(r.base);
	}
	free(base);
	free(module);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = {seed};

	return mutate_pair(&rng, data, size, max);
}
