/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PIPELINE_EXIT_STATUS_H
#define PIPELINE_EXIT_STATUS_H

/* What main() returns, whatever the command. */
enum exit_status {
	EXIT_ALL_WELL = 0,
	EXIT_SOME_FAILED = 1, /* some modules; the others are done */
	EXIT_UNUSABLE = 2,    /* the call or the base: nothing was done */
	EXIT_OVER_BUDGET = 3, /* of a comparison; some modules may have failed too */
};

#endif
