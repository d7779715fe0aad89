// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define NR_SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* The first that came, or 0. Lock-free, so that a handler may write it. */
static atomic_int came;

/* All that it calls may be called in a handler (signal-safety(7)). */
static void take_note(int sig)
{
	for (size_t i = 0; i < NR_SIGNALS; i++)
		signal(signals[i], SIG_DFL);
	atomic_store(&came, sig);
}

/* The handler of a signal becomes @handler, unless it is ignored. */
static void handle(int sig, void (*handler)(int))
{
	/* SA_RESTART: a read or write that is under way goes on. */
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

	/* While one is handled, the other waits: it is the second. */
	for (size_t i = 0; i < NR_SIGNALS; i++)
		sigaddset(&action.sa_mask, signals[i]);
	if (!sigaction(sig, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(sig, &action, NULL);
}

void interrupt_begin(void)
{
	for (size_t i = 0; i < NR_SIGNALS; i++)
		handle(signals[i], take_note);
}

void interrupt_end(void)
{
	int sig;

	for (size_t i = 0; i < NR_SIGNALS; i++)
		handle(signals[i], SIG_DFL);
	sig = atomic_load(&came);
	if (sig)
		raise(sig);
}

bool interrupted(void)
{
	return atomic_load_explicit(&came, memory_order_relaxed);
}
