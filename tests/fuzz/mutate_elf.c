// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <string.h>

#include "merge/btf.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

/* An ELF file as far as it can be trusted to change it: nothing beyond @size. */
struct image {
	struct rng *rng;
	uint8_t *data;
	size_t size;
	bool is_64, big;
	uint64_t shoff;
	uint32_t shnum;
};

struct field {
	size_t at, len;
};

#define FIELD(type, name)                                          \
	{                                                          \
		offsetof(type, name), sizeof(((type *)NULL)->name) \
	}
#define FIELDS(type, name)                                           \
	{                                                            \
		FIELD(Elf32_##type, name), FIELD(Elf64_##type, name) \
	}

/* By is_64. */
static const struct field ehdr_fields[][2] = {
	FIELDS(Ehdr, e_type),      FIELDS(Ehdr, e_machine),  FIELDS(Ehdr, e_version),
	FIELDS(Ehdr, e_phoff),     FIELDS(Ehdr, e_shoff),    FIELDS(Ehdr, e_ehsize),
	FIELDS(Ehdr, e_phentsize), FIELDS(Ehdr, e_phnum),    FIELDS(Ehdr, e_shentsize),
	FIELDS(Ehdr, e_shnum),     FIELDS(Ehdr, e_shstrndx),
};

enum { SH_NAME, SH_TYPE, SH_FLAGS, SH_OFFSET, SH_SIZE, SH_LINK, SH_INFO, SH_ALIGN, SH_ENTSIZE };
static const struct field shdr_fields[][2] = {
	FIELDS(Shdr, sh_name),   FIELDS(Shdr, sh_type),      FIELDS(Shdr, sh_flags),
	FIELDS(Shdr, sh_offset), FIELDS(Shdr, sh_size),      FIELDS(Shdr, sh_link),
	FIELDS(Shdr, sh_info),   FIELDS(Shdr, sh_addralign), FIELDS(Shdr, sh_entsize),
};

static const struct field sym_fields[][2] = {
	FIELDS(Sym, st_name), FIELDS(Sym, st_value), FIELDS(Sym, st_size),
	FIELDS(Sym, st_info), FIELDS(Sym, st_shndx),
};

#define NR(fields) (sizeof(fields) / sizeof(*(fields)))

static uint64_t get(const struct image *m, size_t at, size_t len)
{
	uint64_t v = 0;

	if (at > m->size || len > m->size - at)
		return 0;
	for (size_t i = 0; i < len; i++)
		v = v << 8 | m->data[at + (m->big ? i : len - 1 - i)];
	return v;
}

static void put(struct image *m, size_t at, size_t len, uint64_t v)
{
	if (at > m->size || len > m->size - at)
		return;
	for (size_t i = 0; i < len; i++, v >>= 8)
		m->data[at + (m->big ? len - 1 - i : i)] = (uint8_t)v;
}

static size_t shdr_size(const struct image *m)
{
	return m->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

static size_t shdr_at(const struct image *m, uint32_t index, int field)
{
	return (size_t)m->shoff + index * shdr_size(m) + shdr_fields[field][m->is_64].at;
}

static uint64_t shdr_get(const struct image *m, uint32_t index, int field)
{
	return get(m, shdr_at(m, index, field), shdr_fields[field][m->is_64].len);
}

static bool image_read(struct image *m)
{
	if (m->size < sizeof(Elf64_Ehdr) || memcmp(m->data, ELFMAG, SELFMAG))
		return false;
	m->is_64 = m->data[EI_CLASS] == ELFCLASS64;
	m->big = m->data[EI_DATA] == ELFDATA2MSB;
	m->shoff = m->is_64 ? get(m, offsetof(Elf64_Ehdr, e_shoff), 8)
			    : get(m, offsetof(Elf32_Ehdr, e_shoff), 4);
	m->shnum = (uint32_t)(m->is_64 ? get(m, offsetof(Elf64_Ehdr, e_shnum), 2)
				       : get(m, offsetof(Elf32_Ehdr, e_shnum), 2));
	return m->shnum && m->shoff < m->size;
}

/* -- Changes -------------------------------------------------------------- */

/* What a field may become: something near, at an edge, or what another one says. */
static uint64_t some_value(const struct image *m, uint64_t now)
{
	static const uint64_t values[] = {
		0, 1, 2, 4, 8, 0xff, 0xfff1, 0xffff, 0x7fffffff, 0xffffffff, 1ull << 32, ~0ull};

	switch (rng_below(m->rng, 4)) {
	case 0:
		return values[rng_below(m->rng, NR(values))];
	case 1:
		return now + rng_range(m->rng, 0, 16) - 8;
	case 2:
		return m->size + rng_range(m->rng, 0, 16) - 8;
	default:
		return shdr_get(m, rng_below(m->rng, m->shnum),
				(int)rng_below(m->rng, NR(shdr_fields)));
	}
}

static void change_field(struct image *m, size_t at, const struct field *f)
{
	put(m, at + f->at, f->len, some_value(m, get(m, at + f->at, f->len)));
}

static void change_ehdr(struct image *m)
{
	change_field(m, 0, &ehdr_fields[rng_below(m->rng, NR(ehdr_fields))][m->is_64]);
}

static void change_shdr(struct image *m)
{
	uint32_t index = rng_below(m->rng, m->shnum);

	change_field(m, (size_t)m->shoff + index * shdr_size(m),
		     &shdr_fields[rng_below(m->rng, NR(shdr_fields))][m->is_64]);
}

/* Two sections of other kinds, names or places than they had. */
static void swap_shdrs(struct image *m)
{
	uint32_t a = rng_below(m->rng, m->shnum), b = rng_below(m->rng, m->shnum);
	size_t size = shdr_size(m);

	for (size_t i = 0; i < size; i += 4) {
		uint64_t was = get(m, (size_t)m->shoff + a * size + i, 4);

		put(m, (size_t)m->shoff + a * size + i, 4,
		    get(m, (size_t)m->shoff + b * size + i, 4));
		put(m, (size_t)m->shoff + b * size + i, 4, was);
	}
}

/* A section of type @type; 0: there is none. */
static uint32_t find_type(const struct image *m, uint64_t type)
{
	uint32_t from = rng_below(m->rng, m->shnum);

	for (uint32_t i = 0; i < m->shnum; i++)
		if (shdr_get(m, (from + i) % m->shnum, SH_TYPE) == type)
			return (from + i) % m->shnum;
	return 0;
}

static void change_symbol(struct image *m)
{
	size_t size = m->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	uint32_t table = find_type(m, SHT_SYMTAB);
	uint64_t n = shdr_get(m, table, SH_SIZE) / size;

	if (!table || !n || n > m->size)
		return;
	change_field(m,
		     (size_t)shdr_get(m, table, SH_OFFSET) + rng_below(m->rng, (uint32_t)n) * size,
		     &sym_fields[rng_below(m->rng, NR(sym_fields))][m->is_64]);
}

/* In whatever section: a word of it, or a byte. */
static void change_contents(struct image *m)
{
	uint32_t index = rng_below(m->rng, m->shnum);
	uint64_t offset = shdr_get(m, index, SH_OFFSET), size = shdr_get(m, index, SH_SIZE);
	size_t at;

	if (!size || size > m->size || offset > m->size)
		return;
	at = (size_t)offset + rng_below(m->rng, (uint32_t)size);
	if (rng_chance(m->rng, 50))
		put(m, at, 1, rng_below(m->rng, 256));
	else
		put(m, at & ~(size_t)3, 4, rng_below(m->rng, 300));
}

/* The BTF in it, which may not grow in its place. */
static void change_btf(struct image *m)
{
	const uint8_t magics[2][2] = {{0x9f, 0xeb}, {0xeb, 0x9f}};

	for (uint32_t i = 0; i < m->shnum; i++) {
		uint64_t at = shdr_get(m, i, SH_OFFSET), len = shdr_get(m, i, SH_SIZE);

		if (at > m->size || len > m->size - at || len < 2 ||
		    memcmp(m->data + at, magics[m->big], 2))
			continue;
		len = mutate_btf(m->rng, m->data + at, (size_t)len, (size_t)len, 1, 0);
		put(m, shdr_at(m, i, SH_SIZE), shdr_fields[SH_SIZE][m->is_64].len, len);
	}
}

size_t mutate_elf(struct rng *rng, uint8_t *data, size_t size, size_t max)
{
	static void (*const changes[])(struct image *) = {
		change_ehdr, change_shdr,   change_shdr,     change_shdr,
		swap_shdrs,  change_symbol, change_contents, change_btf,
	};
	struct image m = {.rng = rng, .data = data, .size = size};
	uint32_t nr = rng_range(rng, 1, 3);

	if (rng_chance(rng, 10) || !image_read(&m))
		return LLVMFuzzerMutate(data, size, max);
	while (nr-- && image_read(&m))
		changes[rng_below(rng, NR(changes))](&m);
	return size;
}
