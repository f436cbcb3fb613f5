/* The walk over every cell of the endpoint state machine. What each cell must be is written down here once more, by
 * itself, with its reason: RFC 9293's section where none is named, else the RFC or the stack. A cell that changes
 * must change in both tables, on purpose. */
#include "analyzers/tcp_states.h"

#include "tests/unit/unit.h"

enum { IGNORED = TCP_CELL_IGNORED, INVALID = TCP_CELL_INVALID };

#define IS(event, state, outcome, reason) {TCP_EVENT_##event, HANGUP_TCP_STATE_##state, outcome, reason}
#define GOES(event, state, to, reason) IS(event, state, HANGUP_TCP_STATE_##to, reason)

static const struct cell {
	enum tcp_event event;
	enum hangup_tcp_state state;
	uint8_t outcome;
	const char *reason;
} cells[] = {
	GOES(SENDS_SYN, UNKNOWN, SYN_SENT, "§3.10.1: an active OPEN, the first thing seen of it"),
	GOES(SENDS_SYN, LISTEN, SYN_SENT, "§3.10.2: SEND on a passive OPEN makes it active; a SYN crossing the other's"),
	GOES(SENDS_SYN, SYN_SENT, SYN_SENT, "RFC 6298 §5.7: the SYN again"),
	GOES(SENDS_SYN, SYN_RECEIVED, SYN_RECEIVED, "§3.5 figure 7: both opened; its SYN again before the SYN-ACK"),
	GOES(SENDS_SYN, ESTABLISHED, SYN_SENT, "the SYN-ACK captured never reached it: it repeats the SYN"),
	IS(SENDS_SYN, FIN_WAIT_1, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN, FIN_WAIT_2, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN, CLOSE_WAIT, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN, CLOSING, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN, LAST_ACK, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN, TIME_WAIT, INVALID, "a new connection has numbers of its own, and a record of its own"),
	GOES(SENDS_SYN, CLOSED, SYN_SENT, "§3.10.1: OPEN from CLOSED; refused before, it tries again"),

	GOES(SENDS_SYN_ACK, UNKNOWN, SYN_RECEIVED, "§3.10.7.2: its answer to a SYN that was not captured"),
	GOES(SENDS_SYN_ACK, LISTEN, SYN_RECEIVED, "§3.10.7.2: a listener answers a SYN"),
	GOES(SENDS_SYN_ACK, SYN_SENT, SYN_RECEIVED, "§3.5 figure 7: the SYNs crossed"),
	GOES(SENDS_SYN_ACK, SYN_RECEIVED, SYN_RECEIVED, "RFC 6298 §5.7: the SYN-ACK again"),
	GOES(SENDS_SYN_ACK, ESTABLISHED, SYN_RECEIVED, "the last step was lost, or its accept queue is full"),
	IS(SENDS_SYN_ACK, FIN_WAIT_1, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN_ACK, FIN_WAIT_2, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN_ACK, CLOSE_WAIT, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN_ACK, CLOSING, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN_ACK, LAST_ACK, INVALID, "§3.10.1: it exists already"),
	IS(SENDS_SYN_ACK, TIME_WAIT, INVALID, "a reopened TIME-WAIT is a connection of its own"),
	GOES(SENDS_SYN_ACK, CLOSED, SYN_RECEIVED, "§3.10.1: opened anew after a refusal"),

	GOES(SENDS_OTHER, UNKNOWN, ESTABLISHED, "mid-stream: only a synchronized end sends these (§3.10.2)"),
	GOES(SENDS_OTHER, LISTEN, ESTABLISHED, "the handshake was missed"),
	GOES(SENDS_OTHER, SYN_SENT, ESTABLISHED, "§3.10.7.3: the third step; the SYN-ACK was missed"),
	IS(SENDS_OTHER, SYN_RECEIVED, IGNORED, "fast open (RFC 7413), challenge ACK: only what it gets moves it"),
	IS(SENDS_OTHER, ESTABLISHED, IGNORED, "§3.10.2: stays open"),
	IS(SENDS_OTHER, FIN_WAIT_1, IGNORED, "its data again"),
	IS(SENDS_OTHER, FIN_WAIT_2, IGNORED, "§3.10.7.4: acknowledges what comes"),
	IS(SENDS_OTHER, CLOSE_WAIT, IGNORED, "§3.10.2: may send on after the other's FIN"),
	IS(SENDS_OTHER, CLOSING, IGNORED, "its data again"),
	IS(SENDS_OTHER, LAST_ACK, IGNORED, "its data again"),
	IS(SENDS_OTHER, TIME_WAIT, IGNORED, "§3.10.7.4: acknowledges a FIN that came again"),
	IS(SENDS_OTHER, CLOSED, IGNORED, "speaks after a RST: whether that RST was real is for reset.c"),

	GOES(SENDS_FIN, UNKNOWN, FIN_WAIT_1, "mid-stream: CLOSE of an open end (§3.10.4)"),
	GOES(SENDS_FIN, LISTEN, FIN_WAIT_1, "a FIN scan, or everything before was missed"),
	GOES(SENDS_FIN, SYN_SENT, FIN_WAIT_1, "the handshake was missed; CLOSE (§3.10.4)"),
	GOES(SENDS_FIN, SYN_RECEIVED, FIN_WAIT_1, "§3.10.4: CLOSE in SYN-RECEIVED"),
	GOES(SENDS_FIN, ESTABLISHED, FIN_WAIT_1, "§3.10.4: CLOSE"),
	IS(SENDS_FIN, FIN_WAIT_1, IGNORED, "RFC 6298 §5: the FIN again"),
	IS(SENDS_FIN, FIN_WAIT_2, IGNORED, "the FIN again: the acknowledgement captured was lost"),
	GOES(SENDS_FIN, CLOSE_WAIT, LAST_ACK, "§3.10.4: CLOSE after the other's FIN"),
	IS(SENDS_FIN, CLOSING, IGNORED, "the FIN again"),
	IS(SENDS_FIN, LAST_ACK, IGNORED, "the FIN again"),
	IS(SENDS_FIN, TIME_WAIT, IGNORED, "the FIN again"),
	IS(SENDS_FIN, CLOSED, IGNORED, "the FIN again, after a RST or the last acknowledgement"),

	GOES(SENDS_FIN_CROSSING, UNKNOWN, FIN_WAIT_1, "mid-stream: CLOSE of an open end (§3.10.4)"),
	GOES(SENDS_FIN_CROSSING, LISTEN, FIN_WAIT_1, "everything before was missed"),
	GOES(SENDS_FIN_CROSSING, SYN_SENT, FIN_WAIT_1, "the handshake was missed; CLOSE (§3.10.4)"),
	GOES(SENDS_FIN_CROSSING, SYN_RECEIVED, FIN_WAIT_1, "§3.10.4: CLOSE in SYN-RECEIVED"),
	GOES(SENDS_FIN_CROSSING, ESTABLISHED, FIN_WAIT_1, "§3.10.4: CLOSE"),
	IS(SENDS_FIN_CROSSING, FIN_WAIT_1, IGNORED, "the FIN again"),
	IS(SENDS_FIN_CROSSING, FIN_WAIT_2, IGNORED, "the FIN again"),
	GOES(SENDS_FIN_CROSSING, CLOSE_WAIT, CLOSING, "§3.6 figure 13: the other's FIN was still on its way"),
	IS(SENDS_FIN_CROSSING, CLOSING, IGNORED, "the FIN again"),
	IS(SENDS_FIN_CROSSING, LAST_ACK, IGNORED, "the FIN again"),
	IS(SENDS_FIN_CROSSING, TIME_WAIT, IGNORED, "the FIN again"),
	IS(SENDS_FIN_CROSSING, CLOSED, IGNORED, "the FIN again"),

	GOES(SENDS_RST, UNKNOWN, CLOSED, "mid-stream: ABORT (§3.10.5)"),
	GOES(SENDS_RST, LISTEN, CLOSED, "§3.10.7.1: answers a SYN because nobody listens"),
	GOES(SENDS_RST, SYN_SENT, CLOSED, "§3.10.5: ABORT of an active OPEN"),
	GOES(SENDS_RST, SYN_RECEIVED, CLOSED, "§3.10.5: ABORT"),
	GOES(SENDS_RST, ESTABLISHED, CLOSED, "§3.10.5: ABORT"),
	GOES(SENDS_RST, FIN_WAIT_1, CLOSED, "§3.10.5: ABORT"),
	GOES(SENDS_RST, FIN_WAIT_2, CLOSED, "§3.10.5: ABORT"),
	GOES(SENDS_RST, CLOSE_WAIT, CLOSED, "§3.10.5: ABORT"),
	GOES(SENDS_RST, CLOSING, CLOSED, "§3.10.5: ABORT, or the answer to late data"),
	GOES(SENDS_RST, LAST_ACK, CLOSED, "§3.10.5: ABORT, or the answer to late data"),
	GOES(SENDS_RST, TIME_WAIT, CLOSED, "answers a stray, and Linux then has no TIME-WAIT any more"),
	IS(SENDS_RST, CLOSED, IGNORED, "§3.10.7.1: CLOSED answers everything with RST"),

	GOES(GETS_SYN, UNKNOWN, LISTEN, "it is about to answer as a listener (§3.10.7.2)"),
	IS(GETS_SYN, LISTEN, IGNORED, "§3.10.7.2: the SYN again; still about to answer"),
	GOES(GETS_SYN, SYN_SENT, SYN_RECEIVED, "§3.10.7.3: the SYNs crossed"),
	IS(GETS_SYN, SYN_RECEIVED, IGNORED, "§3.10.7.4: the SYN again"),
	IS(GETS_SYN, ESTABLISHED, IGNORED, "RFC 5961 §4: answered by a challenge ACK"),
	IS(GETS_SYN, FIN_WAIT_1, IGNORED, "RFC 5961 §4: answered by a challenge ACK"),
	IS(GETS_SYN, FIN_WAIT_2, IGNORED, "RFC 5961 §4: answered by a challenge ACK"),
	IS(GETS_SYN, CLOSE_WAIT, IGNORED, "RFC 5961 §4: answered by a challenge ACK"),
	IS(GETS_SYN, CLOSING, IGNORED, "RFC 5961 §4: answered by a challenge ACK"),
	IS(GETS_SYN, LAST_ACK, IGNORED, "RFC 5961 §4: answered by a challenge ACK"),
	IS(GETS_SYN, TIME_WAIT, IGNORED, "RFC 5961 §4, RFC 6191: acknowledged, or a connection of its own"),
	GOES(GETS_SYN, CLOSED, LISTEN, "§3.10.7.1: about to refuse, or somebody listens now"),

	GOES(GETS_SYN_ACK, UNKNOWN, ESTABLISHED, "§3.10.7.3; its SYN was missed"),
	IS(GETS_SYN_ACK, LISTEN, INVALID, "§3.10.7.2: an acknowledgement to a listener"),
	GOES(GETS_SYN_ACK, SYN_SENT, ESTABLISHED, "§3.10.7.3: the second step"),
	GOES(GETS_SYN_ACK, SYN_RECEIVED, ESTABLISHED, "§3.5 figure 7: it acknowledges the SYN that crossed"),
	IS(GETS_SYN_ACK, ESTABLISHED, IGNORED, "RFC 5961 §4: the SYN-ACK again draws an acknowledgement"),
	IS(GETS_SYN_ACK, FIN_WAIT_1, IGNORED, "RFC 5961 §4: the SYN-ACK again draws an acknowledgement"),
	IS(GETS_SYN_ACK, FIN_WAIT_2, IGNORED, "RFC 5961 §4: the SYN-ACK again draws an acknowledgement"),
	IS(GETS_SYN_ACK, CLOSE_WAIT, IGNORED, "RFC 5961 §4: the SYN-ACK again draws an acknowledgement"),
	IS(GETS_SYN_ACK, CLOSING, IGNORED, "RFC 5961 §4: the SYN-ACK again draws an acknowledgement"),
	IS(GETS_SYN_ACK, LAST_ACK, IGNORED, "RFC 5961 §4: the SYN-ACK again draws an acknowledgement"),
	IS(GETS_SYN_ACK, TIME_WAIT, IGNORED, "RFC 5961 §4: the SYN-ACK again draws an acknowledgement"),
	IS(GETS_SYN_ACK, CLOSED, IGNORED, "§3.10.7.1: will be answered by RST"),

	IS(GETS_ACK_OF_SYN, UNKNOWN, IGNORED, "its SYN was not captured"),
	IS(GETS_ACK_OF_SYN, LISTEN, IGNORED, "it sent no SYN"),
	IS(GETS_ACK_OF_SYN, SYN_SENT, IGNORED, "§3.10.7.3: not without a SYN"),
	GOES(GETS_ACK_OF_SYN, SYN_RECEIVED, ESTABLISHED, "§3.10.7.4: the third step"),
	IS(GETS_ACK_OF_SYN, ESTABLISHED, IGNORED, "§3.10.7.4: old news"),
	IS(GETS_ACK_OF_SYN, FIN_WAIT_1, IGNORED, "§3.10.7.4: old news"),
	IS(GETS_ACK_OF_SYN, FIN_WAIT_2, IGNORED, "§3.10.7.4: old news"),
	IS(GETS_ACK_OF_SYN, CLOSE_WAIT, IGNORED, "§3.10.7.4: old news"),
	IS(GETS_ACK_OF_SYN, CLOSING, IGNORED, "§3.10.7.4: old news"),
	IS(GETS_ACK_OF_SYN, LAST_ACK, IGNORED, "§3.10.7.4: old news"),
	IS(GETS_ACK_OF_SYN, TIME_WAIT, IGNORED, "§3.10.7.4: old news"),
	IS(GETS_ACK_OF_SYN, CLOSED, IGNORED, "no connection"),

	IS(GETS_ACK_OF_FIN, UNKNOWN, INVALID, "it sent no FIN that we know of"),
	IS(GETS_ACK_OF_FIN, LISTEN, INVALID, "it sent no FIN"),
	IS(GETS_ACK_OF_FIN, SYN_SENT, INVALID, "it sent no FIN"),
	IS(GETS_ACK_OF_FIN, SYN_RECEIVED, INVALID, "it sent no FIN"),
	IS(GETS_ACK_OF_FIN, ESTABLISHED, INVALID, "it sent no FIN"),
	GOES(GETS_ACK_OF_FIN, FIN_WAIT_1, FIN_WAIT_2, "§3.10.7.4: FIN-WAIT-1"),
	IS(GETS_ACK_OF_FIN, FIN_WAIT_2, IGNORED, "§3.10.7.4: acknowledged before"),
	IS(GETS_ACK_OF_FIN, CLOSE_WAIT, INVALID, "it sent no FIN"),
	GOES(GETS_ACK_OF_FIN, CLOSING, TIME_WAIT, "§3.10.7.4: CLOSING"),
	GOES(GETS_ACK_OF_FIN, LAST_ACK, CLOSED, "§3.10.7.4: LAST-ACK"),
	IS(GETS_ACK_OF_FIN, TIME_WAIT, IGNORED, "§3.10.7.4: acknowledged before"),
	IS(GETS_ACK_OF_FIN, CLOSED, IGNORED, "no connection"),

	GOES(GETS_FIN, UNKNOWN, CLOSE_WAIT, "mid-stream; it was open (§3.10.7.4)"),
	IS(GETS_FIN, LISTEN, INVALID, "§3.10.7.4: not processed in LISTEN"),
	IS(GETS_FIN, SYN_SENT, INVALID, "§3.10.7.4: not processed in SYN-SENT"),
	GOES(GETS_FIN, SYN_RECEIVED, CLOSE_WAIT, "§3.10.7.4: SYN-RECEIVED"),
	GOES(GETS_FIN, ESTABLISHED, CLOSE_WAIT, "§3.10.7.4: ESTABLISHED"),
	GOES(GETS_FIN, FIN_WAIT_1, CLOSING, "§3.10.7.4: FIN-WAIT-1, its own FIN not acknowledged"),
	GOES(GETS_FIN, FIN_WAIT_2, TIME_WAIT, "§3.10.7.4: FIN-WAIT-2"),
	IS(GETS_FIN, CLOSE_WAIT, IGNORED, "§3.10.7.4: the FIN again"),
	IS(GETS_FIN, CLOSING, IGNORED, "§3.10.7.4: the FIN again"),
	IS(GETS_FIN, LAST_ACK, IGNORED, "§3.10.7.4: the FIN again"),
	IS(GETS_FIN, TIME_WAIT, IGNORED, "§3.10.7.4: the FIN again"),
	IS(GETS_FIN, CLOSED, IGNORED, "§3.10.7.4: not processed in CLOSED"),

	GOES(GETS_RST, UNKNOWN, CLOSED, "mid-stream; it was open"),
	IS(GETS_RST, LISTEN, IGNORED, "§3.10.7.2: a listener ignores it"),
	GOES(GETS_RST, SYN_SENT, CLOSED, "§3.10.7.3: refused"),
	GOES(GETS_RST, SYN_RECEIVED, CLOSED, "§3.10.7.4: aborted before it was open"),
	GOES(GETS_RST, ESTABLISHED, CLOSED, "§3.10.7.4: aborted"),
	GOES(GETS_RST, FIN_WAIT_1, CLOSED, "§3.10.7.4: aborted"),
	GOES(GETS_RST, FIN_WAIT_2, CLOSED, "§3.10.7.4: aborted"),
	GOES(GETS_RST, CLOSE_WAIT, CLOSED, "§3.10.7.4: aborted"),
	GOES(GETS_RST, CLOSING, CLOSED, "§3.10.7.4: CLOSING"),
	GOES(GETS_RST, LAST_ACK, CLOSED, "§3.10.7.4: LAST-ACK"),
	GOES(GETS_RST, TIME_WAIT, CLOSED, "§3.10.7.4: TIME-WAIT; RFC 1337 would rather not"),
	IS(GETS_RST, CLOSED, IGNORED, "no connection"),
};

