// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is what the generator makes what it says? An oracle test that only meets easy
 * graphs proves little.
 *
 * All seeds are generated and measured once (survey()); the tests then look at the counts.
 * TEST_GEN_SEEDS=N in the environment takes N seeds, TEST_GEN_VERBOSE=1 prints the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above. */
#include <bpf/libbpf.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/gen/features.h"
#include "tests/gen/graph.h"
#include "tests/gen/refs.h"

static struct {
	uint32_t seeds;
	uint32_t unread;    /* pairs that libbpf did not read */
	uint32_t undeduped; /* that btf__dedup() gave up */
	uint32_t insane;    /* with a reference that BTF does not allow */
	uint32_t kinds[32]; /* seeds whose module has the kind */
	uint32_t features[NR_FEATURES];
	uint32_t standalone;                 /* modules that are; the next ones are of these */
	uint32_t merge_some, keep_some;      /* of which at least a tenth merged, stayed */
	double merged;                       /* sum of the merged shares */
	uint32_t above_strict, below_strict; /* libbpf's result to our count */
	uint32_t clean_bases, clean_kept;    /* not sloppy; of these, unchanged by btf__dedup() */
	uint64_t types;
	uint32_t largest, small; /* modules of 10 to 120 types */
} seen;

/* The libbpf of Debian 12 declares btf__new_split() without exporting it; what it
 * exports reads a file. */
static struct btf *new_split(const void *data, size_t len, struct btf *base)
{
	int fd = memfd_create("btf", MFD_CLOEXEC);
	struct btf *btf = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, data, len) == (ssize_t)len)
		btf = btf__parse_raw_split(path, base);
	close(fd);
	return btf;
}

static struct btf *load(const void *data, size_t len, struct btf *base)
{
	struct btf *btf = base ? new_split(data, len, base) : btf__new(data, (uint32_t)len);

	if (!btf)
		seen.unread++;
	return btf;
}

/* The module after btf__dedup() against the base; NULL if that fails. */
static struct btf *dedup_split(const struct gen_pair *pair, struct btf *base, struct btf *module)
{
	struct btf *out;
	int err = 0;

	if (pair->module_is_split) {
		out = load(pair->module, pair->module_len, base);
	} else {
		out = btf__new_empty_split(base);
		err = btf__add_btf(out, module);
	}
	if (err < 0 || btf__dedup(out, NULL)) {
		seen.undeduped++;
		btf__free(out);
		return NULL;
	}
	return out;
}

static struct btf *dedup_alone(const void *data, size_t len)
{
	struct btf *btf = load(data, len, NULL);

	if (btf && btf__dedup(btf, NULL)) {
		btf__free(btf);
		return NULL;
	}
	return btf;
}

static bool may_refer(const struct btf_type *t, const struct btf_type *to, uint32_t i)
{
	switch (btf_kind(t)) {
	case BTF_KIND_FUNC:
		return btf_is_func_proto(to);
	case BTF_KIND_DATASEC:
		return btf_is_var(to);
	case BTF_KIND_ARRAY:
		return i ? btf_is_int(to) : !btf_is_fwd(to) && !btf_is_func_proto(to);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return !btf_is_fwd(to) && !btf_is_void(to) && !btf_is_func_proto(to) &&
		       !btf_is_func(to) && !btf_is_var(to) && !btf_is_datasec(to);
	case BTF_KIND_DECL_TAG:
		return btf_is_composite(to) || btf_is_func(to) || btf_is_var(to) ||
		       btf_is_typedef(to);
	default:
		return !btf_is_func(to) && !btf_is_var(to) && !btf_is_datasec(to) &&
		       !btf_is_decl_tag(to);
	}
}

