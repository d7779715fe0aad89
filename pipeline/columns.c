// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/columns.h"

#include <string.h>

void columns_widen(struct columns *c, const struct columns_line *line)
{
	for (int i = 0; i < c->nr; i++) {
		int len = (int)strlen(line->cell[i]);

		if (c->width[i] < len)
			c->width[i] = len;
	}
}

void columns_put(const struct columns *c, const struct columns_line *line, FILE *f)
{
	for (int i = 0; i < c->nr; i++)
		fprintf(f, "  %*s", c->width[i], line->cell[i]);
	fputs("  ", f);
}
