// SPDX-License-Identifier: GPL-2.0-only
#include "merge/explain/differ.h"

#include "merge/explain/index.h"

bool differ_relaxed(const uint32_t *tx, const uint32_t *ty)
{
	return tx[BTF_NAME] && tx[BTF_NAME] == ty[BTF_NAME] &&
	       (btf_declares(tx, ty) || btf_declares(ty, tx));
}

/* Pointers, prototypes and the like of the base that are looked through. */
#define BASE_STEPS 64

/* Two of the base's: the same but for a declaration that is reached without a struct? */
static bool base_same(const struct base *base, uint32_t x, uint32_t y, uint32_t *steps)
{
	const uint32_t *tx = base_type(base, x), *ty = base_type(base, y), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(tx)];
	bool same = true;

	if (x == y)
		return true;
	if (!x || !y || !*steps)
		return false;
	--*steps;
	if (differ_relaxed(tx, ty))
		return true;
	if (btf_kind_is_composite(btf_kind_of(tx)) || !btf_walk_refs(tx, k).left ||
	    btf_nr_elems(tx) > BASE_STEPS || !graph_same_shape(tx, ty))
		return false;
	btf_for_each_ref(tx, k, w)
		same = same && base_same(base, *w, ty[w - tx], steps);
	return same;
}

enum differ_ref differ_ref(const struct graph *g, uint32_t wx, uint32_t wy, uint32_t *x,
			   uint32_t *y)
{
	const uint32_t *tx, *ty;
	struct unit ux, uy;

	*x = graph_ref(g, wx);
	*y = wy;
	if (*x == *y)
		return DIFFER_REF_SAME;
	if (!*x || !*y)
		return DIFFER_REF_DIFFERENT;
	if (!graph_is_own(g, *x))
		return base_same(g->base, *x, *y, &(uint32_t){BASE_STEPS}) ? DIFFER_REF_SAME
									   : DIFFER_REF_DIFFERENT;
	tx = graph_type(g, *x);
	ty = graph_type(g, *y);
	ux = unit_of(tx);
	uy = unit_of(ty);
	if (ux.class == UNIT_NONE && uy.class == UNIT_NONE)
		return btf_kind_of(tx) == btf_kind_of(ty) && tx[BTF_NAME] == ty[BTF_NAME]
			       ? DIFFER_REF_PAIR
			       : DIFFER_REF_DIFFERENT;
	return unit_same(ux, uy) ? DIFFER_REF_PAIR : DIFFER_REF_DIFFERENT;
}

/* Through how many typedefs, qualifiers and arrays a member's size is looked for. */
#define SIZE_STEPS 64

/* Bytes that a value takes; of pointers, which are all of one size, 0. */
static uint64_t size_of(const struct graph *g, uint32_t gid)
{
	uint64_t times = 1;

	for (int i = 0; gid && i < SIZE_STEPS; i++) {
		const uint32_t *type = graph_type(g, gid);
		uint32_t kind = btf_kind_of(type), next;

		switch (kind) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			next = type[BTF_SIZE];
			break;
		case BTF_KIND_ARRAY:
			next = type[BTF_HEAD];
			times *= type[BTF_HEAD + 2];
			break;
		case BTF_KIND_PTR:
		case BTF_KIND_FUNC_PROTO:
		case BTF_KIND_FWD:
			return 0;
		default:
			return times * type[BTF_SIZE];
		}
		gid = graph_is_own(g, gid) ? graph_ref(g, next) : next;
	}
	return 0;
}

/* Two types that are compared, and what is found. */
struct compare {
	const struct graph *g;
	const uint32_t *tx, *ty;
	const struct btf_kind *kx, *ky;
	struct difference *d;
	bool grown; /* a member so far has another size than in the base */
	bool excuse, follows;
};

static bool found(struct compare *c, enum differ_what what)
{
	c->d->what = what;
	return true;
}

static const uint32_t *elem_x(const struct compare *c, uint32_t i)
{
	return c->tx + btf_elem_at(c->kx, i);
}

