/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running kernel's own verdict on a BTF: bpf(BPF_BTF_LOAD).
 */
#ifndef TESTS_VERIFY_KERNEL_LOAD_H
#define TESTS_VERIFY_KERNEL_LOAD_H

#include <stddef.h>
#include <stdint.h>

#define KERNEL_LOG_MAX (256u << 10)

/* Does the kernel take such calls from us? NULL, or why not. */
const char *kernel_load_refused(void);

/* VERIFY_KERNEL() of the running one. */
uint32_t kernel_version(void);

/* 0 or the kernel's negative errno. With one, the log is the kernel's (its end, where there
 * is much of it), without the newline that it ends with. @log has KERNEL_LOG_MAX bytes. */
int kernel_load(const void *blob, size_t len, char *log);

#endif
