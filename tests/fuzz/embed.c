// SPDX-License-Identifier: GPL-2.0-only
/*
 * A base and a module, through --embed: what is written is the module with its new BTF
 * and nothing else changed, and done again it stays as it is. Once with the BTF that it
 * has, once with the base's as a detached encoder would have left it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "pipeline/elf_file.h"
#include "pipeline/embed/embed.h"
#include "pipeline/embed/signature.h"
#include "pipeline/input_file.h"
#include "pipeline/module_file.h"
#include "pipeline/out_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

#define NAME "module.ko"
#define DETACHED NAME ".btf"

struct round {
	struct inputs in;
	struct embed embed;
	struct embed_reader *reader;
	struct dedup *dedup;
	struct row row;
};

/* Where the modules go, in memory where that can be; removed at the end. */
static char dir[] = "/dev/shm/btfbatch-fuzz.XXXXXX";
static char written[sizeof(dir) + sizeof(NAME)];
static char detached[sizeof(dir) + sizeof(DETACHED)];

static void remove_dir(void)
{
	unlink(written);
	unlink(detached);
	rmdir(dir);
}

static void make_dir(void)
{
	if (*written)
		return;
	if (!mkdtemp(dir)) {
		memcpy(dir, "/tmp/btfbatch-fuzz.XXXXXX", sizeof("/tmp/btfbatch-fuzz.XXXXXX"));
		fuzz_expect(mkdtemp(dir), "no directory for the modules");
	}
	snprintf(written, sizeof(written), "%s/" NAME, dir);
	snprintf(detached, sizeof(detached), "%s/" DETACHED, dir);
	atexit(remove_dir);
}

/* -- One run over one module ---------------------------------------------- */

/* The split BTF that went in, to be freed; NULL: it failed. */
static void *run(struct round *r, char *path, size_t *split_len)
{
	struct found file = {.full = path, .path = NAME};
	const struct embed *e = &r->embed;
	struct dedup_result res;
	struct diag diag = {""};
	uint64_t unpacked = 0;
	const void *blob;
	size_t len;
	int err;

	free(r->row.note);
	r->row = (struct row){.path = NAME};
	err = embed_read(e, r->reader, &file, &r->row, &blob, &len, &unpacked, &diag);
	if (!err)
		err = dedup_module(r->dedup, r->in.base, blob, len, &res, &diag);
	if (!err)
		err = embed_write(e, r->reader, &file, &r->row, &res, &diag);
	fuzz_expect_reason(err, &diag);
	if (err)
		return NULL;
	*split_len = res.split_bytes;
	return fuzz_copy(res.split, res.split_bytes);
}

/* -- What it made --------------------------------------------------------- */

static void read_module(const char *path, struct buffer *image)
{
	struct module_reader *r = module_reader_new();
	enum unpack_kind packed;
	struct diag diag;
	const void *data;
	size_t len;

	fuzz_expect(r, "no memory");
	fuzz_expect(!module_file_load(AT_FDCWD, path, r, &data, &len, &packed, &diag), "%s",
		    diag.text);
	fuzz_expect(!signature_find(data, len, &len, &diag), "%s", diag.text);
	image->data = fuzz_copy(data, len);
	image->len = len;
	module_reader_free(r);
}

static bool is_ours(const char *name)
{
	return !strcmp(name, ".BTF") || !strcmp(name, ".BTF_ids") || !strcmp(name, ".BTF.base");
}

/* The bytes of a section in its file; NULL: it has none. */
static const unsigned char *bytes_of(const struct buffer *image, const GElf_Shdr *shdr)
{
	if (shdr->sh_type == SHT_NOBITS || shdr->sh_type == SHT_NULL || !shdr->sh_size)
		return NULL;
	fuzz_expect(elf_in_range(shdr->sh_offset, shdr->sh_size, image->len),
		    "a section outside of the new module");
	return image->data + shdr->sh_offset;
}

struct module {
	struct buffer image;
	struct elf_file file;
	struct diag diag;
};

static void section(struct module *m, size_t i, GElf_Shdr *shdr, const char **name)
{
	fuzz_expect(!elf_file_section(&m->file, i, shdr, name), "%s", m->diag.text);
}

static bool has_section(struct module *m, const char *wanted)
{
	const char *name;
	GElf_Shdr shdr;

	for (size_t i = 1; i < m->file.ehdr.e_shnum; i++) {
		section(m, i, &shdr, &name);
		if (!strcmp(name, wanted))
			return true;
	}
	return false;
}

/* All but the BTF. The section names may have a further one; where a section went, symbols
 * and links speak of other numbers. */
