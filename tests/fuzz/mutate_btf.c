// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "merge/blob.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"
#include "tests/gen/graph.h"

#define HEAD_WORDS (BLOB_HEADER_LONG / 4)
#define ROOM_WORDS 4096 /* that all changes of one call may add; none more than an eighth */

/* A blob taken apart. Words are in host order. */
struct edit {
	struct rng *rng;
	bool swap;
	uint32_t head[HEAD_WORDS];
	uint32_t head_len;
	uint32_t *words;
	uint32_t nr_words;
	uint32_t *at; /* first word of each type; at[nr_types] is the end */
	uint32_t nr_types;
	char *strs;
	uint32_t strs_len;
	uint8_t *layout;
	uint32_t layout_len;
	uint32_t first_id, first_str;
};

/* The header's words. */
enum { H_LEN = 1, H_TYPE_OFF, H_TYPE_LEN, H_STR_OFF, H_STR_LEN, H_LAYOUT_OFF, H_LAYOUT_LEN };

static uint32_t word(const struct edit *e, uint32_t w)
{
	return e->swap ? bswap_32(w) : w;
}

/* -- Apart and together --------------------------------------------------- */

static bool read_head(struct edit *e, const uint8_t *data, size_t size)
{
	uint16_t magic;

	if (size < BLOB_HEADER_SHORT)
		return false;
	memcpy(&magic, data, sizeof(magic));
	e->swap = magic == bswap_16(BTF_MAGIC);
	memcpy(e->head, data, size < sizeof(e->head) ? size : sizeof(e->head));
	for (int i = H_LEN; i < HEAD_WORDS; i++)
		e->head[i] = word(e, e->head[i]);
	e->head_len = e->head[H_LEN];
	return (magic == BTF_MAGIC || e->swap) &&
	       (e->head_len == BLOB_HEADER_SHORT || e->head_len == BLOB_HEADER_LONG) &&
	       e->head_len <= size;
}

static bool section(const struct edit *e, size_t size, int off, uint32_t *len, size_t *at)
{
	*len = e->head[off + 1];
	*at = (size_t)e->head_len + e->head[off];
	return *at <= size && *len <= size - *at;
}

/* Where each type begins, as far as they can be told apart. */
static void find_types(struct edit *e)
{
	uint32_t at = 0;

	e->nr_types = 0;
	while (e->nr_words - at >= BTF_HEAD) {
		uint32_t info = e->words[at + BTF_INFO];
		uint32_t kind = btf_word_kind(info);

		if (!kind || kind >= BTF_NR_KINDS || btf_type_words(info) > e->nr_words - at)
			break;
		e->at[e->nr_types++] = at;
		at += (uint32_t)btf_type_words(info);
	}
	e->at[e->nr_types] = at;
}

static bool take_apart(struct edit *e, const uint8_t *data, size_t size)
{
	size_t types, strs, layout = 0;
	uint32_t type_len;

	if (!read_head(e, data, size) || !section(e, size, H_TYPE_OFF, &type_len, &types) ||
	    !section(e, size, H_STR_OFF, &e->strs_len, &strs))
		return false;
	if (e->head_len == BLOB_HEADER_LONG &&
	    !section(e, size, H_LAYOUT_OFF, &e->layout_len, &layout))
		return false;
	e->nr_words = type_len / 4;
	e->words = malloc((e->nr_words + ROOM_WORDS) * sizeof(*e->words));
	e->at = malloc((e->nr_words + ROOM_WORDS) * sizeof(*e->at));
	e->strs = malloc(e->strs_len + ROOM_WORDS);
	e->layout = malloc(e->layout_len + 1);
	memcpy(e->words, data + types, (size_t)e->nr_words * 4);
	memcpy(e->strs, data + strs, e->strs_len);
	memcpy(e->layout, data + layout, e->layout_len);
	for (uint32_t i = 0; i < e->nr_words; i++)
		e->words[i] = word(e, e->words[i]);
	find_types(e);
	return true;
}

