/* Writes the first inputs of the fuzz targets, made of sample captures: seeds OUT CAPTURE...
 *
 * OUT/container and OUT/pipeline get the captures, OUT/merge each as three files, OUT/decode every frame that looks unlike those before it,
 * OUT/tcp_options the option lists in them. Names are checksums, so that the same input is there once. */
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "capture/cursor.h"
#include "capture/decode.h"
#include "capture/source.h"

enum { BATCH = 64, FRAME_MAX = 600, OPTIONS_AT = 20 };

static void write_seed(const char *out, const char *target, const void *bytes, size_t len)
{
	g_autofree char *name = g_compute_checksum_for_data(G_CHECKSUM_SHA1, bytes, len);
	g_autofree char *folder = g_build_filename(out, target, NULL);
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autoptr(GError) error = NULL;

	if (g_mkdir_with_parents(folder, 0777) != 0 || !g_file_set_contents(path, bytes, (gssize)len, &error))
		g_error("%s: cannot be written", path);
}

/* See fuzz_decode.c and fuzz_tcp_options.c for what stands in front. */
static void write_frame(const char *out, const struct frame *f)
{
	uint32_t len = MIN(f->bytes_len, FRAME_MAX), more = MIN(f->wire_len - len, UINT16_MAX);
	uint8_t seed[5 + FRAME_MAX] = {(uint8_t)f->linktype, (uint8_t)(f->linktype >> 8),
	                               (uint8_t)(f->direction | f->fcs_len << 2), (uint8_t)more, (uint8_t)(more >> 8)};

	memcpy(seed + 5, f->bytes, len);
	write_seed(out, "decode", seed, 5 + len);
}

static void write_options(const char *out, const struct segment *s)
{
	size_t len = s->tcp_len > OPTIONS_AT ? MIN(s->tcp_len, (s->tcp[12] >> 4) * 4u) : 0;
	uint8_t seed[5 + 40] = {0};

	if (len <= OPTIONS_AT)
		return;
	memcpy(seed, s->tcp + 8, 4);
	memcpy(seed + 5, s->tcp + OPTIONS_AT, len - OPTIONS_AT);
	write_seed(out, "tcp_options", seed, 5 + len - OPTIONS_AT);
}

/* What makes frames alike here: the link, what decode made of it, flags, options and oddities. */
static bool is_news(GHashTable *seen, const struct frame *f, const struct segment *s)
{
	return g_hash_table_add(seen, g_strdup_printf("%u %u %u %x %x %x %u %u", f->linktype, s->kind, s->ip_version,
	                                              s->flags, s->options_order, s->anomalies, s->icmp_type,
	                                              s->scope != 0));
}

static void take_frames(const char *out, struct source *source, GHashTable *seen)
{
	struct frame frames[BATCH];
	size_t n;

	while ((n = source_next_batch(source, frames, BATCH, NULL)) > 0) {
		for (size_t i = 0; i < n; i++) {
			struct segment s;

			decode_frame(&frames[i], &s);
			if (!is_news(seen, &frames[i], &s))
				continue;
			write_frame(out, &frames[i]);
			if (s.kind == SEGMENT_TCP)
				write_options(out, &s);
		}
	}
}

/* The capture itself, a short one, and the same again; see fuzz_merge.c. */
static void write_files(const char *out, const char *bytes, size_t len)
{
	enum { SHORT = 200 };
	size_t begin = MIN(len, SHORT);
	g_autoptr(GByteArray) seed = g_byte_array_new();
	const uint8_t lens[4] = {(uint8_t)len, (uint8_t)(len >> 8), (uint8_t)begin, 0};

	if (len > UINT16_MAX)
		return;
	g_byte_array_append(seed, lens, sizeof lens);
	g_byte_array_append(seed, (const guint8 *)bytes, (guint)len);
	g_byte_array_append(seed, (const guint8 *)bytes, (guint)begin);
	g_byte_array_append(seed, (const guint8 *)bytes, (guint)len);
	write_seed(out, "merge", seed->data, seed->len);
}

static void take_capture(const char *out, const char *path, GHashTable *seen)
{
	g_autofree char *bytes = NULL;
	struct source *source = source_open(path, NULL);
	gsize len;

	if (!g_file_get_contents(path, &bytes, &len, NULL))
		g_error("%s: cannot be read", path);
	write_seed(out, "container", bytes, len);
	if (source == NULL)
		return;
	write_seed(out, "pipeline", bytes, len);
	write_files(out, bytes, len);
	take_frames(out, source, seen);
	source_free(source);
}

int main(int argc, char **argv)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	if (argc < 3) {
		fprintf(stderr, "usage: seeds OUT CAPTURE...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		take_capture(argv[1], argv[i], seen);
	return 0;
}
