// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/embed/btf_ids.h"

#include <bpf/btf.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/btf.h"

#define PREFIX "__BTF_ID__"

/* One id: a word of the section, and what its symbol says. */
struct btf_id {
	uint32_t word;
	uint32_t kind;    /* BTF_KIND_* */
	const char *name; /* not ended */
	int name_len;
};

/* A set: its first id's word, how many ids, and how many words each takes. */
struct btf_id_set {
	uint32_t word;
	uint32_t nr;
	uint32_t width;
};

/* While it is read: a symbol, and what is known of each word. */
struct symbol {
	const char *name; /* behind the prefix */
	uint64_t value;
	uint64_t size;
};

enum claim { FREE, ID, COUNT, FLAGS };

struct reading {
	struct btf_ids *ids;
	const struct elf_edit *e;
	unsigned char *claims; /* by word */
	uint32_t cap_ids;
	uint32_t cap_sets;
};

static int broken(const struct reading *r, const char *why)
{
	return diag_fail(r->ids->diag, -EINVAL, "its .BTF_ids section cannot be understood: %s",
			 why);
}

static int no_memory(const struct btf_ids *ids)
{
	return diag_fail(ids->diag, -ENOMEM, "out of memory");
}

static int grow(void *array, uint32_t nr, uint32_t *cap, size_t size)
{
	void *p;

	if (nr < *cap)
		return 0;
	*cap = *cap ? *cap * 2 : 32;
	p = reallocarray(*(void **)array, *cap, size);
	if (!p)
		return -ENOMEM;
	*(void **)array = p;
	return 0;
}

/* -- Symbols -------------------------------------------------------------- */

static int claim(const struct reading *r, uint64_t word, enum claim what)
{
	if (word >= r->ids->nr_words)
		return broken(r, "a symbol is outside of it");
	if (r->claims[word] != FREE)
		return broken(r, "two symbols for one place");
	r->claims[word] = (unsigned char)what;
	return 0;
}

/* "NAME__NUMBER": the number makes the symbol unique and is no part of the name. */
static int split_name(const struct reading *r, const char *text, struct btf_id *id)
{
	const char *end = NULL;

	for (const char *p = text; (p = strstr(p, "__")); p++)
		end = p;
	if (!end || end == text || !end[2] || strspn(end + 2, "0123456789") != strlen(end + 2))
		return broken(r, "an id's symbol has no number");
	id->name = text;
	id->name_len = (int)(end - text);
	return 0;
}

static int add_id(struct reading *r, const struct symbol *sym)
{
	static const struct {
		const char *name;
		uint32_t kind;
	} kinds[] = {
		{"struct", BTF_KIND_STRUCT},
		{"union", BTF_KIND_UNION},
		{"typedef", BTF_KIND_TYPEDEF},
		{"func", BTF_KIND_FUNC},
	};
	struct btf_ids *ids = r->ids;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i].name);
		struct btf_id id = {
			.word = (uint32_t)(sym->value / 4),
			.kind = kinds[i].kind,
		};
		int err;

		if (strncmp(sym->name, kinds[i].name, len) || strncmp(sym->name + len, "__", 2))
			continue;
		err = split_name(r, sym->name + len + 2, &id);
		if (!err)
			err = claim(r, sym->value / 4, ID);
		if (err)
			return err;
		if (grow(&ids->ids, ids->nr_ids, &r->cap_ids, sizeof(*ids->ids)))
			return no_memory(ids);
		ids->ids[ids->nr_ids++] = id;
		return 0;
	}
	return broken(r, "a symbol of an unknown kind");
}

/* @width words an id, and as many before the first. */
static int add_set(struct reading *r, const struct symbol *sym, uint32_t width)
{
	uint64_t word = sym->value / 4, nr = sym->size / (4 * width);
	struct btf_ids *ids = r->ids;
	int err;

	if (!nr || sym->size % (4 * width))
		return broken(r, "a set of an impossible size");
	err = claim(r, word, COUNT);
	if (!err && width == 2)
		err = claim(r, word + 1, FLAGS);
	if (err)
		return err;
	if (nr - 1 > (ids->nr_words - word) / width - 1)
		return broken(r, "a set is outside of it");
	if (ids->words[word] && ids->words[word] != nr - 1)
		return broken(r, "a set's count is not that of its ids");
	ids->words[word] = (uint32_t)(nr - 1);
	if (grow(&ids->sets, ids->nr_sets, &r->cap_sets, sizeof(*ids->sets)))
		return no_memory(ids);
	ids->sets[ids->nr_sets++] =
		(struct btf_id_set){(uint32_t)word + width, (uint32_t)(nr - 1), width};
	return 0;
}

static int add_symbol(struct reading *r, const struct symbol *sym)
{
	if (sym->value % 4)
		return broken(r, "a symbol between two words");
	if (!strncmp(sym->name, "set8__", 6))
		return add_set(r, sym, 2);
	if (!strncmp(sym->name, "set__", 5))
		return add_set(r, sym, 1);
	return add_id(r, sym);
}

