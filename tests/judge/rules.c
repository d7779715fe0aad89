// SPDX-License-Identifier: GPL-2.0-only
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESCRIBE 160

/* The type as text, in an array of the caller's block. */
#define IN(c, id) jgraph_describe(&(c)->in, id, (char[DESCRIBE]){0}, DESCRIBE)
#define OUT(c, id) jgraph_describe(&(c)->out, id, (char[DESCRIBE]){0}, DESCRIBE)

static bool is_variable(const struct jgraph *g, uint32_t id)
{
	return jis_variable(jgraph_type(g, id));
}

static uint32_t next_variable(const struct jgraph *g, uint32_t id)
{
	while (id < g->cnt && !is_variable(g, id))
		id++;
	return id;
}

/* They keep their number and order, so they pair off. What is missing in the output
 * is passed over, to go on with the next. */
void jrule_variables(struct jcase *c)
{
	uint32_t out = next_variable(&c->out, c->out.first), in;

	c->variable = jalloc(c->in.at.n, sizeof(*c->variable));
	for (in = c->in.first; in < c->in.cnt; in++) {
		const uint32_t *i = jgraph_type(&c->in, in), *o;

		c->variable[in - c->in.first] = JNONE;
		if (!jis_variable(i))
			continue;
		o = out < c->out.cnt ? jgraph_type(&c->out, out) : NULL;
		if (!o || o[0] != i[0] || jkind(o) != jkind(i)) {
			jverdict_add(&c->verdict, 3, "input %s: the output has %s in its place",
				     IN(c, in), o ? OUT(c, out) : "nothing");
			continue;
		}
		c->variable[in - c->in.first] = out;
		out = next_variable(&c->out, out + 1);
	}
	if (out < c->out.cnt)
		jverdict_add(&c->verdict, 3, "output %s has no counterpart in the input",
			     OUT(c, out));
}

void jrule_unmerged(struct jcase *c)
{
	for (uint32_t id = c->out.first; id < c->out.cnt; id++) {
		const uint32_t *t = jgraph_type(&c->out, id);
		uint32_t other;

		if (jis_variable(t))
			continue;
		other = jside_find_words(c->base, t, JNONE);
		if (other == JNONE)
			other = jside_find_words(&c->own, t, id);
		if (other < id)
			jverdict_add(&c->verdict, 3, "output %s is left unmerged: [%u] is the same",
				     OUT(c, id), other);
	}
}

/* Is the pair that holds one of a type and its image, not of a definition and
 * the base's declaration of it? */
static bool is_image(const struct jcase *c, const struct jpair *p)
{
	return p->in && p->out &&
	       !(jis_definition(jgraph_type(&c->in, p->in)) &&
		 jis_declaration(jgraph_type(&c->out, p->out)));
}

/* A definition that became a declaration breaks rule 2, all else rule 1. */
static unsigned int rule_of(const struct jcase *c, const struct jpair *culprit)
{
	return culprit->in && culprit->out && !is_image(c, culprit) ? 2 : 1;
}

/* @what is wrong with @t because @pair does not hold (JNONE: there is none). */
static void blame(struct jcase *c, const uint32_t *t, uint32_t pair, const char *what)
{
	const struct jpair *p, *q;
	unsigned int rule = jis_variable(t) ? 3 : 1;

	if (pair == JNONE) {
		jverdict_add(&c->verdict, rule, "%s: nothing like it is on the other side", what);
		return;
	}
	p = &c->rel.pairs[pair];
	q = p->dead ? jrel_culprit(&c->rel, pair) : p;
	if (rule == 1)
		rule = rule_of(c, q);
	jverdict_add(&c->verdict, rule, "%s: input %s is not output %s (%s)", what, IN(c, q->in),
		     OUT(c, q->out), p == q ? "they differ" : "below it");
}

static void mapped_images(struct jcase *c)
{
	for (uint32_t in = c->in.first; in < c->in.cnt; in++) {
		uint32_t out = c->map[in - c->in.first], pair;
		char what[2 * DESCRIBE + 32];

		if (out >= c->out.cnt) {
			jverdict_add(&c->verdict, 1, "input %s is mapped to the dangling id %u",
				     IN(c, in), out);
			continue;
		}
		pair = jrel_add(&c->rel, in, out);
		if (!c->rel.pairs[pair].dead && is_image(c, &c->rel.pairs[pair]))
			continue;
		snprintf(what, sizeof(what), "input %s is mapped to %s", IN(c, in), OUT(c, out));
		blame(c, jgraph_type(&c->in, in), pair, what);
	}
}

/* What each own type of the input (or of the output) has on the other side. */
struct matches {
	bool *found;
	uint32_t *nearest; /* a pair that would have done but for something below */
};

static void matches_init(struct matches *m, uint32_t n)
{
	m->found = jalloc(n, sizeof(*m->found));
	m->nearest = jalloc(n, sizeof(*m->nearest));
	memset(m->nearest, 0xff, n * sizeof(*m->nearest));
}

