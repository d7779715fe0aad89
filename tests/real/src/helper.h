/* SPDX-License-Identifier: GPL-2.0-only */
/* What the base knows by name only, where it does not include this. */
#ifndef REAL_HELPER_H
#define REAL_HELPER_H

struct helper {
	struct helper *next;
	struct device *device;
	int (*help)(struct helper *, struct object *);
	struct {
		struct helper *left, *right;
	} pair;
};
union opaque {
	struct helper helper;
	u64 words[16];
};

#endif
