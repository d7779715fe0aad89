// SPDX-License-Identifier: GPL-2.0-only
#include "tests/merge/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "tests/judge/judge.h"

struct bld *with_int(void)
{
	struct bld *b = bld_new(1, 0);

	bld_int(b, "int", 4, 1, 0, 32);
	return b;
}

static struct base *base_of(const void *data, size_t len)
{
	struct base *base;
	struct diag diag;

	if (base_new(&base, data, len, &diag))
		fail_msg("base: %s", diag.text);
	return base;
}

struct over over_base(struct bld *base)
{
	struct over over;

	over.blob = bld_finish(base, &over.len);
	over.base = base_of(over.blob, over.len);
	bld_free(base);
	return over;
}

void over_free(struct over *over)
{
	base_free(over->base);
	free(over->blob);
}

void over_dedup(const struct over *over, struct dedup *d, struct bld *module,
		struct dedup_result *res)
{
	size_t len;
	void *blob = bld_finish(module, &len);
	struct diag diag;

	if (dedup_module(d, over->base, blob, len, res, &diag))
		fail_msg("refused: %s", diag.text);
	free(blob);
	bld_free(module);
}

static bool is_native(const void *blob)
{
	return *(const uint16_t *)blob == BTF_MAGIC;
}

/* With all passes made over all of @module. */
static void assert_same_with_nothing_spared(const struct base *base, const void *module, size_t len,
					    const struct dedup_result *want)
{
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct diag diag;

	dedup_spare_nothing(d);
	if (dedup_module(d, base, module, len, &res, &diag))
		fail_msg("refused when nothing is spared: %s", diag.text);
	assert_int_equal(res.split_bytes, want->split_bytes);
	assert_memory_equal(res.split, want->split, want->split_bytes);
	assert_memory_equal(res.map, want->map, want->input_types * sizeof(*want->map));
	assert_int_equal(res.ambiguous, want->ambiguous);
	dedup_free(d);
}

static void assert_idempotent(const struct base *base, const void *split, uint32_t len)
{
	struct dedup *d = dedup_new();
	struct dedup_result again;
	struct diag diag;

	if (dedup_module(d, base, split, len, &again, &diag))
		fail_msg("the output is refused: %s", diag.text);
	assert_int_equal(again.form, BTF_FORM_SPLIT);
	assert_int_equal(again.split_bytes, len);
	assert_memory_equal(again.split, split, len);
	assert_same_with_nothing_spared(base, split, len, &again);
	dedup_free(d);
}

uint32_t assert_dedup_blobs(const void *base_data, size_t base_len, const void *module, size_t len,
			    const char *expected)
{
	struct base *base = base_of(base_data, base_len);
	struct dedup *d = dedup_new();
	struct dedup_result res;
	char why[1024], *text;
	struct diag diag;
	uint32_t bytes;

	if (dedup_module(d, base, module, len, &res, &diag))
		fail_msg("refused: %s", diag.text);
	if (is_native(base_data) && is_native(res.split)) {
		text = dump_split(base_data, base_len, res.split, res.split_bytes);
		assert_string_equal(text, expected);
		free(text);
	}
	if (judge(base_data, base_len, module, len, res.form == BTF_FORM_SPLIT, res.split,
		  res.split_bytes, res.map, why, sizeof(why)))
		fail_msg("judge: %s", why);
	assert_same_with_nothing_spared(base, module, len, &res);
	assert_idempotent(base, res.split, res.split_bytes);
	bytes = res.split_bytes;
	dedup_free(d);
	base_free(base);
	return bytes;
}

void assert_dedup(struct bld *base, struct bld *module, const char *expected)
{
	size_t base_len, len;
	void *b = bld_finish(base, &base_len), *m = bld_finish(module, &len);

	assert_dedup_blobs(b, base_len, m, len, expected);
	free(b);
	free(m);
	bld_free(base);
	bld_free(module);
}

void assert_blob_refused(const void *base_data, size_t base_len, const void *module, size_t len,
			 int err, const char *why)
{
	struct base *base = base_of(base_data, base_len);
	struct dedup *d = dedup_new();
	struct dedup_result res;
	struct diag diag = {""};

	assert_int_equal(dedup_module(d, base, module, len, &res, &diag), err);
	if (!strstr(diag.text, why))
		fail_msg("the reason is \"%s\", without \"%s\"", diag.text, why);
	dedup_spare_nothing(d);
	assert_int_equal(dedup_module(d, base, module, len, &res, &diag), err);
	dedup_free(d);
	base_free(base);
}

void assert_refused(struct bld *base, struct bld *module, int err, const char *why)
{
	size_t base_len, len;
	void *b = bld_finish(base, &base_len), *m = bld_finish(module, &len);

	assert_blob_refused(b, base_len, m, len, err, why);
	free(b);
	free(m);
	bld_free(base);
	bld_free(module);
}