enum { CELLS = sizeof cells / sizeof *cells };

static const struct cell *cell_of(unsigned event, unsigned state)
{
	for (unsigned i = 0; i < CELLS; i++)
		if (cells[i].event == event && cells[i].state == state)
			return &cells[i];
	return NULL;
}

static void every_cell_is_as_it_must_be(void)
{
	CU_ASSERT_EQUAL(CELLS, (int)TCP_EVENT_COUNT * (int)HANGUP_TCP_STATE_COUNT);
	for (unsigned event = 0; event < TCP_EVENT_COUNT; event++) {
		for (unsigned state = 0; state < HANGUP_TCP_STATE_COUNT; state++) {
			const struct cell *expected = cell_of(event, state);

			CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
			if (tcp_states[event][state] != expected->outcome)
				CU_FAIL(expected->reason);
		}
	}
}

static void a_cell_is_a_state_or_ignored_or_invalid(void)
{
	for (unsigned event = 0; event < TCP_EVENT_COUNT; event++) {
		for (unsigned state = 0; state < HANGUP_TCP_STATE_COUNT; state++) {
			uint8_t cell = tcp_states[event][state];

			CU_ASSERT_TRUE(cell < HANGUP_TCP_STATE_COUNT || cell == IGNORED || cell == INVALID);
			CU_ASSERT_NOT_EQUAL(cell, HANGUP_TCP_STATE_UNKNOWN); /* nothing is forgotten */
		}
	}
}

