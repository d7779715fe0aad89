// SPDX-License-Identifier: GPL-2.0-only
/*
 * A type's hash is made of its words, with the hash of a text for a name, and the hash of a
 * type for a reference. So types are hashed from below upwards, and only rings are in the
 * way:
 *
 *	[7] struct foo { [8] next; }	[8] ptr -> [7]
 *
 * The types of a ring (a strongly connected component, by Tarjan's algorithm, which finds
 * them from below upwards too) get a colour each: the hash of their words alone. Then, again
 * and again, the hash of their words with the colours of what they refer to, until no two
 * of one colour have been told apart by that. Colours of two modules can be compared only
 * after as many rounds, so the hash is made of the colour and of all colours of its
 * ring: where these are the same, both took as many rounds, and what has the same colour
 * refers to what has the same colour, for ever. That is what being the same means.
 */
#define XXH_INLINE_ALL
#include "merge/type_hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "merge/graph.h"

/* Words hashed for a ring at most. The modules of a Debian kernel stay below 2^21. */
#define RING_WORK_MAX (1u << 28)

#define NOT_KNOWN 0
#define SOME_TYPE 1 /* for every type of a ring before the first round */

struct type_hash {
	struct arena arena;
};

struct hashing {
	struct arena *arena;
	const struct base *base;
	struct blob in; /* settled */
	struct names names;
	uint64_t *fresh;  /* by number of a fresh name: the hash of its text */
	uint64_t *colour; /* by own type: its hash, or while its ring is hashed its colour */
	uint64_t *words;  /* room for the longest type */
	uint64_t *next;   /* by place in the ring, as are the next two */
	uint64_t *sorted;
	uint32_t *ring; /* also Tarjan's stack, the ring being its top */
	uint32_t nr_stack;
	/* By own type: in order of being met, from 1; 0: not yet. low: the lowest that it
	 * reaches. */
	uint32_t *met, *low;
	uint32_t nr_met;
	uint8_t *on_stack;
	struct frame {
		uint32_t own;
		struct btf_walk refs;
	} * frames;
	uint32_t depth;
};

struct type_hash *type_hash_new(void)
{
	return calloc(1, sizeof(struct type_hash));
}

void type_hash_free(struct type_hash *h)
{
	if (!h)
		return;
	arena_free(&h->arena);
	free(h);
}

static uint64_t hash_words(const uint64_t *words, uint32_t nr)
{
	uint64_t hash = XXH3_64bits(words, nr * sizeof(*words));

	return hash > SOME_TYPE ? hash : hash + 2;
}

/* ---- one type ---- */

static uint64_t name_word(const struct hashing *h, uint32_t id)
{
	uint32_t first = names_first_fresh(&h->names);

	return id < first ? id : h->fresh[id - first];
}

static bool is_own(const struct hashing *h, uint32_t ref)
{
	return ref >= h->in.first_id;
}

/* Of a type whose references are all hashed or have a colour. */
static uint64_t hash_type(const struct hashing *h, uint32_t i)
{
	const uint32_t *type = blob_type(&h->in, i), *w;
	const struct btf_kind *k = &btf_kinds[blob_kind(&h->in, i)];
	uint32_t nr = h->in.at[i + 1] - h->in.at[i];
	uint64_t *out = h->words;

	for (uint32_t word = 0; word < nr; word++)
		out[word] = type[word];
	btf_for_each_name(type, k, w)
		out[w - type] = name_word(h, *w);
	btf_for_each_ref(type, k, w) {
		uint64_t *to = &out[w - type];

		*to = is_own(h, *w) ? h->colour[*w - h->in.first_id] : base_canonical(h->base, *w);
		if (is_own(h, *w) && *to == NOT_KNOWN)
			return NOT_KNOWN;
	}
	return hash_words(out, nr);
}

/* ---- a ring ---- */

