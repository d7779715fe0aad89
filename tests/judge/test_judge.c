// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge accepts what is right, and, which is the half that matters, refuses
 * what is wrong. Each test sets up the small world of world.h, spoils one thing
 * and names the rule that must be told to be broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>

#include "judge.h"
#include "world.h"

static void test_right(void **state)
{
	accepts(NULL);
	accepts(map);
	assert_int_equal(judge_is_split(in.bytes, in.len), 0);
	assert_int_equal(judge_is_split(out.bytes, out.len), 1);
}

/* The blobs that these tests build are BTF to others, too. */
static void test_libbpf_reads_the_output(void **state)
{
	char path[] = "/tmp/test_judge.XXXXXX";
	struct btf *libbpf_base, *libbpf_out;
	int fd = mkstemp(path);

	accepts(NULL);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, out.bytes, out.len), out.len);
	libbpf_base = btf__new(base.bytes, base.len);
	libbpf_out = btf__parse_split(path, libbpf_base);
	assert_int_equal(libbpf_get_error(libbpf_out), 0);
	assert_int_equal(btf__type_cnt(libbpf_out), OUT_CNT);
	btf__free(libbpf_out);
	btf__free(libbpf_base);
	close(fd);
	unlink(path);
}

/* Whatever bit of the output is wrong, it is found: each is there for a reason. */
static void test_each_bit_of_the_output(void **state)
{
	char reason[256];
	struct judge *j;
	uint8_t *copy;

	accepts(map);
	j = judge_new(base.bytes, base.len, reason, sizeof(reason));
	assert_non_null(j);
	copy = malloc(out.len);
	for (uint32_t bit = 0; bit < out.len * 8; bit++) {
		memcpy(copy, out.bytes, out.len);
		copy[bit / 8] ^= 1 << bit % 8;
		for (int k = 0; k < 2; k++)
			if (judge_module(j, in.bytes, in.len, false, copy, out.len, k ? map : NULL,
					 why, sizeof(why)) != 1)
				fail_msg("bit %u of byte %u is of no account", bit % 8, bit / 8);
	}
	judge_free(j);
	free(copy);
}

/* An anonymous type whose name begins at another NUL is still anonymous. */
static bool is_no_name(uint32_t bit)
{
	uint32_t word, offset;

	memcpy(&word, base.bytes + bit / 32 * 4, sizeof(word));
	offset = 1u << bit % 32;
	return !word && offset < base.nr_strings && !base.strings[offset];
}

/* So is each bit of the base's types and names: the output rests on all of them. */
static void test_each_bit_of_the_base(void **state)
{
	accepts(NULL);
	for (uint32_t bit = 24 * 8; bit < base.len * 8; bit++) {
		if (is_no_name(bit))
			continue;
		base.bytes[bit / 8] ^= 1 << bit % 8;
		if (!run_on(out.bytes, out.len, NULL))
			fail_msg("bit %u of byte %u is of no account", bit % 8, bit / 8);
		base.bytes[bit / 8] ^= 1 << bit % 8;
	}
}

static void test_each_cut_of_the_output(void **state)
{
	accepts(NULL);
	for (uint32_t len = 0; len < out.len; len++)
		assert_int_equal(run_on(out.bytes, len, NULL), 1);
}

static void test_each_wrong_map(void **state)
{
	char text[64];

	for (uint32_t k = 0; k < in.cnt - 1; k++) {
		uint32_t right = map[k];

		for (map[k] = 0; map[k] <= OUT_CNT; map[k]++) {
			if (map[k] == right)
				continue;
			assert_int_equal(run(map), 1);
			snprintf(text, sizeof(text), "input [%u]", k + 1);
			assert_non_null(strstr(why, text));
		}
		map[k] = right;
	}
}

static void test_unreadable_input(void **state)
{
	assert_int_equal(run(NULL), 0);
	in.bytes[0] ^= 1;
	assert_true(run_on(out.bytes, out.len, NULL) < 0);
	in.bytes[0] ^= 1;
	in.len = 20;
	assert_true(run_on(out.bytes, out.len, NULL) < 0);
	base.len = 20;
	assert_true(run_on(out.bytes, out.len, NULL) < 0);
}

/* Rule 1. */

