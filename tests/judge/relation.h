/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * "Structurally the same": the relation between the types of an input and those
 * of an output space (the base and the split BTF's own types).
 *
 * It is a greatest fixpoint. A pair (i, o) is assumed to hold when the two words
 * agree in all but their ids (the shape); each pair of types that the two refer
 * to, in order, becomes a pair of its own; a pair that cannot hold is struck out,
 * and with it, one after the other, those that depend on it. What is left at the
 * end holds: rings of types need no care.
 *
 * Two relaxations, and only these:
 *  - a declaration in the input (FWD, enum without values) pairs with the
 *    definition of that kind and name;
 *  - a definition in the input pairs with the *base's* declaration of it. Such a
 *    pair serves those that refer to it, and is no image of the definition. It
 *    does not serve in a strict pair: what the split BTF itself refers to,
 *    directly or through pointers, modifiers, typedefs, arrays and prototypes
 *    only, is strict. Inside a struct of the base, strictness ends.
 *
 * Each VAR and DATASEC pairs with one type, as these are never merged: `variable`.
 *
 * Pairs are made on demand. The candidates of a named or composed type are those of
 * its shape; those of a pointer and its like, where the shape says nothing, are
 * what refers to a candidate of their target.
 */
#ifndef JUDGE_RELATION_H
#define JUDGE_RELATION_H

#include "graph.h"

/* The own types of an output graph (the base or the split BTF), by what they
 * are looked for. The values are ids. */
struct jside {
	const struct jgraph *g;
	uint32_t *shape; /* own type -> hash of all but ids */
	struct jmap by_shape;
	struct jmap by_tag;   /* structs, unions, enums and their declarations by name */
	struct jmap by_edge;  /* pointers and their like by shape, slot and target */
	struct jmap by_words; /* by everything, ids too */
};

void jside_init(struct jside *s, const struct jgraph *g);
void jside_free(struct jside *s);
/* A type of @s other than @id that has the very words @t, or JNONE. */
uint32_t jside_find_words(const struct jside *s, const uint32_t *t, uint32_t id);

struct jpair {
	uint32_t in, out;
	bool strict;
	bool dead;
	uint32_t cause; /* of death: another pair, or JNONE when the two differ themselves */
	uint32_t users; /* who depends on this pair: list in `uses` */
};

struct juse {
	uint32_t pair, next;
};

struct jcandidates {
	uint32_t start, n;
	enum { JCAND_NEW, JCAND_BUSY, JCAND_DONE } state;
};

struct jrel {
	const struct jgraph *in, *out;
	const struct jside *base, *own; /* of the output space */
	const uint32_t *variable;       /* own input type -> its VAR or DATASEC, an output id */
	uint32_t *in_shape;             /* own input type -> hash of all but ids */
	struct jpair *pairs;
	uint32_t n, cap;
	uint32_t expanded; /* pairs below are */
	struct jmap by_ids;
	struct juse *uses;
	uint32_t n_uses, cap_uses;
	struct jvec struck;             /* dead, and their users do not know yet */
	struct jcandidates *candidates; /* by input id */
	struct jvec pool;               /* of the candidates */
};

/* @variable must hold an output id for each VAR and DATASEC of @in's own types. */
void jrel_init(struct jrel *r, const struct jgraph *in, const struct jside *base,
	       const struct jside *own, const uint32_t *variable);
void jrel_free(struct jrel *r);
/* The pair (@in, @out), not strict. Only after jrel_solve() is `dead` the truth. */
uint32_t jrel_add(struct jrel *r, uint32_t in, uint32_t out);
/* Adds every pair that could make an image of @in. */
void jrel_add_candidates(struct jrel *r, uint32_t in);
void jrel_solve(struct jrel *r);

/* Same shape, so no relaxation between these two themselves. */
bool jrel_exact(const struct jrel *r, uint32_t pair);
/* Where a dead pair's trouble begins: a pair that differs itself. */
const struct jpair *jrel_culprit(const struct jrel *r, uint32_t pair);

#endif
