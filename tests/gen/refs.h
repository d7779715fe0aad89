/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The references of a type of a libbpf object. (libbpf 1.1 has no public way.)
 */
#ifndef TESTS_GEN_REFS_H
#define TESTS_GEN_REFS_H

#include <bpf/btf.h>
#include <stdint.h>

/* The number of places where the type has the id of another (0 among them), and
 * the id in the i-th. */
uint32_t refs_count(const struct btf_type *t);
uint32_t refs_get(const struct btf_type *t, uint32_t i);

#endif
