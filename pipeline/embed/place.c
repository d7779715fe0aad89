// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/embed/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/embed/keep.h"
#include "pipeline/input_file.h"
#include "pipeline/module_file.h"
#include "pipeline/out_file.h"

/* Where @path, found at @full, goes. A symbolic link is not replaced, but what it leads to.
 * To be freed; NULL: see errno. */
static char *target_of(const struct embed *e, const char *full, const char *path)
{
	return e->output ? worklist_copy(e->output, path) : realpath(full, NULL);
}

struct finish {
	const struct embed *e;
	const char *from;
};

/* A copy is made again after a power cut; a module in its place has to be there. */
static int finish(void *arg, int fd, struct diag *diag)
{
	const struct finish *f = arg;
	int err = keep_attributes(f->from, fd, f->e->output != NULL, diag);

	if (!err && !f->e->output && fsync(fd))
		return diag_fail(diag, -errno, "fsync: %m");
	return err;
}

/* -- Hard links ----------------------------------------------------------- */

/* Is @link the very name of @file, found twice, by PATHs that lie in one another? */
static bool same_name(const struct found *file, const struct found *link)
{
	char *a = realpath(file->full, NULL), *b = realpath(link->full, NULL);
	bool same = a && b && !strcmp(a, b);

	free(a);
	free(b);
	return same;
}

static int place_link(const struct embed *e, const char *target, const struct found *link,
		      struct diag *diag)
{
	char *path = target_of(e, link->full, link->path);
	struct diag why;
	int err;

	if (!path)
		return diag_fail(diag, -errno, "%s: %m", link->path);
	err = out_file_link(target, path, &why);
	free(path);
	return err ? diag_fail(diag, err, "its other name %s: %s", link->path, why.text) : 0;
}

/* The names of @file that were found besides it follow to the new file. @nlink names it had in all.
 */
static int place_links(const struct embed *e, const char *target, const struct found *file,
		       nlink_t nlink, struct row *row, struct diag *diag)
{
	size_t nr, names = 1;
	const struct found *links = find_links(&e->in->found, file, &nr);

	for (size_t i = 0; i < nr; i++) {
		int err;

		if (same_name(file, &links[i]))
			continue;
		err = place_link(e, target, &links[i], diag);
		if (err)
			return err;
		names++;
	}
	if (nlink <= names || e->output)
		return names == 1 ? 0
				  : row_note(row, diag,
					     "%zu names of one file: all have the new one", names);
	return row_note(row, diag,
			"%zu of the file's %zu names are outside of the PATHs and keep the old "
			"module",
			(size_t)nlink - names, (size_t)nlink);
}

/* -- Files ---------------------------------------------------------------- */

static int write_file(const struct embed *e, const struct found *file, struct row *row,
		      const void *data, size_t len, struct diag *diag)
{
	struct finish f = {.e = e, .from = file->full};
	char *target = target_of(e, file->full, file->path);
	struct stat st;
	int err;

	if (!target || stat(file->full, &st)) {
		err = diag_fail(diag, -errno, "%m");
		free(target);
		return err;
	}
	err = out_file_write_as(target, data, len, finish, &f, diag);
	if (!err)
		err = place_links(e, target, file, st.st_nlink, row, diag);
	free(target);
	return err;
}

int place_module(const struct embed *e, const struct found *file, struct row *row, const void *data,
		 size_t len, struct diag *diag)
{
	int err = 0;

	if (!e->options->dry_run)
		err = write_file(e, file, row, data, len, diag);
	if (err)
		return err;
	row->file = e->options->dry_run ? ROW_FILE_TO_WRITE : ROW_FILE_WRITTEN;
	row->old_file_bytes = file->size;
	row->new_file_bytes = len;
	return 0;
}

static int copy_file(const struct embed *e, const struct found *file, struct row *row,
		     struct diag *diag)
{
	struct buffer data = {0};
	int err = input_read_file(AT_FDCWD, file->full, MODULE_UNPACKED_MAX, &data, diag);

	if (!err)
		err = write_file(e, file, row, data.data, data.len, diag);
	buffer_free(&data);
	return err;
}

int place_as_it_is(const struct embed *e, const struct found *file, struct row *row,
		   struct diag *diag)
{
	int err = 0;

	if (e->output && !e->options->dry_run)
		err = copy_file(e, file, row, diag);
	if (err)
		return err;
	row->file = ROW_FILE_SAME;
	row->old_file_bytes = row->new_file_bytes = file->size;
	return 0;
}

/* "DIR/.NAME.sign.btfbatch", so that it is known for what it is when it was left. */
char *place_to_sign(const struct embed *e, const struct found *file, const struct row *row)
{
	char *target = target_of(e, file->full, row->path), *path = NULL;
	const char *slash, *name;

	if (!target)
		return NULL;
	slash = strrchr(target, '/');
	name = slash ? slash + 1 : target;
	if (asprintf(&path, "%.*s.%s.sign" OUT_FILE_SUFFIX, (int)(name - target), target, name) < 0)
		path = NULL;
	free(target);
	return path;
}

void place_remove_left(const struct find_result *found)
{
	for (size_t i = 0; i < found->nr_left; i++) {
		int fd = open(found->left[i], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (!flock(fd, LOCK_EX | LOCK_NB))
			unlink(found->left[i]);
		close(fd);
	}
}
