/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether what was printed to a FILE has arrived. The printing functions do not
 * test every fprintf(); they ask here, after each row and at the end.
 */
#ifndef PIPELINE_STREAM_H
#define PIPELINE_STREAM_H

#include <stdio.h>

/* 0, or a negative errno when a write to @f has failed. To learn the true errno
 * and not only -EIO, ask before another library call can change it. */
int stream_status(FILE *f) __attribute__((warn_unused_result));

/* The same after all that is buffered has been handed to the kernel. */
int stream_flush(FILE *f) __attribute__((warn_unused_result));

#endif
