// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/message.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"

/* Prints a message into a pipe that is stderr for so long. */
static void expect(const char *file, const char *what, const char *why, const char *line)
{
	char got[256] = "";
	int ends[2], saved = dup(STDERR_FILENO);

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	errno = ENOTTY;
	message(file, what, why);
	assert_int_equal(errno, ENOTTY);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(ends[1]);
	/* One write, so one read has all of it. */
	assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
	close(ends[0]);
	assert_string_equal(got, line);
}

static void test_parts(void **state)
{
	expect("a.ko", "cannot be read", "Permission denied",
	       "btfbatch: a.ko: cannot be read: Permission denied\n");
	expect("a.ko", "has no BTF", NULL, "btfbatch: a.ko: has no BTF\n");
	expect(NULL, "there is no base", NULL, "btfbatch: there is no base\n");
}

static void test_one_line(void **state)
{
	expect("a\nbtfbatch: b\x1b[2J\xff", "fails", "section \"\r\"",
	       "btfbatch: a\\x0abtfbatch: b\\x1b[2J\\xff: fails: section \"\\x0d\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
