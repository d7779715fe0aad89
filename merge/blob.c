// SPDX-License-Identifier: GPL-2.0-only
#include "merge/blob.h"

#include <byteswap.h>
#include <errno.h>
#include <string.h>

#include "merge/names.h"

/* Where a section lies in the blob, in bytes from its start. */
struct section {
	const char *name;
	uint64_t off;
	uint64_t len;
};

static uint64_t section_end(const struct section *s)
{
	return s->off + s->len;
}

static void header_swap(struct blob_header *h)
{
	h->magic = bswap_16(h->magic);
	h->hdr_len = bswap_32(h->hdr_len);
	h->type_off = bswap_32(h->type_off);
	h->type_len = bswap_32(h->type_len);
	h->str_off = bswap_32(h->str_off);
	h->str_len = bswap_32(h->str_len);
	h->layout_off = bswap_32(h->layout_off);
	h->layout_len = bswap_32(h->layout_len);
}

static int header_read(struct blob *blob, struct blob_header *h, const unsigned char *data,
		       size_t len, struct diag *diag)
{
	memset(h, 0, sizeof(*h));
	if (len < BLOB_HEADER_SHORT)
		return diag_fail(diag, -EINVAL, "not BTF: %zu bytes are too few for a header", len);
	memcpy(h, data, len < sizeof(*h) ? len : sizeof(*h));
	blob->swapped = h->magic == bswap_16(BTF_MAGIC);
	if (blob->swapped)
		header_swap(h);
	if (h->magic != BTF_MAGIC)
		return diag_fail(diag, -EINVAL,
				 "not BTF: it begins with %02x %02x, not 9f eb or eb 9f", data[0],
				 data[1]);
	if (h->version != BTF_VERSION)
		return diag_fail(diag, -ENOTSUP, "unsupported: BTF version %u", h->version);
	if (h->flags)
		return diag_fail(diag, -ENOTSUP, "unsupported: BTF header flags 0x%x", h->flags);
	if (h->hdr_len < BLOB_HEADER_SHORT || h->hdr_len > len)
		return diag_fail(diag, -EINVAL, "broken BTF: header length %u of %zu bytes",
				 h->hdr_len, len);
	blob->long_header = h->hdr_len >= BLOB_HEADER_LONG;
	if (!blob->long_header)
		h->layout_off = h->layout_len = 0;
	for (size_t i = blob->long_header ? BLOB_HEADER_LONG : BLOB_HEADER_SHORT; i < h->hdr_len;
	     i++)
		if (data[i])
			return diag_fail(diag, -ENOTSUP,
					 "unsupported: header of %u bytes with unknown fields",
					 h->hdr_len);
	return 0;
}

static int section_check(const struct section *s, size_t len, struct diag *diag)
{
	if (section_end(s) <= len)
		return 0;
	return diag_fail(
		diag, -EINVAL,
		"broken BTF: its %s section (offset %llu, %llu bytes) ends behind its %zu bytes",
		s->name, (unsigned long long)s->off, (unsigned long long)s->len, len);
}

static int sections_apart(const struct section *a, const struct section *b, struct diag *diag)
{
	if (!a->len || !b->len || section_end(a) <= b->off || section_end(b) <= a->off)
		return 0;
	return diag_fail(diag, -EINVAL, "broken BTF: its %s and %s sections overlap", a->name,
			 b->name);
}

/*
 * What stands behind the last section. `gcc -gbtf` and `ld -r` leave one .BTF
 * section with a whole blob for each compilation unit, one behind the other.
 */
static int tail_check(const unsigned char *data, size_t end, size_t len, struct diag *diag)
{
	size_t i = end;

	while (i < len && !data[i])
		i++;
	if (i == len)
		return 0;
	if (len - i >= BLOB_HEADER_SHORT && (data[i] == 0x9f || data[i] == 0xeb) &&
	    (data[i] ^ data[i + 1]) == (0x9f ^ 0xeb))
		return diag_fail(diag, -ENOTSUP,
				 "unsupported: an archive, a second BTF blob begins at byte %zu",
				 i);
	return diag_fail(diag, -EINVAL, "broken BTF: %zu bytes behind its last section", len - end);
}

