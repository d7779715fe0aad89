// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashes of types against what they promise: equal where, and only where, two types are the
 * same. What is the same is found another way, by code that shares nothing with the engine
 * (tests/judge/graph.h): all types of two modules in one class each at first, split as long
 * as their words, or the classes of what they refer to, differ.
 */
#include "merge/type_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "merge/base.h"
#include "merge/dedup.h"
#include "tests/gen/build.h"
#include "tests/gen/graph.h"

/* ---- one split BTF ---- */

struct module {
	void *split;
	size_t len;
	struct type_hash *scratch;
	struct type_list list;
};

static void module_list(struct module *m, const struct base *base)
{
	struct diag diag = {""};

	m->scratch = type_hash_new();
	assert_non_null(m->scratch);
	if (type_hash_module(m->scratch, base, m->split, m->len, &m->list, &diag))
		fail_msg("%s", diag.text);
}

/* Deduplicates @blob. */
static struct module module_of(const struct base *base, const void *blob, size_t len)
{
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct module m;
	struct diag diag;

	assert_int_equal(dedup_module(d, base, blob, len, &res, &diag), 0);
	m.len = res.split_bytes;
	m.split = malloc(m.len);
	memcpy(m.split, res.split, m.len);
	dedup_free(d);
	module_list(&m, base);
	return m;
}

static void module_free(struct module *m)
{
	type_hash_free(m->scratch);
	free(m->split);
}

static struct base *base_of(const void *data, size_t len)
{
	struct base *base;
	struct diag diag = {""};

	if (base_new(&base, data, len, &diag))
		fail_msg("%s", diag.text);
	return base;
}

/* ---- by refinement ---- */

struct world {
	struct jblob base_blob, blob[2];
	struct jnames base_names, names; /* both modules share theirs */
	struct jgraph base, graph[2];
	uint32_t nr[2];  /* own types */
	uint32_t *class; /* those of the first module, then of the second */
	uint32_t **key;  /* of each: its words with classes for own ids, behind their number */
	uint32_t nr_classes;
};

static void world_read(struct world *w, const void *base, size_t base_len, const struct module *a,
		       const struct module *b)
{
	const struct module *m[2] = {a, b};
	char why[256];

	memset(w, 0, sizeof(*w));
	jnames_init(&w->base_names, NULL);
	assert_int_equal(jblob_read(&w->base_blob, base, base_len, why, sizeof(why)), 0);
	assert_int_equal(jgraph_read(&w->base, &w->base_blob, base_len, NULL, NULL, &w->base_names,
				     why, sizeof(why)),
			 0);
	jnames_init(&w->names, &w->base_names);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(jblob_read(&w->blob[i], m[i]->split, m[i]->len, why, sizeof(why)),
				 0);
		assert_int_equal(jgraph_read(&w->graph[i], &w->blob[i], m[i]->len, &w->base,
					     &w->base_blob, &w->names, why, sizeof(why)),
				 0);
		w->nr[i] = w->graph[i].cnt - w->graph[i].first;
	}
	w->class = calloc(w->nr[0] + w->nr[1] + 1, sizeof(*w->class));
	w->key = calloc(w->nr[0] + w->nr[1] + 1, sizeof(*w->key));
}

static void world_free(struct world *w)
{
	for (uint32_t i = 0; i < w->nr[0] + w->nr[1]; i++)
		free(w->key[i]);
	free(w->key);
	free(w->class);
	jgraph_free(&w->graph[0]);
	jgraph_free(&w->graph[1]);
	jgraph_free(&w->base);
	jnames_free(&w->names);
	jnames_free(&w->base_names);
}

/* Type @i of both modules' types. */
static void make_key(struct world *w, uint32_t i)
{
	int which = i >= w->nr[0];
	const struct jgraph *g = &w->graph[which];
	uint32_t own = which ? i - w->nr[0] : i, words;
	const uint32_t *t = jgraph_type(g, g->first + own);

	words = jwords(t);
	if (!w->key[i])
		w->key[i] = calloc(words + 1, sizeof(uint32_t));
	w->key[i][0] = words;
	for (uint32_t n = 0; n < words; n++) {
		bool is_own = jrole(t, n) == JROLE_ID && t[n] >= g->first;
		uint32_t to = t[n] - g->first + (which ? w->nr[0] : 0);

		w->key[i][n + 1] = is_own ? 0x80000000u + w->class[to] : t[n];
	}
}

static int compare_keys(const void *a, const void *b)
{
	const uint32_t *x = *(uint32_t *const *)a, *y = *(uint32_t *const *)b;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return memcmp(x + 1, y + 1, x[0] * sizeof(*x));
}

