/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing BTF for tests: one call a type, ids in the order of the calls.
 *
 * Shares no code with merge/ or libbpf, so that a mistake there is not made
 * twice. Nothing is checked: an id may be given before its type exists, or be
 * nonsense. Memory that runs out aborts. Format: include/uapi/linux/btf.h;
 * the 32-byte header of 2026 is described at bld_set_layout().
 *
 *	struct bld *b = bld_new(1, 0);
 *	uint32_t s = bld_struct(b, "list_head", 16);	// [1]
 *	bld_member(b, "next", s + 1, 0, 0);
 *	bld_member(b, "prev", s + 1, 64, 0);
 *	bld_ptr(b, s);					// [2]
 *	blob = bld_finish(b, &len);
 *	bld_free(b);
 */
#ifndef TESTS_GEN_BUILD_H
#define TESTS_GEN_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bld;

/* What becomes of a name that is given a second time. */
enum bld_strings {
	BLD_STR_SHARED,   /* it is written once */
	BLD_STR_REPEATED, /* it is written anew each time */
	BLD_STR_TAILS,    /* once, and it may be the end of a longer string */
};

/* @start_id and @start_str are 1 and 0 for standalone BTF, for split BTF the
 * base's number of types (void included) and bytes of strings. */
struct bld *bld_new(uint32_t start_id, uint32_t start_str);
/* Split BTF over the blob @base, which is only read, and only here. A name that
 * the base has is then given as the base's, whatever bld_set_strings() says. */
struct bld *bld_new_split(const void *base, size_t len);
void bld_free(struct bld *b);

/* To be called before the first type. */
void bld_set_strings(struct bld *b, enum bld_strings how);
/* These two can be called any time before bld_finish(). */
void bld_set_big_endian(struct bld *b, bool on);
/* The header of 2026: 32 bytes, layout_off at 24 and layout_len at 28, relative
 * to the header's end as the others are. The section lies between types and
 * strings: for each kind from 0 to 19 { u8 info_sz, u8 elem_sz, u16 flags }, the
 * bytes that follow the 12-byte head once and once for each of vlen. */
void bld_set_layout(struct bld *b, bool on);

/* Each adds a type and returns its id. A NULL or empty @name is no name.
 * Sizes are bytes. */
uint32_t bld_int(struct bld *b, const char *name, uint32_t size, uint32_t encoding,
		 uint32_t bit_offset, uint32_t bits);
uint32_t bld_float(struct bld *b, const char *name, uint32_t size);
uint32_t bld_ptr(struct bld *b, uint32_t type);
uint32_t bld_const(struct bld *b, uint32_t type);
uint32_t bld_volatile(struct bld *b, uint32_t type);
uint32_t bld_restrict(struct bld *b, uint32_t type);
uint32_t bld_typedef(struct bld *b, const char *name, uint32_t type);
uint32_t bld_array(struct bld *b, uint32_t type, uint32_t index_type, uint32_t nelems);
uint32_t bld_struct(struct bld *b, const char *name, uint32_t size);
uint32_t bld_union(struct bld *b, const char *name, uint32_t size);
uint32_t bld_fwd(struct bld *b, const char *name, bool is_union);
uint32_t bld_enum(struct bld *b, const char *name, uint32_t size, bool is_signed);
uint32_t bld_enum64(struct bld *b, const char *name, uint32_t size, bool is_signed);
uint32_t bld_func_proto(struct bld *b, uint32_t ret_type);
uint32_t bld_func(struct bld *b, const char *name, uint32_t proto, uint32_t linkage);
uint32_t bld_var(struct bld *b, const char *name, uint32_t type, uint32_t linkage);
uint32_t bld_datasec(struct bld *b, const char *name, uint32_t size);
/* @component: a member's or parameter's index, -1 for the type itself; @kflag:
 * an attribute that is not a btf_decl_tag. */
uint32_t bld_decl_tag(struct bld *b, const char *name, uint32_t type, int component, bool kflag);
uint32_t bld_type_tag(struct bld *b, const char *name, uint32_t type, bool kflag);

/* Each adds to the type added last, which must be of a fitting kind.
 * @bits: width of a bitfield, 0 for none. The first bitfield sets the struct's
 * kind flag. */
void bld_member(struct bld *b, const char *name, uint32_t type, uint32_t bit_off, uint32_t bits);
void bld_enumerator(struct bld *b, const char *name, uint64_t value);
/* No name and type 0 at the end: variadic. */
void bld_param(struct bld *b, const char *name, uint32_t type);
void bld_secinfo(struct bld *b, uint32_t var, uint32_t offset, uint32_t size);
/* Sets the kind flag of the type added last. */
void bld_kflag(struct bld *b);

/* The id that the next type will have. */
uint32_t bld_next_id(const struct bld *b);

/* The blob, malloc'ed; its size in *@len. The builder can go on. */
void *bld_finish(const struct bld *b, size_t *len);

#endif
