/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One check of one blob, and the passes it consists of. Each returns 0, or a negative errno
 * when it has found a fault, which then stands in run->found.
 */
#ifndef MERGE_VERIFY_RUN_H
#define MERGE_VERIFY_RUN_H

#include "merge/arena.h"
#include "merge/verify/faults.h"
#include "merge/verify/rules.h"
#include "merge/verify/verify.h"
#include "merge/verify/view.h"

#define RUN_TYPE_MAX 0xfffffu /* the kernel's largest type id */
#define RUN_NO_PART UINT32_MAX

struct found {
	enum fault_code code;
	bool placed;      /* the fault is in a type: */
	uint32_t id;      /* which the log names */
	uint32_t word;    /* where it begins */
	uint32_t part;    /* member, parameter..., or RUN_NO_PART */
	uint32_t part_id; /* the type id that the log gives for the part */
	uint32_t a, b;    /* what is printed behind the words */
	const char *text; /* names in the words of a distilled base's faults */
};

struct run {
	enum verify_profile profile;
	struct rules rules;
	struct arena *arena; /* whose guard the caller holds */
	const unsigned char *data;
	size_t len;
	struct view view;
	uint32_t type_off; /* of the header */
	struct found found;
	/* The resolve phase asks whether types make sense, and not what the kernel says of
	 * them: what C allows and libbpf reads is no fault then. */
	bool lenient;
};

/* ---- what was found; all return the fault's errno ---- */

int run_fault(struct run *r, enum fault_code code);
int run_fault_type(struct run *r, enum fault_code code, uint32_t id);
int run_fault_value(struct run *r, enum fault_code code, uint32_t id, uint32_t value);
int run_fault_part(struct run *r, enum fault_code code, uint32_t id, uint32_t part, uint32_t value);

/* Writes what was found into @verdict, in memory of run->arena. */
void run_tell(const struct run *r, struct verify_verdict *verdict);
/* Its type, or NULL. */
const uint32_t *run_found_type(const struct run *r);
/* The kernel's log of it: one line, or lines as dmesg has them. NULL: it says nothing. */
const char *message_line(const struct run *r, bool dmesg);

/* ---- the passes ---- */

/* Header, sections, strings: fills in the view. */
int header_check(struct run *r);
/* What of these the kernel takes and libbpf does not. */
int libbpf_check(struct run *r);
/* Each type by itself; where in the type section each begins. */
int meta_check(struct run *r);
/* That chains of modifiers end, and tags come first in them. */
int chain_check(struct run *r);
/* That types exist, fit and do not contain themselves. */
int resolve_check(struct run *r);
/* Maps the types of the distilled base run->view.base to those of @base. */
int distilled_check(struct run *r, const struct view *base);

/* ---- names: of offsets that are valid ---- */

bool name_is_identifier(const struct run *r, uint32_t off, bool dots);
bool name_is_section(const struct run *r, uint32_t off);
bool name_is_empty(const struct run *r, uint32_t off);

#endif