/* Sorts the keys' places and numbers what is equal. Returns how many classes there are. */
static uint32_t classify(struct world *w)
{
	uint32_t all = w->nr[0] + w->nr[1], classes = 0;
	uint32_t **sorted = malloc((all + 1) * sizeof(*sorted));

	for (uint32_t i = 0; i < all; i++) {
		make_key(w, i);
		sorted[i] = w->key[i];
	}
	qsort(sorted, all, sizeof(*sorted), compare_keys);
	for (uint32_t i = 0; i < all; i++) {
		uint32_t low = 0, high = all;

		while (low < high) {
			uint32_t mid = (low + high) / 2;

			if (compare_keys(&sorted[mid], &w->key[i]) < 0)
				low = mid + 1;
			else
				high = mid;
		}
		w->class[i] = low;
		classes += sorted[low] == w->key[i];
	}
	free(sorted);
	return classes;
}

static void refine(struct world *w)
{
	uint32_t before;

	do {
		before = w->nr_classes;
		w->nr_classes = classify(w);
	} while (w->nr_classes != before);
}

/* Are no two types of module @which the same? */
static bool is_minimal(const struct world *w, int which)
{
	uint32_t first = which ? w->nr[0] : 0, all = w->nr[0] + w->nr[1];
	bool *seen = calloc(all + 1, sizeof(*seen)), minimal = true;

	for (uint32_t i = 0; i < w->nr[which]; i++) {
		minimal &= !seen[w->class[first + i]];
		seen[w->class[first + i]] = true;
	}
	free(seen);
	return minimal;
}

static uint64_t hash_at(const struct module *a, const struct module *b, uint32_t i)
{
	return i < a->list.nr ? a->list.types[i].hash : b->list.types[i - a->list.nr].hash;
}

/* Every pair of types. Returns how many pairs of different modules are the same. */
static uint32_t compare_all(const struct world *w, const struct module *a, const struct module *b,
			    bool minimal)
{
	uint32_t all = w->nr[0] + w->nr[1], same = 0;

	assert_int_equal(a->list.nr, w->nr[0]);
	assert_int_equal(b->list.nr, w->nr[1]);
	for (uint32_t i = 0; i < all; i++) {
		for (uint32_t j = i + 1; j < all; j++) {
			bool equal = w->class[i] == w->class[j];
			bool hashes = hash_at(a, b, i) == hash_at(a, b, j);

			if (hashes && !equal)
				fail_msg("types %u and %u have one hash, but differ", i, j);
			if (!hashes && equal && minimal)
				fail_msg("types %u and %u are the same, but their hashes not", i,
					 j);
			same += equal && i < w->nr[0] && j >= w->nr[0];
		}
	}
	return same;
}

static void test_generated_pairs(void **state)
{
	enum { SEEDS = 400 };
	uint32_t minimal_pairs = 0, same = 0;

	for (uint32_t seed = 1; seed <= SEEDS; seed++) {
		struct gen_params params = gen_params_from_seed(seed);
		struct gen_pair one, other;
		struct module a, b;
		struct world w;
		struct base *base;
		bool minimal;

		params.size = params.size < 40 ? params.size : 40;
		params.split_input = false;
		params.big_endian = false;
		assert_int_equal(gen_pair(&params, &one), 0);
		/* The same program, seen otherwise by the module and in another order. */
		params.module_order = GEN_SHUFFLED;
		params.mismatch = seed % 4 == 0;
		params.fwds = seed % 3 ? params.fwds : 0;
		assert_int_equal(gen_pair(&params, &other), 0);
		base = base_of(one.base, one.base_len);
		a = module_of(base, one.module, one.module_len);
		b = module_of(base, other.module, other.module_len);
		world_read(&w, one.base, one.base_len, &a, &b);
		refine(&w);
		minimal = !params.sloppy_base && is_minimal(&w, 0) && is_minimal(&w, 1);
		minimal_pairs += minimal;
		same += compare_all(&w, &a, &b, minimal);
		world_free(&w);
		module_free(&a);
		module_free(&b);
		base_free(base);
		gen_pair_free(&one);
		gen_pair_free(&other);
	}
	/* A test of pairs that have nothing in common would prove nothing. */
	assert_true(minimal_pairs > SEEDS / 3);
	assert_true(same > 10 * SEEDS);
}

/* ---- by hand ---- */

struct pair {
	void *base;
	size_t base_len;
	struct base *index;
	struct module a, b;
};

static struct pair pair_of(struct bld *a, struct bld *b)
{
	struct bld *bld = bld_new(1, 0);
	struct pair p;
	size_t len;
	void *blob;

	bld_int(bld, "int", 4, 1, 0, 32);
	bld_struct(bld, "known", 4);
	bld_member(bld, "x", 1, 0, 0);
	p.base = bld_finish(bld, &p.base_len);
	bld_free(bld);
	p.index = base_of(p.base, p.base_len);
	blob = bld_finish(a, &len);
	p.a = module_of(p.index, blob, len);
	free(blob);
	blob = bld_finish(b, &len);
	p.b = module_of(p.index, blob, len);
	free(blob);
	bld_free(a);
	bld_free(b);
	return p;
}

static void pair_free(struct pair *p)
{
	module_free(&p->a);
	module_free(&p->b);
	base_free(p->index);
	free(p->base);
}

