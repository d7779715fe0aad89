// SPDX-License-Identifier: GPL-2.0-only
/*
 * A compressed file is one or more members. The streaming libraries are all
 * driven by one loop, unpack_member(), over two functions of a codec: `begin`
 * prepares the decoder for a member, `step` lets it consume and produce
 * what it can. Only two things go other ways: a small zstd frame of known
 * size, for speed, and lz4's legacy format, which the library does not know.
 *
 * The room that a step gets is what bounds the output: first no more than the
 * check may see, then up to one byte more than the limit, and that byte is
 * how an output over the limit shows itself.
 */
#include "pipeline/unpack.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* The room that an output begins with. */
#define FIRST_ROOM (256u << 10)

/*
 * zstd frames up to this size are unpacked in one call, which spares the
 * copy through the window. Larger ones are streamed, so that a bomb
 * costs neither this much memory nor the time to fill it.
 */
#define ZSTD_WHOLE_MAX (16u << 20)

#define ZSTD_SKIPPABLE_MAGIC 0x184d2a50u
#define ZSTD_SKIPPABLE_MASK 0xfffffff0u
#define LZ4_LEGACY_MAGIC 0x184c2102u
#define LZ4_LEGACY_BLOCK (8u << 20) /* bytes that a block unpacks to at most */

struct unpacker {
	z_stream zlib;
	bool zlib_ready;
	lzma_stream lzma;
	ZSTD_DCtx *zstd;
	LZ4F_dctx *lz4;
};

/* One call of unpack(). */
struct job {
	struct unpacker *u;
	const struct codec *codec;
	const unsigned char *in; /* what is still to be read */
	size_t left;
	const struct unpack_opts *opts;
	struct buffer *out;
	bool checked;
	struct diag *diag;
};

/* What one step of a decoder may use, and used. */
struct step {
	const unsigned char *in;
	size_t in_len, in_used;
	unsigned char *out;
	size_t out_len, out_used;
};

struct codec {
	enum unpack_kind kind;
	const char *name;
	const char *magic;
	unsigned char magic_len;
	bool members; /* another member may follow a member */
	int (*member)(struct job *job);
	int (*begin)(struct job *job);
	/* 0: go on; 1: the member is complete; negative: an error. */
	int (*step)(struct job *job, struct step *s);
};

static int fail_memory(struct job *job)
{
	return diag_fail(job->diag, -ENOMEM, "out of memory while unpacking %s", job->codec->name);
}

static int fail_truncated(struct job *job)
{
	return diag_fail(job->diag, -EINVAL, "%s data is truncated", job->codec->name);
}

static int fail_corrupt(struct job *job, const char *why)
{
	return diag_fail(job->diag, -EINVAL, "%s data is corrupt: %s", job->codec->name, why);
}

static int fail_limit(struct job *job)
{
	return diag_fail(job->diag, -EFBIG, "unpacks to more than the limit of %zu bytes",
			 job->opts->limit);
}

/* ---- the output ---- */

static int run_check(struct job *job)
{
	size_t len = job->out->len < UNPACK_HEAD ? job->out->len : UNPACK_HEAD;

	job->checked = true;
	return job->opts->check ? job->opts->check(job->out->data, len, job->diag) : 0;
}

/* Takes note of @n bytes that were written behind the output. */
static int wrote(struct job *job, size_t n)
{
	job->out->len += n;
	if (job->out->len > job->opts->limit)
		return fail_limit(job);
	if (!job->checked && job->out->len >= UNPACK_HEAD)
		return run_check(job);
	return 0;
}

/* Makes room for at least one byte and says how much there is. */
static int make_room(struct job *job, struct step *s)
{
	struct buffer *out = job->out;
	size_t max = job->opts->limit + 1;
	size_t cap = out->len == out->cap ? out->cap * 2 : out->cap;

	if (cap < FIRST_ROOM)
		cap = FIRST_ROOM;
	/* Not in two steps, the last a small one: each copies all and needs both at once. */
	if (cap > max - max / 4)
		cap = max;
	if (buffer_reserve(out, cap))
		return fail_memory(job);
	s->out = out->data + out->len;
	s->out_len = (job->checked ? cap : cap < UNPACK_HEAD ? cap : UNPACK_HEAD) - out->len;
	return 0;
}

/* ---- the loop over a decoder's steps ---- */

