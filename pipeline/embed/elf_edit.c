// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/embed/elf_edit.h"

#include <errno.h>
#include <libelf.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/module_file.h"

/* Of a page on every architecture; modules have 4096 at most. */
#define ALIGN_MAX 65536

/* What takes a place in the file: a section, or the table of sections. */
struct piece {
	uint64_t old_offset;
	uint64_t old_size;
	uint64_t align;
	uint64_t new_offset;
	size_t index; /* of the section; 0: the table */
};

struct layout {
	struct piece *pieces; /* in the file's order */
	size_t nr;
	uint64_t old_end;
	uint64_t new_end;
	uint64_t *offsets; /* new ones, by old index; [0]: of the table */
};

static size_t shentsize(const struct elf_edit *e)
{
	return e->file.ehdr.e_shentsize;
}

static int no_memory(const struct elf_edit *e)
{
	return diag_fail(e->file.diag, -ENOMEM, "out of memory");
}

static bool has_bytes(const GElf_Shdr *shdr)
{
	return shdr->sh_type != SHT_NOBITS && shdr->sh_type != SHT_NULL && shdr->sh_size;
}

/* -- The old file --------------------------------------------------------- */

static int read_section(struct elf_edit *e, size_t index)
{
	struct elf_edit_section *s = &e->sections[index];
	int err = elf_file_section(&e->file, index, &s->shdr, &s->name);

	if (err)
		return err;
	if (s->shdr.sh_addralign & (s->shdr.sh_addralign - 1) || s->shdr.sh_addralign > ALIGN_MAX)
		return elf_file_broken(&e->file, "a section of an impossible alignment");
	if (!has_bytes(&s->shdr))
		return 0;
	if (!elf_in_range(s->shdr.sh_offset, s->shdr.sh_size, e->len))
		return elf_file_broken(&e->file,
				       "it is truncated, or a section is outside of the file");
	s->data = e->image + s->shdr.sh_offset;
	return 0;
}

