// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/check/main.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "pipeline/base_file.h"
#include "pipeline/check/manifest.h"
#include "pipeline/check/options.h"
#include "pipeline/check/rows.h"
#include "pipeline/inputs.h"
#include "pipeline/message.h"
#include "pipeline/module_file.h"
#include "pipeline/print_to.h"
#include "pipeline/progress.h"
#include "workers/pool.h"

/* What a worker keeps from module to module. */
struct worker {
	struct module_reader *reader;
	struct verifier *verifier;
};

/* A base that is not the inputs'. */
struct old_base {
	struct buffer data;
	struct verify_base *base;
};

struct check {
	const struct check_options *options;
	struct inputs in;
	struct verify_base *base;
	struct old_base old;
	struct manifest *manifest; /* or NULL */
	struct worker *workers;
	struct check_row *rows; /* of the worklist's */
	struct progress *progress;
	struct check_report report;
};

/* ---- the workers': each writes to the row of the module that it was given ---- */

static int ask(const struct check *c, struct worker *w, const struct verify_base *base,
	       const struct module_btf *btf, enum verify_profile profile, struct verify_verdict *v)
{
	const struct verify_ask what = {
		.kernel = c->options->kernel,
		.profile = profile,
		.base = base,
		.blob = btf->blob,
		.len = btf->len,
		.distilled = btf->base,
		.distilled_len = btf->base_len,
	};

	return verify(w->verifier, &what, v);
}

/* A module is a module whatever BTF it has; raw BTF may be anything. */
static enum verify_profile profile_of(const struct check *c, const struct module_btf *btf)
{
	if (!c->options->any_profile)
		return c->options->profile;
	return !btf->is_elf && verify_is_standalone(btf->blob, btf->len) ? VERIFY_PROGRAM
									 : VERIFY_MODULE;
}

static int keep_verdict(const struct check *c, struct worker *w, const struct module_btf *btf,
			struct check_row *row, const struct verify_verdict *v)
{
	static const enum check_status statuses[] = {
		[VERIFY_ACCEPTED] = CHECK_ACCEPTED,
		[VERIFY_BROKEN] = CHECK_BROKEN,
		[VERIFY_REJECTED] = CHECK_REJECTED,
	};
	struct verify_verdict old;

	row->status = statuses[v->grade];
	row->types = v->types;
	if (v->grade == VERIFY_ACCEPTED)
		return 0;
	row->fault = check_fault_new(v);
	if (!row->fault)
		return -ENOMEM;
	if (!v->foreign || !c->old.base)
		return 0;
	if (ask(c, w, c->old.base, btf, row->profile, &old))
		return -ENOMEM;
	row->fault->fits_old = old.grade == VERIFY_ACCEPTED;
	return 0;
}

static void fail(struct check_row *row, const char *why)
{
	row->status = CHECK_FAILED;
	row->error = strdup(why);
}

static void check_module(void *arg, unsigned int worker, uint32_t job)
{
	const struct check *c = arg;
	struct worker *w = &c->workers[worker];
	struct check_row *row = &c->rows[job];
	struct verify_verdict v;
	struct module_btf btf;
	struct diag diag;
	int err;

	err = module_file_read_both(AT_FDCWD, c->in.list.files[job]->full, w->reader, &btf, &diag);
	if (err == -ENODATA) {
		row->status = CHECK_NO_BTF;
		return;
	}
	if (err) {
		fail(row, diag.text);
		return;
	}
	row->bytes = btf.len;
	row->xxh3 = XXH3_64bits(btf.blob, btf.len);
	row->is_distilled = btf.base;
	row->profile = profile_of(c, &btf);
	err = ask(c, w, c->base, &btf, row->profile, &v);
	if (!err)
		err = keep_verdict(c, w, &btf, row, &v);
	if (err)
		fail(row, "no memory to check it");
}

static void tell_progress(void *arg, uint32_t done)
{
	progress_update(((const struct check *)arg)->progress, done);
}

/* ---- the stages. Each prints its own message when it fails ---- */

static int read_inputs(struct check *c)
{
	const struct check_options *o = c->options;
	const struct inputs_ask what = {
		.base = o->base,
		.base_raw = true,
		.paths = o->paths,
		.nr_paths = o->nr_paths,
		.jobs = o->jobs,
	};
	int err = inputs_get(&c->in, &what);

	if (!err && o->manifest)
		err = manifest_read(&c->manifest, o->manifest);
	return err;
}

/* Says why a base cannot be used, or what is wrong with it. */
static int judge_base(const struct check_base *b)
{
	struct diag diag;

	if (b->verdict.grade == VERIFY_ACCEPTED)
		return 0;
	diag_fail(&diag, 0, "%s%s%s", b->verdict.meaning,
		  b->verdict.err && b->verdict.said ? "; the kernel says: " : "",
		  b->verdict.err && b->verdict.said ? b->verdict.said : "");
	if (b->verdict.grade == VERIFY_BROKEN) {
		message(b->path, "broken", diag.text);
		return 0;
	}
	message(b->path, "cannot be the base: its kernel would reject it", diag.text);
	return -EINVAL;
}

