// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/progress.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/message.h"
#include "tests/pipeline/cmocka_all.h"

/* The linker puts this clock in the place of the real one (CMakeLists.txt), so that
 * no test depends on how busy the machine is. */
static struct timespec now = {.tv_sec = 1000};

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	assert_int_equal(clock, CLOCK_MONOTONIC);
	*ts = now;
	return 0;
}

static void pass_ms(long ms)
{
	now.tv_nsec += ms * 1000000;
	now.tv_sec += now.tv_nsec / 1000000000;
	now.tv_nsec %= 1000000000;
}

/* A pseudo terminal takes stderr's place. */
struct screen {
	int master;
	int saved;
};

static int open_screen(void **state)
{
	static struct screen s;
	int slave;

	s.master = posix_openpt(O_RDWR | O_NOCTTY);
	if (s.master < 0 || grantpt(s.master) || unlockpt(s.master))
		return -1;
	slave = open(ptsname(s.master), O_RDWR | O_NOCTTY);
	s.saved = dup(STDERR_FILENO);
	if (slave < 0 || dup2(slave, STDERR_FILENO) < 0)
		return -1;
	close(slave);
	setenv("TERM", "xterm", 1);
	*state = &s;
	return fcntl(s.master, F_SETFL, O_NONBLOCK);
}

static int close_screen(void **state)
{
	struct screen *s = *state;

	dup2(s->saved, STDERR_FILENO);
	close(s->saved);
	close(s->master);
	return 0;
}

static void set_width(const struct screen *s, unsigned short columns)
{
	const struct winsize ws = {.ws_row = 24, .ws_col = columns};

	assert_int_equal(ioctl(s->master, TIOCSWINSZ, &ws), 0);
}

/* What is written comes through a pseudo terminal a little later, and in pieces. */
#define PATIENCE_MS 10000
#define SILENCE_MS 20

static void expect_on(const struct screen *s, const char *text)
{
	struct pollfd in = {.fd = s->master, .events = POLLIN};
	size_t len = 0, expected = strlen(text);
	char got[512] = "";
	ssize_t n;

	while (len < expected && poll(&in, 1, PATIENCE_MS) > 0) {
		n = read(s->master, got + len, sizeof(got) - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	got[len] = '\0';
	assert_string_equal(got, text);
	poll(&in, 1, SILENCE_MS);
	assert_false(in.revents & POLLIN);
}

static void test_draws_and_is_gone(void **state)
{
	struct progress *p;

	set_width(*state, 30);
	p = progress_start(200);
	assert_non_null(p);
	pass_ms(99);
	progress_update(p, 1);
	expect_on(*state, ""); /* too soon to bother anyone */
	pass_ms(1);
	progress_update(p, 100);
	expect_on(*state, "\r[#######.......] 100/200  50%\033[K");
	pass_ms(99);
	progress_update(p, 101);
	expect_on(*state, "");
	progress_end(p);
	expect_on(*state, "\r\033[K");
}

static void test_short_work_shows_nothing(void **state)
{
	struct progress *p = progress_start(1);

	progress_update(p, 1);
	progress_end(p);
	expect_on(*state, "");
}

static void test_narrow_and_wide(void **state)
{
	struct progress *p = progress_start(7);

	set_width(*state, 12);
	pass_ms(100);
	progress_update(p, 7);
	expect_on(*state, "\r7/7  100%\033[K");
	set_width(*state, 5);
	pass_ms(100);
	progress_update(p, 7);
	expect_on(*state, "\r7/7 \033[K");
	set_width(*state, 1000);
	pass_ms(100);
	progress_update(p, 0);
	expect_on(*state, "\r[................................................] 0/7  0%\033[K");
	progress_end(p);
	expect_on(*state, "\r\033[K");
}

static void test_makes_room_for_a_message(void **state)
{
	struct progress *p = progress_start(4);

	set_width(*state, 30);
	message(NULL, "before", NULL);
	expect_on(*state, "btfbatch: before\r\n");
	pass_ms(100);
	progress_update(p, 1);
	expect_on(*state, "\r[####..............] 1/4  25%\033[K");
	message("a.ko", "fails", NULL);
	expect_on(*state, "\r\033[Kbtfbatch: a.ko: fails\r\n"
			  "\r[####..............] 1/4  25%\033[K");
	progress_end(p);
	expect_on(*state, "\r\033[K");
}

static void test_none_without_a_terminal(void **state)
{
	int null = open("/dev/null", O_WRONLY);

	setenv("TERM", "dumb", 1);
	assert_null(progress_start(1));
	unsetenv("TERM");
	assert_null(progress_start(1));
	setenv("TERM", "xterm", 1);
	dup2(null, STDERR_FILENO);
	close(null);
	assert_null(progress_start(1));
	progress_update(NULL, 1);
	progress_end(NULL);
	expect_on(*state, "");
}

#define on_screen(test) cmocka_unit_test_setup_teardown(test, open_screen, close_screen)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_screen(test_draws_and_is_gone),       on_screen(test_short_work_shows_nothing),
		on_screen(test_narrow_and_wide),         on_screen(test_makes_room_for_a_message),
		on_screen(test_none_without_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