static void test_wrong_member_offset(void **state)
{
	*bb_at(&out, MINE, 3 + 5) += 8;
	refuses("rule 1: input [10] STRUCT mine has no image");
}

static void test_wrong_deep_down(void **state)
{
	*bb_at(&base, LIST, 3 + 5) = 96; /* list.n: mine holds a list */
	refuses("rule 1: input [1] PTR (anon) has no image: input [2] STRUCT list is not");
}

static void test_wrong_member_type(void **state)
{
	*bb_at(&out, MINE, 3 + 7) = UINT;
	refuses("rule 1: input [10] STRUCT mine has no image: input [3] INT int is not output [7]");
}

static void test_wrong_kind(void **state)
{
	*bb_at(&out, CONST, 1) = BTF_KIND_RESTRICT << 24;
	refuses("rule 1: input [16] CONST (anon) has no image");
}

static void test_dropped_type(void **state)
{
	bb_init(&out, &base);
	bb_type(&out, "mine", BTF_KIND_STRUCT, 0, 40);
	refuses("rule 1: input [12] UNION either has no image: nothing like it");
}

static void test_invented_type(void **state)
{
	bb_type(&out, "new", BTF_KIND_FLOAT, 0, 8);
	refuses("rule 1: output [30] FLOAT new is of no input type");
}

static void test_invented_reference(void **state)
{
	bb_type(&out, "", BTF_KIND_PTR, 0, COLOR);
	refuses("rule 1: output [30] PTR (anon) is of no input type");
}

/* A FWD of the input cannot make a struct appear from nowhere. */
static void test_invented_definition(void **state)
{
	bb_type(&out, "opaque", BTF_KIND_STRUCT, 0, 8);
	refuses("rule 1: output [30] STRUCT opaque is of no input type");
}

static void test_dangling_id(void **state)
{
	*bb_at(&out, MINE_PTR, 2) = OUT_CNT;
	refuses("rule 7: the output is broken: type [11] has the dangling id 30");
}

static void test_map_beyond_the_output(void **state)
{
	map[4] = OUT_CNT;
	refuses_with(map, "rule 1: input [5] FUNC base_fn is mapped to the dangling id 30");
}

static void test_map_to_another_type(void **state)
{
	map[2] = UINT;
	refuses_with(map, "rule 1: input [3] INT int is mapped to [7] INT unsigned int");
}

/* One member of a ring differs, so all of the ring does. */
static void test_ring_with_a_difference(void **state)
{
	bb_init(&base, NULL);
	bb_init(&in, NULL);
	for (int k = 0; k < 2; k++) {
		struct blob_builder *b = k ? &in : &base;

		bb_type(b, "int", BTF_KIND_INT, 0, 4);
		bb_word(b, 32);
		bb_type(b, "a", BTF_KIND_STRUCT, 1, 8);
		bb_member(b, "to", 4, 0);
		bb_type(b, "b", BTF_KIND_STRUCT, 2, 16);
		bb_member(b, "from", 5, 0);
		bb_member(b, "x", k ? 0 : 1, 64);
		bb_type(b, "", BTF_KIND_PTR, 0, 3);
		bb_type(b, "", BTF_KIND_PTR, 0, 2);
	}
	bb_init(&out, &base);
	refuses("STRUCT a has no image: input [0] void is not output [1] INT int (below it)");
	*bb_at(&in, 3, 3 + 4) = 1;
	accepts(NULL);
}

/* What libbpf 1.6.3 and later do: arrays below a struct are not compared. */
static void test_other_array_below(void **state)
{
	uint32_t array, other;

	bb_init(&out, &base);
	bb_init(&in, NULL);
	add_base_copy();
	array = bb_type(&in, "", BTF_KIND_ARRAY, 0, 0);
	bb_three(&in, in_int, in_int, 4);
	other = bb_type(&in, "", BTF_KIND_ARRAY, 0, 0);
	bb_three(&in, in_uint, in_int, 4);
	bb_type(&in, "foo", BTF_KIND_STRUCT, 2, 32);
	bb_member(&in, "a", other, 0);
	bb_member(&in, "b", array, 128);
	array = bb_type(&out, "", BTF_KIND_ARRAY, 0, 0);
	bb_three(&out, INT, INT, 4);
	other = bb_type(&out, "", BTF_KIND_ARRAY, 0, 0);
	bb_three(&out, UINT, INT, 4);
	bb_type(&out, "foo", BTF_KIND_STRUCT, 2, 32);
	bb_member(&out, "a", other, 0);
	bb_member(&out, "b", array, 128);
	accepts(NULL);
	*bb_at(&out, other + 1, 3 + 4) = other;
	refuses("STRUCT foo has no image");
}

