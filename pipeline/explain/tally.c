// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "pipeline/explain/tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

int tally_init(struct tally *t)
{
	memset(t, 0, sizeof(*t));
	pthread_mutex_init(&t->lock, NULL);
	if (arena_guard(&t->arena))
		return -ENOMEM;
	htab_init(&t->found, &t->arena, 1024);
	t->cap = 1024;
	t->causes = arena_array(&t->arena, struct tally_cause *, t->cap);
	return 0;
}

void tally_free(struct tally *t)
{
	arena_free(&t->arena);
	pthread_mutex_destroy(&t->lock);
}

static uint32_t cause_hash(const struct explain_cause *c)
{
	return (uint32_t)XXH3_64bits_withSeed(c->what, strlen(c->what), c->base_id);
}

static struct tally_cause *cause_find(const struct tally *t, const struct explain_cause *c)
{
	HTAB_FOR_EACH(&t->found, cause_hash(c), it) {
		struct tally_cause *known = t->causes[it.val - 1];

		if (known->base_id == c->base_id && !strcmp(known->what, c->what))
			return known;
	}
	return NULL;
}

static const char *keep(struct tally *t, const char *s)
{
	size_t len = strlen(s) + 1;

	return memcpy(arena_alloc(&t->arena, len), s, len);
}

static struct tally_cause *cause_new(struct tally *t, const struct explain_cause *c)
{
	struct tally_cause *new = arena_zalloc(&t->arena, sizeof(*new));

	new->kind = c->kind;
	new->base_id = c->base_id;
	new->type = keep(t, c->type);
	new->what = keep(t, c->what);
	if (t->nr == t->cap) {
		t->causes = arena_grow(&t->arena, t->causes, t->cap * sizeof(*t->causes),
				       t->cap * 2 * sizeof(*t->causes));
		t->cap *= 2;
	}
	t->causes[t->nr++] = new;
	htab_add(&t->found, cause_hash(c), t->nr);
	return new;
}

static void count_add(struct tally_count *sum, const struct explain_count *c)
{
	sum->types += c->types;
	sum->bytes += c->bytes;
}

/* Of all examples the largest type's, of these the first module's. */
static bool better_example(const struct tally_cause *known, uint32_t module,
			   const struct explain_cause *c)
{
	if (!known->path || c->path_bytes != known->path_bytes)
		return !known->path || c->path_bytes > known->path_bytes;
	return module < known->path_module;
}

static void add_module(struct tally *t, struct tally_cause *known, uint32_t module)
{
	if (known->nr_modules && known->modules[known->nr_modules - 1] == module)
		return;
	if (known->nr_modules == known->cap_modules) {
		uint32_t cap = known->cap_modules ? known->cap_modules * 2 : 4;

		known->modules =
			arena_grow(&t->arena, known->modules, known->nr_modules * sizeof(uint32_t),
				   cap * sizeof(uint32_t));
		known->cap_modules = cap;
	}
	known->modules[known->nr_modules++] = module;
}

static void cause_add(struct tally *t, uint32_t module, const struct explain_cause *c)
{
	struct tally_cause *known = cause_find(t, c);

	if (!known)
		known = cause_new(t, c);
	if (better_example(known, module, c)) {
		known->path = keep(t, c->path);
		known->path_bytes = c->path_bytes;
		known->path_module = module;
	}
	count_add(&known->alone, &c->alone);
	count_add(&known->involved, &c->involved);
	add_module(t, known, module);
}

static int add_all(struct tally *t, uint32_t module, const struct explain_result *res)
{
	if (arena_guard(&t->arena))
		return -ENOMEM;
	for (uint32_t i = 0; i < res->nr_causes; i++)
		cause_add(t, module, &res->causes[i]);
	count_add(&t->all, &res->all);
	count_add(&t->never, &res->never);
	count_add(&t->fresh, &res->fresh);
	count_add(&t->blocked, &res->blocked);
	return 0;
}

int tally_add(struct tally *t, uint32_t module, const struct explain_result *res)
{
	int err;

	pthread_mutex_lock(&t->lock);
	err = add_all(t, module, res);
	pthread_mutex_unlock(&t->lock);
	return err;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int by_cost(const void *a, const void *b)
{
	const struct tally_cause *x = *(struct tally_cause *const *)a;
	const struct tally_cause *y = *(struct tally_cause *const *)b;
	int cmp;

	if (x->involved.bytes != y->involved.bytes)
		return x->involved.bytes < y->involved.bytes ? 1 : -1;
	if (x->alone.bytes != y->alone.bytes)
		return x->alone.bytes < y->alone.bytes ? 1 : -1;
	cmp = strcmp(x->what, y->what);
	return cmp ? cmp : by_number(&x->base_id, &y->base_id);
}

void tally_rank(struct tally *t)
{
	qsort(t->causes, t->nr, sizeof(*t->causes), by_cost);
	/* Their places in the table are no longer true; ranks are. */
	memset(t->found.slots, 0, (t->found.mask + 1) * sizeof(*t->found.slots));
	for (uint32_t i = 0; i < t->nr; i++) {
		struct tally_cause *c = t->causes[i];
		struct explain_cause key = {.what = c->what, .base_id = c->base_id};

		c->rank = i;
		qsort(c->modules, c->nr_modules, sizeof(*c->modules), by_number);
		htab_put(&t->found, (struct htab_slot){cause_hash(&key), i + 1});
	}
}

/* A module's causes in the order of all: each rank, and below it the cause's place. */
static bool find_ranks(const struct tally *t, const struct explain_result *res, uint64_t *ranks)
{
	for (uint32_t i = 0; i < res->nr_causes; i++) {
		const struct tally_cause *c = cause_find(t, &res->causes[i]);

		if (!c)
			return false;
		ranks[i] = (uint64_t)c->rank << 32 | i;
	}
	return true;
}

static int by_rank(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int last_of(struct tally *t, struct explain *e, const struct explain_result *res,
		   uint64_t *ranks, uint32_t *rank, uint64_t *last)
{
	int err;

	if (!find_ranks(t, res, ranks))
		return -ESTALE;
	qsort(ranks, res->nr_causes, sizeof(*ranks), by_rank);
	for (uint32_t i = 0; i < res->nr_causes; i++)
		rank[(uint32_t)ranks[i]] = i;
	err = explain_last(e, rank, last);
	if (err)
		return err;
	pthread_mutex_lock(&t->lock);
	for (uint32_t i = 0; i < res->nr_causes; i++)
		t->causes[ranks[i] >> 32]->last += last[(uint32_t)ranks[i]];
	pthread_mutex_unlock(&t->lock);
	return 0;
}

int tally_last(struct tally *t, struct explain *e, const struct explain_result *res)
{
	size_t nr = res->nr_causes + 1;
	uint64_t *ranks = calloc(nr, sizeof(*ranks)), *last = calloc(nr, sizeof(*last));
	uint32_t *rank = calloc(nr, sizeof(*rank));
	int err = ranks && last && rank ? last_of(t, e, res, ranks, rank, last) : -ENOMEM;

	free(ranks);
	free(last);
	free(rank);
	return err;
}