static const uint32_t *elem_y(const struct compare *c, uint32_t i)
{
	return c->ty + btf_elem_at(c->ky, i);
}

static bool has_name(const uint32_t *type, uint32_t from, uint32_t name)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t n = btf_nr_elems(type);

	for (uint32_t i = from; i < n; i++)
		if (type[btf_elem_at(k, i)] == name)
			return true;
	return false;
}

/* Element @i of the two has different names, or only one has it. */
static bool elems_differ(struct compare *c, uint32_t i)
{
	uint32_t nx = btf_nr_elems(c->tx), ny = btf_nr_elems(c->ty);

	c->d->elem = i;
	if (i == ny)
		return found(c, DIFFER_ONLY_HERE);
	if (i == nx)
		return found(c, DIFFER_ONLY_BASE);
	if (!has_name(c->ty, i, *elem_x(c, i)) && (nx > ny || has_name(c->tx, i, *elem_y(c, i))))
		return found(c, DIFFER_ONLY_HERE);
	if (!has_name(c->tx, i, *elem_y(c, i)) && (nx < ny || has_name(c->ty, i, *elem_x(c, i))))
		return found(c, DIFFER_ONLY_BASE);
	return found(c, DIFFER_NAME);
}

/* The first element up to @n whose names differ. */
static uint32_t same_names(const struct compare *c, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && *elem_x(c, i) == *elem_y(c, i))
		i++;
	return i;
}

