// SPDX-License-Identifier: GPL-2.0-only
#include "plan.h"

#include "say.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *path, size_t line, const char *why)
{
	say("fault plan %s: line %zu: %s", path, line, why);
	exit(EXIT_FAILURE);
}

static void *resize(void *old, size_t count, size_t size)
{
	void *new = reallocarray(old, count, size);

	if (!new)
		fail("", count, "no memory");
	return new;
}

static bool entry_parse(struct plan_entry *entry, char *line, size_t number)
{
	const char *action, *need;

	memset(entry, 0, sizeof(*entry));
	line[strcspn(line, "\n")] = '\0';
	entry->name = strsep(&line, "\t");
	action = strsep(&line, "\t");
	entry->path = strsep(&line, "\t");
	entry->blob = strsep(&line, "\t");
	if (!entry->blob)
		return false;
	entry->remove = !strcmp(action, "remove");
	entry->tried = !strcmp(action, "skip");
	if (!strcmp(entry->blob, "-"))
		entry->blob = NULL;
	while ((need = strsep(&line, "\t "))) {
		size_t value = strtoul(need, NULL, 10);

		if (!*need)
			continue;
		if (!value || value >= number)
			return false;
		entry->needs = resize(entry->needs, entry->need_count + 1, sizeof(*entry->needs));
		entry->needs[entry->need_count++] = value;
	}
	return true;
}

void plan_read(struct plan *plan, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	memset(plan, 0, sizeof(*plan));
	if (!file)
		fail(path, 0, strerror(errno));
	/* The entries point into their lines: each has its own. */
	while (getline(&line, &size, file) > 0) {
		plan->entries = resize(plan->entries, plan->count + 1, sizeof(*plan->entries));
		if (!entry_parse(&plan->entries[plan->count], line, plan->count + 1))
			fail(path, plan->count + 1, "not understood");
		plan->count++;
		line = NULL;
		size = 0;
	}
	fclose(file);
}
