/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same job by libbpf's btf__dedup(): the yardstick for size and speed.
 *
 * A libbpf base is not thread-safe (looking up a string in it can rebuild
 * its buffer), so each worker has an engine with a base of its own.
 */
#ifndef MERGE_LIBBPF_ENGINE_H
#define MERGE_LIBBPF_ENGINE_H

#include "merge/base.h"
#include "merge/dedup.h"

/*
 * btf__dedup() goes down by recursion, one level a type at worst. So there is
 * a limit to the types of a module, and who calls libbpf_engine_module() has
 * to have this much stack (bytes).
 */
#define LIBBPF_ENGINE_TYPES_MAX (1u << 18)
#define LIBBPF_ENGINE_STACK ((size_t)256 << 20)

struct libbpf_engine;

/* @data, @len: the raw BTF of @base; both are needed as long as the engine is. */
int libbpf_engine_new(struct libbpf_engine **engine, const struct base *base, const void *data,
		      size_t len, struct diag *diag) __attribute__((warn_unused_result));
void libbpf_engine_free(struct libbpf_engine *engine);

/* As dedup_module(), but @res->map is NULL, there are no times, and what @res refers to belongs to
 * the engine. An input with a layout section is refused: libbpf 1.1 takes it
 * and writes a corrupt blob. */
int libbpf_engine_module(struct libbpf_engine *engine, const void *blob, size_t len,
			 struct dedup_result *res, struct diag *diag)
	__attribute__((warn_unused_result));

/* A libbpf object of the split BTF of @len bytes at @data over @base, which is only read. To be
 * freed by btf__free(); NULL: see errno. */
struct btf;
struct btf *libbpf_new_split(const void *data, size_t len, struct btf *base)
	__attribute__((warn_unused_result));

#endif
