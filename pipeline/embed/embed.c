// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/embed/embed.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "merge/libbpf_engine.h"
#include "pipeline/elf_btf.h"
#include "pipeline/embed/btf_ids.h"
#include "pipeline/embed/elf_edit.h"
#include "pipeline/embed/place.h"
#include "pipeline/embed/sign.h"
#include "pipeline/embed/signature.h"
#include "pipeline/module_file.h"
#include "pipeline/pack.h"

#define BTF_ALIGN 4 /* of a new .BTF section: its words' */

/* The base as libbpf has it, which looks ids up by name. Few modules need it, so the first
 * of them makes it; from then on it is only read. */
struct embed_base {
	pthread_mutex_t lock;
	struct btf *btf;
};

struct embed_reader {
	struct module_reader *module;
	struct module_reader *other; /* of the blob in --btf-dir */
	const void *image;           /* the module, unpacked */
	size_t len;
	size_t bare; /* without its signature */
	enum unpack_kind packed;
	struct buffer blob; /* its .BTF, aligned */
	struct buffer out;  /* the new module */
	struct buffer packed_out;
};

/* What changes in a module: it stands until the module is written. */
struct change {
	const struct dedup_result *result;
	struct btf_ids ids;
	bool any;
	uint32_t nr_missing; /* names in .BTF_ids that the BTF does not have */
	char missing[128];   /* one of them */
};

int embed_begin(struct embed *e)
{
	e->base = calloc(1, sizeof(*e->base));
	if (!e->base)
		return -ENOMEM;
	pthread_mutex_init(&e->base->lock, NULL);
	libbpf_set_print(NULL);
	return 0;
}

void embed_end(struct embed *e)
{
	if (!e->base)
		return;
	btf__free(e->base->btf);
	pthread_mutex_destroy(&e->base->lock);
	free(e->base);
	e->base = NULL;
}

struct embed_reader *embed_reader_new(void)
{
	struct embed_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->module = module_reader_new();
	r->other = module_reader_new();
	if (r->module && r->other)
		return r;
	embed_reader_free(r);
	return NULL;
}

void embed_reader_free(struct embed_reader *r)
{
	if (!r)
		return;
	module_reader_free(r->module);
	module_reader_free(r->other);
	buffer_free(&r->blob);
	buffer_free(&r->out);
	buffer_free(&r->packed_out);
	free(r);
}

static int no_memory(struct diag *diag)
{
	return diag_fail(diag, -ENOMEM, "out of memory");
}

/* -- Reading -------------------------------------------------------------- */

/* The module's own BTF. */
static int own_blob(struct embed_reader *r, const void **blob, size_t *len, struct diag *diag)
{
	struct elf_btf_info info;
	const void *section;
	int err;

	err = elf_btf_find_mem(r->image, r->bare, &section, len, &info, diag);
	if (err)
		return err;
	if (buffer_reserve(&r->blob, *len))
		return no_memory(diag);
	memcpy(r->blob.data, section, *len);
	*blob = r->blob.data;
	return 0;
}

/* The one that a detached encoder wrote; a module that it wrote none for has none. */
static int detached_blob(const char *dir, struct embed_reader *r, const char *path,
			 const void **blob, size_t *len, struct diag *diag)
{
	char *name = worklist_blob(dir, path);
	struct diag why;
	int err;

	if (!name)
		return no_memory(diag);
	err = module_file_read(AT_FDCWD, name, r->other, blob, len, &why);
	if (err == -ENOENT)
		err = -ENODATA;
	if (err)
		diag_fail(diag, err, "%s: %s", name, why.text);
	free(name);
	return err;
}

int embed_read(const struct embed *e, struct embed_reader *r, const struct found *file,
	       struct row *row, const void **blob, size_t *len, uint64_t *unpack, struct diag *diag)
{
	int err;

	err = module_file_load(AT_FDCWD, file->full, r->module, &r->image, &r->len, &r->packed,
			       diag);
	*unpack += module_reader_unpacked(r->module);
	if (!err)
		err = signature_find(r->image, r->len, &r->bare, diag);
	if (err)
		return err;
	if (e->options->btf_dir)
		err = detached_blob(e->options->btf_dir, r, row->path, blob, len, diag);
	else
		err = own_blob(r, blob, len, diag);
	if (err == -ENODATA) {
		int left = place_as_it_is(e, file, row, diag);

		return left ? left : err;
	}
	return err;
}

