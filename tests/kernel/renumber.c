// SPDX-License-Identifier: GPL-2.0-only
/*
 * renumber FIRST BTF IDS: puts a type in front of the split BTF in the file BTF, whose first type
 * id is FIRST, and so raises the ids of all that it has by one: there, and in IDS, the contents
 * of .BTF_ids. The new type, a pointer to void, is in every kernel: who deduplicates has to
 * take it out again, and to lower the ids.
 *
 * For the test's own modules, which are known to be good, and of this machine's byte order.
 */
#include "merge/btf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
	uint32_t *words;
	size_t size; /* bytes */
};

static void die(const char *path, const char *why)
{
	fprintf(stderr, "renumber: %s: %s\n", path, why);
	exit(EXIT_FAILURE);
}

/* With room for a type more. */
static struct file file_read(const char *path)
{
	struct file file = {.words = calloc(1, 1 << 24)};
	FILE *stream = fopen(path, "rb");

	if (!stream || !file.words)
		die(path, "cannot be read");
	file.size = fread(file.words, 1, (1 << 24) - BTF_HEAD * sizeof(uint32_t), stream);
	if (!feof(stream))
		die(path, "is too large");
	fclose(stream);
	return file;
}

static void file_write(const char *path, const struct file *file)
{
	FILE *stream = fopen(path, "wb");

	if (!stream || fwrite(file->words, 1, file->size, stream) != file->size || fclose(stream))
		die(path, "cannot be written");
}

static void raise_id(uint32_t *id, uint32_t first)
{
	*id += *id >= first;
}

static void raise_types(uint32_t *type, const uint32_t *end, uint32_t first)
{
	while (type < end) {
		const struct btf_kind *kind = &btf_kinds[btf_kind_of(type)];
		uint32_t *id;

		btf_for_each_ref(type, kind, id)
			raise_id(id, first);
		type += btf_type_words(type[BTF_INFO]);
	}
}

static void renumber_btf(const char *path, uint32_t first)
{
	static const uint32_t pointer[BTF_HEAD] = {[BTF_INFO] = (uint32_t)BTF_KIND_PTR << 24};
	struct file file = file_read(path);
	struct btf_header *header = (void *)file.words;
	uint32_t *types;

	if (file.size < sizeof(*header) || header->magic != BTF_MAGIC ||
	    header->hdr_len + header->str_off + header->str_len > file.size || header->type_off ||
	    header->str_off != header->type_len || header->type_len % 4)
		die(path, "is not BTF as pahole writes it");
	types = file.words + header->hdr_len / sizeof(uint32_t);
	raise_types(types, types + header->type_len / sizeof(uint32_t), first);
	memmove(types + BTF_HEAD, types, header->type_len + header->str_len);
	memcpy(types, pointer, sizeof(pointer));
	header->type_len += sizeof(pointer);
	header->str_off += sizeof(pointer);
	file.size += sizeof(pointer);
	file_write(path, &file);
}

/* Ids, counts and flags: only ids are as large as FIRST. */
static void renumber_ids(const char *path, uint32_t first)
{
	struct file file = file_read(path);

	for (size_t i = 0; i < file.size / sizeof(uint32_t); i++)
		raise_id(&file.words[i], first);
	file_write(path, &file);
}

int main(int argc, char **argv)
{
	uint32_t first = argc == 4 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;

	if (!first)
		die("usage", "renumber FIRST BTF IDS");
	renumber_btf(argv[2], first);
	renumber_ids(argv[3], first);
	return EXIT_SUCCESS;
}
