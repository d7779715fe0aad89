// SPDX-License-Identifier: GPL-2.0-only
/*
 * btfsections < LIST: opens each ELF module in LIST, a path a line, reads its headers and
 * its .BTF section with pread(2), and does nothing else: the least that a look at an
 * installed tree can cost. For 64-bit modules of this machine's byte order; a yardstick, not a
 * tool.
 */
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die(const char *path, const char *why)
{
	fprintf(stderr, "btfsections: %s: %s\n", path, why);
	exit(1);
}

static void read_at(const char *path, int fd, void *dst, size_t len, uint64_t off)
{
	if (pread(fd, dst, len, (off_t)off) != (ssize_t)len)
		die(path, "cannot be read");
}

/* The bytes at @off, in one of a few buffers that are used again. */
static void *load(const char *path, int fd, uint64_t off, size_t len, int which)
{
	static struct {
		void *data;
		size_t cap;
	} buf[3];

	if (len > buf[which].cap) {
		free(buf[which].data);
		buf[which].cap = len * 2;
		buf[which].data = malloc(buf[which].cap);
		if (!buf[which].data)
			die(path, "no memory");
	}
	read_at(path, fd, buf[which].data, len, off);
	return buf[which].data;
}

static size_t read_btf(const char *path, int fd)
{
	const Elf64_Shdr *sh, *names_sh;
	const char *names;
	Elf64_Ehdr eh;

	read_at(path, fd, &eh, sizeof(eh), 0);
	if (memcmp(eh.e_ident, ELFMAG, SELFMAG) || eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh.e_shstrndx >= eh.e_shnum)
		die(path, "no module that this loop understands");
	sh = load(path, fd, eh.e_shoff, (size_t)eh.e_shnum * sizeof(*sh), 0);
	names_sh = &sh[eh.e_shstrndx];
	names = load(path, fd, names_sh->sh_offset, names_sh->sh_size, 1);
	for (int i = 0; i < eh.e_shnum; i++) {
		if (sh[i].sh_name >= names_sh->sh_size || strcmp(names + sh[i].sh_name, ".BTF"))
			continue;
		load(path, fd, sh[i].sh_offset, sh[i].sh_size, 2);
		return sh[i].sh_size;
	}
	return 0;
}

int main(void)
{
	uint64_t bytes = 0;
	char path[4096];
	int modules = 0;

	for (; fgets(path, sizeof(path), stdin); modules++) {
		int fd;

		path[strcspn(path, "\n")] = '\0';
		fd = open(path, O_RDONLY);
		if (fd < 0)
			die(path, "cannot be opened");
		bytes += read_btf(path, fd);
		close(fd);
	}
	printf("%d modules, %" PRIu64 " bytes of BTF\n", modules, bytes);
	return 0;
}
