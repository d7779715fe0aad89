// SPDX-License-Identifier: GPL-2.0-only
#include "tests/pipeline/fixtures.h"

#include <fcntl.h>
#include <fts.h>
#include <gelf.h>
#include <limits.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/pipeline/cmocka_all.h"

/* ---- ELF ---- */

const struct elf_form elf_forms[NR_ELF_FORMS] = {
	{"ELF32 little-endian", ELFCLASS32, ELFDATA2LSB},
	{"ELF32 big-endian", ELFCLASS32, ELFDATA2MSB},
	{"ELF64 little-endian", ELFCLASS64, ELFDATA2LSB},
	{"ELF64 big-endian", ELFCLASS64, ELFDATA2MSB},
};

static void add_section(Elf *elf, const struct elf_section *s, uint32_t name)
{
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *data = elf_newdata(scn);
	GElf_Shdr shdr;

	assert_non_null(data);
	data->d_buf = s->type == SHT_NOBITS ? NULL : (void *)s->data;
	data->d_size = s->len;
	data->d_align = 1;
	data->d_type = ELF_T_BYTE;
	assert_non_null(gelf_getshdr(scn, &shdr));
	shdr.sh_name = name;
	shdr.sh_type = s->type ? s->type : SHT_PROGBITS;
	shdr.sh_flags = s->flags;
	shdr.sh_addralign = 1;
	assert_true(gelf_update_shdr(scn, &shdr));
}

static void add_sections(Elf *elf, const struct elf_section *sections, size_t nr, char *names)
{
	struct elf_section strtab = {".shstrtab", names, 1, SHT_STRTAB, 0};
	uint32_t offset = 1;

	names[0] = '\0';
	for (size_t i = 0; i <= nr; i++) {
		const struct elf_section *s = i < nr ? &sections[i] : &strtab;

		strcpy(names + offset, s->name);
		strtab.len = offset + strlen(s->name) + 1;
		add_section(elf, s, offset);
		offset = (uint32_t)strtab.len;
	}
}

static void read_back(struct buffer *out, int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);

	assert_true(size > 0);
	out->len = 0;
	assert_int_equal(buffer_reserve(out, (size_t)size), 0);
	assert_int_equal(pread(fd, out->data, (size_t)size, 0), size);
	out->len = (size_t)size;
}

void make_elf(struct buffer *out, const struct elf_form *form, const struct elf_section *sections,
	      size_t nr)
{
	int fd = memfd_create("elf", MFD_CLOEXEC);
	char names[4096];
	GElf_Ehdr ehdr;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	assert_non_null(elf);
	assert_non_null(gelf_newehdr(elf, form->class));
	assert_non_null(gelf_getehdr(elf, &ehdr));
	ehdr.e_ident[EI_DATA] = form->order;
	ehdr.e_type = ET_REL;
	ehdr.e_version = EV_CURRENT;
	ehdr.e_shstrndx = (uint16_t)(nr + 1);
	assert_true(gelf_update_ehdr(elf, &ehdr));
	add_sections(elf, sections, nr, names);
	assert_true(elf_update(elf, ELF_C_WRITE) > 0);
	elf_end(elf);
	read_back(out, fd);
	close(fd);
}

static bool is_64(const struct buffer *elf)
{
	return elf->data[EI_CLASS] == ELFCLASS64;
}

static uint64_t get(const struct buffer *elf, size_t offset, size_t len)
{
	bool big = elf->data[EI_DATA] == ELFDATA2MSB;
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++)
		v = v << 8 | elf->data[offset + (big ? i : len - 1 - i)];
	return v;
}

static void put(struct buffer *elf, size_t offset, size_t len, uint64_t v)
{
	bool big = elf->data[EI_DATA] == ELFDATA2MSB;

	assert_true(offset + len <= elf->len);
	for (size_t i = 0; i < len; i++, v >>= 8)
		elf->data[offset + (big ? len - 1 - i : i)] = (unsigned char)v;
}

#define FIELD(type, field)                                           \
	{                                                            \
		offsetof(type, field), sizeof(((type *)NULL)->field) \
	}

struct field {
	size_t offset, len;
};

/* By is_64(). */
static const struct field ehdr_fields[2][4] = {
	{FIELD(Elf32_Ehdr, e_shoff), FIELD(Elf32_Ehdr, e_shentsize), FIELD(Elf32_Ehdr, e_shnum),
	 FIELD(Elf32_Ehdr, e_shstrndx)},
	{FIELD(Elf64_Ehdr, e_shoff), FIELD(Elf64_Ehdr, e_shentsize), FIELD(Elf64_Ehdr, e_shnum),
	 FIELD(Elf64_Ehdr, e_shstrndx)},
};

static const struct field shdr_fields[2][4] = {
	{FIELD(Elf32_Shdr, sh_name), FIELD(Elf32_Shdr, sh_type), FIELD(Elf32_Shdr, sh_offset),
	 FIELD(Elf32_Shdr, sh_size)},
	{FIELD(Elf64_Shdr, sh_name), FIELD(Elf64_Shdr, sh_type), FIELD(Elf64_Shdr, sh_offset),
	 FIELD(Elf64_Shdr, sh_size)},
};

void patch_ehdr(struct buffer *elf, enum elf_field field, uint64_t value)
{
	const struct field *f = &ehdr_fields[is_64(elf)][field];

	put(elf, f->offset, f->len, value);
}

