#include "tests/bench/capture_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/packet.h"

enum { BUFFER = 1 << 22, LINKTYPE_ETHERNET = 1 };

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy; /* always 0 */
	uint32_t snaplen, linktype;
};

struct record_header {
	uint32_t seconds, microseconds;
	uint32_t captured, wire; /* bytes */
};

static void put(struct capture_writer *w, const void *bytes, size_t len)
{
	memcpy(w->buffer + w->used, bytes, len);
	w->used += len;
}

static void flush(struct capture_writer *w)
{
	for (size_t at = 0; at < w->used && !w->failed;) {
		ssize_t written = write(w->fd, w->buffer + at, w->used - at);
		if (written >= 0)
			at += (size_t)written;
		else if (errno != EINTR)
			w->failed = errno;
	}
	w->bytes += w->used;
	w->used = 0;
}

gboolean capture_writer_open(struct capture_writer *w, const char *path, uint32_t snaplen, GError **error)
{
	const struct file_header header = {.magic = 0xa1b2c3d4, .major = 2, .minor = 4, .snaplen = snaplen,
	                                   .linktype = LINKTYPE_ETHERNET};

	*w = (struct capture_writer){.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666),
	                             .snaplen = snaplen};
	if (w->fd < 0) {
		g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", path,
		            g_strerror(errno));
		return FALSE;
	}
	w->buffer = g_malloc(BUFFER);
	put(w, &header, sizeof(header));
	return TRUE;
}

void capture_writer_packet(struct capture_writer *w, int64_t time_ns, const struct packet *p)
{
	if (w->used + sizeof(struct record_header) + PACKET_MAX > BUFFER)
		flush(w);
	uint32_t wire = packet_write(p, w->snaplen, w->buffer + w->used + sizeof(struct record_header));
	uint32_t captured = MIN(wire, w->snaplen);
	const struct record_header header = {
		(uint32_t)(time_ns / G_GINT64_CONSTANT(1000000000)),
		(uint32_t)(time_ns % G_GINT64_CONSTANT(1000000000) / 1000), captured, wire,
	};

	put(w, &header, sizeof(header));
	w->used += captured;
	w->packets++;
}

gboolean capture_writer_close(struct capture_writer *w, GError **error)
{
	flush(w);
	if (close(w->fd) != 0 && !w->failed)
		w->failed = errno;
	g_clear_pointer(&w->buffer, g_free);
	if (!w->failed)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(w->failed), "%s", g_strerror(w->failed));
	return FALSE;
}
