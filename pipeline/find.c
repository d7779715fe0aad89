// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/out_file.h"

#define SKIP_MAX 4

struct search {
	struct find_result *result;
	enum find_for what_for;
	bool by_entry; /* see is_told() */
	size_t cap_files;
	size_t cap_errors;
	size_t cap_left;
	struct skip {
		dev_t dev;
		ino_t ino;
	} skip[SKIP_MAX];
	size_t nr_skip;
	/* The PATH that is being searched, and its directories that are yet to be. */
	int arg;
	const char *arg_path;
	char **dirs;
	size_t nr_dirs;
	size_t cap_dirs;
};

static bool has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m && !strcmp(name + n - m, suffix);
}

static bool is_wanted_name(const struct search *s, const char *name)
{
	static const char *const suffixes[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (has_suffix(name, suffixes[i]))
			return true;
	return s->what_for == FIND_TO_READ && has_suffix(name, ".btf");
}

/* Of a module that was being written; or by whose --sign-cmd, as the kernel's sign-file does. */
static bool is_left_name(const char *name)
{
	return *name == '.' && strstr(name, ".ko") &&
	       (has_suffix(name, OUT_FILE_SUFFIX) || has_suffix(name, OUT_FILE_SUFFIX ".~signed~"));
}

/* Makes room for one more element of @size bytes. */
static int grow(void *array, size_t nr, size_t *cap, size_t size)
{
	size_t new_cap = *cap ? *cap * 2 : 64;
	void *p;

	if (nr < *cap)
		return 0;
	p = reallocarray(*(void **)array, new_cap, size);
	if (!p)
		return -ENOMEM;
	*(void **)array = p;
	*cap = new_cap;
	return 0;
}

/* The part of @full, found below the PATH, that is relative to it. */
static const char *relative(const char *full, const char *arg_path)
{
	size_t n = strlen(arg_path);

	while (n && arg_path[n - 1] == '/')
		n--;
	while (full[n] == '/')
		n++;
	return full[n] ? full + n : full;
}

static int add_error(struct search *s, const char *path, const char *what, int error)
{
	struct find_result *r = s->result;
	struct find_error *e;

	if (grow(&r->errors, r->nr_errors, &s->cap_errors, sizeof(*r->errors)))
		return -ENOMEM;
	e = &r->errors[r->nr_errors];
	e->full = strdup(path);
	if (!e->full)
		return -ENOMEM;
	e->path = relative(e->full, s->arg_path);
	e->arg = s->arg;
	errno = error;
	/* %m, unlike strerror(), is safe in threads. */
	snprintf(e->reason, sizeof(e->reason), error ? "%s: %m" : "%s", what);
	r->nr_errors++;
	return 0;
}

static int add_file(struct search *s, char *full, bool is_path, bool by_entry,
		    const struct stat *st)
{
	struct find_result *r = s->result;

	if (grow(&r->files, r->nr_files, &s->cap_files, sizeof(*r->files))) {
		free(full);
		return -ENOMEM;
	}
	r->files[r->nr_files++] = (struct found){
		.full = full,
		.path = is_path ? basename(full) : relative(full, s->arg_path),
		.size = (uint64_t)st->st_size,
		.arg = s->arg,
		.by_entry = by_entry,
		.dev = st->st_dev,
		.ino = st->st_ino,
	};
	return 0;
}

static int add_left(struct search *s, char *path)
{
	struct find_result *r = s->result;

	if (grow(&r->left, r->nr_left, &s->cap_left, sizeof(*r->left))) {
		free(path);
		return -ENOMEM;
	}
	r->left[r->nr_left++] = path;
	return 0;
}

static int add_dir(struct search *s, char *path)
{
	if (grow(&s->dirs, s->nr_dirs, &s->cap_dirs, sizeof(*s->dirs))) {
		free(path);
		return -ENOMEM;
	}
	s->dirs[s->nr_dirs++] = path;
	return 0;
}

static bool is_skipped(const struct search *s, const struct stat *st)
{
	for (size_t i = 0; i < s->nr_skip; i++)
		if (st->st_dev == s->skip[i].dev && st->st_ino == s->skip[i].ino)
			return true;
	return false;
}

/* The path of @name in the directory @dir, to be freed, or NULL. */
static char *path_below(const char *dir, const char *name)
{
	size_t n = strlen(dir), m = strlen(name);
	char *path;

	while (n && dir[n - 1] == '/')
		n--;
	path = malloc(n + 1 + m + 1);
	if (!path)
		return NULL;
	memcpy(path, dir, n);
	path[n] = '/';
	memcpy(path + n + 1, name, m + 1);
	return path;
}

/*
 * Is what its directory says of the regular file @ent enough? To stat(2) each module takes half of
 * the search. It tells the size, which work is balanced by: but of an uncompressed module
 * only the BTF is read. And it tells which file it is, as does the directory, unless another entry,
 * or a file to skip, has the same inode; then it is looked at, here or by look_at_suspects().
 *
 * Some file systems (overlayfs, FUSE) have other inodes in their directories than stat(2) has.
 * There the two are not to be mixed: not where a file is a PATH. What else stat(2) is asked of has
 * another ending, and at worst a file is done under both its names.
 */
static bool is_told(const struct search *s, const struct dirent *ent)
{
	if (!s->by_entry || !has_suffix(ent->d_name, ".ko"))
		return false;
	for (size_t i = 0; i < s->nr_skip; i++)
		if (s->skip[i].ino == ent->d_ino)
			return false;
	return true;
}

static int add_error_below(struct search *s, const char *dir, const char *name, const char *what,
			   int error)
{
	char *path = path_below(dir, name);
	int err = path ? add_error(s, path, what, error) : -ENOMEM;

	free(path);
	return err;
}

/* Only the names that we look for are looked at, all others cost nothing but being read. */
static int visit(struct search *s, int fd, const char *dir, const struct dirent *ent)
{
	bool left = s->what_for == FIND_TO_CHANGE && is_left_name(ent->d_name), wanted;
	struct stat st = {.st_ino = ent->d_ino};
	unsigned char type = ent->d_type;
	bool by_entry;
	char *path;

	wanted = left || is_wanted_name(s, ent->d_name);
	if (!wanted && type != DT_DIR && type != DT_UNKNOWN)
		return 0;
	by_entry = type == DT_REG && (left || is_told(s, ent));
	if (type == DT_UNKNOWN || (type == DT_REG && !by_entry)) {
		if (fstatat(fd, ent->d_name, &st, AT_SYMLINK_NOFOLLOW))
			/* not even told what it is, so go by its name */
			return wanted && !left ? add_error_below(s, dir, ent->d_name,
								 "cannot search", errno)
					       : 0;
		type = IFTODT(st.st_mode);
	}
	if (type != DT_DIR && (type == DT_LNK || !wanted))
		return 0;
	if (type != DT_DIR && type != DT_REG)
		return left ? 0 : add_error_below(s, dir, ent->d_name, "not a regular file", 0);
	if (type == DT_REG && !by_entry && is_skipped(s, &st))
		return 0;
	path = path_below(dir, ent->d_name);
	if (!path)
		return -ENOMEM;
	if (type == DT_DIR)
		return add_dir(s, path);
	return left ? add_left(s, path) : add_file(s, path, false, by_entry, &st);
}

static bool is_dot(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static int read_dir(struct search *s, DIR *stream, const char *dir)
{
	int fd = dirfd(stream), err = 0;
	struct dirent *ent;

	while (!err && (errno = 0, ent = readdir(stream)))
		if (!is_dot(ent->d_name))
			err = visit(s, fd, dir, ent);
	if (!err && errno)
		err = add_error(s, dir, "cannot read the directory", errno);
	return err;
}

/* Subdirectories of @dir are noted, not entered: so one is open at a time. */
static int search_dir(struct search *s, const char *dir, bool is_path)
{
	int fd = open(dir,
		      O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | (is_path ? 0 : O_NOFOLLOW));
	struct stat st;
	DIR *stream;
	int err;

	if (fd < 0)
		return add_error(s, dir, "cannot read the directory", errno);
	if (!is_path && s->nr_skip && !fstat(fd, &st) && is_skipped(s, &st)) {
		close(fd);
		return 0;
	}
	stream = fdopendir(fd);
	if (!stream) {
		err = errno;
		close(fd);
		return err == ENOMEM ? -ENOMEM
				     : add_error(s, dir, "cannot read the directory", err);
	}
	err = read_dir(s, stream, dir);
	closedir(stream);
	return err;
}

static int search_dirs(struct search *s, const char *path)
{
	int err = search_dir(s, path, true);

	while (s->nr_dirs) {
		char *dir = s->dirs[--s->nr_dirs];

		if (!err)
			err = search_dir(s, dir, false);
		free(dir);
	}
	return err;
}

static int search_path(struct search *s, const char *path)
{
	struct stat st;
	char *full;

	if (stat(path, &st)) {
		int err = errno;

		if (err == ENOENT && !lstat(path, &st))
			return add_error(s, path, "symbolic link to nowhere", 0);
		return add_error(s, path, "cannot search", err);
	}
	if (S_ISDIR(st.st_mode))
		return search_dirs(s, path);
	if (!S_ISREG(st.st_mode))
		return add_error(s, path, "not a regular file", 0);
	full = strdup(path);
	return full ? add_file(s, full, true, false, &st) : -ENOMEM;
}

static int compare_files(const void *pa, const void *pb)
{
	const struct found *a = pa, *b = pb;

	return a->arg != b->arg ? (a->arg > b->arg) - (a->arg < b->arg) : strcmp(a->path, b->path);
}

static int compare_errors(const void *pa, const void *pb)
{
	const struct find_error *a = pa, *b = pb;

	return a->arg != b->arg ? (a->arg > b->arg) - (a->arg < b->arg) : strcmp(a->path, b->path);
}

static int compare_inodes(const struct found *a, const struct found *b)
{
	return a->ino != b->ino ? (a->ino > b->ino) - (a->ino < b->ino)
				: (a->dev > b->dev) - (a->dev < b->dev);
}

/* By file; of one file the first in the final order comes first. */
static int compare_as_files(const void *pa, const void *pb)
{
	const struct found *a = *(struct found *const *)pa, *b = *(struct found *const *)pb;
	int c = compare_inodes(a, b);

	return c ? c : (a > b) - (a < b);
}

static bool same_file(const struct found *a, const struct found *b)
{
	/* What could not be looked at is not known to be another. */
	return !a->by_entry && !b->by_entry && !compare_inodes(a, b);
}

static void look_at(struct found *file)
{
	struct stat st;

	/* What cannot be looked at is told when it is opened. */
	if (!file->by_entry || lstat(file->full, &st))
		return;
	file->by_entry = false;
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	file->size = (uint64_t)st.st_size;
}

/* Those of one inode by their directories' word: they may be of several file systems. */
static void look_at_suspects(struct found **by_inode, size_t nr)
{
	ino_t last = by_inode[0]->ino;
	bool any = false;

	for (size_t i = 1; i < nr; i++) {
		ino_t ino = by_inode[i]->ino;

		if (ino == last) {
			look_at(by_inode[i - 1]);
			look_at(by_inode[i]);
			any = true;
		}
		last = ino;
	}
	if (any)
		qsort(by_inode, nr, sizeof(*by_inode), compare_as_files);
}

/* Only files that are not links stay, those that @is_link has not marked. */
static void compact(struct find_result *r, const bool *is_link)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nr_files; i++)
		if (!is_link[i])
			r->files[n++] = r->files[i];
	r->nr_files = n;
}

