// SPDX-License-Identifier: GPL-2.0-only
#include "graph.h"

#include <byteswap.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shape of a kind: what its third word is (i: an id, p: plain), what
 * follows the first three words, and whether that comes once or vlen times. */
struct kind {
	const char *name;
	char third;
	bool repeated;
	const char *tail;
	uint32_t tail_words;
};

static const struct kind kinds[] = {
	[BTF_KIND_INT] = {"INT", 'p', false, "p", 1},
	[BTF_KIND_PTR] = {"PTR", 'i', false, "", 0},
	[BTF_KIND_ARRAY] = {"ARRAY", 'p', false, "iip", 3},
	[BTF_KIND_STRUCT] = {"STRUCT", 'p', true, "nip", 3},
	[BTF_KIND_UNION] = {"UNION", 'p', true, "nip", 3},
	[BTF_KIND_ENUM] = {"ENUM", 'p', true, "np", 2},
	[BTF_KIND_FWD] = {"FWD", 'p', false, "", 0},
	[BTF_KIND_TYPEDEF] = {"TYPEDEF", 'i', false, "", 0},
	[BTF_KIND_VOLATILE] = {"VOLATILE", 'i', false, "", 0},
	[BTF_KIND_CONST] = {"CONST", 'i', false, "", 0},
	[BTF_KIND_RESTRICT] = {"RESTRICT", 'i', false, "", 0},
	[BTF_KIND_FUNC] = {"FUNC", 'i', false, "", 0},
	[BTF_KIND_FUNC_PROTO] = {"FUNC_PROTO", 'i', true, "ni", 2},
	[BTF_KIND_VAR] = {"VAR", 'i', false, "p", 1},
	[BTF_KIND_DATASEC] = {"DATASEC", 'p', true, "ipp", 3},
	[BTF_KIND_FLOAT] = {"FLOAT", 'p', false, "", 0},
	[BTF_KIND_DECL_TAG] = {"DECL_TAG", 'i', false, "p", 1},
	[BTF_KIND_TYPE_TAG] = {"TYPE_TAG", 'i', false, "", 0},
	[BTF_KIND_ENUM64] = {"ENUM64", 'p', true, "npp", 3},
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

uint32_t jmember_words(const uint32_t *t)
{
	return kinds[jkind(t)].tail_words;
}

uint32_t jwords(const uint32_t *t)
{
	return 3 + jmember_words(t) * (kinds[jkind(t)].repeated ? jvlen(t) : 1);
}

enum jrole jrole(const uint32_t *t, uint32_t word)
{
	const struct kind *kind = &kinds[jkind(t)];
	char c = 'p';

	if (word == 0)
		c = 'n';
	else if (word == 2)
		c = kind->third;
	else if (word > 2)
		c = kind->tail[(word - 3) % kind->tail_words];
	return c == 'n' ? JROLE_NAME : c == 'i' ? JROLE_ID : JROLE_PLAIN;
}

static bool is_enum(const uint32_t *t)
{
	return jkind(t) == BTF_KIND_ENUM || jkind(t) == BTF_KIND_ENUM64;
}

static bool is_struct(const uint32_t *t)
{
	return jkind(t) == BTF_KIND_STRUCT || jkind(t) == BTF_KIND_UNION;
}

bool jis_declaration(const uint32_t *t)
{
	return jkind(t) == BTF_KIND_FWD || (is_enum(t) && !jvlen(t) && t[0]);
}

bool jis_definition(const uint32_t *t)
{
	return is_struct(t) || (is_enum(t) && !jis_declaration(t));
}

bool jdeclares(const uint32_t *decl, const uint32_t *def)
{
	bool is_union = decl[1] >> 31; /* the kind flag of a FWD */

	if (!jis_declaration(decl) || !jis_definition(def) || !decl[0] || decl[0] != def[0])
		return false;
	if (is_enum(decl))
		return is_enum(def);
	return jkind(def) == (is_union ? BTF_KIND_UNION : BTF_KIND_STRUCT);
}

bool jis_variable(const uint32_t *t)
{
	return jkind(t) == BTF_KIND_VAR || jkind(t) == BTF_KIND_DATASEC;
}

static uint32_t word_at(const struct jblob *b, const uint8_t *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	return b->swapped ? bswap_32(w) : w;
}

uint32_t jblob_word(const struct jblob *b, uint32_t word)
{
	return word_at(b, b->types + 4 * word);
}

static int fail(char *why, size_t why_len, const char *text)
{
	snprintf(why, why_len, "%s", text);
	return -EINVAL;
}

/* Finds one section by the two header words at @at; @end grows with it. */
static bool section(const struct jblob *b, size_t avail, uint32_t at, const uint8_t **start,
		    uint32_t *len, uint64_t *end)
{
	uint64_t off = (uint64_t)b->hdr_len + word_at(b, b->data + at);

	*len = word_at(b, b->data + at + 4);
	if (off + *len > avail)
		return false;
	*start = b->data + off;
	if (off + *len > *end)
		*end = off + *len;
	return true;
}

int jblob_read(struct jblob *b, const void *data, size_t len, char *why, size_t why_len)
{
	uint64_t end;
	uint16_t magic;

	memset(b, 0, sizeof(*b));
	b->data = data;
	if (len < sizeof(struct btf_header) || len > UINT32_MAX)
		return fail(why, why_len, "not BTF: no room for a header");
	memcpy(&magic, data, sizeof(magic));
	b->swapped = magic == bswap_16(BTF_MAGIC);
	if (magic != BTF_MAGIC && !b->swapped)
		return fail(why, why_len, "not BTF: wrong magic");
	b->version = b->data[2];
	b->flags = b->data[3];
	b->hdr_len = word_at(b, b->data + 4);
	end = b->hdr_len;
	if (b->hdr_len < sizeof(struct btf_header) || b->hdr_len > len)
		return fail(why, why_len, "bad header length");
	if (!section(b, len, 8, &b->types, &b->types_len, &end) ||
	    !section(b, len, 16, &b->strings, &b->strings_len, &end))
		return fail(why, why_len, "a section reaches beyond the blob");
	if (b->hdr_len >= 32 && word_at(b, b->data + 28) &&
	    !section(b, len, 24, &b->layout, &b->layout_len, &end))
		return fail(why, why_len, "the layout section reaches beyond the blob");
	if (b->types_len % 4)
		return fail(why, why_len, "the type section is no multiple of 4");
	if (b->strings_len && b->strings[b->strings_len - 1])
		return fail(why, why_len, "the string section does not end with a NUL");
	b->len = end;
	return 0;
}

void jnames_init(struct jnames *names, const struct jnames *base)
{
	memset(names, 0, sizeof(*names));
	names->base = base;
	if (base)
		names->first = base->first + base->n;
	else
		jnames_symbol(names, "");
}

void jnames_free(struct jnames *names)
{
	free(names->text);
	jmap_free(&names->map);
}

static uint32_t find_symbol(const struct jnames *names, const char *text, uint32_t hash)
{
	for (uint32_t e = jmap_first(&names->map, hash); e != JNONE; e = jmap_next(&names->map, e))
		if (!strcmp(jnames_text(names, names->map.e[e].val), text))
			return names->map.e[e].val;
	return names->base ? find_symbol(names->base, text, hash) : JNONE;
}

uint32_t jnames_symbol(struct jnames *names, const char *text)
{
	uint32_t hash = 1, symbol;

	for (const char *p = text; *p; p++)
		hash = jmix(hash, (uint8_t)*p);
	symbol = find_symbol(names, text, hash);
	if (symbol != JNONE)
		return symbol;
	if (names->n == names->cap)
		names->text = jgrow(names->text, &names->cap, sizeof(*names->text));
	symbol = names->first + names->n;
	names->text[names->n++] = text;
	jmap_add(&names->map, hash, symbol);
	return symbol;
}

const char *jnames_text(const struct jnames *names, uint32_t symbol)
{
	while (symbol < names->first)
		names = names->base;
	return names->text[symbol - names->first];
}

const uint32_t *jgraph_type(const struct jgraph *g, uint32_t id)
{
	while (id < g->first)
		g = g->base;
	return g->words.v + g->at.v[id - g->first];
}

const char *jgraph_describe(const struct jgraph *g, uint32_t id, char *buf, size_t len)
{
	const uint32_t *t;

	if (!id) {
		snprintf(buf, len, "[0] void");
		return buf;
	}
	t = jgraph_type(g, id);
	snprintf(buf, len, "[%u] %s %s", id, kinds[jkind(t)].name,
		 t[0] ? jnames_text(g->names, t[0]) : "(anon)");
	return buf;
}

void jgraph_free(struct jgraph *g)
{
	free(g->words.v);
	free(g->at.v);
}

/* Copies the words of @b's types in native order and finds where each begins. */
static int split_types(struct jgraph *g, const struct jblob *b, char *why, size_t why_len)
{
	uint32_t at = g->words.n, end;

	for (uint32_t i = 0; i < b->types_len; i += 4)
		jvec_push(&g->words, word_at(b, b->types + i));
	for (end = g->words.n; at < end; g->cnt++) {
		const uint32_t *t = g->words.v + at;

		if (end - at < 3 || !jkind(t) || jkind(t) >= NR_KINDS || jwords(t) > end - at) {
			snprintf(why, why_len, "type [%u] is no known kind or is cut off", g->cnt);
			return -EINVAL;
		}
		jvec_push(&g->at, at);
		at += jwords(t);
	}
	return 0;
}

/* The text at a string offset, or NULL when it is outside. */
static const char *text_at(const struct jblob *b, const struct jblob *base_blob, uint32_t off)
{
	if (base_blob && off < base_blob->strings_len)
		return (const char *)base_blob->strings + off;
	if (base_blob)
		off -= base_blob->strings_len;
	return off < b->strings_len ? (const char *)b->strings + off : NULL;
}

/* What the blobs of one input are resolved with. */
struct resolver {
	const struct jblob *blob, *base_blob;
	struct jnames *names;
	uint32_t shift; /* of the ids: the types of an archive's earlier blobs */
	uint32_t cnt;   /* of ids that there are before the shift */
};

static bool resolve_word(const struct resolver *r, uint32_t *word, enum jrole role)
{
	const char *text;

	if (role == JROLE_NAME) {
		text = text_at(r->blob, r->base_blob, *word);
		if (!text)
			return false;
		*word = jnames_symbol(r->names, text);
	} else if (role == JROLE_ID && *word) {
		if (*word >= r->cnt)
			return false;
		*word += r->shift;
	}
	return true;
}

/* In the types from id @from on. */
static int resolve(struct jgraph *g, const struct resolver *r, uint32_t from, char *why,
		   size_t why_len)
{
	for (uint32_t id = from; id < g->cnt; id++) {
		uint32_t *t = g->words.v + g->at.v[id - g->first], n = jwords(t);

		for (uint32_t i = 0; i < n; i++) {
			if (resolve_word(r, &t[i], jrole(t, i)))
				continue;
			snprintf(why, why_len, "type [%u] has the dangling %s %u", id,
				 jrole(t, i) == JROLE_NAME ? "string offset" : "id", t[i]);
			return -EINVAL;
		}
	}
	return 0;
}

static bool is_padding(const uint8_t *p, const uint8_t *end)
{
	while (p < end && !*p)
		p++;
	return p == end;
}

int jgraph_read(struct jgraph *g, const struct jblob *b, size_t len, const struct jgraph *base,
		const struct jblob *base_blob, struct jnames *names, char *why, size_t why_len)
{
	const uint8_t *end = b->data + len;
	struct jblob next = *b;
	int err;

	memset(g, 0, sizeof(*g));
	g->base = base;
	g->names = names;
	g->first = g->cnt = base ? base->cnt : 1;
	for (;;) {
		struct resolver r = {&next, base_blob, names, g->cnt - g->first, 0};
		uint32_t from = g->cnt;

		err = split_types(g, &next, why, why_len);
		r.cnt = g->cnt - r.shift;
		if (!err)
			err = resolve(g, &r, from, why, why_len);
		if (err || base || is_padding(next.data + next.len, end))
			return err;
		err = jblob_read(&next, next.data + next.len, end - next.data - next.len, why,
				 why_len);
		if (err)
			return err;
	}
}