/* 0: it does not go into @max bytes. */
static size_t put_together(struct edit *e, uint8_t *data, size_t max)
{
	size_t type_len = (size_t)e->nr_words * 4;
	size_t size = e->head_len + type_len + e->layout_len + e->strs_len;

	if (size > max)
		return 0;
	e->head[H_TYPE_OFF] = 0;
	e->head[H_TYPE_LEN] = (uint32_t)type_len;
	e->head[H_LAYOUT_OFF] = (uint32_t)type_len;
	e->head[H_LAYOUT_LEN] = e->layout_len;
	e->head[H_STR_OFF] = (uint32_t)type_len + e->layout_len;
	e->head[H_STR_LEN] = e->strs_len;
	for (int i = H_LEN; i < HEAD_WORDS; i++)
		e->head[i] = word(e, e->head[i]);
	for (uint32_t i = 0; i < e->nr_words; i++)
		e->words[i] = word(e, e->words[i]);
	memcpy(data, e->head, e->head_len);
	memcpy(data + e->head_len, e->words, type_len);
	memcpy(data + e->head_len + type_len, e->layout, e->layout_len);
	memcpy(data + e->head_len + type_len + e->layout_len, e->strs, e->strs_len);
	return size;
}

/* -- Choices -------------------------------------------------------------- */

static uint32_t *some_type(const struct edit *e, uint32_t *i)
{
	*i = rng_below(e->rng, e->nr_types);
	return e->words + e->at[*i];
}

static uint32_t some_id(const struct edit *e)
{
	uint32_t end = e->first_id + e->nr_types;

	if (rng_chance(e->rng, 3))
		return end + rng_below(e->rng, 3);
	/* Mostly the blob's own, where it is split. */
	if (rng_chance(e->rng, 60))
		return e->first_id + rng_below(e->rng, e->nr_types + 1);
	return rng_below(e->rng, end + 1);
}

/* The beginning of a string, now and then its middle. */
static uint32_t some_name(const struct edit *e)
{
	uint32_t off;

	if (e->first_str && rng_chance(e->rng, 40))
		return rng_below(e->rng, e->first_str + 1);
	if (!e->strs_len)
		return e->first_str;
	off = rng_below(e->rng, e->strs_len);
	if (!rng_chance(e->rng, 10))
		while (off && e->strs[off - 1])
			off--;
	return e->first_str + off;
}

/* Words at @at get room for @n more, or lose -@n. */
static void resize_at(struct edit *e, uint32_t at, int32_t n)
{
	uint32_t *p = e->words + at;

	if (n > 0)
		memmove(p + n, p, (size_t)(e->nr_words - at) * 4);
	else
		memmove(p, p - n, (size_t)(e->nr_words - at + (uint32_t)n) * 4);
	e->nr_words += (uint32_t)n;
}

/* -- Changes -------------------------------------------------------------- */

static void change_name(struct edit *e)
{
	uint32_t i, *type = some_type(e, &i), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

	btf_for_each_name(type, k, w) {
		if (rng_chance(e->rng, 30)) {
			*w = some_name(e);
			return;
		}
	}
}

static void change_ref(struct edit *e)
{
	uint32_t i, *type = some_type(e, &i), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

	btf_for_each_ref(type, k, w) {
		if (rng_chance(e->rng, 40)) {
			*w = some_id(e);
			return;
		}
	}
}

static void change_any_word(struct edit *e)
{
	static const uint32_t values[] = {0, 1, 2, 8, 32, 64, 0x7fffffff, 0x80000000, 0xffffffff};
	uint32_t i, *type = some_type(e, &i);
	uint32_t n = e->at[i + 1] - e->at[i], at = rng_below(e->rng, n);

	if (at == BTF_INFO)
		type[at] ^= 0x80000000; /* kind_flag: what is behind keeps its place */
	else if (rng_chance(e->rng, 50))
		type[at] = values[rng_below(e->rng, sizeof(values) / sizeof(*values))];
	else
		type[at] += rng_range(e->rng, 0, 16) - 8;
}

/* To one of the same length. */
static void change_kind(struct edit *e)
{
	uint32_t i, *type = some_type(e, &i), info = type[BTF_INFO];

	for (int tries = 0; tries < 20; tries++) {
		uint32_t kind = rng_range(e->rng, 1, BTF_NR_KINDS - 1);
		uint32_t other = (info & 0x80ffffff) | kind << 24;

		if (btf_type_words(other) == btf_type_words(info)) {
			type[BTF_INFO] = other;
			return;
		}
	}
}

