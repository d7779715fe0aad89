// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <stddef.h>
#include <string.h>

#include "merge/blob.h"
#include "merge/verify/run.h"

#define PROGRAM_MAX (16u << 20) /* bytes of a blob that a program loads */

struct section {
	uint32_t off;
	uint32_t len;
};

static uint32_t native(const struct run *r, uint32_t word)
{
	return r->view.swapped ? bswap_32(word) : word;
}

static void header_to_host(const struct run *r, struct blob_header *h)
{
	if (r->view.swapped)
		h->magic = bswap_16(h->magic);
	h->hdr_len = native(r, h->hdr_len);
	h->type_off = native(r, h->type_off);
	h->type_len = native(r, h->type_len);
	h->str_off = native(r, h->str_off);
	h->str_len = native(r, h->str_len);
	h->layout_off = native(r, h->layout_off);
	h->layout_len = native(r, h->layout_len);
}

/* Does the header of this kernel have the layout section's fields? */
static bool has_layout_fields(const struct run *r, const struct blob_header *h)
{
	return r->rules.header >= BLOB_HEADER_LONG && h->hdr_len >= BLOB_HEADER_LONG;
}

static int read_header(struct run *r, struct blob_header *h)
{
	const size_t len_end = offsetof(struct blob_header, hdr_len) + sizeof(h->hdr_len);
	uint32_t len;

	memset(h, 0, sizeof(*h));
	if (r->len < len_end)
		return run_fault(r, FAULT_NO_HDR_LEN);
	memcpy(&len, r->data + offsetof(struct blob_header, hdr_len), sizeof(len));
	len = native(r, len);
	if (len > r->len)
		return run_fault(r, FAULT_NO_HEADER);
	for (uint32_t i = r->rules.header; i < len; i++)
		if (r->data[i])
			return run_fault(r, FAULT_HEADER_UNKNOWN);
	/* What a short header does not have counts as zero, the length itself too. */
	memcpy(h, r->data, len < r->rules.header ? len : r->rules.header);
	header_to_host(r, h);
	if (h->magic != BTF_MAGIC)
		return run_fault(r, FAULT_MAGIC);
	if (h->version != BTF_VERSION)
		return run_fault(r, FAULT_VERSION);
	if (h->flags)
		return run_fault(r, FAULT_FLAGS);
	if (!r->view.base && r->len == h->hdr_len)
		return run_fault(r, FAULT_NO_DATA);
	return 0;
}

/* The kernel takes differences for signed. */
static bool section_behind(const struct section *a, const struct section *b)
{
	int32_t off = (int32_t)(a->off - b->off), len = (int32_t)(a->len - b->len);

	return off ? off > 0 : len > 0;
}

static void sort_sections(struct section *s, int n)
{
	for (int i = 1; i < n; i++)
		for (int j = i; j && section_behind(&s[j - 1], &s[j]); j--) {
			struct section t = s[j];

			s[j] = s[j - 1];
			s[j - 1] = t;
		}
}

/* Sections have to fill what is behind the header, without gaps. */
static int check_sections(struct run *r, const struct blob_header *h)
{
	struct section s[] = {
		{h->type_off, h->type_len},
		{h->str_off, h->str_len},
		{h->layout_off, h->layout_len},
	};
	const int n = has_layout_fields(r, h) && h->layout_len ? 3 : 2;
	uint64_t rest = r->len - h->hdr_len, total = 0;

	sort_sections(s, n);
	for (int i = 0; i < n; i++) {
		if (s[i].off > rest)
			return run_fault(r, FAULT_SECTION_OFFSET);
		if (s[i].off > total)
			return run_fault(r, FAULT_SECTION_UNKNOWN);
		if (s[i].off < total)
			return run_fault(r, FAULT_SECTION_OVERLAP);
		if (rest - total < s[i].len)
			return run_fault(r, FAULT_SECTION_LENGTH);
		total += s[i].len;
	}
	return total == rest ? 0 : run_fault(r, FAULT_SECTION_UNKNOWN);
}

