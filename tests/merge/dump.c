// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/merge/fixture.h"

/* Two string sections, one behind the other, and the split's types. */
struct reader {
	const char *strs[2];
	uint32_t strs_len[2];
	FILE *out;
};

static const struct btf_header *header(const void *blob)
{
	return blob;
}

static const char *section(const void *blob, uint32_t off)
{
	return (const char *)blob + header(blob)->hdr_len + off;
}

static uint32_t count_types(const void *blob)
{
	const uint32_t *w = (const uint32_t *)(const void *)section(blob, header(blob)->type_off);
	const uint32_t *end = w + header(blob)->type_len / 4;
	uint32_t n = 0;

	static const uint8_t extra[20] = {[1] = 1, [3] = 3, [14] = 1, [17] = 1};
	static const uint8_t elem[20] = {[4] = 3, [5] = 3, [6] = 2, [13] = 2, [15] = 3, [19] = 3};

	while (w < end) {
		w += 3 + extra[w[1] >> 24 & 31] + (w[1] & 0xffff) * elem[w[1] >> 24 & 31];
		n++;
	}
	assert(w == end);
	return n;
}

static const char *name(const struct reader *r, uint32_t off)
{
	if (off < r->strs_len[0])
		return off ? r->strs[0] + off : "-";
	assert(off - r->strs_len[0] < r->strs_len[1]);
	return r->strs[1] + off - r->strs_len[0];
}

static const uint32_t *dump_members(const struct reader *r, const uint32_t *w, uint32_t vlen,
				    bool kflag)
{
	for (; vlen; vlen--, w += 3) {
		fprintf(r->out, " %s:%u@%u", name(r, w[0]), w[1], kflag ? w[2] & 0xffffff : w[2]);
		if (kflag && w[2] >> 24)
			fprintf(r->out, ":%u", w[2] >> 24);
	}
	return w;
}

static const uint32_t *dump_enum(const struct reader *r, const uint32_t *w, uint32_t vlen,
				 int words)
{
	for (; vlen; vlen--, w += words)
		fprintf(r->out, " %s=%lld", name(r, w[0]),
			words == 2 ? (long long)(int32_t)w[1]
				   : (long long)((uint64_t)w[2] << 32 | w[1]));
	return w;
}

static const uint32_t *dump_type(const struct reader *r, uint32_t id, const uint32_t *w)
{
	static const char *const kinds[] = {
		"?",   "INT",     "PTR",      "ARRAY",    "STRUCT",   "UNION", "ENUM",
		"FWD", "TYPEDEF", "VOLATILE", "CONST",    "RESTRICT", "FUNC",  "FUNC_PROTO",
		"VAR", "DATASEC", "FLOAT",    "DECL_TAG", "TYPE_TAG", "ENUM64"};
	uint32_t kind = w[1] >> 24 & 31, vlen = w[1] & 0xffff;
	bool kflag = w[1] >> 31;

	assert(kind && kind < 20);
	fprintf(r->out, "[%u] %s %s%s", id, kinds[kind], name(r, w[0]), kflag ? " kflag" : "");
	switch (kind) {
	case BTF_KIND_INT:
		fprintf(r->out, " size=%u data=%#x", w[2], w[3]);
		w += 4;
		break;
	case BTF_KIND_FLOAT:
		fprintf(r->out, " size=%u", w[2]);
		w += 3;
		break;
	case BTF_KIND_FWD:
		w += 3;
		break;
	case BTF_KIND_ARRAY:
		fprintf(r->out, " of=%u index=%u nr=%u", w[3], w[4], w[5]);
		w += 6;
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		fprintf(r->out, " size=%u", w[2]);
		w = dump_members(r, w + 3, vlen, kflag);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		fprintf(r->out, " size=%u", w[2]);
		w = dump_enum(r, w + 3, vlen, kind == BTF_KIND_ENUM ? 2 : 3);
		break;
	case BTF_KIND_FUNC_PROTO:
		fprintf(r->out, " -> %u (", w[2]);
		for (w += 3; vlen; vlen--, w += 2)
			fprintf(r->out, " %s:%u", name(r, w[0]), w[1]);
		fputs(" )", r->out);
		break;
	case BTF_KIND_DATASEC:
		fprintf(r->out, " size=%u", w[2]);
		for (w += 3; vlen; vlen--, w += 3)
			fprintf(r->out, " %u@%u+%u", w[0], w[1], w[2]);
		break;
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		fprintf(r->out, " -> %u (%d)", w[2], (int)w[3]);
		w += 4;
		break;
	case BTF_KIND_FUNC:
		fprintf(r->out, " -> %u (%u)", w[2], vlen);
		w += 3;
		break;
	default:
		fprintf(r->out, " -> %u", w[2]);
		w += 3;
	}
	fputc('\n', r->out);
	return w;
}

char *dump_split(const void *base, size_t base_len, const void *split, size_t len)
{
	const uint32_t *w = (const uint32_t *)(const void *)section(split, header(split)->type_off);
	const uint32_t *end = w + header(split)->type_len / 4;
	struct reader r = {
		{section(base, header(base)->str_off), section(split, header(split)->str_off)},
		{header(base)->str_len, header(split)->str_len},
		NULL,
	};
	uint32_t id = count_types(base) + 1;
	char *text = NULL;
	size_t size;

	r.out = open_memstream(&text, &size);
	while (w < end)
		w = dump_type(&r, id++, w);
	assert(w == end);
	fclose(r.out);
	return text;
}
