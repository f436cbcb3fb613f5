/* Frames as they come from network interfaces: what is behind a live source (capture/source.h). Several interfaces are
 * one stream by time.
 *
 * Each packet is copied once, from the kernel's memory into the ring (capture/packet_ring.h), and is borrowed from there;
 * nothing is allocated for it. An interface that goes away is told and looked for again; the others go on. */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/frame.h"
#include "capture/interfaces.h"
#include "capture/packet_ring.h"

/* How much of each packet is kept. All that is looked at of TCP lies in the first 256 bytes of whatever carries it:
 * Ethernet with two tags (22), IPv6 (40), UDP and VXLAN (16), Ethernet and IPv6 again (54), TCP with all its options (60),
 * 64 of payload (TLS alerts, reasons in a RST). What DHCP says begins at 282 bytes, and its first options are wanted. */
enum { LIVE_SNAPLEN_DEFAULT = 320, LIVE_SNAPLEN_LEAST = 96, LIVE_SNAPLEN_MOST = 262144 };
/* The kernel's memory for each interface: at 320 bytes, a second of 200,000 packets while we do something else. */
#define LIVE_BUFFER_DEFAULT (UINT64_C(64) << 20)
#define LIVE_BUFFER_MOST ((uint64_t)INT32_MAX)
#define LIVE_RING_DEFAULT (UINT64_C(64) << 20)
enum { LIVE_INTERFACES_MAX = 64 };

enum live_event {
	LIVE_GONE,      /* an interface cannot be read any more; why says what it was */
	LIVE_DENIED,    /* it is there again, and cannot be captured on */
	LIVE_BACK,
};
typedef void (*live_tell_fn)(enum live_event event, const char *interface, const GError *why, void *user);
/* What time a stamp of the kernel's stands for: the clock may have been set. */
typedef int64_t (*live_stamp_fn)(int64_t stamp_ns, void *user);

struct live_options {
	const char *const *interfaces; /* NULL-terminated: at least one, at most LIVE_INTERFACES_MAX, each once */
	const char *filter;            /* BPF, run by the kernel; or NULL */
	uint32_t snaplen;
	uint64_t buffer_bytes;
	uint64_t frames_most;          /* no more are taken; 0: no bound */
	uint64_t ring_bytes;           /* more when the batches of a large snaplen need more */
	bool promiscuous;              /* packets for others too: a mirror port */
	const char *grant;             /* the command that gives people without it the right to capture; or NULL */
	live_stamp_fn stamp;           /* or NULL */
	live_tell_fn tell;             /* or NULL */
	void *user;
};

struct live;

/* Strings of the options are copied. NULL and error when one of the interfaces cannot be captured on. */
struct live *live_open(const struct live_options *options, GError **error);
void live_free(struct live *l);

/* Up to max frames, borrowed until the next call; 0 when none came within wait_ms, or a signal did. */
size_t live_next(struct live *l, struct frame *out_frames, size_t max, int wait_ms);

/* Asks the kernel for its counters, and tries to open again what is gone: about once a second. */
void live_refresh(struct live *l);
const struct interfaces *live_interfaces(const struct live *l);
/* See source_interface_of(). */
const struct interface *live_interface_of(const struct live *l, const struct frame *f);
uint64_t live_frames(const struct live *l);
/* Frames that passed the filter and were lost: the kernel had no room, or the network card. */
uint64_t live_dropped(const struct live *l);
/* Of those, the network card or the like. */
uint64_t live_dropped_by_cards(const struct live *l);
uint64_t live_bytes(const struct live *l);
struct packet_ring *live_ring(const struct live *l);

#endif
