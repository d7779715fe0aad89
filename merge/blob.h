/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A BTF blob, read and checked: the edge behind which every length, offset and
 * id is known to be in range.
 */
#ifndef MERGE_BLOB_H
#define MERGE_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "merge/arena.h"
#include "merge/base_index.h"
#include "merge/btf.h"
#include "merge/diag.h"

struct names;

/* The largest blob that is read; the kernel takes 16 MiB from a program. */
#define BLOB_MAX (256u << 20)

struct blob {
	enum btf_form form;
	bool swapped;          /* the blob is of the other byte order; words below are not */
	const uint32_t *words; /* the type section, in host byte order; see blob_settle() */
	uint32_t nr_words;
	const void *types; /* the type section as it came, of any alignment */
	uint32_t *at;      /* first word of own type i; at[nr_types] is the end */
	uint8_t *kinds;    /* kind of own type i; kinds[-1] is void's */
	uint32_t nr_types; /* own types */
	/* Own types of some kinds, in their order: structs and unions; FWDs and enums. */
	struct blob_list {
		uint32_t *type;
		uint32_t nr, cap;
	} composites, declaring;
	uint32_t longest; /* words of the longest type */
	const char *strs; /* the own string section: empty or ends with a NUL */
	uint32_t strs_len;
	uint32_t first_id;  /* what own type 0 is called in the blob's own ids */
	uint32_t first_str; /* the string offset that the own section begins at */
	const void *layout; /* the layout section of the 2026 header, or NULL */
	uint32_t layout_len;
	bool long_header; /* 32 bytes, with or without a layout section */
};

/* The header of 2026; before, it ended after str_len. In the blob's order. */
struct blob_header {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t hdr_len;
	/* In bytes, the offsets from the header's end. */
	uint32_t type_off;
	uint32_t type_len;
	uint32_t str_off;
	uint32_t str_len;
	uint32_t layout_off;
	uint32_t layout_len;
};

#define BLOB_HEADER_SHORT 24
#define BLOB_HEADER_LONG 32

/*
 * Reads the blob of @len bytes at @data (4-byte aligned) into @blob, which
 * refers to @data and to @arena (whose guard the caller holds): where everything is,
 * but not yet what names and type ids say. With @base a standalone blob and a split
 * one over @base are taken, without it a standalone one. Errors are those of
 * dedup_module().
 */
int blob_read(struct blob *blob, struct arena *arena, const struct base *base, const void *data,
	      size_t len, struct diag *diag) __attribute__((warn_unused_result));

/*
 * Checks all names and type ids of @blob, and lets blob->words be @words (room for
 * nr_words), which differ from what they were in having name ids where the blob has name
 * offsets. @names is over the base that @blob was read over, or, for a base itself,
 * that base's.
 */
int blob_settle(struct blob *blob, struct names *names, uint32_t *words, struct diag *diag)
	__attribute__((warn_unused_result));

/* The same for own type @i only, of a blob whose words are still what they were. */
int blob_settle_type(const struct blob *blob, struct names *names, uint32_t i, uint32_t *words,
		     struct diag *diag) __attribute__((warn_unused_result));

/* Checks only what own type @i refers to, settled or not. @base as in blob_read(). */
int blob_check_refs(const struct blob *blob, const struct base *base, uint32_t i, struct diag *diag)
	__attribute__((warn_unused_result));

static inline uint32_t blob_kind(const struct blob *blob, uint32_t i)
{
	return blob->kinds[i];
}

/* The kind of what has the id @id, in range, in the blob's own ids, of which those of @base are the
 * first if it is @split; of void UNKN. */
static inline uint32_t blob_kind_of_id(const struct blob *blob, const struct base *base,
				       uint32_t id, bool split)
{
	if (!split)
		return blob->kinds[(int32_t)id - 1];
	return id < blob->first_id ? base_kind(base, id) : blob->kinds[id - blob->first_id];
}

static inline const uint32_t *blob_type(const struct blob *blob, uint32_t i)
{
	return blob->words + blob->at[i];
}

#endif
