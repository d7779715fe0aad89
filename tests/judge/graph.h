/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A BTF blob as the judge sees it: bytes (jblob), names (jnames) and types
 * (jgraph). Read from the format's definition (the kernel's
 * include/uapi/linux/btf.h and Documentation/bpf/btf.rst), in either byte
 * order, with or without the layout section of 2026.
 */
#ifndef JUDGE_GRAPH_H
#define JUDGE_GRAPH_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

/* The header and where the sections are: they lie inside the blob, and that is
 * all that is promised. */
struct jblob {
	const uint8_t *data;
	uint32_t len; /* of this blob; what lies behind belongs to the next */
	bool swapped; /* not in this machine's byte order */
	uint8_t version, flags;
	uint32_t hdr_len;
	const uint8_t *types, *layout, *strings;
	uint32_t types_len, layout_len, strings_len; /* layout_len 0: there is none */
};

/* 0 or -EINVAL with the reason in @why. */
int jblob_read(struct jblob *b, const void *data, size_t len, char *why, size_t why_len);

/* A word of the type section, in native byte order. */
uint32_t jblob_word(const struct jblob *b, uint32_t word);

/*
 * Names become symbols: equal symbols if and only if equal text; 0 is the empty
 * name. Those of the module go on where the base's end. The text is not copied.
 */
struct jnames {
	const struct jnames *base;
	uint32_t first; /* symbol of text[0] */
	const char **text;
	uint32_t n, cap;
	struct jmap map;
};

void jnames_init(struct jnames *names, const struct jnames *base);
void jnames_free(struct jnames *names);
uint32_t jnames_symbol(struct jnames *names, const char *text);
const char *jnames_text(const struct jnames *names, uint32_t symbol);

/*
 * The types of one blob (or archive) over a base or over none. A type is
 * jwords() consecutive words: those of the format in native byte order, with
 * symbols in the place of string offsets.
 */
struct jgraph {
	const struct jgraph *base;
	const struct jnames *names;
	uint32_t first; /* id of the first own type */
	uint32_t cnt;   /* of all ids, void and base included */
	struct jvec words;
	struct jvec at; /* own type -> its first word */
};

/* Reads the own types of @b (over @base, whose bytes are @base_blob, or over
 * none) and goes on with what follows @b in an archive of @len bytes. */
int jgraph_read(struct jgraph *g, const struct jblob *b, size_t len, const struct jgraph *base,
		const struct jblob *base_blob, struct jnames *names, char *why, size_t why_len);
void jgraph_free(struct jgraph *g);

/* The words of type @id, which is not void. */
const uint32_t *jgraph_type(const struct jgraph *g, uint32_t id);
/* "[12] STRUCT foo", for messages. */
const char *jgraph_describe(const struct jgraph *g, uint32_t id, char *buf, size_t len);

/* What a word of a type is. */
enum jrole { JROLE_PLAIN, JROLE_NAME, JROLE_ID };

static inline uint32_t jkind(const uint32_t *t)
{
	return t[1] >> 24 & 0x7f;
}

static inline uint32_t jvlen(const uint32_t *t)
{
	return t[1] & 0xffffff;
}

uint32_t jwords(const uint32_t *t);
enum jrole jrole(const uint32_t *t, uint32_t word);
/* Words of one member, parameter, enumerator...; 0 where a kind has none. */
uint32_t jmember_words(const uint32_t *t);

/* A declaration (FWD, enum without values), a definition of such a thing, and whether
 * the second is what the first declares. */
bool jis_declaration(const uint32_t *t);
bool jis_definition(const uint32_t *t);
bool jdeclares(const uint32_t *decl, const uint32_t *def);
bool jis_variable(const uint32_t *t); /* VAR or DATASEC: never merged */

#endif
