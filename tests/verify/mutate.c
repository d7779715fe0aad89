// SPDX-License-Identifier: GPL-2.0-only
#include "tests/verify/mutate.h"

#include <string.h>

#include "merge/btf.h"

static uint32_t some(const struct draft *d, struct rng *rng)
{
	return rng_range(rng, d->first_id, draft_end(d) - 1);
}

/* A number that something may break at. */
static uint32_t edge(const struct draft *d, struct rng *rng)
{
	static const uint32_t edges[] = {
		0,        1,         2,          3,          4,          7,         8,
		9,        16,        31,         32,         33,         64,        127,
		128,      129,       0xffff,     0x10000,    0xffffe,    0xfffff,   0x100000,
		0xffffff, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
	uint32_t near[] = {draft_end(d) - 1, draft_end(d), d->first_str + d->strs_len - 1,
			   d->first_str + d->strs_len};

	if (rng_chance(rng, 30))
		return near[rng_below(rng, 4)];
	return edges[rng_below(rng, sizeof(edges) / sizeof(edges[0]))];
}

/* Where a string begins that is there, or in the middle of one; of a base's, anywhere. */
static uint32_t some_name(const struct draft *d, struct rng *rng)
{
	uint32_t off;

	if (rng_chance(rng, 10))
		return edge(d, rng);
	if (!d->strs_len || (d->first_str && rng_chance(rng, 30)))
		return rng_below(rng, d->first_str + 1);
	off = rng_below(rng, d->strs_len);
	while (off && d->strs[off - 1] && rng_chance(rng, 95))
		off--;
	return d->first_str + off;
}

static uint32_t some_id(const struct draft *d, struct rng *rng, uint32_t self)
{
	switch (rng_below(rng, 12)) {
	case 0:
		return edge(d, rng);
	case 1:
		return self;
	case 2:
		return self + 1;
	case 3:
		return self - 1;
	case 4:
		return 0;
	case 5:
		return rng_below(rng, d->first_id);
	default:
		return some(d, rng);
	}
}

static void change_name(struct draft *d, struct rng *rng)
{
	uint32_t *words = draft_words(d, some(d, rng)), *w, n = 0, which;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(words)];

	btf_for_each_name(words, k, w)
		n++;
	which = rng_below(rng, n);
	btf_for_each_name(words, k, w)
		if (!which--)
			*w = some_name(d, rng);
}

static void change_ref(struct draft *d, struct rng *rng)
{
	uint32_t id, *words, *w, n = 0, which;

	for (int tries = 0; tries < 8 && !n; tries++) {
		id = some(d, rng);
		words = draft_words(d, id);
		btf_for_each_ref(words, &btf_kinds[btf_kind_of(words)], w)
			n++;
	}
	if (!n)
		return;
	which = rng_below(rng, n);
	btf_for_each_ref(words, &btf_kinds[btf_kind_of(words)], w)
		if (!which--)
			*w = some_id(d, rng, id);
}

/* The kind, with as many words as it needs: it stays a type that can be read. */
static void change_kind(struct draft *d, struct rng *rng)
{
	uint32_t id = some(d, rng), *words = draft_words(d, id);
	uint32_t kind = rng_range(rng, BTF_KIND_INT, BTF_KIND_ENUM64);
	uint32_t vlen = btf_kinds[kind].elem ? btf_word_vlen(words[BTF_INFO]) : 0;

	words[BTF_INFO] = draft_info(kind, vlen, rng_chance(rng, 10));
	draft_resize(d, id, (uint32_t)btf_type_words(words[BTF_INFO]));
}

static void change_vlen(struct draft *d, struct rng *rng)
{
	uint32_t id = some(d, rng), *words = draft_words(d, id), kind = btf_kind_of(words);
	uint32_t vlen = btf_word_vlen(words[BTF_INFO]);
	bool kflag = btf_word_kflag(words[BTF_INFO]);

	vlen = rng_chance(rng, 50) && vlen ? vlen - 1 : rng_below(rng, 6);
	words[BTF_INFO] = draft_info(kind, vlen, kflag);
	draft_resize(d, id, (uint32_t)btf_type_words(words[BTF_INFO]));
}

static void change_kflag(struct draft *d, struct rng *rng)
{
	draft_words(d, some(d, rng))[BTF_INFO] ^= 0x80000000u;
}

/* A size, an offset, a number of elements, ...: by little, or to an edge. Not the info word. */
static void change_word(struct draft *d, struct rng *rng)
{
	uint32_t id = some(d, rng), *words = draft_words(d, id);
	uint32_t at = rng_below(rng, d->types[id - d->first_id].nr);

	if (at == BTF_INFO)
		at = BTF_SIZE;
	if (rng_chance(rng, 60))
		words[at] += rng_below(rng, 17) - 8;
	else
		words[at] = edge(d, rng);
}

static void change_bit(struct draft *d, struct rng *rng)
{
	uint32_t id = some(d, rng), at = rng_below(rng, d->types[id - d->first_id].nr);

	draft_words(d, id)[at == BTF_INFO ? BTF_SIZE : at] ^= 1u << rng_below(rng, 32);
}

static void drop_type(struct draft *d, struct rng *rng)
{
	if (d->nr > 1)
		draft_remove(d, some(d, rng));
}

/* The last, so that no other id moves, or right behind. */
static void double_type(struct draft *d, struct rng *rng)
{
	uint32_t id = some(d, rng), nr = d->types[id - d->first_id].nr, new = draft_add(d, nr);
	uint32_t from = id - d->first_id, to = new - d->first_id;
	struct draft_type t = d->types[to];

	memcpy(t.words, draft_words(d, id), nr * sizeof(uint32_t));
	if (rng_chance(rng, 50))
		return;
	memmove(&d->types[from + 1], &d->types[from], (to - from) * sizeof(*d->types));
	d->types[from] = t;
}

