/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Printing where the command line says: to a file, or to standard output.
 */
#ifndef PIPELINE_PRINT_TO_H
#define PIPELINE_PRINT_TO_H

#include <stdbool.h>
#include <stdio.h>

/* Prints @what and flushes @f: 0 or a negative errno. */
typedef int (*print_fn)(const void *what, FILE *f);

/* Is @path, which may be NULL, standard output? */
bool print_to_is_stdout(const char *path);

/* Lets @print print @what to the file @path, which appears complete or not at all, or to standard
 * output, "-". 0 or a negative errno, and then the message is printed. */
int print_to(const char *path, print_fn print, const void *what)
	__attribute__((warn_unused_result));

#endif