static const struct type_info *type_named(const struct module *m, const char *name)
{
	for (uint32_t i = 0; i < m->list.nr; i++)
		if (!strcmp(m->list.names + m->list.types[i].name, name))
			return &m->list.types[i];
	fail_msg("no type %s", name);
	return NULL;
}

/* A ring of @nr structs, each with a pointer to the next; struct @odd has another member's
 * name. The first to be written is @first. */
static struct bld *ring(uint32_t nr, uint32_t odd, uint32_t first)
{
	struct bld *b = bld_new(1, 0);

	bld_int(b, "int", 4, 1, 0, 32);
	for (uint32_t n = 0; n < nr; n++) {
		uint32_t i = (first + n) % nr, next = (n + 1) % nr;
		char name[16];

		snprintf(name, sizeof(name), "s%u", i);
		bld_struct(b, name, 8);
		bld_member(b, i == odd ? "odd" : "next", 3 + 2 * next, 0, 0);
		bld_ptr(b, 2 + 2 * n);
	}
	/* Struct n is 2 + 2 * n, the pointer to it 3 + 2 * n. */
	return b;
}

static void test_rings(void **state)
{
	struct pair p = pair_of(ring(9, 99, 0), ring(9, 99, 4));

	assert_int_equal(p.a.list.nr, 18);
	assert_true(type_named(&p.a, "s3")->hash == type_named(&p.b, "s3")->hash);
	assert_true(type_named(&p.a, "s3")->hash != type_named(&p.b, "s4")->hash);
	pair_free(&p);

	/* One difference anywhere is one in every type of the ring. */
	p = pair_of(ring(9, 99, 0), ring(9, 7, 0));
	for (int i = 0; i < 9; i++) {
		char name[16];

		snprintf(name, sizeof(name), "s%d", i);
		assert_true(type_named(&p.a, name)->hash != type_named(&p.b, name)->hash);
	}
	pair_free(&p);
}

/* A chain of anonymous structs, which only their depth tells apart, closed to a ring. */
static struct bld *deep(uint32_t nr, const char *last)
{
	struct bld *b = bld_new(1, 0);

	bld_int(b, "int", 4, 1, 0, 32);
	for (uint32_t n = 0; n < nr; n++) {
		bld_struct(b, n ? "" : last, 8);
		bld_member(b, "next", n + 1 < nr ? 5 + 2 * n : 3, 0, 0);
		bld_ptr(b, 2 + 2 * n);
	}
	return b;
}

static void test_depth(void **state)
{
	struct pair p = pair_of(deep(50, "top"), deep(51, "top"));

	assert_true(type_named(&p.a, "top")->hash != type_named(&p.b, "top")->hash);
	pair_free(&p);
	p = pair_of(deep(50, "top"), deep(50, "top"));
	assert_true(type_named(&p.a, "top")->hash == type_named(&p.b, "top")->hash);
	pair_free(&p);
	p = pair_of(deep(50, "top"), deep(50, "pot"));
	for (uint32_t i = 0; i < p.a.list.nr; i++)
		assert_true(p.a.list.types[i].hash != p.b.list.types[i].hash);
	pair_free(&p);
}

static struct bld *assorted(void)
{
	struct bld *b = bld_new(1, 0);

	bld_int(b, "int", 4, 1, 0, 32);
	bld_struct(b, "known", 8); /* the base's is smaller */
	bld_member(b, "x", 1, 0, 0);
	bld_member(b, "y", 1, 32, 0);
	bld_union(b, "known", 4); /* no union of that name in the base */
	bld_member(b, "x", 1, 0, 0);
	bld_fwd(b, "known_not", false);
	bld_ptr(b, 2);
	return b;
}

static void test_what_is_listed(void **state)
{
	struct pair p = pair_of(assorted(), assorted());
	const struct type_info *t = p.a.list.types;

	assert_int_equal(p.a.list.nr, 4);
	assert_string_equal(p.a.list.names + t[0].name, "known");
	assert_int_equal(t[0].kind, BTF_KIND_STRUCT);
	assert_int_equal(t[0].words, 3 + 2 * 3);
	assert_true(t[0].in_base);
	assert_int_equal(t[1].kind, BTF_KIND_UNION);
	assert_false(t[1].in_base);
	assert_int_equal(t[2].kind, BTF_KIND_FWD);
	assert_false(t[2].in_base);
	assert_int_equal(t[3].kind, BTF_KIND_PTR);
	assert_int_equal(t[3].name, 0);
	assert_int_equal(t[3].words, 3);
	pair_free(&p);
}

static void test_not_split_btf(void **state)
{
	struct pair p = pair_of(assorted(), assorted());
	struct type_list list;
	struct diag diag;

	assert_int_equal(type_hash_module(p.a.scratch, p.index, p.base, p.base_len, &list, &diag),
			 -22);
	assert_int_equal(type_hash_module(p.a.scratch, p.index, "not BTF at all, but long enough.",
					  32, &list, &diag),
			 -22);
	pair_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generated_pairs), cmocka_unit_test(test_rings),
		cmocka_unit_test(test_depth),           cmocka_unit_test(test_what_is_listed),
		cmocka_unit_test(test_not_split_btf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
