/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why what stayed in a module's split BTF did not become the base's: memory to memory.
 *
 * docs/explain.md says what a cause is and how its bytes are counted; facing.h, stay.h and
 * blame.h hold the parts of it.
 */
#ifndef MERGE_EXPLAIN_EXPLAIN_H
#define MERGE_EXPLAIN_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "merge/diag.h"

struct explain;
struct explain_base;

/* The base's types by name, made once, then only read. @base has to outlive it. */
int explain_base_new(struct explain_base **index, const struct base *base, struct diag *diag)
	__attribute__((warn_unused_result));
void explain_base_free(struct explain_base *index);

enum explain_kind {
	EXPLAIN_LAYOUT,    /* a real difference: other sources, or another configuration */
	EXPLAIN_ENCODER,   /* of what the encoder wrote, not of what the compiler saw */
	EXPLAIN_FWD,       /* the base has but a declaration */
	EXPLAIN_AMBIGUOUS, /* the base has several of the name, none of which it is */
	EXPLAIN_UNDECIDED, /* nothing differs but what is a declaration on one side */
};

#define EXPLAIN_NR_KINDS 5

/* "layout", "encoder", "declared", "ambiguous", "undecided". */
const char *explain_kind_name(enum explain_kind kind);

/* Of types in the split BTF; bytes of its type section. */
struct explain_count {
	uint32_t types;
	uint32_t bytes;
};

/* Texts are of bytes from the BTF: who prints them escapes them. */
struct explain_cause {
	enum explain_kind kind;
	uint32_t base_id; /* the base's type that is not the same, or lacks a tag; never 0 */
	const char *type; /* "struct bar" */
	const char *what; /* "struct bar.baz: at byte 8 in the base, 16 here" */
	/* That at the end of the shortest way to it from the largest type of all that have
	 * their shortest way there: "foo.list -> struct bar.baz: ..." */
	const char *path;
	uint32_t path_bytes;                  /* that this type takes */
	struct explain_count alone, involved; /* see blame.h */
	uint64_t last; /* bytes of types that wait for no cause behind this one */
};

struct explain_result {
	struct explain_count all;
	struct explain_count never;   /* variables and sections, which are never merged */
	struct explain_count fresh;   /* of which the base has nothing */
	struct explain_count blocked; /* by causes */
	/* Those most bytes wait for first; order is by what they say where bytes are equal. */
	struct explain_cause *causes;
	uint32_t nr_causes;
};

/* A thread's scratch memory, used for module after module. NULL: no memory. */
struct explain *explain_new(void) __attribute__((warn_unused_result));
void explain_free(struct explain *e);

/*
 * Explains the split BTF @dedup, which is not changed and is needed until the next call. What
 * @res refers to belongs to @e and stands until then. Negative errno as dedup_module().
 */
int explain_module(struct explain *e, const struct explain_base *index,
		   const struct dedup_result *dedup, struct explain_result *res, struct diag *diag)
	__attribute__((warn_unused_result));

/* As the `last` of the causes, in another order: @rank has by cause of the module its place,
 * each of 0 up to nr_causes - 1 once. Sets @last, by cause. -ENOMEM. */
int explain_last(struct explain *e, const uint32_t *rank, uint64_t *last)
	__attribute__((warn_unused_result));

/* ---- one type ---- */

enum explain_fate {
	EXPLAIN_MERGED, /* it is the base's */
	EXPLAIN_NEVER,
	EXPLAIN_NEW,
	EXPLAIN_BLOCKED,
};

struct explain_waiting {
	uint32_t id; /* in the split BTF */
	const char *name;
	uint32_t bytes;
};

struct explain_type {
	enum explain_fate fate;
	const char *name; /* "struct foo" */
	uint32_t bytes;   /* that it takes in the split BTF */
	uint32_t base_id; /* what it became, or did not */
	const char *path; /* of what is blocked: the shortest way to a cause */
	enum explain_kind kind;
	/* All causes that it waits for, by their place in the result, the first first. */
	uint32_t *causes;
	uint32_t nr_causes;
	/* The base's types of its name, each with what it differs in. */
	struct explain_candidate {
		uint32_t base_id;
		const char *path; /* NULL: nothing */
	} * candidates;
	uint32_t nr_candidates;
	/* What waits for it, itself apart; and of that what has a name, the largest first. */
	struct explain_count blocks;
	struct explain_waiting *waiting;
	uint32_t nr_waiting;
};

/* Of the module last explained, the type @id of its output: of the base or of the split BTF. */
int explain_type(struct explain *e, uint32_t id, struct explain_type *type, struct diag *diag)
	__attribute__((warn_unused_result));

/* ---- finding it ---- */

struct explain_found {
	uint32_t input_id;  /* as in the module's own BTF */
	uint32_t output_id; /* see struct dedup_result; each is there once */
};

struct explain_list {
	struct explain_found *types;
	uint32_t nr;
	/* When there is none: names of the module that come close, the closest first. */
	const char **near;
	uint32_t nr_near;
};

/*
 * The types of the module @blob that @spec means: "task_struct", "struct task_struct", "#12" or
 * "[12]". @dedup is what it became. The list belongs to @e, as a result does. -EINVAL: @spec is
 * an id that the module does not have.
 */
int explain_find(struct explain *e, const struct explain_base *index, const void *blob, size_t len,
		 const struct dedup_result *dedup, const char *spec, struct explain_list *list,
		 struct diag *diag) __attribute__((warn_unused_result));

#endif
