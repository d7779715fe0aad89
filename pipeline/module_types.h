/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types of a module's split BTF, kept while the worker goes on to the next: 16 bytes
 * and its name for each.
 */
#ifndef PIPELINE_MODULE_TYPES_H
#define PIPELINE_MODULE_TYPES_H

#include <stdint.h>

#include "merge/type_hash.h"

/* Zeroed, it is one without types. */
struct module_types {
	struct type_info *types; /* in the order of their ids */
	uint32_t nr;
	char *names;
};

/* A copy of @list, to be freed in any case. 0 or -ENOMEM. */
int module_types_keep(struct module_types *types, const struct type_list *list)
	__attribute__((warn_unused_result));
void module_types_free(struct module_types *types);

#endif
