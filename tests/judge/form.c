// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shows only in the bytes: the header, the sections, the order of the
 * strings.
 */
#include <string.h>

#include "rules.h"

/* With no gap and nothing behind: the kernel takes it in no other form. */
static void sections(struct jcase *c)
{
	const struct jblob *b = &c->out_blob;
	const uint8_t *types_end = b->types + b->types_len;
	const uint8_t *before_strings = b->layout_len ? b->layout + b->layout_len : types_end;

	if (b->types != b->data + b->hdr_len)
		jverdict_add(&c->verdict, 7, "the types do not follow the header");
	if (b->layout_len && b->layout != types_end)
		jverdict_add(&c->verdict, 7, "the layout section does not follow the types");
	if (b->strings != before_strings)
		jverdict_add(&c->verdict, 7, "the strings do not follow the section before");
	if (b->strings + b->strings_len != b->data + c->out_len)
		jverdict_add(&c->verdict, 7, "the blob does not end with the strings");
}

static void layout(struct jcase *c)
{
	const struct jblob *in = &c->in_blob, *out = &c->out_blob;

	if (!in->layout_len) {
		if (out->layout_len)
			jverdict_add(&c->verdict, 7, "a layout section that the input has not");
		if (out->hdr_len != 24 && out->hdr_len != in->hdr_len)
			jverdict_add(&c->verdict, 7, "a header of %u bytes, the input's has %u",
				     out->hdr_len, in->hdr_len);
		return;
	}
	if (out->hdr_len != 32)
		jverdict_add(&c->verdict, 7, "a header of %u bytes where a layout needs 32",
			     out->hdr_len);
	if (out->layout_len != in->layout_len ||
	    memcmp(out->layout, in->layout, in->layout_len) != 0)
		jverdict_add(&c->verdict, 7, "the layout section is not the input's");
}

void jrule_form(struct jcase *c)
{
	const struct jblob *in = &c->in_blob, *out = &c->out_blob;

	if (in->swapped != out->swapped)
		jverdict_add(&c->verdict, 7, "the byte order is not the input's");
	if (in->version != out->version || in->flags != out->flags)
		jverdict_add(&c->verdict, 7, "the version or the flags are not the input's");
	layout(c);
	sections(c);
}

/* Does a string begin at @off? */
static bool is_start(const struct jblob *b, uint32_t off)
{
	return !off || !b->strings[off - 1];
}

/* Does a type of the base have its name, or one of its members', at @off? A base
 * may have names in the middle of its strings; nobody else may make one up. */
static bool base_uses(const struct jcase *c, uint32_t off)
{
	const struct jgraph *base = c->out.base;

	for (uint32_t id = base->first; id < base->cnt; id++) {
		const uint32_t *t = jgraph_type(base, id);
		uint32_t first = base->at.v[id - base->first];

		for (uint32_t i = 0; i < jwords(t); i++)
			if (jrole(t, i) == JROLE_NAME && jblob_word(c->base_blob, first + i) == off)
				return true;
	}
	return false;
}

/* The string at @off of the output's section is used for the first time. */
static void new_string(struct jcase *c, uint32_t off, struct jmap *seen)
{
	const char *text = (const char *)c->out_blob.strings + off;
	uint32_t symbol = jnames_symbol(&c->names, text);

	if (!*text)
		jverdict_add(&c->verdict, 4, "an empty string of the output's own");
	else if (symbol < c->base_strings)
		jverdict_add(&c->verdict, 4, "string '%s' is repeated: the base has it", text);
	else if (jmap_first(seen, symbol) != JNONE)
		jverdict_add(&c->verdict, 4, "string '%s' is there twice", text);
	jmap_add(seen, symbol, 0);
}

/* One use of the string at @off. @next is where the next new one must begin: all
 * before has been used. False when the order is lost. */
static bool use_string(struct jcase *c, uint32_t id, uint32_t off, uint32_t *next,
		       struct jmap *seen)
{
	const struct jblob *base = c->base_blob, *b = &c->out_blob;
	bool own = off >= base->strings_len;
	uint32_t at = own ? off - base->strings_len : off;

	if (!is_start(own ? b : base, at) && (own || !base_uses(c, at))) {
		jverdict_add(&c->verdict, 4, "output [%u] names the middle of a string, offset %u",
			     id, off);
	} else if (own && at > *next) {
		jverdict_add(&c->verdict, 4, "output [%u] uses string '%s' when '%s' is next", id,
			     (const char *)b->strings + at, (const char *)b->strings + *next);
		return false;
	} else if (own && at == *next) {
		new_string(c, at, seen);
		*next += strlen((const char *)b->strings + at) + 1;
	}
	return true;
}

static bool use_strings(struct jcase *c, uint32_t id, uint32_t *next, struct jmap *seen)
{
	const uint32_t *t = jgraph_type(&c->out, id);
	uint32_t first = c->out.at.v[id - c->out.first];

	for (uint32_t i = 0; i < jwords(t); i++)
		if (jrole(t, i) == JROLE_NAME &&
		    !use_string(c, id, jblob_word(&c->out_blob, first + i), next, seen))
			return false;
	return true;
}

void jrule_strings(struct jcase *c)
{
	struct jmap seen = {0};
	uint32_t next = 0;
	bool ordered = true;

	for (uint32_t id = c->out.first; ordered && id < c->out.cnt; id++)
		ordered = use_strings(c, id, &next, &seen);
	if (ordered && next != c->out_blob.strings_len)
		jverdict_add(&c->verdict, 4, "string '%s' is used by no type",
			     (const char *)c->out_blob.strings + next);
	jmap_free(&seen);
}
