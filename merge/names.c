// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/names.h"

#include <endian.h>
#include <string.h>
#include <xxhash.h>

#include "merge/base_index.h"

uint32_t names_hash(const char *s, uint32_t len)
{
	return (uint32_t)XXH3_64bits(s, len);
}

uint32_t names_next_batch(struct names_batch *batch, const char *strs, uint32_t strs_len,
			  uint32_t off)
{
	for (batch->nr = 0; batch->nr < NAMES_BATCH && off < strs_len; batch->nr++) {
		uint32_t len = (uint32_t)strlen(strs + off);

		batch->s[batch->nr].off = off;
		batch->s[batch->nr].len = len;
		batch->s[batch->nr].hash = names_hash(strs + off, len);
		off += len + 1;
	}
	return off;
}

uint32_t names_find(const struct base *base, const char *s, uint32_t hash)
{
	if (!base_may_have_string(base, hash))
		return 0;
	HTAB_FOR_EACH(&base->strings, hash, it) {
		if (!strcmp(base->strs + it.val, s))
			return it.val;
	}
	return 0;
}

static uint32_t fresh_add(struct names *names, uint32_t own, uint32_t hash)
{
	if (names->nr_fresh == names->cap_fresh) {
		names->fresh_at = arena_grow(names->arena, names->fresh_at,
					     names->cap_fresh * sizeof(uint32_t),
					     names->cap_fresh * 2 * sizeof(uint32_t));
		names->cap_fresh *= 2;
	}
	names->fresh_at[names->nr_fresh++] = own;
	htab_add(&names->fresh, hash, names->nr_fresh);
	return names->nr_fresh - 1;
}

static uint32_t fresh_string(struct names *names, const char *s, uint32_t hash)
{
	HTAB_FOR_EACH(&names->fresh, hash, it) {
		if (!strcmp(names->strs + names->fresh_at[it.val - 1], s))
			return it.val - 1;
	}
	return fresh_add(names, (uint32_t)(s - names->strs), hash);
}

static void memo_set(struct names *names, uint32_t own, uint32_t id)
{
	names->memo[own / 2] = id * 2 | (own & 1);
}

/* The id of the text @s, which is not empty. */
static uint32_t find_or_add_hashed(struct names *names, const char *s, uint32_t hash)
{
	uint32_t id = names_find(names->base, s, hash);

	return id ? id : names_first_fresh(names) + fresh_string(names, s, hash);
}

static uint32_t find_or_add(struct names *names, const char *s, uint32_t len)
{
	return len ? find_or_add_hashed(names, s, names_hash(s, len)) : 0;
}

/* Sixteen characters; comparing two gives all ones for each that is the same. */
typedef char chars __attribute__((vector_size(16)));

static inline chars load_chars(const char *s)
{
	chars c;

	memcpy(&c, s, sizeof(c));
	return c;
}

/* Eight bytes of such a comparison, the first character's lowest. */
static inline uint64_t half(chars mask, int which)
{
	uint64_t halves[2];

	memcpy(halves, &mask, sizeof(halves));
	return le64toh(halves[which]);
}

/* All bits up to the lowest that is set; all, if none is. */
static inline uint64_t up_to_lowest(uint64_t bits)
{
	return bits ^ (bits - 1);
}

/*
 * The length of the text at @s if the one at @t is the same, else -1; of both, @room bytes
 * may be looked at. Sixteen characters at a time and without branches in between, as
 * most names are shorter, and how long they are is anyone's guess.
 */
static inline int64_t same_length(const char *s, const char *t, uint32_t room)
{
	const chars nul = {0};

	for (uint32_t pos = 0; pos + sizeof(chars) <= room; pos += sizeof(chars)) {
		chars c = load_chars(s + pos), same = (chars)(c == load_chars(t + pos));
		chars ends = (chars)(c == nul);
		uint64_t end_a = half(ends, 0), end_b = half(ends, 1);
		uint64_t differ_a = ~half(same, 0) & up_to_lowest(end_a);
		uint64_t differ_b = ~half(same, 1) & up_to_lowest(end_b);

		if (differ_a | (end_a ? 0 : differ_b))
			return -1;
		if (end_a | end_b)
			return pos + (end_a ? 0 : 8) +
			       (uint32_t)__builtin_ctzll(end_a ? end_a : end_b) / 8;
	}
	return -1;
}

/*
 * Gives the strings from own offset @own on the ids of those from @next on in the base,
 * as long as they are the same; what is in the last bytes of either section may be
 * left out. Returns the own offset of the first that is not.
 */
static uint32_t follow(struct names *names, uint32_t own, uint32_t next)
{
	const char *s = names->strs + own, *t = names->base->strs + next;
	uint32_t room = names->strs_len - own, pos = 0;
	int64_t len;

	if (room > names->base->strs_len - next)
		room = names->base->strs_len - next;
	while ((len = same_length(s + pos, t + pos, room - pos)) >= 0) {
		memo_set(names, own + pos, len ? next + pos : 0);
		pos += (uint32_t)len + 1;
	}
	return own + pos;
}

/*
 * Modules and kernel are made of the same headers, by encoders that write strings as
 * they meet them: behind a string that the base has mostly follows the one that follows in
 * the base, nine times of ten on Debian's modules. Only where it does not, a string is
 * hashed. A guess that is right has to be the only offset of its text,
 * base->strings_once.
 */
static void meet_strings(struct names *names)
{
	uint32_t next = 1, end = names->base->strs_len; /* offsets in the base */

	for (uint32_t own = 0, len, id; own < names->strs_len; own += len) {
		len = next < end ? follow(names, own, next) - own : 0;
		if (len) {
			next += len;
			continue;
		}
		len = (uint32_t)strlen(names->strs + own);
		id = find_or_add(names, names->strs + own, len++);
		memo_set(names, own, id);
		if (id && id < end)
			next = id + len;
	}
}

/* Where guessing is no use: the strings of split BTF are just those that the base does not
 * have. */
static void meet_strings_unguessed(struct names *names)
{
	const struct base *base = names->base;
	struct names_batch b;

	for (uint32_t own = 0; own < names->strs_len;) {
		own = names_next_batch(&b, names->strs, names->strs_len, own);
		for (uint32_t i = 0; i < b.nr; i++)
			base_ask_filter(base, b.s[i].hash);
		for (uint32_t i = 0; i < b.nr; i++) {
			const char *s = names->strs + b.s[i].off;
			uint32_t id = b.s[i].len ? find_or_add_hashed(names, s, b.s[i].hash) : 0;

			memo_set(names, b.s[i].off, id);
		}
	}
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
	names->fresh_at = arena_array(arena, uint32_t, names->cap_fresh);
	if (base->strings_once && blob->form == BTF_FORM_STANDALONE)
		meet_strings(names);
	else
		meet_strings_unguessed(names);
}

void names_init_base(struct names *names, struct base *base)
{
	*names = (struct names){
		.base = base,
		.first_str = base->strs_len,
		.making = base,
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
