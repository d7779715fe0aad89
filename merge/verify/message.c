// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's log, of which only the complaint is made here: a program's has a line of each type
 * that was looked at before it. The log is written in pieces; in dmesg, where the
 * complaints about vmlinux and modules go, each piece is a line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "merge/verify/run.h"

#define PIECE_MAX 1023 /* bytes of one, the kernel cuts off the rest */

struct text {
	struct arena *arena;
	char *bytes;
	size_t len, cap;
	bool dmesg;
};

static void append(struct text *t, const char *bytes, size_t n)
{
	if (t->len + n + 1 > t->cap) {
		t->cap = 2 * (t->len + n + 1);
		t->bytes = arena_grow(t->arena, t->bytes, t->len, t->cap);
	}
	memcpy(t->bytes + t->len, bytes, n);
	t->len += n;
	t->bytes[t->len] = '\0';
}

static void piece(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void piece(struct text *t, const char *fmt, ...)
{
	char bytes[PIECE_MAX + 1];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(bytes, sizeof(bytes), fmt, ap);
	va_end(ap);
	if (t->dmesg)
		append(t, "BPF: ", 5);
	append(t, bytes, strlen(bytes));
	if (t->dmesg)
		append(t, "\n", 1);
}

/* As the kernel shows a name. */
static const char *shown(const struct run *r, uint32_t off)
{
	const char *s = off ? view_string(&r->view, off) : "(anon)";

	return s ? s : "(invalid-name-offset)";
}

static const char *encoding(uint32_t data)
{
	switch (BTF_INT_ENCODING(data)) {
	case 0:
		return "(none)";
	case BTF_INT_SIGNED:
		return "SIGNED";
	case BTF_INT_CHAR:
		return "CHAR";
	case BTF_INT_BOOL:
		return "BOOL";
	default:
		return "UNKN";
	}
}

static void params(const struct run *r, struct text *t, const uint32_t *type)
{
	uint32_t n = btf_word_vlen(type[BTF_INFO]);

	piece(t, "return=%u args=(", type[BTF_SIZE]);
	if (!n)
		piece(t, "void");
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t *p = type + BTF_HEAD + 2 * (size_t)i;
		const char *comma = i ? ", " : "";

		if (i + 1 == n && !p[1])
			piece(t, "%svararg", comma);
		else
			piece(t, "%s%u %s", comma, p[1], shown(r, p[0]));
	}
	piece(t, ")");
}

static void details(const struct run *r, struct text *t, const uint32_t *type)
{
	const uint32_t *more = type + BTF_HEAD;

	switch (btf_kind_of(type)) {
	case BTF_KIND_INT:
		piece(t, "size=%u bits_offset=%u nr_bits=%u encoding=%s", type[BTF_SIZE],
		      BTF_INT_OFFSET(*more), BTF_INT_BITS(*more), encoding(*more));
		break;
	case BTF_KIND_ARRAY:
		piece(t, "type_id=%u index_type_id=%u nr_elems=%u", more[0], more[1], more[2]);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_DATASEC:
		piece(t, "size=%u vlen=%u", type[BTF_SIZE], btf_word_vlen(type[BTF_INFO]));
		break;
	case BTF_KIND_FWD:
		piece(t, "%s", btf_word_kflag(type[BTF_INFO]) ? "union" : "struct");
		break;
	case BTF_KIND_FUNC_PROTO:
		params(r, t, type);
		break;
	case BTF_KIND_VAR:
		piece(t, "type_id=%u linkage=%u", type[BTF_SIZE], *more);
		break;
	case BTF_KIND_FLOAT:
		piece(t, "size=%u", type[BTF_SIZE]);
		break;
	case BTF_KIND_DECL_TAG:
		piece(t, "type=%u component_idx=%d", type[BTF_SIZE], (int32_t)*more);
		break;
	default:
		piece(t, "type_id=%u", type[BTF_SIZE]);
		break;
	}
}

static void member(const struct run *r, struct text *t, const uint32_t *type)
{
	const uint32_t *m = type + BTF_HEAD + 3 * (size_t)r->found.part;
	uint32_t id = r->found.part_id ? r->found.part_id : m[1];
	const char *name = shown(r, m[0]);

	if (btf_word_kflag(type[BTF_INFO]))
		piece(t, "\t%s type_id=%u bitfield_size=%u bits_offset=%u", name, id,
		      BTF_MEMBER_BITFIELD_SIZE(m[2]), BTF_MEMBER_BIT_OFFSET(m[2]));
	else
		piece(t, "\t%s type_id=%u bits_offset=%u", name, id, m[2]);
}

static void entry(const struct run *r, struct text *t, const uint32_t *type)
{
	const uint32_t *e = type + BTF_HEAD + 3 * (size_t)r->found.part;

	piece(t, "\t type_id=%u offset=%u size=%u", e[0], e[1], e[2]);
}

/* What stands before the complaint. @type is NULL where the form needs none. */
static void before(const struct run *r, struct text *t, const uint32_t *type, enum fault_form form)
{
	switch (form) {
	case FAULT_BASIC:
	case FAULT_TYPE:
		piece(t, "[%u] %s %s%s", r->found.id, btf_kind_name(btf_kind_of(type)),
		      shown(r, type[BTF_NAME]), form == FAULT_TYPE ? " " : "");
		if (form == FAULT_TYPE)
			details(r, t, type);
		break;
	case FAULT_MEMBER:
		member(r, t, type);
		break;
	case FAULT_ENTRY:
		entry(r, t, type);
		break;
	default:
		return;
	}
	piece(t, " ");
}

static void complaint(const struct run *r, struct text *t, const struct fault *f)
{
	char id[16] = "";

	if (f->form == FAULT_ID)
		snprintf(id, sizeof(id), "[%u] ", r->found.id);
	switch (f->args) {
	case FAULT_DEC:
		piece(t, "%s%s%u", id, f->words, r->found.a);
		break;
	case FAULT_HEX:
		piece(t, "%s%s%x", id, f->words, r->found.a);
		break;
	case FAULT_META:
		piece(t, "%smeta_left:%u meta_needed:%u", id, r->found.a, r->found.b);
		break;
	default:
		piece(t, "%s%s", id, r->found.text ? r->found.text : f->words);
		break;
	}
}

const char *message_line(const struct run *r, bool dmesg)
{
	const struct fault *f = &faults[r->found.code];
	struct text t = {.arena = r->arena, .dmesg = dmesg};

	if (f->form == FAULT_SILENT)
		return NULL;
	before(r, &t, run_found_type(r), f->form);
	complaint(r, &t, f);
	/* The line's end is a piece of its own. */
	if (dmesg && f->form != FAULT_PLAIN && f->form != FAULT_ID)
		piece(&t, "%s", "");
	return t.bytes;
}