static int unpack_step(struct job *job)
{
	struct step s = {.in = job->in, .in_len = job->left};
	int end, err;

	err = make_room(job, &s);
	if (err)
		return err;
	end = job->codec->step(job, &s);
	if (end < 0)
		return end;
	job->in += s.in_used;
	job->left -= s.in_used;
	err = wrote(job, s.out_used);
	if (err)
		return err;
	if (!end && !s.in_used && !s.out_used)
		return job->left ? fail_corrupt(job, "no progress") : fail_truncated(job);
	return end;
}

static int unpack_member(struct job *job)
{
	int end = job->codec->begin(job);

	while (!end)
		end = unpack_step(job);
	return end < 0 ? end : 0;
}

/* ---- gzip ---- */

static int gzip_begin(struct job *job)
{
	struct unpacker *u = job->u;

	if (u->zlib_ready)
		return inflateReset(&u->zlib) == Z_OK ? 0 : fail_memory(job);
	/* 15: the largest window; 16: a gzip header, with its checksum. */
	if (inflateInit2(&u->zlib, 15 + 16) != Z_OK)
		return fail_memory(job);
	u->zlib_ready = true;
	return 0;
}

static int gzip_step(struct job *job, struct step *s)
{
	z_stream *z = &job->u->zlib;
	uInt in_len = s->in_len > UINT_MAX ? UINT_MAX : (uInt)s->in_len;
	uInt out_len = s->out_len > UINT_MAX ? UINT_MAX : (uInt)s->out_len;
	int ret;

	z->next_in = (Bytef *)s->in;
	z->avail_in = in_len;
	z->next_out = s->out;
	z->avail_out = out_len;
	ret = inflate(z, Z_NO_FLUSH);
	s->in_used = in_len - z->avail_in;
	s->out_used = out_len - z->avail_out;
	if (ret == Z_OK || ret == Z_BUF_ERROR)
		return 0;
	if (ret == Z_STREAM_END)
		return 1;
	if (ret == Z_MEM_ERROR)
		return fail_memory(job);
	return fail_corrupt(job, z->msg ? z->msg : "wrong data");
}

/* ---- xz and lzma ---- */

static int lzma_failed(struct job *job, lzma_ret ret)
{
	switch (ret) {
	case LZMA_MEM_ERROR:
		return fail_memory(job);
	case LZMA_MEMLIMIT_ERROR:
		return diag_fail(job->diag, -EFBIG, "%s data needs more than %u MiB to unpack",
				 job->codec->name, UNPACK_LZMA_MEM >> 20);
	case LZMA_OPTIONS_ERROR:
		return diag_fail(job->diag, -ENOTSUP, "unsupported: %s data with unknown options",
				 job->codec->name);
	case LZMA_FORMAT_ERROR:
		return fail_corrupt(job, "wrong header");
	default:
		return fail_corrupt(job, "wrong data or checksum");
	}
}

static int xz_begin(struct job *job)
{
	/* The library goes on to further streams by itself, over the padding
	 * that may stand between them, but takes trailing bytes for one. */
	uint32_t flags = job->opts->trailing ? 0 : LZMA_CONCATENATED;
	lzma_ret ret = lzma_stream_decoder(&job->u->lzma, UNPACK_LZMA_MEM, flags);

	return ret == LZMA_OK ? 0 : lzma_failed(job, ret);
}

static int lzma_begin(struct job *job)
{
	lzma_ret ret = lzma_alone_decoder(&job->u->lzma, UNPACK_LZMA_MEM);

	return ret == LZMA_OK ? 0 : lzma_failed(job, ret);
}

static int lzma_step(struct job *job, struct step *s)
{
	lzma_stream *l = &job->u->lzma;
	lzma_ret ret;

	l->next_in = s->in;
	l->avail_in = s->in_len;
	l->next_out = s->out;
	l->avail_out = s->out_len;
	ret = lzma_code(l, LZMA_FINISH);
	s->in_used = s->in_len - l->avail_in;
	s->out_used = s->out_len - l->avail_out;
	if (ret == LZMA_OK || ret == LZMA_BUF_ERROR)
		return 0;
	return ret == LZMA_STREAM_END ? 1 : lzma_failed(job, ret);
}

/* ---- zstd ---- */

static int zstd_failed(struct job *job, size_t ret)
{
	switch (ZSTD_getErrorCode(ret)) {
	case ZSTD_error_memory_allocation:
		return fail_memory(job);
	case ZSTD_error_srcSize_wrong:
		return fail_truncated(job);
	case ZSTD_error_frameParameter_windowTooLarge:
		return diag_fail(job->diag, -EFBIG, "zstd data needs a window above %u MiB",
				 1u << (UNPACK_ZSTD_WINDOW_LOG - 20));
	default:
		return fail_corrupt(job, ZSTD_getErrorName(ret));
	}
}

