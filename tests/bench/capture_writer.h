/* A classic pcap file with microseconds, Ethernet, in the byte order of this machine, written in large pieces. */
#ifndef BENCH_CAPTURE_WRITER_H
#define BENCH_CAPTURE_WRITER_H

#include <stdint.h>

#include <glib.h>

struct packet;

struct capture_writer {
	int fd;
	uint32_t snaplen;
	size_t used;
	uint8_t *buffer;
	int failed;       /* errno of the first write that failed, or 0 */
	uint64_t packets; /* so far */
	uint64_t bytes;   /* of the file, so far */
};

gboolean capture_writer_open(struct capture_writer *w, const char *path, uint32_t snaplen, GError **error);
void capture_writer_packet(struct capture_writer *w, int64_t time_ns, const struct packet *p);
/* FALSE when anything could not be written, then or before. */
gboolean capture_writer_close(struct capture_writer *w, GError **error);

#endif