/* A name is no identity: the base has two structs called slot. */
static void test_ambiguous_name(void **state)
{
	uint32_t slot[2];

	for (int k = 0; k < 2; k++) {
		slot[k] = bb_type(&base, "slot", BTF_KIND_STRUCT, 1, 4);
		bb_member(&base, "s", k ? UINT : INT, 0);
	}
	bb_init(&in, NULL);
	add_base_copy();
	map[in.cnt - 1] = slot[1];
	bb_type(&in, "slot", BTF_KIND_STRUCT, 1, 4);
	bb_member(&in, "s", in_uint, 0);
	bb_init(&out, &base);
	accepts(map);
	map[in.cnt - 2] = slot[0];
	refuses_with(map, "rule 1: input [10] STRUCT slot is mapped to [10] STRUCT slot");
}

/* The two relaxations, and rule 2 between them. */

static void test_declarations_that_find_their_definition(void **state)
{
	bb_type(&in, "list", BTF_KIND_FWD, 0, 0);
	map[OUT_CNT - 1] = LIST;
	bb_type(&in, "color", BTF_KIND_ENUM, 0, 4);
	map[OUT_CNT] = COLOR;
	bb_type(&in, "wide", BTF_KIND_ENUM, 0, 4);
	map[OUT_CNT + 1] = WIDE;
	bb_type(&in, "either", BTF_KIND_FWD, KFLAG, 0);
	map[OUT_CNT + 2] = EITHER;
	accepts(NULL);
	accepts(map);
	*bb_at(&in, OUT_CNT + 3, 1) = BTF_KIND_FWD << 24; /* struct either */
	refuses("rule 1: input [33] FWD either has no image");
}

/* struct net { struct helper *h; } of a base that has no helper. */
static uint32_t base_helper, base_ptr, base_net;

static void add_net(struct blob_builder *b, bool defined)
{
	if (defined) {
		base_helper = bb_type(b, "helper", BTF_KIND_STRUCT, 1, 4);
		bb_member(b, "x", b == &base ? INT : in_int, 0);
	} else {
		base_helper = bb_type(b, "helper", BTF_KIND_FWD, 0, 0);
	}
	base_ptr = bb_type(b, "", BTF_KIND_PTR, 0, base_helper);
	base_net = bb_type(b, "net", BTF_KIND_STRUCT, 1, 8);
	bb_member(b, "h", base_ptr, 0);
}

/* The module defines helper in full; its net may be the base's, helper stays. */
static void setup_net(void)
{
	uint32_t helper;

	bb_init(&in, NULL);
	add_base_copy();
	add_net(&in, true);
	helper = base_helper;
	bb_type(&in, "user", BTF_KIND_STRUCT, 2, 16);
	bb_member(&in, "net", base_net, 0);
	bb_member(&in, "h", base_ptr, 64);
	add_net(&base, false);
	bb_init(&out, &base);
	map[helper - 1] = bb_type(&out, "helper", BTF_KIND_STRUCT, 1, 4);
	bb_member(&out, "x", INT, 0);
	map[helper] = bb_type(&out, "", BTF_KIND_PTR, 0, base.cnt);
	map[helper + 1] = base_net;
	map[helper + 2] = bb_type(&out, "user", BTF_KIND_STRUCT, 2, 16);
	bb_member(&out, "net", base_net, 0);
	bb_member(&out, "h", base.cnt + 1, 64);
}

static void test_base_that_knows_a_declaration_only(void **state)
{
	setup_net();
	accepts(NULL);
	accepts(map);
}

static void test_definition_mapped_to_declaration(void **state)
{
	setup_net();
	map[9] = base_helper;
	refuses_with(map, "rule 2: input [10] STRUCT helper is mapped to [10] FWD helper");
}

