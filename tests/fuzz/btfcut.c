// SPDX-License-Identifier: GPL-2.0-only
/*
 * btfcut BTF SEED TYPES OUT: a small piece of a large BTF, for a fuzzer's corpus.
 *
 * Some types, chosen by SEED, and what they refer to, until there are TYPES; from then on
 * pointers lead to void. The same seed with another number of types gives a piece that is
 * the same in part.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/blob.h"
#include "tests/gen/rng.h"

struct cut {
	struct blob in;
	uint32_t *words; /* of the output */
	uint32_t nr_words;
	uint32_t *map;   /* own input type -> output id, 0: it is not in */
	uint32_t *queue; /* input types, by output id - 1 */
	uint32_t nr, want;
	char *strs;
	uint32_t strs_len;
	uint32_t *str_map; /* input offset -> output offset */
};

static void take(struct cut *c, uint32_t i)
{
	if (c->map[i])
		return;
	c->queue[c->nr++] = i;
	c->map[i] = c->nr;
}

static void take_refs(struct cut *c, uint32_t i)
{
	const uint32_t *type = blob_type(&c->in, i), *w;
	const struct btf_kind *k = &btf_kinds[btf_kind_of(type)];

	if (btf_kind_of(type) == BTF_KIND_PTR && c->nr >= c->want)
		return;
	btf_for_each_ref(type, k, w)
		if (*w)
			take(c, *w - 1);
}

static uint32_t take_string(struct cut *c, uint32_t off)
{
	size_t len = strlen(c->in.strs + off) + 1;

	if (off && !c->str_map[off]) {
		memcpy(c->strs + c->strs_len, c->in.strs + off, len);
		c->str_map[off] = c->strs_len;
		c->strs_len += (uint32_t)len;
	}
	return off ? c->str_map[off] : 0;
}

static void put_type(struct cut *c, uint32_t i)
{
	uint32_t *type = c->words + c->nr_words, n = c->in.at[i + 1] - c->in.at[i], *w;
	const struct btf_kind *k;

	memcpy(type, blob_type(&c->in, i), (size_t)n * 4);
	k = &btf_kinds[btf_kind_of(type)];
	btf_for_each_name(type, k, w)
		*w = take_string(c, *w);
	btf_for_each_ref(type, k, w)
		*w = *w ? c->map[*w - 1] : 0;
	c->nr_words += n;
}

static bool ready(struct cut *c)
{
	size_t nr = c->in.nr_types + 1;

	c->words = malloc((size_t)c->in.nr_words * 4 + 4);
	c->map = calloc(nr, sizeof(*c->map));
	c->queue = malloc(nr * sizeof(*c->queue));
	c->strs = malloc((size_t)c->in.strs_len + 1);
	c->str_map = calloc((size_t)c->in.strs_len + 1, sizeof(*c->str_map));
	return c->words && c->map && c->queue && c->strs && c->str_map;
}

static void cut(struct cut *c, uint64_t seed)
{
	struct rng rng = {seed};
	uint32_t done = 0;

	c->strs[0] = '\0';
	c->strs_len = 1;
	while (c->nr < c->want && c->nr < c->in.nr_types) {
		take(c, rng_below(&rng, c->in.nr_types));
		for (; done < c->nr; done++)
			take_refs(c, c->queue[done]);
	}
	for (uint32_t i = 0; i < c->nr; i++)
		put_type(c, c->queue[i]);
}

static int save(const struct cut *c, const char *path)
{
	const uint32_t type_len = c->nr_words * 4;
	const struct blob_header h = {.magic = BTF_MAGIC,
				      .version = BTF_VERSION,
				      .hdr_len = BLOB_HEADER_SHORT,
				      .type_len = type_len,
				      .str_off = type_len,
				      .str_len = c->strs_len};
	FILE *f = fopen(path, "wb");

	if (!f || !fwrite(&h, BLOB_HEADER_SHORT, 1, f) || !fwrite(c->words, type_len, 1, f) ||
	    !fwrite(c->strs, c->strs_len, 1, f) || fclose(f)) {
		fprintf(stderr, "btfcut: %s: %s\n", path, strerror(errno));
		return 1;
	}
	return 0;
}

/* A file of any kind: what is below /sys has no size. */
static void *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *data = malloc(BLOB_MAX);

	*len = f && data ? fread(data, 1, BLOB_MAX, f) : 0;
	if (!*len)
		fprintf(stderr, "btfcut: %s: %s\n", path, strerror(errno));
	if (f)
		fclose(f);
	return data;
}

int main(int argc, char **argv)
{
	static struct arena arena; /* what is allocated lives until the end */
	static struct cut c;
	struct diag diag;
	size_t len;
	static void *data;

	if (argc != 5) {
		fprintf(stderr, "usage: btfcut BTF SEED TYPES OUT\n");
		return 2;
	}
	data = read_file(argv[1], &len);
	if (!len || arena_guard(&arena))
		return 1;
	if (blob_read(&c.in, &arena, NULL, data, len, &diag)) {
		fprintf(stderr, "btfcut: %s: %s\n", argv[1], diag.text);
		return 1;
	}
	c.want = (uint32_t)strtoul(argv[3], NULL, 0);
	if (!ready(&c))
		return 1;
	cut(&c, strtoull(argv[2], NULL, 0));
	return save(&c, argv[4]);
}
