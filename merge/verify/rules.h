/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs from one kernel version to the next.
 */
#ifndef MERGE_VERIFY_RULES_H
#define MERGE_VERIFY_RULES_H

#include <stdbool.h>
#include <stdint.h>

struct rules {
	uint32_t header;        /* bytes of it that the kernel knows */
	uint32_t info_mask;     /* bits of a type's info that may be set */
	uint32_t last_kind;     /* BTF_KIND_* */
	uint32_t name_max;      /* bytes of a name */
	bool dots;              /* in every identifier; else of VARs and DATASECs only */
	bool printable_section; /* a DATASEC's name is anything printable */
	bool enum_kflag;
	bool tag_kflag; /* of TYPE_TAG and DECL_TAG */
	bool chains;    /* the check of chains of modifiers is made */
	bool tag_order; /* ... and of type tags in them */
	bool distilled; /* .BTF.base is known */
};

/* Of the kernel VERIFY_KERNEL(). */
struct rules rules_of(uint32_t kernel);

#endif
