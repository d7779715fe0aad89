// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "merge/htab.h"

static struct arena arena;

static int begin(void **state)
{
	return arena_guard(&arena);
}

static int end(void **state)
{
	arena_free(&arena);
	return 0;
}

static uint32_t count(const struct htab *tab, uint32_t hash)
{
	uint32_t n = 0;

	HTAB_FOR_EACH(tab, hash, it)
		n++;
	return n;
}

static void an_empty_table_has_nothing(void **state)
{
	struct htab tab;

	htab_init(&tab, &arena, 0);
	for (uint32_t hash = 0; hash < 100; hash++)
		assert_int_equal(count(&tab, hash), 0);
}

static void every_value_is_found_under_its_hash_alone(void **state)
{
	struct htab tab;

	htab_init(&tab, &arena, 4); /* so that it has to grow */
	for (uint32_t i = 0; i < 5000; i++)
		htab_add(&tab, i * 2654435761u, i + 1);
	for (uint32_t i = 0; i < 5000; i++)
		HTAB_FOR_EACH(&tab, i * 2654435761u, it)
			assert_int_equal(it.val, i + 1);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(count(&tab, i * 2654435761u), 1);
	assert_int_equal(count(&tab, 1), 0);
}

static void values_of_one_hash_come_in_their_order_also_after_growing(void **state)
{
	/* the last hashes make runs that go over the end of the table */
	static const uint32_t hashes[] = {7, 0xffffffff, 0xfffffffe};
	struct htab tab;

	htab_init(&tab, &arena, 4);
	for (uint32_t i = 0; i < 300; i++)
		for (uint32_t h = 0; h < 3; h++)
			htab_add(&tab, hashes[h], i * 3 + h + 1);
	for (uint32_t h = 0; h < 3; h++) {
		uint32_t i = 0;

		HTAB_FOR_EACH(&tab, hashes[h], it)
			assert_int_equal(it.val, i++ * 3 + h + 1);
		assert_int_equal(i, 300);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_table_has_nothing),
		cmocka_unit_test(every_value_is_found_under_its_hash_alone),
		cmocka_unit_test(values_of_one_hash_come_in_their_order_also_after_growing),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
