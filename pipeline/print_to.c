// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/print_to.h"

#include <string.h>

#include "pipeline/message.h"
#include "pipeline/out_file.h"

bool print_to_is_stdout(const char *path)
{
	return path && !strcmp(path, "-");
}

static int print_to_stdout(print_fn print, const void *what)
{
	int err = print(what, stdout);

	if (err)
		message("standard output", "cannot be written", strerror(-err));
	return err;
}

static int print_to_file(const char *path, print_fn print, const void *what, struct diag *diag)
{
	struct out_file *out;
	int err = out_file_begin(path, &out, diag);

	if (err)
		return err;
	err = print(what, out_file_stream(out));
	if (!err)
		return out_file_commit(out, diag);
	out_file_abort(out);
	return diag_fail(diag, err, "%s", strerror(-err));
}

int print_to(const char *path, print_fn print, const void *what)
{
	struct diag diag;
	int err;

	if (print_to_is_stdout(path))
		return print_to_stdout(print, what);
	err = print_to_file(path, print, what, &diag);
	if (err)
		message(path, "the report cannot be written", diag.text);
	return err;
}