static void expect_kept(struct module *old, struct module *new, size_t i, size_t k, bool dropped)
{
	const unsigned char *a, *b;
	const char *name, *name2;
	GElf_Shdr s, s2;

	section(old, i, &s, &name);
	section(new, k, &s2, &name2);
	fuzz_expect(!strcmp(name, name2), "section %zu was %s and is %s", i, name, name2);
	if (is_ours(name))
		return;
	fuzz_expect(s.sh_type == s2.sh_type && s.sh_flags == s2.sh_flags &&
			    s.sh_addralign == s2.sh_addralign && s.sh_entsize == s2.sh_entsize &&
			    (dropped || (s.sh_link == s2.sh_link && s.sh_info == s2.sh_info)) &&
			    (i == old->file.ehdr.e_shstrndx || s.sh_size == s2.sh_size),
		    "the header of section %s changed", name);
	a = bytes_of(&old->image, &s);
	b = bytes_of(&new->image, &s2);
	fuzz_expect(!a == !b, "section %s has no bytes any more", name);
	if (!a || (dropped && s.sh_type == SHT_SYMTAB))
		return;
	fuzz_expect(!memcmp(a, b, s.sh_size), "section %s changed", name);
}

static void expect_only_btf_changed(struct module *old, struct module *new)
{
	bool dropped = has_section(old, ".BTF.base");
	const char *name;
	GElf_Shdr shdr;
	size_t k = 1;

	for (size_t i = 1; i < old->file.ehdr.e_shnum; i++) {
		section(old, i, &shdr, &name);
		/* The first of them goes, which is the only one but in a strange file. */
		if (dropped && k == i && !strcmp(name, ".BTF.base"))
			continue;
		expect_kept(old, new, i, k++, dropped);
	}
	fuzz_expect(k <= new->file.ehdr.e_shnum, "a section is missing");
}

static void compare_modules(const char *before)
{
	struct module old, new;

	read_module(before, &old.image);
	read_module(written, &new.image);
	fuzz_expect(!elf_file_open_mem(&old.file, old.image.data, old.image.len, &old.diag), "%s",
		    old.diag.text);
	fuzz_expect(!elf_file_open_mem(&new.file, new.image.data, new.image.len, &new.diag), "%s",
		    new.diag.text);
	expect_only_btf_changed(&old, &new);
	elf_file_close(&old.file);
	elf_file_close(&new.file);
	free(old.image.data);
	free(new.image.data);
}

static void expect_btf(const void *split, size_t split_len)
{
	struct module_reader *r = module_reader_new();
	struct diag diag = {""};
	const void *blob;
	size_t len;

	fuzz_expect(r, "no memory");
	fuzz_expect(!module_file_read(AT_FDCWD, written, r, &blob, &len, &diag), "%s", diag.text);
	fuzz_expect(len == split_len && !memcmp(blob, split, len), "it has another BTF");
	module_reader_free(r);
}

static void expect_unchanged(struct round *r)
{
	size_t len;
	void *split;

	fuzz_expect(!chmod(written, 0600), "it has no mode");
	split = run(r, written, &len);
	fuzz_expect(split, "what was written is refused");
	fuzz_expect(r->row.file == ROW_FILE_SAME, "done again it changes");
	free(split);
}

static void embed_into(struct round *r, const void *module, size_t len)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(module, len, path);
	size_t split_len;
	void *split = run(r, path, &split_len);

	if (split) {
		expect_btf(split, split_len);
		compare_modules(path);
		expect_unchanged(r);
	}
	free(split);
	close(fd);
}

static void detach(const struct fuzz_pair *pair)
{
	struct diag diag;

	fuzz_expect(!out_file_write(detached, pair->first, pair->first_len, &diag), "%s",
		    diag.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct embed_options own = {.on = true, .drop_signature = true};
	static const struct embed_options other = {
		.on = true, .drop_signature = true, .btf_dir = dir};
	struct round r = {.embed = {.options = &own, .output = dir, .in = &r.in}};
	struct diag diag = {""};
	struct fuzz_pair pair;

	make_dir();
	if (!fuzz_pair_read(&pair, data, size))
		return 0;
	r.in.base_data.data = fuzz_copy(pair.first, pair.first_len);
	r.in.base_data.len = pair.first_len;
	if (!base_new(&r.in.base, pair.first, pair.first_len, &diag)) {
		r.reader = embed_reader_new();
		r.dedup = dedup_new();
		fuzz_expect(r.reader && r.dedup && !embed_begin(&r.embed), "no memory");
		embed_into(&r, pair.second, pair.second_len);
		r.embed.options = &other;
		detach(&pair);
		embed_into(&r, pair.second, pair.second_len);
		embed_end(&r.embed);
		embed_reader_free(r.reader);
		dedup_free(r.dedup);
		base_free(r.in.base);
	}
	free(r.row.note);
	free(r.in.base_data.data);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = {seed};

	return mutate_base_and_elf(&rng, data, size, max);
}
