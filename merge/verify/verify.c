// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is done with a blob, in the kernel's order, each step in a file of its own:
 *
 *   header_check   the header, that sections fill the blob, the strings' ends
 *   meta_check     each type by itself; this finds where the types are
 *   resolve_check  of a program: that types exist, have sizes, fit, and do not contain themselves
 *   chain_check    that chains of modifiers end
 *   distilled_check  of a module with a .BTF.base: its types by name in the kernel's
 *
 * The first fault ends it, as it ends the kernel's check: that is the verdict. What the kernel does
 * not ask is asked afterwards (sense_check), and at last, whatever came before, whether the base is
 * the right one (foreign.c).
 *
 * Nothing recurses: the resolve phase has a stack of its own, for a program one of 32 types as the
 * kernel's, else of as many as the blob has.
 */
#include "merge/verify/verify.h"

#include <errno.h>
#include <stdlib.h>

#include "merge/verify/base.h"
#include "merge/verify/foreign.h"
#include "merge/verify/run.h"

struct verifier {
	struct arena arena;
	struct verify_base distilled; /* of the module that it is at; its memory is the arena's */
};

struct verifier *verifier_new(void)
{
	return calloc(1, sizeof(struct verifier));
}

void verifier_free(struct verifier *v)
{
	if (!v)
		return;
	arena_free(&v->arena);
	free(v);
}

const char *verify_profile_name(enum verify_profile profile)
{
	static const char *const names[] = {"module", "program", "vmlinux", ".BTF.base"};

	return names[profile];
}

const char *verify_grade_name(enum verify_grade grade)
{
	static const char *const names[] = {"accepted", "broken", "rejected"};

	return names[grade];
}

/* What the kernel does; a fault is the kernel's. */
static int kernel_check(struct run *r)
{
	int err = header_check(r);

	if (!err)
		err = meta_check(r);
	if (!err && r->profile == VERIFY_PROGRAM)
		err = resolve_check(r);
	return err ? err : chain_check(r);
}

/* What it does not ask; a fault is that of the blob's readers. */
static int sense_check(struct run *r)
{
	int err = 0;

	r->lenient = true;
	if (r->profile != VERIFY_PROGRAM)
		err = resolve_check(r);
	return err ? err : libbpf_check(r);
}

static void set_base(struct run *r, const struct view *base)
{
	r->view.base = base;
	r->view.first_id = view_end(base);
	r->view.first_str = base->strs_len;
}

static struct run run_begin(struct verifier *v, const struct verify_ask *ask)
{
	struct run r = {
		.profile = ask->profile,
		.rules = rules_of(ask->kernel),
		.arena = &v->arena,
		.data = ask->blob,
		.len = ask->len,
		.view = {.first_id = 1, .pointer = sizeof(void *)},
	};

	if (ask->base) {
		r.view.pointer = ask->base->view.pointer;
		r.view.swapped = ask->base->view.swapped;
	}
	return r;
}

/* The section .BTF.base, by itself: a base then for the module's own. */
static int check_distilled(struct verifier *v, const struct verify_ask *ask, struct run *r)
{
	r->profile = VERIFY_DISTILLED;
	r->data = ask->distilled;
	r->len = ask->distilled_len;
	if (kernel_check(r))
		return -EINVAL;
	/* It has no faults there that check_kinds() does not find; but types get results. */
	r->lenient = true;
	(void)resolve_check(r);
	v->distilled.view = r->view;
	return 0;
}

static void tell(const struct run *r, enum verify_grade grade, struct verify_verdict *verdict)
{
	verdict->grade = grade;
	run_tell(r, verdict);
	if (grade == VERIFY_BROKEN)
		verdict->err = 0;
}

static void check(struct verifier *v, const struct verify_ask *ask, struct verify_verdict *verdict)
{
	struct run r = run_begin(v, ask);
	const struct view *base = ask->base ? &ask->base->view : NULL;
	bool module = ask->profile == VERIFY_MODULE;
	bool distilled = module && ask->distilled && r.rules.distilled;

	if (distilled) {
		if (check_distilled(v, ask, &r)) {
			tell(&r, VERIFY_REJECTED, verdict);
			return;
		}
		r = run_begin(v, ask);
		base = &v->distilled.view;
	}
	if (module)
		set_base(&r, base);
	if (kernel_check(&r) || (distilled && distilled_check(&r, &ask->base->view)))
		tell(&r, VERIFY_REJECTED, verdict);
	else if (sense_check(&r))
		tell(&r, VERIFY_BROKEN, verdict);
	verdict->types = r.view.nr_types;
	if (module && !distilled)
		verdict->foreign = foreign_evidence(&r, ask->base);
	if (verdict->foreign && verdict->grade == VERIFY_ACCEPTED)
		verdict->grade = VERIFY_BROKEN;
}

int verify(struct verifier *v, const struct verify_ask *ask, struct verify_verdict *verdict)
{
	*verdict = (struct verify_verdict){.grade = VERIFY_ACCEPTED};
	arena_reset(&v->arena);
	if (arena_guard(&v->arena))
		return -ENOMEM;
	check(v, ask, verdict);
	return 0;
}
