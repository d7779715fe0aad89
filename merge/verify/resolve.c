// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do types exist where they are referred to, and have a size where one is needed? Do any
 * contain themselves?
 *
 * The kernel walks the graph depth first from each type in turn, on a stack of 32, and what it
 * accepts depends on that order: a chain too deep for the stack is fine where its end was walked
 * earlier, and so is a pointer to a FUNC. So this is the same walk and not a search of its own.
 *
 * A walk does not go everywhere: below a pointer it stops at structs, below a struct at
 * pointers. That is why a struct may point to itself but not contain itself.
 */
#include "merge/verify/resolve.h"

#include <errno.h>

#define DEPTH_MAX 32

static const uint32_t modifiers = BTF_KIND_BIT(BTF_KIND_TYPEDEF) | BTF_KIND_BIT(BTF_KIND_VOLATILE) |
				  BTF_KIND_BIT(BTF_KIND_CONST) | BTF_KIND_BIT(BTF_KIND_RESTRICT) |
				  BTF_KIND_BIT(BTF_KIND_TYPE_TAG);
static const uint32_t composites = BTF_KIND_BIT(BTF_KIND_STRUCT) | BTF_KIND_BIT(BTF_KIND_UNION);

static bool is_of(const uint32_t *type, uint32_t kinds)
{
	return kinds & BTF_KIND_BIT(btf_kind_of(type));
}

static bool is_walked(const uint32_t *type)
{
	return is_of(type, modifiers | composites | BTF_KIND_BIT(BTF_KIND_PTR) |
				   BTF_KIND_BIT(BTF_KIND_ARRAY) | BTF_KIND_BIT(BTF_KIND_VAR) |
				   BTF_KIND_BIT(BTF_KIND_FUNC) | BTF_KIND_BIT(BTF_KIND_DECL_TAG) |
				   BTF_KIND_BIT(BTF_KIND_DATASEC));
}

bool resolve_no_target(const uint32_t *type)
{
	return !type || is_of(type, BTF_KIND_BIT(BTF_KIND_VAR) | BTF_KIND_BIT(BTF_KIND_DATASEC) |
					    BTF_KIND_BIT(BTF_KIND_DECL_TAG));
}

bool resolve_unsized(const uint32_t *type)
{
	return !type ||
	       is_of(type, BTF_KIND_BIT(BTF_KIND_UNKN) | BTF_KIND_BIT(BTF_KIND_FWD) |
				   BTF_KIND_BIT(BTF_KIND_FUNC) | BTF_KIND_BIT(BTF_KIND_FUNC_PROTO) |
				   BTF_KIND_BIT(BTF_KIND_DECL_TAG));
}

bool resolve_is_modifier(const uint32_t *type)
{
	return type && is_of(type, modifiers);
}

bool resolve_regular_int(const uint32_t *type)
{
	uint32_t bits = BTF_INT_BITS(type[BTF_HEAD]), bytes = bits / 8;

	return bits % 8 == 0 && !BTF_INT_OFFSET(type[BTF_HEAD]) && bytes && bytes <= 16 &&
	       !(bytes & (bytes - 1));
}

/* Of a type that has a size itself. */
static bool own_size(const struct view *v, const uint32_t *type, uint32_t id, uint32_t *size)
{
	switch (btf_kind_of(type)) {
	case BTF_KIND_INT:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_DATASEC:
	case BTF_KIND_FLOAT:
		*size = type[BTF_SIZE];
		return true;
	case BTF_KIND_ARRAY:
		*size = view_result(v, id).size;
		return true;
	case BTF_KIND_PTR:
		*size = v->pointer;
		return true;
	default:
		return false;
	}
}

struct sized resolve_sized(const struct view *v, uint32_t id)
{
	struct sized s = {view_type(v, id), id, 0};

	if (resolve_unsized(s.type))
		return (struct sized){0};
	if (own_size(v, s.type, id, &s.size))
		return s;
	s.id = view_result(v, id).id;
	s.type = view_type(v, s.id);
	if (resolve_unsized(s.type) || !own_size(v, s.type, s.id, &s.size))
		return (struct sized){0};
	return s;
}

