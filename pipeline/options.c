// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/options.h"

#include <getopt.h>
#include <string.h>

#include "pipeline/embed/sign.h"
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
	"      --embed         put the split BTF into the modules: with -o DIR into copies\n"
	"                      below DIR, with --in-place into the modules themselves\n"
	"      --btf-dir DIR   with --embed: the BTF of each module is not its own, but\n"
	"                      DIR/kernel/fs/xfs/xfs.ko.btf, as a detached encoder wrote it\n"
	"      --drop-signature  with --embed: signed modules lose their signature\n"
	"      --sign-cmd CMD  with --embed: signed modules are signed again by the shell\n"
	"                      command CMD, in which {} is the path of the file\n"
	"  -n, --dry-run       with --embed: only tell what would be done\n"
	"  -j, --jobs N        number of workers (default: all cores)\n"
	"      --json FILE     write the report as JSON (- for standard output)\n"
	"      --csv FILE      write the report as CSV (- for standard output)\n"
	"      --html FILE     write the report as a page for a browser\n"
	"      --shared FILE   find the types that several modules have and the base has not;\n"
	"                      list all in FILE (-), the ten first in the table, and in JSON\n"
	"  -q, --quiet         no table on standard output\n"
	"  -v, --verbose       every module in the table\n"
	"      --engine NAME   own (the default), or libbpf to compare with\n"
	"      --timings       tell on standard error where the time went, by worker\n"
	"      --version       print the version\n"
	"  -h, --help          print this\n"
	"\n"
	"Exit status: 0 all well; 1 some modules failed, the others are done; 2 the call\n"
	"or the base cannot be used, nothing was done; 128 and its number for a signal.\n";

enum {
	OPT_JSON = 256,
	OPT_CSV,
	OPT_EMBED,
	OPT_IN_PLACE,
	OPT_BTF_DIR,
	OPT_DROP_SIGNATURE,
	OPT_SIGN_CMD,
	OPT_HTML,
	OPT_SHARED,
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
	{"html", required_argument, NULL, OPT_HTML},
	{"shared", required_argument, NULL, OPT_SHARED},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"embed", no_argument, NULL, OPT_EMBED},
	{"in-place", no_argument, NULL, OPT_IN_PLACE},
	{"btf-dir", required_argument, NULL, OPT_BTF_DIR},
	{"drop-signature", no_argument, NULL, OPT_DROP_SIGNATURE},
	{"sign-cmd", required_argument, NULL, OPT_SIGN_CMD},
	{"dry-run", no_argument, NULL, 'n'},
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
	case OPT_HTML:
		o->html = optarg;
		break;
	case OPT_SHARED:
		o->shared = optarg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case OPT_EMBED:
		o->embed.on = true;
		break;
	case OPT_IN_PLACE:
		o->embed.in_place = true;
		break;
	case OPT_BTF_DIR:
		o->embed.btf_dir = optarg;
		break;
	case OPT_DROP_SIGNATURE:
		o->embed.drop_signature = true;
		break;
	case OPT_SIGN_CMD:
		o->embed.sign_cmd = optarg;
		break;
	case 'n':
		o->embed.dry_run = true;
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

static enum args_verdict wrong(const char *what, const char *why)
{
	message(NULL, what, why);
	return ARGS_WRONG;
}

static enum args_verdict check_embed(const struct options *o)
{
	const struct embed_options *e = &o->embed;

	if (!e->on) {
		if (e->in_place || e->btf_dir || e->drop_signature || e->sign_cmd || e->dry_run)
			return wrong("--in-place, --btf-dir, --drop-signature, --sign-cmd and "
				     "--dry-run",
				     "they need --embed");
		return ARGS_RUN;
	}
	if (!o->output == !e->in_place)
		return wrong("--embed", "it needs one of --output DIR and --in-place");
	if (e->drop_signature && e->sign_cmd)
		return wrong("--drop-signature and --sign-cmd", "only one can be meant");
	if (e->sign_cmd && !strstr(e->sign_cmd, SIGN_PATH))
		return wrong("--sign-cmd", "the command has no " SIGN_PATH " for the file's path");
	if (o->engine == BATCH_ENGINE_LIBBPF)
		return wrong("--embed", "not with --engine libbpf, which keeps no map of ids");
	return ARGS_RUN;
}

static enum args_verdict check(const struct options *o)
{
	const struct args_file files[] = {
		{"--json", o->json},
		{"--csv", o->csv},
		{"--html", o->html},
		{"--shared", o->shared},
	};

	if (!o->nr_paths)
		return wrong("no PATH given", "try --help");
	if (o->output && !*o->output)
		return wrong("--output", "the name of the directory is empty");
	if (args_files(files, sizeof(files) / sizeof(files[0])) != ARGS_RUN)
		return ARGS_WRONG;
	return check_embed(o);
}

enum args_verdict options_read(struct options *o, int argc, char **argv)
{
	enum args_verdict verdict;
	int opt;

	*o = (struct options){.base = ARGS_BASE, .jobs = args_cores()};
	while ((opt = getopt_long(argc, argv, "B:o:j:nqvh", long_options, NULL)) != -1) {
		verdict = read_option(o, opt);
		if (verdict != ARGS_RUN)
			return verdict;
	}
	o->paths = argv + optind;
	o->nr_paths = argc - optind;
	return check(o);
}
