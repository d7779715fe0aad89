// SPDX-License-Identifier: GPL-2.0-only
#include "merge/verify/run.h"

int run_fault(struct run *r, enum fault_code code)
{
	r->found.code = code;
	r->found.placed = false;
	return faults[code].err;
}

int run_fault_type(struct run *r, enum fault_code code, uint32_t id)
{
	return run_fault_part(r, code, id, RUN_NO_PART, 0);
}

int run_fault_value(struct run *r, enum fault_code code, uint32_t id, uint32_t value)
{
	return run_fault_part(r, code, id, RUN_NO_PART, value);
}

int run_fault_part(struct run *r, enum fault_code code, uint32_t id, uint32_t part, uint32_t value)
{
	const struct view *v = &r->view;
	uint32_t i = id - v->first_id;

	r->found.code = code;
	r->found.placed = true;
	r->found.id = id;
	/* The one that the meta pass is at stands behind those that it is done with. */
	r->found.word = v->at[i < v->nr_types ? i : v->nr_types];
	r->found.part = part;
	r->found.a = value;
	return faults[code].err;
}

const uint32_t *run_found_type(const struct run *r)
{
	return r->found.placed ? r->view.words + r->found.word : NULL;
}

static const char *name_of(const struct run *r, uint32_t off)
{
	const char *s = off ? view_string(&r->view, off) : NULL;

	return s && *s ? s : NULL;
}

static const char *part_of(uint32_t kind)
{
	if (btf_kind_is_composite(kind))
		return "member";
	if (btf_kind_is_enum(kind))
		return "value";
	return kind == BTF_KIND_FUNC_PROTO ? "parameter" : "entry";
}

static void tell_place(const struct run *r, struct verify_place *place)
{
	const uint32_t *type = run_found_type(r), *part;
	const struct btf_kind *k;

	place->known = true;
	place->id = r->found.id;
	if (r->found.code == FAULT_HEAD_CUT)
		return;
	place->kind = btf_kind_name(btf_kind_of(type));
	place->name = name_of(r, type[BTF_NAME]);
	if (r->found.part == RUN_NO_PART)
		return;
	k = &btf_kinds[btf_kind_of(type)];
	part = type + btf_elem_at(k, r->found.part);
	place->part = part_of(btf_kind_of(type));
	place->index = r->found.part;
	if (k->elem_name >= 0)
		place->part_name = name_of(r, part[k->elem_name]);
}

void run_tell(const struct run *r, struct verify_verdict *verdict)
{
	const struct fault *f = &faults[r->found.code];
	bool in_dmesg = r->profile != VERIFY_PROGRAM;

	verdict->err = f->err;
	verdict->meaning = f->meaning;
	verdict->said = message_line(r, false);
	verdict->log = in_dmesg ? message_line(r, true) : NULL;
	if (r->found.placed)
		tell_place(r, &verdict->place);
}
