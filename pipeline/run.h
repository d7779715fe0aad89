/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run: the base, the modules below the PATHs, and all of them deduplicated by the
 * workers, up to the rows of a report. What to do with these is the command's.
 */
#ifndef PIPELINE_RUN_H
#define PIPELINE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/embed/embed.h"
#include "pipeline/inputs.h"
#include "pipeline/module_types.h"
#include "pipeline/report_timings.h"
#include "pipeline/row.h"
#include "workers/batch.h"

struct progress;

/* What the command line says of it. */
struct run_ask {
	struct inputs_ask inputs;          /* with an output, the split BTF is written below it */
	const struct embed_options *embed; /* or it goes into the modules; NULL: it does not */
	enum batch_engine engine;
	bool timings; /* by worker too */
	bool hash;    /* the base and each split BTF */
	bool types;   /* list those of each module's split BTF */
};

/* Zeroed, it is one that was not begun. */
struct run {
	struct run_ask ask;
	struct inputs in;           /* the rows are those of its list */
	struct module_types *types; /* by row, where asked for; empty of what failed */
	struct embed embed;         /* where it is asked for */
	uint32_t done;              /* modules that the workers came to the end of */
	struct progress *progress;
	struct timings timings; /* with workers[] only if asked for */
};

/*
 * Does everything; every row has its end then, and no thread is left. 0 or a negative
 * errno, and then the message is printed; a module that fails is no error here. What @ask
 * refers to has to live as long as @run, which is to be freed in either case.
 *
 * A signal that asks the process to end (pipeline/interrupt.h) ends it in run_free(), when
 * all is put away. While modules are worked on, those that are begun are finished; then this
 * says how far it came and returns -EINTR.
 */
int run_all(struct run *run, const struct run_ask *ask) __attribute__((warn_unused_result));
void run_free(struct run *run);

/* The report of it, which refers to it. */
struct report run_report(const struct run *run);

#endif
