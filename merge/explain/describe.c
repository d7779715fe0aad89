// SPDX-License-Identifier: GPL-2.0-only
#include "merge/explain/describe.h"

#include <inttypes.h>
#include <string.h>

#include "merge/explain/ctype.h"
#include "merge/explain/text.h"

static const struct graph *graph_of(const struct describe *d)
{
	return d->f->g;
}

static const char *name_of(const struct describe *d, const uint32_t *type)
{
	return ctype_name(graph_of(d), type[BTF_NAME]);
}

static void add_type(const struct describe *d, struct text *t, uint32_t gid)
{
	const uint32_t *type = graph_type(graph_of(d), gid);
	char text[CTYPE_LEN];

	switch (btf_kind_of(type)) {
	case BTF_KIND_TYPEDEF:
		text_add(t, "typedef %s", name_of(d, type));
		break;
	case BTF_KIND_FUNC:
		text_add(t, "function %s", name_of(d, type));
		break;
	case BTF_KIND_VAR:
		text_add(t, "variable %s", name_of(d, type));
		break;
	case BTF_KIND_DATASEC:
		text_add(t, "section %s", name_of(d, type));
		break;
	case BTF_KIND_DECL_TAG:
		text_add(t, "decl_tag \"%s\"", name_of(d, type));
		break;
	default:
		text_add(t, "%s", ctype(graph_of(d), gid, CTYPE_TAGS, text));
	}
}

const char *describe_type(const struct describe *d, uint32_t gid)
{
	struct text t = text_new(d->arena);

	add_type(d, &t, gid);
	return t.s;
}

/* ---- where: "foo.list->next[4]" ---- */

struct place {
	const struct describe *d;
	struct text *t;
	bool arrow; /* the next member is behind a pointer */
};

static void step_member(struct place *p, const uint32_t *type, uint32_t i)
{
	const uint32_t *member = type + btf_elem_at(&btf_kinds[btf_kind_of(type)], i);

	if (!*member)
		return;
	text_add(p->t, "%s%s", p->arrow ? "->" : ".", ctype_name(graph_of(p->d), *member));
	p->arrow = false;
}

static void step_param(struct place *p, const uint32_t *type, uint32_t i)
{
	uint32_t name = type[btf_elem_at(&btf_kinds[BTF_KIND_FUNC_PROTO], i)];

	if (name)
		text_add(p->t, "(%s)", ctype_name(graph_of(p->d), name));
	else
		text_add(p->t, "(#%u)", i + 1);
}

/* One step, along word @word of @type. */
static void step(struct place *p, const uint32_t *type, uint32_t word)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t i = k->elem ? (uint32_t)((word - btf_elem_at(k, 0)) / k->elem) : 0;

	switch (btf_kind_of(type)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		step_member(p, type, i);
		break;
	case BTF_KIND_FUNC_PROTO:
		if (word == BTF_SIZE)
			text_add(p->t, "()");
		else
			step_param(p, type, i);
		break;
	case BTF_KIND_ARRAY:
		text_add(p->t, "[%u]", type[BTF_HEAD + 2]);
		break;
	case BTF_KIND_PTR:
		p->arrow = true;
		break;
	default:
		break;
	}
}

/* Does a part say nothing itself that a programmer would call a place? */
static bool is_expression(const uint32_t *type)
{
	return !btf_kind_is_composite(btf_kind_of(type)) && !unit_is(type);
}

/* ---- what ---- */

/* The two sides of a difference. */
struct sides {
	const struct describe *d;
	const uint32_t *tx, *ty;
	const struct difference *diff;
	enum explain_kind kind;
};

static const uint32_t *elem(const uint32_t *type, uint32_t i)
{
	return type + btf_elem_at(&btf_kinds[btf_kind_of(type)], i);
}

