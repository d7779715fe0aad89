/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_VERIFY_CASES_H
#define TESTS_VERIFY_CASES_H

#include "tests/verify/words.h"

/* Of the profile of programs, by the rules of Linux 6.18. */
extern const struct kase cases[];
extern const size_t nr_cases;

#endif
