/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the machine tells: facts, one a line, in the kernel's log, so that they stand in order
 * between what the kernel itself says. Each begins with "btfbatch: "; ../verdict.awk and
 * ../facts.awk read them.
 */
#ifndef GUEST_SAY_H
#define GUEST_SAY_H

/* At most some 900 bytes; without the line's end. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An errno's name, "0" for none. Takes it negative too. */
const char *error_name(int error);

#endif
