/* LZ4's frame format (lz4_Frame_format.md of its authors): frames one after the other. The older "legacy" format,
 * that of the Linux kernel, has no frames and no check sums and is refused by name (foreign_format.c). */
#include "capture/codec.h"

#include <glib.h>
#include <lz4frame.h>

#include "capture/cursor.h"

enum { LZ4_MAGIC = 0x184D2204 };

struct lz4 {
	LZ4F_dctx *context;
	bool between;
};

static bool lz4_matches(const uint8_t *start, size_t len)
{
	return len >= 4 && load_u32le(start) == LZ4_MAGIC;
}

static void *lz4_open(size_t window_max)
{
	struct lz4 *l = g_new0(struct lz4, 1);
	(void)window_max; /* blocks of 4 MiB at most, by the format */
	if (LZ4F_isError(LZ4F_createDecompressionContext(&l->context, LZ4F_VERSION)))
		g_error("no memory for lz4");
	l->between = true;
	return l;
}

static enum codec_status lz4_decode(void *state, struct codec_step *step)
{
	struct lz4 *l = state;
	if (l->between && step->in_len == 0)
		return CODEC_BETWEEN;
	size_t in_len = step->in_len, out_len = step->out_len;
	size_t result = LZ4F_decompress(l->context, step->out, &out_len, step->in, &in_len, NULL);
	if (LZ4F_isError(result)) {
		step->problem = LZ4F_getErrorName(result);
		return CODEC_BAD;
	}
	step->in += in_len;
	step->in_len -= in_len;
	step->out += out_len;
	step->out_len -= out_len;
	l->between = result == 0;
	return l->between ? CODEC_BETWEEN : CODEC_WITHIN;
}

static void lz4_free(void *state)
{
	struct lz4 *l = state;
	LZ4F_freeDecompressionContext(l->context);
	g_free(l);
}

const struct codec lz4_codec = {
	.name = "lz4",
	.matches = lz4_matches,
	.open = lz4_open,
	.decode = lz4_decode,
	.free = lz4_free,
};
