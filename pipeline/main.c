// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "pipeline/check/main.h"
#include "pipeline/coordinator.h"
#include "pipeline/diff/main.h"
#include "pipeline/explain/main.h"

/*
 * For jemalloc, where it is linked: memory that is freed stays for a second, as pages that come
 * fresh from the kernel have to be cleared. (With decay 0: 1.05 of the time for 700 modules, 4 MiB
 * less.) One arena of jemalloc's for all threads: they allocate little, and where there is no
 * memory for a new thread's own arena, jemalloc (5.3.0) takes a null pointer for one.
 */
const char *malloc_conf = "dirty_decay_ms:1000,narenas:1";

/* A command gets argv from its name on. A PATH of such a name can be written ./NAME. */
struct command {
	const char *name;
	enum exit_status (*main)(int argc, char **argv);
};

static const struct command commands[] = {
	{"check", check_main},     /* pipeline/check/ */
	{"diff", diff_main},       /* pipeline/diff/ */
	{"explain", explain_main}, /* pipeline/explain/ */
	{NULL, coordinator_main},  /* ends the list: without a name */
};

int main(int argc, char **argv)
{
	const struct command *c = commands;

	/* A write to a pipe that nobody reads, or over a file size limit, is an
	 * error like any other: it gets its message and its exit status. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	while (c->name && (argc < 2 || strcmp(c->name, argv[1])))
		c++;
	return c->name ? c->main(argc - 1, argv + 1) : c->main(argc, argv);
}
