// SPDX-License-Identifier: GPL-2.0-only
#include "merge/verify/resolve.h"

/* A type that is returned or passed. */
static int check_target(struct resolver *s, uint32_t id, bool *fine)
{
	const uint32_t *type = view_type(s->view, id);
	int err;

	*fine = !resolve_no_target(type);
	if (!*fine)
		return 0;
	err = resolve_from(s, id);
	*fine = resolve_sized(s->view, id).type;
	return err;
}

/* `const void` is nothing else than void to a C compiler. */
static bool is_void(const struct resolver *s, uint32_t id)
{
	return s->run->lenient && resolve_is_modifier(view_type(s->view, id)) &&
	       !view_result(s->view, id).id;
}

static int check_return(struct resolver *s, uint32_t id, uint32_t to)
{
	bool fine;
	int err;

	if (!to)
		return 0;
	err = check_target(s, to, &fine);
	if (err || fine || is_void(s, to))
		return err;
	return run_fault_type(s->run, FAULT_RETURN, id);
}

static int fault_arg(struct resolver *s, enum fault_code code, uint32_t id, uint32_t i)
{
	return run_fault_part(s->run, code, id, i, i + 1);
}

static int check_param(struct resolver *s, uint32_t id, uint32_t i, const uint32_t *param)
{
	const struct run *r = s->run;
	bool fine;
	int err;

	if (resolve_no_target(view_type(s->view, param[1])))
		return fault_arg(s, FAULT_ARG, id, i);
	if (param[0] && (!view_has_string(s->view, param[0]) ||
			 !name_is_identifier(r, param[0], r->rules.dots)))
		return fault_arg(s, FAULT_ARG_NAME, id, i);
	err = check_target(s, param[1], &fine);
	if (err || fine)
		return err;
	return fault_arg(s, FAULT_ARG, id, i);
}

int resolve_func_proto(struct resolver *s, uint32_t id)
{
	const uint32_t *type = view_type(s->view, id), *params = type + BTF_HEAD;
	uint32_t n = btf_word_vlen(type[BTF_INFO]);
	int err = check_return(s, id, type[BTF_SIZE]);

	if (err || !n)
		return err;
	/* Without a type the last stands for any number more. */
	if (!params[2 * (size_t)(n - 1) + 1]) {
		if (params[2 * (size_t)(n - 1)])
			return fault_arg(s, FAULT_VARARG, id, n - 1);
		n--;
	}
	for (uint32_t i = 0; i < n && !err; i++)
		err = check_param(s, id, i, params + 2 * (size_t)i);
	return err;
}
