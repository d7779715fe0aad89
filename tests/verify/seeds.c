// SPDX-License-Identifier: GPL-2.0-only
#include "tests/verify/seeds.h"

#include <stdlib.h>
#include <string.h>

#include "merge/btf.h"
#include "tests/gen/graph.h"
#include "tests/gen/mem.h"

/* ---- pieces ---- */

struct cut {
	struct draft *out;
	const struct draft *from;
	uint32_t limit;
	uint32_t *image; /* by id in from: the id in out, or 0 */
	uint32_t *todo;  /* ids in from, whose copies still have the ids of from */
	uint32_t nr_todo, done;
};

/* The kernel makes records of structs that contain what has one of some names (bpf_spin_lock,
 * ...), and of pointers with some tags (kptr, ...), by rules of its own. */
static uint32_t copy_name(struct cut *c, uint32_t off)
{
	char *name = c->from->strs + off, *copy;
	uint32_t at;

	if (!*name)
		return 0;
	at = draft_string(c->out, name);
	copy = c->out->strs + at;
	if (!strncmp(copy, "bpf_", 4))
		copy[1] = 'x';
	if (strstr(copy, "kptr") || strstr(copy, "uptr") || strstr(copy, "contains:"))
		copy[0] = 'x';
	return at;
}

/* Has the type to be there if it is referred to? Else a part of it does. */
static bool is_needed_whole(uint32_t kind)
{
	return !btf_kind_is_composite(kind) && !btf_kind_is_enum(kind) && kind != BTF_KIND_PTR &&
	       kind != BTF_KIND_FUNC_PROTO;
}

static uint32_t cut_type(struct cut *c, uint32_t id)
{
	const uint32_t *type = draft_words(c->from, id);
	uint32_t kind = btf_kind_of(type), nr = c->from->types[id - 1].nr, new;
	bool whole = c->out->nr < c->limit || is_needed_whole(kind);
	const struct btf_kind *k = &btf_kinds[kind];
	uint32_t *words, *w;

	if (c->image[id])
		return c->image[id];
	new = draft_add(c->out, whole ? nr : BTF_HEAD);
	c->image[id] = new;
	words = draft_words(c->out, new);
	memcpy(words, type, (whole ? nr : BTF_HEAD) * sizeof(*words));
	if (whole) {
		c->todo[c->nr_todo++] = id;
	} else {
		words[BTF_INFO] &= ~0xffffu;
		if (kind == BTF_KIND_PTR || kind == BTF_KIND_FUNC_PROTO)
			words[BTF_SIZE] = 0;
	}
	btf_for_each_name(words, k, w)
		*w = copy_name(c, *w);
	return new;
}

void seed_piece(struct draft *out, const struct draft *from, struct rng *rng, uint32_t limit)
{
	struct cut c = {
		.out = out,
		.from = from,
		.limit = limit,
		.image = mem_zeroed(from->nr + 1, sizeof(uint32_t)),
		.todo = mem_zeroed(from->nr + 1, sizeof(uint32_t)),
	};

	draft_init(out);
	while (out->nr < limit) {
		cut_type(&c, rng_range(rng, 1, from->nr));
		for (; c.done < c.nr_todo; c.done++) {
			uint32_t new = c.image[c.todo[c.done]], *w;
			const struct btf_kind *k = &btf_kinds[btf_kind_of(draft_words(out, new))];

			btf_for_each_ref(draft_words(out, new), k, w)
				if (*w)
					*w = cut_type(&c, *w);
		}
	}
	free(c.image);
	free(c.todo);
}

/* ---- generated ---- */

void seed_generated(struct draft *out, struct rng *rng)
{
	struct gen_params params = gen_params_from_seed(rng_next(rng));
	struct gen_pair pair;

	params.size = rng_range(rng, 3, 12);
	params.big_endian = params.base_layout = params.module_layout = params.split_input = false;
	if (gen_pair(&params, &pair))
		abort();
	if (rng_chance(rng, 50))
		draft_read(out, pair.base, pair.base_len, 1, 0);
	else
		draft_read(out, pair.module, pair.module_len, 1, 0);
	gen_pair_free(&pair);
}