/* -- The changes ---------------------------------------------------------- */

/* The base for libbpf; NULL: see errno. */
static struct btf *libbpf_base(const struct embed *e)
{
	const struct buffer *data = &e->in->base_data;
	struct btf *base;

	pthread_mutex_lock(&e->base->lock);
	if (!e->base->btf)
		e->base->btf = btf__new(data->data, (uint32_t)data->len);
	base = e->base->btf;
	pthread_mutex_unlock(&e->base->lock);
	return base;
}

/* The BTF that the module has, standalone or split. To be freed; NULL: see @diag. */
static struct btf *old_btf(const struct embed_reader *r, struct btf *base, struct diag *diag)
{
	struct elf_btf_info info;
	const void *section;
	struct btf *btf;
	size_t len;

	if (elf_btf_find_mem(r->image, r->bare, &section, &len, &info, diag)) {
		diag_fail(diag, -EINVAL,
			  "its .BTF_ids section was filled in for a BTF that is not there");
		return NULL;
	}
	/* What is split does not begin its strings as libbpf demands it here. */
	btf = btf__new(section, (uint32_t)len);
	if (!btf)
		btf = libbpf_new_split(section, len, base);
	if (!btf)
		diag_fail(diag, -EINVAL, "libbpf cannot read its old BTF: %m");
	return btf;
}

/* For a BTF that another encoder run made. */
static int ids_by_name(const struct embed_reader *r, struct change *c, struct btf *base,
		       const struct btf *btf, struct diag *diag)
{
	struct btf *old = NULL;
	int err = 0;

	if (btf_ids_are_resolved(&c->ids)) {
		old = old_btf(r, base, diag);
		if (!old)
			return -EINVAL;
		err = btf_ids_check(&c->ids, old);
	}
	if (!err)
		btf_ids_resolve(&c->ids, old, btf, &c->nr_missing, c->missing, sizeof(c->missing));
	btf__free(old);
	return err;
}

/* For the BTF that the module had. */
static int ids_by_map(const struct embed *e, struct change *c, const struct btf *btf)
{
	const struct dedup_result *res = c->result;
	uint32_t first = res->form == BTF_FORM_SPLIT ? base_type_cnt(e->in->base) : 1;
	int err = btf_ids_map(&c->ids, res->map, first, res->input_types);

	return err ? err : btf_ids_check(&c->ids, btf);
}

static int new_ids(const struct embed *e, const struct embed_reader *r, struct change *c,
		   struct diag *diag)
{
	const struct dedup_result *res = c->result;
	struct btf *base = libbpf_base(e);
	struct btf *btf = base ? libbpf_new_split(res->split, res->split_bytes, base) : NULL;
	int err;

	if (!btf)
		return diag_fail(diag, -EINVAL, "libbpf cannot read its new BTF: %m");
	if (e->options->btf_dir || !btf_ids_are_resolved(&c->ids))
		err = ids_by_name(r, c, base, btf, diag);
	else
		err = ids_by_map(e, c, btf);
	btf__free(btf);
	return err;
}

/* Gives section @index these contents, unless it has them. */
static void put_section(struct elf_edit *edit, size_t index, const void *data, size_t len,
			struct change *c)
{
	const struct elf_edit_section *s = &edit->sections[index];

	if (s->shdr.sh_size == len && s->data && !memcmp(s->data, data, len))
		return;
	elf_edit_replace(edit, index, data, len);
	c->any = true;
}

static int change_ids(const struct embed *e, const struct embed_reader *r, struct elf_edit *edit,
		      struct change *c, struct diag *diag)
{
	int err = btf_ids_read(&c->ids, edit);

	if (err || !c->ids.section)
		return err;
	err = new_ids(e, r, c, diag);
	if (err)
		return err;
	btf_ids_finish(&c->ids);
	put_section(edit, c->ids.section, c->ids.words, 4 * (size_t)c->ids.nr_words, c);
	return 0;
}

static int drop_distilled_base(struct elf_edit *edit, struct change *c)
{
	size_t index = elf_edit_find(edit, ".BTF.base");

	if (!index)
		return 0;
	c->any = true;
	return elf_edit_drop(edit, index);
}