static bool is_done(const struct resolver *s, uint32_t id)
{
	return view_state(s->view, id) == VIEW_DONE;
}

/* Does the walk end at @type? */
static bool is_sink(const struct resolver *s, const uint32_t *type)
{
	switch (s->mode) {
	case RESOLVE_PTR:
		return !is_of(type, modifiers | BTF_KIND_BIT(BTF_KIND_PTR));
	case RESOLVE_AGGREGATE:
		return !is_of(type, modifiers | composites | BTF_KIND_BIT(BTF_KIND_ARRAY));
	default:
		return !is_walked(type);
	}
}

/* 0, -E2BIG or -EEXIST: of which the walk's root is told. */
static int push(struct resolver *s, uint32_t id)
{
	struct view *v = s->view;
	const uint32_t *type = view_type(v, id);

	if (s->depth == s->depth_max)
		return -E2BIG;
	if (view_state(v, id) != VIEW_NEW)
		return -EEXIST;
	v->state[id - v->first_id] = VIEW_OPEN;
	s->stack[s->depth++] = (struct frame){id, 0};
	if (s->mode == RESOLVE_ANY && btf_kind_of(type) == BTF_KIND_PTR)
		s->mode = RESOLVE_PTR;
	else if (s->mode == RESOLVE_ANY && is_of(type, composites | BTF_KIND_BIT(BTF_KIND_ARRAY)))
		s->mode = RESOLVE_AGGREGATE;
	return 0;
}

/* Goes down to @id, if the walk has to: RESOLVE_DEEPER or an error; else 0. */
static int descend(struct resolver *s, const uint32_t *type, uint32_t id)
{
	int err;

	if (is_sink(s, type) || is_done(s, id))
		return 0;
	err = push(s, id);
	return err ? err : RESOLVE_DEEPER;
}

/* The type on top is done. */
static int pop(struct resolver *s, uint32_t result, uint32_t size)
{
	uint32_t i = s->stack[--s->depth].id - s->view->first_id;

	s->view->state[i] = VIEW_DONE;
	s->view->result[i] = (struct view_result){result, size};
	return 0;
}

/* What is not sized is void, or a declaration, or a function: nothing else. */
static bool ends_in_unsized(const struct resolver *s, uint32_t *id)
{
	const uint32_t *type = view_type(s->view, *id);

	if (is_walked(type) && is_done(s, *id)) {
		*id = view_result(s->view, *id).id;
		type = view_type(s->view, *id);
	}
	return type && is_of(type, BTF_KIND_BIT(BTF_KIND_UNKN) | BTF_KIND_BIT(BTF_KIND_FWD) |
					   BTF_KIND_BIT(BTF_KIND_FUNC_PROTO));
}

/* PTR, modifiers, VAR. */
static int step_ref(struct resolver *s, uint32_t id, const uint32_t *type)
{
	const struct view *v = s->view;
	uint32_t kind = btf_kind_of(type), to = type[BTF_SIZE];
	const uint32_t *target = view_type(v, to);
	struct sized sized;
	int err;

	if (resolve_no_target(target))
		return run_fault_type(s->run, FAULT_REF, id);
	err = descend(s, target, to);
	if (err)
		return err;
	/* A walk in a struct stops at a pointer behind a modifier: it goes on from there. */
	if ((kind == BTF_KIND_PTR || kind == BTF_KIND_VAR) && is_of(target, modifiers)) {
		uint32_t behind = view_result(v, to).id;
		const uint32_t *last = view_type(v, behind);

		if (last && btf_kind_of(last) == BTF_KIND_PTR)
			err = descend(s, last, behind);
		if (err)
			return err;
	}
	sized = resolve_sized(v, to);
	if (sized.type)
		return pop(s, sized.id, 0);
	if (kind == BTF_KIND_VAR)
		return run_fault_type(s->run, FAULT_VAR_REF, id);
	if (!ends_in_unsized(s, &to))
		return run_fault_type(s->run, FAULT_REF, id);
	return pop(s, to, 0);
}