/* ---- wild ---- */

struct wild {
	struct draft *d;
	struct rng *rng;
	uint32_t nr;        /* types that there will be */
	uint32_t offset[8]; /* of some names */
};

static uint32_t name(struct wild *w, unsigned int percent)
{
	return rng_chance(w->rng, percent) ? w->offset[rng_below(w->rng, 8)] : 0;
}

/* Mostly one that there is, most of them close by, so that nests get deep. */
static uint32_t some_id(struct wild *w)
{
	uint32_t id = w->d->nr;

	switch (rng_below(w->rng, 20)) {
	case 0:
		return 0;
	case 1:
		return w->nr + 1;
	case 2:
	case 3:
	case 4:
	case 5:
		return rng_range(w->rng, 1, w->nr);
	case 6:
	case 7:
	case 8:
		return id + 1 <= w->nr ? id + 1 : 1;
	case 9:
		return 2;
	case 10:
	case 11:
	case 12:
		return id > 1 ? id - 1 : 1;
	default:
		return 1; /* an INT */
	}
}

static uint32_t begin(struct wild *w, uint32_t kind, uint32_t vlen, bool kflag, uint32_t named,
		      uint32_t third)
{
	uint32_t info = draft_info(kind, vlen, kflag);
	uint32_t id = draft_add(w->d, (uint32_t)btf_type_words(info));
	uint32_t *words = draft_words(w->d, id);

	words[BTF_NAME] = named;
	words[BTF_INFO] = info;
	words[BTF_SIZE] = third;
	return id;
}

static uint32_t wild_int(struct wild *w)
{
	static const uint32_t sizes[] = {1, 2, 4, 8, 16};
	uint32_t size = sizes[rng_below(w->rng, 5)], bits = size * 8, offset = 0;
	uint32_t encodings[] = {0, 0, 0, BTF_INT_SIGNED, BTF_INT_CHAR, BTF_INT_BOOL};
	uint32_t id;

	if (rng_chance(w->rng, 20)) {
		bits = rng_range(w->rng, 0, bits);
		offset = rng_chance(w->rng, 50) ? rng_below(w->rng, size * 8 - bits + 1) : 0;
	}
	id = begin(w, BTF_KIND_INT, 0, false, name(w, 90), size);
	draft_words(w->d, id)[BTF_HEAD] =
		encodings[rng_below(w->rng, 6)] << 24 | offset << 16 | bits;
	return id;
}

static void wild_members(struct wild *w, uint32_t kind, uint32_t *words, uint32_t vlen, bool kflag)
{
	uint32_t offset = 0, step = rng_chance(w->rng, 80) ? 64 : rng_range(w->rng, 0, 9);

	for (uint32_t i = 0; i < vlen; i++) {
		uint32_t *m = words + BTF_HEAD + 3 * i;
		uint32_t width = kflag && rng_chance(w->rng, 50) ? rng_below(w->rng, 40) : 0;

		m[0] = name(w, 80);
		m[1] = some_id(w);
		m[2] = width << 24 | offset;
		if (kind == BTF_KIND_STRUCT)
			offset += rng_chance(w->rng, 90) ? step : rng_below(w->rng, 100);
	}
}

static void wild_composite(struct wild *w, uint32_t kind)
{
	uint32_t vlen = rng_below(w->rng, 5), id;
	uint32_t size =
		rng_chance(w->rng, 80) ? 8 * (vlen + rng_below(w->rng, 40)) : rng_below(w->rng, 40);
	bool kflag = rng_chance(w->rng, 30);

	id = begin(w, kind, vlen, kflag, name(w, 70), size);
	wild_members(w, kind, draft_words(w->d, id), vlen, kflag);
}