static size_t count_repeated(struct found *const *by_inode, size_t nr)
{
	size_t n = 0;

	for (size_t i = 1; i < nr; i++)
		n += same_file(by_inode[i - 1], by_inode[i]);
	return n;
}

static int keep_links(struct find_result *r, struct found *const *by_inode, size_t nr)
{
	bool *is_link = calloc(r->nr_files, sizeof(*is_link));

	r->links = calloc(nr, sizeof(*r->links));
	if (!r->links || !is_link) {
		free(is_link);
		return -ENOMEM;
	}
	for (size_t i = 1; i < r->nr_files; i++) {
		if (!same_file(by_inode[i - 1], by_inode[i]))
			continue;
		r->links[r->nr_links++] = *by_inode[i];
		is_link[by_inode[i] - r->files] = true;
	}
	compact(r, is_link);
	free(is_link);
	return 0;
}

/* After sorting, so that it does not depend on the order in which a
 * directory lists its files which name of a file is kept. */
static int drop_repeated(struct find_result *r)
{
	struct found **by_inode;
	size_t nr;
	int err;

	if (r->nr_files < 2)
		return 0;
	by_inode = reallocarray(NULL, r->nr_files, sizeof(*by_inode));
	if (!by_inode)
		return -ENOMEM;
	for (size_t i = 0; i < r->nr_files; i++)
		by_inode[i] = &r->files[i];
	qsort(by_inode, r->nr_files, sizeof(*by_inode), compare_as_files);
	look_at_suspects(by_inode, r->nr_files);
	nr = count_repeated(by_inode, r->nr_files);
	err = nr ? keep_links(r, by_inode, nr) : 0;
	free(by_inode);
	return err;
}

