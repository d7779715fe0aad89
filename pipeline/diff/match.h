/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which module of one run is which of the other.
 */
#ifndef PIPELINE_DIFF_MATCH_H
#define PIPELINE_DIFF_MATCH_H

#include "pipeline/diff/diff.h"

/* Fills @diff->modules (old and new alone) with all modules of both reports, each once. In
 * the arena of @diff, whose guard the caller holds. */
void match_modules(struct diff *diff);

#endif