static void change_vlen(struct edit *e)
{
	uint32_t i, *type = some_type(e, &i), n = btf_nr_elems(type);
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint32_t elem, *p;

	if (!k->elem) {
		type[BTF_INFO] += rng_range(e->rng, 0, 2) - 1;
		return;
	}
	elem = n ? rng_below(e->rng, n) : 0;
	if (n && rng_chance(e->rng, 50)) {
		resize_at(e, e->at[i] + (uint32_t)btf_elem_at(k, elem), -(int32_t)k->elem);
		type[BTF_INFO]--;
		return;
	}
	resize_at(e, e->at[i] + (uint32_t)btf_elem_at(k, elem), k->elem);
	p = type + btf_elem_at(k, elem);
	memset(p, 0, k->elem * sizeof(*p));
	if (k->elem_name >= 0)
		p[k->elem_name] = some_name(e);
	if (k->elem_ref >= 0)
		p[k->elem_ref] = some_id(e);
	type[BTF_INFO]++;
}

/* Ids behind it speak of other types from now on: the better. */
static void drop_type(struct edit *e)
{
	uint32_t i;

	some_type(e, &i);
	resize_at(e, e->at[i], -(int32_t)(e->at[i + 1] - e->at[i]));
}

static void copy_type(struct edit *e)
{
	uint32_t i, n, to;

	some_type(e, &i);
	n = e->at[i + 1] - e->at[i];
	if (n > ROOM_WORDS / 8)
		return;
	/* Behind all others the ids stay what they are. */
	to = rng_chance(e->rng, 70) ? e->at[e->nr_types] : e->at[rng_below(e->rng, e->nr_types)];
	resize_at(e, to, (int32_t)n);
	memcpy(e->words + to, e->words + e->at[i] + (to <= e->at[i] ? n : 0), (size_t)n * 4);
}

static void new_type(struct edit *e)
{
	uint32_t kind = rng_range(e->rng, 1, BTF_NR_KINDS - 1);
	const struct btf_kind *k = &btf_kinds[kind];
	uint32_t vlen = k->elem ? rng_below(e->rng, 4) : 0, *type, *w;
	uint32_t info = kind << 24 | vlen | (rng_chance(e->rng, 20) ? 1u << 31 : 0);
	uint32_t to = e->at[e->nr_types], n = (uint32_t)btf_type_words(info);

	resize_at(e, to, (int32_t)n);
	type = memset(e->words + to, 0, (size_t)n * 4);
	type[BTF_INFO] = info;
	type[BTF_SIZE] = rng_chance(e->rng, 50) ? 4 : rng_below(e->rng, 64);
	btf_for_each_name(type, k, w)
		*w = some_name(e);
	btf_for_each_ref(type, k, w)
		*w = some_id(e);
}

static void change_strings(struct edit *e)
{
	uint32_t off, len;

	if (!e->strs_len)
		return;
	off = rng_below(e->rng, e->strs_len);
	if (rng_chance(e->rng, 50)) {
		e->strs[off] = (char)(rng_chance(e->rng, 30) ? 0 : rng_range(e->rng, 'a', 'd'));
		return;
	}
	/* One that is there comes once more, behind them. */
	len = (uint32_t)strnlen(e->strs + off, e->strs_len - off);
	if (len + 1 > ROOM_WORDS / 8 || len == e->strs_len - off)
		return;
	memmove(e->strs + e->strs_len, e->strs + off, len + 1);
	e->strs_len += len + 1;
}

static void change_once(struct edit *e)
{
	static void (*const changes[])(struct edit *) = {
		change_name, change_ref, change_ref, change_any_word, change_kind,
		change_vlen, drop_type,  copy_type,  new_type,        change_strings,
	};

	if (e->nr_types)
		changes[rng_below(e->rng, sizeof(changes) / sizeof(*changes))](e);
	else
		new_type(e);
	find_types(e);
}

static void edit_free(struct edit *e)
{
	free(e->words);
	free(e->at);
	free(e->strs);
	free(e->layout);
}

size_t mutate_btf(struct rng *rng, uint8_t *data, size_t size, size_t max, uint32_t first_id,
		  uint32_t first_str)
{
	struct edit e = {.rng = rng, .first_id = first_id, .first_str = first_str};
	uint32_t changes = rng_range(rng, 1, 4);
	size_t done;

	if (rng_chance(rng, 10) || !take_apart(&e, data, size)) {
		edit_free(&e);
		return LLVMFuzzerMutate(data, size, max);
	}
	while (changes-- && e.nr_words < ROOM_WORDS * 64)
		change_once(&e);
	done = put_together(&e, data, max);
	edit_free(&e);
	return done ? done : LLVMFuzzerMutate(data, size, max);
}

