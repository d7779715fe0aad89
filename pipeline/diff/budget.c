// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/diff/budget.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define MILLION 1000000

/* What is compared with its limits: a module, or the total. */
struct measured {
	const struct diff_module *module; /* NULL: the total */
	bool grown;                       /* there is something that it grew from */
	uint64_t old, new;
	char *key; /* of a module: what patterns are held against */
};

struct check {
	const struct budgets *budgets;
	uint64_t min_change;
	struct overs *overs;
};

/* @n * @millionths / MILLION; of split BTF's sums and what limit.c lets through nothing
 * overflows. */
static uint64_t part(uint64_t n, uint64_t millionths)
{
	return n / MILLION * millionths + n % MILLION * millionths / MILLION;
}

static uint64_t allowed(const struct limit *limit, uint64_t old)
{
	switch (limit->kind) {
	case LIMIT_PERCENT:
		return old + part(old, limit->n);
	case LIMIT_GROWTH:
		return old + limit->n;
	case LIMIT_SIZE:
		break;
	}
	return limit->n;
}

static bool exceeds(const struct check *c, const struct limit *limit, const struct measured *m)
{
	if (limit->kind != LIMIT_SIZE &&
	    (!m->grown || m->new <= m->old || m->new - m->old < c->min_change))
		return false;
	return m->new > allowed(limit, m->old);
}

static int add_over(struct overs *overs, const struct measured *m, const struct limit *limit)
{
	struct over *over = realloc(overs->over, (overs->nr + 1) * sizeof(*over));

	if (!over)
		return -ENOMEM;
	overs->over = over;
	over[overs->nr++] = (struct over){m->module, limit, m->old, m->new, allowed(limit, m->old)};
	return 0;
}

static int check_rule(const struct check *c, const struct budget_rule *rule,
		      const struct measured *m)
{
	int err = 0;

	for (unsigned int i = 0; i < rule->nr_limits && !err; i++)
		if (exceeds(c, &rule->limits[i], m))
			err = add_over(c->overs, m, &rule->limits[i]);
	return err;
}

/* A pattern without a slash is one of file names. */
static bool matches(const struct budget_rule *rule, const struct measured *m)
{
	const char *text = m->key;

	if (!rule->pattern || !m->module)
		return !rule->pattern && !m->module;
	if (!strchr(rule->pattern, '/') && strrchr(text, '/'))
		text = strrchr(text, '/') + 1;
	return !fnmatch(rule->pattern, text, 0);
}

/* The last line of the file that names it. */
static int check_file(const struct check *c, const struct measured *m)
{
	const struct budgets *b = c->budgets;

	for (size_t i = b->nr_rules; i--;)
		if (matches(&b->rules[i], m))
			return check_rule(c, &b->rules[i], m);
	return 0;
}

static int check_total(const struct check *c, const struct diff *d)
{
	const struct measured m = {
		.grown = true,
		.old = d->old.sums.split_bytes,
		.new = d->new.sums.split_bytes,
	};
	int err = check_rule(c, &c->budgets->total, &m);

	return err ? err : check_file(c, &m);
}

static int check_module(const struct check *c, const struct diff_module *module)
{
	struct measured m = {
		.module = module,
		.grown = module->change != DIFF_CAME,
		.old = diff_bytes(module->old),
		.new = diff_bytes(module->new),
	};
	size_t len;
	const char *key = diff_key(diff_path(module), &len);
	int err;

	if (module->change == DIFF_FAILED)
		return 0;
	m.key = strndup(key, len);
	if (!m.key)
		return -ENOMEM;
	err = check_rule(c, &c->budgets->module, &m);
	if (!err)
		err = check_file(c, &m);
	free(m.key);
	return err;
}

int budgets_check(const struct budgets *budgets, const struct diff *diff, uint64_t min_change,
		  struct overs *overs)
{
	const struct check c = {budgets, min_change, overs};
	int err;

	*overs = (struct overs){0};
	err = check_total(&c, diff);
	for (uint32_t i = 0; i < diff->nr_modules && !err; i++)
		err = check_module(&c, &diff->modules[i]);
	return err;
}

void overs_free(struct overs *overs)
{
	free(overs->over);
}