static void what_is_no_state_changes_nothing(void)
{
	for (unsigned event = 0; event < TCP_EVENT_COUNT; event++) {
		for (unsigned state = 0; state < HANGUP_TCP_STATE_COUNT; state++) {
			uint8_t cell = tcp_states[event][state];
			uint8_t after = tcp_state_after((uint8_t)state, (enum tcp_event)event);

			CU_ASSERT_EQUAL(after, cell < HANGUP_TCP_STATE_COUNT ? cell : state);
		}
	}
}

/* What an end can come to from a state, in any number of steps. */
static void mark_reachable(bool out_reached[HANGUP_TCP_STATE_COUNT], unsigned state)
{
	if (out_reached[state])
		return;
	out_reached[state] = true;
	for (unsigned event = 0; event < TCP_EVENT_COUNT; event++)
		mark_reachable(out_reached, tcp_state_after((uint8_t)state, (enum tcp_event)event));
}

static void every_state_is_reached_from_the_first(void)
{
	bool reached[HANGUP_TCP_STATE_COUNT] = {false};

	mark_reachable(reached, HANGUP_TCP_STATE_UNKNOWN);
	for (unsigned state = 0; state < HANGUP_TCP_STATE_COUNT; state++)
		CU_ASSERT_TRUE(reached[state]);
}