static bool is_sane(const struct btf *btf)
{
	const struct btf_type *t, *to;

	for (uint32_t id = features_first_id(btf); id < btf__type_cnt(btf); id++) {
		t = btf__type_by_id(btf, id);
		for (uint32_t i = 0; i < refs_count(t); i++) {
			to = btf__type_by_id(btf, refs_get(t, i));
			if (!to || !may_refer(t, to, i))
				return false;
		}
	}
	return true;
}

static uint32_t own_types(const struct btf *btf)
{
	return btf__type_cnt(btf) - features_first_id(btf);
}

static void count_kinds(const struct btf *module)
{
	bool has[32] = {false};

	for (uint32_t id = features_first_id(module); id < btf__type_cnt(module); id++)
		has[btf_kind(btf__type_by_id(module, id))] = true;
	for (int i = 0; i < 32; i++)
		seen.kinds[i] += has[i];
}

static void count_merged(const struct btf *alone, const struct btf *merged)
{
	double share = 1.0 - (double)own_types(merged) / own_types(alone);

	seen.standalone++;
	seen.merged += share;
	seen.merge_some += share >= 0.1;
	seen.keep_some += share <= 0.9;
}

static void count_base(const struct gen_params *params, const struct gen_pair *pair)
{
	struct btf *base;

	if (params->sloppy_base)
		return;
	base = dedup_alone(pair->base, pair->base_len);
	seen.clean_bases++;
	seen.clean_kept += base && own_types(base) == pair->base_types;
	btf__free(base);
}

static void measure(const struct gen_params *params, const struct gen_pair *pair, struct btf *base,
		    struct btf *module)
{
	struct btf *merged = dedup_split(pair, base, module), *alone = NULL;
	bool has[NR_FEATURES] = {false};

	seen.insane += !is_sane(base) || !is_sane(module);
	seen.unread +=
		own_types(base) != pair->base_types || own_types(module) != pair->module_types;
	seen.types += own_types(module);
	seen.small += own_types(module) >= 10 && own_types(module) <= 120;
	if (own_types(module) > seen.largest)
		seen.largest = own_types(module);
	count_kinds(module);
	if (!merged)
		return;
	if (!pair->module_is_split)
		alone = dedup_alone(pair->module, pair->module_len);
	features_find(base, module, alone, merged, has);
	for (int i = 0; i < NR_FEATURES; i++)
		seen.features[i] += has[i];
	if (alone)
		count_merged(alone, merged);
	seen.above_strict += own_types(merged) > pair->strict_types;
	seen.below_strict += own_types(merged) < pair->strict_types;
	btf__free(alone);
	btf__free(merged);
}

static void survey_seed(uint64_t seed)
{
	struct gen_params params = gen_params_from_seed(seed);
	struct btf *base, *module = NULL;
	struct gen_pair pair;

	assert_int_equal(gen_pair(&params, &pair), 0);
	base = load(pair.base, pair.base_len, NULL);
	if (base)
		module = load(pair.module, pair.module_len, pair.module_is_split ? base : NULL);
	if (module)
		measure(&params, &pair, base, module);
	count_base(&params, &pair);
	btf__free(module);
	btf__free(base);
	gen_pair_free(&pair);
}

static double percent(uint32_t n)
{
	return 100.0 * n / seen.seeds;
}

static void print_survey(void)
{
	printf("%u seeds, %.0f types a module, largest %u, %.0f%% of 10 to 120\n", seen.seeds,
	       (double)seen.types / seen.seeds, seen.largest, percent(seen.small));
	printf("merged %.0f%% of types on average; a tenth or more merged in %.0f%%, stayed in "
	       "%.0f%%\n",
	       100.0 * seen.merged / seen.standalone, 100.0 * seen.merge_some / seen.standalone,
	       100.0 * seen.keep_some / seen.standalone);
	printf("libbpf left more than the strict count in %.0f%%, fewer in %.0f%%; gave up in %u\n",
	       percent(seen.above_strict), percent(seen.below_strict), seen.undeduped);
	printf("bases libbpf leaves as they are: %.0f%%\n",
	       100.0 * seen.clean_kept / seen.clean_bases);
	for (int i = 1; i <= BTF_KIND_ENUM64; i++)
		printf("%5.1f%% kind %d\n", percent(seen.kinds[i]), i);
	for (int i = 0; i < NR_FEATURES; i++)
		printf("%5.1f%% %s\n", percent(seen.features[i]), feature_names[i]);
}

