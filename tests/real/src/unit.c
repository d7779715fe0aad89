// SPDX-License-Identifier: GPL-2.0-only
/* A compilation unit of the base or of a module. WITH_* choose what it includes. */
#include "kernel.h"

#ifdef WITH_HELPER
#include "helper.h"
#endif
#ifdef WITH_NET
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#endif
#ifdef WITH_BPF
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/perf_event.h>
#endif
#ifdef WITH_VIDEO
#include <linux/input.h>
#include <linux/videodev2.h>
#endif
#ifdef WITH_FS
#include <linux/btrfs.h>
#include <linux/fs.h>
#include <linux/fuse.h>
#include <linux/io_uring.h>
#endif
#ifdef WITH_KVM
#include <linux/kvm.h>
#include <linux/vfio.h>
#endif

/* Everybody has a struct of this name, and most have one of their own. */
#ifdef SLOT_FIELDS
struct slot {
	SLOT_FIELDS
};
#else
struct slot {
	u32 number;
	struct device *device;
};
#endif

/* A ring of own types over the shared ones. */
struct OWN(b);
struct OWN(a) {
	struct OWN(b) * b;
	struct list list;
	struct slot slot;
};
struct OWN(b) {
	struct OWN(a) a[2];
	struct helper *helper;
	callback_t call;
};
enum OWN(mode) { OWN(OFF), OWN(ON) = 0x7fffffff };
typedef const struct OWN(b) OWN(b_t);

struct OWN(a) OWN(data);
PERCPU struct OWN(b) OWN(here);
PERCPU struct chain OWN(chain);

int OWN(open)(struct device *device, OWN(b_t) * b, enum OWN(mode) mode)
{
	return device->work.lock.value + b->call(device, STATE_B, 0) + mode;
}

struct slot *OWN(slot)(struct set *set, struct slot *slot, union opaque *opaque)
{
	OWN(chain).next = 0;
	return OWN(data).b ? slot : 0;
}

DECL_TAG(kfunc) void OWN(tagged)(struct object *object DECL_TAG(trusted))
{
	object->parent = 0;
}

/* Static, of one name in all units; of two prototypes. */
#ifdef SLOT_FIELDS
static int __attribute__((noinline)) compare(struct slot *a, struct slot *b)
{
	return a < b;
}
#else
static int __attribute__((noinline)) compare(const void *a, const void *b)
{
	return a < b;
}
#endif
int OWN(compare)(void *a, void *b)
{
	return compare(a, b);
}
