/* The endpoint state machine: a table, tcp_states.def, and the one function that looks into it. */
#ifndef ANALYZERS_TCP_STATES_H
#define ANALYZERS_TCP_STATES_H

#include <stdint.h>

#include <hangup/rule.h>

enum tcp_event {
#define TCP_ROW(event, ...) TCP_EVENT_##event,
#include "analyzers/tcp_states.def"
#undef TCP_ROW
	TCP_EVENT_COUNT
};

/* Cells that are no state. */
enum { TCP_CELL_IGNORED = 0x40, TCP_CELL_INVALID = 0x41 };

extern const uint8_t tcp_states[TCP_EVENT_COUNT][HANGUP_TCP_STATE_COUNT];

/* The state after an event; the same state where the table ignores it or calls it invalid. */
static inline uint8_t tcp_state_after(uint8_t state, enum tcp_event event)
{
	uint8_t cell = tcp_states[event][state];

	return cell < TCP_CELL_IGNORED ? cell : state;
}

#endif
