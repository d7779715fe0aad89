// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gen/build.h"

#include <byteswap.h>
#include <endian.h>
#include <linux/btf.h>
#include <string.h>

#include "tests/gen/mem.h"
#include "tests/gen/strs.h"

#define KIND_FLAG 0x80000000u
#define HEAD_BYTES 12
#define NR_KINDS 20
#define HDR_SHORT 24
#define HDR_LONG 32
#define MAGIC 0xeb9f
#define LAYOUT_SIZE (NR_KINDS * 4)

/* What follows the head of a type, in bytes. */
static const struct {
	uint8_t info, elem;
} kind_sizes[NR_KINDS] = {
	[BTF_KIND_INT] = {4, 0},        [BTF_KIND_ARRAY] = {12, 0}, [BTF_KIND_STRUCT] = {0, 12},
	[BTF_KIND_UNION] = {0, 12},     [BTF_KIND_ENUM] = {0, 8},   [BTF_KIND_ENUM64] = {0, 12},
	[BTF_KIND_FUNC_PROTO] = {0, 8}, [BTF_KIND_VAR] = {4, 0},    [BTF_KIND_DATASEC] = {0, 12},
	[BTF_KIND_DECL_TAG] = {4, 0},
};

struct bld {
	uint32_t *words; /* the type section, in our byte order: it is all u32 */
	uint32_t n, cap;
	uint32_t last; /* index in @words of the type added last */
	uint32_t start_id, next_id;
	uint32_t start_str;
	struct strs own, base;
	enum bld_strings how;
	uint32_t new_strings;
	bool big_endian, layout;
};

struct bld *bld_new(uint32_t start_id, uint32_t start_str)
{
	struct bld *b = mem_zeroed(1, sizeof(*b));

	b->start_id = b->next_id = start_id;
	b->start_str = start_str;
	if (!start_str)
		strs_append(&b->own, "");
	return b;
}

/* A u32 of a blob in either byte order. */
static uint32_t word_at(const uint8_t *p, bool swap)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? bswap_32(v) : v;
}

static uint32_t count_types(const uint8_t *types, uint32_t len, bool swap)
{
	uint32_t n = 0, info, kind;

	for (uint32_t off = 0; off < len; n++) {
		info = word_at(types + off + 4, swap);
		kind = BTF_INFO_KIND(info);
		if (kind >= NR_KINDS)
			abort();
		off += HEAD_BYTES + kind_sizes[kind].info +
		       BTF_INFO_VLEN(info) * kind_sizes[kind].elem;
	}
	return n;
}

struct bld *bld_new_split(const void *base, size_t len)
{
	const uint8_t *p = base;
	bool swap = p[0] != (uint8_t)(htole16(MAGIC) == MAGIC ? 0x9f : 0xeb);
	uint32_t hdr = word_at(p + 4, swap), str_len = word_at(p + 20, swap);
	struct bld *b;

	b = bld_new(1 + count_types(p + hdr + word_at(p + 8, swap), word_at(p + 12, swap), swap),
		    str_len);
	strs_load(&b->base, (const char *)p + hdr + word_at(p + 16, swap), str_len);
	return b;
}

void bld_free(struct bld *b)
{
	if (!b)
		return;
	free(b->words);
	strs_free(&b->own);
	strs_free(&b->base);
	free(b);
}

void bld_set_strings(struct bld *b, enum bld_strings how)
{
	b->how = how;
}

void bld_set_big_endian(struct bld *b, bool on)
{
	b->big_endian = on;
}

void bld_set_layout(struct bld *b, bool on)
{
	b->layout = on;
}

/* Every second new string gets something in front, so that its name begins in the
 * middle of it. */
static uint32_t bld_new_tail(struct bld *b, const char *name)
{
	static const char front[] = "__x_";
	char *longer = mem_resize(NULL, sizeof(front) + strlen(name), 1);
	uint32_t off;

	strcpy(stpcpy(longer, front), name);
	off = strs_append(&b->own, longer) + (uint32_t)strlen(front);
	free(longer);
	return off;
}