static void wild_enum(struct wild *w, uint32_t kind)
{
	static const uint32_t sizes[] = {1, 2, 4, 4, 4, 8, 3};
	uint32_t vlen = rng_below(w->rng, 3);
	uint32_t id = begin(w, kind, vlen, rng_chance(w->rng, 40), name(w, 70),
			    sizes[rng_below(w->rng, rng_chance(w->rng, 5) ? 7 : 6)]);
	uint32_t *values = draft_words(w->d, id) + BTF_HEAD, words = btf_kinds[kind].elem;

	for (uint32_t i = 0; i < vlen; i++)
		values[words * i] = name(w, 99);
}

static void wild_proto(struct wild *w)
{
	uint32_t vlen = rng_below(w->rng, 4), id, *params;

	id = begin(w, BTF_KIND_FUNC_PROTO, vlen, false, 0, rng_chance(w->rng, 50) ? 0 : some_id(w));
	params = draft_words(w->d, id) + BTF_HEAD;
	for (uint32_t i = 0; i < vlen; i++) {
		params[2 * i] = name(w, 90);
		params[2 * i + 1] = some_id(w);
	}
	if (vlen && rng_chance(w->rng, 20))
		params[2 * (vlen - 1)] = params[2 * (vlen - 1) + 1] = 0;
}

/* The last type of @kind, or some id. */
static uint32_t last_of(struct wild *w, uint32_t kinds)
{
	uint32_t id = w->d->nr;

	if (rng_chance(w->rng, 10))
		return some_id(w);
	while (id > 1 && (!(kinds & BTF_KIND_BIT(btf_kind_of(draft_words(w->d, id)))) ||
			  rng_chance(w->rng, 20)))
		id--;
	return id;
}

static void wild_datasec(struct wild *w)
{
	uint32_t vlen = rng_below(w->rng, 4), offset = 0;
	uint32_t id = begin(w, BTF_KIND_DATASEC, vlen, false, name(w, 99), 64 * (vlen + 1));
	uint32_t *entries = draft_words(w->d, id) + BTF_HEAD;

	for (uint32_t i = 0; i < vlen; i++) {
		entries[3 * i] = last_of(w, BTF_KIND_BIT(BTF_KIND_VAR));
		entries[3 * i + 1] = offset;
		entries[3 * i + 2] = rng_range(w->rng, 1, 64);
		offset += 64;
	}
}

static void wild_tag(struct wild *w)
{
	const uint32_t kinds = BTF_KIND_BIT(BTF_KIND_STRUCT) | BTF_KIND_BIT(BTF_KIND_UNION) |
			       BTF_KIND_BIT(BTF_KIND_FUNC) | BTF_KIND_BIT(BTF_KIND_VAR) |
			       BTF_KIND_BIT(BTF_KIND_TYPEDEF);
	uint32_t to = last_of(w, kinds);
	uint32_t id = begin(w, BTF_KIND_DECL_TAG, 0, rng_chance(w->rng, 10), name(w, 99), to);

	draft_words(w->d, id)[BTF_HEAD] =
		rng_chance(w->rng, 70) ? UINT32_MAX : rng_below(w->rng, 4);
}

static void wild_ref(struct wild *w, uint32_t kind)
{
	bool named = kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_TYPE_TAG;

	begin(w, kind, 0, kind == BTF_KIND_TYPE_TAG && rng_chance(w->rng, 10),
	      named ? name(w, 99) : 0, some_id(w));
}

static void wild_array(struct wild *w)
{
	uint32_t id = begin(w, BTF_KIND_ARRAY, 0, false, 0, 0), *words = draft_words(w->d, id);

	words[BTF_HEAD] = some_id(w);
	words[BTF_HEAD + 1] = rng_chance(w->rng, 90) ? 1 : some_id(w);
	words[BTF_HEAD + 2] = rng_chance(w->rng, 3) ? 0x40000000u : rng_below(w->rng, 4);
}

static void wild_var(struct wild *w)
{
	uint32_t id = begin(w, BTF_KIND_VAR, 0, false, name(w, 99), some_id(w));

	draft_words(w->d, id)[BTF_HEAD] = rng_below(w->rng, rng_chance(w->rng, 5) ? 3 : 2);
}