static int sections_read(struct blob *blob, const struct blob_header *h, struct arena *arena,
			 const unsigned char *data, size_t len, struct diag *diag)
{
	const struct section types = {"type", (uint64_t)h->hdr_len + h->type_off, h->type_len};
	const struct section strs = {"string", (uint64_t)h->hdr_len + h->str_off, h->str_len};
	const struct section layout = {"layout", (uint64_t)h->hdr_len + h->layout_off,
				       h->layout_len};
	const struct section *all[] = {&types, &strs, &layout};
	uint64_t end = h->hdr_len;
	int err;

	for (int i = 0; i < 3; i++) {
		err = section_check(all[i], len, diag);
		if (err)
			return err;
		if (!all[i]->len)
			continue;
		err = sections_apart(all[i], all[(i + 1) % 3], diag);
		if (err)
			return err;
		if (section_end(all[i]) > end)
			end = section_end(all[i]);
	}
	err = tail_check(data, end, len, diag);
	if (err)
		return err;
	if (types.len % 4)
		return diag_fail(diag, -EINVAL, "broken BTF: a type section of %u bytes",
				 h->type_len);

	blob->nr_words = h->type_len / 4;
	blob->types = data + types.off;
	blob->strs_len = h->str_len;
	blob->strs = h->str_len ? (const char *)data + strs.off : "";
	blob->layout = h->layout_len ? data + layout.off : NULL;
	blob->layout_len = h->layout_len;
	if (h->str_len && blob->strs[h->str_len - 1])
		return diag_fail(diag, -EINVAL,
				 "broken BTF: its string section does not end with a NUL");

	if (blob->swapped || types.off % 4) {
		uint32_t *copy = arena_array(arena, uint32_t, blob->nr_words);

		memcpy(copy, data + types.off, types.len);
		/* Whatever the kind, a type section is all 32-bit words. */
		for (uint32_t i = 0; blob->swapped && i < blob->nr_words; i++)
			copy[i] = bswap_32(copy[i]);
		blob->words = copy;
	} else {
		blob->words = (const uint32_t *)(const void *)(data + types.off);
	}
	return 0;
}

static int type_fail(uint32_t n, uint32_t info, struct diag *diag)
{
	uint32_t kind = btf_word_kind(info);

	if (kind == BTF_KIND_UNKN || kind >= BTF_NR_KINDS)
		return diag_fail(diag, -EINVAL, "broken BTF: type number %u is of unknown kind %u",
				 n + 1, kind);
	return diag_fail(diag, -EINVAL,
			 "broken BTF: type number %u (%s, vlen %u) ends behind the type section",
			 n + 1, btf_kind_name(kind), btf_word_vlen(info));
}

static struct blob_list list_of(struct arena *arena, uint32_t cap)
{
	return (struct blob_list){arena_array(arena, uint32_t, cap), 0, cap};
}

/* Puts own type @i in the list if its kind is in the set @kinds: without a branch, as what kind
 * comes next is anyone's guess. */
static inline void list_add(struct blob_list *list, struct arena *arena, uint32_t i, uint32_t kind,
			    uint32_t kinds)
{
	if (list->nr == list->cap) {
		list->type = arena_grow(arena, list->type, list->nr * sizeof(*list->type),
					list->cap * 2 * sizeof(*list->type));
		list->cap *= 2;
	}
	list->type[list->nr] = i;
	list->nr += kinds >> kind & 1;
}

/* In a kernel's BTF a struct takes 40 words of it, a FWD or an enum 100. */
#define WORDS_A_STRUCT 32
#define WORDS_A_DECLARATION 64

/*
 * Finds where each type begins, and its kind. Where the next one begins is known only when
 * this one's info word is there, so that all the loop does is wait for that: hence the
 * lengths in a table that takes one look, and what else can be done in that time.
 */
