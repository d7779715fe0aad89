// SPDX-License-Identifier: GPL-2.0-only
#include "parser.h"

#include "parser.skel.h"
#include "say.h"

#include <errno.h>
#include <stdlib.h>

static struct parser *parser;

void parser_watch(void)
{
	parser = parser__open_and_load();
	if (!parser || parser__attach(parser)) {
		say("fault parser: cannot be watched: %s", error_name(errno));
		exit(EXIT_FAILURE);
	}
}

void parser_reset(void)
{
	parser->bss->calls = 0;
	parser->bss->error = 0;
}

bool parser_called(void)
{
	return __atomic_load_n(&parser->bss->calls, __ATOMIC_RELAXED) > 0;
}

int parser_error(void)
{
	return __atomic_load_n(&parser->bss->error, __ATOMIC_RELAXED);
}
