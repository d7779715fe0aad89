// SPDX-License-Identifier: GPL-2.0-only
/* One type of a module: finding it by name or id, and what is to be told of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge/explain/ctype.h"
#include "merge/explain/inside.h"

static struct describe describe_of(struct explain *e)
{
	return (struct describe){&e->arena, &e->facing, e->stay};
}

static uint32_t bytes_of(const struct explain *e, uint32_t own)
{
	const struct blob *in = &e->g.in;

	return (in->at[own + 1] - in->at[own]) * 4;
}

/* ---- what is to be told ---- */

static void add_causes(struct explain *e, uint32_t own, struct explain_type *t)
{
	uint8_t *met = arena_zarray(&e->arena, uint8_t, e->blame.nr_roots);

	blame_roots(&e->blame, blame_type(&e->blame, own), met);
	t->causes = arena_array(&e->arena, uint32_t, e->nr_causes);
	for (uint32_t i = 0; i < e->nr_causes; i++)
		if (met[e->root[i]])
			t->causes[t->nr_causes++] = i;
}

static void add_candidates(struct explain *e, uint32_t own, struct explain_type *t)
{
	const struct describe d = describe_of(e);
	const struct facing *f = &e->facing;
	uint32_t gid = e->g.first_own + own;
	enum explain_kind kind;

	if (!unit_is(blob_type(&e->g.in, own)))
		return;
	for (uint32_t p = 0; p < f->nr; p++)
		t->nr_candidates += f->face[p].x == gid;
	t->candidates = arena_array(&e->arena, struct explain_candidate, t->nr_candidates);
	t->nr_candidates = 0;
	for (uint32_t p = 0; p < f->nr; p++)
		if (f->face[p].x == gid)
			t->candidates[t->nr_candidates++] = (struct explain_candidate){
				f->face[p].y,
				f->flags[p] & FACE_DEAD ? describe_way(&d, p, &kind) : NULL};
}

static int by_bytes(const void *a, const void *b)
{
	const struct explain_waiting *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return x->id < y->id ? -1 : 1;
}

static void add_waiting(struct explain *e, uint32_t own, struct explain_type *t)
{
	const struct describe d = describe_of(e);
	uint8_t *rings = arena_zarray(&e->arena, uint8_t, e->blame.nr_rings);
	uint32_t n = e->g.in.nr_types;

	blame_waiting(&e->blame, own, rings);
	t->waiting = arena_array(&e->arena, struct explain_waiting, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t bytes = bytes_of(e, i);

		if (i == own || !rings[e->blame.ring[blame_type(&e->blame, i)]])
			continue;
		t->blocks.types++;
		t->blocks.bytes += bytes;
		if (unit_is(blob_type(&e->g.in, i)))
			t->waiting[t->nr_waiting++] =
				(struct explain_waiting){.id = e->g.first_own + i, .bytes = bytes};
	}
	arena_trim(&e->arena, t->waiting, t->nr_waiting * sizeof(*t->waiting));
	for (uint32_t i = 0; i < t->nr_waiting; i++)
		t->waiting[i].name = describe_type(&d, t->waiting[i].id);
	qsort(t->waiting, t->nr_waiting, sizeof(*t->waiting), by_bytes);
}

static void tell_own(struct explain *e, uint32_t own, struct explain_type *t)
{
	const struct describe d = describe_of(e);
	const struct stay *s = &e->stay[own];

	t->bytes = bytes_of(e, own);
	if (s->why == STAY_NEVER || s->why == STAY_NEW) {
		t->fate = s->why == STAY_NEVER ? EXPLAIN_NEVER : EXPLAIN_NEW;
		return;
	}
	t->fate = EXPLAIN_BLOCKED;
	t->base_id = s->base;
	t->path = describe_own(&d, own, &t->kind);
	add_causes(e, own, t);
	add_candidates(e, own, t);
	add_waiting(e, own, t);
}

