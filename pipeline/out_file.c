// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "pipeline/stream.h"

/*
 * How much of the target's name is in the temporary one: enough to recognize it,
 * and short enough for every file system (eCryptfs: 143 bytes).
 */
#define TEMP_STEM 100
#define TEMP_TRIES 1000 /* each means that another process came first */

/*
 * A file being written. The directory is held open, so that a name is all that
 * is needed for the rename and the path may be as long as PATH_MAX.
 */
struct out_file {
	int fd;    /* of the temporary file, or of what is written to directly */
	int dirfd; /* -1 when written to directly */
	int lock;  /* a second descriptor: the first is closed before the rename, its lock not */
	FILE *stream;
	char name[NAME_MAX + 1];
	char temp[TEMP_STEM + 32];
};

/* %m is strerror(errno) for the C libraries of Linux, and safe with threads. */
static int fail(struct diag *diag, int err, const char *what)
{
	errno = -err;
	return diag_fail(diag, err, "%s%m", what);
}

/* -- Where to write ------------------------------------------------------- */

/* The descriptor that @path names, or -1. */
static int descriptor_of(const char *path)
{
	static const char *const dirs[] = {"/dev/fd/", "/proc/self/fd/"};

	if (!strcmp(path, "/dev/stdout"))
		return STDOUT_FILENO;
	if (!strcmp(path, "/dev/stderr"))
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		size_t len = strlen(dirs[i]);
		char *end;
		long fd;

		if (strncmp(path, dirs[i], len) || path[len] < '0' || path[len] > '9')
			continue;
		fd = strtol(path + len, &end, 10);
		if (!*end && fd <= INT_MAX)
			return (int)fd;
	}
	return -1;
}

/* Not opened anew: the offset is shared with who else writes there. */
static int share_descriptor(struct out_file *out, int fd, struct diag *diag)
{
	out->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return out->fd < 0 ? fail(diag, -errno, "") : 0;
}

/*
 * Opens what cannot be replaced. Returns 1 when the target is of that kind, 0 when it
 * is or will be a regular file.
 */
static int open_special(struct out_file *out, struct diag *diag)
{
	struct stat st;

	if (fstatat(out->dirfd, out->name, &st, 0))
		return 0; /* if that is a problem, creating the file will name it */
	if (S_ISDIR(st.st_mode))
		return diag_fail(diag, -EISDIR, "there is a directory of this name");
	if (S_ISREG(st.st_mode)) {
		if (faccessat(out->dirfd, out->name, W_OK, AT_EACCESS))
			return fail(diag, -errno, "the file is there and may not be written: ");
		return 0;
	}
	out->fd = openat(out->dirfd, out->name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	return out->fd < 0 ? fail(diag, -errno, "") : 1;
}

/* mkdir -p. The tree may be growing under other hands: what is there is fine. */
static int make_dirs(char *dir)
{
	char *slash = strrchr(dir, '/');
	int err;

	if (!mkdir(dir, 0777) || errno == EEXIST)
		return 0;
	if (errno != ENOENT || !slash || slash == dir)
		return -errno;
	*slash = '\0';
	err = make_dirs(dir);
	*slash = '/';
	if (err)
		return err;
	return mkdir(dir, 0777) && errno != EEXIST ? -errno : 0;
}

static int open_dir(char *dir, struct diag *diag)
{
	const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
	int fd = open(dir, flags), err;

	if (fd < 0 && errno == ENOENT) {
		err = make_dirs(dir);
		if (err)
			return fail(diag, err, "cannot make its directory: ");
		fd = open(dir, flags);
	}
	return fd < 0 ? fail(diag, -errno, "cannot open its directory: ") : fd;
}

/* Splits @path: its directory is opened, its last part copied. */
static int open_parent(struct out_file *out, const char *path, struct diag *diag)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *dir;

	if (!*name)
		return diag_fail(diag, *path ? -EISDIR : -ENOENT, "it names no file");
	if (strlen(name) > NAME_MAX)
		return fail(diag, -ENAMETOOLONG, "");
	strcpy(out->name, name);
	/* "x" is in ".", "/x" in "/". */
	dir = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	if (!dir)
		return fail(diag, -ENOMEM, "");
	out->dirfd = open_dir(dir, diag);
	free(dir);
	return out->dirfd < 0 ? out->dirfd : 0;
}

/*
 * ".NAME.btfbatch": always the same for a target, so that what a killed process left is
 * found. A long name is cut, between UTF-8 characters, and its hash tells it from
 * others with the same beginning.
 */
static void name_temp(struct out_file *out)
{
	size_t len = strlen(out->name), stem = len;
	char hash[18] = "";

	if (len > TEMP_STEM) {
		for (stem = TEMP_STEM; stem && (out->name[stem] & 0xc0) == 0x80;)
			stem--;
		snprintf(hash, sizeof(hash), ".%016" PRIx64, XXH3_64bits(out->name, len));
	}
	snprintf(out->temp, sizeof(out->temp), ".%.*s%s" OUT_FILE_SUFFIX, (int)stem, out->name,
		 hash);
}

