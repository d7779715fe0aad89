// SPDX-License-Identifier: GPL-2.0-only
/* Asking for one type: by name, by id, and what is told of it. */
#include "tests/explain/explained.h"

#include <errno.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

/* Both have int, struct list and typedef list; foo is the module's, state differs. */
static void build(struct bld *b, bool module)
{
	bld_int(b, "int", 4, BTF_INT_SIGNED, 0, 32); /* [1] */
	bld_struct(b, "list_head", 8);               /* [2] */
	bld_member(b, "next", 3, 0, 0);
	bld_ptr(b, 2);                    /* [3] */
	bld_typedef(b, "list_head", 2);   /* [4] */
	bld_enum(b, "state", 4, !module); /* [5] */
	bld_enumerator(b, "STATE_A", 0);
	bld_struct(b, "device", 16); /* [6] */
	bld_member(b, "state", 5, 0, 0);
	bld_member(b, "parent", 7, 64, 0);
	bld_ptr(b, 6); /* [7] */
	bld_var(b, "here", 6, 1);
	if (!module)
		return;
	bld_struct(b, "foo", 4); /* [9] */
	bld_member(b, "a", 1, 0, 0);
}

static int begin(void **state)
{
	static struct explained x;
	struct bld *base = bld_new(1, 0), *module = bld_new(1, 0);

	build(base, false);
	build(module, true);
	explained_built(&x, base, module);
	*state = &x;
	return 0;
}

static int end(void **state)
{
	explained_end_built(*state);
	return 0;
}

static struct explain_list find(struct explained *x, const char *spec)
{
	struct explain_list list;
	struct diag diag;

	if (explain_find(x->explain, x->index, x->module, x->module_len, &x->res, spec, &list,
			 &diag))
		fail_msg("%s: %s", spec, diag.text);
	return list;
}

static void by_name(void **state)
{
	struct explain_list list = find(*state, "device");

	assert_int_equal(list.nr, 1);
	assert_int_equal(list.types[0].input_id, 6);
}

static void by_name_and_keyword(void **state)
{
	assert_int_equal(find(*state, "list_head").nr, 2);
	assert_int_equal(find(*state, "struct list_head").nr, 1);
	assert_int_equal(find(*state, "struct list_head").types[0].input_id, 2);
	assert_int_equal(find(*state, "typedef  list_head").types[0].input_id, 4);
	assert_int_equal(find(*state, "enum state").types[0].input_id, 5);
	assert_int_equal(find(*state, "union list_head").nr, 0);
}

static void by_id(void **state)
{
	struct explained *x = *state;

	assert_int_equal(find(x, "#6").types[0].input_id, 6);
	assert_int_equal(find(x, "[6]").types[0].output_id, find(x, "device").types[0].output_id);
}

static void ids_that_are_not_there(void **state)
{
	static const char *const specs[] = {"#0", "[10]", "#4294967295"};
	struct explained *x = *state;
	struct explain_list list;
	struct diag diag;

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		assert_int_equal(explain_find(x->explain, x->index, x->module, x->module_len,
					      &x->res, specs[i], &list, &diag),
				 -EINVAL);
		assert_non_null(strstr(diag.text, "its types are 1 to 9"));
	}
}

static void what_is_no_id_is_a_name(void **state)
{
	static const char *const specs[] = {
		"#", "[6", "[6]x", "#6x", "#-1", "[]", "#6]", "6", "#99999999999999999999"};

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		assert_int_equal(find(*state, specs[i]).nr, 0);
}

static void names_that_come_close(void **state)
{
	struct explain_list list = find(*state, "devise");

	assert_int_equal(list.nr, 0);
	assert_int_equal(list.nr_near, 1);
	assert_string_equal(list.near[0], "device");
	list = find(*state, "struct list_haed");
	assert_int_equal(list.nr_near, 1);
	assert_string_equal(list.near[0], "list_head");
	assert_string_equal(find(*state, "list").near[0], "list_head");
	assert_int_equal(find(*state, "something_else_entirely").nr_near, 0);
}

static void merged(void **state)
{
	struct explain_type t = explained_type(*state, "struct list_head");

	assert_int_equal(t.fate, EXPLAIN_MERGED);
	assert_int_equal(t.base_id, 2);
	assert_string_equal(t.name, "struct list_head");
}

static void new (void **state)
{
	struct explain_type t = explained_type(*state, "foo");

	assert_int_equal(t.fate, EXPLAIN_NEW);
	assert_int_equal(t.bytes, 24);
}

static void never(void **state)
{
	assert_int_equal(explained_type(*state, "here").fate, EXPLAIN_NEVER);
}

static void blocked(void **state)
{
	struct explain_type t = explained_type(*state, "device");

	assert_int_equal(t.fate, EXPLAIN_BLOCKED);
	assert_int_equal(t.base_id, 6);
	assert_int_equal(t.kind, EXPLAIN_ENCODER);
	assert_string_equal(t.path, "device.state: enum state: signed in the base, unsigned here");
	assert_int_equal(t.nr_causes, 1);
	assert_int_equal(t.blocks.types, 1); /* the pointer; a variable waits for nothing */
	assert_int_equal(t.nr_waiting, 0);
}

static void a_root_tells_what_waits_for_it(void **state)
{
	struct explain_type t = explained_type(*state, "enum state");

	assert_string_equal(t.path, "enum state: signed in the base, unsigned here");
	assert_int_equal(t.blocks.types, 2);
	assert_int_equal(t.blocks.bytes, 36 + 12);
	assert_int_equal(t.nr_waiting, 1);
	assert_string_equal(t.waiting[0].name, "struct device");
}

static void a_pointer_by_its_id(void **state)
{
	struct explain_type t = explained_type(*state, "#7");

	assert_string_equal(t.name, "struct device *");
	assert_string_equal(t.path,
			    "struct device *: device.state: enum state: signed in the base, "
			    "unsigned here");
}

/* Split input: what it refers to in the base has ids too, and its own go on behind. */
static void split_input(void **state)
{
	struct bld *base = bld_new(1, 0), *module;
	struct explained x;
	size_t base_len, len;
	void *b, *m;

	build(base, false);
	b = bld_finish(base, &base_len);
	module = bld_new_split(b, base_len);
	bld_struct(module, "device", 16); /* [9] */
	bld_member(module, "state", 1, 0, 0);
	bld_member(module, "parent", 7, 64, 0);
	m = bld_finish(module, &len);
	explained_begin(&x, b, base_len);
	explained_module(&x, m, len);
	assert_string_equal(explained_type(&x, "[9]").path,
			    "struct device.state: enum state in the base, int here");
	assert_int_equal(explained_type(&x, "#2").fate, EXPLAIN_MERGED);
	assert_int_equal(explained_type(&x, "#2").base_id, 2);
	explained_end(&x);
	bld_free(module);
	bld_free(base);
	free(b);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_name),
		cmocka_unit_test(by_name_and_keyword),
		cmocka_unit_test(by_id),
		cmocka_unit_test(ids_that_are_not_there),
		cmocka_unit_test(what_is_no_id_is_a_name),
		cmocka_unit_test(names_that_come_close),
		cmocka_unit_test(merged),
		cmocka_unit_test(new),
		cmocka_unit_test(never),
		cmocka_unit_test(blocked),
		cmocka_unit_test(a_root_tells_what_waits_for_it),
		cmocka_unit_test(a_pointer_by_its_id),
		cmocka_unit_test(split_input),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