static void every_state_can_come_to_closed(void)
{
	for (unsigned state = 0; state < HANGUP_TCP_STATE_COUNT; state++) {
		bool reached[HANGUP_TCP_STATE_COUNT] = {false};

		mark_reachable(reached, state);
		CU_ASSERT_TRUE(reached[HANGUP_TCP_STATE_CLOSED]);
	}
}

/* RFC 9293 figure 5, arrow by arrow, as it is read from between the ends. */
static uint8_t walk(const enum tcp_event *events, size_t events_len)
{
	uint8_t state = HANGUP_TCP_STATE_UNKNOWN;

	for (size_t i = 0; i < events_len; i++)
		state = tcp_state_after(state, events[i]);
	return state;
}

#define WALK(...) walk((const enum tcp_event[]){__VA_ARGS__}, \
                       sizeof (const enum tcp_event[]){__VA_ARGS__} / sizeof(enum tcp_event))
#define SENDS(what) TCP_EVENT_SENDS_##what
#define GETS(what) TCP_EVENT_GETS_##what

static void the_ways_of_the_standard(void)
{
	/* the end that connects and closes first */
	CU_ASSERT_EQUAL(WALK(SENDS(SYN), GETS(SYN_ACK), SENDS(OTHER), SENDS(FIN), GETS(ACK_OF_FIN), GETS(FIN)),
	                HANGUP_TCP_STATE_TIME_WAIT);
	/* the end that is connected to and closes last */
	CU_ASSERT_EQUAL(WALK(GETS(SYN), SENDS(SYN_ACK), GETS(ACK_OF_SYN), GETS(FIN), SENDS(FIN), GETS(ACK_OF_FIN)),
	                HANGUP_TCP_STATE_CLOSED);
	/* both close at once: §3.6 figure 13 */
	CU_ASSERT_EQUAL(WALK(SENDS(SYN), GETS(SYN_ACK), SENDS(FIN), GETS(FIN), GETS(ACK_OF_FIN)),
	                HANGUP_TCP_STATE_TIME_WAIT);
	CU_ASSERT_EQUAL(WALK(GETS(SYN), SENDS(SYN_ACK), GETS(ACK_OF_SYN), GETS(FIN), SENDS(FIN_CROSSING), GETS(ACK_OF_FIN)),
	                HANGUP_TCP_STATE_TIME_WAIT);
	/* one segment brings the acknowledgement and the other's FIN */
	CU_ASSERT_EQUAL(WALK(SENDS(SYN), GETS(SYN_ACK), SENDS(FIN), GETS(ACK_OF_FIN), GETS(FIN)),
	                HANGUP_TCP_STATE_TIME_WAIT);
	/* both open at once: §3.5 figure 7 */
	CU_ASSERT_EQUAL(WALK(SENDS(SYN), GETS(SYN), SENDS(SYN_ACK), GETS(SYN_ACK)), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(WALK(GETS(SYN), SENDS(SYN), GETS(SYN_ACK), SENDS(SYN_ACK), GETS(ACK_OF_SYN)),
	                HANGUP_TCP_STATE_ESTABLISHED);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"every cell is as it must be", every_cell_is_as_it_must_be},
		{"a cell is a state, or ignored, or invalid", a_cell_is_a_state_or_ignored_or_invalid},
		{"what is no state changes nothing", what_is_no_state_changes_nothing},
		{"every state is reached from the first", every_state_is_reached_from_the_first},
		{"every state can come to closed", every_state_can_come_to_closed},
		{"the ways of the standard", the_ways_of_the_standard},
		CU_TEST_INFO_NULL,
	};

	return unit_main("endpoint states", tests);
}
