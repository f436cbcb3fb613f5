#include "capture/codec.h"

/* Which of them there are was found out by CMake. NULL ends the list, so that it may have nothing else. */
static const struct codec *const codecs[] = {
#ifdef HANGUP_GZIP
	&gzip_codec,
#endif
#ifdef HANGUP_ZSTD
	&zstd_codec,
#endif
#ifdef HANGUP_LZ4
	&lz4_codec,
#endif
	NULL,
};

const struct codec *codec_find(const uint8_t *start, size_t len)
{
	for (const struct codec *const *c = codecs; *c; c++) {
		if ((*c)->matches(start, len))
			return *c;
	}
	return NULL;
}
