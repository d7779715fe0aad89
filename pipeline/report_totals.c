// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/report.h"

static void add_ok(struct totals *t, const struct row *row)
{
	t->ok++;
	t->input_bytes += row->input_bytes;
	t->split_bytes += row->split_bytes;
	t->input_types += row->input_types;
	t->split_types += row->split_types;
}

static void add_file(struct totals *t, const struct row *row)
{
	if (row->file == ROW_FILE_NONE)
		return;
	if (row->file == ROW_FILE_SAME)
		t->files_same++;
	else
		t->files_written++;
	t->old_file_bytes += row->old_file_bytes;
	t->new_file_bytes += row->new_file_bytes;
}

struct totals report_totals(const struct report *r)
{
	struct totals t = {.modules = r->nr_rows};

	for (uint32_t i = 0; i < r->nr_rows; i++) {
		add_file(&t, &r->rows[i]);
		switch (r->rows[i].status) {
		case ROW_OK:
			add_ok(&t, &r->rows[i]);
			break;
		case ROW_NO_BTF:
			t.no_btf++;
			break;
		case ROW_FAILED:
			t.failed++;
			break;
		}
	}
	return t;
}