static bool type_differs(struct compare *c, const uint32_t *wx, const uint32_t *wy)
{
	uint32_t x, y;

	if (differ_ref(c->g, *wx, *wy, &x, &y) != DIFFER_REF_DIFFERENT)
		return false;
	c->d->word = (uint32_t)(wx - c->tx);
	return found(c, DIFFER_TYPE);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static bool bits_are_split(const uint32_t *type)
{
	return btf_word_kflag(type[BTF_INFO]);
}

static uint32_t bit_width(const uint32_t *type, const uint32_t *member)
{
	return bits_are_split(type) ? member[2] >> 24 : 0;
}

static uint32_t bit_offset(const uint32_t *type, const uint32_t *member)
{
	return bits_are_split(type) ? member[2] & 0xffffff : member[2];
}

/* Would it be a difference, were it not for a member of another size before? */
static bool excused(struct compare *c)
{
	if (!c->excuse || !c->grown)
		return false;
	c->follows = true;
	return true;
}

static bool member_differs(struct compare *c, uint32_t i)
{
	const uint32_t *mx = elem_x(c, i), *my = elem_y(c, i);

	c->d->elem = i;
	if (bit_offset(c->tx, mx) != bit_offset(c->ty, my) && !excused(c))
		return found(c, DIFFER_OFFSET);
	if (bit_width(c->tx, mx) != bit_width(c->ty, my))
		return found(c, DIFFER_WIDTH);
	if (type_differs(c, mx + 1, my + 1))
		return true;
	c->grown |= size_of(c->g, graph_ref(c->g, mx[1])) != size_of(c->g, my[1]);
	return false;
}

static bool composite_differs(struct compare *c)
{
	uint32_t nx = btf_nr_elems(c->tx), ny = btf_nr_elems(c->ty), n = smaller(nx, ny);
	uint32_t same = same_names(c, n);

	for (uint32_t i = 0; i < same; i++)
		if (member_differs(c, i))
			return true;
	if (same < n || nx != ny)
		return elems_differ(c, same);
	if (c->tx[BTF_SIZE] != c->ty[BTF_SIZE] && !excused(c))
		return found(c, DIFFER_SIZE);
	return bits_are_split(c->tx) != bits_are_split(c->ty) && found(c, DIFFER_KFLAG);
}

/* Of ENUM the 32 bits as the kind flag says; ENUM64 has all 64. */
static uint64_t enum_value(const uint32_t *type, uint32_t i)
{
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	const uint32_t *e = type + btf_elem_at(k, i);

	return e[1] | (btf_kind_of(type) == BTF_KIND_ENUM64 ? (uint64_t)e[2] << 32 : 0);
}

static bool enum_differs(struct compare *c)
{
	uint32_t nx = btf_nr_elems(c->tx), ny = btf_nr_elems(c->ty), n = smaller(nx, ny);
	uint32_t same = same_names(c, n);
	bool kind = btf_kind_of(c->tx) != btf_kind_of(c->ty);
	uint64_t mask = kind ? UINT32_MAX : UINT64_MAX;

	for (uint32_t i = 0; i < same; i++) {
		c->d->elem = i;
		if ((enum_value(c->tx, i) ^ enum_value(c->ty, i)) & mask)
			return found(c, DIFFER_VALUE);
	}
	if (same < n || nx != ny)
		return elems_differ(c, same);
	if (kind)
		return found(c, DIFFER_KIND);
	if (c->tx[BTF_SIZE] != c->ty[BTF_SIZE])
		return found(c, DIFFER_SIZE);
	return c->tx[BTF_INFO] != c->ty[BTF_INFO] && found(c, DIFFER_SIGN);
}

static bool proto_differs(struct compare *c)
{
	uint32_t nx = btf_nr_elems(c->tx), ny = btf_nr_elems(c->ty), n = smaller(nx, ny);
	uint32_t same = same_names(c, n);

	if (type_differs(c, &c->tx[BTF_SIZE], &c->ty[BTF_SIZE]))
		return true;
	for (uint32_t i = 0; i < same; i++)
		if (type_differs(c, elem_x(c, i) + 1, elem_y(c, i) + 1))
			return true;
	return (same < n || nx != ny) && elems_differ(c, same);
}

static bool scalar_differs(struct compare *c)
{
	if (btf_kind_of(c->tx) != btf_kind_of(c->ty))
		return found(c, DIFFER_KIND);
	if (c->tx[BTF_SIZE] != c->ty[BTF_SIZE])
		return found(c, DIFFER_SIZE);
	return btf_kind_of(c->tx) == BTF_KIND_INT && c->tx[BTF_HEAD] != c->ty[BTF_HEAD] &&
	       found(c, DIFFER_ENCODING);
}

static bool array_differs(struct compare *c)
{
	for (uint32_t w = BTF_HEAD; w < BTF_HEAD + 2; w++)
		if (type_differs(c, &c->tx[w], &c->ty[w]))
			return true;
	return c->tx[BTF_HEAD + 2] != c->ty[BTF_HEAD + 2] && found(c, DIFFER_NELEMS);
}

/* What refers to one type and says little else. */
static bool one_ref_differs(struct compare *c)
{
	if (type_differs(c, &c->tx[BTF_SIZE], &c->ty[BTF_SIZE]))
		return true;
	if (c->tx[BTF_INFO] == c->ty[BTF_INFO])
		return false;
	return found(c, btf_kind_of(c->tx) == BTF_KIND_FUNC ? DIFFER_LINKAGE : DIFFER_KFLAG);
}

static bool any_differs(struct compare *c)
{
	uint32_t kind = btf_kind_of(c->tx);

	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return composite_differs(c);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return enum_differs(c);
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
		return scalar_differs(c);
	case BTF_KIND_FUNC_PROTO:
		return proto_differs(c);
	case BTF_KIND_ARRAY:
		return array_differs(c);
	default:
		return btf_kind_is_of_one_ref(kind) && one_ref_differs(c);
	}
}

bool differ_first(const struct graph *g, uint32_t x, uint32_t y, struct difference *d,
		  bool *follows)
{
	struct compare c = {
		.g = g,
		.tx = graph_type(g, x),
		.ty = graph_type(g, y),
		.d = d,
		.excuse = follows,
	};
	bool differs;

	*d = (struct difference){.what = DIFFER_NOTHING};
	if (follows)
		*follows = false;
	if (differ_relaxed(c.tx, c.ty))
		return false;
	c.kx = &btf_kinds[btf_kind_of(c.tx)];
	c.ky = &btf_kinds[btf_kind_of(c.ty)];
	differs = any_differs(&c);
	if (follows)
		*follows = c.follows;
	return differs;
}
