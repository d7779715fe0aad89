// SPDX-License-Identifier: GPL-2.0-only
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"

struct blob_builder base, in, out;
uint32_t map[64];
char why[4096];

int run_on(const void *blob, size_t len, const uint32_t *with_map)
{
	void *copy = malloc(len ? len : 1);
	int ret;

	memcpy(copy, blob, len);
	ret = judge(base.bytes, base.len, in.bytes, in.len, in.base != NULL, copy, len, with_map,
		    why, sizeof(why));
	free(copy);
	return ret;
}

int run(const uint32_t *with_map)
{
	bb_finish(&base);
	bb_finish(&in);
	bb_finish(&out);
	return run_on(out.bytes, out.len, with_map);
}

void accepts(const uint32_t *with_map)
{
	int ret = run(with_map);

	if (ret)
		fail_msg("%d: %s", ret, why);
}

void refuses_with(const uint32_t *with_map, const char *text)
{
	assert_int_equal(run(with_map), 1);
	if (!strstr(why, text))
		fail_msg("refused, but not by '%s': %s", text, why);
}

void refuses(const char *text)
{
	refuses_with(NULL, text);
}

static void build_base(void)
{
	bb_init(&base, NULL);
	bb_type(&base, "int", BTF_KIND_INT, 0, 4);
	bb_word(&base, BTF_INT_SIGNED << 24 | 32);
	bb_type(&base, "", BTF_KIND_PTR, 0, LIST);
	bb_type(&base, "list", BTF_KIND_STRUCT, 2, 16);
	bb_member(&base, "next", LIST_PTR, 0);
	bb_member(&base, "n", INT, 64);
	bb_type(&base, "", BTF_KIND_FUNC_PROTO, 1, INT);
	bb_named(&base, "arg", LIST_PTR);
	bb_type(&base, "base_fn", BTF_KIND_FUNC, BTF_FUNC_STATIC, PROTO);
	bb_type(&base, "char", BTF_KIND_INT, 0, 1);
	bb_word(&base, BTF_INT_SIGNED << 24 | 8);
	bb_type(&base, "unsigned int", BTF_KIND_INT, 0, 4);
	bb_word(&base, 32);
	bb_type(&base, "base_tag", BTF_KIND_DECL_TAG, 0, BASE_FN);
	bb_word(&base, -1);
	bb_type(&base, "", BTF_KIND_PTR, 0, CHAR);
}

uint32_t in_int, in_list, in_list_ptr, in_proto, in_fn, in_char, in_uint;

void add_base_copy(void)
{
	in_list_ptr = bb_type(&in, "", BTF_KIND_PTR, 0, 2);
	map[0] = LIST_PTR;
	in_list = bb_type(&in, "list", BTF_KIND_STRUCT, 2, 16);
	bb_member(&in, "next", in_list_ptr, 0);
	bb_member(&in, "n", 3, 64);
	map[1] = LIST;
	in_int = bb_type(&in, "int", BTF_KIND_INT, 0, 4);
	bb_word(&in, BTF_INT_SIGNED << 24 | 32);
	map[2] = INT;
	in_proto = bb_type(&in, "", BTF_KIND_FUNC_PROTO, 1, in_int);
	bb_named(&in, "arg", in_list_ptr);
	map[3] = PROTO;
	in_fn = bb_type(&in, "base_fn", BTF_KIND_FUNC, BTF_FUNC_STATIC, in_proto);
	map[4] = BASE_FN;
	in_char = bb_type(&in, "char", BTF_KIND_INT, 0, 1);
	bb_word(&in, BTF_INT_SIGNED << 24 | 8);
	map[5] = CHAR;
	in_uint = bb_type(&in, "unsigned int", BTF_KIND_INT, 0, 4);
	bb_word(&in, 32);
	map[6] = UINT;
	bb_type(&in, "base_tag", BTF_KIND_DECL_TAG, 0, in_fn);
	bb_word(&in, -1);
	map[7] = BASE_TAG;
	bb_type(&in, "", BTF_KIND_PTR, 0, in_char);
	map[8] = CHAR_PTR;
}

void add_own_structs(struct blob_builder *b, uint32_t first, uint32_t i, uint32_t list)
{
	bb_type(b, "mine", BTF_KIND_STRUCT, 3 | KFLAG, 40);
	bb_member(b, "list", list, 0);
	bb_member(b, "self", first + MINE_PTR - MINE, 128);
	bb_member(b, "bits", i, 3 << 24 | 192);
	bb_type(b, "", BTF_KIND_PTR, 0, first);
	bb_type(b, "either", BTF_KIND_UNION, 2, 16);
	bb_member(b, "l", list, 0);
	bb_member(b, "", first + ARRAY - MINE, 0);
	bb_type(b, "color", BTF_KIND_ENUM, 2, 4);
	bb_named(b, "RED", 0);
	bb_named(b, "BLUE", 7);
	bb_type(b, "wide", BTF_KIND_ENUM64, 1, 8);
	bb_member(b, "HUGE", 1, 1);
}

void add_own_references(struct blob_builder *b, uint32_t first, uint32_t i, uint32_t ptr)
{
	bb_type(b, "mine_t", BTF_KIND_TYPEDEF, 0, first);
	bb_type(b, "", BTF_KIND_CONST, 0, first);
	bb_type(b, "", BTF_KIND_VOLATILE, 0, first + CONST - MINE);
	bb_type(b, "", BTF_KIND_RESTRICT, 0, ptr);
	bb_type(b, "", BTF_KIND_ARRAY, 0, 0);
	bb_three(b, ptr, i, 5);
	bb_type(b, "", BTF_KIND_FUNC_PROTO, 3, 0);
	bb_named(b, "c", first + COLOR - MINE);
	bb_named(b, "w", first + MINE_PTR - MINE);
	bb_named(b, "", 0);
	bb_type(b, "my_fn", BTF_KIND_FUNC, BTF_FUNC_GLOBAL, first + MY_PROTO - MINE);
	bb_type(b, "my_tag", BTF_KIND_DECL_TAG, 0, first + MY_FN - MINE);
	bb_word(b, 1);
	bb_type(b, "user", BTF_KIND_TYPE_TAG, 0, first + MINE_T - MINE);
	bb_type(b, "double", BTF_KIND_FLOAT, 0, 8);
	bb_type(b, "opaque", BTF_KIND_FWD, 0, 0);
}

void add_own_variables(struct blob_builder *b, uint32_t first, uint32_t i)
{
	for (int k = 0; k < 2; k++) {
		bb_type(b, "counter", BTF_KIND_VAR, 0, i);
		bb_word(b, BTF_VAR_STATIC);
	}
	bb_type(b, "var_tag", BTF_KIND_DECL_TAG, 0, first + VAR_2 - MINE);
	bb_word(b, -1);
	bb_type(b, ".data", BTF_KIND_DATASEC, 2, 8);
	bb_three(b, first + VAR_1 - MINE, 0, 4);
	bb_three(b, first + VAR_2 - MINE, 4, 4);
}

int world_setup(void **state)
{
	build_base();
	bb_init(&in, NULL);
	add_base_copy();
	add_own_structs(&in, in.cnt, in_int, in_list);
	add_own_references(&in, in.cnt - 5, in_int, in_list_ptr);
	add_own_variables(&in, in.cnt - 16, in_int);
	for (uint32_t id = MINE; id < OUT_CNT; id++)
		map[id - 1] = id;
	bb_init(&out, &base);
	add_own_structs(&out, MINE, INT, LIST);
	add_own_references(&out, MINE, INT, LIST_PTR);
	add_own_variables(&out, MINE, INT);
	return 0;
}
