#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make_tree.sh DIR: a small kernel to test with, made by gcc and pahole.
#
#   DIR/vmlinux            the base: an ELF object with .BTF, of three units
#   DIR/vmlinux.btf        its .BTF alone
#   DIR/standalone/        a tree of 12 modules, .BTF by `pahole -J`
#   DIR/split/             the same, .BTF by `pahole -J --btf_base vmlinux.btf`
#   DIR/raw/               the .BTF of standalone/, alone (NAME.ko.btf)
#   DIR/gz/ xz/ zst/       standalone/, each module compressed
#
# Module m has one unit or two, shares kernel.h with the base, and has types of
# its own. A DIR that is there and newer than this script is left as it is.
set -euo pipefail
export LC_ALL=C
umask 022

dir=$1
if [[ $dir/done -nt $0 ]]; then
	exit 0
fi
rm -rf "$dir"
mkdir -p "$dir/src" "$dir/standalone" "$dir/split" "$dir/raw"
cd "$dir"

cat > src/kernel.h <<'C'
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef _Bool bool;

struct list { struct list *next, *prev; };
struct helper; /* the base never sees more of it */
struct ops;
enum state { STATE_OFF, STATE_ON, STATE_LOST = -1 };
enum wide { WIDE_LOW = 1, WIDE_HIGH = 0x123456789aULL };

struct device {
	struct list node;
	const char *name;
	struct device *parent;
	const struct ops *ops;
	enum state state;
	enum wide wide;
	u32 up : 1, slow : 3, rest : 28;
	union {
		u64 cookie;
		struct { u32 low, high; };
		void *ptr;
	};
	volatile u8 regs[4][8];
	int tail[];
};

struct ops {
	int (*open)(struct device *dev, u32 flags, ...);
	void (*walk)(const struct list *head, bool (*want)(struct device *, void *), void *arg);
	const struct ops *fallback;
};

typedef int (*notify_t)(struct device *, enum state, const void *restrict);

struct chain { notify_t call; struct chain *next; int priority; };
struct queue {
	struct list entries;
	struct helper *helper;
	struct chain chain;
	notify_t notify[2];
	float load;
	double mean;
};
C

# Each unit has functions, so that FUNC and FUNC_PROTO are there, and uses what
# it includes, because gcc leaves out of DWARF what is not used.
cat > src/core.c <<'C'
#include "kernel.h"
struct slot { u32 number; struct device *dev; }; /* there is another one in fs.c */
struct slot core_slots[4];
int core_open(struct device *dev, u32 flags) { return dev->ops->open(dev, flags); }
enum state core_state(const struct device *dev, struct slot *slot) { return dev->state; }
C
cat > src/net.c <<'C'
#include "kernel.h"
struct queue net_queue;
__attribute__((section(".data..percpu"))) struct queue net_percpu;
int net_call(struct queue *q, struct device *dev) { return q->notify[0](dev, STATE_ON, q->helper); }
struct helper *net_helper(struct queue *q) { return q->helper; }
C
cat > src/fs.c <<'C'
#include "kernel.h"
struct slot { u64 block; struct list dirty; bool busy; };
struct super { struct slot slots[16]; struct device *dev; struct queue *queue; };
int fs_mount(struct super *s, char *options) { return s->slots[0].busy; }
C

module_source() # NUMBER: the first unit of module NUMBER
{
	cat <<-C
	#include "kernel.h"
	struct helper { struct helper *next; struct queue *queue; int (*help)(struct helper *); };
	struct own_$1_b;
	struct own_$1_a { struct own_$1_b *b; struct device *dev; u32 bits_$1 : $((1 + $1)); };
	struct own_$1_b { struct own_$1_a a[$((1 + $1))]; struct helper helper; enum state last; };
	struct slot { u32 number; struct device *dev; $( (($1 % 3)) || echo 'long extra;') };
	enum own_$1 { OWN_$1_FIRST = $1, OWN_$1_SECOND = -$1 };
	typedef const struct own_$1_b *own_$1_t;
	$( (($1 % 4)) || printf 'struct wide_%s { double d[3]; __int128 big; };' "$1")
	struct own_$1_b own_$1_data;
	__attribute__((section(".data..percpu"))) struct own_$1_a own_$1_here;
	struct ops own_$1_ops;
	int own_$1_init(own_$1_t arg, struct slot *slot, enum own_$1 e) { return arg->last + e; }
	static int helper_$1(struct helper *h, struct chain *c) { return c->priority + h->help(h); }
	int own_$1_exit(struct helper *h, struct chain *c) { return helper_$1(h, c); }
	$( (($1 % 4)) || printf 'int own_%s_wide(struct wide_%s *w) { return w->d[0] > 0; }' "$1" "$1")
	C
}

second_source() # NUMBER
{
	cat <<-C
	#include "kernel.h"
	struct helper;
	struct super { struct device *dev; struct helper *only_declared; };
	union own_$1_u { struct super super; struct queue queue; char bytes[$((8 * $1 + 8))]; };
	union own_$1_u own_$1_union;
	int own_$1_use(union own_$1_u *u, struct helper *h) { return u->queue.chain.priority; }
	C
}

compile() # NAME...: src/NAME.c to NAME.o
{
	local name

	for name; do
		gcc -g -gdwarf-4 -O1 -c -o "$name.o" "src/$name.c"
	done
}

compile core net fs
ld -r -o vmlinux core.o net.o fs.o
pahole -J --btf_gen_floats vmlinux
objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc vmlinux vmlinux.btf

subdirs=(kernel/fs/alpha kernel/net kernel/drivers/block extra)
for i in {1..12}; do
	path=${subdirs[i % 4]}/mod$i.ko
	module_source "$i" > "src/mod$i.c"
	compile "mod$i"
	units=("mod$i.o")
	if ((i % 2)); then
		second_source "$i" > "src/mod${i}_more.c"
		compile "mod${i}_more"
		units+=("mod${i}_more.o")
	fi
	mkdir -p {standalone,split,raw}/"${path%/*}"
	ld -r -o "standalone/$path" "${units[@]}"
	cp "standalone/$path" "split/$path"
	pahole -J --btf_gen_floats "standalone/$path"
	pahole -J --btf_gen_floats --btf_base vmlinux.btf "split/$path"
	objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc \
		"standalone/$path" "raw/$path.btf"
done
rm -f ./*.o

for packed in gz xz zst; do
	cp -r standalone "$packed"
done
find gz -name '*.ko' -exec gzip -n {} +
find xz -name '*.ko' -exec xz --check=crc32 {} +
find zst -name '*.ko' -exec zstd -q --rm {} +
touch done
