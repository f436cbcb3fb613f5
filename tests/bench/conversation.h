/* One connection of the generated capture: its ends, and where it is in its course. It makes its packets one by
 * one, each at the time at which the capture, somewhere between the ends, would see it. */
#ifndef BENCH_CONVERSATION_H
#define BENCH_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/packet.h"
#include "tests/bench/random.h"
#include "tests/bench/settings.h"

enum { CLIENT, SERVER };
enum { CONVERSATION_OVER = -1 };

/* What one end sent, and what it is like. Positions count from its initial sequence number. */
struct party {
	struct packet_end end;
	uint32_t initial_seq;
	uint32_t sent;        /* sequence space used so far */
	uint32_t acked;       /* of it, acknowledged by the other end */
	uint32_t ts_base, ts_last;
	uint16_t ip_id;
	uint8_t ttl;
	bool windows;         /* the system, not the window */
	uint32_t round_trip_ns; /* from the capture to it and back */
};

/* Where a talk is: messages of one or more flights, each acknowledged before the next. */
enum talk_stage { TALK_SEND, TALK_DUPLICATE_ACK, TALK_REPEAT, TALK_ACK };

struct talk {
	uint32_t left, total;   /* packets */
	int64_t lasts_ns;
	uint32_t spent;         /* packets since the last request began */
	uint32_t segments;      /* of this message, not yet sent */
	uint32_t segment;       /* bytes of one */
	uint32_t window;        /* segments that may be under way */
	uint32_t flight;        /* segments still to be sent before the next acknowledgement */
	uint32_t lost_at;       /* position of the segment to repeat; its length: */
	uint32_t lost_len;      /* 0 when there is none */
	uint8_t stage;          /* enum talk_stage */
	uint8_t writer;
	uint8_t duplicates;     /* duplicate acknowledgements still to come */
	bool upload;            /* requests are the larger ones */
};

struct conversation {
	struct random random;
	const struct settings *settings;
	const struct course *course;
	const char *at;         /* next in the script */
	struct party party[2];
	struct talk talk;
	struct packet last;     /* for repetition */
	int64_t wait_ns;        /* the last one of a repetition */
	uint8_t repeats;        /* still to come */
	uint8_t last_sender;
	bool ipv6, timestamps;
	uint8_t payload_kind;   /* enum payload_kind */
};

/* Where and when its packets go is the caller's; `talk_packets` is 0 for courses without a talk. The parties'
 * ends, TTLs, systems and round trips are set. */
void conversation_start(struct conversation *c, const struct settings *settings, const struct course *course,
                        uint32_t talk_packets);

/* Makes the packet that is due. Returns the time until the next one, or CONVERSATION_OVER. */
int64_t conversation_next(struct conversation *c, int64_t now_ns, struct packet *out);

/* --- for the talk ---------------------------------------------------------------------------------------- */

/* A packet of this side with no payload that acknowledges what the other side's `acked` says. */
void conversation_fill(struct conversation *c, unsigned side, uint8_t flags, int64_t now_ns, struct packet *out);
/* Gives it payload, from the sender's position `at`. */
void conversation_say(const struct conversation *c, unsigned side, uint32_t at, uint32_t len, struct packet *out);
/* Time from a packet that the capture sees to what this side answers. */
int64_t conversation_answer_ns(struct conversation *c, unsigned side);
/* Full-size segment, bytes. */
uint32_t conversation_segment(const struct conversation *c);

void talk_start(struct conversation *c, uint32_t packets);
/* As conversation_next; CONVERSATION_OVER when all is said and acknowledged. */
int64_t talk_next(struct conversation *c, int64_t now_ns, struct packet *out);

#endif
