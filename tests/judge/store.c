// SPDX-License-Identifier: GPL-2.0-only
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
	if (!p) {
		fputs("judge: no memory\n", stderr);
		abort();
	}
	return p;
}

void *jalloc(size_t n, size_t size)
{
	return must(calloc(n ? n : 1, size));
}

void *jgrow(void *p, uint32_t *cap, size_t size)
{
	*cap = *cap ? *cap * 2 : 64;
	return must(realloc(p, *cap * size));
}

void jvec_push(struct jvec *a, uint32_t x)
{
	if (a->n == a->cap)
		a->v = jgrow(a->v, &a->cap, sizeof(*a->v));
	a->v[a->n++] = x;
}

static void chain(struct jmap *m, uint32_t entry)
{
	uint32_t *head = &m->head[m->e[entry].hash & m->mask];

	m->e[entry].next = *head;
	*head = entry;
}

static void rehash(struct jmap *m)
{
	m->e = jgrow(m->e, &m->cap, sizeof(*m->e));
	free(m->head);
	m->head = jalloc(m->cap, sizeof(*m->head));
	memset(m->head, 0xff, m->cap * sizeof(*m->head));
	m->mask = m->cap - 1;
	for (uint32_t i = 0; i < m->n; i++)
		chain(m, i);
}

void jmap_add(struct jmap *m, uint32_t hash, uint32_t val)
{
	if (m->n == m->cap)
		rehash(m);
	m->e[m->n].hash = hash;
	m->e[m->n].val = val;
	chain(m, m->n++);
}

static uint32_t skip_to(const struct jmap *m, uint32_t entry, uint32_t hash)
{
	while (entry != JNONE && m->e[entry].hash != hash)
		entry = m->e[entry].next;
	return entry;
}

uint32_t jmap_first(const struct jmap *m, uint32_t hash)
{
	return m->head ? skip_to(m, m->head[hash & m->mask], hash) : JNONE;
}

uint32_t jmap_next(const struct jmap *m, uint32_t entry)
{
	return skip_to(m, m->e[entry].next, m->e[entry].hash);
}

void jmap_free(struct jmap *m)
{
	free(m->head);
	free(m->e);
	memset(m, 0, sizeof(*m));
}