/* The symbols of table @index that are in the section. */
static int read_symbols(struct reading *r, size_t index)
{
	const struct elf_edit *e = r->e;
	const GElf_Shdr *shdr = &e->sections[index].shdr;
	const struct elf_edit_section *names;
	Elf_Data *data;
	int err = 0;

	data = elf_getdata(elf_getscn(e->elf, index), NULL);
	if (!data || !shdr->sh_link || shdr->sh_link >= e->nr)
		return elf_file_broken(&e->file, "a table of symbols without names");
	names = &e->sections[shdr->sh_link];
	if (!names->data || ((const char *)names->data)[names->shdr.sh_size - 1])
		return elf_file_broken(&e->file, "symbols' names that do not end in a NUL");
	for (int i = 0; !err; i++) {
		struct symbol sym;
		GElf_Sym s;

		if (!gelf_getsym(data, i, &s))
			break;
		if (s.st_shndx != r->ids->section || s.st_name >= names->shdr.sh_size)
			continue;
		sym.name = (const char *)names->data + s.st_name;
		if (strncmp(sym.name, PREFIX, strlen(PREFIX)))
			continue; /* of the section, or of a list */
		sym.name += strlen(PREFIX);
		sym.value = s.st_value;
		sym.size = s.st_size;
		err = add_symbol(r, &sym);
	}
	return err;
}

static int read_all_symbols(struct reading *r)
{
	int err = 0;

	for (size_t i = 1; i < r->e->nr && !err; i++)
		if (r->e->sections[i].shdr.sh_type == SHT_SYMTAB && r->e->sections[i].data)
			err = read_symbols(r, i);
	return err;
}

/* -- The section ---------------------------------------------------------- */

static int read_words(struct btf_ids *ids, const struct elf_edit_section *s)
{
	const unsigned char *bytes = s->data;

	if (s->shdr.sh_size % 4 || s->shdr.sh_flags & SHF_COMPRESSED)
		return diag_fail(ids->diag, -EINVAL,
				 "its .BTF_ids section cannot be understood: not made of words");
	ids->nr_words = (uint32_t)(s->shdr.sh_size / 4);
	ids->words = malloc(s->shdr.sh_size);
	if (!ids->words)
		return no_memory(ids);
	for (uint32_t i = 0; i < ids->nr_words; i++) {
		uint32_t word;

		memcpy(&word, bytes + 4 * i, 4);
		ids->words[i] = ids->big_endian ? be32toh(word) : le32toh(word);
	}
	return 0;
}

/* Flags of the ids of a set are what has no symbol of its own; all else of no symbol
 * has to be zero. */
static int check_words(struct reading *r)
{
	const struct btf_ids *ids = r->ids;

	for (uint32_t s = 0; s < ids->nr_sets; s++) {
		const struct btf_id_set *set = &ids->sets[s];

		for (uint32_t i = 0; i < set->nr; i++) {
			uint32_t word = set->word + i * set->width;
			int err = 0;

			if (r->claims[word] != ID)
				return broken(r, "an id in a set has no symbol");
			if (set->width == 2)
				err = claim(r, word + 1, FLAGS);
			if (err)
				return err;
		}
	}
	for (uint32_t i = 0; i < ids->nr_words; i++)
		if (r->claims[i] == FREE && ids->words[i])
			return broken(r, "ids without a " PREFIX
					 " symbol: they were stripped, or are of a newer form");
	return 0;
}

static int compare_sets(const void *pa, const void *pb)
{
	const struct btf_id_set *a = pa, *b = pb;

	return (a->word > b->word) - (a->word < b->word);
}

int btf_ids_read(struct btf_ids *ids, const struct elf_edit *e)
{
	struct reading r = {.ids = ids, .e = e};
	const struct elf_edit_section *s;
	int err;

	*ids = (struct btf_ids){
		.diag = e->file.diag,
		.big_endian = elf_file_big_endian(&e->file),
		.section = elf_edit_find(e, ".BTF_ids"),
	};
	s = &e->sections[ids->section];
	if (!ids->section || !s->data) {
		ids->section = 0;
		return 0;
	}
	err = read_words(ids, s);
	if (err)
		return err;
	r.claims = calloc(ids->nr_words, 1);
	if (!r.claims)
		return no_memory(ids);
	err = read_all_symbols(&r);
	if (!err && ids->nr_sets)
		qsort(ids->sets, ids->nr_sets, sizeof(*ids->sets), compare_sets);
	if (!err)
		err = check_words(&r);
	free(r.claims);
	return err;
}

void btf_ids_free(struct btf_ids *ids)
{
	free(ids->words);
	free(ids->ids);
	free(ids->sets);
}

/* -- New ids -------------------------------------------------------------- */

bool btf_ids_are_resolved(const struct btf_ids *ids)
{
	for (uint32_t i = 0; i < ids->nr_ids; i++)
		if (ids->words[ids->ids[i].word])
			return true;
	return false;
}

/* What type @id of @btf is; its word is left out. False: there is no such type, or it
 * has no name. */
