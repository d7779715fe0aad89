// SPDX-License-Identifier: GPL-2.0-only
#include "recipe.h"

struct recipe *recipe_kfuncs_find(int number);

struct recipe_shelf {
	struct recipe recipes[3];
	struct recipe_shelf *next;
};

static struct recipe_shelf shelf;

struct recipe *recipe_kfuncs_find(int number)
{
	return &shelf.recipes[(unsigned int)number % 3];
}
