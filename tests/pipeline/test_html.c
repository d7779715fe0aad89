// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/html/html.h"
#include "pipeline/stream.h"
#include "tests/pipeline/cmocka_all.h"

#define BLOCK "<script type=\"application/json\" id=\"data-%s\">\n"

static int print_text(const void *text, FILE *f)
{
	fputs(text, f);
	return stream_flush(f);
}

static int print_no_memory(const void *what, FILE *f)
{
	fputs("{", f);
	return -ENOMEM;
}

static char *page_of(const struct html_part *parts, int nr)
{
	const struct html_page page = {parts, nr};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(html_print(&page, f), 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(strlen(text), len);
	return text;
}

/* The text of the block @id, as a browser finds it: up to the first "</script". */
static char *block_of(const char *page, const char *id)
{
	char head[128];
	const char *begin;

	snprintf(head, sizeof(head), BLOCK, id);
	begin = strstr(page, head);
	assert_non_null(begin);
	assert_null(strstr(begin + 1, head));
	begin += strlen(head);
	return strndup(begin, (size_t)(strcasestr(begin, "</script") - begin));
}

static json_t *block_json(const char *page, const char *id)
{
	char *block = block_of(page, id);
	json_t *value = json_loads(block, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	free(block);
	return value;
}

static void test_documents_stand_in_blocks_of_their_own(void **state)
{
	const struct html_part parts[] = {
		{"report", print_text, "{\"a\": 1}\n"},
		{"causes", print_text, "[]\n"},
	};
	char *page = page_of(parts, 2), *report = block_of(page, "report"),
	     *causes = block_of(page, "causes");

	assert_string_equal(report, "{\"a\": 1}\n");
	assert_string_equal(causes, "[]\n");
	assert_int_equal(strncmp(page, "<!DOCTYPE html>\n", 16), 0);
	assert_string_equal(page + strlen(page) - 8, "</html>\n");
	free(report);
	free(causes);
	free(page);
}

/* What browsers give a meaning inside of a script element. */
static void test_nothing_in_a_document_ends_its_block(void **state)
{
	static const char name[] = "</script><script>alert(1)</script><!-- <SCRIPT </ScRiPt\t>]]>"
				   "\xe2\x80\xa8\xe2\x80\xa9 & &lt; '\" \\u003c";
	json_t *value = json_string(name), *read;
	char *json = json_dumps(value, JSON_ENCODE_ANY), *page, *block;

	assert_non_null(json);
	page = page_of(&(struct html_part){"diff", print_text, json}, 1);
	block = block_of(page, "diff");
	assert_null(strchr(block, '<'));
	read = block_json(page, "diff");
	assert_string_equal(json_string_value(read), name);
	json_decref(read);
	json_decref(value);
	free(block);
	free(page);
	free(json);
}

/* However stdio cuts it into writes. */
static void test_a_long_document_arrives_whole(void **state)
{
	const size_t len = 300001;
	char *json = malloc(len + 1), *page;
	json_t *read;

	assert_non_null(json);
	for (size_t i = 0; i < len; i++)
		json[i] = i % 3 ? '<' : 'x';
	json[0] = json[len - 1] = '"';
	json[len] = '\0';
	page = page_of(&(struct html_part){"report", print_text, json}, 1);
	read = block_json(page, "report");
	json[len - 1] = '\0';
	assert_int_equal(json_string_length(read), len - 2);
	assert_string_equal(json_string_value(read), json + 1);
	json_decref(read);
	free(page);
	free(json);
}

static void test_a_part_that_fails_is_the_page_s_failure(void **state)
{
	const struct html_part part = {"report", print_no_memory, NULL};
	const struct html_page page = {&part, 1};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_int_equal(html_print(&page, f), -ENOMEM);
	fclose(f);
	free(text);
}

static void test_a_full_device_is_an_error(void **state)
{
	char *json = calloc(1, 100001);
	const struct html_part small = {"report", print_text, "{}"},
			       large = {"a", print_text, json};
	const struct html_page pages[] = {{NULL, 0}, {&small, 1}, {&large, 1}};

	memset(json, '<', 100000);
	for (int i = 0; i < 3; i++) {
		FILE *f = fopen("/dev/full", "w");

		assert_non_null(f);
		assert_int_equal(html_print(&pages[i], f), -ENOSPC);
		fclose(f);
	}
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents_stand_in_blocks_of_their_own),
		cmocka_unit_test(test_nothing_in_a_document_ends_its_block),
		cmocka_unit_test(test_a_long_document_arrives_whole),
		cmocka_unit_test(test_a_part_that_fails_is_the_page_s_failure),
		cmocka_unit_test(test_a_full_device_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
