// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/diff.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/diff/match.h"

const char *diff_change_name(enum diff_change change)
{
	static const char *const names[DIFF_NR_CHANGES] = {
		[DIFF_GREW] = "grew", [DIFF_SHRANK] = "shrank", [DIFF_SAME] = "same",
		[DIFF_CAME] = "came", [DIFF_WENT] = "went",     [DIFF_FAILED] = "failed",
	};

	return names[change];
}

const char *diff_path(const struct diff_module *module)
{
	return module->new ? module->new->path : module->old->path;
}

const char *diff_shown(const char *path)
{
	size_t len;

	return diff_key(path, &len);
}

static bool has_btf(const struct row *row)
{
	return row && row->status == ROW_OK;
}

static bool failed(const struct row *row)
{
	return row && row->status == ROW_FAILED;
}

uint32_t diff_bytes(const struct row *row)
{
	return has_btf(row) ? row->split_bytes : 0;
}

uint32_t diff_types(const struct row *row)
{
	return has_btf(row) ? row->split_types : 0;
}

bool diff_moved(const struct diff_module *m)
{
	const char *old, *new;
	size_t old_len, new_len;

	if (!m->old || !m->new)
		return false;
	old = diff_key(m->old->path, &old_len);
	new = diff_key(m->new->path, &new_len);
	return old_len != new_len || memcmp(old, new, new_len);
}

static uint64_t magnitude(int64_t bytes)
{
	return (uint64_t)(bytes < 0 ? -bytes : bytes);
}

static enum diff_change change_of(const struct diff_module *m, uint64_t min_change)
{
	if (failed(m->old) || failed(m->new))
		return DIFF_FAILED;
	if (!has_btf(m->old))
		return DIFF_CAME;
	if (!has_btf(m->new))
		return DIFF_WENT;
	if (!m->bytes || magnitude(m->bytes) < min_change)
		return DIFF_SAME;
	return m->bytes > 0 ? DIFF_GREW : DIFF_SHRANK;
}

static void add_row(struct diff_sums *sums, const struct row *row)
{
	if (!has_btf(row))
		return;
	sums->modules++;
	sums->input_bytes += row->input_bytes;
	sums->split_bytes += row->split_bytes;
	sums->input_types += row->input_types;
	sums->split_types += row->split_types;
	for (uint32_t i = 0; i < row->nr_kinds; i++) {
		sums->kinds[row->kinds[i].kind].types += row->kinds[i].types;
		sums->kinds[row->kinds[i].kind].bytes += row->kinds[i].bytes;
	}
}

/* Fills in what follows from the pairs, and leaves out those without BTF. */
static void judge(struct diff *d, uint64_t min_change)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < d->nr_modules; i++) {
		struct diff_module m = d->modules[i];

		if (!failed(m.old) && !failed(m.new)) {
			if (!has_btf(m.old) && !has_btf(m.new))
				continue;
			m.bytes = (int64_t)diff_bytes(m.new) - diff_bytes(m.old);
			add_row(&d->old.sums, m.old);
			add_row(&d->new.sums, m.new);
		}
		m.change = change_of(&m, min_change);
		d->nr[m.change]++;
		d->modules[nr++] = m;
	}
	d->nr_modules = nr;
}

static int compare_modules(const void *a, const void *b)
{
	const struct diff_module *x = a, *y = b;
	int c;

	if (magnitude(x->bytes) != magnitude(y->bytes))
		return magnitude(x->bytes) < magnitude(y->bytes) ? 1 : -1;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	c = strcmp(diff_path(x), diff_path(y));
	if (c)
		return c;
	/* Of one path: rows stand in one order in their report, the old ones first. */
	if (x->new && y->new)
		return (x->new > y->new) - (x->new < y->new);
	if (x->old && y->old)
		return (x->old > y->old) - (x->old < y->old);
	return x->new ? 1 : -1;
}

/* The types of what grew or shrank, where both sides know them. */
static void compare_types(struct diff *d)
{
	for (uint32_t i = 0; i < d->nr_modules && d->old.types && d->new.types; i++) {
		struct diff_module *m = &d->modules[i];

		if (m->change == DIFF_GREW || m->change == DIFF_SHRANK)
			m->types = types_compare(&d->arena,
						 &d->old.types[m->old - d->old.report->rows],
						 &d->new.types[m->new - d->new.report->rows]);
	}
}

static int make_guarded(struct diff *d, uint64_t min_change)
{
	if (arena_guard(&d->arena))
		return -ENOMEM;
	match_modules(d);
	judge(d, min_change);
	if (d->nr_modules)
		qsort(d->modules, d->nr_modules, sizeof(*d->modules), compare_modules);
	compare_types(d);
	return 0;
}

int diff_make(struct diff *d, const struct diff_side *old, const struct diff_side *new,
	      uint64_t min_change)
{
	*d = (struct diff){.old = *old, .new = *new};
	return make_guarded(d, min_change);
}

void diff_free(struct diff *d)
{
	arena_free(&d->arena);
}
