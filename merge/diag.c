// SPDX-License-Identifier: GPL-2.0-only
#include "merge/diag.h"

#include <stdarg.h>
#include <stdio.h>

int diag_fail(struct diag *diag, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(diag->text, sizeof(diag->text), fmt, ap);
	va_end(ap);
	return err;
}
