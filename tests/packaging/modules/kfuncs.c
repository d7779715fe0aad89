// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

#include "recipe.h"

struct recipe *recipe_kfuncs_find(int number);

/* The names' order is not that of their type ids. */
noinline int recipe_write(int number)
{
	return recipe_kfuncs_find(number) ? number : -1;
}

noinline int recipe_count(void)
{
	return recipe_kfuncs_find(0)->steps[0].number;
}

noinline struct recipe_step *recipe_acquire(int number)
{
	return &recipe_kfuncs_find(number)->steps[number & 3];
}

BTF_SET8_START(recipe_kfunc_ids)
BTF_ID_FLAGS(func, recipe_write)
BTF_ID_FLAGS(func, recipe_acquire, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, recipe_count)
BTF_SET8_END(recipe_kfunc_ids)

static const struct btf_kfunc_id_set recipe_kfuncs = {
	.owner = THIS_MODULE,
	.set = &recipe_kfunc_ids,
};

static int __init recipe_kfuncs_init(void)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_XDP, &recipe_kfuncs);
}

static void __exit recipe_kfuncs_exit(void)
{
}

module_init(recipe_kfuncs_init);
module_exit(recipe_kfuncs_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kfuncs");