static int read_strings(struct run *r, const struct blob_header *h)
{
	const char *strs = (const char *)r->data + h->hdr_len + h->str_off;

	if (!has_layout_fields(r, h) && (uint64_t)h->hdr_len + h->str_off + h->str_len != r->len)
		return run_fault(r, FAULT_STRINGS_NOT_LAST);
	r->view.strs = strs;
	r->view.strs_len = h->str_len;
	if (r->view.base && !h->str_len)
		return 0;
	if (!h->str_len || h->str_len - 1 > VIEW_NAME_MAX || strs[h->str_len - 1])
		return run_fault(r, FAULT_STRINGS);
	if (!r->view.base && strs[0])
		return run_fault(r, FAULT_STRINGS);
	return 0;
}

static int check_layout(struct run *r, const struct blob_header *h)
{
	if (!has_layout_fields(r, h) || !h->layout_len)
		return 0;
	if (h->layout_off % 4)
		return run_fault(r, FAULT_LAYOUT_UNALIGNED);
	if (h->layout_len < 4)
		return run_fault(r, FAULT_LAYOUT_SMALL);
	if (h->layout_len % 4)
		return run_fault(r, FAULT_LAYOUT_LENGTH);
	/* The sections were found to lie within the blob. */
	return 0;
}

/* What the kernel asks of a program's BTF alone. */
static int check_program(struct run *r, const struct blob_header *h)
{
	int err = check_layout(r, h);

	if (err)
		return err;
	if (h->type_off % 4)
		return run_fault(r, FAULT_TYPES_UNALIGNED);
	return h->type_len ? 0 : run_fault(r, FAULT_NO_TYPES);
}

static void read_types(struct run *r, const struct blob_header *h)
{
	const unsigned char *types = r->data + h->hdr_len + h->type_off;
	uint32_t n = h->type_len / 4, *copy;

	r->view.types_len = h->type_len;
	if (!r->view.swapped && (uintptr_t)types % sizeof(uint32_t) == 0) {
		r->view.words = (const uint32_t *)(const void *)types;
		return;
	}
	copy = arena_array(r->arena, uint32_t, n);
	memcpy(copy, types, (size_t)n * 4);
	for (uint32_t i = 0; i < n; i++)
		copy[i] = native(r, copy[i]);
	r->view.words = copy;
}

int header_check(struct run *r)
{
	struct blob_header h;
	int err;

	if (r->profile == VERIFY_PROGRAM && r->len > PROGRAM_MAX)
		return run_fault(r, FAULT_TOO_LARGE);
	err = read_header(r, &h);
	if (!err)
		err = check_sections(r, &h);
	if (!err)
		err = read_strings(r, &h);
	if (!err && r->profile == VERIFY_PROGRAM)
		err = check_program(r, &h);
	if (err)
		return err;
	read_types(r, &h);
	r->type_off = h.type_off;
	return 0;
}

int libbpf_check(struct run *r)
{
	if (r->len < BLOB_HEADER_SHORT)
		return run_fault(r, FAULT_LIBBPF_HEADER);
	return r->type_off % 4 ? run_fault(r, FAULT_LIBBPF_ALIGN) : 0;
}

/* Nothing says so, but strings of BTF that has no base begin with a NUL. */
bool verify_is_standalone(const void *blob, size_t len)
{
	struct run r = {.data = blob, .len = len};
	struct blob_header h;
	uint64_t at;

	if (len < BLOB_HEADER_SHORT)
		return false;
	memcpy(&h, blob, BLOB_HEADER_SHORT);
	r.view.swapped = h.magic == bswap_16(BTF_MAGIC);
	header_to_host(&r, &h);
	at = (uint64_t)h.hdr_len + h.str_off;
	return h.magic == BTF_MAGIC && h.str_len && at < len && !r.data[at];
}
