// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/emit.h"

#include <string.h>

#include "tests/gen/mem.h"

#define BUCKETS 256

struct emitter {
	const struct cu *cu;
	struct tg *out;
	uint32_t *memo;         /* two a slot: the id of either copy, or 0 */
	uint32_t head[BUCKETS]; /* shared types by hash, ids */
	uint32_t *next;         /* by id, less @first */
	uint32_t first, next_cap;
};

static uint32_t slot_def(const struct cu *cu, uint32_t slot)
{
	return cu->p->slots[slot].variant[cu->variant[slot]];
}

/* Marks as needed in full what a value of the type holds. Enums are not: a forward enum has
 * a size. */
static void need_value(struct cu *cu, uint32_t ref)
{
	const struct tg *g = &cu->p->g;

	if (!ref)
		return;
	if (IS_SLOT(ref)) {
		if (slot_is_composite(&cu->p->slots[SLOT_OF(ref)]))
			cu->fwd[SLOT_OF(ref)] = false;
		else
			need_value(cu, slot_def(cu, SLOT_OF(ref)));
		return;
	}
	if (g->types[ref].kind == BTF_KIND_PTR || g->types[ref].kind == BTF_KIND_FUNC_PROTO)
		return;
	for (uint32_t i = 0; i < tg_nrefs(g, ref); i++)
		need_value(cu, *tg_ref(g, ref, i));
}

/* Does a type of this kind need what it refers to in full, wherever it is? */
static bool holds_values(unsigned int kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == BTF_KIND_ARRAY ||
	       kind == BTF_KIND_VAR;
}

static void need_def(struct cu *cu, uint32_t ref)
{
	const struct tg *g = &cu->p->g;

	if (!ref || IS_SLOT(ref))
		return;
	for (uint32_t i = 0; i < tg_nrefs(g, ref); i++) {
		if (holds_values(g->types[ref].kind))
			need_value(cu, *tg_ref(g, ref, i));
		need_def(cu, *tg_ref(g, ref, i));
	}
}

/* From last to first, because a struct holds structs of earlier slots. */
static void need_all(struct cu *cu)
{
	for (uint32_t i = cu->p->nslots; i-- > 0;) {
		if (!cu->fwd[i])
			need_def(cu, slot_def(cu, i));
	}
}

/* Types that are what they refer to, and may be one in a CU. */
static bool is_plain(const struct tg_type *t)
{
	switch (t->kind) {
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
	case BTF_KIND_ARRAY:
	case BTF_KIND_FUNC_PROTO:
		return true;
	default:
		return false;
	}
}

static bool can_share(const struct cu *cu, const struct tg_type *t)
{
	return cu->share == SHARE_ALL ||
	       (cu->share == SHARE_POINTERS && t->kind != BTF_KIND_FUNC_PROTO);
}

static bool same_elems(const struct tg_elem *a, const struct tg_elem *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (a[i].type != b[i].type || strcmp(a[i].name, b[i].name))
			return false;
	}
	return true;
}

static bool same_type(const struct tg_type *a, const struct tg_type *b)
{
	return a->kind == b->kind && a->kflag == b->kflag && a->ref == b->ref &&
	       a->index == b->index && a->extra == b->extra && a->vlen == b->vlen &&
	       !strcmp(a->name, b->name);
}

static uint32_t emit_new(struct emitter *e, const struct tg_type *t, const struct tg_elem *elems)
{
	uint32_t id = tg_add(e->out, t->kind, t->name);

	e->out->types[id] = *t;
	tg_set_elems(e->out, id, elems, t->vlen);
	return id;
}

/* The id of a type like @t with such elements; a new one if need be. */
static uint32_t emit_shared(struct emitter *e, const struct tg_type *t, const struct tg_elem *elems)
{
	uint32_t *head = &e->head[(t->ref * 31 + t->kind + t->extra * 7) % BUCKETS], id;

	for (id = *head; id; id = e->next[id - e->first]) {
		if (same_type(&e->out->types[id], t) &&
		    same_elems(tg_elems(e->out, id), elems, t->vlen))
			return id;
	}
	id = emit_new(e, t, elems);
	e->next = mem_grow(e->next, &e->next_cap, id - e->first + 1, sizeof(*e->next));
	e->next[id - e->first] = *head;
	*head = id;
	return id;
}

static uint32_t emit_ref(struct emitter *e, uint32_t ref, bool by_value);