static int read_sections(struct elf_edit *e)
{
	const GElf_Ehdr *h = &e->file.ehdr;
	int err = 0;

	if (h->e_type != ET_REL || h->e_phnum)
		return diag_fail(e->file.diag, -EINVAL, "no module: not a relocatable file");
	/* What is behind it may be a section's. */
	if (h->e_ehsize != (elf_file_is_64(&e->file) ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
		return elf_file_broken(&e->file, "a header of a wrong size");
	e->nr = h->e_shnum;
	/* One more, that may be added. */
	e->sections = calloc(e->nr + 1, sizeof(*e->sections));
	if (!e->sections)
		return no_memory(e);
	for (size_t i = 1; i < e->nr && !err; i++)
		err = read_section(e, i);
	return err;
}

static pthread_once_t libelf_once = PTHREAD_ONCE_INIT;

static void init_libelf(void)
{
	elf_version(EV_CURRENT);
}

static int begin_libelf(struct elf_edit *e)
{
	pthread_once(&libelf_once, init_libelf);
	/* elf_memory() knows no const, but reads only. */
	e->elf = elf_memory((char *)e->image, e->len);
	return e->elf ? 0 : elf_file_broken(&e->file, elf_errmsg(-1));
}

int elf_edit_open(struct elf_edit *e, const void *image, size_t len, struct diag *diag)
{
	int err;

	*e = (struct elf_edit){.image = image, .len = len};
	err = elf_file_open_mem(&e->file, image, len, diag);
	if (err)
		return err;
	err = begin_libelf(e);
	if (!err)
		err = read_sections(e);
	if (err)
		elf_edit_close(e);
	return err;
}

void elf_edit_close(struct elf_edit *e)
{
	for (size_t i = 0; e->sections && i < e->nr; i++)
		free(e->sections[i].own);
	free(e->sections);
	elf_end(e->elf);
	elf_file_close(&e->file);
}

/* -- Changes -------------------------------------------------------------- */

size_t elf_edit_find(const struct elf_edit *e, const char *name)
{
	for (size_t i = 1; i < e->nr; i++)
		if (!e->sections[i].dropped && !strcmp(e->sections[i].name, name))
			return i;
	return 0;
}

void elf_edit_replace(struct elf_edit *e, size_t index, const void *data, size_t len)
{
	struct elf_edit_section *s = &e->sections[index];

	s->data = data;
	s->shdr.sh_size = len;
	s->shdr.sh_flags &= ~(GElf_Xword)SHF_COMPRESSED;
	/* What had no bytes has some now. */
	if (s->shdr.sh_type == SHT_NOBITS || s->shdr.sh_type == SHT_NULL)
		s->shdr.sh_type = SHT_PROGBITS;
}

/* The section names get one more at their end; it is section @index's. */
static int add_name(struct elf_edit *e, size_t index, const char *name)
{
	struct elf_edit_section *names = &e->sections[e->file.ehdr.e_shstrndx];
	size_t old = names->shdr.sh_size, len = strlen(name) + 1;
	char *copy = malloc(old + len);

	if (!copy)
		return no_memory(e);
	memcpy(copy, names->data, old);
	memcpy(copy + old, name, len);
	free(names->own);
	names->own = copy;
	names->data = copy;
	names->shdr.sh_size = old + len;
	e->sections[index].name = name;
	e->sections[index].shdr.sh_name = (GElf_Word)old;
	return 0;
}

int elf_edit_add(struct elf_edit *e, const char *name, const void *data, size_t len, size_t align)
{
	struct elf_edit_section *s = &e->sections[e->nr];

	if (e->nr + 1 >= SHN_LORESERVE || e->sections[e->nr - 1].added)
		return diag_fail(e->file.diag, -EINVAL, "no room for one more section");
	s->added = true;
	s->data = data;
	s->shdr = (GElf_Shdr){.sh_type = SHT_PROGBITS, .sh_size = len, .sh_addralign = align};
	return add_name(e, e->nr++, name);
}

/* What an index of a section becomes when section @gone goes. */
static uint32_t without(uint32_t index, size_t gone)
{
	return index > gone && index < SHN_LORESERVE ? index - 1 : index;
}

static bool info_is_index(const GElf_Shdr *shdr)
{
	return shdr->sh_flags & SHF_INFO_LINK || shdr->sh_type == SHT_REL ||
	       shdr->sh_type == SHT_RELA;
}

static uint16_t get16(const struct elf_edit *e, const unsigned char *p)
{
	return elf_file_big_endian(&e->file) ? (uint16_t)(p[0] << 8 | p[1])
					     : (uint16_t)(p[1] << 8 | p[0]);
}

static void put16(const struct elf_edit *e, unsigned char *p, uint32_t v)
{
	bool be = elf_file_big_endian(&e->file);

	p[be ? 1 : 0] = (unsigned char)v;
	p[be ? 0 : 1] = (unsigned char)(v >> 8);
}

/* The symbols of a copy of the table @s follow. */
static int symbols_without(const struct elf_edit *e, struct elf_edit_section *s, size_t gone)
{
	bool is_64 = elf_file_is_64(&e->file);
	size_t size = is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t at = is_64 ? offsetof(Elf64_Sym, st_shndx) : offsetof(Elf32_Sym, st_shndx);
	unsigned char *copy;

	if (!s->data)
		return 0;
	copy = malloc(s->shdr.sh_size);
	if (!copy)
		return no_memory(e);
	memcpy(copy, s->data, s->shdr.sh_size);
	free(s->own);
	s->own = copy;
	s->data = copy;
	for (; at + 2 <= s->shdr.sh_size; at += size) {
		if (get16(e, copy + at) == gone)
			return diag_fail(e->file.diag, -ENOTSUP,
					 "unsupported: a symbol is in its section %s, which has "
					 "to go",
					 e->sections[gone].name);
		put16(e, copy + at, without(get16(e, copy + at), gone));
	}
	return 0;
}

int elf_edit_drop(struct elf_edit *e, size_t index)
{
	int err = 0;

	for (size_t i = 1; i < e->nr && !err; i++) {
		struct elf_edit_section *s = &e->sections[i];

		if (i == index)
			continue;
		/* Both hold indices that nothing here rewrites; no linked module has them. */
		if (s->shdr.sh_type == SHT_GROUP || s->shdr.sh_type == SHT_SYMTAB_SHNDX)
			return diag_fail(e->file.diag, -ENOTSUP,
					 "unsupported: section groups in a module that a section "
					 "has to go from");
		if (s->shdr.sh_link == index ||
		    (info_is_index(&s->shdr) && s->shdr.sh_info == index))
			return diag_fail(e->file.diag, -ENOTSUP,
					 "unsupported: section %s refers to %s, which has to go",
					 s->name, e->sections[index].name);
		s->shdr.sh_link = without(s->shdr.sh_link, index);
		if (info_is_index(&s->shdr))
			s->shdr.sh_info = without(s->shdr.sh_info, index);
		if (s->shdr.sh_type == SHT_SYMTAB)
			err = symbols_without(e, s, index);
	}
	e->sections[index].dropped = true;
	return err;
}

/* -- Where everything goes ------------------------------------------------ */

static int compare_pieces(const void *pa, const void *pb)
{
	const struct piece *a = pa, *b = pb;

	if (a->old_offset != b->old_offset)
		return a->old_offset < b->old_offset ? -1 : 1;
	/* What is empty stands before what is at the same place. */
	if (!a->old_size != !b->old_size)
		return a->old_size ? 1 : -1;
	return (a->index > b->index) - (a->index < b->index);
}

/* The size that a section had in the old file, replaced or not. */
static uint64_t old_size(const struct elf_edit *e, size_t index)
{
	const char *name;
	GElf_Shdr shdr;

	if (elf_file_section(&e->file, index, &shdr, &name) || !has_bytes(&shdr))
		return 0;
	return shdr.sh_size;
}

static size_t nr_kept(const struct elf_edit *e)
{
	size_t nr = 1;

	for (size_t i = 1; i < e->nr; i++)
		nr += !e->sections[i].dropped;
	return nr;
}

static uint64_t new_size(const struct elf_edit *e, const struct piece *p)
{
	const struct elf_edit_section *s = &e->sections[p->index];

	if (!p->index)
		return nr_kept(e) * shentsize(e);
	return s->dropped || !has_bytes(&s->shdr) ? 0 : s->shdr.sh_size;
}

/* All pieces of the old file in its order, none over another. */
static int old_pieces(const struct elf_edit *e, struct layout *l)
{
	const GElf_Ehdr *h = &e->file.ehdr;

	l->pieces[l->nr++] = (struct piece){
		.old_offset = h->e_shoff,
		.old_size = h->e_shnum * shentsize(e),
		.align = elf_file_is_64(&e->file) ? 8 : 4,
	};
	for (size_t i = 1; i < e->nr; i++) {
		const GElf_Shdr *shdr = &e->sections[i].shdr;

		if (shdr->sh_type == SHT_NULL || e->sections[i].added)
			continue;
		l->pieces[l->nr++] = (struct piece){
			.old_offset = shdr->sh_offset,
			.old_size = old_size(e, i),
			.align = shdr->sh_addralign,
			.index = i,
		};
	}
	qsort(l->pieces, l->nr, sizeof(*l->pieces), compare_pieces);
	l->old_end = h->e_ehsize;
	for (size_t i = 0; i < l->nr; i++) {
		const struct piece *p = &l->pieces[i];

		if (!p->old_size)
			continue;
		if (p->old_offset < l->old_end)
			return diag_fail(e->file.diag, -EINVAL,
					 "broken ELF file: sections overlap");
		l->old_end = p->old_offset + p->old_size;
	}
	return 0;
}

/* The added section comes last, but before the table where that was last. */
static void add_pieces(const struct elf_edit *e, struct layout *l)
{
	struct piece p = {.old_offset = l->old_end, .index = e->nr - 1};
	size_t at = l->nr;

	if (!e->sections[p.index].added)
		return;
	p.align = e->sections[p.index].shdr.sh_addralign;
	if (!l->pieces[at - 1].index)
		at--;
	memmove(&l->pieces[at + 1], &l->pieces[at], (l->nr - at) * sizeof(p));
	l->pieces[at] = p;
	l->nr++;
}

static uint64_t align_up(uint64_t n, uint64_t align)
{
	return align > 1 ? (n + align - 1) & ~(align - 1) : n;
}

/* Is the place of piece @i, which had no bytes, one that could have had some: behind @end,
 * where the one before ends, and not behind everything? */
static bool between(const struct layout *l, size_t i, uint64_t end)
{
	return l->pieces[i].old_offset >= end && l->pieces[i].old_offset <= l->old_end;
}

static int place(const struct elf_edit *e, struct layout *l)
{
	uint64_t end = e->file.ehdr.e_ehsize;
	bool moved = false;

	for (size_t i = 0; i < l->nr; i++) {
		struct piece *p = &l->pieces[i];
		uint64_t size = new_size(e, p);

		/* An empty one may claim any place. */
		if (!size && !p->old_size)
			p->new_offset = moved || p->old_offset > l->old_end ? end : p->old_offset;
		else if (moved || (!p->old_size && !between(l, i, end)))
			p->new_offset = align_up(end, p->align);
		else
			p->new_offset = p->old_offset;
		l->offsets[p->index] = p->new_offset;
		if (size)
			end = p->new_offset + size;
		moved |= size != p->old_size;
		if (end > MODULE_UNPACKED_MAX)
			return diag_fail(e->file.diag, -EFBIG,
					 "with its new BTF larger than the limit of %u bytes",
					 MODULE_UNPACKED_MAX);
	}
	l->new_end = end;
	return 0;
}

static int make_layout(const struct elf_edit *e, struct layout *l)
{
	int err;

	*l = (struct layout){
		.pieces = calloc(e->nr + 1, sizeof(*l->pieces)),
		.offsets = calloc(e->nr + 1, sizeof(*l->offsets)),
	};
	if (!l->pieces || !l->offsets)
		return no_memory(e);
	err = old_pieces(e, l);
	if (err)
		return err;
	add_pieces(e, l);
	return place(e, l);
}

/* -- The new file --------------------------------------------------------- */

/* @native is a header of the file's class; it gets the file's byte order. */
static void put_header(const struct elf_edit *e, Elf_Type type, void *dst, void *native,
		       size_t size)
{
	Elf_Data to = {.d_buf = dst, .d_size = size, .d_type = type, .d_version = EV_CURRENT};
	Elf_Data from = {.d_buf = native, .d_size = size, .d_type = type, .d_version = EV_CURRENT};

	/* It cannot fail for headers of the right size. */
	gelf_xlatetof(e->elf, &to, &from, e->file.ehdr.e_ident[EI_DATA]);
}

static void put_shdr(const struct elf_edit *e, unsigned char *dst, GElf_Shdr *s)
{
	Elf32_Shdr s32 = {
		.sh_name = s->sh_name,
		.sh_type = s->sh_type,
		.sh_flags = (Elf32_Word)s->sh_flags,
		.sh_addr = (Elf32_Addr)s->sh_addr,
		.sh_offset = (Elf32_Off)s->sh_offset,
		.sh_size = (Elf32_Word)s->sh_size,
		.sh_link = s->sh_link,
		.sh_info = s->sh_info,
		.sh_addralign = (Elf32_Word)s->sh_addralign,
		.sh_entsize = (Elf32_Word)s->sh_entsize,
	};

	put_header(e, ELF_T_SHDR, dst, elf_file_is_64(&e->file) ? (void *)s : (void *)&s32,
		   shentsize(e));
}

static void put_ehdr(const struct elf_edit *e, unsigned char *dst, GElf_Ehdr *h)
{
	Elf32_Ehdr h32 = {
		.e_type = h->e_type,
		.e_machine = h->e_machine,
		.e_version = h->e_version,
		.e_entry = (Elf32_Addr)h->e_entry,
		.e_phoff = (Elf32_Off)h->e_phoff,
		.e_shoff = (Elf32_Off)h->e_shoff,
		.e_flags = h->e_flags,
		.e_ehsize = h->e_ehsize,
		.e_phentsize = h->e_phentsize,
		.e_phnum = h->e_phnum,
		.e_shentsize = h->e_shentsize,
		.e_shnum = h->e_shnum,
		.e_shstrndx = h->e_shstrndx,
	};

	memcpy(h32.e_ident, h->e_ident, EI_NIDENT);
	if (elf_file_is_64(&e->file))
		put_header(e, ELF_T_EHDR, dst, h, sizeof(Elf64_Ehdr));
	else
		put_header(e, ELF_T_EHDR, dst, &h32, sizeof(h32));
}

static void put_table(const struct elf_edit *e, const struct layout *l, unsigned char *out)
{
	unsigned char *dst = out + l->offsets[0];
	GElf_Ehdr ehdr = e->file.ehdr;

	/* The first header is not of a section and is kept as it is. */
	memcpy(dst, e->image + ehdr.e_shoff, shentsize(e));
	ehdr.e_shnum = 1;
	for (size_t i = 1; i < e->nr; i++) {
		GElf_Shdr shdr = e->sections[i].shdr;

		if (e->sections[i].dropped)
			continue;
		if (i == e->file.ehdr.e_shstrndx)
			ehdr.e_shstrndx = ehdr.e_shnum;
		if (shdr.sh_type != SHT_NULL)
			shdr.sh_offset = l->offsets[i];
		put_shdr(e, dst + ehdr.e_shnum * shentsize(e), &shdr);
		ehdr.e_shnum++;
	}
	ehdr.e_shoff = l->offsets[0];
	put_ehdr(e, out, &ehdr);
}

static int put_all(const struct elf_edit *e, const struct layout *l, struct buffer *out)
{
	size_t behind = e->len - l->old_end;

	out->len = 0;
	if (buffer_reserve(out, l->new_end + behind))
		return no_memory(e);
	out->len = l->new_end + behind;
	memset(out->data, 0, l->new_end);
	for (size_t i = 0; i < l->nr; i++) {
		const struct piece *p = &l->pieces[i];

		if (p->index && new_size(e, p))
			memcpy(out->data + p->new_offset, e->sections[p->index].data,
			       e->sections[p->index].shdr.sh_size);
	}
	put_table(e, l, out->data);
	memcpy(out->data + l->new_end, e->image + l->old_end, behind);
	return 0;
}

int elf_edit_write(const struct elf_edit *e, struct buffer *out)
{
	struct layout l;
	int err = make_layout(e, &l);

	if (!err)
		err = put_all(e, &l, out);
	free(l.pieces);
	free(l.offsets);
	return err;
}
