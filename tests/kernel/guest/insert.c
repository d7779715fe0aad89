// SPDX-License-Identifier: GPL-2.0-only
/*
 * insert PLAN FIRST LAST: inserts the modules of these lines of the plan (plan.h), and what they
 * need first, each once, and tells of each
 *
 *	insert NUMBER NAME                  before, so that it is known who took the machine down
 *	module NUMBER NAME ERRNO BTF BLOB REMOVE
 *
 * where ERRNO is finit_module()'s, BTF the errno of the kernel's parser of module BTF ("-":
 * it was not called), BLOB what blob.h says ("-" where it was not inserted), and REMOVE
 * delete_module()'s errno ("-": not called). Then
 *
 *	inserted FIRST LAST
 *
 * A module that had to be removed and cannot be ends the program before that line:
 * what follows would find it in its way.
 */
#include "blob.h"
#include "parser.h"
#include "plan.h"
#include "say.h"
#include "say_libbpf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* 0 or an errno. */
static int module_insert(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (file < 0)
		return errno;
	if (syscall(SYS_finit_module, file, "", 0))
		err = errno;
	close(file);
	return err;
}

/* Others may hold the module for a moment after its insertion (udev does, and work queues). */
static int module_remove(const char *name)
{
	const struct timespec moment = {.tv_nsec = 20000000};

	for (int tries = 0; tries < 50; tries++) {
		if (!syscall(SYS_delete_module, name, O_NONBLOCK))
			return 0;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			break;
		nanosleep(&moment, NULL);
	}
	return errno;
}

static bool is_inserted(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return !access(path, F_OK);
}

static void entry_insert(struct plan_entry *entry, size_t number)
{
	char blob[64] = "-";
	const char *removed = "-", *parsed;
	int err;

	entry->tried = true;
	say("insert %zu %s", number, entry->name);
	parser_reset();
	err = module_insert(entry->path);
	parsed = parser_called() ? error_name(parser_error()) : "-";
	if (!err)
		blob_compare(entry->name, entry->blob, blob, sizeof(blob));
	if (!err && entry->remove)
		removed = error_name(module_remove(entry->name));
	say("module %zu %s %s %s %s %s", number, entry->name, error_name(err), parsed, blob,
	    removed);
	if (!err && entry->remove && is_inserted(entry->name))
		exit(EXIT_FAILURE);
}

/* A need may be there from an earlier call of the program. */
static void needs_insert(struct plan *plan, const struct plan_entry *entry)
{
	for (size_t i = 0; i < entry->need_count; i++) {
		struct plan_entry *need = &plan->entries[entry->needs[i] - 1];

		if (!need->tried && !is_inserted(need->name))
			entry_insert(need, entry->needs[i]);
	}
}

int main(int argc, char **argv)
{
	size_t first = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	size_t last = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
	struct plan plan;

	plan_read(&plan, argc > 1 ? argv[1] : "");
	if (!first || last > plan.count) {
		say("fault insert: the plan has no lines %zu to %zu", first, last);
		return EXIT_FAILURE;
	}
	libbpf_set_print(say_libbpf);
	parser_watch();
	for (size_t number = first; number <= last; number++) {
		struct plan_entry *entry = &plan.entries[number - 1];

		needs_insert(&plan, entry);
		if (!entry->tried)
			entry_insert(entry, number);
	}
	say("inserted %zu %zu", first, last);
	return EXIT_SUCCESS;
}
