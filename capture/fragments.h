/* IP fragments of TCP, put together as far as TCP's header needs: which connection, which numbers, how many bytes. The
 * payload itself is not kept.
 *
 * decode says SEGMENT_FRAGMENT and knows nothing of other frames; this stage stands behind it, on the one thread that
 * has the frames in order. A datagram becomes a segment when its last missing fragment comes, in the place of that
 * fragment and with its number and time (so does Wireshark), and with the rest of the IP header of the first one. What
 * comes twice is a copy; where fragments overlap, the first one counts (ANOMALY_OVERLAP). A datagram that never is
 * complete never was a segment, for its receiver as little as for us: it is counted.
 *
 * One exception: a capture filter with a port in it lets first fragments pass and no others. When a second datagram
 * begins before any later fragment has been seen in the input, first fragments are taken as they come, each a segment
 * with the payload that it holds (ANOMALY_FIRST_FRAGMENT), until a later one shows up after all.
 *
 * Memory is taken as it is needed, FRAGMENTS_DATAGRAMS records of 1.3 KiB at most. */
#ifndef CAPTURE_FRAGMENTS_H
#define CAPTURE_FRAGMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/segment.h"

/* Datagrams in the making at one time; beyond, the oldest of its place makes room. Linux: 4 MiB of memory
 * (net.ipv4.ipfrag_high_thresh), that is at most some thousands. */
enum { FRAGMENTS_DATAGRAMS = 1024 };
/* How long a datagram may take, in packet time: net.ipv4.ipfrag_time of Linux; RFC 8200 §4.5 says 60 s. */
#define FRAGMENTS_TIME_NS (INT64_C(30) * 1000000000)
/* A fragment that comes again within this of the whole is a copy made by the capture; later, a new datagram. */
#define FRAGMENTS_COPY_NS (INT64_C(5) * 1000000)

struct fragments;

struct fragments *fragments_new(void);
void fragments_free(struct fragments *f);

/* Takes a segment of kind SEGMENT_FRAGMENT, whose bytes must be valid during the call. True when *segment now is one
 * that the fragment has completed, of any kind decode makes of TCP; it borrows nothing. False: as it was. */
bool fragments_take(struct fragments *f, struct segment *segment);

/* Datagrams given up: too long under way, or for others. */
uint64_t fragments_lost(const struct fragments *f);
/* Those, and what is not complete yet: at the end of the input, all that never was. */
uint64_t fragments_incomplete(const struct fragments *f);

#endif