static int step_array(struct resolver *s, uint32_t id, const uint32_t *array)
{
	const struct view *v = s->view;
	uint32_t elem = array[BTF_HEAD], index = array[BTF_HEAD + 1], n = array[BTF_HEAD + 2];
	const uint32_t *type = view_type(v, index);
	struct sized sized;
	int err;

	if (resolve_unsized(type) || resolve_no_target(type))
		return run_fault_type(s->run, FAULT_INDEX, id);
	err = descend(s, type, index);
	if (err)
		return err;
	sized = resolve_sized(v, index);
	if (!sized.type || btf_kind_of(sized.type) != BTF_KIND_INT ||
	    !resolve_regular_int(sized.type))
		return run_fault_type(s->run, FAULT_INDEX, id);

	type = view_type(v, elem);
	if (resolve_unsized(type) || resolve_no_target(type))
		return run_fault_type(s->run, FAULT_ELEM, id);
	err = descend(s, type, elem);
	if (err)
		return err;
	sized = resolve_sized(v, elem);
	if (!sized.type)
		return run_fault_type(s->run, FAULT_ELEM, id);
	if (btf_kind_of(sized.type) == BTF_KIND_INT && !resolve_regular_int(sized.type))
		return run_fault_type(s->run, FAULT_ELEM_INT, id);
	if (n && sized.size > UINT32_MAX / n)
		return run_fault_type(s->run, FAULT_ARRAY_OVERFLOW, id);
	return pop(s, sized.id, sized.size * n);
}

static int step_composite(struct resolver *s, uint32_t id, const uint32_t *type)
{
	struct frame *frame = &s->stack[s->depth - 1];
	uint32_t vlen = btf_word_vlen(type[BTF_INFO]);
	int err;

	for (; frame->next < vlen; frame->next++) {
		uint32_t to = type[BTF_HEAD + 3 * (size_t)frame->next + 1];
		const uint32_t *member = view_type(s->view, to);

		if (resolve_unsized(member) || resolve_no_target(member))
			return run_fault_part(s->run, FAULT_MEMBER_REF, id, frame->next, 0);
		err = descend(s, member, to);
		if (!err)
			err = resolve_member_fits(s, id, frame->next);
		if (err)
			return err;
	}
	return pop(s, 0, 0);
}

static int step_datasec(struct resolver *s, uint32_t id, const uint32_t *type)
{
	struct frame *frame = &s->stack[s->depth - 1];
	uint32_t vlen = btf_word_vlen(type[BTF_INFO]);
	int err;

	s->mode = RESOLVE_ANY;
	for (; frame->next < vlen; frame->next++) {
		const uint32_t *entry = type + BTF_HEAD + 3 * (size_t)frame->next;
		const uint32_t *var = view_type(s->view, entry[0]);
		struct sized sized;

		if (!var || btf_kind_of(var) != BTF_KIND_VAR)
			return run_fault_part(s->run, FAULT_ENTRY_NOT_VAR, id, frame->next, 0);
		if (!is_done(s, entry[0])) {
			/* The kernel comes back to the next one: this one's size it
			 * does not ask. */
			frame->next += !s->run->lenient;
			err = push(s, entry[0]);
			return err ? err : RESOLVE_DEEPER;
		}
		sized = resolve_sized(s->view, var[BTF_SIZE]);
		if (!sized.type)
			return run_fault_part(s->run, FAULT_ENTRY_TYPE, id, frame->next, 0);
		if (entry[2] < sized.size)
			return run_fault_part(s->run, FAULT_ENTRY_TOO_SMALL, id, frame->next, 0);
	}
	return pop(s, 0, 0);
}

