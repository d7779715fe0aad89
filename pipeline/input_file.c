// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The size to begin with where stat() knows none. */
#define READ_FIRST 65536

/* %m, unlike strerror(), is safe in threads. */
static int fail_errno(struct diag *diag, const char *what)
{
	int err = errno;

	return diag_fail(diag, -err, "%s: %m", what);
}

static int check_regular(int fd, uint64_t *size, struct diag *diag)
{
	struct stat st;

	if (fstat(fd, &st))
		return fail_errno(diag, "cannot stat");
	if (S_ISDIR(st.st_mode))
		return diag_fail(diag, -EISDIR, "is a directory");
	if (!S_ISREG(st.st_mode))
		return diag_fail(diag, -EINVAL, "not a regular file");
	*size = (uint64_t)st.st_size;
	return 0;
}

/*
 * pread() until @len bytes are there or the file ends: it does where a read gives nothing, or
 * fewer bytes than asked for, but just up to the size that it is known to have.
 */
static long read_up_to(const struct input *in, unsigned char *dst, size_t len, uint64_t offset,
		       struct diag *diag)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(in->fd, dst + done, len - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(diag, "cannot read");
		done += (size_t)n;
		if (!n || offset + done == in->size)
			break;
	}
	return (long)done;
}

int input_take(struct input *in, int fd, struct diag *diag)
{
	int err;
	long n;

	in->fd = fd;
	err = check_regular(fd, &in->size, diag);
	if (err)
		return err;
	n = read_up_to(in, in->head, sizeof(in->head), 0, diag);
	in->head_len = n < 0 ? 0 : (size_t)n;
	return n < 0 ? (int)n : 0;
}

int input_open(struct input *in, int dirfd, const char *path, struct diag *diag)
{
	/* O_NONBLOCK: opening a FIFO would wait for a writer. */
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int err;

	if (fd < 0)
		return fail_errno(diag, "cannot open");
	err = input_take(in, fd, diag);
	if (err)
		close(fd);
	return err;
}

void input_close(struct input *in)
{
	close(in->fd);
}

int input_read_at(const struct input *in, void *dst, size_t len, uint64_t offset, struct diag *diag)
{
	long n = read_up_to(in, dst, len, offset, diag);

	if (n < 0)
		return (int)n;
	if ((size_t)n < len)
		return diag_fail(diag, -EIO, "the file became shorter while it was read");
	return 0;
}

/* How much room to make for a file of which nothing or @buf->len is read. */
static size_t next_cap(const struct buffer *buf, size_t hint, size_t limit)
{
	size_t cap = buf->len ? buf->len * 2 : hint;

	return cap > limit + 1 ? limit + 1 : cap;
}

static int too_large(size_t limit, struct diag *diag)
{
	return diag_fail(diag, -EFBIG, "larger than the limit of %zu bytes", limit);
}

int input_read_all(const struct input *in, size_t limit, struct buffer *buf, struct diag *diag)
{
	size_t hint;
	long n;

	buf->len = 0;
	if (in->size > limit)
		return too_large(limit, diag);
	/* One byte more than the size, so that one read also sees the end. */
	hint = in->size ? in->size + 1 : READ_FIRST;
	do {
		if (buffer_reserve(buf, next_cap(buf, hint, limit)))
			return diag_fail(diag, -ENOMEM, "out of memory");
		n = read_up_to(in, buf->data + buf->len, buf->cap - buf->len, buf->len, diag);
		if (n < 0)
			return (int)n;
		buf->len += (size_t)n;
		if (buf->len > limit)
			return too_large(limit, diag);
	} while (buf->len == buf->cap);
	return 0;
}

int input_read_file(int dirfd, const char *path, size_t limit, struct buffer *buf,
		    struct diag *diag)
{
	struct input in;
	int err;

	buf->len = 0;
	err = input_open(&in, dirfd, path, diag);
	if (err)
		return err;
	err = input_read_all(&in, limit, buf, diag);
	input_close(&in);
	return err;
}

bool input_is_btf(const void *head, size_t len)
{
	uint16_t magic;

	if (len < sizeof(magic))
		return false;
	memcpy(&magic, head, sizeof(magic));
	return magic == BTF_MAGIC || magic == __builtin_bswap16(BTF_MAGIC);
}
