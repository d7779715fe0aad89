/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_SAY_LIBBPF_H
#define GUEST_SAY_LIBBPF_H

#include <bpf/libbpf.h>
#include <stdarg.h>

/* For libbpf_set_print(): its warnings, with the verifier's reasons, as facts "libbpf LINE". */
int say_libbpf(enum libbpf_print_level level, const char *format, va_list arguments);

#endif
