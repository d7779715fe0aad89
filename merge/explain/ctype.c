// SPDX-License-Identifier: GPL-2.0-only
#include "merge/explain/ctype.h"

#include <stdio.h>
#include <string.h>

#include "merge/explain/index.h"

/* How many pointers, arrays, prototypes... one behind the other are written out. */
#define DEPTH_MAX 12

struct writer {
	const struct graph *g;
	enum ctype_tags tags;
};

static void declare(const struct writer *w, uint32_t gid, const char *inner, int depth, char *out);

/* snprintf() that shows where it cut. */
static void write_cut(char *out, int n)
{
	if (n >= CTYPE_LEN)
		memcpy(out + CTYPE_LEN - 4, "...", 4);
}

#define WRITE(out, ...) write_cut(out, snprintf(out, CTYPE_LEN, __VA_ARGS__))

const char *ctype_keyword(const uint32_t *type)
{
	switch (unit_of(type).class) {
	case UNIT_STRUCT:
		return "struct ";
	case UNIT_UNION:
		return "union ";
	case UNIT_ENUM:
	case UNIT_ENUM_UNTAGGED:
		return "enum ";
	default:
		return "";
	}
}

static uint32_t refer(const struct writer *w, uint32_t from, uint32_t word)
{
	return graph_is_own(w->g, from) ? graph_ref(w->g, word) : word;
}

/* What has no tag goes by its first member or enumerator. */
static void write_untagged(const struct writer *w, const uint32_t *type, const char *inner,
			   char *out)
{
	uint32_t kind = btf_kind_of(type), n = btf_nr_elems(type);
	const char *word = btf_kind_is_enum(kind)   ? "enum"
			   : kind == BTF_KIND_UNION ? "union"
						    : "struct";
	uint32_t first = n ? type[btf_elem_at(&btf_kinds[kind], 0)] : 0;

	WRITE(out, "%s {%s%s}%s%s", word, first ? ctype_name(w->g, first) : "",
	      !n       ? ""
	      : !first ? "..."
	      : n > 1  ? ", ..."
		       : "",
	      *inner ? " " : "", inner);
}

static void write_named(const struct writer *w, const uint32_t *type, const char *inner, char *out)
{
	if (type[BTF_NAME])
		WRITE(out, "%s%s%s%s", ctype_keyword(type), ctype_name(w->g, type[BTF_NAME]),
		      *inner ? " " : "", inner);
	else
		write_untagged(w, type, inner, out);
}

static bool needs_parens(const struct writer *w, uint32_t gid)
{
	uint32_t kind = gid ? graph_kind(w->g, gid) : BTF_KIND_UNKN;

	return kind == BTF_KIND_ARRAY || kind == BTF_KIND_FUNC_PROTO;
}

static void write_pointer(const struct writer *w, uint32_t to, const char *inner, int depth,
			  char *out)
{
	char text[CTYPE_LEN];

	WRITE(text, needs_parens(w, to) ? "(*%s)" : "*%s", inner);
	declare(w, to, text, depth, out);
}

/* A qualifier stands before what is no pointer, behind the star of one. */
static void write_qualified(const struct writer *w, uint32_t to, const char *word,
			    const char *inner, int depth, char *out)
{
	char text[CTYPE_LEN];

	if (to && graph_kind(w->g, to) == BTF_KIND_PTR) {
		WRITE(text, "%s%s%s", word, *inner ? " " : "", inner);
		declare(w, to, text, depth, out);
		return;
	}
	declare(w, to, inner, depth, text);
	WRITE(out, "%s %s", word, text);
}

/* "int __rcu *", as the kernel writes it. */
static void write_tag(const struct writer *w, uint32_t to, uint32_t name, const char *inner,
		      int depth, char *out)
{
	char text[CTYPE_LEN];

	if (w->tags == CTYPE_NO_TAGS) {
		declare(w, to, inner, depth, out);
		return;
	}
	WRITE(text, "__%.60s%s%s", ctype_name(w->g, name), *inner ? " " : "", inner);
	declare(w, to, text, depth, out);
}

static void write_array(const struct writer *w, uint32_t of, uint32_t nelems, const char *inner,
			int depth, char *out)
{
	char text[CTYPE_LEN];

	WRITE(text, "%s[%u]", inner, nelems);
	declare(w, of, text, depth, out);
}

static void write_proto(const struct writer *w, uint32_t gid, const char *inner, int depth,
			char *out)
{
	const uint32_t *type = graph_type(w->g, gid);
	const struct btf_kind *k = &btf_kinds[BTF_KIND_FUNC_PROTO];
	uint32_t n = btf_nr_elems(type);
	char text[CTYPE_LEN], param[CTYPE_LEN];
	size_t len;

	WRITE(text, "%s(", inner);
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t *elem = type + btf_elem_at(k, i);

		len = strlen(text);
		if (!elem[1] && i + 1 == n)
			strcpy(param, "...");
		else
			declare(w, refer(w, gid, elem[1]), "", depth, param);
		if (snprintf(text + len, CTYPE_LEN - len, "%s%s", i ? ", " : "", param) >=
		    (int)(CTYPE_LEN - len))
			break;
	}
	len = strlen(text);
	write_cut(text, (int)len + snprintf(text + len, CTYPE_LEN - len, n ? ")" : "void)"));
	declare(w, refer(w, gid, type[BTF_SIZE]), text, depth, out);
}

static void declare(const struct writer *w, uint32_t gid, const char *inner, int depth, char *out)
{
	const uint32_t *type = gid ? graph_type(w->g, gid) : NULL;
	uint32_t kind = type ? btf_kind_of(type) : BTF_KIND_UNKN;

	if (++depth > DEPTH_MAX) {
		WRITE(out, "...%s", inner);
		return;
	}
	switch (kind) {
	case BTF_KIND_UNKN:
		WRITE(out, "void%s%s", *inner ? " " : "", inner);
		break;
	case BTF_KIND_PTR:
		write_pointer(w, refer(w, gid, type[BTF_SIZE]), inner, depth, out);
		break;
	case BTF_KIND_CONST:
		write_qualified(w, refer(w, gid, type[BTF_SIZE]), "const", inner, depth, out);
		break;
	case BTF_KIND_VOLATILE:
		write_qualified(w, refer(w, gid, type[BTF_SIZE]), "volatile", inner, depth, out);
		break;
	case BTF_KIND_RESTRICT:
		write_qualified(w, refer(w, gid, type[BTF_SIZE]), "restrict", inner, depth, out);
		break;
	case BTF_KIND_TYPE_TAG:
		write_tag(w, refer(w, gid, type[BTF_SIZE]), type[BTF_NAME], inner, depth, out);
		break;
	case BTF_KIND_ARRAY:
		write_array(w, refer(w, gid, type[BTF_HEAD]), type[BTF_HEAD + 2], inner, depth,
			    out);
		break;
	case BTF_KIND_FUNC_PROTO:
		write_proto(w, gid, inner, depth, out);
		break;
	default:
		write_named(w, type, inner, out);
	}
}

char *ctype(const struct graph *g, uint32_t gid, enum ctype_tags tags, char out[CTYPE_LEN])
{
	struct writer w = {g, tags};

	declare(&w, gid, "", 0, out);
	return out;
}
