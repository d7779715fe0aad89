// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/out_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/pipeline/cmocka_all.h"

#define NOBODY 65534 /* the user of that name, who may write nothing of root's */

static struct diag diag;

/* Each test is in an empty directory of its own. */
static int enter_dir(void **state)
{
	char dir[] = "/tmp/btfbatch-out_file-XXXXXX";

	if (!mkdtemp(dir) || chdir(dir))
		return -1;
	*state = strdup(dir);
	umask(022);
	return 0;
}

/* Before a device of the machine is written to: as root, a fault of ours would replace it. */
static void be_nobody(void)
{
	if (!geteuid())
		assert_int_equal(seteuid(NOBODY), 0);
}

static void be_oneself(void)
{
	assert_int_equal(seteuid(getuid()), 0);
}

static int leave_dir(void **state)
{
	char command[256];
	int err;

	be_oneself(); /* a test may have failed on the way */
	snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
	err = chdir("/") || system(command);
	free(*state);
	return err;
}

static void expect_content(const char *path, const char *content)
{
	char got[256] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, content);
}

static void make_file(const char *path, const char *content)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(content, f);
	assert_int_equal(fclose(f), 0);
}

/* Names in @dir, "." and ".." not counted. */
static size_t nr_entries(const char *dir)
{
	DIR *d = opendir(dir);
	size_t nr = 0;

	assert_non_null(d);
	while (readdir(d))
		nr++;
	closedir(d);
	return nr - 2;
}

static void expect_mode(const char *path, mode_t mode)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static int write_text(const char *path, const char *text)
{
	return out_file_write(path, text, strlen(text), &diag);
}

static void expect_failure(int got, int err, const char *why)
{
	assert_int_equal(got, err);
	assert_string_equal(diag.text, why);
}

