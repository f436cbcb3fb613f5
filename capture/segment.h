/* One TCP segment, or what explains the end of some, as values in host order: what decode makes of a frame and all that
 * the layers above ever see of it. Decode never judges: strange things are noted as anomalies. */
#ifndef CAPTURE_SEGMENT_H
#define CAPTURE_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a frame turned out to be. */
enum segment_kind {
	SEGMENT_NONE,       /* no TCP in it, or nothing we know how to look into */
	SEGMENT_TCP,
	SEGMENT_ICMP_ERROR, /* addresses, ports, seq are those of the quoted segment, see `icmp_*` */
	SEGMENT_FRAGMENT,   /* an IP fragment of TCP, any but the whole: see `fragment_*`, and fragments.h */
	SEGMENT_TRUNCATED,  /* TCP by its IP header, cut by the snap length before the end of the window field */
	SEGMENT_INVALID,    /* a header contradicts itself */
	SEGMENT_OPAQUE,     /* encrypted or compressed: whatever it carries cannot be looked into */
	SEGMENT_NOTICE,     /* no TCP, but it may explain how some ended: see `notice_*` */
};

/* What a SEGMENT_NOTICE says. Addresses are `source` and `target` of the segment, in IPv6 form as everywhere; zeros are
 * none. notice_mac is the host it is about, zeros when unknown. */
enum segment_notice {
	NOTICE_NONE,
	NOTICE_ASKED,           /* source asks who has target: an ARP request, a neighbour solicitation */
	NOTICE_PRESENT,         /* source says where it is: an ARP reply or announcement, a neighbour advertisement */
	NOTICE_RELEASED,        /* DHCP: source gives its address back */
	NOTICE_REFUSED,         /* DHCP: target may not have the address it asked for */
	NOTICE_ASSIGNED,        /* DHCP: target is given that address */
	NOTICE_DEAUTHENTICATED, /* 802.11: the host is thrown out, notice_code is the reason (IEEE 802.11 §9.4.1.7) */
	NOTICE_DISASSOCIATED,   /* the same, for the time being */
	NOTICE_LOGIN_FAILED,    /* 802.1X: an EAP failure; notice_mac is whom it was sent to */
	NOTICE_LOGGED_OFF,      /* 802.1X: the host says goodbye */
};

/* TCP flags as in the header, RFC 9293 §3.1. */
enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08,
       TCP_ACK = 0x10, TCP_URG = 0x20, TCP_ECE = 0x40, TCP_CWR = 0x80 };

/* Things decode noticed and leaves to others to weigh. */
enum segment_anomaly {
	ANOMALY_IP_TOTAL_ZERO = 1 << 0,  /* IP total length 0: captured before segmentation offload */
	ANOMALY_SNAPPED = 1 << 1,        /* payload cut by the snap length; payload_len is still the wire's */
	ANOMALY_OPTION_BAD = 1 << 2,     /* an option's length lies */
	ANOMALY_OPTION_CUT = 1 << 3,     /* options cut by the snap length */
	ANOMALY_FIRST_FRAGMENT = 1 << 4, /* first fragment: payload_len is what this fragment holds */
	ANOMALY_LENGTH_SHORT = 1 << 5,   /* IP says more bytes than the wire had */
	ANOMALY_REASSEMBLED = 1 << 6,    /* put together from fragments; number and time are the last one's */
	ANOMALY_OVERLAP = 1 << 7,        /* fragments claimed the same bytes twice; the first ones count */
};

/* Which TCP options were present. */
enum segment_option {
	OPTION_MSS = 1 << 0, OPTION_WINDOW_SCALE = 1 << 1, OPTION_SACK_PERMITTED = 1 << 2, OPTION_SACK = 1 << 3,
	OPTION_TIMESTAMP = 1 << 4, OPTION_FAST_OPEN = 1 << 5, OPTION_MPTCP = 1 << 6, OPTION_USER_TIMEOUT = 1 << 7,
};

/* Ordered by who asks: what nearly all are followed by is the first cache line, what some are the second, and the rest the
 * third, because on its way to another core each line of it is waited for. */
enum { SEGMENT_LINE = 64, SEGMENT_LINES_OFTEN = 2 };
struct segment {
	/* the frame it came from */
	uint64_t number;
	int64_t time_ns; /* at most TIMESCALE_MOST_NS from 1970 */

