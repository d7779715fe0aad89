/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A progress bar on stderr, for a person at a terminal: in a log, a pipe or a dumb
 * terminal there is none, and when the work is done it is gone.
 */
#ifndef PIPELINE_PROGRESS_H
#define PIPELINE_PROGRESS_H

#include <stddef.h>

struct progress;

/*
 * A bar for @total steps; it appears when the work takes longer than a moment.
 * NULL when there is to be none (or no memory), which the other functions accept.
 * There is at most one bar at a time.
 */
struct progress *progress_start(size_t total) __attribute__((warn_unused_result));

/* @done steps are complete. Cheap: draws only a few times a second. Called by one
 * thread, the one that also ends the bar. */
void progress_update(struct progress *p, size_t done);

/* Erases the bar and frees it. */
void progress_end(struct progress *p);

/*
 * For who else writes to stderr, from any thread: takes a bar that is shown off the
 * line, and puts it back. In between no bar is drawn: progress_update() waits.
 * Always in pairs, not nested.
 */
void progress_suspend(void);
void progress_resume(void);

#endif
