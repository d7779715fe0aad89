// SPDX-License-Identifier: GPL-2.0-only
/*
 * programs WHEN OBJECT...: opens each OBJECT, NAME.bpf.o, loads its programs and lets them run
 * once where they can be run on a packet (XDP and TC, which answer 1 when all went
 * well), and tells
 *
 *	program NAME WHEN loaded | loaded RETURNED | no-kfunc | ERRNO
 *
 * WHEN is a word of the caller's. Its kfuncs are found as libbpf finds them: in the BTF of
 * the kernel and of its modules; no-kfunc is where one is in none of them.
 */
#include "say.h"
#include "say_libbpf.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool kfunc_missing;

/* libbpf has one errno for a kfunc that is nowhere and for one of another prototype. */
static int listen(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (strstr(format, "not found in kernel or module BTFs"))
		kfunc_missing = true;
	return say_libbpf(level, format, arguments);
}

/* Whether a program can be run at will, and then what the first such returned. */
static int run(struct bpf_object *object, unsigned int *returned)
{
	unsigned char packet[64] = {0};
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
	{
		enum bpf_prog_type type = bpf_program__type(program);
		LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet,
			    .data_size_in = sizeof(packet));

		if (type != BPF_PROG_TYPE_XDP && type != BPF_PROG_TYPE_SCHED_CLS)
			continue;
		if (bpf_prog_test_run_opts(bpf_program__fd(program), &opts))
			return -errno;
		*returned = opts.retval;
		return 1;
	}
	return 0;
}

static void try_object(const char *when, const char *path)
{
	const char *file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	int length = (int)strcspn(file, "."), result;
	struct bpf_object *object = bpf_object__open(path);
	unsigned int returned = 0;

	kfunc_missing = false;
	if (!object || bpf_object__load(object)) {
		const char *error = error_name(errno);

		say("program %.*s %s %s", length, file, when, kfunc_missing ? "no-kfunc" : error);
		bpf_object__close(object);
		return;
	}
	result = run(object, &returned);
	if (result > 0)
		say("program %.*s %s loaded %u", length, file, when, returned);
	else
		say("program %.*s %s loaded%s%s", length, file, when, result ? " " : "",
		    result ? error_name(result) : "");
	bpf_object__close(object);
}

int main(int argc, char **argv)
{
	libbpf_set_print(listen);
	for (int i = 2; i < argc; i++)
		try_object(argv[1], argv[i]);
	return 0;
}
