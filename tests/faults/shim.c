// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the C library fail: to be loaded with LD_PRELOAD. What fails is said by the environment.
 *
 *	FAULT_READ=N     the Nth read() or pread() of a regular file gives EIO
 *	FAULT_ALLOC=N    the Nth allocation gives no memory, and so do all behind it with
 *	                 FAULT_FOREVER
 *	FAULT_VANISH=X   a file whose path ends in X is removed just before it is opened
 *	FAULT_KILL=N     SIGKILL at the Nth call that changes a directory or a regular file; of
 *	                 what a write() was to write the half is there
 *	FAULT_TELL=FILE  at the end FILE gets a line "READS ALLOCATIONS PEAK": how many there were,
 *	                 and the peak of resident memory in KiB
 *
 * N counts from 1; 0 or nothing: none fails.
 */
#undef _FILE_OFFSET_BITS /* else open() and open64() were one function here */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long reads, allocations, changes;

static long number(const char *name)
{
	const char *value = getenv(name);

	return value ? atol(value) : 0;
}

static void *next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (!f)
		abort();
	return f;
}

/* -- Reading -------------------------------------------------------------- */

static bool read_fails(int fd)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	if (atomic_fetch_add(&reads, 1) + 1 != number("FAULT_READ"))
		return false;
	errno = EIO;
	return true;
}

