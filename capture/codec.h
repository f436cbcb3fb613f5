/* What stream_unpack.c asks of one kind of compression. A new kind is one file that defines one of these, and
 * one line in codec.c. */
#ifndef CAPTURE_CODEC_H
#define CAPTURE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum codec_status {
	CODEC_WITHIN,  /* in the middle of a member (gzip) or frame (zstd, lz4) */
	CODEC_BETWEEN, /* behind the end of one: the data may end here, or another follows */
	CODEC_BAD,     /* damaged; the problem says how */
};

/* Both views shrink from their front by what was used of them. */
struct codec_step {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
	const char *problem; /* static text */
};

struct codec {
	const char *name;
	/* Whether data that starts with these bytes is of this kind. */
	bool (*matches)(const uint8_t *start, size_t len);
	/* Ready for the first byte. Never needs more than about window_max bytes of memory. */
	void *(*open)(size_t window_max);
	/* Goes on as far as the bytes in and the room out allow. */
	enum codec_status (*decode)(void *state, struct codec_step *step);
	void (*free)(void *state);
};

/* What the data is compressed with, NULL when with nothing that this build can unpack. */
const struct codec *codec_find(const uint8_t *start, size_t len);

extern const struct codec gzip_codec;
extern const struct codec zstd_codec;
extern const struct codec lz4_codec;

#endif