static int compare_full(const void *pa, const void *pb)
{
	const struct find_error *a = pa, *b = pb;
	int c = strcmp(a->full, b->full);

	return c ? c : (a->arg > b->arg) - (a->arg < b->arg);
}

/* Of PATHs that lie in one another each would tell it. */
static void drop_repeated_errors(struct find_result *r)
{
	size_t n = 0;

	if (r->nr_errors < 2)
		return;
	qsort(r->errors, r->nr_errors, sizeof(*r->errors), compare_full);
	for (size_t i = 1; i < r->nr_errors; i++) {
		if (strcmp(r->errors[n].full, r->errors[i].full))
			r->errors[++n] = r->errors[i];
		else
			free(r->errors[i].full);
	}
	r->nr_errors = n + 1;
	qsort(r->errors, r->nr_errors, sizeof(*r->errors), compare_errors);
}

static void set_skip(struct search *s, const char *const *skip)
{
	struct stat st;

	for (; *skip && s->nr_skip < SKIP_MAX; skip++)
		if (!stat(*skip, &st))
			s->skip[s->nr_skip++] = (struct skip){st.st_dev, st.st_ino};
}

/* Where one is none, or cannot be looked at, the search tells it. */
static bool all_are_directories(char *const *paths, int nr)
{
	struct stat st;

	for (int i = 0; i < nr; i++)
		if (stat(paths[i], &st) || !S_ISDIR(st.st_mode))
			return false;
	return true;
}

