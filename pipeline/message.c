// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/escape.h"
#include "pipeline/progress.h"

static void compose(const char *file, const char *what, const char *why, FILE *f)
{
	const char *parts[] = {file, what, why};

	fputs("btfbatch", f);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i])
			continue;
		fputs(": ", f);
		escape_line(parts[i], f);
	}
	fputc('\n', f);
}

/* The line in memory, or NULL. */
static char *compose_line(const char *file, const char *what, const char *why)
{
	char *line = NULL;
	size_t len;
	FILE *f = open_memstream(&line, &len);

	if (!f)
		return NULL;
	compose(file, what, why, f);
	if (fclose(f)) {
		free(line);
		return NULL;
	}
	return line;
}

void message(const char *file, const char *what, const char *why)
{
	int saved = errno;
	char *line = compose_line(file, what, why);

	progress_suspend();
	if (line)
		fputs(line, stderr);
	else
		compose(file, what, why, stderr); /* no memory: in pieces */
	progress_resume();
	free(line);
	errno = saved;
}
