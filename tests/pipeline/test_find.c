// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/find.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"
#include "tests/pipeline/fixtures.h"

struct state {
	char *dir;
	struct find_result found;
};

static int setup(void **state)
{
	struct state *s = calloc(1, sizeof(*s));

	s->dir = temp_dir();
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	find_result_free(&s->found);
	temp_dir_remove(s->dir);
	free(s);
	return 0;
}

static void make_dir(struct state *s, const char *name)
{
	assert_int_equal(mkdir(path_in(s->dir, name), 0755), 0);
}

static void make_file(struct state *s, const char *name)
{
	write_file(path_in(s->dir, name), name, strlen(name));
}

/* Searches up to three paths; @skip may be NULL. */
static void run(struct state *s, const char *a, const char *b, const char *c, const char *skip)
{
	char *paths[] = {(char *)a, (char *)b, (char *)c};
	const char *const skips[] = {skip, NULL};
	int nr = c ? 3 : b ? 2 : 1;

	find_result_free(&s->found);
	assert_int_equal(find_modules(paths, nr, skips, FIND_TO_READ, &s->found), 0);
}

static void assert_found(struct state *s, const char *const *want)
{
	size_t i;

	for (i = 0; want[i] && i < s->found.nr_files; i++)
		assert_string_equal(s->found.files[i].path, want[i]);
	assert_null(want[i]);
	assert_int_equal(s->found.nr_files, i);
}

#define FOUND(s, ...) assert_found(s, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void assert_error(struct state *s, size_t i, const char *path, const char *part)
{
	assert_true(i < s->found.nr_errors);
	assert_string_equal(s->found.errors[i].path, path);
	if (!strstr(s->found.errors[i].reason, part))
		fail_msg("'%s' does not say '%s'", s->found.errors[i].reason, part);
}

static void modules_are_found_to_the_bottom(void **state)
{
	static const char *const other[] = {"x", "x.o", "x.ko.lz4", "x.ko.txt", "x.btf.gz", ".ko"};
	struct state *s = *state;

	make_dir(s, "kernel");
	make_dir(s, "kernel/fs.ko");
	make_file(s, "kernel/a.ko");
	make_file(s, "kernel/b.ko.gz");
	make_file(s, "kernel/c.ko.xz");
	make_file(s, "kernel/fs.ko/d.ko.zst");
	make_file(s, "e.btf");
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		make_file(s, other[i]);
	run(s, s->dir, NULL, NULL, NULL);
	FOUND(s, "e.btf", "kernel/a.ko", "kernel/b.ko.gz", "kernel/c.ko.xz",
	      "kernel/fs.ko/d.ko.zst");
	assert_int_equal(s->found.nr_errors, 0);
	assert_string_equal(s->found.files[0].full, path_in(s->dir, "e.btf"));
	assert_int_equal(s->found.files[0].size, 5);
	assert_int_equal(access(s->found.files[4].full, R_OK), 0);
}

static void order_is_that_of_the_paths_bytes(void **state)
{
	struct state *s = *state;

	make_dir(s, "a");
	make_dir(s, "a-b");
	make_file(s, "a/x.ko");
	make_file(s, "a-b/x.ko");
	make_file(s, "a.ko");
	make_file(s, "B.ko");
	make_file(s, "\xc3\xa4.ko");
	run(s, s->dir, NULL, NULL, NULL);
	FOUND(s, "B.ko", "a-b/x.ko", "a.ko", "a/x.ko", "\xc3\xa4.ko");
}

static void paths_come_in_the_order_given(void **state)
{
	struct state *s = *state;

	make_dir(s, "z");
	make_dir(s, "a");
	make_file(s, "z/1.ko");
	make_file(s, "a/2.ko");
	make_file(s, "any-name");
	run(s, path_in(s->dir, "z"), path_in(s->dir, "any-name"), path_in(s->dir, "a"), NULL);
	FOUND(s, "1.ko", "any-name", "2.ko");
	assert_int_equal(s->found.files[0].arg, 0);
	assert_int_equal(s->found.files[1].arg, 1);
	assert_int_equal(s->found.files[2].arg, 2);
}

static void any_bytes_are_good_in_a_name(void **state)
{
	static const char *const names[] = {"a b.ko", "new\nline.ko", "quote\"'.ko", "\xff\xfe.ko"};
	struct state *s = *state;

	for (size_t i = 0; i < 4; i++)
		make_file(s, names[i]);
	run(s, s->dir, NULL, NULL, NULL);
	FOUND(s, "a b.ko", "new\nline.ko", "quote\"'.ko", "\xff\xfe.ko");
}

static void slashes_at_the_end_make_no_difference(void **state)
{
	struct state *s = *state;

	make_dir(s, "d");
	make_file(s, "d/x.ko");
	run(s, path_in(s->dir, "d/"), NULL, NULL, NULL);
	FOUND(s, "x.ko");
	run(s, path_in(s->dir, "d///"), NULL, NULL, NULL);
	FOUND(s, "x.ko");
	assert_int_equal(access(s->found.files[0].full, R_OK), 0);
}

