/* Writes pcapng (draft-ietf-opsawg-pcapng), block by block, at the end of bytes that the caller holds and hands on to
 * where he likes. Nothing is kept between two calls: a file is one section, then an interface before its first packet,
 * then packets; interfaces are numbered from 0 in the order in which they were put. Little-endian on every machine, times
 * in nanoseconds, so that the same calls give the same bytes.
 *
 * All text is UTF-8: what is not becomes U+FFFD, and what is longer than an option can be (65535 bytes) is cut between
 * two characters. It is not escaped otherwise; text that came from packets is to be made harmless before. NULL and ""
 * are left out. */
#ifndef CAPTURE_PCAPNG_WRITER_H
#define CAPTURE_PCAPNG_WRITER_H

#include <stdint.h>

#include <glib.h>

#include "capture/frame.h"
#include "capture/source.h"

/* More than this of comments in one block is left out, whole comments only: readers refuse blocks that are too long. */
enum { PCAPNG_COMMENTS_MAX_BYTES = 96 << 10 };

/* What a section says of the machine that captured and of what wrote the file. Borrowed for the call. */
struct pcapng_section {
	const char *hardware;
	const char *os;
	const char *application;
	const char *const *comments; /* NULL-terminated, or NULL */
};
void pcapng_put_section(GByteArray *out, const struct pcapng_section *section);

/* Its link type, snap length, name, description, filter, system and addresses. An address is put as that of one host, for
 * its network is not known. Counts are not part of a description: see pcapng_put_statistics(). */
void pcapng_put_interface(GByteArray *out, const struct interface *interface);

/* One packet of the interface with that number. Of the frame its time (one before 1970 becomes 1970), bytes, lengths,
 * direction and length of frame check sequence are used. comments is NULL-terminated, or NULL. */
void pcapng_put_packet(GByteArray *out, const struct frame *frame, uint32_t interface, const char *const *comments);

/* The interface's counts up to then: frames received and dropped; UINT64_MAX is not known. */
void pcapng_put_statistics(GByteArray *out, uint32_t interface, int64_t time_ns, uint64_t received, uint64_t dropped);

#endif
