// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/options.h"

#include <getopt.h>
#include <stddef.h>

#include "pipeline/message.h"
#include "pipeline/print_to.h"

static const char usage[] =
	"Usage: btfbatch diff [options] OLD NEW\n"
	"Tells how the split BTF of a kernel's modules changed, and whether that is within\n"
	"budget.\n"
	"\n"
	"OLD and NEW are reports that btfbatch --json wrote. With a base they are trees of\n"
	"modules, and what came and went in a module that grew is told too.\n"
	"\n"
	"  -B, --base BASE        the base of both trees\n"
	"      --old-base BASE    the base of OLD, then a tree\n"
	"      --new-base BASE    the base of NEW, then a tree\n"
	"  -j, --jobs N           number of workers (default: all cores)\n"
	"      --json FILE        write the comparison as JSON (- for standard output)\n"
	"      --markdown FILE    write it for the comment of a pull request (- likewise)\n"
	"      --html FILE        write it as a page for a browser (- likewise)\n"
	"  -q, --quiet            no table on standard output\n"
	"  -v, --verbose          every change in the table\n"
	"\n"
	"      --max-total LIMIT  all modules together: +1% or +64KiB of growth at most, or\n"
	"                         13MiB in size at most\n"
	"      --max-module LIMIT the same for each module; both may be given several times,\n"
	"                         and each limit holds\n"
	"      --budgets FILE     limits by module, a line each: PATTERN LIMIT...\n"
	"      --min-change N     changes by fewer bytes are none (default: 0)\n"
	"  -h, --help             print this\n"
	"\n"
	"Exit status: 0 all well; 1 some modules failed, in either run; 2 the call, a report\n"
	"or a base cannot be used, nothing was compared; 3 a budget is exceeded.\n";

enum {
	OPT_OLD_BASE = 256,
	OPT_NEW_BASE,
	OPT_JSON,
	OPT_MARKDOWN,
	OPT_HTML,
	OPT_MAX_TOTAL,
	OPT_MAX_MODULE,
	OPT_BUDGETS,
	OPT_MIN_CHANGE,
};

static const struct option long_options[] = {
	{"base", required_argument, NULL, 'B'},
	{"btf_base", required_argument, NULL, 'B'},
	{"old-base", required_argument, NULL, OPT_OLD_BASE},
	{"new-base", required_argument, NULL, OPT_NEW_BASE},
	{"jobs", required_argument, NULL, 'j'},
	{"json", required_argument, NULL, OPT_JSON},
	{"markdown", required_argument, NULL, OPT_MARKDOWN},
	{"html", required_argument, NULL, OPT_HTML},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"max-total", required_argument, NULL, OPT_MAX_TOTAL},
	{"max-module", required_argument, NULL, OPT_MAX_MODULE},
	{"budgets", required_argument, NULL, OPT_BUDGETS},
	{"min-change", required_argument, NULL, OPT_MIN_CHANGE},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static enum args_verdict add_limit(struct budget_rule *rule, const char *where)
{
	struct diag diag;

	if (!budget_add(rule, optarg, where, &diag))
		return ARGS_RUN;
	message(NULL, where, diag.text);
	return ARGS_WRONG;
}

static enum args_verdict read_budgets(struct diff_options *o)
{
	struct diag diag;

	if (!budgets_read(&o->budgets, optarg, &diag))
		return ARGS_RUN;
	message(optarg, "cannot be used as budgets", diag.text);
	return ARGS_WRONG;
}

static enum args_verdict read_min_change(struct diff_options *o)
{
	if (budget_bytes(optarg, &o->min_change))
		return ARGS_RUN;
	message(NULL, "--min-change takes a number of bytes like 512 or 4KiB", optarg);
	return ARGS_WRONG;
}

static enum args_verdict read_option(struct diff_options *o, int opt)
{
	switch (opt) {
	case 'B':
		o->old.base = o->new.base = optarg;
		break;
	case OPT_OLD_BASE:
		o->old.base = optarg;
		break;
	case OPT_NEW_BASE:
		o->new.base = optarg;
		break;
	case 'j':
		return args_jobs(optarg, &o->old.jobs);
	case OPT_JSON:
		o->json = optarg;
		break;
	case OPT_MARKDOWN:
		o->markdown = optarg;
		break;
	case OPT_HTML:
		o->html = optarg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case OPT_MAX_TOTAL:
		return add_limit(&o->budgets.total, "--max-total");
	case OPT_MAX_MODULE:
		return add_limit(&o->budgets.module, "--max-module");
	case OPT_BUDGETS:
		return read_budgets(o);
	case OPT_MIN_CHANGE:
		return read_min_change(o);
	case 'h':
		return args_print(usage);
	default: /* getopt has said what is wrong */
		return ARGS_WRONG;
	}
	return ARGS_RUN;
}

static enum args_verdict check(const struct diff_options *o)
{
	const struct args_file files[] = {
		{"--json", o->json},
		{"--markdown", o->markdown},
		{"--html", o->html},
	};

	return args_files(files, sizeof(files) / sizeof(files[0]));
}

enum args_verdict diff_options_read(struct diff_options *o, int argc, char **argv)
{
	enum args_verdict verdict;
	int opt;

	*o = (struct diff_options){.old.jobs = args_cores()};
	while ((opt = getopt_long(argc, argv, "B:j:qvh", long_options, NULL)) != -1) {
		verdict = read_option(o, opt);
		if (verdict != ARGS_RUN)
			return verdict;
	}
	if (argc - optind != 2) {
		message(NULL, "diff compares two, OLD and NEW", "try --help");
		return ARGS_WRONG;
	}
	o->new.jobs = o->old.jobs;
	o->old.path = argv[optind];
	o->new.path = argv[optind + 1];
	return check(o);
}

void diff_options_free(struct diff_options *o)
{
	budgets_free(&o->budgets);
}
