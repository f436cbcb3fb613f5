/* What the local network says about hosts: who asked for whom and was not answered (ARP, neighbour discovery), who gave
 * its address back (DHCP), who was thrown out (802.11, 802.1X). It explains why a host says nothing any more.
 *
 * A bounded memory: where two hosts fall on one place the newer wins, so less may be known than the capture holds,
 * never more. Written between rounds, from a log that whoever reads the input has filled; read by many. */
#ifndef ANALYZERS_NEIGHBOURS_H
#define ANALYZERS_NEIGHBOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hangup/rule.h>

#include "capture/segment.h"

/* Hosts and stations remembered each: 0.6 MB at most, taken as they are needed. */
enum { NEIGHBOURS_REMEMBERED = 1 << 12 };
/* A question this long after the one before has nothing to do with it: a host that is there is asked for again and again. */
#define NEIGHBOURS_APART_NS (INT64_C(60) * 1000000000)
/* Beside the reason codes of IEEE 802.11: an EAP failure, an EAPOL logoff. */
enum { THROWN_OUT_LOGIN_FAILED = 1 << 16, THROWN_OUT_LOGGED_OFF };

/* What was said in a round, in its order. */
struct neighbours_log {
	struct neighbours_note *notes;
	size_t notes_len, capacity;
};
void neighbours_log_clear(struct neighbours_log *log);
/* Adds what a segment says, if it is a notice, or shows which station has an address. */
void neighbours_note(struct neighbours_log *log, const struct segment *s);

struct neighbours;
struct neighbours *neighbours_new(void);
void neighbours_free(struct neighbours *x);
/* Takes all that the log holds, and empties it. */
void neighbours_learn(struct neighbours *x, struct neighbours_log *log);

/* Questions for a host since it was last known to be there; 0 when there are none, or when its answers might have passed
 * elsewhere: whoever asks must be seen to get answers, or be the one whose packets from that host were captured. */
unsigned neighbours_sought(const struct neighbours *x, const uint8_t host[16], const uint8_t hears[16],
                           struct hangup_packet *out_first);
/* Whether anything is known of anybody: nothing, where only routers were captured. */
bool neighbours_any(const struct neighbours *x);
/* Its station's last deauthentication, disassociation, failed login or logoff, and why; false when there was none. */
bool neighbours_thrown_out(const struct neighbours *x, const uint8_t host[16], struct hangup_packet *out_packet,
                           uint32_t *out_why);
/* It gave its address back, or was refused it, and has not been given it since. */
bool neighbours_gone(const struct neighbours *x, const uint8_t host[16], struct hangup_packet *out_packet);

#endif