static void test_definition_lost(void **state)
{
	setup_net();
	bb_init(&out, &base);
	bb_type(&out, "user", BTF_KIND_STRUCT, 2, 16);
	bb_member(&out, "net", base_net, 0);
	bb_member(&out, "h", base_ptr, 64);
	refuses("rule 2: input [10] STRUCT helper has no image");
}

static void test_definition_kept_as_declaration(void **state)
{
	setup_net();
	bb_init(&out, &base);
	bb_type(&out, "helper", BTF_KIND_FWD, 0, 0);
	bb_type(&out, "", BTF_KIND_PTR, 0, base.cnt);
	bb_type(&out, "user", BTF_KIND_STRUCT, 2, 16);
	bb_member(&out, "net", base_net, 0);
	bb_member(&out, "h", base.cnt + 1, 64);
	refuses("STRUCT helper has no image");
}

/* What stays refers to the definition. */
static void test_own_type_that_refers_to_the_declaration(void **state)
{
	setup_net();
	*bb_at(&out, base.cnt + 2, 3 + 4) = base_ptr;
	refuses("rule 2: input [13] STRUCT user has no image: input [10] STRUCT helper is not "
		"output [10] FWD helper");
}

static void test_map_that_uses_less_than_there_is(void **state)
{
	setup_net();
	map[10] = base_ptr; /* a pointer to the declaration will do, but what is ours for? */
	refuses_with(map, "rule 1: nothing is mapped to output");
}

/* For an enum as for a struct; and once a struct of the base is between, it may. */
static void test_forward_enum_of_the_base(void **state)
{
	uint32_t fwd = bb_type(&base, "color", BTF_KIND_ENUM, 0, 4), holds;

	holds = bb_type(&base, "holds", BTF_KIND_STRUCT, 1, 4);
	bb_member(&base, "c", fwd, 0);
	setup_net();
	bb_init(&in, NULL);
	add_base_copy();
	bb_type(&in, "color", BTF_KIND_ENUM, 1, 4);
	bb_named(&in, "RED", 0);
	bb_type(&in, "holds", BTF_KIND_STRUCT, 1, 4);
	bb_member(&in, "c", 10, 0);
	bb_type(&in, "keeps", BTF_KIND_STRUCT, 1, 4);
	bb_member(&in, "d", 10, 0);
	bb_init(&out, &base);
	bb_type(&out, "color", BTF_KIND_ENUM, 1, 4);
	bb_named(&out, "RED", 0);
	bb_type(&out, "keeps", BTF_KIND_STRUCT, 1, 4);
	bb_member(&out, "d", base.cnt, 0);
	accepts(NULL);
	*bb_at(&out, base.cnt + 1, 3 + 1) = fwd;
	refuses("rule 2: input [12] STRUCT keeps has no image");
	*bb_at(&out, base.cnt + 1, 3 + 1) = base.cnt;
	map[9] = base.cnt;
	map[10] = holds;
	map[11] = base.cnt + 1;
	accepts(map);
	map[9] = fwd;
	refuses_with(map, "rule 2: input [10] ENUM color is mapped to");
}

/* Rule 3. */

/* Writes the output without the own types that @skip names. */
static void without(uint32_t skip_from, uint32_t skip_to)
{
	uint32_t from = out.at[skip_from];
	uint32_t to = skip_to == OUT_CNT ? out.nr_words : out.at[skip_to];

	memmove(out.words + from, out.words + to, (out.nr_words - to) * 4);
	out.nr_words -= to - from;
}

static void test_dropped_datasec(void **state)
{
	without(DATA, OUT_CNT);
	refuses("rule 3: input [29] DATASEC .data: the output has nothing in its place");
}

static void test_merged_var(void **state)
{
	without(VAR_2, VAR_TAG); /* DATA's id falls by one, its words go on */
	*bb_at(&out, VAR_TAG, 2 - 4) = VAR_1;
	refuses("rule 3: input [27] VAR counter: the output has [28] DATASEC .data");
}

static void test_var_added(void **state)
{
	bb_type(&out, "counter", BTF_KIND_VAR, 0, INT);
	bb_word(&out, BTF_VAR_STATIC);
	refuses("rule 3: output [30] VAR counter has no counterpart");
}

