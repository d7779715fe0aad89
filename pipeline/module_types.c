// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/module_types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int module_types_keep(struct module_types *types, const struct type_list *list)
{
	size_t size = list->nr * sizeof(*list->types);

	types->types = malloc(size + 1);
	types->names = malloc(list->names_len);
	if (!types->types || !types->names)
		return -ENOMEM;
	memcpy(types->types, list->types, size);
	memcpy(types->names, list->names, list->names_len);
	types->nr = list->nr;
	return 0;
}

void module_types_free(struct module_types *types)
{
	free(types->types);
	free(types->names);
}