static void add_int(struct text *t, const uint32_t *type)
{
	uint32_t word = type[BTF_HEAD], encoding = word >> 24;

	text_add(t, "%s%s%s, %u bits", encoding & BTF_INT_SIGNED ? "signed" : "unsigned",
		 encoding & BTF_INT_CHAR ? " char" : "", encoding & BTF_INT_BOOL ? " bool" : "",
		 word & 0xff);
	if (word >> 16 & 0xff)
		text_add(t, " at %u", word >> 16 & 0xff);
}

static void add_offset(struct text *t, const uint32_t *type, uint32_t i)
{
	uint32_t off = elem(type, i)[2];

	if (btf_word_kflag(type[BTF_INFO]))
		off &= 0xffffff;
	if (off % 8)
		text_add(t, "bit %u", off);
	else
		text_add(t, "byte %u", off / 8);
}

static void add_width(struct text *t, const uint32_t *type, uint32_t i)
{
	uint32_t width = btf_word_kflag(type[BTF_INFO]) ? elem(type, i)[2] >> 24 : 0;

	if (width)
		text_add(t, "a bitfield of %u", width);
	else
		text_add(t, "no bitfield");
}

static void add_value(struct text *t, const uint32_t *type, uint32_t i)
{
	const uint32_t *e = elem(type, i);
	bool is_signed = btf_word_kflag(type[BTF_INFO]);
	uint64_t value = e[1];

	if (btf_kind_of(type) == BTF_KIND_ENUM64)
		value |= (uint64_t)e[2] << 32;
	else if (is_signed)
		value = (uint64_t)(int64_t)(int32_t)e[1];
	if (is_signed)
		text_add(t, "%" PRId64, (int64_t)value);
	else
		text_add(t, "%" PRIu64, value);
}

/* What a type refers to on both sides, as C; @x and @y are gids. */
static void add_ctypes(struct sides *s, struct text *t, uint32_t x, uint32_t y)
{
	const struct graph *g = graph_of(s->d);
	char here[CTYPE_LEN], base[CTYPE_LEN];

	ctype(g, x, CTYPE_NO_TAGS, here);
	ctype(g, y, CTYPE_NO_TAGS, base);
	if (strcmp(here, base)) {
		text_add(t, "%s in the base, %s here", base, here);
		return;
	}
	ctype(g, x, CTYPE_TAGS, here);
	ctype(g, y, CTYPE_TAGS, base);
	if (!strcmp(here, base)) {
		s->kind = EXPLAIN_AMBIGUOUS;
		text_add(t, "%s in the base, another of that name here", base);
		return;
	}
	s->kind = EXPLAIN_ENCODER;
	text_add(t, "%s in the base, %s here", base, here);
}

typedef void (*add_fn)(struct text *t, const uint32_t *type, uint32_t i);

static void add_both(struct sides *s, struct text *t, add_fn add)
{
	add(t, s->ty, s->diff->elem);
	text_add(t, " in the base, ");
	add(t, s->tx, s->diff->elem);
	text_add(t, " here");
}

static void add_encoding(struct sides *s, struct text *t)
{
	add_int(t, s->ty);
	text_add(t, " in the base, ");
	add_int(t, s->tx);
	text_add(t, " here");
}

/* Members and parameters are in the place; enumerators are not. */
static void add_missing(struct sides *s, struct text *t)
{
	bool here = s->diff->what == DIFFER_ONLY_HERE;
	const uint32_t *type = here ? s->tx : s->ty;

	if (btf_kind_is_enum(btf_kind_of(type)))
		text_add(t, "%s ", ctype_name(graph_of(s->d), *elem(type, s->diff->elem)));
	text_add(t, here ? "not in the base" : "only in the base");
}

static void add_names(struct sides *s, struct text *t)
{
	const struct graph *g = graph_of(s->d);
	const char *base = ctype_name(g, *elem(s->ty, s->diff->elem));
	const char *here = ctype_name(g, *elem(s->tx, s->diff->elem));

	text_add(t, "named %s in the base, %s here", *base ? base : "(nothing)",
		 *here ? here : "(nothing)");
}

