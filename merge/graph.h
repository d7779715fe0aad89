/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A module's types over a base as one graph: the state that the passes of a
 * deduplication hand on.
 *
 * Every type has one number in it, its graph id ("gid"): the base's types
 * have their own ids, the module's follow from first_own on, in their order.
 * For a split input that is the id it has; ids of a standalone one are
 * shifted. 0 is void.
 */
#ifndef MERGE_GRAPH_H
#define MERGE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "merge/arena.h"
#include "merge/base_index.h"
#include "merge/blob.h"
#include "merge/htab.h"
#include "merge/names.h"

#define CHOICES_MAX 64

struct graph {
	struct arena *arena;
	const struct base *base; /* NULL while a base itself is looked at */
	struct blob in;          /* settled: its names are name ids */
	struct names names;
	uint32_t first_own;
	uint32_t shift; /* from an own id of the input to its gid */
	/*
	 * By own type, for FWDs and forward enums; all NULL when there are none.
	 * decl: the gid of the first of the same declarations; 0 for other types.
	 * alias: the gid of what it means: an own definition, a type of the base, or
	 * 0, not known. open: against the base it may be any of its name.
	 */
	uint32_t *decl;
	uint32_t *alias;
	uint8_t *open;
	/* By own type: the gid it becomes; 0 as long as that is not known. A type that
	 * stays becomes itself or the first own type that equals it. */
	uint32_t *image;
	/*
	 * Where several types of the base fit, which is taken: the pick-th of them,
	 * or 0, whichever pass_base() prefers. Filled in as they are met.
	 */
	struct choice {
		uint32_t first; /* the first that fits: the id of the choice */
		uint32_t nr;    /* how many fit */
		uint32_t pick;
	} choices[CHOICES_MAX];
	uint32_t nr_choices;
	/* By own type: a declaration that may mean several types of the base. NULL: none. */
	uint8_t *unsure;
	bool limited;      /* pass_own() did not compare or file all of them */
	struct htab own;   /* the own types that stay, by key_words() */
	uint64_t *twins;   /* while a base is made, else NULL: see base_has_twin() */
	uint32_t *scratch; /* room for the longest type */
	uint32_t *other;   /* the same again, for find_among_own() */
};

/* Readies a graph whose g->in has been read, over @base, but for names_init() and
 * blob_settle(). */
void graph_init(struct graph *g, struct arena *arena, const struct base *base);

/* The same for @base itself, while it is made, with its names: see names_init_base(). */
void graph_init_base(struct graph *g, struct arena *arena, struct base *base, bool as_they_are);

static inline bool graph_is_own(const struct graph *g, uint32_t gid)
{
	return gid >= g->first_own;
}

/* The words of a type; also its type ids are in normal form when it is the base's. */
static inline const uint32_t *graph_type(const struct graph *g, uint32_t gid)
{
	return graph_is_own(g, gid) ? blob_type(&g->in, gid - g->first_own)
				    : base_type(g->base, gid);
}

static inline uint32_t graph_kind(const struct graph *g, uint32_t gid)
{
	return graph_is_own(g, gid) ? blob_kind(&g->in, gid - g->first_own)
				    : base_kind(g->base, gid);
}

/* The gid that the word @ref of the own type means. */
static inline uint32_t graph_ref(const struct graph *g, uint32_t ref)
{
	uint32_t gid = ref ? ref + g->shift : 0;

	return gid && gid < g->first_own ? base_canonical(g->base, gid) : gid;
}

/* What @gid becomes; 0 while that is not known. */
static inline uint32_t graph_image(const struct graph *g, uint32_t gid)
{
	return graph_is_own(g, gid) ? g->image[gid - g->first_own] : gid;
}

/* Is own type @i a FWD, or an enum that has a name and no values? */
static inline bool graph_is_forward(const struct graph *g, uint32_t i)
{
	uint32_t kind = blob_kind(&g->in, i);

	return kind == BTF_KIND_FWD || (btf_kind_is_enum(kind) && blob_type(&g->in, i)[BTF_NAME] &&
					!btf_word_vlen(blob_type(&g->in, i)[BTF_INFO]));
}

/* How graph_normal() writes the type ids. */
enum key_refs {
	KEY_NO_REFS,  /* as 0 */
	KEY_OUTLINES, /* as the outline of what they refer to */
	KEY_IMAGES,   /* as the image of what they refer to */
};

/*
 * Writes own type @i (0-based) into @out in normal form: as the words that
 * the base would have for it. Returns the number of words.
 */
uint32_t graph_normal(struct graph *g, uint32_t i, enum key_refs refs, uint32_t *out);

/*
 * A number that depends on no type id: made of what stands at @gid and, through
 * pointers, qualifiers and arrays, of the next thing with a name. Types that
 * may become one another have the same outline. Without it the hundreds of anonymous
 * unions that the kernel's trace events make all look alike.
 */
uint32_t graph_outline(struct graph *g, uint32_t gid);

/* Sets the bits of gid @x and @y, whose words are @tx and @ty, where both could be taken for
 * each other: a struct or union of the same name and outer shape. */
void graph_mark_twins(uint64_t *twins, uint32_t x, const uint32_t *tx, uint32_t y,
		      const uint32_t *ty);

/* Has @type, whose names are name ids, a name that the base does not know? */
bool graph_has_fresh_name(const struct graph *g, const uint32_t *type);

/* Is type @id of the base just the @nr @words, in normal form? */
bool base_is_type(const struct base *base, uint32_t id, const uint32_t *words, uint32_t nr);

/* The base's type that the @nr @words say, in normal form and no struct or union: @hash is their
 * key_words(). 0: none. */
uint32_t base_find_words(const struct base *base, const uint32_t *words, uint32_t nr,
			 uint32_t hash);

/* Do two types in normal form differ in their type ids at most? */
bool graph_same_shape(const uint32_t *a, const uint32_t *b);

/* The hash under which a type in normal form is filed. */
uint32_t key_words(const uint32_t *words, uint32_t nr);
/*
 * The hash under which a type that has a name of its own is filed. A struct, a
 * union and an enum share it with their FWD or forward enum.
 */
uint32_t key_nominal(uint32_t kind, bool kflag, uint32_t name);

#endif