static int step_func(struct resolver *s, uint32_t id, const uint32_t *func)
{
	const uint32_t *proto = view_type(s->view, func[BTF_SIZE]);

	if (!proto || btf_kind_of(proto) != BTF_KIND_FUNC_PROTO)
		return run_fault_type(s->run, FAULT_FUNC_REF, id);
	for (uint32_t i = 0; i < btf_word_vlen(proto[BTF_INFO]); i++) {
		const uint32_t *param = proto + BTF_HEAD + 2 * (size_t)i;

		if (!param[0] && param[1])
			return run_fault_value(s->run, FAULT_FUNC_UNNAMED, id, i + 1);
	}
	return pop(s, func[BTF_SIZE], 0);
}

static int step_decl_tag(struct resolver *s, uint32_t id, const uint32_t *tag)
{
	const uint32_t *type = view_type(s->view, tag[BTF_SIZE]);
	uint32_t component = tag[BTF_HEAD];
	int err;

	if (!type ||
	    !is_of(type, composites | BTF_KIND_BIT(BTF_KIND_FUNC) | BTF_KIND_BIT(BTF_KIND_VAR) |
				 BTF_KIND_BIT(BTF_KIND_TYPEDEF)))
		return run_fault_type(s->run, FAULT_TAG_REF, id);
	err = descend(s, type, tag[BTF_SIZE]);
	if (err)
		return err;
	if (component == UINT32_MAX)
		return pop(s, tag[BTF_SIZE], 0);
	if (btf_kind_of(type) == BTF_KIND_FUNC)
		type = view_type(s->view, type[BTF_SIZE]);
	else if (!is_of(type, composites))
		return run_fault_type(s->run, FAULT_TAG_COMPONENT, id);
	/* Of a base that is itself broken, a FUNC may be without its prototype. */
	if (!type || component >= btf_word_vlen(type[BTF_INFO]))
		return run_fault_type(s->run, FAULT_TAG_COMPONENT, id);
	return pop(s, tag[BTF_SIZE], 0);
}

/* Of the type on top: RESOLVE_DEEPER, or 0 when it is done, or an error. */
static int step(struct resolver *s)
{
	uint32_t id = s->stack[s->depth - 1].id;
	const uint32_t *type = view_type(s->view, id);

	switch (btf_kind_of(type)) {
	case BTF_KIND_ARRAY:
		return step_array(s, id, type);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return step_composite(s, id, type);
	case BTF_KIND_DATASEC:
		return step_datasec(s, id, type);
	case BTF_KIND_FUNC:
		return step_func(s, id, type);
	case BTF_KIND_DECL_TAG:
		return step_decl_tag(s, id, type);
	default:
		return step_ref(s, id, type);
	}
}

int resolve_from(struct resolver *s, uint32_t id)
{
	const uint32_t *type = view_type(s->view, id);
	int err;

	if (!is_walked(type) || is_done(s, id))
		return 0;
	s->mode = RESOLVE_ANY;
	err = push(s, id);
	while (err >= 0 && s->depth)
		err = step(s);
	/* Who goes on in spite of a fault is not to meet it again. */
	while (s->depth)
		pop(s, 0, 0);
	if (err == -E2BIG)
		return run_fault_type(s->run, FAULT_DEPTH, id);
	if (err == -EEXIST)
		return run_fault_type(s->run, FAULT_LOOP, id);
	return err;
}

static int resolve_one(struct resolver *s, uint32_t id)
{
	if (btf_kind_of(view_type(s->view, id)) == BTF_KIND_FUNC_PROTO)
		return resolve_func_proto(s, id);
	return resolve_from(s, id);
}

int resolve_check(struct run *r)
{
	struct view *v = &r->view;
	struct resolver s = {
		.run = r,
		.view = v,
		.depth_max = r->lenient ? v->nr_types + 1 : DEPTH_MAX,
	};
	int err = 0, first = 0;

	s.stack = arena_array(r->arena, struct frame, s.depth_max + 1);
	v->state = arena_zarray(r->arena, uint8_t, v->nr_types);
	v->result = arena_zarray(r->arena, struct view_result, v->nr_types);
	for (uint32_t i = 0; i < v->nr_types && (!err || r->lenient); i++) {
		struct found found = r->found;

		err = resolve_one(&s, v->first_id + i);
		if (first)
			r->found = found;
		else
			first = err;
	}
	return first;
}