void patch_shdr(struct buffer *elf, unsigned int section, enum shdr_field field, uint64_t value)
{
	const struct field *shoff = &ehdr_fields[is_64(elf)][E_SHOFF];
	const struct field *f = &shdr_fields[is_64(elf)][field];
	size_t size = is_64(elf) ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	uint64_t table = get(elf, shoff->offset, shoff->len);

	put(elf, table + section * size + f->offset, f->len, value);
}

/* ---- compression ---- */

const enum unpack_kind pack_kinds[NR_PACK_KINDS] = {
	UNPACK_GZIP, UNPACK_XZ, UNPACK_LZMA, UNPACK_ZSTD, UNPACK_LZ4_LEGACY, UNPACK_LZ4,
};

static size_t pack_gzip(struct buffer *out, const void *data, size_t len)
{
	z_stream z = {0};
	size_t n;

	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)data;
	z.avail_in = (uInt)len;
	z.next_out = out->data;
	z.avail_out = (uInt)out->cap;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	n = z.total_out;
	deflateEnd(&z);
	return n;
}

static size_t pack_lzma(struct buffer *out, const void *data, size_t len, bool alone)
{
	lzma_stream l = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	size_t n;

	assert_false(lzma_lzma_preset(&options, 0));
	if (alone)
		assert_int_equal(lzma_alone_encoder(&l, &options), LZMA_OK);
	else
		assert_int_equal(lzma_easy_encoder(&l, 0, LZMA_CHECK_CRC32), LZMA_OK);
	l.next_in = data;
	l.avail_in = len;
	l.next_out = out->data;
	l.avail_out = out->cap;
	assert_int_equal(lzma_code(&l, LZMA_FINISH), LZMA_STREAM_END);
	n = l.total_out;
	lzma_end(&l);
	return n;
}

static size_t pack_lz4_legacy(struct buffer *out, const char *data, size_t len)
{
	const size_t block = 8 << 20;
	size_t n = 4;

	memcpy(out->data, "\x02\x21\x4c\x18", 4);
	for (size_t i = 0; i < len; i += block) {
		int size = (int)(len - i < block ? len - i : block);
		int ret = LZ4_compress_default(data + i, (char *)out->data + n + 4, size,
					       (int)(out->cap - n - 4));

		assert_true(ret > 0);
		for (int b = 0; b < 4; b++)
			out->data[n++] = (unsigned char)(ret >> 8 * b);
		n += (size_t)ret;
	}
	return n;
}

static size_t pack_lz4(struct buffer *out, const void *data, size_t len)
{
	size_t n = LZ4F_compressFrame(out->data, out->cap, data, len, NULL);

	assert_false(LZ4F_isError(n));
	return n;
}

static size_t pack_zstd(struct buffer *out, const void *data, size_t len, bool with_size)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t n;

	assert_non_null(c);
	ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, 1);
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	ZSTD_CCtx_setParameter(c, ZSTD_c_contentSizeFlag, with_size);
	n = ZSTD_compress2(c, out->data, out->cap, data, len);
	assert_false(ZSTD_isError(n));
	ZSTD_freeCCtx(c);
	return n;
}

static void reserve_packed(struct buffer *out, size_t len)
{
	out->len = 0;
	assert_int_equal(buffer_reserve(out, len + len / 8 + 65536), 0);
}

void pack(struct buffer *out, enum unpack_kind kind, const void *data, size_t len)
{
	reserve_packed(out, len);
	switch (kind) {
	case UNPACK_GZIP:
		out->len = pack_gzip(out, data, len);
		break;
	case UNPACK_XZ:
	case UNPACK_LZMA:
		out->len = pack_lzma(out, data, len, kind == UNPACK_LZMA);
		break;
	case UNPACK_ZSTD:
		out->len = pack_zstd(out, data, len, true);
		break;
	case UNPACK_LZ4_LEGACY:
		out->len = pack_lz4_legacy(out, data, len);
		break;
	case UNPACK_LZ4:
		out->len = pack_lz4(out, data, len);
		break;
	default:
		fail();
	}
}

void pack_zstd_stream(struct buffer *out, const void *data, size_t len)
{
	reserve_packed(out, len);
	out->len = pack_zstd(out, data, len, false);
}

void append(struct buffer *buf, const void *data, size_t len)
{
	assert_int_equal(buffer_reserve(buf, buf->len + len), 0);
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

void fill(void *data, size_t len)
{
	unsigned char *p = data;
	uint32_t x = 1;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		p[i] = (unsigned char)(x >> 28);
	}
}

/* ---- files ---- */

char *temp_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir;

	assert_true(asprintf(&dir, "%s/btfbatch-test-XXXXXX", tmp ? tmp : "/tmp") > 0);
	assert_non_null(mkdtemp(dir));
	return dir;
}

void temp_dir_remove(char *dir)
{
	char *const argv[] = {dir, NULL};
	FTS *fts = fts_open(argv, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *ent;

	assert_non_null(fts);
	while ((ent = fts_read(fts)))
		if (ent->fts_info == FTS_DP)
			rmdir(ent->fts_path);
		else if (ent->fts_info != FTS_D)
			unlink(ent->fts_path);
	fts_close(fts);
	free(dir);
}

const char *path_in(const char *dir, const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", dir, name);
	return path;
}

void write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}
