// SPDX-License-Identifier: GPL-2.0-only
#include "tests/pipeline/cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "pipeline/embed/signature.h"
#include "tests/pipeline/fixtures.h"

#define MAGIC "~Module signature appended~\n"

static struct diag diag;

/* "module", @sig bytes, and behind these what says that they are @claimed. */
static void make(struct buffer *out, size_t sig, uint32_t claimed)
{
	unsigned char info[12] = {0, 0, 2};

	for (int i = 0; i < 4; i++)
		info[8 + i] = (unsigned char)(claimed >> (24 - 8 * i));
	out->len = 0;
	append(out, "module", 6);
	for (size_t i = 0; i < sig; i++)
		append(out, "s", 1);
	append(out, info, sizeof(info));
	append(out, MAGIC, strlen(MAGIC));
}

static void unsigned_module_is_all_of_itself(void **state)
{
	size_t bare;

	assert_int_equal(signature_find("module", 6, &bare, &diag), 0);
	assert_int_equal(bare, 6);
	assert_int_equal(signature_find("", 0, &bare, &diag), 0);
	assert_int_equal(bare, 0);
}

static void signature_is_found_whatever_its_length(void **state)
{
	struct buffer image = {0};
	size_t bare;

	for (uint32_t sig = 0; sig < 700; sig += 233) {
		make(&image, sig, sig);
		assert_int_equal(signature_find(image.data, image.len, &bare, &diag), 0);
		assert_int_equal(bare, 6);
	}
	buffer_free(&image);
}

static void longer_than_the_file_is_refused(void **state)
{
	struct buffer image = {0};
	size_t bare;

	make(&image, 10, 17);
	assert_int_equal(signature_find(image.data, image.len, &bare, &diag), -EINVAL);
	make(&image, 10, UINT32_MAX);
	assert_int_equal(signature_find(image.data, image.len, &bare, &diag), -EINVAL);
	make(&image, 10, 16);
	assert_int_equal(signature_find(image.data, image.len, &bare, &diag), 0);
	assert_int_equal(bare, 0);
	assert_int_equal(signature_find(MAGIC, strlen(MAGIC), &bare, &diag), -EINVAL);
	buffer_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unsigned_module_is_all_of_itself),
		cmocka_unit_test(signature_is_found_whatever_its_length),
		cmocka_unit_test(longer_than_the_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
