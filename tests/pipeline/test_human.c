// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/human.h"

#include <string.h>

#include "tests/pipeline/cmocka_all.h"

static char buf[HUMAN_LEN];

static void test_size(void **state)
{
	assert_string_equal(human_size(buf, 0), "0 B");
	assert_string_equal(human_size(buf, 1023), "1023 B");
	assert_string_equal(human_size(buf, 1024), "1.0 KiB");
	assert_string_equal(human_size(buf, 1536), "1.5 KiB");
	assert_string_equal(human_size(buf, 422195), "412.3 KiB");
	assert_string_equal(human_size(buf, 1048576), "1.0 MiB");
	assert_string_equal(human_size(buf, 115 * 1000 * 1000), "109.7 MiB");
	assert_string_equal(human_size(buf, 1ull << 40), "1.0 TiB");
	assert_string_equal(human_size(buf, UINT64_MAX), "16.0 EiB");
}

static void test_size_rounds_into_the_next_unit(void **state)
{
	assert_string_equal(human_size(buf, 1048576 - 52), "1023.9 KiB");
	assert_string_equal(human_size(buf, 1048576 - 51), "1.0 MiB");
	assert_string_equal(human_size(buf, (1ull << 30) - 1), "1.0 GiB");
}

static void test_count(void **state)
{
	assert_string_equal(human_count(buf, 0), "0");
	assert_string_equal(human_count(buf, 999), "999");
	assert_string_equal(human_count(buf, 1000), "1,000");
	assert_string_equal(human_count(buf, 62013), "62,013");
	assert_string_equal(human_count(buf, 1823332), "1,823,332");
	assert_string_equal(human_count(buf, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void test_factor(void **state)
{
	assert_string_equal(human_factor(buf, 115, 13), "8.8x");
	assert_string_equal(human_factor(buf, 24, 24), "1.0x");
	assert_string_equal(human_factor(buf, 10, 20), "0.5x");
	assert_string_equal(human_factor(buf, 9994, 100), "99.9x");
	assert_string_equal(human_factor(buf, 9996, 100), "100x");
	assert_string_equal(human_factor(buf, 163824, 24), "6,826x");
	assert_string_equal(human_factor(buf, 301, 2), "151x");
	assert_string_equal(human_factor(buf, UINT64_MAX, 1), "18,446,744,073,709,551,615x");
	assert_string_equal(human_factor(buf, 1, 0), "-");
	assert_string_equal(human_factor(buf, 0, 0), "-");
}

static void test_change(void **state)
{
	assert_string_equal(human_change(buf, 0, 0), "+0 B");
	assert_string_equal(human_change(buf, 100, 912), "+812 B");
	assert_string_equal(human_change(buf, 912, 100), "-812 B");
	assert_string_equal(human_change(buf, 0, 12595), "+12.3 KiB");
	assert_string_equal(human_change(buf, UINT64_MAX, 0), "-16.0 EiB");
}

static void test_percent(void **state)
{
	assert_string_equal(human_percent(buf, 1000, 1057), "+5.7%");
	assert_string_equal(human_percent(buf, 1000, 999), "-0.1%");
	assert_string_equal(human_percent(buf, 1000, 1000), "+0.0%");
	assert_string_equal(human_percent(buf, 1000, 0), "-100.0%");
	assert_string_equal(human_percent(buf, 100, 1099), "+999.0%");
	assert_string_equal(human_percent(buf, 100, 1100), "+1000%");
	assert_string_equal(human_percent(buf, 0, 1), "-");
	/* A change by all that there can be. */
	assert_true(strlen(human_percent(buf, 1, UINT64_MAX)) < HUMAN_LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_size_rounds_into_the_next_unit),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_factor),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