static int zstd_begin(struct job *job)
{
	size_t ret = ZSTD_DCtx_reset(job->u->zstd, ZSTD_reset_session_only);

	return ZSTD_isError(ret) ? zstd_failed(job, ret) : 0;
}

static int zstd_step(struct job *job, struct step *s)
{
	ZSTD_inBuffer in = {s->in, s->in_len, 0};
	ZSTD_outBuffer out = {s->out, s->out_len, 0};
	size_t ret = ZSTD_decompressStream(job->u->zstd, &out, &in);

	if (ZSTD_isError(ret))
		return zstd_failed(job, ret);
	s->in_used = in.pos;
	s->out_used = out.pos;
	return ret == 0;
}

/* One frame that says how many bytes it unpacks to, and they are not many. */
static int zstd_whole_frame(struct job *job, size_t size)
{
	struct buffer *out = job->out;
	size_t in_len, ret;

	if (size > job->opts->limit - out->len)
		return fail_limit(job);
	in_len = ZSTD_findFrameCompressedSize(job->in, job->left);
	if (ZSTD_isError(in_len))
		return zstd_failed(job, in_len);
	/* A byte even for nothing: else there would be no place for it. */
	if (buffer_reserve(out, out->len + size + 1))
		return fail_memory(job);
	ret = ZSTD_decompressDCtx(job->u->zstd, out->data + out->len, size, job->in, in_len);
	if (ZSTD_isError(ret))
		return zstd_failed(job, ret);
	job->in += in_len;
	job->left -= in_len;
	return wrote(job, ret);
}

static int zstd_member(struct job *job)
{
	unsigned long long size = ZSTD_getFrameContentSize(job->in, job->left);

	/* Of the sizes, "unknown" and "error" are the largest. */
	if (size <= ZSTD_WHOLE_MAX)
		return zstd_whole_frame(job, (size_t)size);
	return unpack_member(job);
}

/* ---- lz4 ---- */

static int lz4_begin(struct job *job)
{
	LZ4F_resetDecompressionContext(job->u->lz4);
	return 0;
}

static int lz4_step(struct job *job, struct step *s)
{
	size_t ret;

	s->in_used = s->in_len;
	s->out_used = s->out_len;
	ret = LZ4F_decompress(job->u->lz4, s->out, &s->out_used, s->in, &s->in_used, NULL);
	if (LZ4F_isError(ret))
		return fail_corrupt(job, LZ4F_getErrorName(ret));
	return ret == 0;
}

static uint32_t next_le32(struct job *job)
{
	uint32_t v;

	memcpy(&v, job->in, sizeof(v));
	job->in += sizeof(v);
	job->left -= sizeof(v);
	return le32toh(v);
}

static int lz4_legacy_block(struct job *job, uint32_t size)
{
	struct buffer *out = job->out;
	int ret;

	if (!size || size > LZ4_COMPRESSBOUND(LZ4_LEGACY_BLOCK))
		return fail_corrupt(job, "impossible block size");
	if (size > job->left)
		return fail_truncated(job);
	if (buffer_reserve(out, out->len + LZ4_LEGACY_BLOCK))
		return fail_memory(job);
	ret = LZ4_decompress_safe((const char *)job->in, (char *)out->data + out->len, (int)size,
				  LZ4_LEGACY_BLOCK);
	if (ret < 0)
		return fail_corrupt(job, "wrong block");
	job->in += size;
	job->left -= size;
	return wrote(job, (size_t)ret);
}

/* Blocks up to the end of the input: nothing else ends the format. A file
 * behind a file begins with the magic number once more. */
static int lz4_legacy_member(struct job *job)
{
	int err = 0;

	while (!err && job->left >= sizeof(uint32_t)) {
		uint32_t size = next_le32(job);

		if (size != LZ4_LEGACY_MAGIC)
			err = lz4_legacy_block(job, size);
	}
	return err ? err : job->left && !job->opts->trailing ? fail_truncated(job) : 0;
}

/* ---- bzip2 and lzo ---- */

static int refuse_member(struct job *job)
{
	return diag_fail(job->diag, -ENOTSUP, "unsupported: compressed with %s", job->codec->name);
}

/* ---- all of them ---- */

