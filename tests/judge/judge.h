/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The judge: does a split BTF say what the module's BTF said?
 *
 * It compares the two type graphs and proves rules 1-4 of the contract (and
 * of rule 7 what can be seen from the outside) without knowing how the output
 * was made: it shares no code with merge/ and reads the blobs by itself.
 *
 * For an output that is right libbpf's btf__dedup() is no measure, as it has
 * faults of its own; this is. relation.h tells how "the same" is decided.
 *
 * No memory ends the program: this is a test.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct judge;

/*
 * Reads and indexes the base, a standalone BTF blob of either byte order. The
 * blob is copied. NULL when it is not BTF, the reason is then in @why.
 */
struct judge *judge_new(const void *base, size_t base_len, char *why, size_t why_len)
	__attribute__((warn_unused_result));
void judge_free(struct judge *j);

/*
 * Judges the split BTF @out that was made of @in. A standalone @in may be an
 * archive (several whole blobs one behind the other), whose ids then count on.
 *
 * @map may be NULL. Otherwise map[k] is the output id claimed for the own
 * input type k (0-based): below the base's type count a type of the base,
 * else one of @out's own. With a map the order of the types is proved, without
 * one it is only proved that some order-keeping map exists.
 *
 * Returns 0 when the rules hold; 1 when they do not, with one line a
 * violation in @why ("rule 1: ..."; no final newline, only the first few of a
 * rule are told); a negative errno when @in cannot be read, with the reason in
 * @why. An @out that cannot be read is a violation. It changes nothing in @j.
 */
int judge_module(const struct judge *j, const void *in, size_t in_len, bool in_is_split,
		 const void *out, size_t out_len, const uint32_t *map, char *why, size_t why_len)
	__attribute__((warn_unused_result));

/* The same for a single module. A base that cannot be read is -EINVAL. */
int judge(const void *base, size_t base_len, const void *in, size_t in_len, bool in_is_split,
	  const void *out, size_t out_len, const uint32_t *map, char *why, size_t why_len)
	__attribute__((warn_unused_result));

/* Is it split BTF (1) or standalone (0)? The string section of the latter
 * begins with a NUL. -EINVAL when it is not BTF. */
int judge_is_split(const void *blob, size_t len);

#endif