int explain_type(struct explain *e, uint32_t id, struct explain_type *t, struct diag *diag)
{
	const struct describe d = describe_of(e);

	memset(t, 0, sizeof(*t));
	if (arena_guard(&e->arena))
		return diag_fail(diag, -ENOMEM, "no memory to explain a type");
	t->name = describe_type(&d, id);
	if (id < e->g.first_own) {
		t->fate = EXPLAIN_MERGED;
		t->base_id = id;
	} else {
		tell_own(e, id - e->g.first_own, t);
	}
	return 0;
}

/* ---- finding it ---- */

/* What a user wrote: an id, or a name with or without what stands before it in C. */
struct spec {
	const char *name;
	enum unit_class class; /* UNIT_NONE: any */
};

static bool spec_id(const char *s, uint32_t *id)
{
	char close = *s == '[' ? ']' : '\0', *end;
	unsigned long n;

	if (*s != '#' && *s != '[')
		return false;
	if (s[1] < '0' || s[1] > '9')
		return false;
	errno = 0;
	n = strtoul(s + 1, &end, 10);
	if (errno || n > UINT32_MAX || *end != close || (close && end[1]))
		return false;
	*id = (uint32_t)n;
	return true;
}

static struct spec spec_read(const char *s)
{
	static const struct {
		const char *word;
		enum unit_class class;
	} words[] = {
		{"struct ", UNIT_STRUCT},   {"union ", UNIT_UNION},   {"enum ", UNIT_ENUM},
		{"typedef ", UNIT_TYPEDEF}, {"function ", UNIT_FUNC},
	};
	struct spec spec = {.name = s};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i].word);

		if (strncmp(s, words[i].word, len))
			continue;
		spec.class = words[i].class;
		spec.name = s + len + strspn(s + len, " ");
	}
	return spec;
}

static bool spec_means(const struct graph *g, const struct spec *spec, const uint32_t *type)
{
	uint32_t name = type[BTF_NAME];

	if (spec->class != UNIT_NONE && unit_of(type).class != spec->class)
		return false;
	return name && !strcmp(ctype_name(g, name), spec->name);
}

/* Adds a type unless what it became is there. @listed: by output id, a bit. */
static void list_add(struct explain_list *list, struct explain_found found, uint64_t *listed)
{
	uint64_t bit = 1ull << found.output_id % 64;

	if (!(listed[found.output_id / 64] & bit))
		list->types[list->nr++] = found;
	listed[found.output_id / 64] |= bit;
}

static void find_name(struct explain *e, const struct graph *g, const struct dedup_result *dedup,
		      const struct spec *spec, struct explain_list *list)
{
	uint32_t ids = g->first_own + g->in.nr_types;
	uint64_t *listed = arena_zarray(&e->arena, uint64_t, ids / 64 + 1);

	for (uint32_t i = 0; i < g->in.nr_types; i++)
		if (spec_means(g, spec, blob_type(&g->in, i)))
			list_add(list, (struct explain_found){g->in.first_id + i, dedup->map[i]},
				 listed);
}

/* ---- names that come close ---- */

#define NEAR_MAX 5
#define NEAR_LEN 64 /* longer names are not compared */

/* Letters to change, put in or take out to make one of the other (Levenshtein). */
static uint32_t distance(const char *a, const char *b)
{
	uint32_t row[NEAR_LEN + 1], la = (uint32_t)strlen(a), lb = (uint32_t)strlen(b);

	if (la > NEAR_LEN || lb > NEAR_LEN)
		return UINT32_MAX;
	for (uint32_t j = 0; j <= lb; j++)
		row[j] = j;
	for (uint32_t i = 1; i <= la; i++) {
		uint32_t before = row[0];

		row[0] = i;
		for (uint32_t j = 1; j <= lb; j++) {
			uint32_t other = before + (a[i - 1] != b[j - 1]);

			before = row[j];
			if (row[j - 1] < row[j])
				row[j] = row[j - 1];
			row[j]++;
			if (other < row[j])
				row[j] = other;
		}
	}
	return row[lb];
}

