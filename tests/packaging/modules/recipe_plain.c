// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>

#include "recipe.h"

struct recipe_plain_state {
	struct recipe recipe;
	unsigned long used;
};

static struct recipe_plain_state state;

noinline int recipe_plain_run(struct recipe_plain_state *s, struct sk_buff *skb)
{
	s->used++;
	return s->recipe.steps[0].run ? s->recipe.steps[0].run(&s->recipe.steps[0], skb) : 0;
}

static int __init recipe_plain_init(void)
{
	state.recipe.owner = THIS_MODULE;
	return recipe_plain_run(&state, NULL);
}

static void __exit recipe_plain_exit(void)
{
}

module_init(recipe_plain_init);
module_exit(recipe_plain_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("types of its own");
