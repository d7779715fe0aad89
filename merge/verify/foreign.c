// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module's BTF that was made over one base and is read over another is well in itself; but
 * what it refers to by number in the base is something else there, and its own types and strings,
 * counted from the base's end on, are not where it looks for them either.
 *
 * So its names begin in the middle of strings, which those of no encoder do, and its types refer to
 * what nobody refers to: a pointer to a FUNC, a FUNC that is an INT. Two bases of like kernels are
 * the same up to some number and differ from there on, so of the references from the first
 * bad one on most are bad. In a module that was damaged it is a few among many good ones.
 */
#include "merge/verify/foreign.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 1024 /* bytes */

/*
 * How many of a hundred have to be bad. Of 34,000 modules held against a wrong base, out of five
 * Debian kernels from 6.1 to 6.12, each is over one of the two, nearly all over both and with
 * more than 80 of the names; of a module's own base there are none.
 */
#define BAD_NAMES 50
#define BAD_TYPES 30
/* With as many names where its own strings begin, and few that are bad, the base has the right
 * length at least: the module is damaged. */
#define OWN_NAMES_ENOUGH 3
#define FEW_BAD_NAMES 30

/* References of one sort: names, or types. */
struct refs {
	uint32_t bad;
	uint32_t first; /* the lowest that is bad */
	uint32_t good;  /* as high, or higher */
	uint32_t where; /* the type whose reference that is */
};

struct seeker {
	const struct run *run;
	struct view own; /* all its types, though one may be wrong */
	const struct verify_base *base;
	struct refs names;
	struct refs types;
	uint32_t own_names; /* that begin where a string of its own does */
	char *text;
	size_t len;
};

/* Finds all types, if the section is made of whole types of known kinds. */
static bool find_types(struct seeker *s)
{
	struct view *v = &s->own;
	uint32_t word = 0, nr = v->types_len / 4;

	if (v->types_len % 4 || !v->words)
		return false;
	v->at = arena_array(s->run->arena, uint32_t, v->types_len / (BTF_HEAD * 4) + 1);
	v->nr_types = 0;
	while (word < nr) {
		uint32_t info;

		if (nr - word < BTF_HEAD)
			return false;
		info = v->words[word + BTF_INFO];
		if (!btf_word_kind(info) || btf_word_kind(info) >= BTF_NR_KINDS ||
		    btf_type_words(info) > nr - word)
			return false;
		v->at[v->nr_types++] = word;
		word += (uint32_t)btf_type_words(info);
	}
	return true;
}

static bool name_begins(const struct seeker *s, uint32_t off)
{
	uint32_t own = off - s->own.first_str;

	if (off < s->own.first_str)
		return verify_base_string_begins(s->base, off);
	return own < s->own.strs_len && (!own || !s->own.strs[own - 1]);
}

/* Only what no encoder writes is none. */
static bool ref_is_plausible(const struct seeker *s, uint32_t from, uint32_t id)
{
	const uint32_t tagged = BTF_KIND_BIT(BTF_KIND_STRUCT) | BTF_KIND_BIT(BTF_KIND_UNION) |
				BTF_KIND_BIT(BTF_KIND_FUNC) | BTF_KIND_BIT(BTF_KIND_VAR) |
				BTF_KIND_BIT(BTF_KIND_TYPEDEF);
	const uint32_t never = BTF_KIND_BIT(BTF_KIND_FUNC) | BTF_KIND_BIT(BTF_KIND_VAR) |
			       BTF_KIND_BIT(BTF_KIND_DATASEC) | BTF_KIND_BIT(BTF_KIND_DECL_TAG);
	const uint32_t *type = view_type(&s->own, id);
	uint32_t kind;

	if (!type)
		return false;
	kind = btf_kind_of(type);
	switch (from) {
	case BTF_KIND_FUNC:
		return kind == BTF_KIND_FUNC_PROTO;
	case BTF_KIND_DATASEC:
		return kind == BTF_KIND_VAR;
	case BTF_KIND_DECL_TAG:
		return tagged & BTF_KIND_BIT(kind);
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
		return !(never & BTF_KIND_BIT(kind));
	default:
		return !((never | BTF_KIND_BIT(BTF_KIND_FUNC_PROTO)) & BTF_KIND_BIT(kind));
	}
}

static void add_bad(struct refs *r, uint32_t to, uint32_t where)
{
	if (!r->bad++ || to < r->first) {
		r->first = to;
		r->where = where;
	}
}