static int compare_colours(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts the colours of the ring, each once, into h->sorted. Returns how many there are. */
static uint32_t sort_colours(struct hashing *h, const uint32_t *ring, uint32_t nr)
{
	uint32_t distinct = 0;

	for (uint32_t i = 0; i < nr; i++)
		h->sorted[i] = h->colour[ring[i]];
	qsort(h->sorted, nr, sizeof(*h->sorted), compare_colours);
	for (uint32_t i = 0; i < nr; i++)
		if (!distinct || h->sorted[i] != h->sorted[distinct - 1])
			h->sorted[distinct++] = h->sorted[i];
	return distinct;
}

/* All colours at once, as each is made of the others'. False: something that the ring leads
 * to is not known. */
static bool colour_again(struct hashing *h, const uint32_t *ring, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++) {
		h->next[i] = hash_type(h, ring[i]);
		if (h->next[i] == NOT_KNOWN)
			return false;
	}
	for (uint32_t i = 0; i < nr; i++)
		h->colour[ring[i]] = h->next[i];
	return true;
}

static void set_all(struct hashing *h, const uint32_t *ring, uint32_t nr, uint64_t colour)
{
	for (uint32_t i = 0; i < nr; i++)
		h->colour[ring[i]] = colour;
}

/* Colours until no round tells more apart. Returns the number of colours; 0: given up. */
static uint32_t colour_ring(struct hashing *h, const uint32_t *ring, uint32_t nr)
{
	uint32_t distinct = 0, before;
	uint64_t words = 0;

	for (uint32_t i = 0; i < nr; i++)
		words += h->in.at[ring[i] + 1] - h->in.at[ring[i]];
	set_all(h, ring, nr, SOME_TYPE);
	for (uint64_t work = words; work <= RING_WORK_MAX; work += words) {
		if (!colour_again(h, ring, nr))
			return 0;
		before = distinct;
		distinct = sort_colours(h, ring, nr);
		if (distinct == before)
			return distinct;
	}
	return 0;
}

static void hash_ring(struct hashing *h, const uint32_t *ring, uint32_t nr)
{
	uint32_t distinct = colour_ring(h, ring, nr);
	uint64_t key[2];

	if (!distinct) {
		set_all(h, ring, nr, NOT_KNOWN);
		return;
	}
	key[0] = hash_words(h->sorted, distinct);
	for (uint32_t i = 0; i < nr; i++) {
		key[1] = h->colour[ring[i]];
		h->colour[ring[i]] = hash_words(key, 2);
	}
}

/* ---- Tarjan ---- */

static void enter(struct hashing *h, uint32_t i)
{
	h->met[i] = h->low[i] = ++h->nr_met;
	h->ring[h->nr_stack++] = i;
	h->on_stack[i] = 1;
	h->frames[h->depth++] = (struct frame){
		i, btf_walk_refs(blob_type(&h->in, i), &btf_kinds[blob_kind(&h->in, i)])};
}

static void reaches(struct hashing *h, uint32_t i, uint32_t met)
{
	if (met < h->low[i])
		h->low[i] = met;
}

/* Goes on with the type on top: into the next that was not met, if there is one. */
static bool descend(struct hashing *h)
{
	struct frame *top = &h->frames[h->depth - 1];
	const uint32_t *type = blob_type(&h->in, top->own);

	for (; top->refs.left; btf_walk_on(&top->refs)) {
		uint32_t ref = type[top->refs.at], own = ref - h->in.first_id;

		if (!is_own(h, ref))
			continue;
		if (!h->met[own]) {
			enter(h, own);
			return true;
		}
		if (h->on_stack[own])
			reaches(h, top->own, h->met[own]);
	}
	return false;
}

/* Hashes the ring of which @i was met first: the top of the stack down to it. A type that
 * is in no ring is one of its own. */
static void close_ring(struct hashing *h, uint32_t i)
{
	uint32_t end = h->nr_stack;

	do
		h->on_stack[h->ring[--h->nr_stack]] = 0;
	while (h->ring[h->nr_stack] != i);
	if (end - h->nr_stack == 1) {
		h->colour[i] = SOME_TYPE; /* of a struct that has itself as a member */
		h->colour[i] = hash_type(h, i);
	} else {
		hash_ring(h, h->ring + h->nr_stack, end - h->nr_stack);
	}
}

static void leave(struct hashing *h)
{
	uint32_t i = h->frames[--h->depth].own;

	if (h->low[i] == h->met[i])
		close_ring(h, i);
	if (h->depth)
		reaches(h, h->frames[h->depth - 1].own, h->low[i]);
}

static void hash_all(struct hashing *h)
{
	for (uint32_t i = 0; i < h->in.nr_types; i++) {
		if (h->met[i])
			continue;
		enter(h, i);
		while (h->depth)
			if (!descend(h))
				leave(h);
	}
}