int find_modules(char *const *paths, int nr, const char *const *skip, enum find_for what_for,
		 struct find_result *result)
{
	struct search s = {
		.result = result,
		.what_for = what_for,
		.by_entry = what_for == FIND_TO_READ && all_are_directories(paths, nr),
	};
	int err = 0;

	*result = (struct find_result){0};
	set_skip(&s, skip);
	for (s.arg = 0; !err && s.arg < nr; s.arg++) {
		s.arg_path = paths[s.arg];
		err = search_path(&s, paths[s.arg]);
	}
	free(s.dirs);
	if (err)
		return err;
	if (result->nr_files)
		qsort(result->files, result->nr_files, sizeof(*result->files), compare_files);
	drop_repeated_errors(result);
	return drop_repeated(result);
}

const struct found *find_links(const struct find_result *result, const struct found *file,
			       size_t *nr)
{
	size_t low = 0, high = result->nr_links;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct found *at = &result->links[mid];

		if (compare_inodes(at, file) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*nr = 0; low + *nr < result->nr_links; ++*nr)
		if (!same_file(&result->links[low + *nr], file))
			break;
	return *nr ? &result->links[low] : NULL;
}

void find_result_free(struct find_result *result)
{
	for (size_t i = 0; i < result->nr_files; i++)
		free(result->files[i].full);
	for (size_t i = 0; i < result->nr_errors; i++)
		free(result->errors[i].full);
	for (size_t i = 0; i < result->nr_links; i++)
		free(result->links[i].full);
	for (size_t i = 0; i < result->nr_left; i++)
		free(result->left[i]);
	free(result->files);
	free(result->links);
	free(result->left);
	free(result->errors);
	*result = (struct find_result){0};
}
