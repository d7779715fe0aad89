/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Putting the split BTF into the modules themselves: what --embed does with each, from
 * reading it to replacing it.
 *
 * A module is changed in memory: .BTF replaced or added, .BTF_ids made to follow, .BTF.base
 * dropped; then signed again where it was signed and a command says how, compressed as it was,
 * and written beside its target, with the old one's owner, mode and so on, fsync'ed and renamed. A
 * module that has the right BTF already is left alone (or copied as it is).
 */
#ifndef PIPELINE_EMBED_EMBED_H
#define PIPELINE_EMBED_EMBED_H

#include <stdbool.h>

#include "merge/dedup.h"
#include "pipeline/inputs.h"

struct embed_options {
	bool on;
	bool in_place; /* else changed copies go below an output directory */
	bool dry_run;
	bool drop_signature;
	const char *sign_cmd; /* or NULL */
	const char *btf_dir;  /* the BTF comes from here, not from the modules; or NULL */
};

/* What all workers share. */
struct embed {
	const struct embed_options *options;
	const char *output; /* or NULL: in place */
	const struct inputs *in;
	struct embed_base *base;
};

/* 0 or -ENOMEM. */
int embed_begin(struct embed *e) __attribute__((warn_unused_result));
void embed_end(struct embed *e);

/* Of one worker; NULL: no memory. */
struct embed_reader;
struct embed_reader *embed_reader_new(void) __attribute__((warn_unused_result));
void embed_reader_free(struct embed_reader *r);

/* As batch_io's functions of these names. What was done to the file goes into @row. */
int embed_read(const struct embed *e, struct embed_reader *r, const struct found *file,
	       struct row *row, const void **blob, size_t *len, uint64_t *unpack, struct diag *diag)
	__attribute__((warn_unused_result));
int embed_write(const struct embed *e, struct embed_reader *r, const struct found *file,
		struct row *row, const struct dedup_result *result, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
