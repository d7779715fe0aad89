// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/check/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/message.h"

static const char usage[] =
	"Usage: btfbatch check [-B BASE] [options] PATH...\n"
	"Says of each module whether the kernel would accept its BTF, and if not, why.\n"
	"\n"
	"PATH is a directory, searched to the bottom, or a file: a module (.ko, .ko.gz,\n"
	".ko.xz, .ko.zst) or its raw BTF (.btf).\n"
	"\n"
	"  -B, --base BASE     the kernel's BTF: raw, in an ELF vmlinux or in a vmlinuz\n"
	"                      (default: " ARGS_BASE ")\n"
	"      --kernel X.Y    the rules of this version, from 5.15 on (default: 6.18)\n"
	"      --profile P     module, program or vmlinux: how the kernel gets to see the BTF\n"
	"                      (default: module; of raw BTF that is not split, program)\n"
	"      --old-base BASE tells of a module of another base whether it is this one,\n"
	"                      and where the two bases part\n"
	"      --manifest FILE the report (--json) of a deduplication: are base and modules\n"
	"                      the ones that it is about?\n"
	"  -j, --jobs N        number of workers (default: all cores)\n"
	"      --json FILE     write the verdicts as JSON (- for standard output)\n"
	"  -q, --quiet         only the modules that are not accepted, no totals\n"
	"  -v, --verbose       every module; of a rejected one the kernel's log\n"
	"  -h, --help          print this\n"
	"\n"
	"Exit status: 0 all are accepted; 1 some are not, or could not be read; 2 the call\n"
	"or the base cannot be used, nothing was checked.\n";

enum {
	OPT_KERNEL = 256,
	OPT_PROFILE,
	OPT_OLD_BASE,
	OPT_MANIFEST,
	OPT_JSON,
};

static const struct option long_options[] = {
	{"base", required_argument, NULL, 'B'},
	{"btf_base", required_argument, NULL, 'B'}, /* pahole's name */
	{"kernel", required_argument, NULL, OPT_KERNEL},
	{"profile", required_argument, NULL, OPT_PROFILE},
	{"old-base", required_argument, NULL, OPT_OLD_BASE},
	{"manifest", required_argument, NULL, OPT_MANIFEST},
	{"jobs", required_argument, NULL, 'j'},
	{"json", required_argument, NULL, OPT_JSON},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

/* "6.12"; a whole release, 6.12.48-1-amd64, is as good. */
static enum args_verdict read_kernel(struct check_options *o, const char *arg)
{
	unsigned int major, minor;
	int end = 0;

	if (sscanf(arg, "%3u.%3u%n", &major, &minor, &end) != 2 ||
	    (arg[end] && !strchr(".-+", arg[end]))) {
		message(NULL, "--kernel takes a version, such as 6.12", arg);
		return ARGS_WRONG;
	}
	o->kernel = VERIFY_KERNEL(major, minor);
	if (o->kernel < VERIFY_KERNEL_MIN) {
		message(NULL, "--kernel: rules are known from 5.15 on", arg);
		return ARGS_WRONG;
	}
	return ARGS_RUN;
}

static enum args_verdict read_profile(struct check_options *o, const char *arg)
{
	const enum verify_profile profiles[] = {VERIFY_MODULE, VERIFY_PROGRAM, VERIFY_VMLINUX};

	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		if (strcmp(arg, verify_profile_name(profiles[i])) != 0)
			continue;
		o->profile = profiles[i];
		o->any_profile = false;
		return ARGS_RUN;
	}
	message(NULL, "--profile takes module, program or vmlinux", arg);
	return ARGS_WRONG;
}

static enum args_verdict read_option(struct check_options *o, int opt)
{
	switch (opt) {
	case 'B':
		o->base = optarg;
		break;
	case OPT_KERNEL:
		return read_kernel(o, optarg);
	case OPT_PROFILE:
		return read_profile(o, optarg);
	case OPT_OLD_BASE:
		o->old_base = optarg;
		break;
	case OPT_MANIFEST:
		o->manifest = optarg;
		break;
	case 'j':
		return args_jobs(optarg, &o->jobs);
	case OPT_JSON:
		o->json = optarg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case 'h':
		return args_print(usage);
	default: /* getopt has said what is wrong */
		return ARGS_WRONG;
	}
	return ARGS_RUN;
}

enum args_verdict check_options_read(struct check_options *o, int argc, char **argv)
{
	enum args_verdict verdict;
	int opt;

	*o = (struct check_options){
		.base = ARGS_BASE,
		.kernel = VERIFY_KERNEL_DEFAULT,
		.any_profile = true,
		.jobs = args_cores(),
	};
	while ((opt = getopt_long(argc, argv, "B:j:qvh", long_options, NULL)) != -1) {
		verdict = read_option(o, opt);
		if (verdict != ARGS_RUN)
			return verdict;
	}
	o->paths = argv + optind;
	o->nr_paths = argc - optind;
	if (!o->nr_paths) {
		message(NULL, "no PATH given", "try --help");
		return ARGS_WRONG;
	}
	return ARGS_RUN;
}
