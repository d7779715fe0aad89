/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the command lines of all commands have in common. What is wrong with one gets
 * its message here.
 */
#ifndef PIPELINE_ARGS_H
#define PIPELINE_ARGS_H

#include <stdbool.h>

#define ARGS_BASE "/sys/kernel/btf/vmlinux" /* where no --base is given */
#define ARGS_JOBS_MAX 1024

enum args_verdict {
	ARGS_RUN,
	ARGS_DONE,  /* --help or --version was asked for and printed */
	ARGS_WRONG, /* the call cannot be carried out; a message was printed */
};

/* How many workers there are without --jobs: the cores that this process may use. */
unsigned int args_cores(void);

/* The number of --jobs, into @jobs. */
enum args_verdict args_jobs(const char *arg, unsigned int *jobs)
	__attribute__((warn_unused_result));

/* A file that an option asks for, or NULL. */
struct args_file {
	const char *option;
	const char *file;
};

/* No two of the @nr files may be the same. */
enum args_verdict args_files(const struct args_file *files, int nr)
	__attribute__((warn_unused_result));

/* Prints @text, the answer to --help or --version, on standard output. */
enum args_verdict args_print(const char *text) __attribute__((warn_unused_result));

#endif
