// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/options.h"

#include <getopt.h>
#include <string.h>

#include "pipeline/message.h"
#include "pipeline/version.h"

static const char usage[] =
	"Usage: btfbatch [-B BASE] [options] PATH...\n"
	"Deduplicates the BTF of kernel modules against that of their kernel.\n"
	"\n"
	"PATH is a directory, searched to the bottom, or a file: a module (.ko, .ko.gz,\n"
	".ko.xz, .ko.zst) or its raw BTF (.btf). Without -o it only reports.\n"
	"\n"
	"  -B, --base BASE     the kernel's BTF: raw, in an ELF vmlinux or in a vmlinuz\n"
	"                      (default: " ARGS_BASE ")\n"
	"  -o, --output DIR    write each module's split BTF below DIR, as in its tree:\n"
	"                      kernel/fs/xfs/xfs.ko.xz becomes DIR/kernel/fs/xfs/xfs.ko.btf\n"
	"  -j, --jobs N        number of workers (default: all cores)\n"
	"      --json FILE     write the report as JSON (- for standard output)\n"
	"      --csv FILE      write the report as CSV (- for standard output)\n"
	"  -q, --quiet         no table on standard output\n"
	"  -v, --verbose       every module in the table\n"
	"      --engine NAME   own (the default), or libbpf to compare with\n"
	"      --timings       tell on standard error where the time went, by worker\n"
	"      --version       print the version\n"
	"  -h, --help          print this\n"
	"\n"
	"Exit status: 0 all well; 1 some modules failed, the others are done; 2 the call\n"
	"or the base cannot be used, nothing was done.\n";

enum {
	OPT_JSON = 256,
	OPT_CSV,
	OPT_ENGINE,
	OPT_TIMINGS,
	OPT_VERSION,
};

static const struct option long_options[] = {
	{"base", required_argument, NULL, 'B'},
	{"btf_base", required_argument, NULL, 'B'}, /* pahole's name */
	{"output", required_argument, NULL, 'o'},
	{"jobs", required_argument, NULL, 'j'},
	{"json", required_argument, NULL, OPT_JSON},
	{"csv", required_argument, NULL, OPT_CSV},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"engine", required_argument, NULL, OPT_ENGINE},
	{"timings", no_argument, NULL, OPT_TIMINGS},
	{"version", no_argument, NULL, OPT_VERSION},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static bool read_engine(struct options *o, const char *arg)
{
	if (!strcmp(arg, "own")) {
		o->engine = BATCH_ENGINE_OWN;
	} else if (!strcmp(arg, "libbpf")) {
		o->engine = BATCH_ENGINE_LIBBPF;
	} else {
		message(NULL, "--engine takes own or libbpf", arg);
		return false;
	}
	return true;
}

static enum args_verdict read_option(struct options *o, int opt)
{
	switch (opt) {
	case 'B':
		o->base = optarg;
		break;
	case 'o':
		o->output = optarg;
		break;
	case 'j':
		return args_jobs(optarg, &o->jobs);
	case OPT_JSON:
		o->json = optarg;
		break;
	case OPT_CSV:
		o->csv = optarg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case OPT_ENGINE:
		return read_engine(o, optarg) ? ARGS_RUN : ARGS_WRONG;
	case OPT_TIMINGS:
		o->timings = true;
		break;
	case OPT_VERSION:
		return args_print("btfbatch " BTFBATCH_VERSION "\n");
	case 'h':
		return args_print(usage);
	default: /* getopt has said what is wrong */
		return ARGS_WRONG;
	}
	return ARGS_RUN;
}

static enum args_verdict check(const struct options *o)
{
	if (!o->nr_paths) {
		message(NULL, "no PATH given", "try --help");
		return ARGS_WRONG;
	}
	if (o->output && !*o->output) {
		message(NULL, "--output", "the name of the directory is empty");
		return ARGS_WRONG;
	}
	if (o->json && o->csv && !strcmp(o->json, o->csv)) {
		message(NULL, "--json and --csv cannot go to the same file", o->json);
		return ARGS_WRONG;
	}
	return ARGS_RUN;
}

enum args_verdict options_read(struct options *o, int argc, char **argv)
{
	enum args_verdict verdict;
	int opt;

	*o = (struct options){.base = ARGS_BASE, .jobs = args_cores()};
	while ((opt = getopt_long(argc, argv, "B:o:j:qvh", long_options, NULL)) != -1) {
		verdict = read_option(o, opt);
		if (verdict != ARGS_RUN)
			return verdict;
	}
	o->paths = argv + optind;
	o->nr_paths = argc - optind;
	return check(o);
}