static void swap_types(struct draft *d, struct rng *rng)
{
	uint32_t a = some(d, rng) - d->first_id, b = some(d, rng) - d->first_id;
	struct draft_type t = d->types[a];

	d->types[a] = d->types[b];
	d->types[b] = t;
}

/* Swaps, and who referred to either still does: only the order changes. */
static void reorder(struct draft *d, struct rng *rng)
{
	uint32_t a = some(d, rng), b = some(d, rng);
	struct draft_type t = d->types[a - d->first_id];

	d->types[a - d->first_id] = d->types[b - d->first_id];
	d->types[b - d->first_id] = t;
	for (uint32_t id = d->first_id; id < draft_end(d); id++) {
		uint32_t *words = draft_words(d, id), *w;

		btf_for_each_ref(words, &btf_kinds[btf_kind_of(words)], w)
			*w = *w == a ? b : *w == b ? a : *w;
	}
}

static void insert_type(struct draft *d, struct rng *rng)
{
	static const uint32_t kinds[] = {BTF_KIND_CONST, BTF_KIND_TYPEDEF,  BTF_KIND_TYPE_TAG,
					 BTF_KIND_PTR,   BTF_KIND_VOLATILE, BTF_KIND_FUNC,
					 BTF_KIND_VAR,   BTF_KIND_DECL_TAG, BTF_KIND_FWD};
	uint32_t kind = kinds[rng_below(rng, 9)], info = draft_info(kind, 0, false);
	uint32_t id = draft_add(d, (uint32_t)btf_type_words(info)), *words = draft_words(d, id);
	bool named = kind != BTF_KIND_CONST && kind != BTF_KIND_PTR && kind != BTF_KIND_VOLATILE;

	words[BTF_NAME] = named ? some_name(d, rng) : 0;
	words[BTF_INFO] = info;
	words[BTF_SIZE] = kind == BTF_KIND_FWD ? 0 : some_id(d, rng, id);
	if (kind == BTF_KIND_DECL_TAG)
		words[BTF_HEAD] = rng_below(rng, 5) - 1;
	/* Between a type and who refers to it. */
	if (rng_chance(rng, 50)) {
		uint32_t from = some(d, rng), *w;

		btf_for_each_ref(draft_words(d, from),
				 &btf_kinds[btf_kind_of(draft_words(d, from))], w)
			if (*w == words[BTF_SIZE] && from != id)
				*w = id;
	}
}

static void change_string(struct draft *d, struct rng *rng)
{
	static const char bytes[] = {'\0',   ' ',    '.',    '_',    '0',    'a',    '-',    '\x7f',
				     '\x80', '\xa0', '\xc0', '\xd7', '\xe9', '\xf7', '\xff', '\t'};

	/* The last one is the section's end. */
	if (d->strs_len > 1)
		d->strs[rng_below(rng, d->strs_len - 1)] = bytes[rng_below(rng, sizeof(bytes))];
}

void mutate_types(struct draft *d, struct rng *rng)
{
	static void (*const mutations[])(struct draft *, struct rng *) = {
		change_ref,  change_ref,  change_ref,   change_ref,  change_name,
		change_kind, change_vlen, change_kflag, change_word, change_word,
		change_word, change_bit,  drop_type,    double_type, swap_types,
		reorder,     reorder,     insert_type,  insert_type, change_string};

	mutations[rng_below(rng, sizeof(mutations) / sizeof(mutations[0]))](d, rng);
}

void mutate_info(struct draft *d, struct rng *rng)
{
	draft_words(d, some(d, rng))[BTF_INFO] ^= 1u << rng_below(rng, 32);
}

static void put(unsigned char *at, uint32_t word)
{
	memcpy(at, &word, sizeof(word));
}

static uint32_t get(const unsigned char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The header longer or shorter, the sections where it then says. */
static void change_header(unsigned char *blob, size_t *len, struct rng *rng)
{
	uint32_t more = rng_range(rng, 1, 32);

	if (rng_chance(rng, 30)) {
		put(blob + 4, rng_below(rng, 64));
		return;
	}
	memmove(blob + 24 + more, blob + 24, *len - 24);
	memset(blob + 24, rng_chance(rng, 20) ? 1 : 0, more);
	*len += more;
	put(blob + 4, 24 + more);
}

void mutate_bytes(unsigned char *blob, size_t *len, struct rng *rng)
{
	uint32_t field = 8 + 4 * rng_below(rng, 4);

	switch (rng_below(rng, 8)) {
	case 0:
		blob[rng_below(rng, 24)] ^= 1u << rng_below(rng, 8);
		break;
	case 1:
		blob[rng_below(rng, (uint32_t)*len)] ^= 1u << rng_below(rng, 8);
		break;
	case 2:
		*len = rng_below(rng, (uint32_t)*len);
		break;
	case 3:
		memset(blob + *len, 0, 16);
		*len += rng_range(rng, 1, 16);
		break;
	case 4:
		put(blob + field, get(blob + field) + rng_below(rng, 33) - 16);
		break;
	case 5: /* the border between the sections */
		field = rng_below(rng, 33) - 16;
		put(blob + 12, get(blob + 12) + field);
		put(blob + 16, get(blob + 16) + field);
		put(blob + 20, get(blob + 20) - field);
		break;
	case 6:
		put(blob + 4 + 4 * rng_below(rng, 5), rng_chance(rng, 50) ? 0 : 0x80000000u);
		break;
	default:
		change_header(blob, len, rng);
		break;
	}
}
