/* What tells one operating system's TCP from another on the wire, as rows of data (forge_stack.c).
 * Only what a capture shows: numbers come with their source, and are defaults of that system. */
#ifndef PCAPS_FORGE_STACK_H
#define PCAPS_FORGE_STACK_H

#include <stdbool.h>
#include <stdint.h>

enum ip_id_habit {
	IP_ID_PER_SOCKET, /* one more with each packet of the connection; 0 in a stateless answer */
	IP_ID_PER_HOST,   /* one more with each packet the host sends to anybody */
	IP_ID_ZERO,       /* always 0: nothing to reassemble when fragments are forbidden (RFC 6864) */
	IP_ID_RANDOM,
};

/* What a sender puts on the wire when it stops trying. */
enum give_up { GIVE_UP_SILENT, GIVE_UP_RST };

enum { STACK_MAX_WAITS = 24 };

struct stack {
	const char *name;
	uint8_t ttl; /* as sent */
	enum ip_id_habit ip_id;

	/* SYN and SYN-ACK options in order, one letter each: M MSS, S SACK permitted, T timestamps,
	 * W window scale, N no-operation, E end of list. The second is used when timestamps are off. */
	const char *options;
	const char *options_without_timestamps;
	bool timestamps;       /* offers them */
	uint16_t syn_window;
	uint8_t window_scale;
	uint32_t window;       /* bytes, once connected */

	bool rst_has_timestamp; /* on a RST it decides on itself, not on an answer to a stray packet */
	bool rst_has_window;

	/* Waits in ms between transmissions while nothing answers, 0 ends the list; the last wait is followed
	 * by giving up instead of another transmission. */
	uint32_t syn_waits_ms[STACK_MAX_WAITS];
	uint32_t data_waits_ms[STACK_MAX_WAITS];
	enum give_up data_give_up;

	uint32_t refused_retry_ms;   /* sends the SYN again this long after a RST refused it; 0 = takes it as final */
	uint8_t refused_retries;
	uint32_t keepalive_wait_ms;  /* between unanswered probes */
	uint8_t keepalive_probes;    /* unanswered ones until it gives up, with a RST on every stack */
	uint8_t keepalive_bytes;     /* payload of a probe: 0, or 1 that takes the place of the last byte */
};

extern const struct stack stack_linux;
extern const struct stack stack_windows;     /* 10, 11 and servers of that time */
extern const struct stack stack_windows_old; /* 7, 8, 2008 R2 */
extern const struct stack stack_macos;
extern const struct stack stack_freebsd;
extern const struct stack stack_scanner;     /* ZMap: a SYN made by hand, the answer left to the kernel's RST */

#endif