static void matches_free(struct matches *m)
{
	free(m->found);
	free(m->nearest);
}

static void match(struct matches *m, uint32_t k, bool good, uint32_t pair)
{
	if (good)
		m->found[k] = true;
	else
		m->nearest[k] = pair;
}

static void images(struct jcase *c)
{
	struct matches m;

	matches_init(&m, c->in.at.n);
	for (uint32_t p = 0; p < c->rel.n; p++) {
		const struct jpair *pair = &c->rel.pairs[p];

		if (!pair->strict && pair->in >= c->in.first)
			match(&m, pair->in - c->in.first, !pair->dead && is_image(c, pair), p);
	}
	for (uint32_t in = c->in.first; in < c->in.cnt; in++) {
		char what[DESCRIBE + 32];

		if (m.found[in - c->in.first] ||
		    (is_variable(&c->in, in) && c->variable[in - c->in.first] == JNONE))
			continue; /* the latter has been told of */
		snprintf(what, sizeof(what), "input %s has no image", IN(c, in));
		blame(c, jgraph_type(&c->in, in), m.nearest[in - c->in.first], what);
	}
	matches_free(&m);
}

void jrule_images(struct jcase *c)
{
	if (c->map)
		mapped_images(c);
	else
		images(c);
}

void jrule_inventions(struct jcase *c)
{
	struct matches m;

	matches_init(&m, c->out.at.n);
	for (uint32_t p = 0; p < c->rel.n; p++) {
		const struct jpair *pair = &c->rel.pairs[p];

		if (pair->out >= c->out.first && pair->in >= c->in.first && jrel_exact(&c->rel, p))
			match(&m, pair->out - c->out.first, !pair->dead, p);
	}
	for (uint32_t out = c->out.first; out < c->out.cnt; out++) {
		char what[DESCRIBE + 32];

		if (m.found[out - c->out.first])
			continue;
		snprintf(what, sizeof(what), "output %s is of no input type", OUT(c, out));
		blame(c, jgraph_type(&c->out, out), m.nearest[out - c->out.first], what);
	}
	matches_free(&m);
}

/* @first[k]: the lowest input type that the map sends to own output type k, where a
 * declaration that found its definition does not count. */
static void mapped_order(struct jcase *c, uint32_t *first)
{
	uint32_t last = 0;

	for (uint32_t in = c->in.cnt; in-- > c->in.first;) {
		uint32_t out = c->map[in - c->in.first];

		if (out >= c->out.first && out < c->out.cnt &&
		    jrel_exact(&c->rel, jrel_add(&c->rel, in, out)))
			first[out - c->out.first] = in;
	}
	for (uint32_t out = c->out.first; out < c->out.cnt; out++) {
		uint32_t in = first[out - c->out.first];

		if (!in)
			jverdict_add(&c->verdict, 1, "nothing is mapped to output %s", OUT(c, out));
		else if (in < last)
			jverdict_add(&c->verdict, 4, "output %s is of input [%u], behind [%u]'s",
				     OUT(c, out), in, last);
		else
			last = in;
	}
}

static int by_out_then_in(const void *a, const void *b)
{
	const struct jpair *p = a, *q = b;

	if (p->out != q->out)
		return p->out < q->out ? -1 : 1;
	return p->in < q->in ? -1 : p->in > q->in;
}

/* Gives each own output type the lowest input type behind the one before; where
 * that fails no choice keeps the order. */
static void any_order(struct jcase *c, struct jpair *pairs, uint32_t n)
{
	uint32_t last = 0, taken = 0;

	qsort(pairs, n, sizeof(*pairs), by_out_then_in);
	for (uint32_t k = 0; k < n; k++) {
		bool closing = k + 1 == n || pairs[k + 1].out != pairs[k].out;

		if (taken != pairs[k].out && pairs[k].in > last) {
			last = pairs[k].in;
			taken = pairs[k].out;
		} else if (taken != pairs[k].out && closing) {
			jverdict_add(&c->verdict, 4, "output %s is of input [%u], behind [%u]'s",
				     OUT(c, pairs[k].out), pairs[k].in, last);
		}
	}
}

void jrule_order(struct jcase *c)
{
	struct jpair *pairs;
	uint32_t *first, n = 0;

	if (c->map) {
		first = jalloc(c->out.at.n, sizeof(*first));
		mapped_order(c, first);
		free(first);
		return;
	}
	pairs = jalloc(c->rel.n, sizeof(*pairs));
	for (uint32_t p = 0; p < c->rel.n; p++) {
		const struct jpair *pair = &c->rel.pairs[p];

		if (!pair->dead && pair->out >= c->out.first && pair->in >= c->in.first &&
		    jrel_exact(&c->rel, p))
			pairs[n++] = *pair;
	}
	any_order(c, pairs, n);
	free(pairs);
}
