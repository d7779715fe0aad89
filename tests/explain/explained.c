// SPDX-License-Identifier: GPL-2.0-only
#include "tests/explain/explained.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void explained_begin(struct explained *x, const void *base, size_t len)
{
	struct diag diag;

	memset(x, 0, sizeof(*x));
	if (base_new(&x->base, base, len, &diag) || explain_base_new(&x->index, x->base, &diag))
		fail_msg("base: %s", diag.text);
	x->dedup = dedup_new();
	x->explain = explain_new();
	assert_non_null(x->dedup);
	assert_non_null(x->explain);
}

/* Whatever is explained: every type has its place in the sums. */
static void assert_sums(const struct explained *x)
{
	const struct explain_result *r = &x->result;
	uint64_t last = 0;

	assert_int_equal(r->all.types, x->res.split_types);
	assert_int_equal(r->all.bytes, x->res.split_type_bytes);
	assert_int_equal(r->all.types, r->never.types + r->fresh.types + r->blocked.types);
	assert_int_equal(r->all.bytes, r->never.bytes + r->fresh.bytes + r->blocked.bytes);
	for (uint32_t i = 0; i < r->nr_causes; i++) {
		const struct explain_cause *c = &r->causes[i];

		last += c->last;
		assert_true(c->alone.bytes <= c->involved.bytes);
		assert_true(c->last <= c->involved.bytes);
		assert_true(!i || r->causes[i - 1].involved.bytes >= c->involved.bytes);
		assert_true(c->base_id && c->base_id < base_type_cnt(x->base));
		/* What is an example of it, ends with it. */
		assert_string_equal(c->path + strlen(c->path) - strlen(c->what), c->what);
	}
	assert_int_equal(last, r->blocked.bytes);
}

void explained_module(struct explained *x, const void *module, size_t len)
{
	struct diag diag;

	x->module = module;
	x->module_len = len;
	if (dedup_module(x->dedup, x->base, module, len, &x->res, &diag) ||
	    explain_module(x->explain, x->index, &x->res, &x->result, &diag))
		fail_msg("module: %s", diag.text);
	assert_sums(x);
}

void explained_end(struct explained *x)
{
	explain_free(x->explain);
	dedup_free(x->dedup);
	explain_base_free(x->index);
	base_free(x->base);
}

void explained_built(struct explained *x, struct bld *base, struct bld *module)
{
	size_t base_len, len;
	void *b = bld_finish(base, &base_len), *m = bld_finish(module, &len);

	explained_begin(x, b, base_len);
	explained_module(x, m, len);
	x->base_blob = b;
	bld_free(base);
	bld_free(module);
}

void explained_end_built(struct explained *x)
{
	explained_end(x);
	free((void *)x->module);
	free(x->base_blob);
}

struct explain_type explained_type(struct explained *x, const char *spec)
{
	struct explain_list list;
	struct explain_type t;
	struct diag diag;

	if (explain_find(x->explain, x->index, x->module, x->module_len, &x->res, spec, &list,
			 &diag))
		fail_msg("%s: %s", spec, diag.text);
	if (list.nr != 1)
		fail_msg("%s: %u types", spec, list.nr);
	if (explain_type(x->explain, list.types[0].output_id, &t, &diag))
		fail_msg("%s: %s", spec, diag.text);
	return t;
}

char *explained_causes(const struct explained *x)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	for (uint32_t i = 0; i < x->result.nr_causes; i++) {
		const struct explain_cause *c = &x->result.causes[i];

		fprintf(f, "%s %u %u %" PRIu64 " %s\n", explain_kind_name(c->kind), c->alone.bytes,
			c->involved.bytes, c->last, c->what);
	}
	fclose(f);
	return text;
}