static void add_word(struct text *t, bool base, const char *yes, const char *no)
{
	text_add(t, "%s in the base, %s here", base ? yes : no, base ? no : yes);
}

static void add_difference(struct sides *s, struct text *t)
{
	const struct difference *d = s->diff;

	switch (d->what) {
	case DIFFER_NOTHING:
		text_add(t, "nothing differs");
		break;
	case DIFFER_KIND:
		s->kind = EXPLAIN_ENCODER;
		text_add(t, "%s in the base, %s here", btf_kind_name(btf_kind_of(s->ty)),
			 btf_kind_name(btf_kind_of(s->tx)));
		break;
	case DIFFER_SIGN:
		s->kind = EXPLAIN_ENCODER;
		add_word(t, btf_word_kflag(s->ty[BTF_INFO]), "signed", "unsigned");
		break;
	case DIFFER_KFLAG:
		s->kind = EXPLAIN_ENCODER;
		add_word(t, btf_word_kflag(s->ty[BTF_INFO]), "kind_flag set", "clear");
		break;
	case DIFFER_ENCODING:
		add_encoding(s, t);
		break;
	case DIFFER_SIZE:
		text_add(t, "%u bytes in the base, %u here", s->ty[BTF_SIZE], s->tx[BTF_SIZE]);
		break;
	case DIFFER_LINKAGE:
		add_word(t, !btf_word_vlen(s->ty[BTF_INFO]), "static", "global");
		break;
	case DIFFER_NELEMS:
		text_add(t, "[%u] in the base, [%u] here", s->ty[BTF_HEAD + 2],
			 s->tx[BTF_HEAD + 2]);
		break;
	case DIFFER_ONLY_HERE:
	case DIFFER_ONLY_BASE:
		add_missing(s, t);
		break;
	case DIFFER_NAME:
		add_names(s, t);
		break;
	case DIFFER_OFFSET:
		text_add(t, "at ");
		add_both(s, t, add_offset);
		break;
	case DIFFER_WIDTH:
		add_both(s, t, add_width);
		break;
	case DIFFER_VALUE:
		text_add(t, "%s is ", ctype_name(graph_of(s->d), *elem(s->tx, d->elem)));
		add_both(s, t, add_value);
		break;
	case DIFFER_TYPE:
		add_ctypes(s, t, graph_ref(graph_of(s->d), s->tx[d->word]), s->ty[d->word]);
		break;
	}
}

/* The place of the difference inside of its type, where that has any. */
static void add_last_step(struct place *p, const struct sides *s)
{
	const struct difference *d = s->diff;
	uint32_t kind = btf_kind_of(s->tx);

	if (d->what == DIFFER_TYPE) {
		step(p, s->tx, d->word);
	} else if (d->what >= DIFFER_ONLY_HERE && d->what <= DIFFER_WIDTH) {
		const uint32_t *type = d->what == DIFFER_ONLY_BASE ? s->ty : s->tx;

		if (btf_kind_is_composite(kind))
			step_member(p, type, d->elem);
		else if (kind == BTF_KIND_FUNC_PROTO)
			step_param(p, type, d->elem);
	}
}

/* ---- roots ---- */

/*
 * From @pair, a root, through its parts to what is local. What differs in an expression (a
 * pointer's target, a prototype) is told as the whole declaration, at the member that has
 * it: of that, @x and @y are the gids, or 0 where it is not in one. Returns the
 * local pair.
 */
static uint32_t walk_parts(struct place *p, uint32_t pair, uint32_t *x, uint32_t *y, uint32_t *len)
{
	const struct facing *f = p->d->f;

	*x = *y = *len = 0;
	while (f->toward[pair] != FACING_NONE) {
		const struct face_edge *e = &f->edge[f->toward[pair]];
		const uint32_t *type = graph_type(f->g, f->face[pair].x);

		step(p, type, e->word);
		pair = e->to;
		if (!is_expression(graph_type(f->g, f->face[pair].x))) {
			*x = 0;
		} else if (!is_expression(type)) {
			*x = f->face[pair].x;
			*y = f->face[pair].y;
			*len = p->t->len;
		}
	}
	return pair;
}