static int types_find(struct blob *blob, struct arena *arena, struct diag *diag)
{
	/* The shortest type has three words. */
	uint32_t most = blob->nr_words / BTF_HEAD, *at, n = 0, longest = BTF_HEAD;
	uint8_t *kinds = (uint8_t *)arena_alloc(arena, (size_t)most + 1) + 1;
	struct blob_list composites = list_of(arena, blob->nr_words / WORDS_A_STRUCT + 16);
	struct blob_list declaring = list_of(arena, blob->nr_words / WORDS_A_DECLARATION + 16);
	struct lengths {
		uint32_t head, elem;
	} lengths[BTF_NR_KINDS];
	uint64_t word = 0;

	for (uint32_t k = 0; k < BTF_NR_KINDS; k++)
		lengths[k] = (struct lengths){BTF_HEAD + btf_kinds[k].extra, btf_kinds[k].elem};
	at = arena_array(arena, uint32_t, most + 1);
	kinds[-1] = BTF_KIND_UNKN;
	while (word < blob->nr_words) {
		uint32_t left = blob->nr_words - (uint32_t)word;
		uint32_t info, kind;
		uint64_t len;

		if (left < BTF_HEAD)
			return diag_fail(diag, -EINVAL,
					 "broken BTF: the last type, number %u, is cut off", n + 1);
		info = blob->words[word + BTF_INFO];
		kind = btf_word_kind(info);
		if (kind == BTF_KIND_UNKN || kind >= BTF_NR_KINDS)
			return type_fail(n, info, diag);
		len = lengths[kind].head + (uint64_t)lengths[kind].elem * btf_word_vlen(info);
		if (len > left)
			return type_fail(n, info, diag);
		list_add(&composites, arena, n, kind, BTF_KINDS_COMPOSITE);
		list_add(&declaring, arena, n, kind, BTF_KIND_BIT(BTF_KIND_FWD) | BTF_KINDS_ENUM);
		longest = len > longest ? (uint32_t)len : longest;
		kinds[n] = (uint8_t)kind;
		at[n++] = (uint32_t)word;
		word += len;
	}
	at[n] = blob->nr_words;
	blob->at = at;
	blob->kinds = kinds;
	blob->nr_types = n;
	blob->composites = composites;
	blob->declaring = declaring;
	blob->longest = longest;
	return 0;
}

static int name_fail(const struct blob *blob, uint32_t i, uint32_t off, const char *what,
		     struct diag *diag)
{
	return diag_fail(diag, -EINVAL, "type id %u (%s): name offset %u %s", blob->first_id + i,
			 btf_kind_name(blob_kind(blob, i)), off, what);
}

static int type_names_check(const struct blob *blob, const struct base *base, uint32_t i,
			    struct diag *diag)
{
	const uint32_t *type = blob_type(blob, i), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];
	uint64_t end = (uint64_t)blob->first_str + blob->strs_len;

	btf_for_each_name(type, k, w) {
		if (*w < blob->first_str) {
			/* No writer makes up names from the middle of a base's strings. */
			if (!names_in_base(base, *w))
				return name_fail(blob, i, *w, "is inside a string of the base",
						 diag);
		} else if (*w >= end && *w) {
			return name_fail(blob, i, *w, "is behind the strings", diag);
		}
	}
	return 0;
}

static int type_refs_check(const struct blob *blob, const struct base *base, uint32_t i,
			   struct diag *diag)
{
	const uint32_t *type = blob_type(blob, i), *w;
	uint32_t kind = btf_kind_of(type), to;
	const struct btf_kind *k = &btf_kinds[kind];
	uint64_t end = (uint64_t)blob->first_id + blob->nr_types;

