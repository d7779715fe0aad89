// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/options.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/message.h"
#include "pipeline/stream.h"
#include "pipeline/version.h"

#define DEFAULT_BASE "/sys/kernel/btf/vmlinux"
#define JOBS_MAX 1024

static const char usage[] =
	"Usage: btfbatch [-B BASE] [options] PATH...\n"
	"Deduplicates the BTF of kernel modules against that of their kernel.\n"
	"\n"
	"PATH is a directory, searched to the bottom, or a file: a module (.ko, .ko.gz,\n"
	".ko.xz, .ko.zst) or its raw BTF (.btf). Without -o it only reports.\n"
	"\n"
	"  -B, --base BASE     the kernel's BTF: raw, in an ELF vmlinux or in a vmlinuz\n"
	"                      (default: " DEFAULT_BASE ")\n"
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

/* The cores that this process may use, which under taskset, or in many a
 * container, are not all. */
static unsigned int cores(void)
{
	cpu_set_t set;
	/* The set is too small for more than 1024 of them. */
	long nr = sched_getaffinity(0, sizeof(set), &set) ? sysconf(_SC_NPROCESSORS_ONLN)
							  : CPU_COUNT(&set);

	return nr < 1 ? 1 : nr > JOBS_MAX ? JOBS_MAX : (unsigned int)nr;
}

static bool read_jobs(struct options *o, const char *arg)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(arg, &end, 10);
	if (errno || *end || end == arg || n < 1 || n > JOBS_MAX) {
		message(NULL, "--jobs takes a number from 1 to 1024", arg);
		return false;
	}
	o->jobs = (unsigned int)n;
	return true;
}

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

static enum options_verdict print(const char *text)
{
	int err;

	fputs(text, stdout);
	err = stream_flush(stdout);
	if (err)
		message("standard output", "cannot be written", strerror(-err));
	return err ? OPTIONS_WRONG : OPTIONS_DONE;
}

static enum options_verdict read_option(struct options *o, int opt)
{
	switch (opt) {
	case 'B':
		o->base = optarg;
		break;
	case 'o':
		o->output = optarg;
		break;
	case 'j':
		return read_jobs(o, optarg) ? OPTIONS_RUN : OPTIONS_WRONG;
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
		return read_engine(o, optarg) ? OPTIONS_RUN : OPTIONS_WRONG;
	case OPT_TIMINGS:
		o->timings = true;
		break;
	case OPT_VERSION:
		return print("btfbatch " BTFBATCH_VERSION "\n");
	case 'h':
		return print(usage);
	default: /* getopt has said what is wrong */
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}

static enum options_verdict check(const struct options *o)
{
	if (!o->nr_paths) {
		message(NULL, "no PATH given", "try --help");
		return OPTIONS_WRONG;
	}
	if (o->output && !*o->output) {
		message(NULL, "--output", "the name of the directory is empty");
		return OPTIONS_WRONG;
	}
	if (o->json && o->csv && !strcmp(o->json, o->csv)) {
		message(NULL, "--json and --csv cannot go to the same file", o->json);
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}

enum options_verdict options_read(struct options *o, int argc, char **argv)
{
	enum options_verdict verdict;
	int opt;

	*o = (struct options){.base = DEFAULT_BASE, .jobs = cores()};
	while ((opt = getopt_long(argc, argv, "B:o:j:qvh", long_options, NULL)) != -1) {
		verdict = read_option(o, opt);
		if (verdict != OPTIONS_RUN)
			return verdict;
	}
	o->paths = argv + optind;
	o->nr_paths = argc - optind;
	return check(o);
}