/* Child processes leave with _exit() and this, not through cmocka. */
static int exit_status(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_write(void **state)
{
	assert_int_equal(write_text("a", "hello"), 0);
	expect_content("a", "hello");
	assert_int_equal(write_text("./empty", ""), 0);
	expect_content("empty", "");
	assert_int_equal(nr_entries("."), 2);
}

static void test_stream(void **state)
{
	struct out_file *out;

	assert_int_equal(out_file_begin("d/a", &out, &diag), 0);
	fprintf(out_file_stream(out), "%d lines\n", 3);
	assert_int_equal(access("d/a", F_OK), -1);
	assert_int_equal(out_file_commit(out, &diag), 0);
	expect_content("d/a", "3 lines\n");
	assert_int_equal(nr_entries("d"), 1);
}

static void test_stream_abort(void **state)
{
	struct out_file *out;

	make_file("a", "old");
	assert_int_equal(out_file_begin("a", &out, &diag), 0);
	fputs("new", out_file_stream(out));
	out_file_abort(out);
	expect_content("a", "old");
	assert_int_equal(nr_entries("."), 1);
}

static void test_directories(void **state)
{
	assert_int_equal(write_text("x/y//z/./a", "1"), 0);
	assert_int_equal(write_text("x/y/z/b", "2"), 0);
	expect_content("x/y/z/a", "1");
	expect_content("x/y/z/b", "2");
	expect_mode("x/y", 0755);
}

static void test_umask(void **state)
{
	umask(027);
	assert_int_equal(write_text("x/a", "1"), 0);
	expect_mode("x", 0750);
	expect_mode("x/a", 0640);
}

static void test_replaces(void **state)
{
	make_file("other", "old");
	assert_int_equal(link("other", "hard"), 0);
	assert_int_equal(symlink("other", "soft"), 0);
	assert_int_equal(write_text("hard", "new"), 0);
	assert_int_equal(write_text("soft", "new"), 0);
	expect_content("hard", "new");
	expect_content("soft", "new");
	expect_content("other", "old");
}

static void test_long_names(void **state)
{
	char name[NAME_MAX + 2] = "";

	/* Two-byte characters, so that the cut has to look where it is. */
	for (size_t i = 0; i < NAME_MAX / 2; i++)
		memcpy(name + 1 + 2 * i, "\xc3\xa9", 2);
	name[0] = 'a';
	assert_int_equal(strlen(name), NAME_MAX);
	assert_int_equal(write_text(name, "long"), 0);
	expect_content(name, "long");
	assert_int_equal(nr_entries("."), 1);
	strcat(name, "b");
	expect_failure(write_text(name, "x"), -ENAMETOOLONG, "File name too long");
}

/* A path of PATH_MAX - 1 bytes has no room for a longer name beside it. */
static void test_longest_path(void **state)
{
	char path[PATH_MAX] = "";

	for (size_t i = 0; i + 1 < PATH_MAX; i++)
		path[i] = i % 200 == 199 && i + 2 < PATH_MAX ? '/' : 'a';
	assert_int_equal(write_text(path, "deep"), 0);
	expect_content(path, "deep");
}

static void test_is_a_directory(void **state)
{
	assert_int_equal(mkdir("d", 0755), 0);
	expect_failure(write_text("d", "x"), -EISDIR, "there is a directory of this name");
	expect_failure(write_text(".", "x"), -EISDIR, "there is a directory of this name");
	expect_failure(write_text("new/", "x"), -EISDIR, "it names no file");
	expect_failure(write_text("", "x"), -ENOENT, "it names no file");
	assert_int_equal(nr_entries("d"), 0);
}

static void test_file_in_the_way(void **state)
{
	make_file("f", "old");
	expect_failure(write_text("f/a", "x"), -ENOTDIR,
		       "cannot open its directory: Not a directory");
	expect_failure(write_text("f/d/a", "x"), -ENOTDIR,
		       "cannot open its directory: Not a directory");
	expect_content("f", "old");
}

/* Root may write everywhere, so it becomes somebody else in a child. */
static int write_as_nobody(const char *path)
{
	pid_t pid = fork();

	if (!pid) {
		int err;

		if (!geteuid() && setresuid(NOBODY, NOBODY, NOBODY))
			_exit(1);
		err = write_text(path, "new");
		if (err)
			fprintf(stderr, "%s: %s\n", path, diag.text);
		_exit(err == -EACCES ? 13 : err ? 2 : 0);
	}
	return exit_status(pid);
}

static void test_not_writable(void **state)
{
	assert_int_equal(mkdir("locked", 0755), 0);
	assert_int_equal(chmod("locked", geteuid() ? 0555 : 0755), 0);
	assert_int_equal(write_as_nobody("locked/a"), 13);
	assert_int_equal(write_as_nobody("locked/d/a"), 13);
	assert_int_equal(nr_entries("locked"), 0);
	assert_int_equal(chmod("locked", 0777), 0);
	make_file("locked/a", "old");
	assert_int_equal(chmod("locked/a", 0444), 0);
	assert_int_equal(chmod(".", 0777), 0);
	assert_int_equal(write_as_nobody("locked/a"), 13);
	expect_content("locked/a", "old");
}

/* A file that may not grow over 4096 bytes stands for the full disk: the first
 * write is short, the next one fails. */
static int write_limited(bool stream)
{
	static char data[20000];
	const struct rlimit limit = {4096, 4096};
	struct out_file *out;
	pid_t pid = fork();
	int err;

	if (pid)
		return exit_status(pid);
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit))
		_exit(1);
	if (stream) {
		err = out_file_begin("a", &out, &diag);
		if (!err && fwrite(data, 1, sizeof(data), out_file_stream(out)) > sizeof(data))
			_exit(1);
		if (!err)
			err = out_file_commit(out, &diag);
	} else {
		err = out_file_write("a", data, sizeof(data), &diag);
	}
	fprintf(stderr, "%s\n", diag.text);
	_exit(err == -EFBIG ? 27 : err ? 2 : 0);
}

static void test_disk_full(void **state)
{
	assert_int_equal(write_limited(false), 27);
	assert_int_equal(nr_entries("."), 0);
	make_file("a", "old");
	assert_int_equal(write_limited(false), 27);
	expect_content("a", "old");
	assert_int_equal(nr_entries("."), 1);
}

static void test_disk_full_while_streaming(void **state)
{
	make_file("a", "old");
	/* The errno of the write that failed is lost by the commit: EIO will do. */
	assert_in_range(write_limited(true), 2, 27);
	expect_content("a", "old");
	assert_int_equal(nr_entries("."), 1);
}

static void test_disk_full_at_the_last_flush(void **state)
{
	struct out_file *out;

	be_nobody();
	assert_int_equal(out_file_begin("/dev/full", &out, &diag), 0);
	fputs("little", out_file_stream(out));
	expect_failure(out_file_commit(out, &diag), -ENOSPC, "No space left on device");
	expect_failure(write_text("/dev/full", "x"), -ENOSPC, "No space left on device");
	be_oneself();
}

static void test_killed(void **state)
{
	struct out_file *out;
	pid_t pid;

	make_file("a", "old");
	pid = fork();
	if (!pid) {
		if (out_file_begin("a", &out, &diag))
			_exit(1);
		fputs("half of it", out_file_stream(out));
		fflush(out_file_stream(out));
		raise(SIGKILL);
	}
	assert_int_equal(exit_status(pid), -SIGKILL);
	expect_content("a", "old");
	/* The rest of it has a name that says what it is, and goes with the next write. */
	expect_content(".a.btfbatch", "half of it");
	assert_int_equal(write_text("a", "new"), 0);
	expect_content("a", "new");
	assert_int_equal(nr_entries("."), 1);
}

