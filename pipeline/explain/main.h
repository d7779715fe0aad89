/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command `btfbatch explain`.
 */
#ifndef PIPELINE_EXPLAIN_MAIN_H
#define PIPELINE_EXPLAIN_MAIN_H

#include "pipeline/exit_status.h"

enum exit_status explain_main(int argc, char **argv);

#endif
