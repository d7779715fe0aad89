/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BTF format, as far as the engine needs to know it.
 *
 * Defined by the kernel's include/uapi/linux/btf.h and
 * Documentation/bpf/btf.rst; the layout section and the wider vlen by the
 * kernel's header of 2026.
 *
 * A type section is a run of 32-bit words. Every type begins with three:
 * name offset, info, and a size or a type id; what follows depends on its
 * kind. One table, btf_kinds[], says which words are names, which are type
 * ids and which are plain data; every pass walks types through it.
 */
#ifndef MERGE_BTF_H
#define MERGE_BTF_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stdint.h>

#define BTF_NR_KINDS 20 /* BTF_KIND_UNKN (void) to BTF_KIND_ENUM64 */

/* For sets of kinds. */
#define BTF_KIND_BIT(kind) (1u << (kind))

/* How a blob relates to a base. */
enum btf_form {
	BTF_FORM_STANDALONE, /* ids from 1, string offsets from 0 */
	BTF_FORM_SPLIT,      /* both go on where the base's end */
};

/* Words of the head that every type has. */
enum {
	BTF_NAME = 0,
	BTF_INFO = 1,
	BTF_SIZE = 2, /* or the type id it refers to */
	BTF_HEAD = 3,
};

struct btf_kind {
	const char *name;
	uint8_t ref_at;   /* word of the first single type id */
	uint8_t nr_refs;  /* how many single type ids, one behind the other */
	uint8_t extra;    /* words after the head, before the elements */
	uint8_t elem;     /* words of each of the vlen elements */
	int8_t elem_name; /* word of an element that is its name, or -1 */
	int8_t elem_ref;  /* word of an element that is a type id, or -1 */
};

extern const struct btf_kind btf_kinds[BTF_NR_KINDS];

/* "STRUCT", "FUNC_PROTO", ...; "UNKN" for what is no kind. */
const char *btf_kind_name(unsigned int kind);

/*
 * Kind and vlen as the kernel of 2026 reads them: 7 and 24 bits. In BTF of
 * before, the bits that were added are zero.
 */
static inline uint32_t btf_word_kind(uint32_t info)
{
	return (info >> 24) & 0x7f;
}

static inline uint32_t btf_word_vlen(uint32_t info)
{
	return info & 0xffffff;
}

static inline bool btf_word_kflag(uint32_t info)
{
	return info >> 31;
}

static inline uint32_t btf_kind_of(const uint32_t *type)
{
	return btf_word_kind(type[BTF_INFO]);
}

/* Elements that follow: 0 for FUNC, whose vlen is its linkage. */
static inline uint32_t btf_nr_elems(const uint32_t *type)
{
	return btf_kinds[btf_kind_of(type)].elem ? btf_word_vlen(type[BTF_INFO]) : 0;
}

/* First word of element @i. */
static inline uint64_t btf_elem_at(const struct btf_kind *k, uint64_t i)
{
	return BTF_HEAD + k->extra + i * k->elem;
}

/* Length in words of a type whose info word is @info. */
static inline uint64_t btf_type_words(uint32_t info)
{
	const struct btf_kind *k = &btf_kinds[btf_word_kind(info)];

	return btf_elem_at(k, k->elem ? btf_word_vlen(info) : 0);
}

#define BTF_KINDS_COMPOSITE (BTF_KIND_BIT(BTF_KIND_STRUCT) | BTF_KIND_BIT(BTF_KIND_UNION))
#define BTF_KINDS_ENUM (BTF_KIND_BIT(BTF_KIND_ENUM) | BTF_KIND_BIT(BTF_KIND_ENUM64))

static inline bool btf_kind_is_composite(uint32_t kind)
{
	return BTF_KINDS_COMPOSITE & BTF_KIND_BIT(kind);
}

static inline bool btf_kind_is_enum(uint32_t kind)
{
	return BTF_KINDS_ENUM & BTF_KIND_BIT(kind);
}

/* Does a kind say nothing but its name and one type id, which stands where others have
 * their size? */
static inline bool btf_kind_is_of_one_ref(uint32_t kind)
{
	const uint32_t kinds = BTF_KIND_BIT(BTF_KIND_PTR) | BTF_KIND_BIT(BTF_KIND_TYPEDEF) |
			       BTF_KIND_BIT(BTF_KIND_VOLATILE) | BTF_KIND_BIT(BTF_KIND_CONST) |
			       BTF_KIND_BIT(BTF_KIND_RESTRICT) | BTF_KIND_BIT(BTF_KIND_FUNC) |
			       BTF_KIND_BIT(BTF_KIND_TYPE_TAG);

	return kinds & BTF_KIND_BIT(kind);
}

