/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the kernel's parser of BTF ended, seen by BPF programs at the end of its passes
 * (parser.bpf.c). A kernel with CONFIG_MODULE_ALLOW_BTF_MISMATCH, as Debian's is, inserts a
 * module whose BTF it rejects, and newer ones than 6.1 say so once a boot and why not at all. And
 * of a module that is not inserted, for want of its device, this tells how its BTF fared.
 */
#ifndef GUEST_PARSER_H
#define GUEST_PARSER_H

#include <stdbool.h>

/* Begins to watch; ends the program where it cannot. */
void parser_watch(void);

void parser_reset(void);

/* Since parser_reset(): whether it was called, and the errno, negative, of the first pass that
 * failed; 0 where none did. */
bool parser_called(void);
int parser_error(void);

#endif
