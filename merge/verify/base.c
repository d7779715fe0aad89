// SPDX-License-Identifier: GPL-2.0-only
#include "merge/verify/base.h"

#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge/verify/run.h"

/* The header's magic tells the target's byte order. */
static bool is_swapped(const void *blob, size_t len)
{
	uint16_t magic;

	if (len < sizeof(magic))
		return false;
	memcpy(&magic, blob, sizeof(magic));
	return magic == bswap_16(BTF_MAGIC);
}

/* A long is as wide as a pointer on all that Linux runs on. */
static uint32_t pointer_bytes(const struct view *v)
{
	static const char *const names[] = {"long unsigned int", "unsigned long", "long int",
					    "long"};

	for (uint32_t i = 0; i < v->nr_types; i++) {
		const uint32_t *type = view_own(v, i);
		const char *name = view_string(v, type[BTF_NAME]);

		if (btf_kind_of(type) != BTF_KIND_INT)
			continue;
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			if (!strcmp(name, names[n]) && (type[BTF_SIZE] == 4 || type[BTF_SIZE] == 8))
				return type[BTF_SIZE];
	}
	return sizeof(void *);
}

static void begins_at(struct verify_base *base, uint32_t off)
{
	if (off < base->view.strs_len)
		base->begins[off / 64] |= 1ull << (off % 64);
}

static void find_strings(struct verify_base *base)
{
	const struct view *v = &base->view;
	uint32_t off = 0;

	base->begins = arena_zarray(&base->arena, uint64_t, v->strs_len / 64 + 1);
	while (off < v->strs_len) {
		begins_at(base, off);
		off += (uint32_t)strlen(v->strs + off) + 1;
	}
	/* Where a writer let a string be the end of another, its types say so. */
	for (uint32_t i = 0; i < v->nr_types; i++) {
		const uint32_t *type = view_own(v, i), *w;

		btf_for_each_name(type, &btf_kinds[btf_kind_of(type)], w)
			begins_at(base, *w);
	}
}

/* The passes over the base, whatever they find. */
static void check(struct verify_base *base, struct run *r, struct verify_verdict *verdict)
{
	int err = header_check(r);

	if (!err)
		err = meta_check(r);
	if (!err)
		err = chain_check(r);
	verdict->types = r->view.nr_types;
	if (err) {
		verdict->grade = VERIFY_REJECTED;
		run_tell(r, verdict);
		return;
	}
	r->view.pointer = pointer_bytes(&r->view);
	r->lenient = true;
	/* With a fault too all types get a result: those of modules refer to them. */
	if (resolve_check(r)) {
		verdict->grade = VERIFY_BROKEN;
		run_tell(r, verdict);
		verdict->err = 0;
	}
	base->view = r->view;
	find_strings(base);
}

int verify_base_new(struct verify_base **out, uint32_t kernel, const void *blob, size_t len,
		    struct verify_verdict *verdict)
{
	struct verify_base *base = calloc(1, sizeof(*base));
	struct run r = {
		.profile = VERIFY_VMLINUX,
		.rules = rules_of(kernel),
		.data = blob,
		.len = len,
		.view = {.first_id = 1, .swapped = is_swapped(blob, len)},
	};

	*out = base;
	*verdict = (struct verify_verdict){.grade = VERIFY_ACCEPTED};
	if (!base || arena_guard(&base->arena))
		return -ENOMEM;
	r.arena = &base->arena;
	check(base, &r, verdict);
	return 0;
}

void verify_base_free(struct verify_base *base)
{
	if (!base)
		return;
	arena_free(&base->arena);
	free(base);
}

uint32_t verify_base_types(const struct verify_base *base)
{
	return base->view.nr_types;
}

const char *verify_base_kind(const struct verify_base *base, uint32_t id)
{
	const uint32_t *type = view_type(&base->view, id);

	if (!type)
		return "nothing";
	return id ? btf_kind_name(btf_kind_of(type)) : "void";
}

const char *verify_base_name(const struct verify_base *base, uint32_t id)
{
	const uint32_t *type = view_type(&base->view, id);

	return type ? view_string(&base->view, type[BTF_NAME]) : "";
}

static bool is_name(const uint32_t *type, const uint32_t *word)
{
	const uint32_t *w;

	btf_for_each_name(type, &btf_kinds[btf_kind_of(type)], w)
		if (w == word)
			return true;
	return false;
}

/* In anything: of names the text counts, of types the id. */
static bool types_differ(const struct view *a, const struct view *b, uint32_t i)
{
	const uint32_t *x = view_own(a, i), *y = view_own(b, i), *w;
	uint64_t n = btf_type_words(x[BTF_INFO]);

	if (x[BTF_INFO] != y[BTF_INFO])
		return true;
	btf_for_each_name(x, &btf_kinds[btf_kind_of(x)], w) {
		const char *name = view_string(a, *w), *other = view_string(b, y[w - x]);

		if (!name != !other || (name && strcmp(name, other) != 0))
			return true;
	}
	for (uint64_t at = 0; at < n; at++)
		if (x[at] != y[at] && !is_name(x, x + at))
			return true;
	return false;
}

static uint32_t first_other_type(const struct view *a, const struct view *b)
{
	uint32_t n = a->nr_types < b->nr_types ? a->nr_types : b->nr_types, i = 0;

	while (i < n && !types_differ(a, b, i))
		i++;
	return i < n || a->nr_types != b->nr_types ? a->first_id + i : 0;
}

static uint32_t first_other_string(const struct view *a, const struct view *b)
{
	uint32_t n = a->strs_len < b->strs_len ? a->strs_len : b->strs_len, i = 0;

	while (i < n && a->strs[i] == b->strs[i])
		i++;
	if (i == n && a->strs_len == b->strs_len)
		return 0;
	/* To the beginning of the string that differs. */
	while (i && a->strs[i - 1])
		i--;
	return i;
}

struct verify_parting verify_bases_part(const struct verify_base *a, const struct verify_base *b)
{
	return (struct verify_parting){first_other_type(&a->view, &b->view),
				       first_other_string(&a->view, &b->view)};
}