/* The two VARs are equal, but not the same. */
static void test_datasec_with_its_vars_crossed(void **state)
{
	*bb_at(&out, DATA, 3) = VAR_2;
	*bb_at(&out, DATA, 6) = VAR_1;
	refuses("rule 3: input [29] DATASEC .data has no image: input [26] VAR counter is not");
}

static void test_tag_on_the_other_var(void **state)
{
	*bb_at(&out, VAR_TAG, 2) = VAR_1;
	refuses("rule 1: input [28] DECL_TAG var_tag has no image");
}

static void test_var_of_another_type(void **state)
{
	*bb_at(&out, VAR_1, 2) = UINT;
	refuses("rule 3: input [26] VAR counter has no image: input [3] INT int is not output [7]");
}

static void test_datasec_of_another_content(void **state)
{
	*bb_at(&out, DATA, 3 + 4) = 8;
	refuses("rule 3: input [29] DATASEC .data has no image");
}

static void test_func_left(void **state)
{
	bb_type(&out, "base_fn", BTF_KIND_FUNC, BTF_FUNC_STATIC, PROTO);
	refuses("rule 3: output [30] FUNC base_fn is left unmerged: [5] is the same");
}

static void test_decl_tag_left(void **state)
{
	bb_type(&out, "base_tag", BTF_KIND_DECL_TAG, 0, BASE_FN);
	bb_word(&out, -1);
	refuses("rule 3: output [30] DECL_TAG base_tag is left unmerged: [8] is the same");
}

static void test_struct_of_the_base_left(void **state)
{
	bb_type(&out, "list", BTF_KIND_STRUCT, 2, 16);
	bb_member(&out, "next", LIST_PTR, 0);
	bb_member(&out, "n", INT, 64);
	refuses("rule 3: output [30] STRUCT list is left unmerged: [3] is the same");
}

static void test_two_equal_types_left(void **state)
{
	bb_type(&out, "", BTF_KIND_CONST, 0, MINE);
	refuses("rule 3: output [30] CONST (anon) is left unmerged: [16] is the same");
}

/* What libbpf makes of the same input is right, too. */
static void test_output_of_libbpf(void **state)
{
	struct btf *b = NULL, *module = NULL, *split = NULL;
	const void *raw;
	uint32_t len;

	accepts(NULL);
	b = btf__new(base.bytes, base.len);
	module = btf__new(in.bytes, in.len);
	split = btf__new_empty_split(b);
	assert_true(btf__add_btf(split, module) > 0);
	assert_int_equal(btf__dedup(split, NULL), 0);
	raw = btf__raw_data(split, &len);
	if (run_on(raw, len, NULL))
		fail_msg("%s", why);
	btf__free(split);
	btf__free(module);
	btf__free(b);
}

#define T(f) cmocka_unit_test_setup(f, world_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_right),
		T(test_libbpf_reads_the_output),
		T(test_each_bit_of_the_output),
		T(test_each_bit_of_the_base),
		T(test_each_cut_of_the_output),
		T(test_each_wrong_map),
		T(test_unreadable_input),
		T(test_wrong_member_offset),
		T(test_wrong_deep_down),
		T(test_wrong_member_type),
		T(test_wrong_kind),
		T(test_dropped_type),
		T(test_invented_type),
		T(test_invented_reference),
		T(test_invented_definition),
		T(test_dangling_id),
		T(test_map_beyond_the_output),
		T(test_map_to_another_type),
		T(test_ring_with_a_difference),
		T(test_other_array_below),
		T(test_ambiguous_name),
		T(test_declarations_that_find_their_definition),
		T(test_base_that_knows_a_declaration_only),
		T(test_definition_mapped_to_declaration),
		T(test_definition_lost),
		T(test_definition_kept_as_declaration),
		T(test_own_type_that_refers_to_the_declaration),
		T(test_map_that_uses_less_than_there_is),
		T(test_forward_enum_of_the_base),
		T(test_dropped_datasec),
		T(test_merged_var),
		T(test_var_added),
		T(test_datasec_with_its_vars_crossed),
		T(test_tag_on_the_other_var),
		T(test_var_of_another_type),
		T(test_datasec_of_another_content),
		T(test_func_left),
		T(test_decl_tag_left),
		T(test_struct_of_the_base_left),
		T(test_two_equal_types_left),
		T(test_output_of_libbpf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