static void count_bad(struct seeker *s)
{
	for (uint32_t i = 0; i < s->own.nr_types; i++) {
		const uint32_t *type = view_own(&s->own, i), *w;
		const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

		btf_for_each_name(type, k, w)
			if (*w && !name_begins(s, *w))
				add_bad(&s->names, *w, i);
		btf_for_each_ref(type, k, w)
			if (*w && !ref_is_plausible(s, btf_kind_of(type), *w))
				add_bad(&s->types, *w, i);
	}
}

static void count_good(struct seeker *s)
{
	for (uint32_t i = 0; i < s->own.nr_types; i++) {
		const uint32_t *type = view_own(&s->own, i), *w;
		const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

		btf_for_each_name(type, k, w) {
			s->own_names += *w >= s->own.first_str && name_begins(s, *w);
			s->names.good += *w >= s->names.first && name_begins(s, *w);
		}
		btf_for_each_ref(type, k, w)
			s->types.good +=
				*w >= s->types.first && ref_is_plausible(s, btf_kind_of(type), *w);
	}
}

static bool is_most(const struct refs *r, uint32_t percent)
{
	return r->bad && (uint64_t)r->bad * 100 >= ((uint64_t)r->bad + r->good) * percent;
}

static void say(struct seeker *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(struct seeker *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (s->len < TEXT_MAX)
		s->len += (size_t)vsnprintf(s->text + s->len, TEXT_MAX - s->len, fmt, ap);
	va_end(ap);
}

/* "STRUCT foo [4711]" */
static void say_type(struct seeker *s, uint32_t id)
{
	const uint32_t *type = view_type(&s->own, id);
	const char *name;

	if (!type) {
		say(s, "[%u], which there is not", id);
		return;
	}
	name = view_string(&s->own, type[BTF_NAME]);
	say(s, "%s%s%.80s [%u]", btf_kind_name(btf_kind_of(type)), name && *name ? " " : "",
	    name ? name : "", id);
}

static void say_names(struct seeker *s)
{
	uint32_t off = s->names.first;
	const char *string = view_string(&s->own, off);

	say(s, "%u of its %u names from offset %u on are where no string begins", s->names.bad,
	    s->names.bad + s->names.good, off);
	if (string && *string)
		say(s, ", the first at \"%.80s\"", string);
}

static void say_types(struct seeker *s)
{
	const uint32_t *type = view_own(&s->own, s->types.where);

	say(s, "%s%u of its %u references from type %u on are impossible, as from %s [%u] to ",
	    s->len ? "; " : "", s->types.bad, s->types.bad + s->types.good, s->types.first,
	    btf_kind_name(btf_kind_of(type)), s->own.first_id + s->types.where);
	say_type(s, s->types.first);
}

/* Standalone BTF: all that it refers to is its own, counted from 1 and 0. */
static bool is_standalone(const struct seeker *s)
{
	if (!verify_is_standalone(s->run->data, s->run->len))
		return false;
	for (uint32_t i = 0; i < s->own.nr_types; i++) {
		const uint32_t *type = view_own(&s->own, i), *w;
		const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

		btf_for_each_name(type, k, w)
			if (*w >= s->own.strs_len)
				return false;
		btf_for_each_ref(type, k, w)
			if (*w > s->own.nr_types)
				return false;
	}
	return s->own.nr_types;
}

static bool is_foreign(const struct seeker *s, bool names, bool types)
{
	if (s->own_names >= OWN_NAMES_ENOUGH && !is_most(&s->names, FEW_BAD_NAMES))
		return false;
	/* One alone is what a damaged bit can do. */
	return (names ? s->names.bad : 0) + (types ? s->types.bad : 0) >= 2;
}

const char *foreign_evidence(const struct run *r, const struct verify_base *base)
{
	struct seeker s = {.run = r, .own = r->view, .base = base};
	bool names, types;

	/* It is about the blob as a whole: what stopped the kernel need not have stopped us. */
	if (!find_types(&s))
		return NULL;
	if (is_standalone(&s))
		return "it is standalone, its types and strings are counted from the beginning; "
		       "read as a module's, they are the kernel's own";
	count_bad(&s);
	count_good(&s);
	names = is_most(&s.names, BAD_NAMES);
	types = is_most(&s.types, BAD_TYPES);
	if (!is_foreign(&s, names, types))
		return NULL;
	s.text = arena_array(r->arena, char, TEXT_MAX);
	if (names)
		say_names(&s);
	if (types)
		say_types(&s);
	return s.text;
}
