// SPDX-License-Identifier: GPL-2.0-only
/* A batch with good modules, bad ones and some without BTF, by any number of workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/build.h"
#include "workers/batch.h"

enum { MODULES = 200, WORKERS_MAX = 6 };

static struct {
	void *base_data;
	size_t base_len;
	struct base *base;
	void *blob[MODULES];
	size_t len[MODULES];
	/* What came of each. */
	int err[MODULES];
	uint32_t ends[MODULES]; /* how often done() was called */
	uint64_t xxh3[MODULES];
	uint32_t written[MODULES];
	struct batch_times times[WORKERS_MAX];
} w;

/* Module i: 5 has no BTF, 7 cannot be read, 9 is broken, 11 cannot be written. */
static int expected(uint32_t i)
{
	switch (i % 20) {
	case 5:
		return -ENODATA;
	case 7:
		return -EIO;
	case 9:
		return -EINVAL;
	case 11:
		return -ENOSPC;
	default:
		return 0;
	}
}

static int setup(void **state)
{
	struct bld *b = bld_new(1, 0);
	struct diag diag;

	bld_int(b, "int", 4, 1, 0, 32);
	w.base_data = bld_finish(b, &w.base_len);
	for (uint32_t i = 0; i < MODULES; i++) {
		bld_array(b, 1, 1, i);
		w.blob[i] = bld_finish(b, &w.len[i]);
	}
	bld_free(b);
	return base_new(&w.base, w.base_data, w.base_len, &diag);
}

static int teardown(void **state)
{
	base_free(w.base);
	free(w.base_data);
	for (uint32_t i = 0; i < MODULES; i++)
		free(w.blob[i]);
	return 0;
}

static void *reader_new(void *arg)
{
	return malloc(1);
}

static int read_blob(void *arg, void *reader, uint32_t i, const void **blob, size_t *len,
		     uint64_t *unpack, struct diag *diag)
{
	assert_non_null(reader);
	*unpack += 1;
	if (expected(i) == -EIO)
		return diag_fail(diag, -EIO, "cannot be read");
	*blob = w.blob[i];
	*len = expected(i) == -EINVAL ? w.len[i] - 1 : w.len[i];
	return expected(i) == -ENODATA ? -ENODATA : 0;
}

static int write_blob(void *arg, void *reader, uint32_t i, const struct dedup_result *result,
		      struct diag *diag)
{
	w.written[i]++;
	return expected(i) == -ENOSPC ? diag_fail(diag, -ENOSPC, "no space") : 0;
}

static void done(void *arg, uint32_t i, const struct batch_result *r)
{
	w.ends[i]++;
	w.err[i] = r->err;
	w.xxh3[i] = r->xxh3;
	if (r->err && r->err != -ENODATA)
		assert_true(strlen(r->why) > 5);
}

static void run(unsigned int workers, enum batch_engine engine)
{
	const struct batch_io io = {NULL,       reader_new, free, read_blob,
				    write_blob, done,       NULL, NULL};
	uint32_t order[MODULES];
	struct batch batch = {
		.base = w.base,
		.base_data = w.base_data,
		.base_len = w.base_len,
		.engine = engine,
		.hash = true,
		.io = &io,
		.nr_modules = MODULES,
		.order = order,
		.times = w.times,
	};
	uint32_t nr_done;
	struct diag diag;

	for (uint32_t i = 0; i < MODULES; i++)
		order[i] = (i * 7) % MODULES;
	memset(w.ends, 0, sizeof(w.ends));
	memset(w.written, 0, sizeof(w.written));
	memset(w.times, 0, sizeof(w.times));
	assert_int_equal(batch_run(&batch, workers, &nr_done, &diag), 0);
	assert_int_equal(nr_done, batch.nr_modules);
}

static void assert_all_ended(void)
{
	for (uint32_t i = 0; i < MODULES; i++) {
		assert_int_equal(w.ends[i], 1);
		assert_int_equal(w.err[i], expected(i));
		assert_int_equal(w.written[i], !expected(i) || expected(i) == -ENOSPC);
	}
}

static void every_module_comes_to_its_own_end(void **state)
{
	run(1, BATCH_ENGINE_OWN);
	assert_all_ended();
	run(1, BATCH_ENGINE_LIBBPF);
	assert_all_ended();
}

static void results_do_not_depend_on_the_number_of_workers(void **state)
{
	uint64_t alone[MODULES];

	run(1, BATCH_ENGINE_OWN);
	memcpy(alone, w.xxh3, sizeof(alone));
	for (unsigned int workers = 2; workers < WORKERS_MAX; workers++) {
		run(workers, BATCH_ENGINE_OWN);
		assert_all_ended();
		assert_memory_equal(alone, w.xxh3, sizeof(alone));
	}
	/* libbpf has the same result for graphs as simple as these */
	run(3, BATCH_ENGINE_LIBBPF);
	assert_all_ended();
	assert_memory_equal(alone, w.xxh3, sizeof(alone));
}

static uint64_t sum(const struct batch_times *t)
{
	uint64_t all = 0;

	for (int i = 0; i < BATCH_STAGES; i++)
		all += t->ns[i];
	return all;
}

static void every_workers_times_add_up_to_the_batchs(void **state)
{
	const unsigned int workers = 3;
	uint64_t unpacked = 0;

	run(workers, BATCH_ENGINE_OWN);
	assert_true(sum(&w.times[0]) > 0);
	for (unsigned int i = 0; i < workers; i++) {
		assert_int_equal(sum(&w.times[i]), sum(&w.times[0]));
		/* None is below zero, which would be far above. */
		for (int stage = 0; stage < BATCH_STAGES; stage++)
			assert_true(w.times[i].ns[stage] <= sum(&w.times[0]));
		unpacked += w.times[i].ns[BATCH_UNPACK];
	}
	assert_int_equal(unpacked, MODULES);
	assert_int_equal(sum(&w.times[workers]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_module_comes_to_its_own_end),
		cmocka_unit_test(results_do_not_depend_on_the_number_of_workers),
		cmocka_unit_test(every_workers_times_add_up_to_the_batchs),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
