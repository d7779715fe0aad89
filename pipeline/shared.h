/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finding the types that several modules of a run have, each for itself.
 */
#ifndef PIPELINE_SHARED_H
#define PIPELINE_SHARED_H

#include "pipeline/run.h"

/*
 * Of the types of @run, which has to have them, and to which @shared then refers. What comes
 * out depends on the modules alone. 0 or -ENOMEM; to be freed in either case.
 */
int shared_find(struct shared *shared, const struct run *run) __attribute__((warn_unused_result));
void shared_free(struct shared *shared);

#endif
