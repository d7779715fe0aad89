// SPDX-License-Identifier: GPL-2.0-only
/*
 * The meta pass: what can be said of a type by itself, and no more. Type ids are held against
 * the largest that there may be, not against those that there are.
 */
#include "merge/verify/run.h"

/* The type that is looked at. */
struct subject {
	struct run *r;
	const uint32_t *type;
	uint32_t id;
	uint32_t kind;
	uint32_t vlen;
	bool kflag;
};

static int fault(const struct subject *s, enum fault_code code)
{
	return run_fault_type(s->r, code, s->id);
}

static int fault_part(const struct subject *s, enum fault_code code, uint32_t part, uint32_t value)
{
	return run_fault_part(s->r, code, s->id, part, value);
}

static int no_vlen(const struct subject *s)
{
	return s->vlen ? fault(s, FAULT_VLEN) : 0;
}

static int no_kflag(const struct subject *s)
{
	return s->kflag ? fault(s, FAULT_KFLAG) : 0;
}

static int no_name(const struct subject *s)
{
	return s->type[BTF_NAME] ? fault(s, FAULT_NAME_PRESENT) : 0;
}

static bool is_identifier(const struct subject *s, uint32_t off)
{
	return off && name_is_identifier(s->r, off, s->r->rules.dots);
}

static int need_identifier(const struct subject *s)
{
	return is_identifier(s, s->type[BTF_NAME]) ? 0 : fault(s, FAULT_NAME);
}

static int maybe_identifier(const struct subject *s)
{
	return s->type[BTF_NAME] ? need_identifier(s) : 0;
}

static int id_in_range(const struct subject *s, uint32_t id, enum fault_code code)
{
	return id && id <= RUN_TYPE_MAX ? 0 : fault(s, code);
}

static int meta_int(const struct subject *s)
{
	uint32_t data = s->type[BTF_HEAD], bits = BTF_INT_BITS(data) + BTF_INT_OFFSET(data);
	uint32_t encoding = BTF_INT_ENCODING(data);
	int err = no_vlen(s);

	if (!err)
		err = no_kflag(s);
	if (err)
		return err;
	if (data >> 28)
		return run_fault_value(s->r, FAULT_INT_DATA, s->id, data);
	if (bits > 128)
		return fault(s, FAULT_INT_BITS);
	if ((bits + 7) / 8 > s->type[BTF_SIZE])
		return fault(s, FAULT_INT_SIZE);
	if (encoding && encoding != BTF_INT_SIGNED && encoding != BTF_INT_CHAR &&
	    encoding != BTF_INT_BOOL)
		return fault(s, FAULT_INT_ENCODING);
	return 0;
}

/* PTR and modifiers. */
static int meta_ref(const struct subject *s)
{
	int err = no_vlen(s);

	if (!err && !(s->kind == BTF_KIND_TYPE_TAG && s->r->rules.tag_kflag))
		err = no_kflag(s);
	if (err)
		return err;
	if (s->type[BTF_SIZE] > RUN_TYPE_MAX)
		return fault(s, FAULT_ID_RANGE);
	if (s->kind == BTF_KIND_TYPEDEF)
		return need_identifier(s);
	if (s->kind != BTF_KIND_TYPE_TAG)
		return no_name(s);
	return name_is_empty(s->r, s->type[BTF_NAME]) ? fault(s, FAULT_NAME) : 0;
}

static int meta_array(const struct subject *s)
{
	int err = no_name(s);

	if (!err)
		err = no_vlen(s);
	if (!err)
		err = no_kflag(s);
	if (!err && s->type[BTF_SIZE])
		err = fault(s, FAULT_ARRAY_SIZE_FIELD);
	if (!err)
		err = id_in_range(s, s->type[BTF_HEAD], FAULT_ARRAY_ELEM_RANGE);
	if (!err)
		err = id_in_range(s, s->type[BTF_HEAD + 1], FAULT_ARRAY_INDEX_RANGE);
	return err;
}

