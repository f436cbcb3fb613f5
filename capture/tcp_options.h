/* The options of a TCP header, one after the other (RFC 9293 §3.1): decode, ladders and checks all walk
 * them with this.
 *
 *     kind 0   end of the list
 *     kind 1   padding, one byte
 *     others   kind, length of the whole option, value
 */
#ifndef CAPTURE_TCP_OPTIONS_H
#define CAPTURE_TCP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/cursor.h"

enum tcp_option_kind {
	TCP_OPTION_END = 0,
	TCP_OPTION_PADDING = 1,
	TCP_OPTION_MSS = 2,
	TCP_OPTION_WINDOW_SCALE = 3,
	TCP_OPTION_SACK_PERMITTED = 4,
	TCP_OPTION_SACK = 5,
	TCP_OPTION_TIMESTAMP = 8,
	TCP_OPTION_USER_TIMEOUT = 28,
	TCP_OPTION_MPTCP = 30,
	TCP_OPTION_FAST_OPEN = 34,
	TCP_OPTION_EXPERIMENT = 254,
};

struct tcp_option {
	uint8_t kind;
	uint8_t value_len;
	const uint8_t *value; /* borrowed; NULL without */
};

/* Goes to the next option. False at the end; list->status then tells a clean end from a list that was cut
 * by the snap length (CURSOR_TRUNCATED) and one whose lengths lie (CURSOR_INVALID). */
bool tcp_option_next(struct cursor *list, struct tcp_option *out);

struct segment;
/* Reads all options of a header into s: its options, their values, options_order, and the anomalies
 * ANOMALY_OPTION_BAD and ANOMALY_OPTION_CUT. The fields must be 0, s->ack set. */
void tcp_options_read(struct segment *s, struct cursor list);

#endif
