/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command `btfbatch diff`.
 */
#ifndef PIPELINE_DIFF_MAIN_H
#define PIPELINE_DIFF_MAIN_H

#include "pipeline/exit_status.h"

enum exit_status diff_main(int argc, char **argv);

#endif