/* How far a name is from what was asked for; UINT32_MAX: too far to be meant. */
static uint32_t farness(const char *asked, const char *name)
{
	uint32_t len = (uint32_t)strlen(asked), far;

	if (!len)
		return UINT32_MAX;
	far = distance(asked, name);
	if (far <= len / 3)
		return far;
	/* Part of a longer one, or the reverse. */
	return len > 3 && (strstr(name, asked) || (strlen(name) > 3 && strstr(asked, name)))
		       ? len / 3 + 1
		       : UINT32_MAX;
}

static void near_add(struct explain_list *list, uint32_t *far, const char *name, uint32_t f)
{
	uint32_t at = list->nr_near;

	for (uint32_t i = 0; i < list->nr_near; i++)
		if (!strcmp(list->near[i], name))
			return;
	while (at && far[at - 1] > f)
		at--;
	if (at == NEAR_MAX)
		return;
	if (list->nr_near < NEAR_MAX)
		list->nr_near++;
	memmove(&list->near[at + 1], &list->near[at],
		(list->nr_near - at - 1) * sizeof(list->near[0]));
	memmove(&far[at + 1], &far[at], (list->nr_near - at - 1) * sizeof(far[0]));
	list->near[at] = name;
	far[at] = f;
}

static void find_near(const struct graph *g, struct arena *arena, const struct spec *spec,
		      struct explain_list *list)
{
	uint32_t far[NEAR_MAX];

	list->near = arena_array(arena, const char *, NEAR_MAX);
	for (uint32_t i = 0; i < g->in.nr_types; i++) {
		const uint32_t *type = blob_type(&g->in, i);
		const char *name = ctype_name(g, type[BTF_NAME]);
		uint32_t f;

		if (!type[BTF_NAME] || !unit_is(type))
			continue;
		f = farness(spec->name, name);
		if (f != UINT32_MAX)
			near_add(list, far, name, f);
	}
}

static int find_id(const struct graph *g, const struct dedup_result *dedup, uint32_t id,
		   struct explain_list *list, struct diag *diag)
{
	uint32_t first = g->in.first_id;

	if (id && id < first) /* of split BTF: the base's own */
		*list->types = (struct explain_found){id, base_canonical(g->base, id)};
	else if (id - first < g->in.nr_types)
		*list->types = (struct explain_found){id, dedup->map[id - first]};
	else
		return diag_fail(diag, -EINVAL, "its types are %u to %u", first,
				 first + g->in.nr_types - 1);
	list->nr = 1;
	return 0;
}

static int find(struct explain *e, const struct explain_base *index, const void *blob, size_t len,
		const struct dedup_result *dedup, const char *asked, struct explain_list *list,
		struct diag *diag)
{
	struct spec spec = spec_read(asked);
	struct graph g;
	uint32_t id;
	int err;

	if (arena_guard(&e->arena))
		return diag_fail(diag, -ENOMEM, "no memory to find a type");
	err = explain_graph(&g, &e->arena, index->base, blob, len, diag);
	if (err)
		return err;
	list->types = arena_array(&e->arena, struct explain_found, g.in.nr_types + 1);
	if (spec_id(asked, &id))
		return find_id(&g, dedup, id, list, diag);
	find_name(e, &g, dedup, &spec, list);
	if (!list->nr)
		find_near(&g, &e->arena, &spec, list);
	return 0;
}

int explain_find(struct explain *e, const struct explain_base *index, const void *blob, size_t len,
		 const struct dedup_result *dedup, const char *spec, struct explain_list *list,
		 struct diag *diag)
{
	memset(list, 0, sizeof(*list));
	return find(e, index, blob, len, dedup, spec, list, diag);
}
