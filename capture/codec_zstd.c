/* Zstandard (RFC 8878): frames one after the other, some of which only carry what others put there ("skippable");
 * pzstd begins with one. */
#include "capture/codec.h"

#include <glib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "capture/cursor.h"

struct zstd {
	ZSTD_DStream *stream;
	size_t window_max;
	bool between;
};

static bool zstd_matches(const uint8_t *start, size_t len)
{
	return len >= 4 && (load_u32le(start) == ZSTD_MAGICNUMBER ||
	                    (load_u32le(start) & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START);
}

static void *zstd_open(size_t window_max)
{
	struct zstd *z = g_new0(struct zstd, 1);
	z->stream = ZSTD_createDStream();
	if (!z->stream)
		g_error("no memory for zstd");
	ZSTD_DCtx_setParameter(z->stream, ZSTD_d_windowLogMax, (int)g_bit_storage(window_max) - 1);
	z->between = true;
	return z;
}

static const char *describe(size_t result)
{
	if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge)
		return "it was made with a window larger than is allowed here (zstd --long)";
	return ZSTD_getErrorName(result);
}

static enum codec_status zstd_decode(void *state, struct codec_step *step)
{
	struct zstd *z = state;
	if (z->between && step->in_len == 0)
		return CODEC_BETWEEN;
	ZSTD_inBuffer in = { .src = step->in, .size = step->in_len };
	ZSTD_outBuffer out = { .dst = step->out, .size = step->out_len };
	size_t result = ZSTD_decompressStream(z->stream, &out, &in);
	step->in += in.pos;
	step->in_len -= in.pos;
	step->out += out.pos;
	step->out_len -= out.pos;
	if (ZSTD_isError(result)) {
		step->problem = describe(result);
		return CODEC_BAD;
	}
	z->between = result == 0;
	return z->between ? CODEC_BETWEEN : CODEC_WITHIN;
}

static void zstd_free(void *state)
{
	struct zstd *z = state;
	ZSTD_freeDStream(z->stream);
	g_free(z);
}

const struct codec zstd_codec = {
	.name = "zstd",
	.matches = zstd_matches,
	.open = zstd_open,
	.decode = zstd_decode,
	.free = zstd_free,
};