	btf_for_each_ref(type, k, w) {
		if (*w >= end)
			return diag_fail(diag, -EINVAL,
					 "type id %u (%s) refers to type id %u, the last is %llu",
					 blob->first_id + i, k->name, *w,
					 (unsigned long long)end - 1);
		to = blob_kind_of_id(blob, base, *w, blob->form == BTF_FORM_SPLIT);
		if (!(btf_may_refer_to(kind) >> to & 1))
			return diag_fail(diag, -EINVAL,
					 "type id %u (%s) refers to type id %u, a %s",
					 blob->first_id + i, k->name, *w, btf_kind_name(to));
	}
	return 0;
}

/* Says what is wrong, if anything is, with the type @i of a blob that is not settled. */
static int type_check(const struct blob *blob, const struct base *base, uint32_t i,
		      struct diag *diag)
{
	int err = type_names_check(blob, base, i, diag);

	return err ? err : type_refs_check(blob, base, i, diag);
}

/*
 * ---- settling: checks and replaces at once, as every word is read. It knows only that a
 * type is fine, or that type_check() has to look closer ----
 */

struct settler {
	const struct blob *blob;
	struct names *names;
	uint32_t end_str; /* behind the last string offset */
	uint32_t end_id;  /* behind the last type id */
};

/* Replaces a name offset. @split: it may be the base's. */
static inline bool settle_name(const struct settler *s, uint32_t *name, bool split)
{
	uint32_t off = *name;

	if (off >= s->end_str)
		return false;
	*name = names_id(s->names, off);
	return !split || off >= s->blob->first_str || *name == off ||
	       names_in_base(s->names->base, off);
}

/* May @id stand where one of the kinds @may is expected? */
static inline bool ref_fine(const struct settler *s, uint32_t id, uint32_t may, bool split)
{
	return id < s->end_id && may >> blob_kind_of_id(s->blob, s->names->base, id, split) & 1;
}

/* @n members, parameters or values, of @words words each; @may: they refer to such kinds. */
static inline bool settle_elems(const struct settler *s, uint32_t *elem, uint32_t n, uint32_t words,
				uint32_t may, bool split)
{
	bool fine = true;

	for (; n; n--, elem += words) {
		fine &= settle_name(s, &elem[0], split);
		if (may)
			fine &= ref_fine(s, elem[1], may, split);
	}
	return fine;
}

static bool secinfos_fine(const struct settler *s, const uint32_t *elem, uint32_t n, bool split)
{
	bool fine = true;

	for (; n; n--, elem += 3)
		fine &= ref_fine(s, elem[0], btf_may_refer_to(BTF_KIND_DATASEC), split);
	return fine;
}

static inline bool settle_type(const struct settler *s, uint32_t *type, uint32_t kind, bool split)
{
	uint32_t vlen = btf_word_vlen(type[BTF_INFO]), may = btf_may_refer_to(kind);

	if (!settle_name(s, &type[BTF_NAME], split))
		return false;
	if (btf_kind_is_of_one_ref(kind))
		return ref_fine(s, type[BTF_SIZE], may, split);
	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return settle_elems(s, type + BTF_HEAD, vlen, 3, may, split);
	case BTF_KIND_ARRAY:
		return ref_fine(s, type[BTF_HEAD], may, split) &&
		       ref_fine(s, type[BTF_HEAD + 1], may, split);
	case BTF_KIND_FUNC_PROTO:
		return ref_fine(s, type[BTF_SIZE], may, split) &&
		       settle_elems(s, type + BTF_HEAD, vlen, 2, may, split);
	case BTF_KIND_ENUM:
		return settle_elems(s, type + BTF_HEAD, vlen, 2, 0, split);
	case BTF_KIND_ENUM64:
		return settle_elems(s, type + BTF_HEAD, vlen, 3, 0, split);
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return ref_fine(s, type[BTF_SIZE], may, split);
	case BTF_KIND_DATASEC:
		return secinfos_fine(s, type + BTF_HEAD, vlen, split);
	default: /* INT, FLOAT and FWD refer to nothing */
		return true;
	}
}