/* -- The generator -------------------------------------------------------- */

static size_t generate(struct rng *rng, uint8_t *data, size_t size, size_t max, bool pair_of_them)
{
	struct gen_params params = gen_params_from_seed(rng_next(rng));
	struct gen_pair pair;
	size_t made;

	params.size = params.size > 20 ? 20 : params.size;
	if (gen_pair(&params, &pair))
		return size;
	if (pair_of_them) {
		made = fuzz_pair_write(data, max, pair.base, pair.base_len, pair.module,
				       pair.module_len);
	} else {
		made = pair.base_len <= max ? pair.base_len : 0;
		memcpy(data, pair.base, made);
	}
	gen_pair_free(&pair);
	return made ? made : size;
}

size_t mutate_generate_base(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	return generate(rng, data, size, max, false);
}

size_t mutate_generate_pair(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	return generate(rng, data, size, max, true);
}

/* -- Pairs ---------------------------------------------------------------- */

/* How many types and bytes of strings a base has, for who goes on behind them. */
static void end_of_base(const struct fuzz_pair *pair, uint32_t *first_id, uint32_t *first_str)
{
	struct edit e = {0};

	*first_id = 1;
	*first_str = 0;
	if (take_apart(&e, pair->first, pair->first_len)) {
		*first_id = e.nr_types + 1;
		*first_str = e.strs_len;
	}
	edit_free(&e);
}

typedef size_t (*change_fn)(struct rng *rng, const struct fuzz_pair *pair, uint8_t *data,
			    size_t size, size_t max);

/* One half is changed and the pair written anew. */
static size_t change_half(struct rng *rng, uint8_t *data, size_t size, size_t max, bool second,
			  const struct fuzz_pair *pair, change_fn change)
{
	const uint8_t *from = second ? pair->second : pair->first;
	size_t len = second ? pair->second_len : pair->first_len;
	size_t room = max > size ? len + (max - size) : len, done;
	uint8_t *copy = malloc(room + 1), *other;

	memcpy(copy, from, len);
	len = change(rng, pair, copy, len, room);
	other = second ? fuzz_copy(pair->first, pair->first_len)
		       : fuzz_copy(pair->second, pair->second_len);
	if (second)
		done = fuzz_pair_write(data, max, other, pair->first_len, copy, len);
	else
		done = fuzz_pair_write(data, max, copy, len, other, pair->second_len);
	free(copy);
	free(other);
	return done ? done : size;
}

static size_t change_base(struct rng *rng, const struct fuzz_pair *pair, uint8_t *data, size_t size,
			  size_t max)
{
	return mutate_btf(rng, data, size, max, 1, 0);
}

static size_t change_module(struct rng *rng, const struct fuzz_pair *pair, uint8_t *data,
			    size_t size, size_t max)
{
	bool standalone = size > BLOB_HEADER_SHORT;
	uint32_t first_id, first_str;
	struct edit e = {0};

	/* As in the program: a string section that begins with a NUL. */
	standalone = take_apart(&e, data, size) && e.strs_len && !*e.strs;
	edit_free(&e);
	if (standalone)
		return mutate_btf(rng, data, size, max, 1, 0);
	end_of_base(pair, &first_id, &first_str);
	return mutate_btf(rng, data, size, max, first_id, first_str);
}

static size_t change_elf(struct rng *rng, const struct fuzz_pair *pair, uint8_t *data, size_t size,
			 size_t max)
{
	return mutate_elf(rng, data, size, max);
}

size_t mutate_pair(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	struct fuzz_pair pair;
	bool module = rng_chance(rng, 70);

	if (!fuzz_pair_read(&pair, data, size) || rng_chance(rng, 2))
		return mutate_generate_pair(rng, data, size, max);
	return change_half(rng, data, size, max, module, &pair,
			   module ? change_module : change_base);
}

size_t mutate_base_and_elf(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	struct fuzz_pair pair;
	bool elf = rng_chance(rng, 90);

	if (!fuzz_pair_read(&pair, data, size))
		return LLVMFuzzerMutate(data, size, max);
	return change_half(rng, data, size, max, elf, &pair, elf ? change_elf : change_base);
}
