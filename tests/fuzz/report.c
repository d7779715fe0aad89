// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON bytes to a report; what was read, written and read again is the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/report.h"
#include "pipeline/report_read.h"
#include "tests/fuzz/fuzz.h"

/* To be freed. */
static char *print(const struct report *report, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	fuzz_expect(f, "no memory");
	fuzz_expect(!report_json(report, f) && !fclose(f), "a report that was read is not written");
	return text;
}

static void written_again(const struct report *report)
{
	struct report_file file;
	struct diag diag = {""};
	size_t len, len2;
	char *text = print(report, &len), *text2;
	int err = report_parse(text, len, &file, &diag);

	fuzz_expect(!err, "written again it is refused: %s", diag.text);
	text2 = print(&file.report, &len2);
	fuzz_expect(len == len2 && !memcmp(text, text2, len), "written again it is another");
	report_file_free(&file);
	free(text);
	free(text2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *text = fuzz_copy(data, size);
	struct report_file file;
	struct diag diag = {""};
	int err = report_parse(text, size, &file, &diag);

	free(text);
	fuzz_expect_reason(err, &diag);
	if (!err)
		written_again(&file.report);
	report_file_free(&file);
	return 0;
}
