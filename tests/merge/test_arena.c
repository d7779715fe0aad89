// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "merge/arena.h"

static void pieces_are_aligned_and_apart(void **state)
{
	struct arena a = {0};
	unsigned char *p[64];

	if (arena_guard(&a))
		fail();
	for (int i = 0; i < 64; i++) {
		p[i] = arena_alloc(&a, (size_t)i * 1000 + 1);
		assert_int_equal((uintptr_t)p[i] % 16, 0);
		memset(p[i], i, (size_t)i * 1000 + 1);
	}
	for (int i = 0; i < 64; i++)
		for (int k = 0; k <= i * 1000; k++)
			assert_int_equal(p[i][k], i);
	arena_free(&a);
}

static void after_a_reset_the_memory_is_used_again(void **state)
{
	struct arena a = {0};
	void *p[8];

	if (arena_guard(&a))
		fail();
	for (int i = 0; i < 8; i++)
		p[i] = arena_alloc(&a, 1u << 20);
	arena_reset(&a);
	for (int i = 0; i < 8; i++) {
		void *again = arena_alloc(&a, 1u << 20);

		assert_ptr_equal(again, p[i]);
		memset(again, 1, 1u << 20);
	}
	arena_free(&a);
}

static void what_is_reserved_stands_in_one_piece(void **state)
{
	struct arena a = {0};
	unsigned char *p, *q;

	if (arena_guard(&a))
		fail();
	arena_alloc(&a, 100);
	arena_reserve(&a, (5u << 20) + ARENA_REDZONE);
	p = arena_alloc(&a, 3u << 20);
	q = arena_alloc(&a, 2u << 20);
	assert_ptr_equal(q, p + (3u << 20) + ARENA_REDZONE);
	memset(p, 1, 3u << 20);
	memset(q, 1, 2u << 20);
	arena_free(&a);
}

static void what_is_trimmed_is_given_out_again(void **state)
{
	struct arena a = {0};
	unsigned char *p, *q;

	if (arena_guard(&a))
		fail();
	p = arena_alloc(&a, 1000);
	arena_trim(&a, p, 17);
	q = arena_alloc(&a, 1);
	assert_ptr_equal(q, p + 32 + ARENA_REDZONE); /* aligned to 16 */
	arena_free(&a);
}

static void what_was_allocated_after_a_mark_is_taken_back(void **state)
{
	struct arena a = {0};
	struct arena_mark mark;
	unsigned char *kept, *after;

	if (arena_guard(&a))
		fail();
	kept = arena_alloc(&a, 100);
	memset(kept, 7, 100);
	mark = arena_mark(&a);
	after = arena_alloc(&a, 100);
	for (int i = 0; i < 5; i++)
		arena_alloc(&a, 1u << 20);
	arena_release(&a, mark);
	assert_ptr_equal(arena_alloc(&a, 100), after);
	assert_int_equal(kept[99], 7);
	arena_free(&a);
}

static void what_one_arena_gave_back_the_next_one_gets(void **state)
{
	struct arena a = {0}, b = {0}, c = {0};
	unsigned char *p, *q;

	if (arena_guard(&a) || arena_guard(&b) || arena_guard(&c))
		fail();
	p = arena_alloc(&a, 3u << 20);
	memset(p, 1, 3u << 20);
	arena_free(&a);
	q = arena_alloc(&b, 1u << 20);
	assert_ptr_equal(q, p);
	memset(q, 2, 1u << 20);
	/* Only one gets it, and only who does not need more. */
	p = arena_alloc(&c, 1u << 20);
	memset(p, 3, 1u << 20);
	assert_int_equal(q[0], 2);
	arena_free(&b);
	q = arena_alloc(&a, 9u << 20);
	memset(q, 4, 9u << 20);
	assert_int_equal(p[0], 3);
	arena_free(&a);
	arena_free(&c);
}

static void what_is_given_on_does_not_lead_to_what_is_gone(void **state)
{
	struct arena a = {0}, b = {0};

	if (arena_guard(&a) || arena_guard(&b))
		fail();
	arena_alloc(&a, 100);
	memset(arena_alloc(&a, 20u << 20), 1, 20u << 20); /* too large to be given on */
	arena_free(&a);
	arena_alloc(&b, 100);
	memset(arena_alloc(&b, 20u << 20), 2, 20u << 20);
	arena_free(&b);
}

static void no_memory_unwinds_to_the_guard(void **state)
{
	struct arena a = {0};
	volatile int allocated = 0;

	if (!arena_guard(&a)) {
		arena_alloc(&a, 100);
		allocated = 1;
		arena_alloc(&a, SIZE_MAX / 2 - 100);
		fail_msg("half of the address space was given out");
	}
	assert_int_equal(allocated, 1);
	if (!arena_guard(&a)) {
		arena_alloc(&a, SIZE_MAX - 8); /* would wrap when rounded up */
		fail_msg("all of the address space was given out");
	}
	arena_free(&a);
}

#if ARENA_REDZONE
#include <sanitizer/asan_interface.h>

static void asan_watches_what_nobody_was_given(void **state)
{
	struct arena a = {0};
	struct arena_mark mark;
	unsigned char *p, *q;

	if (arena_guard(&a))
		fail();
	p = arena_alloc(&a, 19);
	mark = arena_mark(&a);
	q = arena_alloc(&a, 100);
	assert_false(__asan_address_is_poisoned(p + 18));
	assert_true(__asan_address_is_poisoned(p + 19));
	assert_true(__asan_address_is_poisoned(q - 1));
	arena_trim(&a, q, 10);
	assert_false(__asan_address_is_poisoned(q + 9));
	assert_true(__asan_address_is_poisoned(q + 10));
	arena_release(&a, mark);
	assert_true(__asan_address_is_poisoned(q));
	assert_false(__asan_address_is_poisoned(p));
	arena_reset(&a);
	assert_true(__asan_address_is_poisoned(p));
	arena_alloc(&a, 19);
	arena_free(&a);
	assert_true(__asan_address_is_poisoned(p));
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(after_a_reset_the_memory_is_used_again),
		cmocka_unit_test(what_is_reserved_stands_in_one_piece),
		cmocka_unit_test(what_is_trimmed_is_given_out_again),
		cmocka_unit_test(what_was_allocated_after_a_mark_is_taken_back),
		cmocka_unit_test(what_one_arena_gave_back_the_next_one_gets),
		cmocka_unit_test(what_is_given_on_does_not_lead_to_what_is_gone),
		cmocka_unit_test(no_memory_unwinds_to_the_guard),
#if ARENA_REDZONE
		cmocka_unit_test(asan_watches_what_nobody_was_given),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
