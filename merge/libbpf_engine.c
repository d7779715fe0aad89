// SPDX-License-Identifier: GPL-2.0-only
#include "merge/libbpf_engine.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "merge/blob.h"
#include "merge/names.h"

struct libbpf_engine {
	const struct base *base;
	struct btf *btf;   /* libbpf's own of the same base */
	struct btf *split; /* the last result */
	struct arena arena;
};

int libbpf_engine_new(struct libbpf_engine **out, const struct base *base, const void *data,
		      size_t len, struct diag *diag)
{
	struct libbpf_engine *e = calloc(1, sizeof(*e));

	if (!e)
		return diag_fail(diag, -ENOMEM, "no memory for libbpf's base");
	libbpf_set_print(NULL);
	e->base = base;
	e->btf = btf__new(data, (uint32_t)len);
	if (!e->btf) {
		int err = -errno;

		free(e);
		return diag_fail(diag, err, "libbpf cannot read the base: %s", strerror(-err));
	}
	*out = e;
	return 0;
}

void libbpf_engine_free(struct libbpf_engine *e)
{
	if (!e)
		return;
	btf__free(e->split);
	btf__free(e->btf);
	arena_free(&e->arena);
	free(e);
}

static int read_input(struct libbpf_engine *e, const void *data, size_t len, struct blob *in,
		      struct diag *diag)
{
	struct names names;
	int err = blob_read(in, &e->arena, e->base, data, len, diag);

	if (err)
		return err;
	names_init(&names, &e->arena, e->base, in);
	return blob_settle(in, &names, arena_array(&e->arena, uint32_t, in->nr_words), diag);
}

/* The same checks and the same words for bad input as our own engine. */
static int check_input(struct libbpf_engine *e, const void *data, size_t len, struct blob *in,
		       struct diag *diag)
{
	arena_reset(&e->arena);
	if (arena_guard(&e->arena))
		return diag_fail(diag, -ENOMEM, "no memory to read it");
	return read_input(e, data, len, in, diag);
}

/*
 * btf__new_split() would do, but the libbpf of Debian 12 declares it without
 * exporting it; what it exports reads a file.
 */
struct btf *libbpf_new_split(const void *data, size_t len, struct btf *base)
{
	struct btf *split = NULL;
	int fd = memfd_create("btf", MFD_CLOEXEC), err = 0;
	char path[64];

	if (fd < 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, data, len) == (ssize_t)len)
		split = btf__parse_raw_split(path, base);
	err = errno;
	close(fd);
	errno = err;
	return split;
}

static struct btf *split_over(struct libbpf_engine *e, const struct blob *in, const void *data,
			      size_t len)
{
	struct btf *module, *split;
	int err = 0;

	if (in->form == BTF_FORM_SPLIT)
		return libbpf_new_split(data, len, e->btf);
	module = btf__new(data, (uint32_t)len);
	split = module ? btf__new_empty_split(e->btf) : NULL;
	if (!split || btf__add_btf(split, module) < 0)
		err = errno;
	else
		btf__set_endianness(split, btf__endianness(module));
	btf__free(module);
	if (err) {
		btf__free(split);
		errno = err;
		return NULL;
	}
	return split;
}

static void count_types(const struct libbpf_engine *e, struct dedup_result *res)
{
	uint32_t end = btf__type_cnt(e->split);

	for (uint32_t id = btf__type_cnt(e->btf); id < end; id++) {
		const struct btf_type *t = btf__type_by_id(e->split, id);
		struct kind_stat *k = &res->kinds[btf_kind(t)];
		uint32_t bytes = (uint32_t)btf_type_words(t->info) * 4;

		k->types++;
		k->bytes += bytes;
		res->split_type_bytes += bytes;
		res->split_types++;
	}
}

int libbpf_engine_module(struct libbpf_engine *e, const void *data, size_t len,
			 struct dedup_result *res, struct diag *diag)
{
	struct blob in;
	int err = check_input(e, data, len, &in, diag);

	if (err)
		return err;
	if (in.layout)
		return diag_fail(diag, -ENOTSUP,
				 "unsupported by this engine: BTF with a layout section");
	if (in.nr_types > LIBBPF_ENGINE_TYPES_MAX)
		return diag_fail(diag, -ENOTSUP, "unsupported by this engine: more than %u types",
				 LIBBPF_ENGINE_TYPES_MAX);
	memset(res, 0, sizeof(*res));
	res->form = in.form;
	res->input_types = in.nr_types;
	btf__free(e->split);
	e->split = split_over(e, &in, data, len);
	if (!e->split || btf__dedup(e->split, NULL)) {
		err = -errno;
		return diag_fail(diag, err, "libbpf: %s", strerror(-err));
	}
	count_types(e, res);
	res->split = btf__raw_data(e->split, &res->split_bytes);
	if (!res->split)
		return diag_fail(diag, -ENOMEM, "libbpf: no memory for the result");
	res->split_string_bytes = res->split_bytes - res->split_type_bytes - BLOB_HEADER_SHORT;
	return 0;
}