	/* TCP; a value of an option is 0 unless its bit is set */
	uint32_t seq;
	uint32_t ack;
	uint32_t payload_len;  /* on the wire */
	uint32_t ts_value;
	uint32_t sack_right;   /* of the block with the highest right edge */
	uint32_t tcp_len;      /* captured bytes from the TCP header on, padding trimmed */
	uint32_t tcp_wire_len; /* bytes on the wire from there */
	uint32_t scope; /* what VLAN tags, labels, network IDs and tunnel keys it passed under make up, 0 without any: see
	                   scopes.h for what it is good for. A VLAN tag alone is its ID */
	uint16_t window;       /* as in the header, unscaled */
	uint16_t tcp_checksum; /* as in the header; 0 when it was not captured */
	uint16_t options;      /* enum segment_option */
	uint16_t ip_id;        /* 0 for IPv6 */
	uint8_t flags;         /* TCP_FIN ... */
	uint8_t kind;          /* enum segment_kind */
	uint8_t payload_first; /* byte; 0 when none was captured */
	uint8_t ttl;           /* or hop limit */
	uint8_t direction;     /* enum frame_direction, from pcapng or a cooked header */
	uint8_t anomalies;     /* enum segment_anomaly */
	bool has_station;      /* link */
	uint8_t checksum;      /* enum segment_checksum, where it was looked at before the bytes below were replaced */

	/* who to whom; IPv4 as ::ffff:a.b.c.d */
	uint8_t source[16];
	uint8_t target[16];
	uint16_t source_port;
	uint16_t target_port;

	/* borrowed from the frame, for what looks deeper: valid as long as the frame */
	uint32_t payload_captured;
	const uint8_t *tcp;     /* TCP header */
	const uint8_t *payload; /* after the TCP header; NULL when none was captured */

	/* more options */
	uint32_t ts_echo;
	uint16_t mss;
	uint16_t options_order; /* first five options in order, 3 bits each from the lowest, for telling stacks
	                           apart: 0 none 1 MSS 2 NOP 3 WS 4 SACK-permitted 5 TS 6 EOL 7 other */
	uint32_t sack_left;
	uint8_t window_scale;   /* shift, at most 14 (RFC 7323 §2.3) */
	bool dsack;             /* the first block lies below the acknowledgement, or in the second (RFC 2883) */

	/* more of IP */
	uint8_t tos;            /* or traffic class */
	uint8_t ip_version;
	bool dont_fragment;

	/* By kind; what is not of the kind is undefined. */
	union {
		/* SEGMENT_ICMP_ERROR: the error that quotes this segment. Everything above is then of the quoted segment, as
		 * far as it was quoted: flags, ack and window are 0 beyond 8 bytes of TCP. */
		struct {
			uint16_t icmp_mtu;       /* next-hop MTU, 0 when none */
			uint8_t icmp_type;
			uint8_t icmp_code;
			uint8_t icmp_source[16]; /* who sent the error */
		};
		/* SEGMENT_FRAGMENT: its bytes are tcp, tcp_len, tcp_wire_len */
		struct {
			uint32_t fragment_id;
			uint32_t fragment_offset; /* bytes */
			bool fragment_more;       /* not the last */
		};
		/* SEGMENT_NOTICE */
		struct {
			uint16_t notice_code;
			uint8_t notice;         /* enum segment_notice */
			bool notice_own;        /* the host said so itself, rather than the access point */
			uint8_t notice_mac[6];  /* the host's; all ones: everybody's */
		};
		/* SEGMENT_TCP, when has_station is set: the station of IEEE 802.11 that sent or gets it */
		struct {
			uint8_t station[6];
			bool station_sent;
		};
	};

	uint8_t up_to_whole_lines[32];
};
_Static_assert(offsetof(struct segment, source) == SEGMENT_LINE, "the first line");
_Static_assert(offsetof(struct segment, sack_left) <= SEGMENT_LINES_OFTEN * SEGMENT_LINE, "the second one");
_Static_assert(sizeof(void *) != 8 || sizeof(struct segment) % SEGMENT_LINE == 0, "none shares a line with another");

/* Checksum of the TCP header and payload, looked at only where it tells something. */
enum segment_checksum {
	CHECKSUM_UNKNOWN, /* cut by the snap length, or both readings fit */
	CHECKSUM_GOOD,
	CHECKSUM_PARTIAL, /* only the pseudo header is summed: left to the sender's network card */
	CHECKSUM_BAD,
};
enum segment_checksum segment_checksum(const struct segment *s);
/* Whether it is CHECKSUM_PARTIAL: for most, the payload need not be summed to know that it is not. */
bool segment_checksum_is_partial(const struct segment *s);

#endif