static int meta_member(const struct subject *s, uint32_t i, const uint32_t *member, uint32_t *last)
{
	uint32_t offset = s->kflag ? BTF_MEMBER_BIT_OFFSET(member[2]) : member[2];

	if (!view_has_string(&s->r->view, member[0]))
		return fault_part(s, FAULT_MEMBER_NAME_OFFSET, i, member[0]);
	if (member[0] && !is_identifier(s, member[0]))
		return fault_part(s, FAULT_MEMBER_NAME, i, 0);
	if (!member[1] || member[1] > RUN_TYPE_MAX)
		return fault_part(s, FAULT_MEMBER_ID_RANGE, i, 0);
	if (s->kind == BTF_KIND_UNION && offset)
		return fault_part(s, FAULT_UNION_OFFSET, i, 0);
	if (offset < *last)
		return fault_part(s, FAULT_MEMBER_ORDER, i, 0);
	if (((uint64_t)offset + 7) / 8 > s->type[BTF_SIZE])
		return fault_part(s, FAULT_MEMBER_BEHIND, i, 0);
	*last = offset;
	return 0;
}

static int meta_composite(const struct subject *s)
{
	int err = maybe_identifier(s);
	uint32_t last = 0;

	for (uint32_t i = 0; i < s->vlen && !err; i++)
		err = meta_member(s, i, s->type + BTF_HEAD + 3 * (size_t)i, &last);
	return err;
}

static int meta_value(const struct subject *s, uint32_t i, uint32_t name)
{
	if (!view_has_string(&s->r->view, name))
		return fault_part(s, FAULT_VALUE_NAME_OFFSET, i, name);
	return is_identifier(s, name) ? 0 : fault_part(s, FAULT_VALUE_NAME, i, 0);
}

static int meta_enum(const struct subject *s)
{
	uint32_t size = s->type[BTF_SIZE], step = btf_kinds[s->kind].elem;
	int err = 0;

	if (!s->r->rules.enum_kflag)
		err = no_kflag(s);
	if (!err && (size > 8 || !size || size & (size - 1)))
		err = fault(s, FAULT_ENUM_SIZE);
	if (!err)
		err = maybe_identifier(s);
	for (uint32_t i = 0; i < s->vlen && !err; i++)
		err = meta_value(s, i, s->type[BTF_HEAD + step * (size_t)i]);
	return err;
}

static int meta_fwd(const struct subject *s)
{
	int err = no_vlen(s);

	if (!err && s->type[BTF_SIZE])
		err = fault(s, FAULT_FWD_TYPE);
	return err ? err : need_identifier(s);
}

static int meta_func(const struct subject *s)
{
	int err = need_identifier(s);

	if (!err && s->vlen > BTF_FUNC_GLOBAL)
		err = fault(s, FAULT_FUNC_LINKAGE);
	return err ? err : no_kflag(s);
}

static int meta_func_proto(const struct subject *s)
{
	int err = no_name(s);

	return err ? err : no_kflag(s);
}

static int meta_var(const struct subject *s)
{
	uint32_t name = s->type[BTF_NAME];
	int err = no_vlen(s);

	if (!err)
		err = no_kflag(s);
	if (!err && !(name && name_is_identifier(s->r, name, true)))
		err = fault(s, FAULT_NAME);
	if (!err)
		err = id_in_range(s, s->type[BTF_SIZE], FAULT_ID_RANGE);
	if (!err && s->type[BTF_HEAD] > BTF_VAR_GLOBAL_ALLOCATED)
		err = fault(s, FAULT_VAR_LINKAGE);
	return err;
}

/* @end and @sum: of the entries before. The end is kept in 32 bits, and so wraps. */
static int meta_entry(const struct subject *s, uint32_t i, const uint32_t *entry, uint32_t *end,
		      uint64_t *sum)
{
	uint32_t size = s->type[BTF_SIZE];

	if (!entry[0] || entry[0] > RUN_TYPE_MAX)
		return fault_part(s, FAULT_ENTRY_ID_RANGE, i, 0);
	if (entry[1] < *end || entry[1] >= size)
		return fault_part(s, FAULT_ENTRY_OFFSET, i, 0);
	if (!entry[2] || entry[2] > size)
		return fault_part(s, FAULT_ENTRY_SIZE, i, 0);
	*end = entry[1] + entry[2];
	if (*end > size)
		return fault_part(s, FAULT_ENTRY_END, i, 0);
	*sum += entry[2];
	return 0;
}

static int meta_datasec(const struct subject *s)
{
	uint32_t name = s->type[BTF_NAME], end = 0;
	uint64_t sum = 0;
	int err;

	if (!s->type[BTF_SIZE])
		return fault(s, FAULT_DATASEC_SIZE);
	err = no_kflag(s);
	if (!err && !(name && name_is_section(s->r, name)))
		err = fault(s, FAULT_SECTION_NAME);
	for (uint32_t i = 0; i < s->vlen && !err; i++)
		err = meta_entry(s, i, s->type + BTF_HEAD + 3 * (size_t)i, &end, &sum);
	if (!err && sum > s->type[BTF_SIZE])
		err = fault(s, FAULT_DATASEC_SUM);
	return err;
}

