// SPDX-License-Identifier: GPL-2.0-only
#include "say_libbpf.h"

#include "say.h"

#include <stdio.h>
#include <string.h>

int say_libbpf(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char text[65536], *rest = text, *line;

	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(text, sizeof(text), format, arguments);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			say("libbpf %s", line);
	return 0;
}