static void links_inside_are_not_followed(void **state)
{
	struct state *s = *state;

	make_dir(s, "tree");
	make_dir(s, "elsewhere");
	make_file(s, "elsewhere/x.ko");
	make_file(s, "tree/a.ko");
	assert_int_equal(symlink("../elsewhere", path_in(s->dir, "tree/build")), 0);
	assert_int_equal(symlink("..", path_in(s->dir, "tree/loop")), 0);
	assert_int_equal(symlink("../elsewhere/x.ko", path_in(s->dir, "tree/x.ko")), 0);
	assert_int_equal(symlink("nowhere", path_in(s->dir, "tree/gone.ko")), 0);
	run(s, path_in(s->dir, "tree"), NULL, NULL, NULL);
	FOUND(s, "a.ko");
	assert_int_equal(s->found.nr_errors, 0);
}

static void path_itself_may_be_a_link(void **state)
{
	struct state *s = *state;

	make_dir(s, "tree");
	make_file(s, "tree/a.ko");
	make_file(s, "b.ko");
	assert_int_equal(symlink("tree", path_in(s->dir, "link")), 0);
	assert_int_equal(symlink("b.ko", path_in(s->dir, "c.ko")), 0);
	assert_int_equal(symlink("nowhere", path_in(s->dir, "gone")), 0);
	run(s, path_in(s->dir, "link"), path_in(s->dir, "c.ko"), path_in(s->dir, "gone"), NULL);
	FOUND(s, "a.ko", "c.ko");
	assert_int_equal(s->found.nr_errors, 1);
	assert_error(s, 0, path_in(s->dir, "gone"), "link to nowhere");
}

static void file_of_several_names_is_found_once(void **state)
{
	struct state *s = *state;

	make_dir(s, "d");
	make_file(s, "d/b.ko");
	assert_int_equal(link(path_in(s->dir, "d/b.ko"), path_in(s->dir, "d/a.ko")), 0);
	assert_int_equal(link(path_in(s->dir, "d/b.ko"), path_in(s->dir, "d/c.ko")), 0);
	run(s, path_in(s->dir, "d"), path_in(s->dir, "d/c.ko"), path_in(s->dir, "d"), NULL);
	FOUND(s, "a.ko");
	run(s, path_in(s->dir, "d/c.ko"), path_in(s->dir, "d"), NULL, NULL);
	FOUND(s, "c.ko");
	make_file(s, "d/z.ko");
	run(s, path_in(s->dir, "d"), s->dir, NULL, NULL);
	FOUND(s, "a.ko", "z.ko");
}

static void skipped_directory_is_not_entered(void **state)
{
	struct state *s = *state;

	make_dir(s, "out");
	make_file(s, "out/x.ko.btf");
	make_file(s, "x.ko");
	assert_int_equal(symlink("out", path_in(s->dir, "alias")), 0);
	run(s, s->dir, NULL, NULL, path_in(s->dir, "out"));
	FOUND(s, "x.ko");
	run(s, s->dir, NULL, NULL, path_in(s->dir, "alias"));
	FOUND(s, "x.ko");
	run(s, s->dir, NULL, NULL, path_in(s->dir, "not-there"));
	FOUND(s, "out/x.ko.btf", "x.ko");
	run(s, path_in(s->dir, "out"), NULL, NULL, path_in(s->dir, "out"));
	FOUND(s, "x.ko.btf");
}

static void what_cannot_be_searched_is_an_error_and_the_rest_is_found(void **state)
{
	struct state *s = *state;

	make_file(s, "x.ko");
	assert_int_equal(mkfifo(path_in(s->dir, "fifo.ko"), 0644), 0);
	assert_int_equal(mkfifo(path_in(s->dir, "other-fifo"), 0644), 0);
	run(s, path_in(s->dir, "gone"), "", s->dir, NULL);
	FOUND(s, "x.ko");
	assert_int_equal(s->found.nr_errors, 3);
	assert_error(s, 0, path_in(s->dir, "gone"), "No such file");
	assert_error(s, 1, "", "No such file");
	assert_error(s, 2, "fifo.ko", "not a regular file");
	assert_int_equal(s->found.errors[2].arg, 2);

	run(s, path_in(s->dir, "other-fifo"), NULL, NULL, NULL);
	FOUND(s);
	assert_error(s, 0, path_in(s->dir, "other-fifo"), "not a regular file");
}

static void what_two_paths_both_cannot_search_is_told_once(void **state)
{
	struct state *s = *state;

	make_dir(s, "sub");
	assert_int_equal(mkfifo(path_in(s->dir, "sub/fifo.ko"), 0644), 0);
	run(s, s->dir, path_in(s->dir, "sub"), s->dir, NULL);
	assert_int_equal(s->found.nr_errors, 1);
	assert_error(s, 0, "sub/fifo.ko", "not a regular file");
}

