// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/check/rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a text that are kept: names and logs can be as long as the blob. */
#define TEXT_MAX 4096

const char *check_status_name(enum check_status status)
{
	static const char *const names[] = {"accepted", "broken", "rejected", "no-btf", "failed"};

	return names[status];
}

const char *check_errno_name(int err)
{
	switch (-err) {
	case EINVAL:
		return "EINVAL";
	case E2BIG:
		return "E2BIG";
	case EEXIST:
		return "EEXIST";
	case ELOOP:
		return "ELOOP";
	case ENOENT:
		return "ENOENT";
	case VERIFY_ENOTSUPP:
		return "ENOTSUPP";
	default:
		return "0";
	}
}

/* Lets *@text be a copy, which goes into @slot. */
static bool keep(const char **text, char **slot)
{
	if (!*text)
		return true;
	*slot = strndup(*text, TEXT_MAX);
	*text = *slot;
	return *slot;
}

static void fault_free(struct check_fault *fault)
{
	if (!fault)
		return;
	for (size_t i = 0; i < sizeof(fault->strings) / sizeof(fault->strings[0]); i++)
		free(fault->strings[i]);
	free(fault);
}

struct check_fault *check_fault_new(const struct verify_verdict *verdict)
{
	struct check_fault *fault = calloc(1, sizeof(*fault));
	struct verify_verdict *v;
	bool kept;

	if (!fault)
		return NULL;
	v = &fault->verdict;
	*v = *verdict;
	kept = keep(&v->said, &fault->strings[0]) && keep(&v->log, &fault->strings[1]) &&
	       keep(&v->meaning, &fault->strings[2]) && keep(&v->place.kind, &fault->strings[3]) &&
	       keep(&v->place.name, &fault->strings[4]) &&
	       keep(&v->place.part, &fault->strings[5]) &&
	       keep(&v->place.part_name, &fault->strings[6]) &&
	       keep(&v->foreign, &fault->strings[7]);
	if (kept)
		return fault;
	fault_free(fault);
	return NULL;
}

void check_row_free(struct check_row *row)
{
	fault_free(row->fault);
	free(row->error);
	free(row->manifest);
}
