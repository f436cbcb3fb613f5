/* One network interface while it is captured on: a handle of libpcap, what the kernel says it lost there, and what is
 * known of the interface itself. */
#ifndef CAPTURE_LIVE_INTERFACE_H
#define CAPTURE_LIVE_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <pcap/pcap.h>

#include "capture/interfaces.h"

/* How to open one. */
struct live_interface_options {
	const char *name;      /* "any" for all */
	const char *filter;    /* BPF, or NULL */
	uint32_t snaplen;
	uint64_t buffer_bytes; /* the kernel's, at most INT_MAX */
	bool promiscuous;      /* packets for others too */
	const char *grant;     /* the command that gives the right to capture, or NULL */
	bool immediate;        /* every packet at once, rather than a block of them after LIVE_TIMEOUT_MS */
};

/* How long the kernel gathers packets before it hands them over: short beside what an ending waits for, and long enough
 * that a quiet wire wakes nobody. */
enum { LIVE_TIMEOUT_MS = 100 };

struct live_interface {
	pcap_t *handle;   /* NULL before it is opened */
	int fd;           /* to poll; -1 while it is gone */
	int kind;         /* of header, as the system has it: packet_socket_kind() */
	uint16_t linktype;
	bool nanoseconds; /* what stamps count after the second */
	/* In all, at the last look: what passed the filter, what of it the kernel had no room for, and what the interface lost
	 * before the kernel had it, filter or not. */
	uint64_t received, dropped, dropped_by_card;
	unsigned seen_received, seen_dropped, seen_dropped_by_card; /* the handle's own counters then */
};

/* FALSE and SOURCE_ERROR_OPEN, or SOURCE_ERROR_FILTER, in a sentence that says what can be done. */
gboolean live_interface_open(struct live_interface *i, const struct live_interface_options *options, GError **error);
void live_interface_close(struct live_interface *i);

/* It was removed. Its handle stays: what was received before is still to be had from it, and it can be taken up again. */
void live_interface_lose(struct live_interface *i);
static inline bool live_interface_is_gone(const struct live_interface *i)
{
	return i->fd < 0;
}
/* One of its name is there again: goes on with that, which takes no right where the system is so kind. FALSE with a
 * sentence when it cannot. */
gboolean live_interface_take_up(struct live_interface *i, const struct live_interface_options *options, GError **error);

/* Asks the kernel for its counters. */
void live_interface_count(struct live_interface *i);

static inline int64_t live_interface_stamp(const struct live_interface *i, const struct pcap_pkthdr *header)
{
	return (int64_t)header->ts.tv_sec * 1000000000 + (int64_t)header->ts.tv_usec * (i->nanoseconds ? 1 : 1000);
}

/* Whether the system has one of that name. */
bool live_interface_exists(const char *name);
/* Each network interface that the system has (libpcap has more to capture from: buses, radios, logs), with its addresses (IPv4 as ::ffff:a.b.c.d). FALSE and error when it does not
 * tell. */
typedef void (*live_interface_fn)(const char *name, const char *description, bool is_up,
                                  const struct interface *addresses, void *user);
gboolean live_interface_each(live_interface_fn visit, void *user, GError **error);

/* IPv4 as ::ffff:a.b.c.d. False for what is neither that nor IPv6. */
struct sockaddr;
bool live_interface_address(const struct sockaddr *from, uint8_t out[16]);
/* Fills in what the system says of it: its addresses (all of the host's for "any"). Nothing when it does not say. */
void live_interface_describe(const char *name, struct interface_record *record);

#endif
