// SPDX-License-Identifier: GPL-2.0-only
#include "say.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel's own (include/linux/errno.h), which the C library does not know. */
#define KERNEL_ENOTSUPP 524

#define NOTICE "<5>btfbatch: "

void say(const char *format, ...)
{
	static int log = -1;
	char line[960] = NOTICE;
	va_list arguments;

	if (log < 0)
		log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	va_start(arguments, format);
	vsnprintf(line + strlen(NOTICE), sizeof(line) - strlen(NOTICE), format, arguments);
	va_end(arguments);
	/* Nothing can be told where this fails: the missing line is what is noticed. */
	if (write(log, line, strlen(line)) < 0)
		_exit(EXIT_FAILURE);
}

const char *error_name(int error)
{
	const char *name = strerrorname_np(abs(error));

	if (name)
		return name;
	return abs(error) == KERNEL_ENOTSUPP ? "ENOTSUPP" : "?";
}
