/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel's headers are made of, for the base and for the modules. UNIT, the
 * name of the compilation unit, and macros that change a detail come from
 * make_modules.sh.
 */
#ifndef REAL_KERNEL_H
#define REAL_KERNEL_H

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define OWN(name) JOIN(UNIT, name)

#ifdef __clang__
#define TYPE_TAG(tag) __attribute__((btf_type_tag(#tag)))
#define DECL_TAG(tag) __attribute__((btf_decl_tag(#tag)))
#else
#define TYPE_TAG(tag)
#define DECL_TAG(tag)
#endif
#define PERCPU __attribute__((section(".data..percpu")))

#ifndef DEEP /* changed, it is a difference at the bottom of nearly everything */
#define DEEP int
#endif
#ifndef BITS /* changed, the difference is one bit's place */
#define BITS 3
#endif

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;
typedef _Bool bool_t;

/* Rings of one, two and three, by value and through pointers. */
struct list {
	struct list *next, *prev;
};
struct hlist {
	struct hnode *first;
};
struct hnode {
	struct hnode *next, **pprev;
};
struct rb {
	unsigned long color;
	struct rb *right, *left;
} __attribute__((aligned(8)));
struct lock {
	DEEP value;
	union {
		u32 raw;
		struct {
			u8 locked, pending;
			u16 tail;
		};
	};
};
struct work {
	struct list entry;
	void (*func)(struct work *work);
	struct lock lock;
};

/* Known by name only, unless somebody includes helper.h. */
struct helper;
union opaque;

enum state { STATE_A, STATE_B = 7, STATE_C = -3 };
enum big { BIG_ONE = 1, BIG_TWO = 0x100000000ULL, BIG_THREE = 0x8000000000000000ULL };
enum { ANONYMOUS_ONE = 1, ANONYMOUS_TWO = 2 };
enum { ANONYMOUS_THREE = 3 };

struct object {
	const char *name;
	struct list list;
	struct object *parent;
	struct set *set;
	const struct object_type *type;
	struct helper *helper;
	u32 one : 1, some : BITS, rest : 28 - BITS;
	s64 wide : 40;
	enum state state;
	enum big big;
};

struct set {
	struct list objects;
	struct lock lock;
	struct object object;
};
struct attribute {
	const char *name;
	u16 mode;
};
struct object_type {
	void (*release)(struct object *object);
	const struct attribute *const *attributes;
	long (*show)(struct object *, struct attribute *, char buffer[], ...);
	struct set *(*find)(const struct set *, bool_t (*match)(struct object *, const void *),
			    void *);
};

struct device {
	struct object object;
	struct work work;
	struct {
		union {
			struct {
				u8 a, b;
			} bytes;
			u16 word;
			struct {
				u64 x;
				union opaque *opaque;
			} * deep[3][5];
		};
		volatile u32 regs[8][2];
		struct {
			int : 5;
			u32 flags : 11;
		};
	};
	const void *TYPE_TAG(user) * TYPE_TAG(rcu) buffer;
	int (*TYPE_TAG(rcu) * ops)(struct device *restrict, void *TYPE_TAG(user));
	float load;
	double mean;
	long double exact;
	__int128 huge;
	char tail[];
} DECL_TAG(device);

typedef struct device device_t;
typedef int (*callback_t)(device_t *, enum state, const struct attribute *const);
typedef callback_t callbacks_t[4];
struct chain {
	callback_t call;
	struct chain *next;
	callbacks_t all;
};

#endif