static bool ctypes_differ(const struct describe *d, uint32_t x, uint32_t y)
{
	char here[CTYPE_LEN], base[CTYPE_LEN];

	return strcmp(ctype(graph_of(d), x, CTYPE_TAGS, here),
		      ctype(graph_of(d), y, CTYPE_TAGS, base));
}

#define CLOSER_MAX 8

/* Where a difference of types reads the same on both sides as C: the one below it. */
static void look_closer(struct place *p, struct sides *s, struct difference *diff)
{
	const struct graph *g = graph_of(s->d);

	for (int i = 0; i < CLOSER_MAX && diff->what == DIFFER_TYPE; i++) {
		uint32_t x = graph_ref(g, s->tx[diff->word]), y = s->ty[diff->word];
		struct difference below;

		if (!x || !y || ctypes_differ(s->d, x, y) || graph_kind(g, x) != graph_kind(g, y) ||
		    unit_is(graph_type(g, x)) || !differ_first(g, x, y, &below, NULL))
			return;
		step(p, s->tx, diff->word);
		s->tx = graph_type(g, x);
		s->ty = graph_type(g, y);
		*diff = below;
	}
}

/* Is it the size, or the like, of a struct without a tag, which no member's name tells? */
static bool is_nameless(const struct sides *s)
{
	return btf_kind_is_composite(btf_kind_of(s->tx)) && !unit_is(s->tx) &&
	       (s->diff->what == DIFFER_SIZE || s->diff->what == DIFFER_KFLAG);
}

static void add_root(const struct describe *d, struct text *t, uint32_t pair,
		     enum explain_kind *kind)
{
	const struct facing *f = d->f;
	struct place p = {.d = d, .t = t};
	uint32_t own = f->face[pair].x, x, y, len, local;
	char part[CTYPE_LEN];
	struct difference diff;
	struct sides s = {.d = d, .diff = &diff, .kind = EXPLAIN_LAYOUT};

	add_type(d, t, own);
	local = walk_parts(&p, pair, &x, &y, &len);
	s.tx = graph_type(f->g, f->face[local].x);
	s.ty = graph_type(f->g, f->face[local].y);
	facing_difference(f, local, &diff);
	if (x && ctypes_differ(d, x, y)) {
		text_cut(t, len);
		text_add(t, ": ");
		add_ctypes(&s, t, x, y);
	} else {
		look_closer(&p, &s, &diff);
		add_last_step(&p, &s);
		if (is_nameless(&s))
			text_add(t, ": %s", ctype(f->g, f->face[local].x, CTYPE_TAGS, part));
		text_add(t, ": ");
		add_difference(&s, t);
	}
	if (s.kind == EXPLAIN_LAYOUT && d->stay[own - f->g->first_own].candidates > 1)
		s.kind = EXPLAIN_AMBIGUOUS;
	*kind = s.kind;
}

const char *describe_root(const struct describe *d, uint32_t pair, enum explain_kind *kind)
{
	struct text t = text_new(d->arena);

	add_root(d, &t, pair, kind);
	return t.s;
}

static void add_tag(const struct describe *d, struct text *t, uint32_t own)
{
	const struct graph *g = graph_of(d);
	const uint32_t *tag = blob_type(&g->in, own);

	add_type(d, t, g->first_own + own);
	text_add(t, " of ");
	add_type(d, t, graph_ref(g, tag[BTF_SIZE]));
	if (tag[BTF_HEAD] != UINT32_MAX)
		text_add(t, ", part %u", tag[BTF_HEAD] + 1);
	text_add(t, ": not in the base");
}

