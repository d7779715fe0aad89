/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SIGINT, SIGTERM and SIGHUP, while there is something to finish.
 *
 * Between interrupt_begin() and interrupt_end() the first of them is only taken note of:
 * whoever works asks interrupted() now and then and comes to an end. The second ends the
 * process at once, as does the first at any other time; what comes within a moment of the first is
 * taken for the same, as timeout(1), for one, sends it to the process and to its group. A signal
 * that was ignored when the process began (nohup, a shell's background job) stays ignored.
 */
#ifndef PIPELINE_INTERRUPT_H
#define PIPELINE_INTERRUPT_H

#include <stdbool.h>

/* Both by the main thread. */
void interrupt_begin(void);
/* If a signal came, the process ends by it, here: a shell sees 128 + its number, and a
 * script that runs this program ends too. Everything has to be put away by now. */
void interrupt_end(void);

/* By any thread. */
bool interrupted(void);

#endif
