/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The batch: what one worker does for one module, for all modules.
 */
#ifndef WORKERS_BATCH_H
#define WORKERS_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "merge/base.h"
#include "merge/dedup.h"
#include "merge/diag.h"
#include "merge/type_hash.h"

enum batch_engine {
	BATCH_ENGINE_OWN,
	BATCH_ENGINE_LIBBPF,
};

/* What became of one module: stands during batch_io.done() only. */
struct batch_result {
	int err;            /* 0, -ENODATA (it has no BTF), or another negative errno */
	const char *why;    /* when err is neither */
	size_t input_bytes; /* of its BTF */
	struct dedup_result dedup;
	uint64_t xxh3;                 /* XXH3_64bits of the split blob, where asked for */
	const struct type_list *types; /* of the split BTF; NULL: not asked for */
};

/* Where a worker's time goes. */
enum batch_stage {
	BATCH_READ,
	BATCH_UNPACK,
	BATCH_PARSE, /* this and the next: see struct dedup_times */
	BATCH_STRINGS,
	BATCH_DEDUP,
	BATCH_WRITE, /* writing, hashing, listing types and making the row */
	BATCH_IDLE,  /* no module left, others still at theirs */
	BATCH_STAGES,
};

/* Of one worker, in nanoseconds; together as long as the batch took. */
struct batch_times {
	uint64_t ns[BATCH_STAGES];
};

/*
 * What a worker is handed to get at the outside. All of it is called on the
 * workers' threads, several at a time.
 */
struct batch_io {
	void *arg;
	/* A worker's own state for reading, handed to read(). NULL: no memory. */
	void *(*reader_new)(void *arg);
	void (*reader_free)(void *reader);
	/* The raw BTF of module @module, 4-byte aligned, until the next call
	 * with this reader. 0, -ENODATA, or an errno with the reason. The nanoseconds of
	 * it that unpacking took are added to @unpack. */
	int (*read)(void *arg, void *reader, uint32_t module, const void **blob, size_t *len,
		    uint64_t *unpack, struct diag *diag);
	/* May be NULL. Keeps what became of a module, which read() read with this reader. */
	int (*write)(void *arg, void *reader, uint32_t module, const struct dedup_result *result,
		     struct diag *diag);
	/* The end of a module's way. */
	void (*done)(void *arg, uint32_t module, const struct batch_result *result);
	/* May be NULL: see struct pool_work. */
	void (*progress)(void *arg, uint32_t done);
	bool (*stop)(void *arg);
};

struct batch {
	const struct base *base;
	const void *base_data; /* the raw BTF of the base, for libbpf */
	size_t base_len;
	enum batch_engine engine;
	bool hash;  /* each split BTF */
	bool types; /* list those of each split BTF too */
	const struct batch_io *io;
	uint32_t nr_modules;
	const uint32_t *order;     /* in which the modules are taken */
	struct batch_times *times; /* by worker, all zero; or NULL: nobody asks */
};

/* Does all modules, or until io->stop() says yes; how many is stored in *@done. Each of these ends
 * in io->done() exactly once; this fails (-ENOMEM and libbpf's errors with its base) only
 * before the first is begun. */
int batch_run(const struct batch *batch, unsigned int workers, uint32_t *done, struct diag *diag)
	__attribute__((warn_unused_result));

#endif