static int meta_float(const struct subject *s)
{
	uint32_t size = s->type[BTF_SIZE];
	int err = no_vlen(s);

	if (!err)
		err = no_kflag(s);
	if (!err && size != 2 && size != 4 && size != 8 && size != 12 && size != 16)
		err = fault(s, FAULT_FLOAT_SIZE);
	return err;
}

static int meta_decl_tag(const struct subject *s)
{
	int err;

	if (name_is_empty(s->r, s->type[BTF_NAME]))
		return fault(s, FAULT_TAG_VALUE);
	err = no_vlen(s);
	if (!err && !s->r->rules.tag_kflag)
		err = no_kflag(s);
	if (!err && (int32_t)s->type[BTF_HEAD] < -1)
		err = fault(s, FAULT_TAG_COMPONENT_RANGE);
	return err;
}

static int meta_of_kind(const struct subject *s)
{
	switch (s->kind) {
	case BTF_KIND_INT:
		return meta_int(s);
	case BTF_KIND_ARRAY:
		return meta_array(s);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return meta_composite(s);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return meta_enum(s);
	case BTF_KIND_FWD:
		return meta_fwd(s);
	case BTF_KIND_FUNC:
		return meta_func(s);
	case BTF_KIND_FUNC_PROTO:
		return meta_func_proto(s);
	case BTF_KIND_VAR:
		return meta_var(s);
	case BTF_KIND_DATASEC:
		return meta_datasec(s);
	case BTF_KIND_FLOAT:
		return meta_float(s);
	case BTF_KIND_DECL_TAG:
		return meta_decl_tag(s);
	default:
		return meta_ref(s);
	}
}

/* The head, of which @left bytes and what follows it are there. */
static int meta_head(const struct subject *s, uint32_t left)
{
	uint32_t info = s->type[BTF_INFO];

	if (info & ~s->r->rules.info_mask)
		return run_fault_value(s->r, FAULT_INFO, s->id, info);
	if (!s->kind || s->kind > s->r->rules.last_kind)
		return run_fault_value(s->r, FAULT_KIND, s->id, s->kind);
	if (!view_has_string(&s->r->view, s->type[BTF_NAME]))
		return run_fault_value(s->r, FAULT_NAME_OFFSET, s->id, s->type[BTF_NAME]);
	if (btf_type_words(info) * 4 > left) {
		s->r->found.b = (uint32_t)(btf_type_words(info) - BTF_HEAD) * 4;
		return run_fault_value(s->r, FAULT_TYPE_CUT, s->id, left - BTF_HEAD * 4);
	}
	return 0;
}

static int meta_type(struct run *r, uint32_t word, uint32_t id)
{
	const uint32_t *type = r->view.words + word;
	uint32_t left = r->view.types_len - word * 4;
	struct subject s = {.r = r, .type = type, .id = id};
	int err;

	if (left < BTF_HEAD * 4) {
		r->found.b = BTF_HEAD * 4;
		return run_fault_value(r, FAULT_HEAD_CUT, id, left);
	}
	s.kind = btf_word_kind(type[BTF_INFO]);
	s.vlen = btf_word_vlen(type[BTF_INFO]);
	s.kflag = btf_word_kflag(type[BTF_INFO]);
	err = meta_head(&s, left);
	return err ? err : meta_of_kind(&s);
}

/* Of a BTF without a base the kernel keeps types up to this number, void included; those
 * behind are checked by themselves, and forgotten. */
static bool is_kept(const struct run *r)
{
	return r->view.base || view_end(&r->view) < RUN_TYPE_MAX;
}

int meta_check(struct run *r)
{
	struct view *v = &r->view;
	uint32_t id = v->first_id, word = 0;
	int err;

	v->at = arena_array(r->arena, uint32_t, v->types_len / (BTF_HEAD * 4) + 1);
	for (; word * 4 < v->types_len; id++) {
		v->at[v->nr_types] = word;
		err = meta_type(r, word, id);
		if (err)
			return err;
		v->nr_types += is_kept(r);
		word += (uint32_t)btf_type_words(v->words[word + BTF_INFO]);
	}
	arena_trim(r->arena, v->at, ((size_t)v->nr_types + 1) * sizeof(*v->at));
	return 0;
}
