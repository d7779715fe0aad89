// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/embed/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/embed/signature.h"
#include "pipeline/input_file.h"
#include "pipeline/module_file.h"
#include "pipeline/out_file.h"

extern char **environ;

/* In single quotes; one in the path ends them, stands escaped, and begins them again. */
static void put_quoted(FILE *f, const char *path)
{
	putc('\'', f);
	for (; *path; path++)
		fputs(*path == '\'' ? "'\\''" : (char[]){*path, '\0'}, f);
	putc('\'', f);
}

/* To be freed; NULL: no memory. */
static char *make_command(const char *cmd, const char *path)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	const char *at;

	if (!f)
		return NULL;
	for (; (at = strstr(cmd, SIGN_PATH)); cmd = at + strlen(SIGN_PATH)) {
		fwrite(cmd, 1, (size_t)(at - cmd), f);
		put_quoted(f, path);
	}
	fputs(cmd, f);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

/* Returns the status that waitpid() gives, or a negative errno. */
static int run_shell(char *command)
{
	char *const argv[] = {"sh", "-c", command, NULL};
	posix_spawn_file_actions_t actions;
	int err, status;
	pid_t pid;

	if (posix_spawn_file_actions_init(&actions))
		return -ENOMEM;
	err = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	if (!err)
		err = posix_spawn(&pid, "/bin/sh", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		return -err;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status;
}

static int run(const char *cmd, const char *path, struct diag *diag)
{
	char *command = make_command(cmd, path);
	int status;

	if (!command)
		return diag_fail(diag, -ENOMEM, "out of memory");
	status = run_shell(command);
	free(command);
	if (status < 0) {
		errno = -status;
		return diag_fail(diag, status, "cannot run the signing command: %m");
	}
	if (WIFSIGNALED(status))
		return diag_fail(diag, -ECHILD, "the signing command was ended by signal %d",
				 WTERMSIG(status));
	if (WEXITSTATUS(status))
		return diag_fail(diag, -ECHILD, "the signing command failed with status %d",
				 WEXITSTATUS(status));
	return 0;
}

static int read_back(const char *path, struct buffer *signed_module, struct diag *diag)
{
	return input_read_file(AT_FDCWD, path, MODULE_UNPACKED_MAX, signed_module, diag);
}

/* It has to be @module with something behind it that is a signature. */
static int check_signed(const struct buffer *module, const struct buffer *now, struct diag *diag)
{
	size_t bare;
	int err = signature_find(now->data, now->len, &bare, diag);

	if (err)
		return err;
	if (bare == now->len)
		return diag_fail(diag, -EINVAL, "the signing command left it unsigned");
	if (bare != module->len || memcmp(now->data, module->data, bare))
		return diag_fail(diag, -EINVAL, "the signing command changed the module itself");
	return 0;
}

int sign_module(struct buffer *module, const char *path, const char *cmd, struct diag *diag)
{
	struct buffer now = {0};
	int err = out_file_write(path, module->data, module->len, diag);

	if (err)
		return err;
	err = run(cmd, path, diag);
	if (!err)
		err = read_back(path, &now, diag);
	unlink(path);
	if (!err)
		err = check_signed(module, &now, diag);
	if (err) {
		buffer_free(&now);
		return err;
	}
	buffer_free(module);
	*module = now;
	return 0;
}
