// SPDX-License-Identifier: GPL-2.0-only
/*
 * concat OUT BASE|- IN...: appends standalone BTF blobs to each other, as units that
 * nobody has deduplicated. With a BASE the result is split BTF over it, in which
 * every type is the module's own.
 */
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

static int save(const struct btf *btf, const char *path)
{
	unsigned int len;
	const void *data = btf__raw_data(btf, &len);
	FILE *f = data ? fopen(path, "wb") : NULL;
	int failed = !f || fwrite(data, 1, len, f) != len;

	if (f && fclose(f))
		failed = 1;
	return failed;
}

static int append(struct btf *all, const char *path)
{
	struct btf *unit = btf__parse_raw(path);
	int failed = !unit || btf__add_btf(all, unit) < 0;

	btf__free(unit);
	return failed;
}

int main(int argc, char **argv)
{
	struct btf *base = NULL, *all;
	int i, failed;

	if (argc < 4) {
		fprintf(stderr, "usage: concat OUT BASE|- IN...\n");
		return 2;
	}
	if (strcmp(argv[2], "-"))
		base = btf__parse_raw(argv[2]);
	all = base ? btf__new_empty_split(base) : btf__new_empty();
	failed = !all || (!base && strcmp(argv[2], "-"));
	for (i = 3; i < argc && !failed; i++)
		failed = append(all, argv[i]);
	failed = failed || save(all, argv[1]);
	if (failed)
		fprintf(stderr, "concat: %s: cannot be made\n", argv[1]);
	btf__free(all);
	btf__free(base);
	return failed;
}