static void a_file_to_skip_is_taken_only_when_it_is_named(void **state)
{
	struct state *s = *state;

	make_file(s, "vmlinux.btf");
	make_file(s, "x.ko");
	run(s, s->dir, NULL, NULL, path_in(s->dir, "vmlinux.btf"));
	FOUND(s, "x.ko");
	run(s, path_in(s->dir, "vmlinux.btf"), NULL, NULL, path_in(s->dir, "vmlinux.btf"));
	FOUND(s, "vmlinux.btf");
	run(s, s->dir, NULL, NULL, path_in(s->dir, "x.ko"));
	FOUND(s, "vmlinux.btf");
}

static void links_of_uncompressed_modules_are_found_once(void **state)
{
	struct state *s = *state;

	make_dir(s, "d");
	make_file(s, "d/b.ko");
	make_file(s, "d/z.ko");
	assert_int_equal(link(path_in(s->dir, "d/b.ko"), path_in(s->dir, "d/a.ko")), 0);
	assert_int_equal(link(path_in(s->dir, "d/b.ko"), path_in(s->dir, "c.btf")), 0);
	run(s, s->dir, NULL, NULL, NULL);
	FOUND(s, "c.btf", "d/z.ko");
	assert_int_equal(s->found.nr_links, 2);
	assert_string_equal(s->found.links[0].path, "d/a.ko");
	assert_string_equal(s->found.links[1].path, "d/b.ko");
	run(s, path_in(s->dir, "d"), s->dir, NULL, NULL);
	FOUND(s, "a.ko", "z.ko");
}

/* Do directories here tell what their entries are? Else all have to be looked at. */
static bool entries_are_told(const char *dir)
{
	DIR *stream = opendir(dir);
	struct dirent *ent;
	bool told = true;

	assert_non_null(stream);
	while ((ent = readdir(stream)))
		told &= ent->d_type != DT_UNKNOWN;
	closedir(stream);
	return told;
}

static void sizes_are_known_but_for_uncompressed_modules_in_directories(void **state)
{
	struct state *s = *state;

	make_dir(s, "d");
	make_file(s, "d/a.btf");
	make_file(s, "d/b.ko");
	make_file(s, "d/c.ko.xz");
	make_file(s, "e.ko");
	run(s, path_in(s->dir, "d"), NULL, NULL, NULL);
	assert_int_equal(s->found.files[0].size, 7);
	if (entries_are_told(path_in(s->dir, "d"))) {
		assert_true(s->found.files[1].by_entry);
		assert_int_equal(s->found.files[1].size, 0);
	}
	assert_int_equal(s->found.files[2].size, 9);
	run(s, path_in(s->dir, "d"), path_in(s->dir, "e.ko"), NULL, NULL);
	FOUND(s, "a.btf", "b.ko", "c.ko.xz", "e.ko");
	for (size_t i = 0; i < 4; i++)
		assert_false(s->found.files[i].by_entry);
	assert_int_equal(s->found.files[1].size, 6);
	assert_int_equal(s->found.files[3].size, 4);
}

static void unreadable_directory_is_an_error(void **state)
{
	struct state *s = *state;

	if (!geteuid())
		skip();
	make_dir(s, "secret");
	make_file(s, "x.ko");
	assert_int_equal(chmod(path_in(s->dir, "secret"), 0), 0);
	run(s, s->dir, NULL, NULL, NULL);
	FOUND(s, "x.ko");
	assert_error(s, 0, path_in(s->dir, "secret"), "cannot read the directory: Permission");
	chmod(path_in(s->dir, "secret"), 0755);
}

static void no_modules_are_no_error(void **state)
{
	struct state *s = *state;

	run(s, s->dir, NULL, NULL, NULL);
	FOUND(s);
	assert_int_equal(s->found.nr_errors, 0);
}

static void many_files_need_few_descriptors(void **state)
{
	struct state *s = *state;
	struct rlimit old, few;
	char name[64];

	for (int d = 0; d < 40; d++) {
		snprintf(name, sizeof(name), "%02d", d);
		make_dir(s, name);
		for (int f = 0; f < 50; f++) {
			snprintf(name, sizeof(name), "%02d/%02d.ko", d, f);
			make_file(s, name);
		}
	}
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = 16;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	run(s, s->dir, NULL, NULL, NULL);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(s->found.nr_files, 2000);
	assert_int_equal(s->found.nr_errors, 0);
	assert_string_equal(s->found.files[1999].path, "39/49.ko");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(modules_are_found_to_the_bottom),
		TEST(order_is_that_of_the_paths_bytes),
		TEST(paths_come_in_the_order_given),
		TEST(any_bytes_are_good_in_a_name),
		TEST(slashes_at_the_end_make_no_difference),
		TEST(links_inside_are_not_followed),
		TEST(path_itself_may_be_a_link),
		TEST(file_of_several_names_is_found_once),
		TEST(skipped_directory_is_not_entered),
		TEST(what_cannot_be_searched_is_an_error_and_the_rest_is_found),
		TEST(what_two_paths_both_cannot_search_is_told_once),
		TEST(a_file_to_skip_is_taken_only_when_it_is_named),
		TEST(links_of_uncompressed_modules_are_found_once),
		TEST(sizes_are_known_but_for_uncompressed_modules_in_directories),
		TEST(unreadable_directory_is_an_error),
		TEST(no_modules_are_no_error),
		TEST(many_files_need_few_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
