// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/args.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/message.h"
#include "pipeline/stream.h"

/* The cores that this process may use, which under taskset, or in many a
 * container, are not all. */
unsigned int args_cores(void)
{
	cpu_set_t set;
	/* The set is too small for more than 1024 of them. */
	long nr = sched_getaffinity(0, sizeof(set), &set) ? sysconf(_SC_NPROCESSORS_ONLN)
							  : CPU_COUNT(&set);

	return nr < 1 ? 1 : nr > ARGS_JOBS_MAX ? ARGS_JOBS_MAX : (unsigned int)nr;
}

enum args_verdict args_jobs(const char *arg, unsigned int *jobs)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(arg, &end, 10);
	if (errno || *end || end == arg || n < 1 || n > ARGS_JOBS_MAX) {
		message(NULL, "--jobs takes a number from 1 to 1024", arg);
		return ARGS_WRONG;
	}
	*jobs = (unsigned int)n;
	return ARGS_RUN;
}

enum args_verdict args_files(const struct args_file *files, int nr)
{
	char what[64];

	for (int i = 0; i < nr; i++) {
		for (int j = i + 1; j < nr; j++) {
			if (!files[i].file || !files[j].file ||
			    strcmp(files[i].file, files[j].file))
				continue;
			snprintf(what, sizeof(what), "%s and %s cannot go to the same file",
				 files[i].option, files[j].option);
			message(NULL, what, files[i].file);
			return ARGS_WRONG;
		}
	}
	return ARGS_RUN;
}

enum args_verdict args_print(const char *text)
{
	int err;

	fputs(text, stdout);
	err = stream_flush(stdout);
	if (err)
		message("standard output", "cannot be written", strerror(-err));
	return err ? ARGS_WRONG : ARGS_DONE;
}
