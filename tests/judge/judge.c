// SPDX-License-Identifier: GPL-2.0-only
/*
 * One case from the blobs to the verdict.
 */
#include "judge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

#define TOLD 3 /* violations of one rule */

struct judge {
	void *bytes;
	struct jblob blob;
	struct jnames names;
	uint32_t strings; /* symbols below are strings of the section */
	struct jgraph graph;
	struct jside side;
};

__attribute__((format(printf, 2, 0))) static void tell(struct jverdict *v, const char *fmt,
						       va_list ap)
{
	int n;

	if (v->used >= v->len)
		return;
	n = vsnprintf(v->why + v->used, v->len - v->used, fmt, ap);
	v->used += n > 0 ? n : 0;
}

__attribute__((format(printf, 2, 3))) static void tellf(struct jverdict *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(v, fmt, ap);
	va_end(ap);
}

void jverdict_add(struct jverdict *v, unsigned int rule, const char *fmt, ...)
{
	va_list ap;

	if (v->broken[rule]++ >= TOLD)
		return;
	tellf(v, "%srule %u: ", v->used ? "\n" : "", rule);
	va_start(ap, fmt);
	tell(v, fmt, ap);
	va_end(ap);
}

static int conclude(struct jverdict *v)
{
	int broken = 0;

	for (unsigned int rule = 1; rule < JRULES; rule++) {
		if (v->broken[rule] > TOLD)
			tellf(v, "\nrule %u: %u more", rule, v->broken[rule] - TOLD);
		broken |= v->broken[rule] > 0;
	}
	return broken;
}

/* Every string of the section gets its symbol before any name does. */
static void read_strings(struct judge *j)
{
	const char *text = (const char *)j->blob.strings, *end = text + j->blob.strings_len;

	for (; text < end; text += strlen(text) + 1)
		jnames_symbol(&j->names, text);
	j->strings = j->names.n;
}

struct judge *judge_new(const void *base, size_t base_len, char *why, size_t why_len)
{
	struct judge *j = jalloc(1, sizeof(*j));
	int err;

	jnames_init(&j->names, NULL);
	j->bytes = jalloc(1, base_len);
	memcpy(j->bytes, base, base_len);
	err = jblob_read(&j->blob, j->bytes, base_len, why, why_len);
	if (!err) {
		read_strings(j);
		err = jgraph_read(&j->graph, &j->blob, j->blob.len, NULL, NULL, &j->names, why,
				  why_len);
	}
	if (err) {
		judge_free(j);
		return NULL;
	}
	jside_init(&j->side, &j->graph);
	return j;
}

void judge_free(struct judge *j)
{
	if (!j)
		return;
	jside_free(&j->side);
	jgraph_free(&j->graph);
	jnames_free(&j->names);
	free(j->bytes);
	free(j);
}

int judge_is_split(const void *blob, size_t len)
{
	char why[80];
	struct jblob b;
	int err = jblob_read(&b, blob, len, why, sizeof(why));

	return err ? err : !b.strings_len || b.strings[0];
}

static int read_input(const struct judge *j, struct jcase *c, const void *in, size_t len,
		      bool split)
{
	char *why = c->verdict.why;
	size_t why_len = c->verdict.len;
	int err;

	err = jblob_read(&c->in_blob, in, len, why, why_len);
	if (err)
		return err;
	return jgraph_read(&c->in, &c->in_blob, len, split ? &j->graph : NULL,
			   split ? &j->blob : NULL, &c->names, why, why_len);
}

/* What is wrong with the form of an output is a violation like any other. */
static int read_output(const struct judge *j, struct jcase *c, const void *out, size_t len)
{
	char why[160] = "";
	int err;

	c->out_len = len;
	err = jblob_read(&c->out_blob, out, len, why, sizeof(why));
	if (!err)
		err = jgraph_read(&c->out, &c->out_blob, c->out_blob.len, &j->graph, &j->blob,
				  &c->names, why, sizeof(why));
	if (err)
		jverdict_add(&c->verdict, 7, "the output is broken: %s", why);
	return err;
}

static void apply_rules(struct jcase *c)
{
	jrule_form(c);
	jrule_variables(c);
	jside_init(&c->own, &c->out);
	jrel_init(&c->rel, &c->in, c->base, &c->own, c->variable);
	for (uint32_t in = c->in.first; in < c->in.cnt; in++) {
		jrel_add_candidates(&c->rel, in);
		if (c->map && c->map[in - c->in.first] < c->out.cnt)
			jrel_add(&c->rel, in, c->map[in - c->in.first]);
	}
	jrel_solve(&c->rel);
	jrule_images(c);
	jrule_inventions(c);
	jrule_unmerged(c);
	jrule_order(c);
	jrule_strings(c);
}

static void case_free(struct jcase *c)
{
	jrel_free(&c->rel);
	jside_free(&c->own);
	free(c->variable);
	jgraph_free(&c->in);
	jgraph_free(&c->out);
	jnames_free(&c->names);
}

int judge_module(const struct judge *j, const void *in, size_t in_len, bool in_is_split,
		 const void *out, size_t out_len, const uint32_t *map, char *why, size_t why_len)
{
	struct jcase c = {
		.base_blob = &j->blob,
		.base = &j->side,
		.base_strings = j->strings,
		.map = map,
		.verdict = {.why = why, .len = why_len},
	};
	int ret;

	if (why_len)
		why[0] = 0;
	jnames_init(&c.names, &j->names);
	ret = read_input(j, &c, in, in_len, in_is_split);
	if (!ret && !read_output(j, &c, out, out_len))
		apply_rules(&c);
	if (!ret)
		ret = conclude(&c.verdict);
	case_free(&c);
	return ret;
}

int judge(const void *base, size_t base_len, const void *in, size_t in_len, bool in_is_split,
	  const void *out, size_t out_len, const uint32_t *map, char *why, size_t why_len)
{
	struct judge *j = judge_new(base, base_len, why, why_len);
	int ret;

	if (!j)
		return -EINVAL;
	ret = judge_module(j, in, in_len, in_is_split, out, out_len, map, why, why_len);
	judge_free(j);
	return ret;
}
