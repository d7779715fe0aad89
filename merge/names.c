// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/names.h"

#include <string.h>
#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#else
#include <endian.h>
#endif

#include "merge/base_index.h"

uint32_t names_hash(const char *s, uint32_t len)
{
	return (uint32_t)XXH3_64bits(s, len);
}

static inline uint32_t batch_add(struct names_batch *batch, const char *strs, uint32_t off)
{
	uint32_t len = (uint32_t)strlen(strs + off), hash = names_hash(strs + off, len);

	batch->s[batch->nr].off = off;
	batch->s[batch->nr].len = len;
	batch->s[batch->nr++].hash = hash;
	return off + len + 1;
}

uint32_t names_next_batch(struct names_batch *batch, const char *strs, uint32_t strs_len,
			  uint32_t off)
{
	for (batch->nr = 0; batch->nr < NAMES_BATCH && off < strs_len;)
		off = batch_add(batch, strs, off);
	return off;
}

uint32_t names_find(const struct base *base, const char *s, uint32_t hash)
{
	if (!filter_may_have(&base->filter, hash))
		return 0;
	HTAB_FOR_EACH(&base->strings, hash, it) {
		if (!strcmp(base->strs + it.val, s))
			return it.val;
	}
	return 0;
}

static uint32_t fresh_add(struct names *names, struct names_fresh name, uint32_t hash)
{
	if (names->nr_fresh == names->cap_fresh) {
		names->fresh_name = arena_grow(names->arena, names->fresh_name,
					       names->cap_fresh * sizeof(*names->fresh_name),
					       names->cap_fresh * 2 * sizeof(*names->fresh_name));
		names->cap_fresh *= 2;
	}
	names->fresh_name[names->nr_fresh++] = name;
	htab_add(&names->fresh, hash, names->nr_fresh);
	return names->nr_fresh - 1;
}

static uint32_t fresh_string(struct names *names, const char *s, uint32_t len, uint32_t hash)
{
	HTAB_FOR_EACH(&names->fresh, hash, it) {
		const struct names_fresh *other = &names->fresh_name[it.val - 1];

		if (other->len == len && !memcmp(names->strs + other->at, s, len))
			return it.val - 1;
	}
	return fresh_add(names, (struct names_fresh){(uint32_t)(s - names->strs), len}, hash);
}

static void memo_set(struct names *names, uint32_t own, uint32_t id)
{
	names->memo[own / 2] = id * 2 | (own & 1);
}

/* The id of the text @s, which is not empty. */
static uint32_t find_or_add_hashed(struct names *names, const char *s, uint32_t len, uint32_t hash)
{
	uint32_t id = names_find(names->base, s, hash);

	return id ? id : names_first_fresh(names) + fresh_string(names, s, len, hash);
}

static uint32_t find_or_add(struct names *names, const char *s, uint32_t len)
{
	return len ? find_or_add_hashed(names, s, len, names_hash(s, len)) : 0;
}

/* Sixteen characters; comparing two gives all ones for each that is the same. */
typedef char chars __attribute__((vector_size(16)));

static inline chars load_chars(const char *s)
{
	chars c;

	memcpy(&c, s, sizeof(c));
	return c;
}

/* A bit for each character of such a comparison, the first one's lowest. */
static inline uint64_t bits_of(chars mask)
{
#ifdef __SSE2__
	return (uint64_t)_mm_movemask_epi8((__m128i)mask);
#else
	uint64_t halves[2], bits = 0;

	memcpy(halves, &mask, sizeof(halves));
	/* Bit i of byte i, then all of them beside each other in the highest byte. */
	for (int i = 0; i < 2; i++)
		bits |= (le64toh(halves[i]) & 0x8040201008040201) * 0x0101010101010101 >>
			56 << 8 * i;
	return bits;
#endif
}

/* Where the @n characters at @s and at @t differ, and where in @s a string ends; @n is 16
 * times 1 to 4. */
static inline void compare_chars(const char *s, const char *t, uint32_t n, uint64_t *differ,
				 uint64_t *ends)
{
	const chars nul = {0};

	*differ = *ends = 0;
	for (uint32_t i = 0; i < n; i += sizeof(chars)) {
		chars c = load_chars(s + i);

		*differ |= (bits_of((chars)(c != load_chars(t + i)))) << i;
		*ends |= bits_of((chars)(c == nul)) << i;
	}
}

/* Two places in sections that are the same up to there: offsets, as far as known. */
struct same {
	struct names *names;
	uint32_t own, next; /* where it begins */
	uint32_t start;     /* behind that, where the string at hand begins */
	uint32_t pos;       /* behind that, up to where they are the same */
};

/* Goes on by @n characters: gives each string that ends in them, and is the same, its id.
 * True when all are the same. */
static inline bool same_on(struct same *same, uint32_t n)
{
	struct names *names = same->names;
	uint32_t start = same->start;
	uint64_t differ, ends;

	compare_chars(names->strs + same->own + same->pos,
		      names->base->strs + same->next + same->pos, n, &differ, &ends);
	/* Those before the first that differs; all, if none does. */
	for (ends &= ~differ & (differ - 1); ends; ends &= ends - 1) {
		uint32_t end = same->pos + (uint32_t)__builtin_ctzll(ends);

		memo_set(names, same->own + start, end > start ? same->next + start : 0);
		start = end + 1;
	}
	same->start = start;
	same->pos += n;
	return !differ;
}

/* So many characters are compared at most in one go: a module that begins its names in the
 * middle of others could have the rest of the section compared for each. */
#define FOLLOW_MAX 4096

