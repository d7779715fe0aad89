// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/worklist.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/message.h"

void row_fail(struct row *row, const char *why)
{
	row->status = ROW_FAILED;
	row->error = strdup(why);
}

int row_note(struct row *row, struct diag *diag, const char *format, ...)
{
	char *note, *all;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&note, format, args);
	va_end(args);
	if (n >= 0 && row->note) {
		n = asprintf(&all, "%s; %s", row->note, note);
		free(note);
		note = all;
	}
	if (n < 0)
		return diag_fail(diag, -ENOMEM, "out of memory");
	free(row->note);
	row->note = note;
	return 0;
}

uint32_t rows_tell_failures(const struct row *rows, uint32_t nr, const char *what)
{
	uint32_t failed = 0;

	for (uint32_t i = 0; i < nr; i++) {
		if (rows[i].note)
			message(rows[i].path, "note", rows[i].note);
		if (rows[i].status != ROW_FAILED)
			continue;
		message(rows[i].path, what, rows[i].error ? rows[i].error : "no memory");
		failed++;
	}
	return failed;
}

size_t worklist_stem_length(const char *path)
{
	static const char *const packed[] = {".gz", ".xz", ".zst"};
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		size_t n = strlen(packed[i]);

		if (len > n && !strcmp(path + len - n, packed[i]))
			return len - n;
	}
	return len;
}

size_t worklist_stem(const char *path)
{
	size_t len = worklist_stem_length(path);

	return len > 4 && !memcmp(path + len - 4, ".btf", 4) ? len - 4 : len;
}

/* DIR/kernel/fs/xfs/xfs.ko.btf, of xfs.ko, xfs.ko.xz or xfs.ko.btf. */
char *worklist_blob(const char *output, const char *path)
{
	char *out;

	if (asprintf(&out, "%s/%.*s.btf", output, (int)worklist_stem(path), path) < 0)
		return NULL;
	return out;
}

char *worklist_copy(const char *output, const char *path)
{
	char *out;

	return asprintf(&out, "%s/%s", output, path) < 0 ? NULL : out;
}

static void add_file(struct worklist *list, const struct found *file)
{
	uint32_t i = list->nr_rows++;

	list->rows[i].path = file->path;
	list->files[i] = file;
}

static int add_error(struct worklist *list, const struct find_error *error)
{
	struct row *row = &list->rows[list->nr_rows++];

	row->path = error->path;
	row_fail(row, error->reason);
	return row->error ? 0 : -ENOMEM;
}

/* Files and errors are each in path order; so is what they are merged to. */
static int add_all(struct worklist *list, const struct find_result *found)
{
	size_t f = 0, e = 0;
	int err = 0;

	while (!err && (f < found->nr_files || e < found->nr_errors)) {
		const struct found *file = f < found->nr_files ? &found->files[f] : NULL;
		const struct find_error *error = e < found->nr_errors ? &found->errors[e] : NULL;

		if (!error ||
		    (file && (file->arg < error->arg ||
			      (file->arg == error->arg && strcmp(file->path, error->path) <= 0)))) {
			add_file(list, file);
			f++;
		} else {
			err = add_error(list, error);
			e++;
		}
	}
	return err;
}

struct output_ref {
	char *output;
	uint32_t row;
};

static int compare_outputs(const void *a, const void *b)
{
	const struct output_ref *x = a, *y = b;
	int c = strcmp(x->output, y->output);

	return c ? c : (x->row > y->row) - (x->row < y->row);
}

/* The first ref with the output of the @len bytes at @path, or NULL. */
static const struct output_ref *find_output(const struct output_ref *refs, uint32_t nr,
					    const char *path, size_t len)
{
	uint32_t low = 0, high = nr;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int c = strncmp(refs[mid].output, path, len);

		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr && !strncmp(refs[low].output, path, len) && !refs[low].output[len]
		       ? &refs[low]
		       : NULL;
}

/* The later of two rows whose outputs cannot both be. */
static void fail_later(struct worklist *list, const struct output_ref *a,
		       const struct output_ref *b)
{
	const struct output_ref *later = a->row > b->row ? a : b, *first = later == a ? b : a;
	bool same = !strcmp(later->output, first->output);
	char why[512];

	if (!list->files[later->row])
		return;
	snprintf(why, sizeof(why), "its output would %s that of %.400s",
		 same ? "replace" : "be in the way of",
		 list->files[first->row] ? list->files[first->row]->full
					 : list->rows[first->row].path);
	row_fail(&list->rows[later->row], why);
	list->files[later->row] = NULL;
}

