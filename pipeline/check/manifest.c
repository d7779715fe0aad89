// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/check/manifest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/message.h"
#include "pipeline/report_read.h"
#include "pipeline/worklist.h"

struct entry {
	const struct row *row;
	size_t stem; /* of its path */
	bool found;
};

struct manifest {
	struct report_file file;
	struct entry *entries; /* by path */
	const char **missing;
	char base[256]; /* how the base differs */
};

static int compare_stems(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int c = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return c ? c : (a_len > b_len) - (a_len < b_len);
}

static int entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return compare_stems(x->row->path, x->stem, y->row->path, y->stem);
}

int manifest_read(struct manifest **out, const char *path)
{
	struct manifest *m = calloc(1, sizeof(*m));
	const struct report *r;
	struct diag diag;
	int err;

	*out = m;
	if (!m) {
		message(path, "no memory for the manifest", NULL);
		return -ENOMEM;
	}
	err = report_read(path, &m->file, &diag);
	r = &m->file.report;
	if (!err) {
		m->entries = calloc((size_t)r->nr_rows + 1, sizeof(*m->entries));
		m->missing = calloc((size_t)r->nr_rows + 1, sizeof(*m->missing));
		if (!m->entries || !m->missing)
			err = diag_fail(&diag, -ENOMEM, "out of memory");
	}
	if (err) {
		message(path, "cannot be the manifest", diag.text);
		return err;
	}
	for (uint32_t i = 0; i < r->nr_rows; i++)
		m->entries[i] = (struct entry){&r->rows[i], worklist_stem(r->rows[i].path), false};
	qsort(m->entries, r->nr_rows, sizeof(*m->entries), entry_order);
	return 0;
}

void manifest_free(struct manifest *m)
{
	if (!m)
		return;
	report_file_free(&m->file);
	free(m->entries);
	free(m->missing);
	free(m);
}

static struct entry *find_entry(struct manifest *m, const char *path)
{
	uint32_t low = 0, high = m->file.report.nr_rows;
	size_t stem = worklist_stem(path);

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		struct entry *e = &m->entries[mid];
		int c = compare_stems(path, stem, e->row->path, e->stem);

		if (!c)
			return e;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

/* How the module differs from its entry, into *@why; NULL: not at all. */
static int compare_row(const struct check_row *row, const struct entry *e, char **why)
{
	bool has_btf = row->status < CHECK_NO_BTF;
	int n = 0;

	*why = NULL;
	if (!e)
		n = asprintf(why, "the manifest does not know it");
	else if (e->row->status == ROW_FAILED)
		n = asprintf(why, "it failed when the manifest was made");
	else if (has_btf != (e->row->status == ROW_OK))
		n = asprintf(why, "it has %s BTF, when the manifest was made it had %s",
			     has_btf ? "" : "no", has_btf ? "none" : "some");
	else if (has_btf && row->bytes != e->row->split_bytes)
		n = asprintf(why, "%" PRIu64 " bytes of BTF, not %u", row->bytes,
			     e->row->split_bytes);
	else if (has_btf && row->xxh3 != e->row->xxh3)
		n = asprintf(why, "BTF with the hash %016" PRIx64 ", not %016" PRIx64, row->xxh3,
			     e->row->xxh3);
	return n < 0 ? -ENOMEM : 0;
}

static void compare_base(struct manifest *m, struct check_report *r)
{
	const struct row_base *b = &m->file.report.base;

	if (r->base.bytes == b->bytes && r->base.xxh3 == b->xxh3 &&
	    r->base.verdict.types == b->types)
		return;
	snprintf(m->base, sizeof(m->base),
		 "%" PRIu64 " bytes, %u types, hash %016" PRIx64 "; the manifest's has %" PRIu64
		 ", %u, %016" PRIx64,
		 r->base.bytes, r->base.verdict.types, r->base.xxh3, b->bytes, b->types, b->xxh3);
	r->manifest_base = m->base;
}

int manifest_compare(struct manifest *m, struct check_report *r, struct check_row *rows)
{
	int err;

	compare_base(m, r);
	for (uint32_t i = 0; i < r->nr_rows; i++) {
		struct entry *e = find_entry(m, rows[i].path);

		if (e)
			e->found = true;
		if (rows[i].status == CHECK_FAILED)
			continue;
		err = compare_row(&rows[i], e, &rows[i].manifest);
		if (err)
			return err;
		r->nr_others += rows[i].manifest != NULL;
	}
	for (uint32_t i = 0; i < m->file.report.nr_rows; i++)
		if (!m->entries[i].found && m->entries[i].row->status == ROW_OK)
			m->missing[r->nr_missing++] = m->entries[i].row->path;
	r->missing = m->missing;
	return 0;
}
