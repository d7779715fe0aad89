// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both sides are sorted by their keys and walked side by side. What is left over is sorted
 * and walked again, by file name.
 */
#include "pipeline/diff/match.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/worklist.h"

/* A row of one side, and what it is to be found by. */
struct entry {
	const char *key; /* @len bytes */
	size_t len;
	const struct row *row; /* NULL: it is in a pair */
};

struct entries {
	struct entry *entry;
	uint32_t nr;
};

/* "6.1.0-56-amd64/" */
static bool is_version(const char *dir)
{
	size_t major = strspn(dir, "0123456789");

	return major && dir[major] == '.' && isdigit((unsigned char)dir[major + 1]);
}

/* Behind the directory of a kernel's version, which is the first one or stands below
 * "modules". */
static const char *skip_version(const char *path)
{
	const char *dir = path;
	bool here = true;

	for (;;) {
		const char *end = strchr(dir, '/');

		if (!end)
			return path;
		if (here && is_version(dir))
			return end + 1;
		here = end - dir == 7 && !memcmp(dir, "modules", 7);
		dir = end + 1;
	}
}

const char *diff_key(const char *path, size_t *len)
{
	const char *key = skip_version(path);
	size_t n = worklist_stem_length(key);

	if (n > 4 && !memcmp(key + n - 4, ".btf", 4))
		n -= 4;
	*len = n;
	return key;
}

static void key_of_path(struct entry *e)
{
	e->key = diff_key(e->row->path, &e->len);
}

static void key_of_name(struct entry *e)
{
	const char *slash;

	key_of_path(e);
	slash = memrchr(e->key, '/', e->len);
	if (!slash)
		return;
	e->len -= (size_t)(slash + 1 - e->key);
	e->key = slash + 1;
}

static int compare_keys(const struct entry *a, const struct entry *b)
{
	int c = memcmp(a->key, b->key, a->len < b->len ? a->len : b->len);

	return c ? c : (a->len > b->len) - (a->len < b->len);
}

/* Rows of one key are in their report's order. */
static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = compare_keys(x, y);

	return c ? c : (x->row > y->row) - (x->row < y->row);
}

static void sort(struct entries *es, void set_key(struct entry *))
{
	for (uint32_t i = 0; i < es->nr; i++)
		set_key(&es->entry[i]);
	if (es->nr)
		qsort(es->entry, es->nr, sizeof(*es->entry), compare_entries);
}

/* How many entries from @at on have one key. */
static uint32_t run_length(const struct entries *es, uint32_t at)
{
	uint32_t nr = 1;

	while (at + nr < es->nr && !compare_keys(&es->entry[at], &es->entry[at + nr]))
		nr++;
	return nr;
}

static void add_pair(struct diff *d, struct entry *old, struct entry *new)
{
	d->modules[d->nr_modules++] =
		(struct diff_module){.old = old ? old->row : NULL, .new = new ? new->row : NULL};
	if (old)
		old->row = NULL;
	if (new)
		new->row = NULL;
}

/* Pairs what has one key: of several the first with the first; with @unique, only where
 * both sides have one. */
static void pair(struct diff *d, struct entries *old, struct entries *new, bool unique)
{
	uint32_t o = 0, n = 0;

	while (o < old->nr && n < new->nr) {
		int c = compare_keys(&old->entry[o], &new->entry[n]);
		uint32_t nr_old = c > 0 ? 0 : run_length(old, o);
		uint32_t nr_new = c < 0 ? 0 : run_length(new, n);

		for (uint32_t i = 0; i < nr_old && i < nr_new; i++)
			if (!unique || (nr_old == 1 && nr_new == 1))
				add_pair(d, &old->entry[o + i], &new->entry[n + i]);
		o += nr_old;
		n += nr_new;
	}
}

/* Keeps those that are in no pair. */
static void drop_pairs(struct entries *es)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < es->nr; i++)
		if (es->entry[i].row)
			es->entry[nr++] = es->entry[i];
	es->nr = nr;
}

static struct entries all_rows(struct arena *arena, const struct report *r)
{
	struct entries es = {arena_array(arena, struct entry, r->nr_rows), r->nr_rows};

	for (uint32_t i = 0; i < r->nr_rows; i++)
		es.entry[i] = (struct entry){.row = &r->rows[i]};
	return es;
}

void match_modules(struct diff *d)
{
	struct entries old = all_rows(&d->arena, d->old.report);
	struct entries new = all_rows(&d->arena, d->new.report);

	d->modules = arena_array(&d->arena, struct diff_module, old.nr + new.nr);
	sort(&old, key_of_path);
	sort(&new, key_of_path);
	pair(d, &old, &new, false);
	drop_pairs(&old);
	drop_pairs(&new);
	sort(&old, key_of_name);
	sort(&new, key_of_name);
	pair(d, &old, &new, true);
	drop_pairs(&old);
	drop_pairs(&new);
	for (uint32_t i = 0; i < old.nr; i++)
		add_pair(d, &old.entry[i], NULL);
	for (uint32_t i = 0; i < new.nr; i++)
		add_pair(d, NULL, &new.entry[i]);
}
