// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do members fit into their struct, and lie where their type can? Lengths without a struct's kind
 * flag are of whole types, with it they may be of bitfields.
 */
#include "merge/verify/resolve.h"

#define BITS_U128 128
#define ENUM_BITS 32 /* of an enum in a struct with bitfields, whatever its size */

struct member {
	struct resolver *s;
	uint32_t id; /* of the struct */
	uint32_t index;
	uint32_t struct_size;
	uint32_t offset; /* bits */
	uint32_t width;  /* bits; 0: not a bitfield */
	bool kflag;
	struct sized type; /* behind modifiers */
};

static int fault(const struct member *m, enum fault_code code)
{
	/* The log shows the member as if it were of the type behind the modifiers. */
	m->s->run->found.part_id = m->type.id;
	return run_fault_part(m->s->run, code, m->id, m->index, 0);
}

/* @bits from @offset on. */
static int bits_fit(const struct member *m, uint32_t offset, uint32_t bits)
{
	uint32_t copied = bits + offset % 8;

	if (copied > BITS_U128)
		return fault(m, FAULT_COPY_BITS);
	if ((uint64_t)offset / 8 + (copied + 7) / 8 > m->struct_size)
		return fault(m, FAULT_MEMBER_EXCEEDS);
	return 0;
}

static int int_fits(const struct member *m)
{
	uint32_t data = m->type.type[BTF_HEAD], bits = BTF_INT_BITS(data);

	if (!m->kflag) {
		if (UINT32_MAX - m->offset < BTF_INT_OFFSET(data))
			return fault(m, FAULT_BITS_OVERFLOW);
		return bits_fit(m, m->offset + BTF_INT_OFFSET(data), bits);
	}
	if (!resolve_regular_int(m->type.type))
		return fault(m, FAULT_MEMBER_BASE_TYPE);
	if (!m->width && m->offset % 8)
		return fault(m, FAULT_MEMBER_OFFSET);
	if (m->width > bits)
		return fault(m, FAULT_BITFIELD_SIZE);
	return bits_fit(m, m->offset, m->width ? m->width : bits);
}

static int bytes_fit(const struct member *m)
{
	if (m->offset % 8)
		return fault(m, FAULT_MEMBER_UNALIGNED);
	if ((uint64_t)m->offset / 8 + m->type.size > m->struct_size)
		return fault(m, FAULT_MEMBER_EXCEEDS);
	return 0;
}

static int enum_fits(const struct member *m)
{
	uint32_t bits = ENUM_BITS;

	if (!m->kflag || (m->s->run->lenient && !m->width))
		return bytes_fit(m);
	if (!m->width && m->offset % 8)
		return fault(m, FAULT_MEMBER_UNALIGNED);
	/* An enum of eight bytes can have a field of more than 32 bits, in C. */
	if (m->s->run->lenient && m->type.size > ENUM_BITS / 8)
		bits = m->type.size * 8;
	if (m->width > bits)
		return fault(m, FAULT_BITFIELD_SIZE);
	if (((uint64_t)m->offset + (m->width ? m->width : bits) + 7) / 8 > m->struct_size)
		return fault(m, FAULT_MEMBER_EXCEEDS);
	return 0;
}

static int float_fits(const struct member *m)
{
	uint32_t pointer = m->s->view->pointer;
	uint32_t align = m->type.size < pointer ? m->type.size : pointer;

	/* A packed struct may have one anywhere. */
	if (m->offset % (align * 8) && !m->s->run->lenient)
		return fault(m, FAULT_FLOAT_UNALIGNED);
	if ((uint64_t)m->offset / 8 + m->type.size > m->struct_size)
		return fault(m, FAULT_MEMBER_EXCEEDS);
	return 0;
}

static int member_fits(const struct member *m)
{
	uint32_t kind = btf_kind_of(m->type.type);

	if (kind == BTF_KIND_INT)
		return int_fits(m);
	if (btf_kind_is_enum(kind))
		return enum_fits(m);
	if (m->width)
		return fault(m, FAULT_BITFIELD_SIZE);
	return kind == BTF_KIND_FLOAT ? float_fits(m) : bytes_fit(m);
}

int resolve_member_fits(struct resolver *s, uint32_t id, uint32_t i)
{
	const uint32_t *type = view_type(s->view, id);
	const uint32_t *words = type + BTF_HEAD + 3 * (size_t)i;
	bool kflag = btf_word_kflag(type[BTF_INFO]);
	const struct member m = {
		.s = s,
		.id = id,
		.index = i,
		.struct_size = type[BTF_SIZE],
		.offset = kflag ? BTF_MEMBER_BIT_OFFSET(words[2]) : words[2],
		.width = kflag ? BTF_MEMBER_BITFIELD_SIZE(words[2]) : 0,
		.kflag = kflag,
		.type = resolve_sized(s->view, words[1]),
	};

	if (!m.type.type)
		return run_fault_part(s->run, FAULT_MEMBER_REF, id, i, 0);
	return member_fits(&m);
}
