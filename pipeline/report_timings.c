// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/report_timings.h"

static const char *const stages[BATCH_STAGES] = {
	[BATCH_READ] = "read",       [BATCH_UNPACK] = "unpack", [BATCH_PARSE] = "parse",
	[BATCH_STRINGS] = "strings", [BATCH_DEDUP] = "dedup",   [BATCH_WRITE] = "write",
	[BATCH_IDLE] = "idle",
};

static double ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

static void print_line(const struct batch_times *t, FILE *f)
{
	uint64_t all = 0;

	for (int i = 0; i < BATCH_STAGES; i++) {
		fprintf(f, " %9.1f", ms(t->ns[i]));
		all += t->ns[i];
	}
	fprintf(f, " %9.1f\n", ms(all));
}

void report_timings(const struct timings *t, FILE *f)
{
	struct batch_times total = {{0}};

	fprintf(f, "ms           ");
	for (int i = 0; i < BATCH_STAGES; i++)
		fprintf(f, " %9s", stages[i]);
	fprintf(f, " %9s\n", "all");
	for (unsigned int w = 0; w < t->nr_workers; w++) {
		fprintf(f, "worker %-6u", w + 1);
		print_line(&t->workers[w], f);
		for (int i = 0; i < BATCH_STAGES; i++)
			total.ns[i] += t->workers[w].ns[i];
	}
	fprintf(f, "all workers  ");
	print_line(&total, f);
	fprintf(f,
		"before them: base read %.1f, indexed %.1f; modules found %.1f; after: report "
		"%.1f\n",
		ms(t->inputs.base_read), ms(t->inputs.base_index), ms(t->inputs.find),
		ms(t->report));
}
