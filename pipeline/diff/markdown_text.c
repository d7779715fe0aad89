// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/markdown_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/escape.h"

#define TEXT_MAX 200 /* bytes that are shown */

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "/._-+,=:%";

/* As markup would be everything but letters and digits. */
static void put_entities(const char *text, size_t len, FILE *f)
{
	fputs("<code>", f);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x80 || isalnum(c))
			fputc(c, f);
		else
			fprintf(f, "&#%u;", c);
	}
	fputs("</code>", f);
}

/* How much of @text is shown: whole characters. */
static size_t shown(const char *text)
{
	size_t len = strlen(text);

	if (len <= TEXT_MAX)
		return len;
	for (len = TEXT_MAX; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

static void put_line(const char *text, FILE *f)
{
	size_t len = shown(text);

	if (len && strspn(text, plain) >= len)
		fprintf(f, "`%.*s`", (int)len, text);
	else
		put_entities(text, len, f);
	if (text[len])
		fputs("…", f);
}

void markdown_code(const char *bytes, FILE *f)
{
	char *text = NULL;
	size_t len;
	FILE *line = open_memstream(&text, &len);

	if (!line)
		return;
	escape_line(bytes, line);
	if (!fclose(line))
		put_line(text, f);
	free(text);
}
