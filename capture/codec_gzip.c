/* gzip (RFC 1952): members one after the other, each with its own check sum, perhaps zeros behind the last. */
#include "capture/codec.h"

#include <string.h>

#include <glib.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 /* added to the window size: expects gzip's header, checks its trailer */ };

struct gzip {
	z_stream z;
	bool between;
};

static bool gzip_matches(const uint8_t *start, size_t len)
{
	return len >= 3 && start[0] == 0x1f && start[1] == 0x8b && start[2] == Z_DEFLATED;
}

static void *gzip_open(size_t window_max)
{
	struct gzip *g = g_new0(struct gzip, 1);
	(void)window_max; /* 32 KiB at most, by the format */
	if (inflateInit2(&g->z, MAX_WBITS | GZIP_ONLY) != Z_OK)
		g_error("zlib %s cannot be used", zlibVersion()); /* no memory, or not the library it was built with */
	return g;
}

/* Begins the next member, if there is one behind the padding. */
static void next_member(struct gzip *g, struct codec_step *step)
{
	while (step->in_len > 0 && *step->in == 0) {
		step->in++;
		step->in_len--;
	}
	if (step->in_len == 0)
		return;
	inflateReset(&g->z);
	g->between = false;
}

/* zlib counts in unsigned int; what is beyond waits for the next call. */
static int inflate_step(z_stream *z, struct codec_step *step)
{
	const uInt in_len = (uInt)MIN(step->in_len, UINT32_MAX), out_len = (uInt)MIN(step->out_len, UINT32_MAX);
	z->next_in = (z_const Bytef *)(uintptr_t)step->in;
	z->avail_in = in_len;
	z->next_out = step->out;
	z->avail_out = out_len;
	int result = inflate(z, Z_NO_FLUSH);
	step->in += in_len - z->avail_in;
	step->in_len -= in_len - z->avail_in;
	step->out += out_len - z->avail_out;
	step->out_len -= out_len - z->avail_out;
	return result;
}

static enum codec_status gzip_decode(void *state, struct codec_step *step)
{
	struct gzip *g = state;
	if (g->between)
		next_member(g, step);
	if (g->between)
		return CODEC_BETWEEN;
	switch (inflate_step(&g->z, step)) {
	case Z_OK:
	case Z_BUF_ERROR: /* nothing to do it with */
		return CODEC_WITHIN;
	case Z_STREAM_END:
		g->between = true;
		return CODEC_BETWEEN;
	default:
		step->problem = g->z.msg ? g->z.msg : "it needs a dictionary";
		return CODEC_BAD;
	}
}

static void gzip_free(void *state)
{
	struct gzip *g = state;
	inflateEnd(&g->z);
	g_free(g);
}

const struct codec gzip_codec = {
	.name = "gzip",
	.matches = gzip_matches,
	.open = gzip_open,
	.decode = gzip_decode,
	.free = gzip_free,
};
