// SPDX-License-Identifier: GPL-2.0-only
/* btfgen SEED OUTDIR: writes the pair of a seed, to look at one that failed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/gen/graph.h"

static int save(const char *dir, const char *name, const void *data, size_t len)
{
	char path[4096];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	ok = f && fwrite(data, 1, len, f) == len;
	if (f && fclose(f))
		ok = false;
	if (!ok)
		fprintf(stderr, "btfgen: %s: cannot write: %s\n", path, strerror(errno));
	return ok ? 0 : 1;
}

static void describe(const struct gen_params *p, const struct gen_pair *pair)
{
	static const char *const strings[] = {"shared", "repeated", "tails"};
	static const char *const orders[] = {"as emitted", "reversed", "shuffled"};

	printf("declarations %u, near misses %u, ambiguous %u, FWDs %u%%, twice %u%%, CUs %u + "
	       "%u%s%s%s%s%s%s%s%s\n",
	       p->size, p->near_misses, p->ambiguous, p->fwds, p->twice, p->base_cus, p->module_cus,
	       p->dup_module ? ", dup module" : "", p->sloppy_base ? ", sloppy base" : "",
	       p->split_input ? ", split input" : "", p->mismatch ? ", mismatch" : "",
	       p->share ? ", shared less" : "", p->big_endian ? ", big-endian" : "",
	       p->base_layout ? ", base layout" : "", p->module_layout ? ", module layout" : "");
	printf("base:   %u types, %zu bytes, strings %s, %s\n", pair->base_types, pair->base_len,
	       strings[p->base_strings], orders[p->base_order]);
	printf("module: %u types, %zu bytes, strings %s, %s; %u types without an equal\n",
	       pair->module_types, pair->module_len, strings[p->module_strings],
	       orders[p->module_order], pair->strict_types);
}

int main(int argc, char **argv)
{
	struct gen_params params;
	struct gen_pair pair;
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: btfgen SEED OUTDIR\n");
		return 2;
	}
	params = gen_params_from_seed(strtoull(argv[1], NULL, 0));
	if (gen_pair(&params, &pair))
		return 1;
	describe(&params, &pair);
	if (mkdir(argv[2], 0777) && errno != EEXIST) {
		fprintf(stderr, "btfgen: %s: cannot create: %s\n", argv[2], strerror(errno));
		return 1;
	}
	err = save(argv[2], "base.btf", pair.base, pair.base_len);
	err |= save(argv[2], "module.btf", pair.module, pair.module_len);
	gen_pair_free(&pair);
	return err;
}
