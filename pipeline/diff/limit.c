// SPDX-License-Identifier: GPL-2.0-only
/* What a limit may look like: [+]NUMBER[UNIT], where NUMBER may have decimals. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/diff/budget.h"

#define DECIMALS 4
#define SCALE 10000            /* 10 to the power of DECIMALS */
#define WHOLE_MAX (1ull << 30) /* so that a number of any unit fits into 64 bits, scaled */
#define PERCENT_MAX 1000000    /* of growth: ten thousand times as large */

/* Takes a number off *@text, in 1 / SCALE. */
static bool take_number(const char **text, uint64_t *scaled)
{
	const char *s = *text;
	uint64_t whole = 0, rest = 0, unit = SCALE;

	if (!isdigit((unsigned char)*s))
		return false;
	for (; isdigit((unsigned char)*s); s++) {
		whole = whole * 10 + (uint64_t)(*s - '0');
		if (whole > WHOLE_MAX * SCALE)
			return false;
	}
	if (*s == '.' && isdigit((unsigned char)s[1])) {
		for (s++; isdigit((unsigned char)*s); s++) {
			unit /= 10;
			if (!unit)
				return false;
			rest += unit * (uint64_t)(*s - '0');
		}
	}
	*scaled = whole * SCALE + rest;
	*text = s;
	return true;
}

static bool take_unit(const char *text, uint64_t *unit)
{
	static const struct {
		const char *name;
		uint64_t bytes;
	} units[] = {
		{"", 1},        {"B", 1},         {"K", 1 << 10}, {"KiB", 1 << 10},
		{"M", 1 << 20}, {"MiB", 1 << 20}, {"G", 1 << 30}, {"GiB", 1 << 30},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text, units[i].name))
			continue;
		*unit = units[i].bytes;
		return true;
	}
	return false;
}

/* A fraction of a byte has no meaning and is refused as a typing error. */
static bool bytes_of(uint64_t scaled, uint64_t unit, uint64_t *bytes)
{
	if (unit == 1 && scaled % SCALE)
		return false;
	if (scaled / SCALE > WHOLE_MAX * SCALE / unit)
		return false;
	*bytes = scaled / SCALE * unit + scaled % SCALE * unit / SCALE;
	return true;
}

bool budget_bytes(const char *text, uint64_t *bytes)
{
	uint64_t scaled, unit;

	return take_number(&text, &scaled) && take_unit(text, &unit) &&
	       bytes_of(scaled, unit, bytes);
}

static bool percent(const char *text, uint64_t *millionths)
{
	return take_number(&text, millionths) && !strcmp(text, "%") &&
	       *millionths <= (uint64_t)PERCENT_MAX * SCALE;
}

static bool limit_parse(const char *text, struct limit *limit)
{
	const char *growth = *text == '+' ? text + 1 : NULL;

	limit->kind = LIMIT_PERCENT;
	if (growth && percent(growth, &limit->n))
		return true;
	limit->kind = growth ? LIMIT_GROWTH : LIMIT_SIZE;
	return budget_bytes(growth ? growth : text, &limit->n);
}

int budget_add(struct budget_rule *rule, const char *text, const char *where, struct diag *diag)
{
	struct limit limit = {0};

	if (!limit_parse(text, &limit))
		return diag_fail(diag, -EINVAL,
				 "'%.80s' is no limit like +5%%, +4KiB (growth) or 512KiB (size)",
				 text);
	if (rule->nr_limits == LIMITS_PER_RULE)
		return diag_fail(diag, -EINVAL, "more than %d limits", LIMITS_PER_RULE);
	limit.text = strdup(text);
	limit.where = strdup(where);
	rule->limits[rule->nr_limits++] = limit;
	return limit.text && limit.where ? 0 : diag_fail(diag, -ENOMEM, "out of memory");
}