static uint32_t bld_own_str(struct bld *b, const char *name)
{
	uint32_t off = STRS_NONE;

	if (b->how == BLD_STR_SHARED)
		off = strs_find(&b->own, name);
	else if (b->how == BLD_STR_TAILS)
		off = strs_find_tail(&b->own, name);
	if (off != STRS_NONE)
		return off;
	if (b->how == BLD_STR_TAILS && b->new_strings++ % 2)
		return bld_new_tail(b, name);
	return strs_append(&b->own, name);
}

static uint32_t bld_str(struct bld *b, const char *name)
{
	uint32_t off;

	if (!name || !*name)
		return 0;
	/* Whole strings only: no writer looks for tails in a base. */
	off = strs_find(&b->base, name);
	if (off != STRS_NONE)
		return off;
	return b->start_str + bld_own_str(b, name);
}

static void bld_word(struct bld *b, uint32_t word)
{
	b->words = mem_grow(b->words, &b->cap, b->n + 1, sizeof(*b->words));
	b->words[b->n++] = word;
}

static uint32_t bld_type(struct bld *b, uint32_t kind, const char *name, uint32_t size_or_type)
{
	b->last = b->n;
	bld_word(b, bld_str(b, name));
	bld_word(b, kind << 24);
	bld_word(b, size_or_type);
	return b->next_id++;
}

/* One more of vlen for the type added last. */
static void bld_elem(struct bld *b, uint32_t first, uint32_t second)
{
	b->words[b->last + 1]++;
	bld_word(b, first);
	bld_word(b, second);
}

void bld_kflag(struct bld *b)
{
	b->words[b->last + 1] |= KIND_FLAG;
}

static uint32_t bld_flagged(struct bld *b, uint32_t id, bool flag)
{
	if (flag)
		bld_kflag(b);
	return id;
}

uint32_t bld_int(struct bld *b, const char *name, uint32_t size, uint32_t encoding,
		 uint32_t bit_offset, uint32_t bits)
{
	uint32_t id = bld_type(b, BTF_KIND_INT, name, size);

	bld_word(b, encoding << 24 | bit_offset << 16 | bits);
	return id;
}

uint32_t bld_float(struct bld *b, const char *name, uint32_t size)
{
	return bld_type(b, BTF_KIND_FLOAT, name, size);
}

uint32_t bld_ptr(struct bld *b, uint32_t type)
{
	return bld_type(b, BTF_KIND_PTR, NULL, type);
}

uint32_t bld_const(struct bld *b, uint32_t type)
{
	return bld_type(b, BTF_KIND_CONST, NULL, type);
}

uint32_t bld_volatile(struct bld *b, uint32_t type)
{
	return bld_type(b, BTF_KIND_VOLATILE, NULL, type);
}

uint32_t bld_restrict(struct bld *b, uint32_t type)
{
	return bld_type(b, BTF_KIND_RESTRICT, NULL, type);
}

uint32_t bld_typedef(struct bld *b, const char *name, uint32_t type)
{
	return bld_type(b, BTF_KIND_TYPEDEF, name, type);
}

uint32_t bld_array(struct bld *b, uint32_t type, uint32_t index_type, uint32_t nelems)
{
	uint32_t id = bld_type(b, BTF_KIND_ARRAY, NULL, 0);

	bld_word(b, type);
	bld_word(b, index_type);
	bld_word(b, nelems);
	return id;
}

uint32_t bld_struct(struct bld *b, const char *name, uint32_t size)
{
	return bld_type(b, BTF_KIND_STRUCT, name, size);
}

uint32_t bld_union(struct bld *b, const char *name, uint32_t size)
{
	return bld_type(b, BTF_KIND_UNION, name, size);
}

uint32_t bld_fwd(struct bld *b, const char *name, bool is_union)
{
	return bld_flagged(b, bld_type(b, BTF_KIND_FWD, name, 0), is_union);
}

uint32_t bld_enum(struct bld *b, const char *name, uint32_t size, bool is_signed)
{
	return bld_flagged(b, bld_type(b, BTF_KIND_ENUM, name, size), is_signed);
}

uint32_t bld_enum64(struct bld *b, const char *name, uint32_t size, bool is_signed)
{
	return bld_flagged(b, bld_type(b, BTF_KIND_ENUM64, name, size), is_signed);
}

uint32_t bld_func_proto(struct bld *b, uint32_t ret_type)
{
	return bld_type(b, BTF_KIND_FUNC_PROTO, NULL, ret_type);
}