/*
 * Gives the strings from own offset @own on the ids of those from @next on in the base,
 * as long as they are the same; what is in the last bytes of either section may be
 * left out. Both sections are compared 64 characters at a time, whatever strings there are in
 * them: a loop that ends with each string is one wrong branch guess a string. They have to be
 * the only ones of their text in the base, base->strings_once.
 */
static void follow(struct names *names, uint32_t own, uint32_t next)
{
	struct same same = {.names = names, .own = own, .next = next};
	uint32_t room = names->strs_len - own;
	bool on = true;

	if (room > names->base->strs_len - next)
		room = names->base->strs_len - next;
	if (room > FOLLOW_MAX)
		room = FOLLOW_MAX;
	while (on && same.pos + 64 <= room)
		on = same_on(&same, 64);
	while (on && same.pos + sizeof(chars) <= room)
		on = same_on(&same, sizeof(chars));
}

/*
 * Modules and kernel are made of the same headers, by encoders that write strings as
 * they meet them: behind a string that the base has mostly follows the one that follows in
 * the base. So one that turns out to be the base's is taken as far as they are the same.
 */
bool names_meet(struct names *names, uint32_t off, uint32_t id)
{
	const struct base *base = names->base;
	uint32_t m = names->memo[off / 2];

	if (m != NAMES_MEMO_NONE)
		return (m ^ off) & 1 && names_lookup(names, off) == id;
	if (base->strings_once && id) {
		follow(names, off, id);
		m = names->memo[off / 2];
		if (m != NAMES_MEMO_NONE && !((m ^ off) & 1))
			return m / 2 == id;
	}
	if (strcmp(names->strs + off, base->strs + id))
		return false;
	memo_set(names, off, id);
	return true;
}

/* Ahead of names_find() for all of @batch. */
static void ask_base(const struct base *base, const struct names_batch *batch)
{
	for (uint32_t i = 0; i < batch->nr; i++)
		filter_ask(&base->filter, batch->s[i].hash);
	for (uint32_t i = 0; i < batch->nr; i++) {
		uint32_t hash = batch->s[i].hash;

		if (filter_may_have(&base->filter, hash))
			__builtin_prefetch(&base->strings.slots[hash & base->strings.mask]);
	}
}

void names_answer(struct names *names, struct names_batch *batch)
{
	ask_base(names->base, batch);
	for (uint32_t i = 0; i < batch->nr; i++) {
		const char *s = names->strs + batch->s[i].off;
		uint32_t len = batch->s[i].len, hash = batch->s[i].hash;

		memo_set(names, batch->s[i].off, len ? find_or_add_hashed(names, s, len, hash) : 0);
	}
	batch->nr = 0;
}

void names_ask(struct names *names, struct names_batch *batch, uint32_t off)
{
	if (names_known(names, off) != NAMES_MEMO_NONE)
		return;
	batch_add(batch, names->strs, off);
	filter_ask(&names->base->filter, batch->s[batch->nr - 1].hash);
	if (batch->nr == NAMES_BATCH)
		names_answer(names, batch);
}

/* The strings of split BTF are just those that the base does not have. */
static void meet_strings(struct names *names)
{
	struct names_batch b;
	uint32_t nr = 0;

	for (uint32_t own = 0; own < names->strs_len;) {
		own = names_next_batch(&b, names->strs, names->strs_len, own);
		nr += b.nr;
		names_answer(names, &b);
	}
	names->all_fresh = names->nr_fresh == nr;
}

void names_init(struct names *names, struct arena *arena, const struct base *base,
		const struct blob *blob)
{
	size_t memo;

	*names = (struct names){
		.arena = arena,
		.base = base,
		.strs = blob->strs,
		.strs_len = blob->strs_len,
		.first_str = blob->first_str,
		/* Those of a split BTF are, and few of others. A guess: it grows. */
		.cap_fresh = blob->strs_len / (blob->form == BTF_FORM_SPLIT ? 12 : 96) + 64,
	};
	memo = names->strs_len / 2 + 1;
	names->memo = memset(arena_array(arena, uint32_t, memo), 0xff, memo * sizeof(uint32_t));
	htab_init(&names->fresh, arena, names->cap_fresh);
	names->fresh_name = arena_array(arena, struct names_fresh, names->cap_fresh);
	if (blob->form == BTF_FORM_SPLIT)
		meet_strings(names);
	else
		memo_set(names, 0, 0);
}

void names_init_base(struct names *names, struct base *base, bool as_they_are)
{
	*names = (struct names){
		.base = base,
		.first_str = base->strs_len,
		.making = base,
		.as_they_are = as_they_are,
	};
}

/* A base's string by an offset in it: most are where the base has the text
 * for the first time, but one in the middle of another need not be. */
static uint32_t lookup_in_base(const struct base *base, uint32_t off)
{
	const char *s = base->strs + off;
	uint32_t len = (uint32_t)strlen(s);

	return len ? names_find(base, s, names_hash(s, len)) : 0;
}

bool names_in_base(const struct base *base, uint32_t off)
{
	return !off || !base->strs[off - 1] || lookup_in_base(base, off) == off;
}

static uint32_t file_tail(struct names *names, uint32_t off)
{
	const char *s = names->base->strs + off;
	uint32_t len = (uint32_t)strlen(s);

	if (!len)
		return 0;
	base_file_string(names->making, names_hash(s, len), off);
	return off;
}

uint32_t names_lookup(struct names *names, uint32_t off)
{
	uint32_t own = off - names->first_str, id;
	const char *s;

	if (off < names->first_str) {
		id = lookup_in_base(names->base, off);
		return id || !names->making ? id : file_tail(names, off);
	}
	s = names->strs + own;
	id = find_or_add(names, s, (uint32_t)strlen(s));
	memo_set(names, own, id);
	return id;
}
