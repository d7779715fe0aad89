// SPDX-License-Identifier: GPL-2.0-only
#include "merge/btf.h"

#define NONE (-1)

/* clang-format off */
const struct btf_kind btf_kinds[BTF_NR_KINDS] = {
	/*                       name         ref_at refs extra elem name  ref */
	[BTF_KIND_UNKN]       = {"UNKN",       0,     0,   0,    0,   NONE, NONE},
	[BTF_KIND_INT]        = {"INT",        0,     0,   1,    0,   NONE, NONE},
	[BTF_KIND_PTR]        = {"PTR",        2,     1,   0,    0,   NONE, NONE},
	[BTF_KIND_ARRAY]      = {"ARRAY",      3,     2,   3,    0,   NONE, NONE},
	[BTF_KIND_STRUCT]     = {"STRUCT",     0,     0,   0,    3,   0,    1},
	[BTF_KIND_UNION]      = {"UNION",      0,     0,   0,    3,   0,    1},
	[BTF_KIND_ENUM]       = {"ENUM",       0,     0,   0,    2,   0,    NONE},
	[BTF_KIND_FWD]        = {"FWD",        0,     0,   0,    0,   NONE, NONE},
	[BTF_KIND_TYPEDEF]    = {"TYPEDEF",    2,     1,   0,    0,   NONE, NONE},
	[BTF_KIND_VOLATILE]   = {"VOLATILE",   2,     1,   0,    0,   NONE, NONE},
	[BTF_KIND_CONST]      = {"CONST",      2,     1,   0,    0,   NONE, NONE},
	[BTF_KIND_RESTRICT]   = {"RESTRICT",   2,     1,   0,    0,   NONE, NONE},
	[BTF_KIND_FUNC]       = {"FUNC",       2,     1,   0,    0,   NONE, NONE},
	[BTF_KIND_FUNC_PROTO] = {"FUNC_PROTO", 2,     1,   0,    2,   0,    1},
	[BTF_KIND_VAR]        = {"VAR",        2,     1,   1,    0,   NONE, NONE},
	[BTF_KIND_DATASEC]    = {"DATASEC",    0,     0,   0,    3,   NONE, 0},
	[BTF_KIND_FLOAT]      = {"FLOAT",      0,     0,   0,    0,   NONE, NONE},
	[BTF_KIND_DECL_TAG]   = {"DECL_TAG",   2,     1,   1,    0,   NONE, NONE},
	[BTF_KIND_TYPE_TAG]   = {"TYPE_TAG",   2,     1,   0,    0,   NONE, NONE},
	[BTF_KIND_ENUM64]     = {"ENUM64",     0,     0,   0,    3,   0,    NONE},
};
/* clang-format on */

const char *btf_kind_name(unsigned int kind)
{
	return btf_kinds[kind < BTF_NR_KINDS ? kind : BTF_KIND_UNKN].name;
}
