// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/fixtures.h"

static struct diag diag;

static struct input memory_file(const void *data, size_t len)
{
	int fd = memfd_create("file", MFD_CLOEXEC);
	struct input in;

	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(input_take(&in, fd, &diag), 0);
	return in;
}

static void file_that_became_shorter_is_an_error(void **state)
{
	struct input in = memory_file("0123456789", 10);
	char dst[8];

	assert_int_equal(input_read_at(&in, dst, 8, 2, &diag), 0);
	assert_memory_equal(dst, "23456789", 8);
	assert_int_equal(input_read_at(&in, dst, 8, 3, &diag), -EIO);
	assert_string_equal(diag.text, "the file became shorter while it was read");
	assert_int_equal(input_read_at(&in, dst, 8, 1ull << 40, &diag), -EIO);
	input_close(&in);
}

static void head_of_a_short_file_is_short(void **state)
{
	struct input in = memory_file("abc", 3);

	assert_int_equal(in.size, 3);
	assert_int_equal(in.head_len, 3);
	assert_memory_equal(in.head, "abc", 3);
	input_close(&in);
}

static void file_is_read_whole_up_to_the_limit(void **state)
{
	struct input in = memory_file("0123456789", 10);
	struct buffer buf = {0};

	assert_int_equal(input_read_all(&in, 10, &buf, &diag), 0);
	assert_int_equal(buf.len, 10);
	assert_memory_equal(buf.data, "0123456789", 10);
	assert_int_equal(input_read_all(&in, 9, &buf, &diag), -EFBIG);
	assert_string_equal(diag.text, "larger than the limit of 9 bytes");
	buffer_free(&buf);
	input_close(&in);
}

/* As log files do: the size is that of a moment ago. */
static void file_that_became_longer_is_read_whole(void **state)
{
	struct input in = memory_file("0123456789", 10);
	struct buffer buf = {0};

	assert_int_equal(pwrite(in.fd, "abcdef", 6, 10), 6);
	assert_int_equal(input_read_all(&in, 16, &buf, &diag), 0);
	assert_int_equal(buf.len, 16);
	assert_memory_equal(buf.data, "0123456789abcdef", 16);
	assert_int_equal(input_read_all(&in, 15, &buf, &diag), -EFBIG);
	buffer_free(&buf);
	input_close(&in);
}

/* Files of /proc have no size for stat(). */
static void file_that_hides_its_size_is_read_whole(void **state)
{
	struct buffer buf = {0};
	struct input in;

	if (input_open(&in, AT_FDCWD, "/proc/self/maps", &diag))
		skip();
	assert_int_equal(in.size, 0);
	assert_int_equal(input_read_all(&in, 1 << 20, &buf, &diag), 0);
	assert_true(buf.len > 100);
	assert_int_equal(input_read_all(&in, 100, &buf, &diag), -EFBIG);
	buffer_free(&buf);
	input_close(&in);
}

static void both_byte_orders_of_btf_are_known(void **state)
{
	assert_true(input_is_btf("\x9f\xeb", 2));
	assert_true(input_is_btf("\xeb\x9f", 2));
	assert_false(input_is_btf("\x9f\xeb", 1));
	assert_false(input_is_btf("\x9f\x9f", 2));
	assert_false(input_is_btf("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_that_became_shorter_is_an_error),
		cmocka_unit_test(head_of_a_short_file_is_short),
		cmocka_unit_test(file_is_read_whole_up_to_the_limit),
		cmocka_unit_test(file_that_became_longer_is_read_whole),
		cmocka_unit_test(file_that_hides_its_size_is_read_whole),
		cmocka_unit_test(both_byte_orders_of_btf_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
