// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/progress.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "merge/clock.h"

#define REDRAW_NS 100000000 /* ten times a second: smooth to the eye, nothing to the CPU */
#define MAX_WIDTH 256       /* of the drawn line, in columns */
#define MAX_BAR 50

struct progress {
	size_t total;
	size_t done;
	uint64_t next_draw; /* monotonic, ns; only the updating thread's */
	bool shown;         /* on the terminal's line now */
};

/* Who holds it may write to the terminal and look at the bar. */
static pthread_mutex_t terminal = PTHREAD_MUTEX_INITIALIZER;
static struct progress *current; /* under terminal */

static bool terminal_can_show(void)
{
	const char *term = getenv("TERM");

	return term && *term && strcmp(term, "dumb") && isatty(STDERR_FILENO);
}

/* Columns we may fill: all but the last, where some terminals wrap at once. */
static size_t usable_width(void)
{
	struct winsize ws;
	size_t width = 80;

	if (!ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) && ws.ws_col)
		width = ws.ws_col;
	return (width < MAX_WIDTH ? width : MAX_WIDTH) - 1;
}

static size_t share(const struct progress *p, size_t of)
{
	return p->total ? (size_t)((double)p->done / (double)p->total * (double)of) : of;
}

/* "[#####.....]" of @width columns, brackets included. */
static void format_bar(char *bar, const struct progress *p, size_t width)
{
	size_t cells = width - 2, filled = share(p, cells);

	*bar++ = '[';
	memset(bar, '#', filled);
	memset(bar + filled, '.', cells - filled);
	strcpy(bar + cells, "] ");
}

static void draw(struct progress *p)
{
	char count[64], bar[MAX_BAR + 3] = "";
	size_t width = usable_width();
	int len =
		snprintf(count, sizeof(count), "%zu/%zu  %zu%%", p->done, p->total, share(p, 100));
	size_t room = width > (size_t)len ? width - (size_t)len : 0;

	/* A bar of a few cells says nothing. */
	if (room > 10)
		format_bar(bar, p, room - 1 < MAX_BAR ? room - 1 : MAX_BAR);
	fprintf(stderr, "\r%s%.*s\033[K", bar, (int)width, count);
	p->shown = true;
}

static void erase(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

struct progress *progress_start(size_t total)
{
	struct progress *p = terminal_can_show() ? calloc(1, sizeof(*p)) : NULL;

	if (!p)
		return NULL;
	p->total = total;
	p->next_draw = clock_ns() + REDRAW_NS;
	pthread_mutex_lock(&terminal);
	current = p;
	pthread_mutex_unlock(&terminal);
	return p;
}

void progress_update(struct progress *p, size_t done)
{
	uint64_t now;

	if (!p)
		return;
	now = clock_ns();
	if (now < p->next_draw)
		return;
	p->next_draw = now + REDRAW_NS;
	pthread_mutex_lock(&terminal);
	p->done = done < p->total ? done : p->total;
	draw(p);
	pthread_mutex_unlock(&terminal);
}

void progress_end(struct progress *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&terminal);
	erase(p);
	current = NULL;
	pthread_mutex_unlock(&terminal);
	free(p);
}

/* The line is erased but the bar still counts as shown: resume draws it again. */
void progress_suspend(void)
{
	pthread_mutex_lock(&terminal);
	if (current && current->shown)
		fputs("\r\033[K", stderr);
}

void progress_resume(void)
{
	if (current && current->shown)
		draw(current);
	pthread_mutex_unlock(&terminal);
}