/* Is the file @fd still the one that has the temporary name? */
static bool has_name(const struct out_file *out, int fd)
{
	struct stat mine, named;

	return !fstat(fd, &mine) && !fstatat(out->dirfd, out->temp, &named, AT_SYMLINK_NOFOLLOW) &&
	       mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

static void lock(int fd)
{
	/* A file system without locks has to do without them. */
	while (flock(fd, LOCK_EX) && errno == EINTR)
		;
}

/* A file has the temporary name. It is waited for until nobody writes it; what is then still
 * there was left by a process that was killed. */
static int remove_left(const struct out_file *out)
{
	int fd = openat(out->dirfd, out->temp, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool left = true;
	int err = 0;

	if (fd >= 0) {
		lock(fd);
		left = has_name(out, fd);
	}
	if (left && unlinkat(out->dirfd, out->temp, 0) && errno != ENOENT)
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/*
 * Never opens a file that is there: it could belong to somebody else. And not mkstemp(), which
 * creates 0600: to widen that we would have to know the umask, and reading it means setting
 * it, for all threads. Between creation and lock another process may take the file for
 * one that was left; then it has lost its name.
 */
static int create_temp(struct out_file *out)
{
	const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;

	name_temp(out);
	for (int i = 0; i < TEMP_TRIES; i++) {
		int err;

		out->fd = openat(out->dirfd, out->temp, flags, 0666);
		if (out->fd >= 0) {
			lock(out->fd);
			out->lock = fcntl(out->fd, F_DUPFD_CLOEXEC, 0);
			if (out->lock >= 0 && has_name(out, out->fd))
				return 0;
			err = out->lock < 0 ? -errno : 0;
			close(out->fd);
			if (out->lock >= 0)
				close(out->lock);
			if (err)
				return err;
			continue;
		}
		if (errno != EEXIST)
			return -errno;
		err = remove_left(out);
		if (err)
			return err;
	}
	return -EEXIST;
}

static int target_open(struct out_file *out, const char *path, struct diag *diag)
{
	int fd = descriptor_of(path), err;

	*out = (struct out_file){.fd = -1, .dirfd = -1, .lock = -1};
	if (fd >= 0)
		return share_descriptor(out, fd, diag);
	err = open_parent(out, path, diag);
	if (err)
		return err;
	err = open_special(out, diag);
	if (!err) {
		err = create_temp(out);
		if (!err)
			return 0;
		fail(diag, err, "cannot create a file in its directory: ");
	}
	close(out->dirfd);
	out->dirfd = -1;
	return err < 0 ? err : 0;
}

/* -- The end: under its name or gone -------------------------------------- */

static void target_discard(struct out_file *out)
{
	if (out->dirfd < 0)
		return;
	unlinkat(out->dirfd, out->temp, 0);
	close(out->lock);
	close(out->dirfd);
}

/* The descriptor is closed by now: that can be what reports a lost write. */
static int target_publish(struct out_file *out)
{
	if (out->dirfd < 0)
		return 0;
	if (renameat(out->dirfd, out->temp, out->dirfd, out->name))
		return -errno;
	close(out->lock);
	close(out->dirfd);
	return 0;
}

/* Ends a target whose writing and closing went as @err says. */
static int target_end(struct out_file *out, int err, struct diag *diag)
{
	if (!err)
		err = target_publish(out);
	if (!err)
		return 0;
	target_discard(out);
	return fail(diag, err, "");
}

/* -- The whole file at once ----------------------------------------------- */

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int out_file_write_as(const char *path, const void *data, size_t len, out_file_finish finish,
		      void *arg, struct diag *diag)
{
	struct out_file out;
	int err = target_open(&out, path, diag);

	if (err)
		return err;
	err = write_all(out.fd, data, len);
	if (!err && finish) {
		err = finish(arg, out.fd, diag);
		if (err) {
			close(out.fd);
			target_discard(&out);
			return err;
		}
	}
	if (close(out.fd) && !err)
		err = -errno;
	return target_end(&out, err, diag);
}

int out_file_write(const char *path, const void *data, size_t len, struct diag *diag)
{
	return out_file_write_as(path, data, len, NULL, NULL, diag);
}

int out_file_link(const char *existing, const char *path, struct diag *diag)
{
	struct out_file out = {.fd = -1, .dirfd = -1, .lock = -1};
	int err = open_parent(&out, path, diag);

	if (err)
		return err;
	name_temp(&out);
	err = remove_left(&out);
	if (!err && linkat(AT_FDCWD, existing, out.dirfd, out.temp, 0))
		err = -errno;
	if (!err && renameat(out.dirfd, out.temp, out.dirfd, out.name))
		err = -errno;
	/* Where both are names of the same file, rename(2) does nothing. */
	unlinkat(out.dirfd, out.temp, 0);
	close(out.dirfd);
	return err ? fail(diag, err, "") : 0;
}

/* -- As a stream ---------------------------------------------------------- */

int out_file_begin(const char *path, struct out_file **out, struct diag *diag)
{
	struct out_file *o = malloc(sizeof(*o));
	int err = o ? target_open(o, path, diag) : fail(diag, -ENOMEM, "");

	if (err) {
		free(o);
		return err;
	}
	o->stream = fdopen(o->fd, "w");
	if (!o->stream) {
		err = target_end(o, -errno, diag);
		close(o->fd);
		free(o);
		return err;
	}
	*out = o;
	return 0;
}

FILE *out_file_stream(struct out_file *out)
{
	return out->stream;
}

int out_file_commit(struct out_file *out, struct diag *diag)
{
	int err;

	errno = 0; /* it is not of the write that may have failed long ago */
	err = stream_flush(out->stream);
	if (fclose(out->stream) && !err)
		err = -errno;
	err = target_end(out, err, diag);
	free(out);
	return err;
}

void out_file_abort(struct out_file *out)
{
	fclose(out->stream);
	target_discard(out);
	free(out);
}
