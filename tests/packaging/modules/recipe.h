/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RECIPE_H
#define RECIPE_H

#include <linux/list.h>
#include <linux/netdevice.h>

/* Own types that lead into the kernel's, among them one that is in all of the modules. */
struct recipe_step {
	struct list_head entry;
	struct net_device *device;
	int (*run)(struct recipe_step *step, struct sk_buff *skb);
	u32 flags : 3, number : 29;
};

struct recipe {
	struct recipe_step steps[4];
	struct module *owner;
	const char *title;
};

#endif