/* What an error found so says of the blob as a whole. */
static int blame(const struct blob *blob, int err, struct diag *diag)
{
	struct diag why = *diag;

	if (blob->form == BTF_FORM_SPLIT)
		return diag_fail(diag, -ESTALE, "split BTF of another base: %.200s", why.text);
	return diag_fail(diag, err, "broken BTF: %.200s", why.text);
}

int blob_check_refs(const struct blob *blob, const struct base *base, uint32_t i, struct diag *diag)
{
	int err = type_refs_check(blob, base, i, diag);

	return err ? blame(blob, err, diag) : 0;
}

static struct settler settler_of(const struct blob *blob, struct names *names)
{
	return (struct settler){
		.blob = blob,
		.names = names,
		.end_str = blob->first_str + blob->strs_len,
		.end_id = blob->first_id + blob->nr_types,
	};
}

/* So many types are copied at once, to be settled while they are in the cache. */
#define SETTLE_RUN 128

/* Settles the types from @first to below @end. */
static inline int settle_run(const struct blob *blob, const struct settler *s, uint32_t *words,
			     uint32_t first, uint32_t end, bool split, struct diag *diag)
{
	uint32_t from = blob->at[first];
	int err;

	memcpy(words + from, blob->words + from, (blob->at[end] - from) * sizeof(*words));
	for (uint32_t i = first; i < end; i++) {
		if (settle_type(s, words + blob->at[i], blob->kinds[i], split))
			continue;
		err = type_check(blob, s->names->base, i, diag);
		if (err)
			return blame(blob, err, diag);
	}
	return 0;
}

/* The two forms are worth a loop each. */
static int settle_form(const struct blob *blob, const struct settler *s, uint32_t *words,
		       uint32_t first, uint32_t end, struct diag *diag)
{
	return blob->form == BTF_FORM_SPLIT ? settle_run(blob, s, words, first, end, true, diag)
					    : settle_run(blob, s, words, first, end, false, diag);
}

int blob_settle(struct blob *blob, struct names *names, uint32_t *words, struct diag *diag)
{
	const struct settler s = settler_of(blob, names);
	uint32_t end;
	int err = 0;

	for (uint32_t i = 0; i < blob->nr_types && !err; i = end) {
		end = blob->nr_types - i > SETTLE_RUN ? i + SETTLE_RUN : blob->nr_types;
		err = settle_form(blob, &s, words, i, end, diag);
	}
	blob->words = words;
	return err;
}

int blob_settle_type(const struct blob *blob, struct names *names, uint32_t i, uint32_t *words,
		     struct diag *diag)
{
	const struct settler s = settler_of(blob, names);

	return settle_form(blob, &s, words, i, i + 1, diag);
}

/*
 * Nothing in the header says whether a blob is standalone or split, but the
 * string section of a standalone one begins with a NUL, and that of a split one
 * does not or is empty. The ids and offsets have to agree with that (blob_settle()).
 */
static int form_find(struct blob *blob, const struct base *base, struct diag *diag)
{
	bool split = !blob->strs_len || blob->strs[0];

	if (split && !base)
		return diag_fail(
			diag, -EINVAL,
			"split BTF, not a base: its string section does not begin with a NUL");
	blob->form = split ? BTF_FORM_SPLIT : BTF_FORM_STANDALONE;
	blob->first_id = split ? base->nr_types : 1;
	blob->first_str = split ? base->strs_len : 0;
	return 0;
}

int blob_read(struct blob *blob, struct arena *arena, const struct base *base, const void *data,
	      size_t len, struct diag *diag)
{
	struct blob_header h;
	int err;

	memset(blob, 0, sizeof(*blob));
	if (len > BLOB_MAX)
		return diag_fail(diag, -EFBIG, "%zu bytes of BTF, the limit is %u MiB", len,
				 BLOB_MAX >> 20);
	err = header_read(blob, &h, data, len, diag);
	if (!err)
		err = sections_read(blob, &h, arena, data, len, diag);
	if (!err)
		err = types_find(blob, arena, diag);
	if (!err)
		err = form_find(blob, base, diag);
	return err;
}