static void add_stay(const struct describe *d, struct text *t, uint32_t own,
		     enum explain_kind *kind)
{
	const struct graph *g = graph_of(d);
	const struct stay *s = &d->stay[own];

	if (s->why == STAY_TAG) {
		*kind = EXPLAIN_ENCODER;
		add_tag(d, t, own);
		return;
	}
	add_type(d, t, g->first_own + own);
	*kind = s->why == STAY_FWD ? EXPLAIN_FWD : EXPLAIN_UNDECIDED;
	if (s->why == STAY_FWD)
		text_add(t, ": only declared in the base");
	else if (unit_declares(blob_type(&g->in, own)))
		text_add(t, ": a declaration that may mean several types");
	else
		text_add(t, ": nothing differs but what is a declaration on one side");
}

const char *describe_stay(const struct describe *d, uint32_t own, enum explain_kind *kind)
{
	struct text t = text_new(d->arena);

	add_stay(d, &t, own, kind);
	return t.s;
}

/* ---- ways ---- */

/* The short name of a unit, to be followed by a place. */
static void add_unit(const struct describe *d, struct text *t, uint32_t gid)
{
	const uint32_t *type = graph_type(graph_of(d), gid);

	if (type[BTF_NAME])
		text_add(t, "%s", name_of(d, type));
	else
		add_type(d, t, gid);
}

static void add_way(const struct describe *d, struct text *t, uint32_t pair,
		    enum explain_kind *kind)
{
	const struct facing *f = d->f;
	struct place p = {.d = d, .t = t};

	if (f->flags[pair] & FACE_PART) {
		add_root(d, t, f->root[pair], kind);
		return;
	}
	if (!(f->flags[pair] & FACE_ROOT))
		add_unit(d, t, f->face[pair].x);
	while (!(f->flags[pair] & FACE_ROOT)) {
		const struct face_edge *e = &f->edge[f->toward[pair]];

		step(&p, graph_type(f->g, f->face[pair].x), e->word);
		pair = e->to;
		if (!unit_is(graph_type(f->g, f->face[pair].x)))
			continue;
		p.arrow = false;
		if (f->flags[pair] & FACE_ROOT) {
			text_add(t, ": ");
		} else {
			text_add(t, " -> ");
			add_unit(d, t, f->face[pair].x);
		}
	}
	add_root(d, t, pair, kind);
}

const char *describe_way(const struct describe *d, uint32_t pair, enum explain_kind *kind)
{
	struct text t = text_new(d->arena);

	add_way(d, &t, pair, kind);
	return t.s;
}

/* The first own type that @own refers to, and the step to it. */
static uint32_t first_below(const struct describe *d, struct place *p, uint32_t own)
{
	const struct graph *g = graph_of(d);
	const uint32_t *type = blob_type(&g->in, own), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

	btf_for_each_ref(type, k, w) {
		uint32_t gid = graph_ref(g, *w);

		if (!graph_is_own(g, gid))
			continue;
		step(p, type, (uint32_t)(w - type));
		return gid - g->first_own;
	}
	return own;
}

const char *describe_own(const struct describe *d, uint32_t own, enum explain_kind *kind)
{
	struct text t = text_new(d->arena);
	struct place p = {.d = d, .t = &t};
	const struct graph *g = graph_of(d);

	if (d->stay[own].why == STAY_REFS)
		add_unit(d, &t, g->first_own + own);
	while (d->stay[own].why == STAY_REFS) {
		own = first_below(d, &p, own);
		if (!unit_is(blob_type(&g->in, own)) && d->stay[own].why == STAY_REFS)
			continue;
		p.arrow = false;
		text_add(&t, d->stay[own].why == STAY_REFS ? " -> " : ": ");
		if (d->stay[own].why == STAY_REFS)
			add_unit(d, &t, g->first_own + own);
	}
	if (d->stay[own].why == STAY_PAIR)
		add_way(d, &t, d->stay[own].pair, kind);
	else
		add_stay(d, &t, own, kind);
	return t.s;
}