uint32_t bld_func(struct bld *b, const char *name, uint32_t proto, uint32_t linkage)
{
	uint32_t id = bld_type(b, BTF_KIND_FUNC, name, proto);

	b->words[b->last + 1] |= linkage; /* vlen is the linkage */
	return id;
}

uint32_t bld_var(struct bld *b, const char *name, uint32_t type, uint32_t linkage)
{
	uint32_t id = bld_type(b, BTF_KIND_VAR, name, type);

	bld_word(b, linkage);
	return id;
}

uint32_t bld_datasec(struct bld *b, const char *name, uint32_t size)
{
	return bld_type(b, BTF_KIND_DATASEC, name, size);
}

uint32_t bld_decl_tag(struct bld *b, const char *name, uint32_t type, int component, bool kflag)
{
	uint32_t id = bld_type(b, BTF_KIND_DECL_TAG, name, type);

	bld_word(b, (uint32_t)component);
	return bld_flagged(b, id, kflag);
}

uint32_t bld_type_tag(struct bld *b, const char *name, uint32_t type, bool kflag)
{
	return bld_flagged(b, bld_type(b, BTF_KIND_TYPE_TAG, name, type), kflag);
}

void bld_member(struct bld *b, const char *name, uint32_t type, uint32_t bit_off, uint32_t bits)
{
	/* An offset without a width is the same word with and without the flag. */
	if (bits)
		bld_kflag(b);
	bld_elem(b, bld_str(b, name), type);
	bld_word(b, bits << 24 | bit_off);
}

void bld_enumerator(struct bld *b, const char *name, uint64_t value)
{
	bld_elem(b, bld_str(b, name), (uint32_t)value);
	if (BTF_INFO_KIND(b->words[b->last + 1]) == BTF_KIND_ENUM64)
		bld_word(b, (uint32_t)(value >> 32));
}

void bld_param(struct bld *b, const char *name, uint32_t type)
{
	bld_elem(b, bld_str(b, name), type);
}

void bld_secinfo(struct bld *b, uint32_t var, uint32_t offset, uint32_t size)
{
	bld_elem(b, var, offset);
	bld_word(b, size);
}

uint32_t bld_next_id(const struct bld *b)
{
	return b->next_id;
}

static uint8_t *put_word(const struct bld *b, uint8_t *p, uint32_t word)
{
	word = b->big_endian ? htobe32(word) : htole32(word);
	memcpy(p, &word, sizeof(word));
	return p + sizeof(word);
}

static uint8_t *put_header(const struct bld *b, uint8_t *p)
{
	uint32_t layout = b->layout ? LAYOUT_SIZE : 0;
	uint16_t magic = b->big_endian ? htobe16(MAGIC) : htole16(MAGIC);

	memcpy(p, &magic, sizeof(magic));
	p[2] = BTF_VERSION;
	p[3] = 0;
	p = put_word(b, p + 4, b->layout ? HDR_LONG : HDR_SHORT);
	p = put_word(b, p, 0);
	p = put_word(b, p, b->n * 4);
	p = put_word(b, p, b->n * 4 + layout);
	p = put_word(b, p, b->own.len);
	if (!b->layout)
		return p;
	p = put_word(b, p, b->n * 4);
	return put_word(b, p, layout);
}

static uint8_t *put_layout(uint8_t *p)
{
	for (int kind = 0; kind < NR_KINDS; kind++, p += 4) {
		p[0] = kind_sizes[kind].info;
		p[1] = kind_sizes[kind].elem;
		p[2] = p[3] = 0; /* flags */
	}
	return p;
}

void *bld_finish(const struct bld *b, size_t *len)
{
	uint8_t *blob, *p;

	*len = (b->layout ? HDR_LONG + LAYOUT_SIZE : HDR_SHORT) + (size_t)b->n * 4 + b->own.len;
	blob = mem_resize(NULL, *len, 1);
	p = put_header(b, blob);
	for (uint32_t i = 0; i < b->n; i++)
		p = put_word(b, p, b->words[i]);
	if (b->layout)
		p = put_layout(p);
	if (b->own.len)
		memcpy(p, b->own.buf, b->own.len);
	return blob;
}