/* Plain types: after what they refer to. */
static uint32_t emit_plain(struct emitter *e, uint32_t def, bool by_value)
{
	const struct tg *g = &e->cu->p->g;
	struct tg_type t = g->types[def];
	struct tg_elem elems[MAX_MEMBERS];

	if (t.kind == BTF_KIND_PTR || t.kind == BTF_KIND_FUNC_PROTO)
		by_value = false;
	else if (t.kind == BTF_KIND_ARRAY)
		by_value = true;
	t.ref = emit_ref(e, t.ref, by_value);
	t.index = emit_ref(e, t.index, by_value);
	for (uint32_t i = 0; i < t.vlen; i++) {
		elems[i] = tg_elems(g, def)[i];
		elems[i].type = emit_ref(e, elems[i].type, by_value);
	}
	return can_share(e->cu, &t) ? emit_shared(e, &t, elems) : emit_new(e, &t, elems);
}

/* All others: before what they refer to. @memo, if there is one, gets the id before that is
 * emitted, and that ends rings. */
static uint32_t emit_def(struct emitter *e, uint32_t def, uint32_t *memo)
{
	const struct tg *g = &e->cu->p->g;
	const struct tg_type *t = &g->types[def];
	uint32_t id = emit_new(e, t, tg_elems(g, def)), to;

	if (memo)
		*memo = id;
	if (e->cu->flip_enums && (t->kind == BTF_KIND_ENUM || t->kind == BTF_KIND_ENUM64))
		e->out->types[id].kflag = !t->kflag;
	for (uint32_t i = 0; i < tg_nrefs(e->out, id); i++) {
		to = emit_ref(e, *tg_ref(e->out, id, i), true);
		*tg_ref(e->out, id, i) = to; /* the emitting moved the graph */
	}
	return id;
}

static uint32_t emit_fwd(struct emitter *e, uint32_t slot, uint32_t *memo)
{
	unsigned int kind = e->cu->p->g.types[slot_def(e->cu, slot)].kind;
	bool is_enum = kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;
	uint32_t id;

	id = tg_add(e->out, is_enum ? BTF_KIND_ENUM : BTF_KIND_FWD, e->cu->p->slots[slot].name);
	e->out->types[id].size = is_enum ? 4 : 0;
	e->out->types[id].kflag = kind == BTF_KIND_UNION;
	*memo = id;
	return id;
}

static uint32_t parts_of(const struct tg *g, uint32_t id)
{
	if (g->types[id].kind == BTF_KIND_FUNC)
		id = g->types[id].ref;
	return g->types[id].vlen;
}

static void emit_tags(struct emitter *e, uint32_t slot, uint32_t type)
{
	const struct program *p = e->cu->p;
	uint32_t id;

	for (uint32_t i = 0; i < p->ntags; i++) {
		const struct decl_tag *t = &p->tags[i];

		if (t->slot != slot || !(e->cu->is_base ? t->base : t->module))
			continue;
		if (t->component >= 0 && (uint32_t)t->component >= parts_of(e->out, type))
			continue;
		id = tg_add(e->out, BTF_KIND_DECL_TAG, t->name);
		e->out->types[id].ref = type;
		e->out->types[id].extra = (uint32_t)t->component;
		e->out->types[id].kflag = t->kflag;
	}
}

static uint32_t emit_slot(struct emitter *e, uint32_t slot, bool by_value)
{
	const struct cu *cu = e->cu;
	bool second = cu->twice[slot] != TWICE_NO && rng_chance(cu->rng, 50);
	uint32_t *memo, id;

	if (by_value && cu->twice[slot] == TWICE_FWD)
		second = false;
	memo = &e->memo[slot * 2 + second];
	if (*memo)
		return *memo;
	if (cu->fwd[slot] || (second && cu->twice[slot] == TWICE_FWD))
		return emit_fwd(e, slot, memo);
	id = emit_def(e, slot_def(cu, slot), memo);
	emit_tags(e, slot, id);
	return id;
}

static uint32_t emit_ref(struct emitter *e, uint32_t ref, bool by_value)
{
	if (!ref)
		return 0;
	if (IS_SLOT(ref))
		return emit_slot(e, SLOT_OF(ref), by_value);
	if (is_plain(&e->cu->p->g.types[ref]))
		return emit_plain(e, ref, by_value);
	return emit_def(e, ref, NULL);
}

void emit_cu(struct cu *cu, struct tg *out)
{
	struct emitter e = {.cu = cu, .out = out, .first = out->n};

	need_all(cu);
	e.memo = mem_zeroed(cu->p->nslots * 2, sizeof(*e.memo));
	for (uint32_t i = 0; i < cu->p->nslots; i++) {
		if (cu->root[i])
			emit_slot(&e, i, false);
	}
	free(e.memo);
	free(e.next);
}