/* What would still speak of the old BTF. */
static int check_dependents(const struct elf_edit *edit, size_t btf, struct diag *diag)
{
	if (elf_edit_find(edit, ".BTF.ext"))
		return diag_fail(diag, -ENOTSUP, "unsupported: it has a .BTF.ext section");
	for (size_t i = 1; i < edit->nr; i++) {
		const GElf_Shdr *shdr = &edit->sections[i].shdr;

		if (btf && shdr->sh_info == btf &&
		    (shdr->sh_type == SHT_REL || shdr->sh_type == SHT_RELA))
			return diag_fail(diag, -ENOTSUP,
					 "unsupported: its .BTF section has relocations");
	}
	return 0;
}

static int change_btf(struct elf_edit *edit, struct change *c)
{
	const struct dedup_result *res = c->result;
	size_t index = elf_edit_find(edit, ".BTF");

	if (index) {
		put_section(edit, index, res->split, res->split_bytes, c);
		return 0;
	}
	c->any = true;
	return elf_edit_add(edit, ".BTF", res->split, res->split_bytes, BTF_ALIGN);
}

static int change_module(const struct embed *e, const struct embed_reader *r, struct elf_edit *edit,
			 struct change *c, struct diag *diag)
{
	int err;

	err = check_dependents(edit, elf_edit_find(edit, ".BTF"), diag);
	if (!err)
		err = change_ids(e, r, edit, c, diag);
	if (!err)
		err = drop_distilled_base(edit, c);
	if (!err)
		err = change_btf(edit, c);
	return err;
}

/* The new module into @r's out, unless nothing changes. */
static int make_module(const struct embed *e, struct embed_reader *r, struct change *c,
		       struct diag *diag)
{
	struct elf_edit edit;
	int err = elf_edit_open(&edit, r->image, r->bare, diag);

	if (err)
		return err;
	err = change_module(e, r, &edit, c, diag);
	if (!err && c->any)
		err = elf_edit_write(&edit, &r->out);
	elf_edit_close(&edit);
	btf_ids_free(&c->ids);
	return err;
}

/* -- Writing -------------------------------------------------------------- */

static int sign_again(const struct embed *e, struct embed_reader *r, const struct found *file,
		      const struct row *row, struct diag *diag)
{
	char *path;
	int err;

	if (e->options->dry_run)
		return 0;
	path = place_to_sign(e, file, row);
	if (!path)
		return no_memory(diag);
	err = sign_module(&r->out, path, e->options->sign_cmd, diag);
	free(path);
	return err;
}

static int write_module(const struct embed *e, struct embed_reader *r, const struct found *file,
			struct row *row, struct diag *diag)
{
	const struct embed_options *o = e->options;
	const struct buffer *out = &r->out;
	int err = 0;

	if (r->bare != r->len && !o->drop_signature && !o->sign_cmd)
		return diag_fail(diag, -EKEYREJECTED,
				 "it is signed, and a new BTF breaks that: --drop-signature or "
				 "--sign-cmd has to say what to do");
	if (r->bare != r->len && o->sign_cmd)
		err = sign_again(e, r, file, row, diag);
	if (!err && r->packed != UNPACK_NONE) {
		out = &r->packed_out;
		err = pack_image(r->packed, r->out.data, r->out.len, &r->packed_out, diag);
	}
	return err ? err : place_module(e, file, row, out->data, out->len, diag);
}

static int tell_missing(const struct change *c, struct row *row, struct diag *diag)
{
	if (!c->nr_missing)
		return 0;
	return row_note(row, diag,
			"%" PRIu32 " of the names in .BTF_ids %s not in its BTF, among them %s: "
			"the id is 0",
			c->nr_missing, c->nr_missing > 1 ? "are" : "is", c->missing);
}

int embed_write(const struct embed *e, struct embed_reader *r, const struct found *file,
		struct row *row, const struct dedup_result *result, struct diag *diag)
{
	struct change c = {.result = result};
	int err;

	err = make_module(e, r, &c, diag);
	if (!err)
		err = tell_missing(&c, row, diag);
	if (err)
		return err;
	return c.any ? write_module(e, r, file, row, diag) : place_as_it_is(e, file, row, diag);
}
