// SPDX-License-Identifier: GPL-2.0-only
#include "blob.h"

#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct content {
	unsigned char *bytes;
	size_t size;
};

/* All of the file; 0 or -errno. */
static int content_read(struct content *content, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	size_t room = 0;
	ssize_t got;

	*content = (struct content){0};
	if (file < 0)
		return -errno;
	do {
		if (room - content->size < 65536) {
			room = 2 * room + 131072;
			content->bytes = realloc(content->bytes, room);
			if (!content->bytes)
				abort();
		}
		got = read(file, content->bytes + content->size, room - content->size);
		if (got > 0)
			content->size += (size_t)got;
	} while (got > 0);
	got = got < 0 ? -errno : 0;
	close(file);
	return (int)got;
}

static void contents_compare(const struct content *a, const struct content *b, char *word,
			     size_t size)
{
	size_t shorter = a->size < b->size ? a->size : b->size, i = 0;

	while (i < shorter && a->bytes[i] == b->bytes[i])
		i++;
	if (i == a->size && i == b->size)
		snprintf(word, size, "same");
	else
		snprintf(word, size, "differs@%zu", i);
}

void blob_compare(const char *name, const char *expected, char *word, size_t size)
{
	char path[PATH_MAX];
	struct content has, ought = {0};
	int err;

	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", name);
	err = content_read(&has, path);
	if (err && err != -ENOENT)
		snprintf(word, size, "unreadable:%s", error_name(err));
	else if (!expected)
		snprintf(word, size, "%s", err ? "none" : "unexpected");
	else if (err)
		snprintf(word, size, "absent");
	else if ((err = content_read(&ought, expected)))
		snprintf(word, size, "not-expected:%s", error_name(err));
	else
		contents_compare(&has, &ought, word, size);
	free(has.bytes);
	free(ought.bytes);
}