static const struct codec codecs[] = {
	{UNPACK_GZIP, "gzip", "\x1f\x8b", 2, true, unpack_member, gzip_begin, gzip_step},
	{UNPACK_XZ, "xz", "\xfd\x37zXZ\0", 6, false, unpack_member, xz_begin, lzma_step},
	{UNPACK_LZMA, "lzma", "\x5d\0\0", 3, false, unpack_member, lzma_begin, lzma_step},
	{UNPACK_ZSTD, "zstd", "\x28\xb5\x2f\xfd", 4, true, zstd_member, zstd_begin, zstd_step},
	{UNPACK_LZ4_LEGACY, "lz4", "\x02\x21\x4c\x18", 4, false, lz4_legacy_member, NULL, NULL},
	{UNPACK_LZ4, "lz4", "\x04\x22\x4d\x18", 4, true, unpack_member, lz4_begin, lz4_step},
	{UNPACK_BZIP2, "bzip2", "BZh", 3, false, refuse_member, NULL, NULL},
	{UNPACK_LZO, "lzo", "\x89LZO\0\r\n\x1a\n", 9, false, refuse_member, NULL, NULL},
};

#define NR_CODECS (sizeof(codecs) / sizeof(codecs[0]))

/* zstd's skippable frames may stand before, between and behind the others. */
static bool is_skippable(const void *bytes, size_t len)
{
	uint32_t magic;

	if (len < sizeof(magic))
		return false;
	memcpy(&magic, bytes, sizeof(magic));
	return (le32toh(magic) & ZSTD_SKIPPABLE_MASK) == ZSTD_SKIPPABLE_MAGIC;
}

static bool codec_begins(const struct codec *c, const void *bytes, size_t len)
{
	if (len >= c->magic_len && !memcmp(bytes, c->magic, c->magic_len))
		return true;
	return c->kind == UNPACK_ZSTD && is_skippable(bytes, len);
}

enum unpack_kind unpack_detect(const void *bytes, size_t len)
{
	for (size_t i = 0; i < NR_CODECS; i++)
		if (codec_begins(&codecs[i], bytes, len))
			return codecs[i].kind;
	return UNPACK_NONE;
}

static const struct codec *codec_of(enum unpack_kind kind)
{
	for (size_t i = 0; i < NR_CODECS; i++)
		if (codecs[i].kind == kind)
			return &codecs[i];
	return NULL;
}

const char *unpack_name(enum unpack_kind kind)
{
	const struct codec *codec = codec_of(kind);

	return codec ? codec->name : "no known compression";
}

static int unpack_all(struct job *job)
{
	int err;

	if (!codec_begins(job->codec, job->in, job->left))
		return fail_corrupt(job, "wrong magic number");
	do {
		err = job->codec->member(job);
		if (err)
			return err;
	} while (job->codec->members && codec_begins(job->codec, job->in, job->left));
	if (job->left && !job->opts->trailing)
		return diag_fail(job->diag, -EINVAL, "%zu bytes of garbage behind the %s data",
				 job->left, job->codec->name);
	return job->checked ? 0 : run_check(job);
}

int unpack(struct unpacker *u, enum unpack_kind kind, const void *in, size_t in_len,
	   const struct unpack_opts *opts, struct buffer *out, struct diag *diag)
{
	struct job job = {.u = u,
			  .codec = codec_of(kind),
			  .in = in,
			  .left = in_len,
			  .opts = opts,
			  .out = out,
			  .diag = diag};

	out->len = 0;
	if (!job.codec)
		return diag_fail(diag, -EINVAL, "in no known compression");
	return unpack_all(&job);
}

struct unpacker *unpacker_new(void)
{
	struct unpacker *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->lzma = (lzma_stream)LZMA_STREAM_INIT;
	u->zstd = ZSTD_createDCtx();
	if (!u->zstd || LZ4F_isError(LZ4F_createDecompressionContext(&u->lz4, LZ4F_VERSION)) ||
	    ZSTD_isError(
		    ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, UNPACK_ZSTD_WINDOW_LOG))) {
		unpacker_free(u);
		return NULL;
	}
	return u;
}

void unpacker_free(struct unpacker *u)
{
	if (!u)
		return;
	if (u->zlib_ready)
		inflateEnd(&u->zlib);
	lzma_end(&u->lzma);
	ZSTD_freeDCtx(u->zstd);
	LZ4F_freeDecompressionContext(u->lz4);
	free(u);
}