static int silent(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	return 0;
}

static int survey(void **state)
{
	const char *n = getenv("TEST_GEN_SEEDS");

	libbpf_set_print(silent);
	seen.seeds = n ? (uint32_t)strtoul(n, NULL, 0) : 3000;
	for (uint32_t i = 0; i < seen.seeds; i++)
		survey_seed(i);
	if (getenv("TEST_GEN_VERBOSE"))
		print_survey();
	return 0;
}

static void all_are_read(void **state)
{
	assert_int_equal(seen.unread, 0);
	assert_int_equal(seen.insane, 0);
}

static void libbpf_can_dedup(void **state)
{
	assert_true(percent(seen.undeduped) < 1);
}

/* The rarest kind and the rarest feature occur in a fair share of the seeds. */
static void every_kind_occurs(void **state)
{
	for (int i = 1; i <= BTF_KIND_ENUM64; i++) {
		if (percent(seen.kinds[i]) < 5)
			fail_msg("kind %d in %.1f%% of the modules", i, percent(seen.kinds[i]));
	}
}

static void every_feature_occurs(void **state)
{
	for (int i = 0; i < NR_FEATURES; i++) {
		if (percent(seen.features[i]) < 3)
			fail_msg("%s: in %.1f%% of the pairs", feature_names[i],
				 percent(seen.features[i]));
	}
}

static void some_types_merge_and_some_stay(void **state)
{
	double merged = 100.0 * seen.merged / seen.standalone;

	assert_true(merged > 20 && merged < 80);
	assert_true(seen.merge_some * 2 > seen.standalone);
	assert_true(seen.keep_some * 2 > seen.standalone);
}

/* Not all: where a FWD is ambiguous, libbpf may find by structure which is meant. */
static void bases_are_deduplicated(void **state)
{
	assert_true(seen.clean_kept * 4 > seen.clean_bases * 3);
}

static void small_and_large(void **state)
{
	assert_true(percent(seen.small) > 50);
	assert_true(seen.largest > 1000);
}

static void same_seed_same_bytes(void **state)
{
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct gen_params params = gen_params_from_seed(seed);
		struct gen_pair a, b;

		assert_int_equal(gen_pair(&params, &a), 0);
		assert_int_equal(gen_pair(&params, &b), 0);
		assert_int_equal(a.base_len, b.base_len);
		assert_memory_equal(a.base, b.base, a.base_len);
		assert_int_equal(a.module_len, b.module_len);
		assert_memory_equal(a.module, b.module, a.module_len);
		gen_pair_free(&a);
		gen_pair_free(&b);
	}
}

static void bad_parameters_are_refused(void **state)
{
	struct gen_params params = gen_params_from_seed(1);
	struct gen_pair pair;

	params.size = 2;
	assert_int_equal(gen_pair(&params, &pair), -EINVAL);
	params.size = 3;
	params.module_cus = 0;
	assert_int_equal(gen_pair(&params, &pair), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_read),
		cmocka_unit_test(libbpf_can_dedup),
		cmocka_unit_test(every_kind_occurs),
		cmocka_unit_test(every_feature_occurs),
		cmocka_unit_test(some_types_merge_and_some_stay),
		cmocka_unit_test(bases_are_deduplicated),
		cmocka_unit_test(small_and_large),
		cmocka_unit_test(same_seed_same_bytes),
		cmocka_unit_test(bad_parameters_are_refused),
	};

	return cmocka_run_group_tests(tests, survey, NULL);
}
