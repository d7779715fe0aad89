// SPDX-License-Identifier: GPL-2.0-only
/*
 * html-page ID=FILE...: the page of --html with the documents of these files, which the tests
 * write: more modules, and stranger names, than there is a tree of.
 */
#include <errno.h>
#include <string.h>

#include "pipeline/html/html.h"
#include "pipeline/stream.h"

static int print_file(const void *path, FILE *f)
{
	FILE *in = fopen(path, "r");
	char buf[65536];
	size_t len;

	if (!in)
		return -errno;
	while ((len = fread(buf, 1, sizeof(buf), in)))
		fwrite(buf, 1, len, f);
	fclose(in);
	return stream_flush(f);
}

int main(int argc, char **argv)
{
	struct html_part parts[8];
	struct html_page page = {parts, 0};
	int err;

	for (char **arg = argv + 1; arg < argv + argc && page.nr_parts < 8; arg++) {
		char *file = strchr(*arg, '=');

		if (!file)
			return 2;
		*file++ = '\0';
		parts[page.nr_parts++] = (struct html_part){*arg, print_file, file};
	}
	err = html_print(&page, stdout);
	if (err)
		fprintf(stderr, "html-page: %s\n", strerror(-err));
	return err ? 1 : 0;
}
