// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_hostile [BLOBS [SEED]]: blobs of all sorts, mutated, as bases, distilled bases, modules and
 * programs of each other, by the rules of several versions. For the sanitizers to watch; and what
 * a program may load, the kernel may be built with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/verify/verify.h"
#include "tests/gen/mem.h"
#include "tests/verify/mutate.h"
#include "tests/verify/seeds.h"

struct bytes {
	unsigned char *data;
	size_t len;
};

static const uint32_t kernels[] = {VERIFY_KERNEL(5, 15), VERIFY_KERNEL(6, 1), VERIFY_KERNEL(6, 12),
				   VERIFY_KERNEL(6, 18), VERIFY_KERNEL(7, 2)};

/* A blob that is read as one over a base of so many types and bytes of strings. */
static struct bytes make(struct rng *rng, uint32_t first_id, uint32_t first_str)
{
	struct bytes b;
	struct draft d;

	if (rng_chance(rng, 20))
		seed_generated(&d, rng);
	else
		seed_wild(&d, rng);
	/* Its ids and offsets are those of a standalone one: changed now, they become the
	 * base's, the module's, or nobody's. */
	d.first_id = first_id;
	d.first_str = first_str;
	for (uint32_t n = rng_below(rng, 12); n && d.nr; n--)
		mutate_types(&d, rng);
	if (d.nr && rng_chance(rng, 5))
		mutate_info(&d, rng);
	b.data = draft_finish(&d, &b.len);
	draft_free(&d);
	b.data = mem_resize(b.data, b.len + MUTATE_ROOM, 1);
	if (rng_chance(rng, 10))
		mutate_bytes(b.data, &b.len, rng);
	/* Of its very size, so that a byte too far is seen. */
	b.data = mem_resize(b.data, b.len, 1);
	return b;
}

static struct verify_verdict ask(struct verifier *v, const struct verify_ask *what)
{
	struct verify_verdict verdict;

	if (verify(v, what, &verdict))
		abort();
	/* All that is said can be read. */
	if ((verdict.said && strlen(verdict.said) > (64u << 20)) ||
	    (verdict.foreign && !*verdict.foreign) ||
	    (verdict.grade != VERIFY_ACCEPTED && !verdict.meaning && !verdict.foreign))
		abort();
	return verdict;
}

/* 1 if a program's may not be the kernel's own. */
static int compare_profiles(struct verifier *v, uint32_t kernel, const struct bytes *b)
{
	struct verify_ask what = {
		.kernel = kernel, .profile = VERIFY_PROGRAM, .blob = b->data, .len = b->len};
	enum verify_grade program = ask(v, &what).grade;

	what.profile = VERIFY_VMLINUX;
	return program != VERIFY_REJECTED && ask(v, &what).grade == VERIFY_REJECTED;
}

static int test(struct verifier *v, struct rng *rng)
{
	uint32_t kernel = kernels[rng_below(rng, 5)];
	struct bytes base = make(rng, 1, 0), distilled, module;
	struct verify_verdict verdict;
	struct verify_base *view;
	int wrong = compare_profiles(v, kernel, &base);

	if (verify_base_new(&view, kernel, base.data, base.len, &verdict))
		abort();
	if (verdict.grade != VERIFY_REJECTED) {
		struct verify_ask what = {.kernel = kernel, .profile = VERIFY_MODULE, .base = view};

		distilled = make(rng, 1, 0);
		module = make(rng, verify_base_types(view) + 1, 32);
		what.blob = module.data;
		what.len = module.len;
		(void)ask(v, &what);
		what.distilled = distilled.data;
		what.distilled_len = distilled.len;
		(void)ask(v, &what);
		/* It is its own distilled base, more or less. */
		what.distilled = base.data;
		what.distilled_len = base.len;
		(void)ask(v, &what);
		(void)verify_bases_part(view, view);
		free(distilled.data);
		free(module.data);
	}
	verify_base_free(view);
	free(base.data);
	return wrong;
}

int main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 0) : 3000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	struct verifier *v = verifier_new();
	int wrong = 0;

	for (uint64_t i = 0; i < n; i++) {
		struct rng rng = {(seed << 32) + i};

		if (test(v, &rng)) {
			printf("%llu: a program may load what the kernel may not have\n",
			       (unsigned long long)i);
			wrong++;
		}
	}
	verifier_free(v);
	return wrong > 0;
}
