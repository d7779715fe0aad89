// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/html/html.h"

#include <errno.h>
#include <string.h>

#include "pipeline/html/page.h"
#include "pipeline/stream.h"

/*
 * In a data block everything is text up to "</script", and "<!--" changes what ends it. JSON
 * has a "<" in strings only, where it can be written in another way.
 */
static ssize_t write_block(void *cookie, const char *data, size_t len)
{
	const char *end = data + len;
	FILE *f = cookie;

	while (data < end) {
		const char *less = memchr(data, '<', (size_t)(end - data));

		fwrite(data, 1, (size_t)((less ? less : end) - data), f);
		if (less)
			fputs("\\u003c", f);
		if (ferror(f))
			return 0;
		data = less ? less + 1 : end;
	}
	return (ssize_t)len;
}

static int print_part(const struct html_part *part, FILE *f)
{
	FILE *block = fopencookie(f, "w", (cookie_io_functions_t){.write = write_block});
	int err;

	if (!block)
		return errno ? -errno : -ENOMEM;
	fprintf(f, "<script type=\"application/json\" id=\"data-%s\">\n", part->id);
	err = part->print(part->what, block);
	if (fclose(block) && !err)
		err = errno ? -errno : -EIO;
	fputs("</script>\n", f);
	return err;
}

int html_print(const void *what, FILE *f)
{
	const struct html_page *page = what;
	int err = 0;

	fwrite(html_page_head, 1, html_page_head_len, f);
	for (int i = 0; i < page->nr_parts && !err; i++)
		err = print_part(&page->parts[i], f);
	if (err)
		return err;
	fwrite(html_page_tail, 1, html_page_tail_len, f);
	return stream_flush(f);
}
