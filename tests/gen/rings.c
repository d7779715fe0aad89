// SPDX-License-Identifier: GPL-2.0-only
/* Tarjan's algorithm; recursive, the graphs are small. */
#include "tests/gen/rings.h"

#include <string.h>

#include "tests/gen/mem.h"
#include "tests/gen/refs.h"

struct walk {
	const struct btf *btf;
	uint32_t first, time;
	uint32_t *seen, *low; /* by id; when it was met, what it can reach back to */
	bool *open;           /* by id: on the stack */
	uint32_t *stack, depth;
	struct ring_set *set;
};

static void add_type(struct ring *r, const struct btf_type *t)
{
	r->types++;
	r->kinds[btf_kind(t)] = true;
	if (btf_is_composite(t) && t->name_off)
		r->named++;
	else if (btf_is_composite(t))
		r->anonymous = true;
}

/* The component of @root is complete: all above it on the stack. */
static void close_component(struct walk *w, uint32_t root, bool refers_to_itself)
{
	struct ring r = {0};
	uint32_t id;

	do {
		id = w->stack[--w->depth];
		w->open[id] = false;
		add_type(&r, btf__type_by_id(w->btf, id));
	} while (id != root);
	if (r.types == 1 && !refers_to_itself)
		return;
	w->set->rings = mem_grow(w->set->rings, &w->set->cap, w->set->n + 1, sizeof(r));
	w->set->rings[w->set->n++] = r;
}

static void visit(struct walk *w, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(w->btf, id);
	bool itself = false;

	w->seen[id] = w->low[id] = ++w->time;
	w->stack[w->depth++] = id;
	w->open[id] = true;
	for (uint32_t i = 0; i < refs_count(t); i++) {
		uint32_t to = refs_get(t, i);

		itself |= to == id;
		if (to < w->first)
			continue;
		if (!w->seen[to])
			visit(w, to);
		if (w->open[to] && w->low[to] < w->low[id])
			w->low[id] = w->low[to];
	}
	if (w->low[id] == w->seen[id])
		close_component(w, id, itself);
}

void rings_find(const struct btf *btf, uint32_t first, struct ring_set *set)
{
	uint32_t n = btf__type_cnt(btf);
	struct walk w = {.btf = btf, .first = first, .set = set};

	memset(set, 0, sizeof(*set));
	w.seen = mem_zeroed(n, sizeof(*w.seen));
	w.low = mem_zeroed(n, sizeof(*w.low));
	w.open = mem_zeroed(n, sizeof(*w.open));
	w.stack = mem_zeroed(n, sizeof(*w.stack));
	for (uint32_t id = first; id < n; id++) {
		if (!w.seen[id])
			visit(&w, id);
	}
	free(w.seen);
	free(w.low);
	free(w.open);
	free(w.stack);
}
