// SPDX-License-Identifier: GPL-2.0-only
/*
 * A base and a module, BTF, through the verifier of `check`, by each profile and by kernels
 * old and new. What is fine as it came is fine when it is deduplicated.
 */
#include <stdlib.h>
#include <string.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "merge/verify/verify.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

struct round {
	struct fuzz_pair pair;
	void *module; /* a copy of the pair's second */
	uint32_t kernel;
	struct verify_base *base;
	enum verify_grade base_grade;
	struct verifier *verifier;
};

static void expect_verdict(const struct verify_verdict *v)
{
	fuzz_expect((v->grade == VERIFY_REJECTED) == (v->err < 0), "%s, but error %d",
		    verify_grade_name(v->grade), v->err);
	fuzz_expect((v->grade == VERIFY_ACCEPTED) == (!v->meaning && !v->foreign), "%s: %s",
		    verify_grade_name(v->grade), v->meaning ? v->meaning : "no meaning");
	/* Every byte of them has to be there. */
	fuzz_expect(!v->said || strlen(v->said) < SIZE_MAX, "no end");
	fuzz_expect(!v->log || strlen(v->log) < SIZE_MAX, "no end");
	fuzz_expect(!v->place.known || v->place.kind, "a place without a kind");
}

static enum verify_grade ask(struct round *r, enum verify_profile profile, const void *blob,
			     size_t len, bool distilled)
{
	const struct verify_ask ask = {
		.kernel = r->kernel,
		.profile = profile,
		.base = r->base,
		.blob = blob,
		.len = len,
		.distilled = distilled ? r->pair.first : NULL,
		.distilled_len = distilled ? r->pair.first_len : 0,
	};
	struct verify_verdict verdict = {0};

	fuzz_expect(!verify(r->verifier, &ask, &verdict), "no memory");
	expect_verdict(&verdict);
	return verdict.grade;
}

/* A module that is fine, in a form that stays when it is deduplicated. */
static void deduplicated(struct round *r)
{
	struct dedup *d = dedup_new();
	struct base *base = NULL;
	struct dedup_result res;
	struct diag diag;

	fuzz_expect(d, "no memory");
	if (!base_new(&base, r->pair.first, r->pair.first_len, &diag) &&
	    !dedup_module(d, base, r->module, r->pair.second_len, &res, &diag)) {
		void *split = fuzz_copy(res.split, res.split_bytes);
		enum verify_grade grade = ask(r, VERIFY_MODULE, split, res.split_bytes, false);

		fuzz_expect(grade == VERIFY_ACCEPTED, "accepted, and deduplicated %s",
			    verify_grade_name(grade));
		free(split);
	}
	base_free(base);
	dedup_free(d);
}

static void module_and_program(struct round *r)
{
	size_t len = r->pair.second_len;
	bool standalone = verify_is_standalone(r->module, len), fine;

	fine = ask(r, VERIFY_MODULE, r->module, len, false) == VERIFY_ACCEPTED;
	if (standalone)
		fine = ask(r, VERIFY_PROGRAM, r->module, len, false) == VERIFY_ACCEPTED;
	ask(r, VERIFY_MODULE, r->module, len, true);
	if (fine && r->base_grade == VERIFY_ACCEPTED)
		deduplicated(r);
}

static void with_kernel(struct round *r, uint32_t kernel)
{
	struct verify_verdict verdict = {0};
	void *base = fuzz_copy(r->pair.first, r->pair.first_len);

	r->kernel = kernel;
	fuzz_expect(!verify_base_new(&r->base, kernel, base, r->pair.first_len, &verdict),
		    "no memory");
	expect_verdict(&verdict);
	r->base_grade = verdict.grade;
	if (verdict.grade != VERIFY_REJECTED)
		module_and_program(r);
	verify_base_free(r->base);
	free(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct round r = {.verifier = verifier_new()};

	fuzz_expect(r.verifier, "no memory");
	if (fuzz_pair_read(&r.pair, data, size)) {
		r.module = fuzz_copy(r.pair.second, r.pair.second_len);
		with_kernel(&r, VERIFY_KERNEL_MIN);
		with_kernel(&r, VERIFY_KERNEL_DEFAULT);
		free(r.module);
	}
	verifier_free(r.verifier);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = {seed};

	return mutate_pair(&rng, data, size, max);
}
