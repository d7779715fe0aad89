/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that watch a module's function: each trace_...() attaches one, makes the function
 * run, and tells "trace NAME ..." with what it read there, or where it failed. */
#ifndef GUEST_TRACE_H
#define GUEST_TRACE_H

void trace_loop(void);
void trace_bbr(void);

#endif
