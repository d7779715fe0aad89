// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/write.h"

static void write_elems(struct bld *b, const struct tg_type *t, const struct tg_elem *e)
{
	for (uint32_t i = 0; i < t->vlen; i++, e++) {
		switch (t->kind) {
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			bld_member(b, e->name, e->type, e->off, e->bits);
			break;
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			bld_enumerator(b, e->name, e->val);
			break;
		case BTF_KIND_FUNC_PROTO:
			bld_param(b, e->name, e->type);
			break;
		case BTF_KIND_DATASEC:
			bld_secinfo(b, e->type, e->off, e->bits);
			break;
		}
	}
}

static void write_head(struct bld *b, const struct tg_type *t)
{
	switch (t->kind) {
	case BTF_KIND_INT:
		bld_int(b, t->name, t->size, t->extra >> 24, t->extra >> 16 & 0xff,
			t->extra & 0xff);
		break;
	case BTF_KIND_PTR:
		bld_ptr(b, t->ref);
		break;
	case BTF_KIND_ARRAY:
		bld_array(b, t->ref, t->index, t->extra);
		break;
	case BTF_KIND_STRUCT:
		bld_struct(b, t->name, t->size);
		break;
	case BTF_KIND_UNION:
		bld_union(b, t->name, t->size);
		break;
	case BTF_KIND_ENUM:
		bld_enum(b, t->name, t->size, t->kflag);
		break;
	case BTF_KIND_FWD:
		bld_fwd(b, t->name, t->kflag);
		break;
	case BTF_KIND_TYPEDEF:
		bld_typedef(b, t->name, t->ref);
		break;
	case BTF_KIND_VOLATILE:
		bld_volatile(b, t->ref);
		break;
	case BTF_KIND_CONST:
		bld_const(b, t->ref);
		break;
	case BTF_KIND_RESTRICT:
		bld_restrict(b, t->ref);
		break;
	case BTF_KIND_FUNC:
		bld_func(b, t->name, t->ref, t->extra);
		break;
	case BTF_KIND_FUNC_PROTO:
		bld_func_proto(b, t->ref);
		break;
	case BTF_KIND_VAR:
		bld_var(b, t->name, t->ref, t->extra);
		break;
	case BTF_KIND_DATASEC:
		bld_datasec(b, t->name, t->size);
		break;
	case BTF_KIND_FLOAT:
		bld_float(b, t->name, t->size);
		break;
	case BTF_KIND_DECL_TAG:
		bld_decl_tag(b, t->name, t->ref, (int)t->extra, t->kflag);
		break;
	case BTF_KIND_TYPE_TAG:
		bld_type_tag(b, t->name, t->ref, t->kflag);
		break;
	case BTF_KIND_ENUM64:
		bld_enum64(b, t->name, t->size, t->kflag);
		break;
	}
}

void write_types(struct bld *b, const struct tg *g, uint32_t from)
{
	const struct tg_type *t;

	for (uint32_t id = from; id < g->n; id++) {
		t = &g->types[id];
		write_head(b, t);
		if (t->kflag && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION))
			bld_kflag(b);
		write_elems(b, t, tg_elems(g, id));
	}
}