static void wild_type(struct wild *w)
{
	static const uint32_t floats[] = {2, 4, 8, 12, 16, 5};
	uint32_t kind = rng_range(w->rng, BTF_KIND_INT, BTF_KIND_ENUM64);

	switch (kind) {
	case BTF_KIND_INT:
		wild_int(w);
		break;
	case BTF_KIND_ARRAY:
		wild_array(w);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		wild_composite(w, kind);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		wild_enum(w, kind);
		break;
	case BTF_KIND_FWD:
		begin(w, kind, 0, rng_chance(w->rng, 50), name(w, 99), 0);
		break;
	case BTF_KIND_FUNC:
		begin(w, kind, rng_below(w->rng, 2), false, name(w, 99),
		      last_of(w, BTF_KIND_BIT(BTF_KIND_FUNC_PROTO)));
		break;
	case BTF_KIND_FUNC_PROTO:
		wild_proto(w);
		break;
	case BTF_KIND_VAR:
		wild_var(w);
		break;
	case BTF_KIND_DATASEC:
		wild_datasec(w);
		break;
	case BTF_KIND_FLOAT:
		begin(w, kind, 0, false, name(w, 90), floats[rng_below(w->rng, 6)]);
		break;
	case BTF_KIND_DECL_TAG:
		wild_tag(w);
		break;
	default:
		wild_ref(w, kind);
		break;
	}
}

/* A chain of one kind, or of two in turn, forwards or backwards: at the edge of what the
 * kernel's stack holds. */
static void wild_chain(struct wild *w)
{
	static const uint32_t kinds[] = {BTF_KIND_PTR,      BTF_KIND_CONST,   BTF_KIND_VOLATILE,
					 BTF_KIND_RESTRICT, BTF_KIND_TYPEDEF, BTF_KIND_TYPE_TAG,
					 BTF_KIND_ARRAY,    BTF_KIND_STRUCT,  BTF_KIND_VAR};
	uint32_t a = kinds[rng_below(w->rng, 9)], b = kinds[rng_below(w->rng, 9)];
	uint32_t len = rng_range(w->rng, 1, 36);
	bool back = rng_chance(w->rng, 30);

	for (uint32_t i = 0; i < len; i++) {
		uint32_t kind = i % 2 ? a : b, at = w->d->nr + 1, id;
		uint32_t to = back ? (i ? at - 1 : 1) : (i + 1 < len ? at + 1 : 1);

		id = begin(w, kind, kind == BTF_KIND_STRUCT, false,
			   kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_TYPE_TAG ||
					   kind == BTF_KIND_VAR
				   ? name(w, 100)
				   : 0,
			   kind == BTF_KIND_STRUCT  ? 4096
			   : kind == BTF_KIND_ARRAY ? 0
						    : to);
		if (kind == BTF_KIND_STRUCT) {
			draft_words(w->d, id)[BTF_HEAD + 1] = to;
		} else if (kind == BTF_KIND_ARRAY) {
			draft_words(w->d, id)[BTF_HEAD] = to;
			draft_words(w->d, id)[BTF_HEAD + 1] = 1;
			draft_words(w->d, id)[BTF_HEAD + 2] = 1;
		}
	}
}

void seed_wild(struct draft *out, struct rng *rng)
{
	static const char *const names[] = {"a", "next", "x.y", "_", "Name9", ".data", "t", "s"};
	struct wild w = {.d = out, .rng = rng, .nr = rng_range(rng, 2, 14)};
	uint32_t id;

	draft_init(out);
	for (int i = 0; i < 8; i++)
		w.offset[i] = draft_string(out, names[i]);
	id = begin(&w, BTF_KIND_INT, 0, false, w.offset[0], 4);
	draft_words(out, id)[BTF_HEAD] = 32;
	if (rng_chance(rng, 15))
		wild_chain(&w);
	w.nr += out->nr;
	while (out->nr < w.nr)
		wild_type(&w);
}