/* Kinds that are never merged. */
static inline bool btf_kind_stays(uint32_t kind)
{
	return kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC;
}

/* The kinds that one of kind @kind may refer to, UNKN for void, as a set. Only what no encoder ever
 * writes is missing: in a split BTF it shows that the ids mean another base. */
static inline uint32_t btf_may_refer_to(uint32_t kind)
{
	const uint32_t odd = BTF_KIND_BIT(BTF_KIND_FUNC) | BTF_KIND_BIT(BTF_KIND_VAR) |
			     BTF_KIND_BIT(BTF_KIND_DATASEC) | BTF_KIND_BIT(BTF_KIND_DECL_TAG);

	switch (kind) {
	case BTF_KIND_FUNC:
		return BTF_KIND_BIT(BTF_KIND_FUNC_PROTO);
	case BTF_KIND_DATASEC:
		return BTF_KIND_BIT(BTF_KIND_VAR);
	case BTF_KIND_DECL_TAG:
		return ~0u;
	default:
		return ~odd;
	}
}

/* The kind that a FWD declares. */
static inline uint32_t btf_fwd_kind_of(const uint32_t *fwd)
{
	return btf_word_kflag(fwd[BTF_INFO]) ? BTF_KIND_UNION : BTF_KIND_STRUCT;
}

/* A struct, a union, or an enum with values. */
static inline bool btf_is_definition(const uint32_t *type)
{
	uint32_t kind = btf_kind_of(type);

	return btf_kind_is_composite(kind) ||
	       (btf_kind_is_enum(kind) && btf_word_vlen(type[BTF_INFO]));
}

/* Is @type what @decl, a FWD or an enum without values, declares? Names apart. */
static inline bool btf_declares(const uint32_t *decl, const uint32_t *type)
{
	uint32_t kind = btf_kind_of(type);

	if (!btf_is_definition(type) || btf_is_definition(decl))
		return false;
	if (btf_kind_of(decl) == BTF_KIND_FWD)
		return kind == btf_fwd_kind_of(decl);
	return btf_kind_is_enum(btf_kind_of(decl)) && btf_kind_is_enum(kind);
}

/*
 * A walk over the words of a type that are type ids. In every kind they are equally far apart:
 * where a type has single ones and elements as well, FUNC_PROTO, the first element's is as far from
 * the single one as from the next element's.
 */
struct btf_walk {
	uint32_t at;   /* the word it is at */
	uint32_t left; /* words to come, this one included */
	uint32_t step;
};

static inline struct btf_walk btf_walk_refs(const uint32_t *type, const struct btf_kind *k)
{
	uint32_t elems = k->elem_ref < 0 ? 0 : btf_word_vlen(type[BTF_INFO]);

	return (struct btf_walk){
		.at = k->nr_refs ? k->ref_at : (uint32_t)(BTF_HEAD + k->extra + k->elem_ref),
		.left = k->nr_refs + elems,
		.step = k->elem_ref < 0 ? 1 : k->elem,
	};
}

static inline void btf_walk_on(struct btf_walk *walk)
{
	walk->left--;
	walk->at += walk->step;
}

/* Goes through every word of @type that is a type id: @w points to it. */
#define btf_for_each_ref(type, k, w)                         \
	for (struct btf_walk walk_ = btf_walk_refs(type, k); \
	     walk_.left && ((w) = (type) + walk_.at); btf_walk_on(&walk_))

/* Names that a type has, its own included. */
static inline uint32_t btf_nr_names(const uint32_t *type, const struct btf_kind *k)
{
	return 1 + (k->elem_name < 0 ? 0 : btf_word_vlen(type[BTF_INFO]));
}

/* The same for every word that is a name, the type's own first. */
#define btf_for_each_name(type, k, w)                                                      \
	for (uint32_t left_ = ((w) = (type) + BTF_NAME, btf_nr_names((type), (k))); left_; \
	     left_--, (w) += (w) == (type) + BTF_NAME                                      \
				     ? (uint32_t)(BTF_HEAD + (k)->extra + (k)->elem_name)  \
				     : (k)->elem)

#endif