static int check_base(const struct check_options *o, const char *path, const struct buffer *data,
		      struct verify_base **base, struct check_base *b)
{
	*b = (struct check_base){
		.path = path,
		.bytes = data->len,
		.xxh3 = XXH3_64bits(data->data, data->len),
	};
	if (verify_base_new(base, o->kernel, data->data, data->len, &b->verdict)) {
		message(path, "no memory for the base", NULL);
		return -ENOMEM;
	}
	b->base = *base;
	return judge_base(b);
}

static int check_old_base(struct check *c)
{
	const char *path = c->options->old_base;
	struct diag diag;
	int err;

	if (!path)
		return 0;
	err = base_file_read(path, &c->old.data, &diag);
	if (err) {
		message(path, "cannot be the old base", diag.text);
		return err;
	}
	return check_base(c->options, path, &c->old.data, &c->old.base, &c->report.old);
}

static int check_bases(struct check *c)
{
	int err = check_base(c->options, c->options->base, &c->in.base_data, &c->base,
			     &c->report.base);

	return err ? err : check_old_base(c);
}

/* A row for all that was found; what was lost while searching has its reason already. */
static int make_rows(struct check *c)
{
	const struct worklist *list = &c->in.list;

	c->rows = calloc((size_t)list->nr_rows + 1, sizeof(*c->rows));
	for (uint32_t i = 0; c->rows && i < list->nr_rows; i++) {
		c->rows[i].path = list->rows[i].path;
		if (!list->files[i])
			fail(&c->rows[i], list->rows[i].error ? list->rows[i].error : "no memory");
	}
	if (!c->rows)
		message(NULL, "no memory for the verdicts", NULL);
	return c->rows ? 0 : -ENOMEM;
}

static int make_workers(struct check *c, unsigned int n)
{
	c->workers = calloc(n, sizeof(*c->workers));
	for (unsigned int i = 0; c->workers && i < n; i++) {
		c->workers[i].reader = module_reader_new();
		c->workers[i].verifier = verifier_new();
		if (!c->workers[i].reader || !c->workers[i].verifier)
			return -ENOMEM;
	}
	return c->workers ? 0 : -ENOMEM;
}

static void free_workers(struct check *c, unsigned int n)
{
	for (unsigned int i = 0; c->workers && i < n; i++) {
		module_reader_free(c->workers[i].reader);
		verifier_free(c->workers[i].verifier);
	}
	free(c->workers);
}

static int check_modules(struct check *c)
{
	const struct worklist *list = &c->in.list;
	const struct pool_work work = {
		.nr_jobs = list->nr_order,
		.order = list->order,
		.arg = c,
		.job = check_module,
		.progress = tell_progress,
	};
	unsigned int n = c->options->jobs < list->nr_order ? c->options->jobs : list->nr_order;
	int err = make_workers(c, n ? n : 1);

	if (!err) {
		c->progress = progress_start(list->nr_order);
		pool_run(&work, n);
		progress_end(c->progress);
	} else {
		message(NULL, "no memory for the workers", NULL);
	}
	free_workers(c, n ? n : 1);
	return err;
}

static int sum_up(struct check *c)
{
	struct check_report *r = &c->report;
	int err = 0;

	r->options = c->options;
	r->rows = c->rows;
	r->nr_rows = c->in.list.nr_rows;
	for (uint32_t i = 0; i < r->nr_rows; i++) {
		const struct check_row *row = &c->rows[i];

		r->nr[row->status]++;
		if (row->fault && row->fault->verdict.foreign) {
			r->foreign++;
			r->fit_old += row->fault->fits_old;
		}
		if (row->status == CHECK_FAILED)
			message(row->path, "failed", row->error ? row->error : "no memory");
	}
	if (c->manifest)
		err = manifest_compare(c->manifest, r, c->rows);
	if (err)
		message(c->options->manifest, "no memory to compare with it", NULL);
	return err;
}

static int print_report(const struct check *c)
{
	const struct check_options *o = c->options;
	int err = 0;

	if (o->json)
		err = print_to(o->json, check_print_json, &c->report);
	if (!print_to_is_stdout(o->json))
		err |= print_to("-", check_print_text, &c->report);
	return err;
}

static bool is_all_well(const struct check_report *r)
{
	return !r->nr[CHECK_BROKEN] && !r->nr[CHECK_REJECTED] && !r->nr[CHECK_FAILED] &&
	       !r->manifest_base && !r->nr_others && !r->nr_missing;
}

static enum exit_status run(struct check *c)
{
	if (read_inputs(c) || check_bases(c) || make_rows(c) || check_modules(c))
		return EXIT_UNUSABLE;
	if (sum_up(c) || print_report(c) || !is_all_well(&c->report))
		return EXIT_SOME_FAILED;
	return EXIT_ALL_WELL;
}

static void check_free(struct check *c)
{
	for (uint32_t i = 0; c->rows && i < c->in.list.nr_rows; i++)
		check_row_free(&c->rows[i]);
	free(c->rows);
	manifest_free(c->manifest);
	verify_base_free(c->base);
	verify_base_free(c->old.base);
	buffer_free(&c->old.data);
	inputs_free(&c->in);
}

enum exit_status check_main(int argc, char **argv)
{
	struct check_options options;
	struct check c = {.options = &options};
	enum exit_status status;

	switch (check_options_read(&options, argc, argv)) {
	case ARGS_DONE:
		return EXIT_ALL_WELL;
	case ARGS_WRONG:
		return EXIT_UNUSABLE;
	case ARGS_RUN:
		break;
	}
	status = run(&c);
	check_free(&c);
	return status;
}
