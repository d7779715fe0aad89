// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/explain/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "pipeline/message.h"

#define LINES_DEFAULT 10

static const char usage[] =
	"Usage: btfbatch explain [-B BASE] [options] MODULE [TYPE]\n"
	"       btfbatch explain [-B BASE] [options] --tree PATH...\n"
	"Tells why types that stay in a module's split BTF are not the base's.\n"
	"\n"
	"Without TYPE: the causes, ranked by the bytes that wait for each; with --tree those\n"
	"of all modules below the PATHs. TYPE is a name, with struct, union, enum, typedef or\n"
	"function before it or not, or an id of the module's BTF, #123 or [123].\n"
	"\n"
	"  -B, --base BASE     the kernel's BTF: raw, in an ELF vmlinux or in a vmlinuz\n"
	"                      (default: " ARGS_BASE ")\n"
	"      --tree          many modules: directories are searched to the bottom\n"
	"  -j, --jobs N        number of workers (default: all cores)\n"
	"  -n, --lines N       at most N causes, or types that wait for TYPE (default: 10)\n"
	"      --json FILE     write everything as JSON (- for standard output)\n"
	"      --html FILE     write the causes as a page for a browser (- likewise)\n"
	"  -q, --quiet         no table on standard output\n"
	"  -v, --verbose       all of them\n"
	"  -h, --help          print this\n"
	"\n"
	"Exit status: 0 all well; 1 some modules failed, or there is no such TYPE; 2 the\n"
	"call or the base cannot be used, nothing was done.\n";

enum {
	OPT_TREE = 256,
	OPT_JSON,
	OPT_HTML,
};

static const struct option long_options[] = {
	{"base", required_argument, NULL, 'B'},
	{"btf_base", required_argument, NULL, 'B'}, /* pahole's name */
	{"tree", no_argument, NULL, OPT_TREE},
	{"jobs", required_argument, NULL, 'j'},
	{"lines", required_argument, NULL, 'n'},
	{"json", required_argument, NULL, OPT_JSON},
	{"html", required_argument, NULL, OPT_HTML},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static enum args_verdict read_lines(struct explain_options *o, const char *arg)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(arg, &end, 10);
	if (errno || *end || end == arg || n < 1 || n > INT32_MAX) {
		message(NULL, "--lines takes a number from 1 on", arg);
		return ARGS_WRONG;
	}
	o->lines = (uint32_t)n;
	return ARGS_RUN;
}

static enum args_verdict read_option(struct explain_options *o, int opt)
{
	switch (opt) {
	case 'B':
		o->base = optarg;
		break;
	case OPT_TREE:
		o->tree = true;
		break;
	case 'j':
		return args_jobs(optarg, &o->jobs);
	case 'n':
		return read_lines(o, optarg);
	case OPT_JSON:
		o->json = optarg;
		break;
	case OPT_HTML:
		o->html = optarg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->lines = 0;
		break;
	case 'h':
		return args_print(usage);
	default: /* getopt has said what is wrong */
		return ARGS_WRONG;
	}
	return ARGS_RUN;
}

static enum args_verdict check_files(const struct explain_options *o)
{
	const struct args_file files[] = {{"--json", o->json}, {"--html", o->html}};

	if (o->html && o->type) {
		message(NULL, "--html shows causes, not a TYPE", o->type);
		return ARGS_WRONG;
	}
	return args_files(files, 2);
}

static enum args_verdict check(struct explain_options *o)
{
	if (!o->nr_paths) {
		message(NULL, o->tree ? "no PATH given" : "no MODULE given", "try explain --help");
		return ARGS_WRONG;
	}
	if (o->tree)
		return check_files(o);
	if (o->nr_paths > 2) {
		message(NULL, "more than a MODULE and a TYPE given",
			"--tree takes several modules");
		return ARGS_WRONG;
	}
	o->type = o->nr_paths == 2 ? o->paths[1] : NULL;
	o->nr_paths = 1;
	if (o->type && !*o->type) {
		message(NULL, "the TYPE is empty", NULL);
		return ARGS_WRONG;
	}
	return check_files(o);
}

enum args_verdict explain_options_read(struct explain_options *o, int argc, char **argv)
{
	enum args_verdict verdict;
	int opt;

	*o = (struct explain_options){
		.base = ARGS_BASE, .jobs = args_cores(), .lines = LINES_DEFAULT};
	while ((opt = getopt_long(argc, argv, "B:j:n:qvh", long_options, NULL)) != -1) {
		verdict = read_option(o, opt);
		if (verdict != ARGS_RUN)
			return verdict;
	}
	o->paths = argv + optind;
	o->nr_paths = argc - optind;
	return check(o);
}
