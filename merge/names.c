// SPDX-License-Identifier: GPL-2.0-only
#define XXH_INLINE_ALL
#include "merge/names.h"

#include <string.h>
#include <xxhash.h>

#include "merge/base_index.h"

/* Without a base 0 stays free for the empty text. */
#define FIRST_WITHOUT_BASE 1

static uint32_t text_hash(const char *s, uint32_t len)
{
	return (uint32_t)XXH3_64bits(s, len);
}

void names_init(struct names *names, struct arena *arena, const struct base *base,
		const struct blob *blob)
{
	size_t memo = blob->strs_len / 2 + 1;

	names->arena = arena;
	names->base = base;
	names->strs = blob->strs;
	names->first_str = blob->first_str;
	names->memo = memset(arena_array(arena, uint32_t, memo), 0xff, memo * sizeof(uint32_t));
	/* Most strings of a module are the base's; those of a base, never. */
	htab_init(&names->fresh, arena, base ? 256 : blob->strs_len / 24);
	names->cap_fresh = base ? 256 : blob->strs_len / 24 + 1;
	names->fresh_at = arena_array(arena, uint32_t, names->cap_fresh);
	names->nr_fresh = 0;
}

uint32_t names_first_fresh(const struct names *names)
{
	return names->base ? names->base->strs_len : FIRST_WITHOUT_BASE;
}

const char *names_text(const struct names *names, uint32_t id)
{
	uint32_t first = names_first_fresh(names);

	if (!id)
		return "";
	return id < first ? names->base->strs + id : names->strs + names->fresh_at[id - first];
}

uint32_t names_hash_at(const struct names *names, uint32_t off)
{
	const char *s = off < names->first_str ? names->base->strs + off
					       : names->strs + (off - names->first_str);

	return text_hash(s, (uint32_t)strlen(s));
}

static uint32_t base_string(const struct base *base, const char *s, uint32_t len, uint32_t hash)
{
	HTAB_FOR_EACH(&base->strings, hash, it) {
		if (base->strs_len - it.val > len && !memcmp(base->strs + it.val, s, len + 1))
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

static uint32_t fresh_string(struct names *names, const char *s, uint32_t len, uint32_t hash)
{
	HTAB_FOR_EACH(&names->fresh, hash, it) {
		if (!strcmp(names->strs + names->fresh_at[it.val - 1], s))
			return it.val - 1;
	}
	return fresh_add(names, (uint32_t)(s - names->strs), hash);
}

/* A base's string by an offset in it: most are where the base has the text
 * for the first time, but one in the middle of another need not be. */
static uint32_t lookup_in_base(const struct base *base, uint32_t off)
{
	const char *s = base->strs + off;
	uint32_t len = (uint32_t)strlen(s);

	return len ? base_string(base, s, len, text_hash(s, len)) : 0;
}

bool names_in_base(const struct base *base, uint32_t off)
{
	return !off || !base->strs[off - 1] || lookup_in_base(base, off) == off;
}

uint32_t names_lookup(struct names *names, uint32_t off)
{
	uint32_t own, len, hash, id = 0;
	const char *s;

	if (off < names->first_str)
		return lookup_in_base(names->base, off);
	own = off - names->first_str;
	s = names->strs + own;
	len = (uint32_t)strlen(s);
	if (!len)
		return 0;
	hash = text_hash(s, len);
	if (names->base)
		id = base_string(names->base, s, len, hash);
	if (!id)
		id = names_first_fresh(names) + fresh_string(names, s, len, hash);
	names->memo[own / 2] = id * 2 | (own & 1);
	return id;
}

bool names_compare(struct names *names, uint32_t off, uint32_t id)
{
	uint32_t own;

	if (off < names->first_str || !id)
		return (off ? names_lookup(names, off) : 0) == id;
	/*
	 * A string met for the first time, beside the one that it should be:
	 * comparing the two is cheaper than to hash it and to search for it.
	 */
	own = off - names->first_str;
	if (strcmp(names->strs + own, names_text(names, id)))
		return false;
	names->memo[own / 2] = id * 2 | (own & 1);
	return true;
}
