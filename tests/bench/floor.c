// SPDX-License-Identifier: GPL-2.0-only
/*
 * btffloor BASE < LIST: a bare pass over the files in LIST, a path a line: the least that
 * a deduplicator has to do.
 *
 * It reads every blob, hashes every string, finds it in a table of the base's
 * strings, and hashes every type. It decides nothing, keeps nothing and writes
 * nothing: how near btfbatch comes to it says how much its deciding costs. For
 * raw standalone blobs of this machine's byte order, without the checks that
 * foreign input needs: a yardstick, not a tool.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "merge/btf.h"

struct file {
	unsigned char *data; /* grows, and is used again for file after file */
	size_t cap;
	const char *strs;
	uint32_t strs_len;
	const uint32_t *words;
	uint32_t nr_words;
};

/* String -> offset; half full at most. The hash spares most comparisons. */
struct table {
	struct slot {
		uint32_t hash, off;
	} * slots;
	uint32_t mask;
	const char *strs;
};

struct tally {
	uint64_t strings, found, types, sum;
};

static void die(const char *path, const char *why)
{
	fprintf(stderr, "btffloor: %s: %s\n", path, why);
	exit(1);
}

static void *must(void *p)
{
	if (!p)
		die("memory", "none left");
	return p;
}

static void file_read(struct file *f, const char *path)
{
	const struct btf_header *h;
	struct stat st;
	int fd = open(path, O_RDONLY);
	size_t size;

	if (fd < 0 || fstat(fd, &st))
		die(path, "cannot be opened");
	size = (size_t)st.st_size;
	if (size > f->cap) {
		free(f->data);
		f->data = must(malloc(size));
		f->cap = size;
	}
	if (size < sizeof(*h) || read(fd, f->data, size) != st.st_size)
		die(path, "cannot be read");
	close(fd);
	h = (const void *)f->data;
	if (h->magic != BTF_MAGIC || (uint64_t)h->hdr_len + h->str_off + h->str_len > size ||
	    (uint64_t)h->hdr_len + h->type_off + h->type_len > size || !h->str_len ||
	    f->data[h->hdr_len + h->str_off + h->str_len - 1])
		die(path, "no BTF that a bare pass understands");
	f->strs = (const char *)f->data + h->hdr_len + h->str_off;
	f->strs_len = h->str_len;
	f->words = (const uint32_t *)(const void *)(f->data + h->hdr_len + h->type_off);
	f->nr_words = h->type_len / 4;
}

static uint32_t hash(const void *data, size_t len)
{
	return (uint32_t)XXH3_64bits(data, len);
}

static void table_make(struct table *t, const struct file *base)
{
	uint32_t nr = 0, slots = 16;

	for (uint32_t i = 0; i < base->strs_len; i++)
		nr += !base->strs[i];
	while (slots / 2 < nr)
		slots *= 2;
	t->slots = must(calloc(slots, sizeof(*t->slots)));
	t->mask = slots - 1;
	t->strs = base->strs;
	for (uint32_t off = 1, len; off < base->strs_len; off += len + 1) {
		uint32_t h, pos;

		len = (uint32_t)strlen(base->strs + off);
		h = pos = hash(base->strs + off, len);
		while (t->slots[pos & t->mask].off)
			pos++;
		t->slots[pos & t->mask] = (struct slot){h, off};
	}
}

static uint32_t table_find(const struct table *t, const char *s, uint32_t len)
{
	uint32_t h = hash(s, len);

	for (uint32_t pos = h;; pos++) {
		const struct slot *slot = &t->slots[pos & t->mask];

		if (!slot->off)
			return 0;
		if (slot->hash == h && !strcmp(t->strs + slot->off, s))
			return slot->off;
	}
}

static void hash_strings(const struct file *f, const struct table *t, struct tally *tally)
{
	for (uint32_t off = 1, len; off < f->strs_len; off += len + 1) {
		len = (uint32_t)strlen(f->strs + off);
		tally->found += table_find(t, f->strs + off, len) != 0;
		tally->strings++;
	}
}

static void hash_types(const struct file *f, struct tally *tally)
{
	for (uint64_t at = 0, len; at + BTF_HEAD <= f->nr_words; at += len) {
		if (btf_word_kind(f->words[at + BTF_INFO]) >= BTF_NR_KINDS)
			break;
		len = btf_type_words(f->words[at + BTF_INFO]);
		if (at + len > f->nr_words)
			break;
		tally->sum += hash(f->words + at, len * 4);
		tally->types++;
	}
}

int main(int argc, char **argv)
{
	struct tally tally = {0};
	struct file base = {0}, f = {0};
	struct table table;
	char path[4096];
	int blobs = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: btffloor BASE < LIST\n");
		return 2;
	}
	file_read(&base, argv[1]);
	table_make(&table, &base);
	hash_types(&base, &tally);
	for (; fgets(path, sizeof(path), stdin); blobs++) {
		path[strcspn(path, "\n")] = '\0';
		file_read(&f, path);
		hash_strings(&f, &table, &tally);
		hash_types(&f, &tally);
	}
	printf("%d blobs: %" PRIu64 " strings, %" PRIu64 " of them the base's, %" PRIu64
	       " types, %08x\n",
	       blobs, tally.strings, tally.found, tally.types, (uint32_t)tally.sum);
	free(table.slots);
	free(base.data);
	free(f.data);
	return 0;
}
