/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a module belong to another base than this?
 */
#ifndef MERGE_VERIFY_FOREIGN_H
#define MERGE_VERIFY_FOREIGN_H

#include "merge/verify/base.h"
#include "merge/verify/run.h"

/* What shows that it does, in memory of @r->arena; NULL: nothing does. */
const char *foreign_evidence(const struct run *r, const struct verify_base *base);

#endif
