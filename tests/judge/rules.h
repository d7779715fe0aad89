/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of the contract, each a function over one case that adds what it
 * finds to the verdict.
 */
#ifndef JUDGE_RULES_H
#define JUDGE_RULES_H

#include "graph.h"
#include "relation.h"

#define JRULES 8 /* rule 1 to 7; [0] is unused */

struct jverdict {
	char *why;
	size_t len, used;
	unsigned int broken[JRULES]; /* violations by rule */
};

void jverdict_add(struct jverdict *v, unsigned int rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* One input, its output and all that is known of them. */
struct jcase {
	const struct jblob *base_blob;
	const struct jside *base;
	uint32_t base_strings; /* symbols below are strings of the base's section */
	struct jblob in_blob, out_blob;
	size_t out_len;
	struct jnames names;
	struct jgraph in, out;
	struct jside own;
	const uint32_t *map;
	uint32_t *variable; /* own input type -> the output's VAR or DATASEC, or JNONE */
	struct jrel rel;
	struct jverdict verdict;
};

/* form.c: byte order, header, sections (rule 7), the string section (rule 4). */
void jrule_form(struct jcase *c);
void jrule_strings(struct jcase *c);

/* rules.c. The first sets `variable`, what comes after the second wants `rel` solved. */
void jrule_variables(struct jcase *c);  /* rule 3: VAR and DATASEC, one by one */
void jrule_unmerged(struct jcase *c);   /* rule 3: nothing is there twice */
void jrule_images(struct jcase *c);     /* rules 1 and 2: nothing lost */
void jrule_inventions(struct jcase *c); /* rules 1 and 2: nothing made up */
void jrule_order(struct jcase *c);      /* rule 4: the order of the input */

#endif
