/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verifier: would the kernel accept this BTF, and if not, what does it say?
 *
 * It makes the checks of the kernel's kernel/bpf/btf.c (btf_parse(), btf_parse_module(),
 * btf_parse_base(), btf_relocate()) in the kernel's order, so that what it finds first is what
 * the kernel finds first. It shares no check with blob.h, which refuses some of what the kernel
 * takes and takes some of what the kernel refuses.
 *
 * The kernel does not look at all BTF alike. Of a module's it checks each type by itself and
 * that chains of modifiers end; whether ids exist, members fit, or types contain themselves it
 * asks only of what a program loads. A module that would fail these is loaded, and then misread
 * by whoever uses it: it is *broken*.
 */
#ifndef MERGE_VERIFY_VERIFY_H
#define MERGE_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Not in user space's errno.h: what the kernel returns for an unknown version. */
#define VERIFY_ENOTSUPP 524

#define VERIFY_KERNEL(major, minor) ((major) << 16 | (minor))
#define VERIFY_KERNEL_MIN VERIFY_KERNEL(5, 15)
/* The newest whose verdicts these were compared with, by running it. */
#define VERIFY_KERNEL_DEFAULT VERIFY_KERNEL(6, 18)

enum verify_profile {
	VERIFY_MODULE,    /* the .BTF of a module, when it is inserted */
	VERIFY_PROGRAM,   /* what bpf(BPF_BTF_LOAD) is given: standalone */
	VERIFY_VMLINUX,   /* the kernel's own */
	VERIFY_DISTILLED, /* .BTF.base; not asked for, see verify_ask */
};

enum verify_grade {
	VERIFY_ACCEPTED,
	VERIFY_BROKEN,   /* the kernel loads it, but its types make no sense */
	VERIFY_REJECTED, /* by the kernel */
};

/* Which type is at fault. */
struct verify_place {
	bool known;
	uint32_t id; /* as the kernel counts: those of a split BTF begin behind its base's */
	const char *kind;
	const char *name;      /* NULL: it has none */
	const char *part;      /* "member", "parameter", "value", "entry"; NULL: the type itself */
	uint32_t index;        /* of the part, from 0 */
	const char *part_name; /* NULL: it has none */
};

/* Strings belong to the verifier, or to the base, and stand until its next use. Names are
 * bytes as the blob has them. */
struct verify_verdict {
	enum verify_grade grade;
	int err;          /* what the kernel's function returns: a negative errno if rejected */
	const char *said; /* the kernel's complaint, its line of the log; NULL: it says nothing */
	const char *log;  /* the same as dmesg has it, lines that end in newlines; or NULL */
	const char *meaning; /* in our words; NULL if accepted */
	struct verify_place place;
	const char *foreign; /* not NULL: the blob belongs to another base, and what shows it */
	uint32_t types;      /* own, as far as they could be read */
};

/* A kernel's BTF, to check others against. Never written once made: any number of threads
 * may share it. */
struct verify_base;

/*
 * Checks the base as the kernel @kernel does at boot, and says so in @verdict, whose strings
 * are the base's. It can be used unless it is rejected. @blob must stand as long as the base.
 * 0 or -ENOMEM; *@base is to be freed in either case.
 */
int verify_base_new(struct verify_base **base, uint32_t kernel, const void *blob, size_t len,
		    struct verify_verdict *verdict) __attribute__((warn_unused_result));
void verify_base_free(struct verify_base *base);
/* Own types, void not counted. */
uint32_t verify_base_types(const struct verify_base *base);

/* What one thread needs to check with; NULL: no memory. */
struct verifier;
struct verifier *verifier_new(void) __attribute__((warn_unused_result));
void verifier_free(struct verifier *v);

struct verify_ask {
	uint32_t kernel; /* VERIFY_KERNEL() */
	enum verify_profile profile;
	/* That a module belongs to. Of others it says the byte order, and the size of a
	 * pointer; they may have none, then it is the host's. */
	const struct verify_base *base;
	const void *blob;
	size_t len;
	/* The section .BTF.base of a module that has one (then not NULL, though it may
	 * be empty). */
	const void *distilled;
	size_t distilled_len;
};

/* 0 or -ENOMEM. */
int verify(struct verifier *v, const struct verify_ask *ask, struct verify_verdict *verdict)
	__attribute__((warn_unused_result));

/* Does @blob, of either byte order, look like BTF without a base? */
bool verify_is_standalone(const void *blob, size_t len);

/* "module", "program", "vmlinux". */
const char *verify_profile_name(enum verify_profile profile);
/* "accepted", "broken", "rejected". */
const char *verify_grade_name(enum verify_grade grade);

/*
 * Where two bases first part: @type is the first id of types that are not the same, or which one of
 * them does not have, @string the first string offset, in the same sense. 0: nowhere.
 */
struct verify_parting {
	uint32_t type;
	uint32_t string;
};
struct verify_parting verify_bases_part(const struct verify_base *a, const struct verify_base *b);

/* Kind and name of type @id of a base; void or what it has not: "void", "nothing". */
const char *verify_base_kind(const struct verify_base *base, uint32_t id);
const char *verify_base_name(const struct verify_base *base, uint32_t id);

#endif
