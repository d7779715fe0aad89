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

uint32_t names_first_fresh(const struct names *names)
{
	return names->base->strs_len;
}

const char *names_text(const struct names *names, uint32_t id)
{
	uint32_t first = names_first_fresh(names);

	if (!id)
		return "";
	return id < first ? names->base->strs + id : names->strs + names->fresh_at[id - first];
}

uint32_t names_find(const struct base *base, const char *s, uint32_t hash)
{
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

static uint32_t find_or_add(struct names *names, const char *s, uint32_t len)
{
	uint32_t hash, id;

	if (!len)
		return 0;
	hash = names_hash(s, len);
	id = names_find(names->base, s, hash);
	return id ? id : names_first_fresh(names) + fresh_string(names, s, hash);
}

/* In a word of eight characters: the high bit of the first NUL, and maybe bits behind it. */
static uint64_t first_nul(uint64_t word)
{
	return (word - 0x0101010101010101) & ~word & 0x8080808080808080;
}

/*
 * The length of the text at @s if @t has the same, else -1. Of @t BASE_STRS_PAD bytes
 * behind its end can be read, of @s no more than @room from its beginning.
 */
static int32_t same_length(const char *s, uint32_t room, const char *t)
{
	uint32_t len = 0;

	for (; len + 8 <= room; len += 8) {
		uint64_t a, b, nul;

		memcpy(&a, s + len, 8);
		memcpy(&b, t + len, 8);
		a = le64toh(a);
		b = le64toh(b);
		nul = first_nul(a);
		if (nul) {
			/* All bits up to the end of the NUL have to be the same. */
			nul = nul ^ (nul - 1);
			return (a ^ b) & nul ? -1
					     : (int32_t)len + __builtin_popcountll(nul) / 8 - 1;
		}
		if (a != b)
			return -1;
	}
	return strcmp(s + len, t + len) ? -1 : (int32_t)(len + strlen(s + len));
}

/*
 * Modules and kernel are made of the same headers, by encoders that write strings as
 * they meet them: behind a string that the base has mostly follows the one that follows in
 * the base (nine times of ten on Debian's modules), and nothing has to be hashed.
 */
static void meet_strings(struct names *names)
{
	const struct base *base = names->base;
	uint32_t next = 0; /* offset in the base, 0: no guess */

	for (uint32_t own = 0; own < names->strs_len;) {
		const char *s = names->strs + own;
		int32_t len = next ? same_length(s, names->strs_len - own, base->strs + next) : -1;
		uint32_t id = next;

		if (len < 0) {
			len = (int32_t)strlen(s);
			id = find_or_add(names, s, (uint32_t)len);
		}
		memo_set(names, own, id);
		own += (uint32_t)len + 1;
		/* A guess has to be the only offset of its text. */
		if (id && id < base->strs_len && base->strings_once)
			next = id + (uint32_t)len + 1;
		if (next >= base->strs_len)
			next = 0;
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
		.cap_fresh = 256, /* most strings of a module are the base's */
	};
	memo = names->strs_len / 2 + 1;
	names->memo = memset(arena_array(arena, uint32_t, memo), 0xff, memo * sizeof(uint32_t));
	htab_init(&names->fresh, arena, names->cap_fresh);
	names->fresh_at = arena_array(arena, uint32_t, names->cap_fresh);
	meet_strings(names);
}

void names_init_base(struct names *names, struct base *base)
{
	*names = (struct names){
		.base = base,
		.first_str = base->strs_len,
		.base_strings = &base->strings,
	};
}

/* A base's string by an offset in it: most are where the base has the text
 * for the first time, but one in the middle of another need not be. */
static uint32_t lookup_in_base(const struct base *base, uint32_t off)
{
	const char *s = base->strs + off;
	uint32_t len;

	if (off && !base->strs[off - 1] && base->strings_once)
		return *s ? off : 0;
	len = (uint32_t)strlen(s);
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
	htab_add(names->base_strings, names_hash(s, len), off);
	return off;
}

uint32_t names_lookup(struct names *names, uint32_t off)
{
	uint32_t own = off - names->first_str, id;
	const char *s;

	if (off < names->first_str) {
		id = lookup_in_base(names->base, off);
		return id || !names->base_strings ? id : file_tail(names, off);
	}
	s = names->strs + own;
	id = find_or_add(names, s, (uint32_t)strlen(s));
	memo_set(names, own, id);
	return id;
}
