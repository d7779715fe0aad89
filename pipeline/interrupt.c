// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define NR_SIGNALS (sizeof(signals) / sizeof(signals[0]))

#define MOMENT_MS 200

/* The first that came: its number in the lower bits, above it when that was, in
 * milliseconds; or 0. Lock-free, so that a handler may write it. */
static atomic_ulong came;
#define SIGNAL_BITS 7

static unsigned long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long)t.tv_sec * 1000 + (unsigned long)t.tv_nsec / 1000000;
}

/* All that it calls may be called in a handler (signal-safety(7)). */
static void take_note(int sig)
{
	unsigned long first = 0, now = now_ms() << SIGNAL_BITS;

	if (atomic_compare_exchange_strong(&came, &first, now | (unsigned long)sig))
		return;
	if ((now >> SIGNAL_BITS) - (first >> SIGNAL_BITS) < MOMENT_MS)
		return;
	/* It is blocked until this returns. */
	signal(sig, SIG_DFL);
	raise(sig);
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
	sig = (int)(atomic_load(&came) & ((1 << SIGNAL_BITS) - 1));
	if (sig)
		raise(sig);
}

bool interrupted(void)
{
	return atomic_load_explicit(&came, memory_order_relaxed);
}
