// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>

#include "pipeline/coordinator.h"

/*
 * For jemalloc, where it is linked: memory that is freed goes back at once. There is
 * little to gain from keeping it: what is used for module after module is never freed,
 * and what a base takes while it is made is a third of the peak.
 */
const char *malloc_conf = "dirty_decay_ms:0";

int main(int argc, char **argv)
{
	struct options options;

	/* A write to a pipe that nobody reads, or over a file size limit, is an
	 * error like any other: it gets its message and its exit status. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	switch (options_read(&options, argc, argv)) {
	case OPTIONS_DONE:
		return EXIT_ALL_WELL;
	case OPTIONS_WRONG:
		return EXIT_UNUSABLE;
	case OPTIONS_RUN:
		break;
	}
	return coordinator_run(&options);
}
