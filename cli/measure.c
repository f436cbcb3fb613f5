#include "cli/measure.h"

#include <stdio.h>

#include <glib/gstdio.h>

enum { PIECE_BYTES = 1 << 20 };

/* Bytes added; what the stream holds is still to be asked for. */
static uint64_t add_all(GChecksum *checksum, FILE *file)
{
	g_autofree guchar *piece = g_malloc(PIECE_BYTES);
	uint64_t bytes = 0;
	size_t len;

	while ((len = fread(piece, 1, PIECE_BYTES, file)) > 0) {
		g_checksum_update(checksum, piece, (gssize)len);
		bytes += len;
	}
	return bytes;
}

gboolean measure_file(const char *path, uint64_t *out_bytes, char out_sha256[65])
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	FILE *file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_fopen(path, "rb") : NULL;
	gboolean whole;

	if (!file)
		return FALSE;
	*out_bytes = add_all(checksum, file);
	whole = !ferror(file);
	fclose(file);
	g_strlcpy(out_sha256, g_checksum_get_string(checksum), 65);
	return whole;
}
