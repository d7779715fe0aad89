/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Budgets: by how much the split BTF may grow, or how large it may be, in all and by
 * module. docs/ci.md describes them and the budgets file for users.
 *
 * Every limit is one of its own: what exceeds any is over budget. Of a budgets file,
 * the last line that names a module counts for it.
 */
#ifndef PIPELINE_DIFF_BUDGET_H
#define PIPELINE_DIFF_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/diag.h"
#include "pipeline/diff/diff.h"

enum limit_kind {
	LIMIT_PERCENT, /* "+5%": growth, in proportion to what was */
	LIMIT_GROWTH,  /* "+4KiB": growth, in bytes */
	LIMIT_SIZE,    /* "512KiB": the size itself, in bytes */
};

struct limit {
	enum limit_kind kind;
	uint64_t n;  /* bytes, or millionths */
	char *text;  /* as it was written */
	char *where; /* it was: "--max-module", "FILE:12" */
};

#define LIMITS_PER_RULE 8

/* What counts for the modules that match a pattern. */
struct budget_rule {
	char *pattern; /* NULL: the total */
	struct limit limits[LIMITS_PER_RULE];
	unsigned int nr_limits; /* 0: no limit */
};

struct budgets {
	struct budget_rule total;  /* of the options */
	struct budget_rule module; /* of the options, for all modules */
	struct budget_rule *rules; /* of the file */
	size_t nr_rules;
};

/* Something that is over its budget. */
struct over {
	const struct diff_module *module; /* NULL: the total */
	const struct limit *limit;
	uint64_t old, new; /* bytes */
	uint64_t allowed;  /* bytes that @new may have */
};

struct overs {
	struct over *over; /* the total first, then modules in the order of the diff */
	size_t nr;
};

/* Adds the limit @text of the option @where to @rule. Errors as budgets_read(). */
int budget_add(struct budget_rule *rule, const char *text, const char *where, struct diag *diag)
	__attribute__((warn_unused_result));

/*
 * Reads the file @path into @budgets->rules. 0 or a negative errno with the reason in @diag:
 * -EINVAL (then it begins with "line N: "), -EFBIG, -ENOMEM, or what open() and read() gave.
 */
int budgets_read(struct budgets *budgets, const char *path, struct diag *diag)
	__attribute__((warn_unused_result));
void budgets_free(struct budgets *budgets);

/* A number of bytes: "4096", "4KiB", "1.5MiB". */
bool budget_bytes(const char *text, uint64_t *bytes);

/* Finds what is over budget, where it grew by @min_change bytes at least or is too large. 0 or
 * -ENOMEM; @overs refers to all it was given, and is to be freed with overs_free(). */
int budgets_check(const struct budgets *budgets, const struct diff *diff, uint64_t min_change,
		  struct overs *overs) __attribute__((warn_unused_result));
void overs_free(struct overs *overs);

#endif
