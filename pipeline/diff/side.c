// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/side.h"

#include <errno.h>

#include "pipeline/message.h"

static int get_report(struct side *side, const struct side_ask *ask)
{
	struct diag diag;
	int err = report_read(ask->path, &side->file, &diag);

	if (err == -EISDIR)
		message(ask->path, "cannot be compared", "a tree of modules needs its base");
	else if (err)
		message(ask->path, "cannot be read as a report", diag.text);
	side->report = side->file.report;
	return err;
}

static int run_tree(struct side *side, const struct side_ask *ask)
{
	struct side_ask tree = *ask;
	const struct run_ask run = {
		.inputs =
			{
				.base = ask->base,
				.paths = &tree.path,
				.nr_paths = 1,
				.jobs = ask->jobs,
			},
		.hash = true,
		.types = true,
	};
	int err = run_all(&side->run, &run);

	if (!err)
		side->report = run_report(&side->run);
	return err;
}

int side_get(struct side *side, const struct side_ask *ask)
{
	*side = (struct side){0};
	return ask->base ? run_tree(side, ask) : get_report(side, ask);
}

void side_free(struct side *side)
{
	report_file_free(&side->file);
	run_free(&side->run);
}
