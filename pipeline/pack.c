// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/pack.h"

#include <errno.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#define XZ_DICT (1u << 20)
#define ZSTD_LEVEL 19 /* the slowest that needs no --ultra to write */

static int no_memory(struct diag *diag)
{
	return diag_fail(diag, -ENOMEM, "out of memory");
}

static int pack_xz(const void *in, size_t len, struct buffer *out, struct diag *diag)
{
	lzma_options_lzma lzma;
	const lzma_filter filters[] = {
		{LZMA_FILTER_LZMA2, &lzma},
		{LZMA_VLI_UNKNOWN, NULL},
	};
	lzma_ret ret;

	if (lzma_lzma_preset(&lzma, LZMA_PRESET_DEFAULT))
		return diag_fail(diag, -EIO, "xz cannot pack it");
	lzma.dict_size = XZ_DICT;
	if (buffer_reserve(out, lzma_stream_buffer_bound(len)))
		return no_memory(diag);
	ret = lzma_stream_buffer_encode((lzma_filter *)filters, LZMA_CHECK_CRC32, NULL, in, len,
					out->data, &out->len, out->cap);
	if (ret == LZMA_MEM_ERROR)
		return no_memory(diag);
	return ret == LZMA_OK ? 0 : diag_fail(diag, -EIO, "xz cannot pack it: error %d", ret);
}

static int zstd_run(ZSTD_CCtx *ctx, const void *in, size_t len, struct buffer *out,
		    struct diag *diag)
{
	size_t n;

	ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(ctx, out->data, out->cap, in, len);
	if (ZSTD_isError(n))
		return diag_fail(diag, -EIO, "zstd cannot pack it: %s", ZSTD_getErrorName(n));
	out->len = n;
	return 0;
}

static int pack_zstd(const void *in, size_t len, struct buffer *out, struct diag *diag)
{
	ZSTD_CCtx *ctx;
	int err;

	if (buffer_reserve(out, ZSTD_compressBound(len)))
		return no_memory(diag);
	ctx = ZSTD_createCCtx();
	if (!ctx)
		return no_memory(diag);
	err = zstd_run(ctx, in, len, out, diag);
	ZSTD_freeCCtx(ctx);
	return err;
}

static int pack_gzip(const void *in, size_t len, struct buffer *out, struct diag *diag)
{
	z_stream z = {0};
	int ret;

	/* 16: a gzip header, which zlib leaves without name and time. */
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		return no_memory(diag);
	if (buffer_reserve(out, deflateBound(&z, len))) {
		deflateEnd(&z);
		return no_memory(diag);
	}
	/* A module has at most MODULE_UNPACKED_MAX bytes: zlib's unsigned int suffices. */
	z.next_in = (unsigned char *)in;
	z.avail_in = (unsigned int)len;
	z.next_out = out->data;
	z.avail_out = (unsigned int)out->cap;
	ret = deflate(&z, Z_FINISH);
	out->len = z.total_out;
	deflateEnd(&z);
	return ret == Z_STREAM_END ? 0 : diag_fail(diag, -EIO, "gzip cannot pack it");
}

int pack_image(enum unpack_kind kind, const void *in, size_t len, struct buffer *out,
	       struct diag *diag)
{
	out->len = 0;
	switch (kind) {
	case UNPACK_XZ:
		return pack_xz(in, len, out, diag);
	case UNPACK_ZSTD:
		return pack_zstd(in, len, out, diag);
	case UNPACK_GZIP:
		return pack_gzip(in, len, out, diag);
	default:
		return diag_fail(diag, -ENOTSUP, "unsupported: it cannot be packed again as %s",
				 unpack_name(kind));
	}
}