static bool type_of(const struct btf *btf, uint32_t id, struct btf_id *what)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	const char *name = t ? btf__name_by_offset(btf, t->name_off) : NULL;

	if (!name || !*name)
		return false;
	*what = (struct btf_id){.kind = btf_kind(t), .name = name, .name_len = (int)strlen(name)};
	return true;
}

static int compare_types(const void *pa, const void *pb)
{
	const struct btf_id *a = pa, *b = pb;
	int len = a->name_len < b->name_len ? a->name_len : b->name_len;
	int c = memcmp(a->name, b->name, (size_t)len);

	if (c)
		return c;
	if (a->name_len != b->name_len)
		return a->name_len < b->name_len ? -1 : 1;
	return (a->kind > b->kind) - (a->kind < b->kind);
}

static int does_not_belong(const struct btf_ids *ids, uint32_t id, const char *why)
{
	return diag_fail(ids->diag, -EINVAL,
			 "its .BTF_ids section does not belong to its BTF: type %" PRIu32 " %s", id,
			 why);
}

/* Of @nr ids that stand in any order: is the type of each among those that their symbols
 * name? @symbols is put in order. */
static int check_set(const struct btf_ids *ids, struct btf_id *symbols, uint32_t nr,
		     const struct btf *btf)
{
	uint32_t *words = malloc(nr * sizeof(*words));
	int err = 0;

	if (!words)
		return no_memory(ids);
	for (uint32_t i = 0; i < nr; i++)
		words[i] = ids->words[symbols[i].word];
	qsort(symbols, nr, sizeof(*symbols), compare_types);
	for (uint32_t i = 0; i < nr && !err; i++) {
		struct btf_id what;

		if (words[i] && (!type_of(btf, words[i], &what) ||
				 !bsearch(&what, symbols, nr, sizeof(what), compare_types)))
			err = does_not_belong(ids, words[i], "is not what its symbol says");
	}
	free(words);
	return err;
}

static int compare_places(const void *pa, const void *pb)
{
	const struct btf_id *a = pa, *b = pb;

	return (a->word > b->word) - (a->word < b->word);
}

int btf_ids_check(const struct btf_ids *ids, const struct btf *btf)
{
	struct btf_id *symbols;
	uint32_t set = 0;
	int err = 0;

	if (!ids->nr_ids)
		return 0;
	symbols = malloc(ids->nr_ids * sizeof(*symbols));
	if (!symbols)
		return no_memory(ids);
	memcpy(symbols, ids->ids, ids->nr_ids * sizeof(*symbols));
	qsort(symbols, ids->nr_ids, sizeof(*symbols), compare_places);
	for (uint32_t i = 0, nr; i < ids->nr_ids && !err; i += nr) {
		/* All of a set, whose ids each have a symbol, or one id. */
		while (set < ids->nr_sets && ids->sets[set].word < symbols[i].word)
			set++;
		nr = set < ids->nr_sets && ids->sets[set].word == symbols[i].word &&
				     ids->sets[set].nr
			     ? ids->sets[set].nr
			     : 1;
		err = check_set(ids, symbols + i, nr, btf);
	}
	free(symbols);
	return err;
}

int btf_ids_map(struct btf_ids *ids, const uint32_t *map, uint32_t first, uint32_t nr)
{
	for (uint32_t i = 0; i < ids->nr_ids; i++) {
		uint32_t *word = &ids->words[ids->ids[i].word];

		if (*word < first)
			continue;
		if (*word - first >= nr)
			return does_not_belong(ids, *word, "is beyond its end");
		*word = map[*word - first];
	}
	return 0;
}

static uint32_t find_type(const struct btf *btf, const struct btf_id *what)
{
	char name[1024]; /* the kernel takes names of half of that */
	int found;

	if ((size_t)what->name_len >= sizeof(name))
		return 0;
	snprintf(name, sizeof(name), "%.*s", what->name_len, what->name);
	found = btf__find_by_name_kind(btf, name, what->kind);
	return found > 0 ? (uint32_t)found : 0;
}

void btf_ids_resolve(struct btf_ids *ids, const struct btf *old, const struct btf *btf,
		     uint32_t *nr_missing, char *missing, size_t len)
{
	*nr_missing = 0;
	for (uint32_t i = 0; i < ids->nr_ids; i++) {
		uint32_t *word = &ids->words[ids->ids[i].word];
		struct btf_id what = ids->ids[i];

		if (old && (!*word || !type_of(old, *word, &what)))
			*word = 0; /* it had none before */
		else
			*word = find_type(btf, &what);
		if (!*word && !(*nr_missing)++)
			snprintf(missing, len, "%s %.*s", btf_kind_name(what.kind), what.name_len,
				 what.name);
	}
}

static int compare_words(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void btf_ids_finish(struct btf_ids *ids)
{
	for (uint32_t i = 0; i < ids->nr_sets; i++) {
		const struct btf_id_set *set = &ids->sets[i];

		qsort(ids->words + set->word, set->nr, 4 * set->width, compare_words);
	}
	for (uint32_t i = 0; i < ids->nr_words; i++)
		ids->words[i] = ids->big_endian ? htobe32(ids->words[i]) : htole32(ids->words[i]);
}
