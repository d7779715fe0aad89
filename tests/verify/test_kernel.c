// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_kernel [BLOBS [SEED [BTF]]]: does the verifier say what the running kernel says?
 *
 * Of BLOBS blobs, some as they are made and most mutated: verdict, errno, and the complaint, which
 * has to be the end of the kernel's log. Real BTF is cut out of BTF, without it of the running
 * kernel's. A disagreement is printed with its seed, and the blob kept in the directory that
 * $VERIFY_KEEP names.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/verify/verify.h"
#include "tests/gen/mem.h"
#include "tests/verify/kernel_load.h"
#include "tests/verify/mutate.h"
#include "tests/verify/seeds.h"

#define SKIPPED 77
#define SHOWN 20 /* disagreements */

struct stats {
	uint64_t blobs, accepted, mutated, deep, wrong;
};

struct tester {
	struct verifier *verifier;
	uint32_t kernel;
	struct draft real; /* empty: there is none */
	char *log;
	struct stats stats;
};

static unsigned char *read_file(const char *path, size_t *len)
{
	size_t cap = 32u << 20;
	unsigned char *data = mem_resize(NULL, cap, 1);
	FILE *f = fopen(path, "rb");

	*len = f ? fread(data, 1, cap, f) : 0;
	if (f)
		fclose(f);
	return data;
}

static void make_seed(struct tester *t, struct draft *d, struct rng *rng)
{
	uint32_t which = rng_below(rng, 100);

	if (which < 40 && t->real.nr)
		seed_piece(d, &t->real, rng, rng_range(rng, 1, 40));
	else if (which < 50)
		seed_generated(d, rng);
	else
		seed_wild(d, rng);
}

/* Most mutations are of the types: what is wrong with a header is soon seen. */
static unsigned char *make_blob(struct tester *t, struct rng *rng, size_t *len)
{
	uint32_t n = rng_chance(rng, 15) ? 0 : rng_range(rng, 1, 3);
	unsigned char *blob;
	struct draft d;

	make_seed(t, &d, rng);
	for (uint32_t i = 0; i < n && d.nr; i++)
		mutate_types(&d, rng);
	if (n && rng_chance(rng, 3))
		mutate_info(&d, rng);
	blob = draft_finish(&d, len);
	draft_free(&d);
	blob = mem_resize(blob, *len + MUTATE_ROOM, 1);
	if (rng_chance(rng, 3)) {
		mutate_bytes(blob, len, rng);
		n++;
	}
	t->stats.mutated += n > 0;
	return blob;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static void keep(const unsigned char *blob, size_t len, uint64_t seed)
{
	const char *dir = getenv("VERIFY_KEEP");
	char path[4096];
	FILE *f;

	if (!dir)
		return;
	snprintf(path, sizeof(path), "%s/%llu.btf", dir, (unsigned long long)seed);
	f = fopen(path, "wb");
	if (!f || fwrite(blob, 1, len, f) != len)
		perror(path);
	if (f)
		fclose(f);
}

static void complain(struct tester *t, uint64_t seed, int kernel, const struct verify_verdict *v)
{
	const char *last = strrchr(t->log, '\n');

	if (t->stats.wrong++ >= SHOWN)
		return;
	printf("seed %llu:\n  kernel   %d: %s\n  verifier %d: %s\n", (unsigned long long)seed,
	       kernel, last ? last + 1 : t->log, v->err, v->said ? v->said : "(nothing)");
}

static struct verify_verdict ask(struct tester *t, enum verify_profile profile, const void *blob,
				 size_t len)
{
	const struct verify_ask ask = {
		.kernel = t->kernel,
		.profile = profile,
		.blob = blob,
		.len = len,
	};
	struct verify_verdict v;

	if (verify(t->verifier, &ask, &v))
		abort();
	return v;
}

/* Is the blob good enough to be looked at beyond its types one by one? The kernel does not do that
 * with its own. */
static bool is_deep(struct tester *t, const void *blob, size_t len)
{
	struct verify_verdict v = ask(t, VERIFY_VMLINUX, blob, len);

	return v.grade != VERIFY_REJECTED || v.err == -ELOOP || !v.said ||
	       strstr(v.said, "Type tags");
}

static void test_blob(struct tester *t, uint64_t seed)
{
	struct rng rng = {seed};
	struct verify_verdict v;
	unsigned char *blob;
	size_t len;
	int kernel;

	blob = make_blob(t, &rng, &len);
	kernel = kernel_load(blob, len, t->log);
	t->stats.deep += is_deep(t, blob, len);
	v = ask(t, VERIFY_PROGRAM, blob, len);
	t->stats.blobs++;
	t->stats.accepted += !kernel;
	if (kernel != v.err || (v.said && !ends_with(t->log, v.said))) {
		complain(t, seed, kernel, &v);
		keep(blob, len, seed);
	}
	free(blob);
}

int main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 0) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	const char *why = kernel_load_refused();
	struct tester t = {.verifier = verifier_new(), .kernel = kernel_version()};
	unsigned char *real;
	size_t len;

	if (why) {
		printf("skipped: %s\n", why);
		return SKIPPED;
	}
	t.log = mem_resize(NULL, KERNEL_LOG_MAX, 1);
	real = read_file(argc > 3 ? argv[3] : "/sys/kernel/btf/vmlinux", &len);
	if (len)
		draft_read(&t.real, real, len, 1, 0);
	free(real);
	for (uint64_t i = 0; i < n; i++)
		test_blob(&t, (seed << 32) + i);
	printf("%llu blobs, %llu mutated; %llu reach the resolve phase; the kernel accepts %llu; "
	       "disagreements: %llu\n",
	       (unsigned long long)t.stats.blobs, (unsigned long long)t.stats.mutated,
	       (unsigned long long)t.stats.deep, (unsigned long long)t.stats.accepted,
	       (unsigned long long)t.stats.wrong);
	draft_free(&t.real);
	free(t.log);
	verifier_free(t.verifier);
	return t.stats.wrong > 0;
}
