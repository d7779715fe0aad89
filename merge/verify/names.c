// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's ctype is Latin-1, whatever the locale, and its char is what it is: a name in
 * UTF-8 passes as far as its bytes happen to be letters there.
 */
#include "merge/verify/run.h"

static bool is_letter(unsigned char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

static bool is_printable(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f) || c >= 0xa0;
}

static bool is_name_char(unsigned char c, bool first, bool dots)
{
	return is_letter(c) || c == '_' || (dots && c == '.') || (!first && c >= '0' && c <= '9');
}

bool name_is_identifier(const struct run *r, uint32_t off, bool dots)
{
	const char *s = view_string(&r->view, off);
	uint32_t n;

	for (n = 0; s[n] && n < r->rules.name_max; n++)
		if (!is_name_char((unsigned char)s[n], !n, dots))
			return false;
	return n && !s[n];
}

bool name_is_section(const struct run *r, uint32_t off)
{
	const char *s = view_string(&r->view, off);
	uint32_t n;

	if (!r->rules.printable_section)
		return name_is_identifier(r, off, true);
	for (n = 0; s[n] && n < r->rules.name_max; n++)
		if (!is_printable((unsigned char)s[n]))
			return false;
	return n && !s[n];
}

bool name_is_empty(const struct run *r, uint32_t off)
{
	return !*view_string(&r->view, off);
}
