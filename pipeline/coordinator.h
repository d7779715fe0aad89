/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The coordinator: a whole run of what the program does without a command's name, from
 * the base to the last line of the report.
 */
#ifndef PIPELINE_COORDINATOR_H
#define PIPELINE_COORDINATOR_H

#include "pipeline/exit_status.h"

enum exit_status coordinator_main(int argc, char **argv);

#endif