/* All are below a directory of @below characters. */
static void fail_all_later(struct worklist *list, const struct output_ref *refs, uint32_t nr,
			   size_t below)
{
	for (uint32_t i = 0; i < nr; i++) {
		const char *path = refs[i].output;

		for (size_t len = below + 1; path[len - 1]; len++) {
			const struct output_ref *other;

			if (path[len] && path[len] != '/')
				continue;
			other = find_output(refs, nr, path, len);
			if (other && other->row != refs[i].row)
				fail_later(list, other, &refs[i]);
		}
	}
}

/*
 * Outputs that cannot both be: of one name, as those of x.ko and x.ko.xz; or one
 * below the other, as that of x.ko and those in a directory x.ko.btf. The
 * first in path order is done. The names are not kept: they would be a third of what
 * the list takes.
 */
static int fail_collisions(struct worklist *list, const char *output, bool copies)
{
	char *(*name)(const char *, const char *) = copies ? worklist_copy : worklist_blob;
	struct output_ref *refs = calloc(list->nr_rows + 1, sizeof(*refs));
	uint32_t nr = 0;
	int err = refs ? 0 : -ENOMEM;

	for (uint32_t i = 0; i < list->nr_rows && !err; i++) {
		if (!list->files[i])
			continue;
		refs[nr] = (struct output_ref){name(output, list->rows[i].path), i};
		err = refs[nr].output ? 0 : -ENOMEM;
		nr += !err;
	}
	if (!err) {
		qsort(refs, nr, sizeof(*refs), compare_outputs);
		fail_all_later(list, refs, nr, strlen(output));
	}
	while (nr)
		free(refs[--nr].output);
	free(refs);
	return err;
}

struct size_ref {
	uint64_t size; /* 0 of all that are not large */
	uint32_t row;
};

static int compare_sizes(const void *a, const void *b)
{
	const struct size_ref *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return (x->row > y->row) - (x->row < y->row);
}

/* A file is large that is more than this part of all. */
#define LARGE_PART 128

/*
 * Large ones come first, so that no worker is at one when the others have nothing left to do. All
 * others come in path order: what stands in one directory is alike, and the kernel has it
 * in its caches together. On an installed tree that takes 0.88 of the time that the order of
 * sizes takes. Where sizes are not known (find.c), because only the BTF of a file is read, all do.
 */
static int order_work(struct worklist *list)
{
	struct size_ref *refs = calloc(list->nr_rows + 1, sizeof(*refs));
	uint64_t all = 0;
	bool known = true;

	if (!refs)
		return -ENOMEM;
	for (uint32_t i = 0; i < list->nr_rows; i++) {
		all += list->files[i] ? list->files[i]->size : 0;
		known &= !list->files[i] || !list->files[i]->by_entry;
	}
	for (uint32_t i = 0; i < list->nr_rows; i++) {
		uint64_t size = list->files[i] ? list->files[i]->size : 0;

		if (list->files[i])
			refs[list->nr_order++] =
				(struct size_ref){known && size > all / LARGE_PART ? size : 0, i};
	}
	qsort(refs, list->nr_order, sizeof(*refs), compare_sizes);
	for (uint32_t i = 0; i < list->nr_order; i++)
		list->order[i] = refs[i].row;
	free(refs);
	return 0;
}

int worklist_make(struct worklist *list, const struct find_result *found, const char *output,
		  bool copies)
{
	size_t n = found->nr_files + found->nr_errors;
	int err;

	*list = (struct worklist){0};
	if (n >= UINT32_MAX)
		return -ENOMEM;
	list->rows = calloc(n + 1, sizeof(*list->rows));
	list->files = calloc(n + 1, sizeof(*list->files));
	list->order = calloc(n + 1, sizeof(*list->order));
	if (!list->rows || !list->files || !list->order)
		return -ENOMEM;
	err = add_all(list, found);
	if (!err && output)
		err = fail_collisions(list, output, copies);
	if (!err)
		err = order_work(list);
	return err;
}

void worklist_free(struct worklist *list)
{
	for (uint32_t i = 0; i < list->nr_rows; i++) {
		free(list->rows[i].error);
		free(list->rows[i].note);
		free(list->rows[i].kinds);
	}
	free(list->rows);
	free(list->files);
	free(list->order);
	*list = (struct worklist){0};
}
