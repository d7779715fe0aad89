/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the table that tells of the types of one module.
 */
#ifndef PIPELINE_DIFF_TABLE_TYPES_H
#define PIPELINE_DIFF_TABLE_TYPES_H

#include <stdbool.h>
#include <stdio.h>

#include "pipeline/diff/diff.h"

/* What came and went in @m, whose types are known; with @all not the first few only. */
void table_types(const struct diff *d, const struct diff_module *m, bool all, FILE *f);

#endif
