/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A graph of BTF types that can still be changed: what the generator works on
 * before it writes bytes.
 *
 * Types have ids as in BTF, 0 is void. Every reference a type makes is in `ref`,
 * `index` or one of its elements, and 0 where its kind has none, so a pass
 * need not know the kinds. A graph does not own its names.
 */
#ifndef TESTS_GEN_TYPES_H
#define TESTS_GEN_TYPES_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stdint.h>

/* A member, enumerator, parameter or entry of a DATASEC. */
struct tg_elem {
	const char *name; /* never NULL */
	uint32_t type;
	uint32_t off;  /* member: bits; entry: bytes */
	uint32_t bits; /* member: width of a bitfield or 0; entry: size in bytes */
	uint64_t val;  /* enumerator */
};

struct tg_type {
	const char *name; /* never NULL */
	uint8_t kind;     /* BTF_KIND_* */
	bool kflag;
	uint32_t ref;   /* what it points at, wraps, returns or tags; an ARRAY's element */
	uint32_t index; /* ARRAY: the index type */
	uint32_t size;  /* bytes */
	uint32_t extra; /* INT: its word; ARRAY: nelems; FUNC, VAR: linkage; DECL_TAG: component */
	uint32_t first, vlen; /* its elements */
};

struct tg {
	struct tg_type *types;
	uint32_t n, cap; /* void counted */
	struct tg_elem *elems;
	uint32_t nelems, elem_cap;
};

void tg_init(struct tg *g);
void tg_free(struct tg *g);

/* A new type without elements; its id. Pointers into @g die. */
uint32_t tg_add(struct tg *g, unsigned int kind, const char *name);
/* Gives type @id a copy of @n elements (@elems not in @g) instead of those it has; NULL: zeroed
 * ones. Pointers into @g die. */
void tg_set_elems(struct tg *g, uint32_t id, const struct tg_elem *elems, uint32_t n);
struct tg_elem *tg_elems(const struct tg *g, uint32_t id);

/* The number of references of a type, and a place where one is kept. */
uint32_t tg_nrefs(const struct tg *g, uint32_t id);
uint32_t *tg_ref(const struct tg *g, uint32_t id, uint32_t i);

/* Appends the types of @src, which refer to each other only; they follow on. */
void tg_append(struct tg *g, const struct tg *src);
/* Each type i for which map[i] != i goes away, and who referred to it refers to
 * map[i], which must stay (map[map[i]] == map[i]). The order of the others stays. */
void tg_redirect(struct tg *g, const uint32_t *map);
/* Type order[i] becomes number @from + i, for all from @from on. */
void tg_reorder(struct tg *g, uint32_t from, const uint32_t *order);

/* Bytes of a value of the type; 0 when it has none (void, functions, FWD). */
uint32_t tg_size(const struct tg *g, uint32_t id);
/* A struct or union, or an enum, that is only declared. */
bool tg_is_fwd(const struct tg_type *t);

#endif
