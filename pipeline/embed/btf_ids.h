/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The .BTF_ids section of a module: type ids that its code looks up by where they stand.
 *
 * Macros of the kernel (include/linux/btf_ids.h) leave zeros and a local symbol for each:
 *
 *   __BTF_ID__KIND__NAME__NUMBER  one id; KIND is struct, union, typedef or func
 *   __BTF_ID__set__NAME           how many ids follow, then these, sorted
 *   __BTF_ID__set8__NAME          how many, a word of flags, then pairs of an id and its
 *                                 flags, sorted by id
 *
 * A set's symbol has the size of all of it. Words are in the module's byte order. A later
 * step of the kernel's build (tools/bpf/resolve_btfids) fills them in and sorts the sets; 0
 * stays where the BTF has no such type. So once it is filled in, a symbol inside of a set
 * says no longer what stands at its place, only what stands somewhere in the set.
 */
#ifndef PIPELINE_EMBED_BTF_IDS_H
#define PIPELINE_EMBED_BTF_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/embed/elf_edit.h"

struct btf; /* libbpf's */

struct btf_ids {
	size_t section; /* its index; 0: the module has none, or an empty one */
	uint32_t *words;
	uint32_t nr_words;
	bool big_endian;
	struct btf_id *ids;
	uint32_t nr_ids;
	struct btf_id_set *sets;
	uint32_t nr_sets;
	struct diag *diag;
};

/*
 * Reads the section and the symbols that explain it. 0 or a negative errno with the
 * reason in @e's diag: -EINVAL (its contents and the symbols do not go together: they were
 * stripped, or something is broken), -ENOMEM. To be freed in either case.
 */
int btf_ids_read(struct btf_ids *ids, const struct elf_edit *e) __attribute__((warn_unused_result));
void btf_ids_free(struct btf_ids *ids);

/* Was it filled in? If not, all of it is zero. */
bool btf_ids_are_resolved(const struct btf_ids *ids);

/* Are the ids those of @btf: of the kinds and names that the symbols say? 0, or -EINVAL or
 * -ENOMEM with the reason. */
int btf_ids_check(const struct btf_ids *ids, const struct btf *btf)
	__attribute__((warn_unused_result));

/* The ids become what @map makes of them: @map[i] is for id @first + i, of @nr such ids;
 * ids below @first and 0 stay. -EINVAL: one is beyond. */
int btf_ids_map(struct btf_ids *ids, const uint32_t *map, uint32_t first, uint32_t nr)
	__attribute__((warn_unused_result));

/*
 * Each id becomes that of the first type of @btf with the right kind and name: by its
 * symbol, or, with @old, by the type that it is the id of there. What has none becomes 0:
 * how many is stored in @nr_missing, the name of the first in @missing, of @len bytes.
 */
void btf_ids_resolve(struct btf_ids *ids, const struct btf *old, const struct btf *btf,
		     uint32_t *nr_missing, char *missing, size_t len);

/* Sorts the sets and turns the words into the section's bytes, nr_words * 4 of them. */
void btf_ids_finish(struct btf_ids *ids);

#endif