/* ---- the list ---- */

static bool base_defines(const struct hashing *h, const uint32_t *type)
{
	uint32_t kind = btf_kind_of(type), name = type[BTF_NAME];

	if (!btf_is_definition(type) || !name || name >= names_first_fresh(&h->names))
		return false;
	HTAB_FOR_EACH(&h->base->nominal, key_nominal(kind, false, name), it) {
		const uint32_t *other = base_type(h->base, it.val);

		if (base_kind(h->base, it.val) == kind && other[BTF_NAME] == name &&
		    btf_is_definition(other))
			return true;
	}
	return false;
}

static size_t names_room(const struct hashing *h)
{
	size_t room = 1;

	for (uint32_t i = 0; i < h->in.nr_types; i++)
		room += strlen(names_text(&h->names, blob_type(&h->in, i)[BTF_NAME])) + 1;
	return room;
}

static void make_list(const struct hashing *h, struct type_list *list)
{
	char *names = arena_alloc(h->arena, names_room(h));

	*list = (struct type_list){
		.types = arena_array(h->arena, struct type_info, h->in.nr_types),
		.nr = h->in.nr_types,
		.names = names,
		.names_len = 1,
	};
	names[0] = '\0';
	for (uint32_t i = 0; i < list->nr; i++) {
		const uint32_t *type = blob_type(&h->in, i);
		const char *name = names_text(&h->names, type[BTF_NAME]);
		size_t size = strlen(name) + 1;
		struct type_info *t = &list->types[i];

		t->hash = h->colour[i];
		t->name = type[BTF_NAME] ? list->names_len : 0;
		t->words = (h->in.at[i + 1] - h->in.at[i]) & ((1u << 26) - 1);
		t->kind = blob_kind(&h->in, i) & (BTF_KIND_BIT(5) - 1);
		t->in_base = base_defines(h, type);
		if (!t->name)
			continue;
		memcpy(names + list->names_len, name, size);
		list->names_len += (uint32_t)size;
	}
}

static void hash_names(struct hashing *h)
{
	h->fresh = arena_array(h->arena, uint64_t, h->names.nr_fresh);
	for (uint32_t i = 0; i < h->names.nr_fresh; i++) {
		const struct names_fresh *name = &h->names.fresh_name[i];

		h->fresh[i] = XXH3_64bits(h->names.strs + name->at, name->len);
	}
}

static void ready(struct hashing *h)
{
	uint32_t n = h->in.nr_types, longest = 0;

	for (uint32_t i = 0; i < n; i++)
		if (h->in.at[i + 1] - h->in.at[i] > longest)
			longest = h->in.at[i + 1] - h->in.at[i];
	h->words = arena_array(h->arena, uint64_t, longest);
	h->colour = arena_array(h->arena, uint64_t, n);
	h->next = arena_array(h->arena, uint64_t, n);
	h->sorted = arena_array(h->arena, uint64_t, n);
	h->ring = arena_array(h->arena, uint32_t, n);
	h->met = arena_zarray(h->arena, uint32_t, n);
	h->low = arena_array(h->arena, uint32_t, n);
	h->on_stack = arena_zarray(h->arena, uint8_t, n);
	h->frames = arena_array(h->arena, struct frame, n);
}

static int hash_blob(struct hashing *h, const void *split, size_t len, struct type_list *list,
		     struct diag *diag)
{
	int err = blob_read(&h->in, h->arena, h->base, split, len, diag);

	if (err)
		return err;
	if (h->in.form != BTF_FORM_SPLIT)
		return diag_fail(diag, -EINVAL, "standalone BTF instead of split BTF");
	names_init(&h->names, h->arena, h->base, &h->in);
	err = blob_settle(&h->in, &h->names, arena_array(h->arena, uint32_t, h->in.nr_words), diag);
	if (err)
		return err;
	hash_names(h);
	ready(h);
	hash_all(h);
	make_list(h, list);
	return 0;
}

int type_hash_module(struct type_hash *scratch, const struct base *base, const void *split,
		     size_t len, struct type_list *list, struct diag *diag)
{
	struct hashing h = {.arena = &scratch->arena, .base = base};

	arena_reset(&scratch->arena);
	if (arena_guard(&scratch->arena))
		return diag_fail(diag, -ENOMEM, "no memory for a list of its types");
	return hash_blob(&h, split, len, list, diag);
}
