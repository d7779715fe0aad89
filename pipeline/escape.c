// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/escape.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Characters that change a terminal's state or what a reader sees. */
static const struct range {
	uint32_t first, last;
} unprintable[] = {
	{0x0000, 0x001f},   /* C0: newline, ESC, ... */
	{0x007f, 0x009f},   /* DEL and C1, where U+009B is a one-character CSI */
	{0x00ad, 0x00ad},   /* soft hyphen */
	{0x061c, 0x061c},   /* Arabic letter mark */
	{0x200b, 0x200f},   /* zero width, direction marks */
	{0x2028, 0x202e},   /* line and paragraph separator, direction overrides */
	{0x2060, 0x206f},   /* invisible operators, direction isolates */
	{0xfeff, 0xfeff},   /* byte order mark */
	{0xfff9, 0xfffb},   /* interlinear annotation */
	{0xe0000, 0xe007f}, /* tags */
};

/* One input character as it is shown: at most four bytes, each as \xNN. */
struct shown {
	size_t consumed;
	size_t len;
	char text[4 * 4];
};

static bool is_printable(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(unprintable) / sizeof(unprintable[0]); i++)
		if (cp >= unprintable[i].first && cp <= unprintable[i].last)
			return false;
	return true;
}

/*
 * The length of the UTF-8 character at @s (NUL-terminated) with its code point
 * in @cp, or 0 when there is none: RFC 3629, so no overlong form, no surrogate,
 * nothing above U+10FFFF.
 */
static size_t utf8_decode(const unsigned char *s, uint32_t *cp)
{
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	*cp = s[0];
	if (len == 1)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	*cp &= 0x7fU >> len;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3f);
	}
	if (len == 3 && (*cp < 0x800 || (*cp >= 0xd800 && *cp <= 0xdfff)))
		return 0;
	if (len == 4 && (*cp < 0x10000 || *cp > 0x10ffff))
		return 0;
	return len;
}

static bool reads_as_escape(const unsigned char *s)
{
	return s[0] == '\\' && s[1] == 'x' && isxdigit(s[2]) && isxdigit(s[3]);
}

static void put_escaped(struct shown *out, const unsigned char *s, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	out->len = 0;
	for (size_t i = 0; i < len; i++) {
		out->text[out->len++] = '\\';
		out->text[out->len++] = 'x';
		out->text[out->len++] = hex[s[i] >> 4];
		out->text[out->len++] = hex[s[i] & 15];
	}
}

/* Takes the next character off @bytes; with @line, for a terminal's line. */
static struct shown next_shown(const char *bytes, bool line)
{
	const unsigned char *s = (const unsigned char *)bytes;
	struct shown out = {0};
	uint32_t cp;
	size_t len = utf8_decode(s, &cp);

	out.consumed = len ? len : 1;
	if (!len || (line && !is_printable(cp)) || reads_as_escape(s)) {
		put_escaped(&out, s, out.consumed);
	} else {
		memcpy(out.text, s, len);
		out.len = len;
	}
	return out;
}

char *escape_utf8(const char *bytes)
{
	char *text = malloc(4 * strlen(bytes) + 1);
	size_t len = 0;

	if (!text)
		return NULL;
	while (*bytes) {
		struct shown c = next_shown(bytes, false);

		memcpy(text + len, c.text, c.len);
		len += c.len;
		bytes += c.consumed;
	}
	text[len] = '\0';
	return text;
}

static unsigned int hex_digit(char c)
{
	return c <= '9' ? (unsigned int)(c - '0') : ((unsigned int)c | 0x20) - 'a' + 10;
}

int escape_undo(char *text)
{
	char *out = text;

	while (*text) {
		if (!reads_as_escape((const unsigned char *)text)) {
			*out++ = *text++;
			continue;
		}
		*out = (char)(hex_digit(text[2]) << 4 | hex_digit(text[3]));
		if (!*out++)
			return -EINVAL;
		text += 4;
	}
	*out = '\0';
	return 0;
}

void escape_line(const char *bytes, FILE *f)
{
	while (*bytes) {
		struct shown c = next_shown(bytes, true);

		fwrite(c.text, 1, c.len, f);
		bytes += c.consumed;
	}
}
