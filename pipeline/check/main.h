/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `btfbatch check`: would the kernel accept the BTF of these modules?
 */
#ifndef PIPELINE_CHECK_MAIN_H
#define PIPELINE_CHECK_MAIN_H

#include "pipeline/exit_status.h"

enum exit_status check_main(int argc, char **argv);

#endif