/* Who is alive is waited for: both files are whole, and the last one stays. */
static void test_two_at_once(void **state)
{
	struct out_file *out;
	int in[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(in), 0);
	pid = fork();
	if (!pid) {
		if (out_file_begin("a", &out, &diag) || write(in[1], "x", 1) != 1)
			_exit(1);
		fputs("first", out_file_stream(out));
		fflush(out_file_stream(out));
		usleep(100000);
		_exit(out_file_commit(out, &diag) ? 1 : 0);
	}
	assert_int_equal(read(in[0], &c, 1), 1);
	assert_int_equal(write_text("a", "second"), 0);
	assert_int_equal(exit_status(pid), 0);
	expect_content("a", "second");
	assert_int_equal(nr_entries("."), 1);
	close(in[0]);
	close(in[1]);
}

static int say_no(void *arg, int fd, struct diag *d)
{
	return diag_fail(d, -EPERM, "no");
}

static int append(void *arg, int fd, struct diag *d)
{
	return write(fd, arg, strlen(arg)) == (ssize_t)strlen(arg) ? 0 : -EIO;
}

static void test_finish(void **state)
{
	size_t open_files = nr_entries("/proc/self/fd");

	make_file("a", "old");
	expect_failure(out_file_write_as("a", "new", 3, say_no, NULL, &diag), -EPERM, "no");
	expect_content("a", "old");
	assert_int_equal(nr_entries("."), 1);
	assert_int_equal(out_file_write_as("a", "new", 3, append, "er", &diag), 0);
	expect_content("a", "newer");
	assert_int_equal(nr_entries("/proc/self/fd"), open_files);
}

static void test_special_files(void **state)
{
	char got[8] = "";
	struct stat st;
	int fd;

	be_nobody();
	assert_int_equal(write_text("/dev/null", "x"), 0);
	be_oneself();
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));

	assert_int_equal(mkfifo("fifo", 0600), 0);
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	assert_int_equal(write_text("fifo", "hello"), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 5);
	assert_string_equal(got, "hello");
	close(fd);
	assert_int_equal(stat("fifo", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

/* What others write to the same descriptor stays where it is. */
static void test_descriptor(void **state)
{
	char path[32];
	int fd = open("a", O_RDWR | O_CREAT, 0644);

	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	assert_int_equal(write(fd, "one ", 4), 4);
	assert_int_equal(write_text(path, "two "), 0);
	assert_int_equal(write(fd, "three", 5), 5);
	close(fd);
	expect_content("a", "one two three");
	expect_failure(write_text("/proc/self/fd/999", "x"), -EBADF, "Bad file descriptor");
}

/* Workers that make the same directories and, some, the same file. */
static void *write_many(void *arg)
{
	struct diag d;
	char path[64];

	for (int i = 0; i < 50; i++) {
		snprintf(path, sizeof(path), "t%d/u/v/w/%d", i, i % 2 ? 0 : *(int *)arg);
		if (out_file_write(path, "content", 7, &d))
			return arg;
	}
	return NULL;
}

static void test_threads(void **state)
{
	enum { NR = 8 };
	pthread_t threads[NR];
	int ids[NR];
	void *failed;

	for (int i = 0; i < NR; i++) {
		ids[i] = i;
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, &ids[i]), 0);
	}
	for (int i = 0; i < NR; i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(nr_entries("t0/u/v/w"), NR);
	assert_int_equal(nr_entries("t1/u/v/w"), 1);
	expect_content("t1/u/v/w/0", "content");
}

#define in_dir(test) cmocka_unit_test_setup_teardown(test, enter_dir, leave_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_dir(test_write),
		in_dir(test_stream),
		in_dir(test_stream_abort),
		in_dir(test_directories),
		in_dir(test_umask),
		in_dir(test_replaces),
		in_dir(test_long_names),
		in_dir(test_longest_path),
		in_dir(test_is_a_directory),
		in_dir(test_file_in_the_way),
		in_dir(test_not_writable),
		in_dir(test_disk_full),
		in_dir(test_disk_full_while_streaming),
		in_dir(test_disk_full_at_the_last_flush),
		in_dir(test_killed),
		in_dir(test_two_at_once),
		in_dir(test_finish),
		in_dir(test_special_files),
		in_dir(test_descriptor),
		in_dir(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
