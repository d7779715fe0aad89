// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>

#include "../recipe.h"

union recipe_sub_any {
	struct recipe recipe;
	u8 bytes[8];
};

union recipe_sub_any recipe_sub_any;

noinline int recipe_sub_use(union recipe_sub_any *any, struct device *device)
{
	return any->recipe.steps[1].number + (device == NULL);
}

static int __init recipe_sub_init(void)
{
	return recipe_sub_use(&recipe_sub_any, NULL) > 1;
}

static void __exit recipe_sub_exit(void)
{
}

module_init(recipe_sub_init);
module_exit(recipe_sub_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("below a directory of its own");
