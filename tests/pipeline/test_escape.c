// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/escape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pipeline/cmocka_all.h"

static char *line_of(const char *bytes)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	escape_line(bytes, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void expect(const char *bytes, const char *utf8, const char *line)
{
	char *got_utf8 = escape_utf8(bytes), *got_line = line_of(bytes);

	assert_string_equal(got_utf8, utf8);
	assert_string_equal(got_line, line);
	free(got_utf8);
	free(got_line);
}

static void both(const char *bytes, const char *text)
{
	expect(bytes, text, text);
}

static void test_plain_text_stays(void **state)
{
	both("", "");
	both("kernel/fs/xfs/xfs.ko", "kernel/fs/xfs/xfs.ko");
	both("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7",
	     "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7");
	/* The last code point of each length. */
	both("\xdf\xbf\xef\xbf\xbd\xf4\x8f\xbf\xbf", "\xdf\xbf\xef\xbf\xbd\xf4\x8f\xbf\xbf");
}

static void test_invalid_bytes(void **state)
{
	both("caf\xe9.ko", "caf\\xe9.ko");
	both("\x80", "\\x80");
	both("\xff\xfe", "\\xff\\xfe");
	both("cut \xe2\x82", "cut \\xe2\\x82");
	both("\xf0\x9f\x90", "\\xf0\\x9f\\x90");
	both("\xc3(", "\\xc3(");
	/* Overlong, a surrogate, above U+10FFFF. */
	both("\xc0\xaf", "\\xc0\\xaf");
	both("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
	both("\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf");
	both("\xed\xa0\x80", "\\xed\\xa0\\x80");
	both("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
}

static void test_only_an_ambiguous_backslash(void **state)
{
	both("a\\b\\", "a\\b\\");
	both("\\x4", "\\x4");
	both("\\xg0", "\\xg0");
	both("\\xe9", "\\x5cxe9");
	both("\\xE9", "\\x5cxE9");
	both("\\\\x00", "\\\\x5cx00");
	both("\\\xff", "\\\\xff");
	both("\\x5\xff", "\\x5\\xff");
}

static void test_control_characters(void **state)
{
	expect("a\nb", "a\nb", "a\\x0ab");
	expect("\x1b[31m", "\x1b[31m", "\\x1b[31m");
	expect("\x7f", "\x7f", "\\x7f");
	/* C1's CSI, a right-to-left override, a zero width space, a byte order mark. */
	expect("\xc2\x9bJ", "\xc2\x9bJ", "\\xc2\\x9bJ");
	expect("\xe2\x80\xae", "\xe2\x80\xae", "\\xe2\\x80\\xae");
	expect("\xe2\x80\x8b", "\xe2\x80\x8b", "\\xe2\\x80\\x8b");
	expect("\xef\xbb\xbf", "\xef\xbb\xbf", "\\xef\\xbb\\xbf");
}

/* What the header promises: every \xNN back to its byte. */
static void test_undo(void **state)
{
	char text[] = "\\x41\\xe9\\XFF\\xFf\\x5cx41\\x4";
	char nul[] = "a\\x00b";

	assert_int_equal(escape_undo(text), 0);
	assert_string_equal(text, "A\xe9\\XFF\xff\\x41\\x4");
	assert_int_equal(escape_undo(nul), -EINVAL);
}

/* All short texts of the bytes that matter go there and back. */
static void test_reversible(void **state)
{
	static const char alphabet[] = "\\x5Cc\n\xc3\xa9";
	const size_t n = sizeof(alphabet) - 1;
	char bytes[7] = "";

	for (size_t i = 0; i < n * n * n * n * n * n; i++) {
		char *utf8, *line;

		for (size_t j = 0, rest = i; j < 6; j++, rest /= n)
			bytes[j] = alphabet[rest % n];
		utf8 = escape_utf8(bytes);
		line = line_of(bytes);
		assert_int_equal(escape_undo(utf8), 0);
		assert_int_equal(escape_undo(line), 0);
		if (strcmp(utf8, bytes) || strcmp(line, bytes))
			fail_msg("not reversible: number %zu", i);
		free(utf8);
		free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_text_stays),
		cmocka_unit_test(test_invalid_bytes),
		cmocka_unit_test(test_only_an_ambiguous_backslash),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_reversible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
