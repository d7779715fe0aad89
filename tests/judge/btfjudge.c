// SPDX-License-Identifier: GPL-2.0-only
/*
 * btfjudge --base B IN OUT
 *
 * Judges the split BTF blob OUT against what it was made of, IN; or, where both are
 * directories, all of a tree: a/x.ko (its .BTF section) or a/x.ko.btf (a raw blob)
 * against OUT/a/x.ko.btf. A line on stderr for each violation, a summary on
 * stdout; "violations" counts the files that have one. The status is 0 when at
 * least one was judged and all is well, 1 when not, 2 when the call is unusable.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "judge.h"

struct bytes {
	void *data;
	size_t len;
};

struct tally {
	const struct judge *judge;
	unsigned int judged, violations, unreadable;
};

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static int read_fd(int fd, struct bytes *b)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EISDIR;
	b->data = malloc(st.st_size + 1);
	if (!b->data)
		return -ENOMEM;
	for (b->len = 0; b->len < (size_t)st.st_size; b->len += n) {
		n = read(fd, (char *)b->data + b->len, st.st_size - b->len);
		if (n <= 0)
			return n ? -errno : -EIO;
	}
	return 0;
}

/* b->data is the caller's to free, whatever is returned. */
static int read_file(const char *path, struct bytes *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	b->data = NULL;
	b->len = 0;
	if (fd < 0)
		return -errno;
	ret = read_fd(fd, b);
	close(fd);
	return ret;
}

static Elf_Scn *find_section(Elf *elf, const char *wanted)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		Elf64_Shdr *h64 = elf64_getshdr(scn);
		Elf32_Shdr *h32 = elf32_getshdr(scn);
		const char *name;

		if (!h64 && !h32)
			continue;
		name = elf_strptr(elf, names, h64 ? h64->sh_name : h32->sh_name);
		if (name && !strcmp(name, wanted))
			return scn;
	}
	return NULL;
}

/* Replaces an ELF file by its .BTF section. -ENODATA: it has none; -ENOTSUP: it is
 * relative to a base of its own. */
static int take_section(struct bytes *file)
{
	Elf *elf = elf_memory(file->data, file->len);
	Elf_Scn *scn = elf ? find_section(elf, ".BTF") : NULL;
	Elf_Data *data = scn ? elf_rawdata(scn, NULL) : NULL;
	int ret = !elf ? -EINVAL : !data ? -ENODATA : 0;
	void *copy = NULL;

	if (!ret && find_section(elf, ".BTF.base"))
		ret = -ENOTSUP;
	if (!ret && !(copy = malloc(data->d_size + 1)))
		ret = -ENOMEM;
	if (!ret) {
		memcpy(copy, data->d_buf, data->d_size);
		file->len = data->d_size;
	}
	elf_end(elf);
	if (!ret) {
		free(file->data);
		file->data = copy;
	}
	return ret;
}

static int read_btf(const char *path, struct bytes *b)
{
	int ret = read_file(path, b);

	if (!ret && b->len >= SELFMAG && !memcmp(b->data, ELFMAG, SELFMAG))
		ret = take_section(b);
	return ret;
}

static void unreadable(struct tally *t, const char *path, const char *why)
{
	fprintf(stderr, "btfjudge: %s: %s\n", path, why);
	t->unreadable++;
}

/* One line of @why, one line of ours. */
static void violated(struct tally *t, const char *path, char *why)
{
	char *save = NULL;

	for (char *line = strtok_r(why, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		fprintf(stderr, "btfjudge: %s: %s\n", path, line);
	t->violations++;
}

static void judge_bytes(struct tally *t, const char *path, const struct bytes *in,
			const struct bytes *out)
{
	int split = judge_is_split(in->data, in->len), ret;
	char why[8192];

	if (split < 0) {
		unreadable(t, path, "not BTF");
		return;
	}
	ret = judge_module(t->judge, in->data, in->len, split, out->data, out->len, NULL, why,
			   sizeof(why));
	if (ret < 0) {
		unreadable(t, path, why);
		return;
	}
	t->judged++;
	if (ret)
		violated(t, path, why);
}

static void judge_files(struct tally *t, const char *in_path, const char *out_path)
{
	struct bytes in, out = {NULL, 0};
	char missing[] = "it has no output";
	int ret = read_btf(in_path, &in);

	if (ret == -ENODATA) {
		free(in.data);
		return; /* a module without BTF: there is nothing to judge */
	}
	if (ret) {
		unreadable(t, in_path, strerror(-ret));
	} else {
		ret = read_btf(out_path, &out);
		if (ret == -ENOENT)
			violated(t, in_path, missing);
		else if (ret)
			unreadable(t, out_path, strerror(-ret));
		else
			judge_bytes(t, in_path, &in, &out);
	}
	free(in.data);
	free(out.data);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* The counterpart of IN/a/x.ko or IN/a/x.ko.btf is OUT/a/x.ko.btf. */
static void judge_entry(struct tally *t, const char *path, size_t in_len, const char *out)
{
	char *out_path;

	if (!ends_with(path, ".ko.btf") && !ends_with(path, ".ko"))
		return;
	if (asprintf(&out_path, "%s/%s%s", out, path + in_len,
		     ends_with(path, ".ko") ? ".btf" : "") < 0)
		abort();
	judge_files(t, path, out_path);
	free(out_path);
}

static void judge_tree(struct tally *t, char *in, const char *out)
{
	char *const roots[] = {in, NULL};
	FTS *fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	FTSENT *e;

	if (!fts) {
		unreadable(t, in, strerror(errno));
		return;
	}
	while ((e = fts_read(fts))) {
		if (e->fts_info == FTS_F)
			judge_entry(t, e->fts_path, strlen(in), out);
		else if (e->fts_info == FTS_ERR || e->fts_info == FTS_DNR || e->fts_info == FTS_NS)
			unreadable(t, e->fts_path, strerror(e->fts_errno));
	}
	fts_close(fts);
}

static struct judge *read_base(const char *path)
{
	struct judge *j = NULL;
	char why[256] = "";
	struct bytes b;
	int ret = read_btf(path, &b);

	if (!ret)
		j = judge_new(b.data, b.len, why, sizeof(why));
	if (!j)
		fprintf(stderr, "btfjudge: %s: %s\n", path, ret ? strerror(-ret) : why);
	free(b.data);
	return j;
}

static int usage(void)
{
	fputs("usage: btfjudge --base BASE IN OUT\n"
	      "IN and OUT are two files or two directories\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"base", required_argument, NULL, 'B'}, {0}};
	const char *base = NULL;
	struct tally t = {0};
	struct judge *judge;
	struct stat st;
	int opt;

	while ((opt = getopt_long(argc, argv, "B:", options, NULL)) != -1) {
		if (opt != 'B')
			return usage();
		base = optarg;
	}
	if (!base || argc - optind != 2)
		return usage();
	elf_version(EV_CURRENT);
	judge = read_base(base);
	if (!judge)
		return 2;
	t.judge = judge;
	if (!stat(argv[optind], &st) && S_ISDIR(st.st_mode))
		judge_tree(&t, argv[optind], argv[optind + 1]);
	else
		judge_files(&t, argv[optind], argv[optind + 1]);
	printf("%u judged, %u violations, %u unreadable\n", t.judged, t.violations, t.unreadable);
	judge_free(judge);
	return t.judged && !t.violations && !t.unreadable ? 0 : 1;
}
