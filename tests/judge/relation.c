// SPDX-License-Identifier: GPL-2.0-only
#include "relation.h"

#include <stdlib.h>
#include <string.h>

/* Deeper chains of pointers and their like are looked up by shape. */
#define MAX_DEPTH 2000

/* Kinds through which a reference is still strict. */
static bool is_chain(const uint32_t *t)
{
	switch (jkind(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_ARRAY:
	case BTF_KIND_TYPE_TAG:
	case BTF_KIND_FUNC_PROTO:
		return true;
	}
	return false;
}

/* Types whose shape says so little that what they refer to finds them better. An
 * anonymous union { T val; char c[1]; } can be there a thousand times. */
static bool by_target(const uint32_t *t)
{
	switch (jkind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return !t[0] && jvlen(t);
	case BTF_KIND_TYPEDEF:
		return false;
	case BTF_KIND_DECL_TAG:
		return true;
	}
	return is_chain(t);
}

static bool is_tag(const uint32_t *t)
{
	return t[0] && (jis_declaration(t) || jis_definition(t));
}

static uint32_t shape_hash(const uint32_t *t)
{
	uint32_t n = jwords(t), h = n;

	for (uint32_t i = 0; i < n; i++)
		if (jrole(t, i) != JROLE_ID)
			h = jmix(h, t[i]);
	return h;
}

static uint32_t words_hash(const uint32_t *t)
{
	uint32_t n = jwords(t), h = n;

	for (uint32_t i = 0; i < n; i++)
		h = jmix(h, t[i]);
	return h;
}

static uint32_t edge_hash(uint32_t shape, uint32_t word, uint32_t target)
{
	return jmix(jmix(shape, word), target);
}

static uint32_t tag_hash(uint32_t name)
{
	return jmix(1, name);
}

static bool same_shape(const uint32_t *a, const uint32_t *b)
{
	uint32_t n;

	if (a[1] != b[1])
		return false;
	n = jwords(a);
	for (uint32_t i = 0; i < n; i++)
		if (a[i] != b[i] && jrole(a, i) != JROLE_ID)
			return false;
	return true;
}

static void index_type(struct jside *s, uint32_t id)
{
	const uint32_t *t = jgraph_type(s->g, id);
	uint32_t shape = shape_hash(t), n = jwords(t);

	s->shape[id - s->g->first] = shape;
	jmap_add(&s->by_words, words_hash(t), id);
	jmap_add(&s->by_shape, shape, id);
	if (is_tag(t))
		jmap_add(&s->by_tag, tag_hash(t[0]), id);
	for (uint32_t i = 2; by_target(t) && i < n; i++)
		if (jrole(t, i) == JROLE_ID)
			jmap_add(&s->by_edge, edge_hash(shape, i, t[i]), id);
}

void jside_init(struct jside *s, const struct jgraph *g)
{
	memset(s, 0, sizeof(*s));
	s->g = g;
	s->shape = jalloc(g->at.n, sizeof(*s->shape));
	for (uint32_t id = g->first; id < g->cnt; id++)
		index_type(s, id);
}

void jside_free(struct jside *s)
{
	free(s->shape);
	jmap_free(&s->by_shape);
	jmap_free(&s->by_tag);
	jmap_free(&s->by_edge);
	jmap_free(&s->by_words);
}

uint32_t jside_find_words(const struct jside *s, const uint32_t *t, uint32_t id)
{
	const struct jmap *m = &s->by_words;
	uint32_t e;

	for (e = jmap_first(m, words_hash(t)); e != JNONE; e = jmap_next(m, e)) {
		const uint32_t *other = jgraph_type(s->g, m->e[e].val);

		if (m->e[e].val != id && t[1] == other[1] && !memcmp(t, other, jwords(t) * 4))
			return m->e[e].val;
	}
	return JNONE;
}

void jrel_init(struct jrel *r, const struct jgraph *in, const struct jside *base,
	       const struct jside *own, const uint32_t *variable)
{
	memset(r, 0, sizeof(*r));
	r->in = in;
	r->out = own->g;
	r->base = base;
	r->own = own;
	r->variable = variable;
	r->in_shape = jalloc(in->at.n, sizeof(*r->in_shape));
	for (uint32_t id = in->first; id < in->cnt; id++)
		r->in_shape[id - in->first] = shape_hash(jgraph_type(in, id));
	r->candidates = jalloc(in->cnt, sizeof(*r->candidates));
}

void jrel_free(struct jrel *r)
{
	free(r->in_shape);
	free(r->pairs);
	jmap_free(&r->by_ids);
	free(r->uses);
	free(r->struck.v);
	free(r->candidates);
	free(r->pool.v);
}

/* A type of the base, in the input as in the output. */
static bool is_identity(const struct jrel *r, uint32_t in, uint32_t out)
{
	return in == out && (!in || (r->in->base && in < r->in->first));
}

static uint32_t variable_image(const struct jrel *r, uint32_t in)
{
	return in < r->in->first ? in : r->variable[in - r->in->first];
}

/* Can the pair hold, as far as the two types themselves tell? */
static bool plausible(const struct jrel *r, uint32_t in, uint32_t out, bool strict)
{
	const uint32_t *i, *o;

	if (!in || !out || is_identity(r, in, out))
		return in == out;
	i = jgraph_type(r->in, in);
	o = jgraph_type(r->out, out);
	if (jis_variable(i) && variable_image(r, in) != out)
		return false;
	if (same_shape(i, o) || jdeclares(i, o))
		return true;
	return !strict && out < r->out->first && jdeclares(o, i);
}

bool jrel_exact(const struct jrel *r, uint32_t pair)
{
	uint32_t in = r->pairs[pair].in, out = r->pairs[pair].out;

	if (!in || !out || is_identity(r, in, out))
		return in == out;
	return same_shape(jgraph_type(r->in, in), jgraph_type(r->out, out));
}

/* Strictness makes no difference to most pairs: make them one. */
static bool strict_matters(const struct jrel *r, uint32_t in, uint32_t out)
{
	const uint32_t *o;

	if (!in || !out || out >= r->out->first || is_identity(r, in, out))
		return false;
	o = jgraph_type(r->out, out);
	return is_chain(o) || jis_declaration(o);
}

static void strike(struct jrel *r, uint32_t pair, uint32_t cause)
{
	if (r->pairs[pair].dead)
		return;
	r->pairs[pair].dead = true;
	r->pairs[pair].cause = cause;
	jvec_push(&r->struck, pair);
}

static uint32_t new_pair(struct jrel *r, uint32_t in, uint32_t out, bool strict, uint32_t hash)
{
	struct jpair pair = {in, out, strict, false, JNONE, JNONE};

	if (r->n == r->cap)
		r->pairs = jgrow(r->pairs, &r->cap, sizeof(*r->pairs));
	r->pairs[r->n] = pair;
	jmap_add(&r->by_ids, hash, r->n);
	if (!plausible(r, in, out, strict))
		strike(r, r->n, JNONE);
	return r->n++;
}

static uint32_t add_pair(struct jrel *r, uint32_t in, uint32_t out, bool strict)
{
	uint32_t hash, e;

	strict = strict && strict_matters(r, in, out);
	hash = jmix(jmix(jmix(1, in), out), strict);
	for (e = jmap_first(&r->by_ids, hash); e != JNONE; e = jmap_next(&r->by_ids, e)) {
		const struct jpair *p = &r->pairs[r->by_ids.e[e].val];

		if (p->in == in && p->out == out && p->strict == strict)
			return r->by_ids.e[e].val;
	}
	return new_pair(r, in, out, strict, hash);
}

uint32_t jrel_add(struct jrel *r, uint32_t in, uint32_t out)
{
	return add_pair(r, in, out, false);
}

/* Is what the pair's output type refers to strict? */
static bool strict_below(const struct jrel *r, const struct jpair *p)
{
	return p->out >= r->out->first || (p->strict && is_chain(jgraph_type(r->out, p->out)));
}

static void depend(struct jrel *r, uint32_t user, uint32_t on)
{
	if (r->pairs[on].dead)
		strike(r, user, on);
	if (r->n_uses == r->cap_uses)
		r->uses = jgrow(r->uses, &r->cap_uses, sizeof(*r->uses));
	r->uses[r->n_uses].pair = user;
	r->uses[r->n_uses].next = r->pairs[on].users;
	r->pairs[on].users = r->n_uses++;
}

/* Most pairs that fall do so by a direct reference: ask these first, so that
 * the pairs below a hopeless one are never made. */
static bool fails_at_once(struct jrel *r, uint32_t pair, const uint32_t *i, const uint32_t *o)
{
	bool strict = strict_below(r, &r->pairs[pair]);
	uint32_t n = jwords(i);

	for (uint32_t k = 2; k < n; k++) {
		if (jrole(i, k) != JROLE_ID || plausible(r, i[k], o[k], strict))
			continue;
		strike(r, pair, add_pair(r, i[k], o[k], strict));
		return true;
	}
	return false;
}

static void expand(struct jrel *r, uint32_t pair)
{
	uint32_t in = r->pairs[pair].in, out = r->pairs[pair].out, n;
	bool strict = strict_below(r, &r->pairs[pair]);
	const uint32_t *i, *o;

	if (r->pairs[pair].dead || !in || is_identity(r, in, out) || !jrel_exact(r, pair))
		return;
	i = jgraph_type(r->in, in);
	o = jgraph_type(r->out, out);
	if (fails_at_once(r, pair, i, o))
		return;
	n = jwords(i);
	for (uint32_t k = 2; k < n; k++)
		if (jrole(i, k) == JROLE_ID)
			depend(r, pair, add_pair(r, i[k], o[k], strict));
}

static void spread(struct jrel *r)
{
	while (r->struck.n) {
		uint32_t pair = r->struck.v[--r->struck.n];

		for (uint32_t u = r->pairs[pair].users; u != JNONE; u = r->uses[u].next)
			strike(r, r->uses[u].pair, pair);
	}
}

void jrel_solve(struct jrel *r)
{
	while (r->expanded < r->n) {
		expand(r, r->expanded++);
		spread(r);
	}
	spread(r);
}

const struct jpair *jrel_culprit(const struct jrel *r, uint32_t pair)
{
	while (r->pairs[pair].cause != JNONE)
		pair = r->pairs[pair].cause;
	return &r->pairs[pair];
}

/* Until the pool has @end. */
static void push_all(struct jrel *r, const struct jmap *m, uint32_t hash, uint32_t end)
{
	for (uint32_t e = jmap_first(m, hash); e != JNONE && r->pool.n < end; e = jmap_next(m, e))
		jvec_push(&r->pool, m->e[e].val);
}

static uint32_t in_shape(const struct jrel *r, uint32_t in)
{
	return in < r->in->first ? r->base->shape[in - 1] : r->in_shape[in - r->in->first];
}

static void push_variable(struct jrel *r, uint32_t in)
{
	if (variable_image(r, in) != JNONE)
		jvec_push(&r->pool, variable_image(r, in));
}

/* All that has the shape, and what the relaxations allow. */
static void push_by_shape(struct jrel *r, uint32_t in)
{
	const uint32_t *t = jgraph_type(r->in, in);

	push_all(r, &r->base->by_shape, in_shape(r, in), JNONE);
	push_all(r, &r->own->by_shape, in_shape(r, in), JNONE);
	if (is_tag(t)) {
		push_all(r, &r->base->by_tag, tag_hash(t[0]), JNONE);
		push_all(r, &r->own->by_tag, tag_hash(t[0]), JNONE);
	}
}

/* All that has the shape and refers at @word to a candidate of what @in refers to
 * there, until the pool has @end. */
static void push_by_edge(struct jrel *r, uint32_t in, uint32_t word, uint32_t end)
{
	uint32_t target = jgraph_type(r->in, in)[word], shape = in_shape(r, in), hash;
	struct jcandidates c = r->candidates[target];

	for (uint32_t k = 0; k < c.n && r->pool.n < end; k++) {
		hash = edge_hash(shape, word, r->pool.v[c.start + k]);
		push_all(r, &r->base->by_edge, hash, end);
		push_all(r, &r->own->by_edge, hash, end);
	}
}

/* Through the reference that leaves the fewest. */
static void push_by_target(struct jrel *r, uint32_t in)
{
	const uint32_t *t = jgraph_type(r->in, in);
	uint32_t n = jwords(t), start = r->pool.n, best = JNONE, word = 0;

	for (uint32_t k = 2; k < n && best > start; k++) {
		if (jrole(t, k) != JROLE_ID || r->candidates[t[k]].state != JCAND_DONE)
			continue;
		push_by_edge(r, in, k, best);
		if (r->pool.n < best) {
			best = r->pool.n;
			word = k;
		}
		r->pool.n = start;
	}
	if (word)
		push_by_edge(r, in, word, JNONE);
	else
		push_by_shape(r, in); /* a ring of pointers: its target waits for us */
}

static void find_candidates(struct jrel *r, uint32_t in, unsigned int depth)
{
	const uint32_t *t = in ? jgraph_type(r->in, in) : NULL;
	struct jcandidates *c = &r->candidates[in];

	if (c->state != JCAND_NEW)
		return;
	c->state = JCAND_BUSY;
	for (uint32_t k = 2; t && by_target(t) && k < jwords(t); k++)
		if (jrole(t, k) == JROLE_ID && depth < MAX_DEPTH)
			find_candidates(r, t[k], depth + 1);
	c->start = r->pool.n;
	if (!t)
		jvec_push(&r->pool, 0);
	else if (jis_variable(t))
		push_variable(r, in);
	else if (by_target(t))
		push_by_target(r, in);
	else
		push_by_shape(r, in);
	c->n = r->pool.n - c->start;
	c->state = JCAND_DONE;
}

void jrel_add_candidates(struct jrel *r, uint32_t in)
{
	struct jcandidates c;

	find_candidates(r, in, 0);
	c = r->candidates[in];
	for (uint32_t k = 0; k < c.n; k++)
		if (plausible(r, in, r->pool.v[c.start + k], false))
			jrel_add(r, in, r->pool.v[c.start + k]);
}