#define SHIM_READ(name, ...)                                                                \
	ssize_t name(int fd, void *buf, size_t len SHIM_PARAMETER(__VA_ARGS__));            \
	ssize_t name(int fd, void *buf, size_t len SHIM_PARAMETER(__VA_ARGS__))             \
	{                                                                                   \
		ssize_t (*real)(int, void *, size_t SHIM_TYPE(__VA_ARGS__)) = next(#name);  \
                                                                                            \
		return read_fails(fd) ? -1 : real(fd, buf, len SHIM_ARGUMENT(__VA_ARGS__)); \
	}
#define SHIM_PARAMETER(...) __VA_OPT__(, off_t at)
#define SHIM_TYPE(...) __VA_OPT__(, off_t)
#define SHIM_ARGUMENT(...) __VA_OPT__(, at)
SHIM_READ(read)
SHIM_READ(pread, at)
SHIM_READ(pread64, at)

/* -- Changing files ------------------------------------------------------- */

static long kill_at;

/* Not for the commands that the program runs. */
__attribute__((constructor)) static void read_kill_at(void)
{
	kill_at = number("FAULT_KILL");
	unsetenv("FAULT_KILL");
}

static bool killed_here(void)
{
	return kill_at && atomic_fetch_add(&changes, 1) + 1 == kill_at;
}

static void kill_here(void)
{
	kill(getpid(), SIGKILL);
	pause();
}

ssize_t write(int fd, const void *buf, size_t len)
{
	ssize_t (*real)(int, const void *, size_t) = next("write");
	struct stat st;

	if (kill_at && !fstat(fd, &st) && S_ISREG(st.st_mode) && killed_here()) {
		real(fd, buf, len / 2);
		kill_here();
	}
	return real(fd, buf, len);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	int (*real)(int, const char *, int, const char *) = next("renameat");

	if (killed_here())
		kill_here();
	return real(from_dir, from, to_dir, to);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	int (*real)(int, const char *, int, const char *, int) = next("linkat");

	if (killed_here())
		kill_here();
	return real(from_dir, from, to_dir, to, flags);
}

int unlinkat(int dirfd, const char *path, int flags)
{
	int (*real)(int, const char *, int) = next("unlinkat");

	if (killed_here())
		kill_here();
	return real(dirfd, path, flags);
}

/* -- Opening -------------------------------------------------------------- */

static void vanish(int dirfd, const char *path)
{
	const char *end = getenv("FAULT_VANISH");
	size_t len = strlen(path), end_len = end ? strlen(end) : 0;

	if (end_len && len >= end_len && !strcmp(path + len - end_len, end))
		unlinkat(dirfd, path, 0);
}

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define SHIM_OPENAT(name)                                                  \
	int name(int dirfd, const char *path, int flags, ...);             \
	int name(int dirfd, const char *path, int flags, ...)              \
	{                                                                  \
		int (*real)(int, const char *, int, mode_t) = next(#name); \
		va_list args;                                              \
		mode_t mode;                                               \
                                                                           \
		va_start(args, flags);                                     \
		mode = mode_of(flags, args);                               \
		va_end(args);                                              \
		vanish(dirfd, path);                                       \
		if (flags & O_CREAT && killed_here())                      \
			kill_here();                                       \
		return real(dirfd, path, flags, mode);                     \
	}
#define SHIM_OPEN(name)                                               \
	int name(const char *path, int flags, ...);                   \
	int name(const char *path, int flags, ...)                    \
	{                                                             \
		int (*real)(const char *, int, mode_t) = next(#name); \
		va_list args;                                         \
		mode_t mode;                                          \
                                                                      \
		va_start(args, flags);                                \
		mode = mode_of(flags, args);                          \
		va_end(args);                                         \
		vanish(AT_FDCWD, path);                               \
		return real(path, flags, mode);                       \
	}
SHIM_OPENAT(openat)
SHIM_OPENAT(openat64)
SHIM_OPEN(open)
SHIM_OPEN(open64)

/* -- Memory --------------------------------------------------------------- */

#ifndef SHIM_NO_ALLOC

static bool alloc_fails(void)
{
	static long fail_at = -1;
	static bool forever;
	long n;

	n = atomic_fetch_add(&allocations, 1) + 1;
	if (fail_at < 0) {
		fail_at = number("FAULT_ALLOC");
		forever = getenv("FAULT_FOREVER");
	}
	if (!fail_at || (forever ? n < fail_at : n != fail_at))
		return false;
	errno = ENOMEM;
	return true;
}

/* dlsym() may itself allocate: what it gets comes from here and is never freed. */
static _Alignas(16) unsigned char early[16384];
static size_t early_used;
static _Thread_local bool looking_up;

static void *early_alloc(size_t size)
{
	void *p = early + early_used;

	early_used += (size + 15) & ~(size_t)15;
	if (early_used > sizeof(early))
		abort();
	return p;
}

static bool is_early(const void *p)
{
	return (const unsigned char *)p >= early &&
	       (const unsigned char *)p < early + sizeof(early);
}

static void *lookup(void **real, const char *name)
{
	if (!*real) {
		looking_up = true;
		*real = next(name);
		looking_up = false;
	}
	return *real;
}

void *malloc(size_t size)
{
	static void *real;
	void *(*f)(size_t);

	if (looking_up)
		return early_alloc(size);
	f = lookup(&real, "malloc");
	return alloc_fails() ? NULL : f(size);
}

void *calloc(size_t n, size_t size)
{
	static void *real;
	void *(*f)(size_t, size_t);

	if (looking_up)
		return early_alloc(n * size); /* all zero, and used once */
	f = lookup(&real, "calloc");
	return alloc_fails() ? NULL : f(n, size);
}

void *realloc(void *old, size_t size)
{
	static void *real;
	void *(*f)(void *, size_t) = lookup(&real, "realloc");

	return alloc_fails() ? NULL : f(old, size);
}

void *reallocarray(void *old, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}

void *aligned_alloc(size_t align, size_t size)
{
	static void *real;
	void *(*f)(size_t, size_t) = lookup(&real, "aligned_alloc");

	return alloc_fails() ? NULL : f(align, size);
}

int posix_memalign(void **p, size_t align, size_t size)
{
	static void *real;
	int (*f)(void **, size_t, size_t) = lookup(&real, "posix_memalign");

	return alloc_fails() ? ENOMEM : f(p, align, size);
}

void free(void *p)
{
	static void *real;
	void (*f)(void *);

	if (!p || is_early(p))
		return;
	f = lookup(&real, "free");
	f(p);
}

#endif

/* -- The end -------------------------------------------------------------- */

__attribute__((destructor)) static void tell(void)
{
	const char *path = getenv("FAULT_TELL");
	struct rusage usage;
	char line[100];
	int fd, n;

	kill_at = 0;
	if (!path || getrusage(RUSAGE_SELF, &usage))
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	n = snprintf(line, sizeof(line), "%ld %ld %ld\n", atomic_load(&reads),
		     atomic_load(&allocations), usage.ru_maxrss);
	if (fd < 0 || write(fd, line, (size_t)n) != n)
		abort();
	close(fd);
}
