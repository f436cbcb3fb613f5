/* A RST, a FIN or an ICMP error tells at once whoever is in a call, and others by their next: a pooled connection is told
 * minutes later, when somebody takes it out. A stack that gives up tells when a last wait is over that began with the last
 * repetition: by doubling it is twice the wait before; keepalive probes do not double. One that resets as it gives up
 * (Windows, BSD, macOS) shows the very moment. */
#include "report/told_span.h"

#include <math.h>

#include <glib.h>

#include "report/who.h"

static const int64_t NS_PER_S = 1000000000;

enum teller { BY_LAST, BY_RST, BY_FIN, BY_ICMP, BY_GIVE_UP, BY_KEEPALIVE, BY_SILENCE };

/* Of what is not here the last packet is all that is known. */
static const enum teller tellers[EXPERIENCE_COUNT] = {
	[EXPERIENCE_STALLED] = BY_GIVE_UP,
	[EXPERIENCE_OWN_END] = BY_FIN,
	[EXPERIENCE_WAITS] = BY_SILENCE,
	[EXPERIENCE_END_OF_STREAM] = BY_FIN,
	[EXPERIENCE_RESET_AFTER_END_READER] = BY_RST,
	[EXPERIENCE_RESET_AFTER_END_WRITER] = BY_RST,
	[EXPERIENCE_RESET] = BY_RST,
	[EXPERIENCE_RESET_AFTER_OWN_END] = BY_RST,
	[EXPERIENCE_REFUSED] = BY_RST,
	[EXPERIENCE_CONNECT_TIMEOUT] = BY_GIVE_UP,
	[EXPERIENCE_NET_UNREACHABLE] = BY_ICMP,
	[EXPERIENCE_HOST_UNREACHABLE] = BY_ICMP,
	[EXPERIENCE_NET_PROHIBITED] = BY_ICMP,
	[EXPERIENCE_HOST_PROHIBITED] = BY_ICMP,
	[EXPERIENCE_ACCESS_PROHIBITED] = BY_ICMP,
	[EXPERIENCE_PORT_UNREACHABLE] = BY_ICMP,
	[EXPERIENCE_GAVE_UP] = BY_GIVE_UP,
	[EXPERIENCE_GAVE_UP_NET] = BY_GIVE_UP,
	[EXPERIENCE_GAVE_UP_HOST] = BY_GIVE_UP,
	[EXPERIENCE_KEEPALIVE_FAILED] = BY_KEEPALIVE,
};

/* Times of a file may lie anywhere. */
static int64_t later(int64_t time_ns, int64_t by_ns)
{
	int64_t sum;

	return __builtin_add_overflow(time_ns, by_ns, &sum) ? INT64_MAX : sum;
}

static int64_t difference(int64_t a_ns, int64_t b_ns)
{
	int64_t ns;

	if (__builtin_sub_overflow(a_ns, b_ns, &ns))
		return a_ns > b_ns ? INT64_MAX : -INT64_MAX;
	return ns;
}

/* Of the first of these packets that is there, else of the connection's last one. */
static int64_t time_of(const struct facts *f, enum hangup_packet_role role, enum hangup_packet_role otherwise,
                       enum hangup_side side)
{
	struct hangup_packet packet;

	if (!facts_packet(f, role, side, &packet) && !facts_packet(f, otherwise, side, &packet))
		facts_packet(f, HANGUP_PACKET_LAST, HANGUP_CLIENT, &packet);
	return packet.time_ns;
}

static int64_t last_ns(const struct facts *f)
{
	return time_of(f, HANGUP_PACKET_LAST, HANGUP_PACKET_LAST, HANGUP_CLIENT);
}

/* --- a packet told it --------------------------------------------------------------------------------------- */
static struct told_span by_packet(const struct facts *f, enum hangup_packet_role role, enum hangup_side sender)
{
	const int64_t from_ns = time_of(f, role, HANGUP_PACKET_LAST, sender);

	return (struct told_span){.from_ns = from_ns, .likely_ns = from_ns, .to_ns = MAX(from_ns, last_ns(f))};
}

/* It closed: no call of it is to come. */
static bool has_closed(const struct facts *f, enum hangup_side side)
{
	struct hangup_packet packet;

	return facts_packet(f, HANGUP_PACKET_FIN, side, &packet) || facts_packet(f, HANGUP_PACKET_RST, side, &packet);
}

/* As above, and then until its next call; connect() is a call that waits. */
static struct told_span by_packet_to_next_call(const struct facts *f, enum hangup_packet_role role,
                                               enum hangup_side sender, enum hangup_side side, enum app_call call,
                                               int64_t next_call_ns)
{
	struct told_span span = by_packet(f, role, sender);

	if (call == APP_CALL_CONNECT || has_closed(f, side) || next_call_ns == 0)
		return span;
	span.by_next_call = true;
	span.to_ns = MAX(span.to_ns, later(span.from_ns, next_call_ns));
	return span;
}

/* --- the stack gave up --------------------------------------------------------------------------------------- */
/* Its own RST after the last repetition; FALSE without. */
static bool reset_at_give_up(const struct facts *f, enum hangup_side side, int64_t repeated_ns, int64_t *out_ns)
{
	struct hangup_packet rst;

	if (!facts_packet(f, HANGUP_PACKET_RST, side, &rst) || rst.time_ns < repeated_ns)
		return false;
	*out_ns = rst.time_ns;
	return true;
}

/* All that it repeated was captured when that was done on its own host. */
static bool is_seen_whole(const struct facts *f, enum hangup_side side)
{
	return facts_value(f, HANGUP_FACT_VANTAGE, HANGUP_CLIENT) ==
	       (side == HANGUP_CLIENT ? HANGUP_VANTAGE_CLIENT : HANGUP_VANTAGE_SERVER);
}

/* A tenth later than it was due, as overdue of retransmit-timeout. */
static int64_t give_up_by(const struct facts *f, enum hangup_side side, enum experience e, int64_t repeated_ns,
                          int64_t due_ns)
{
	const int64_t wait_ns = due_ns + due_ns / 10;
	const bool open = facts_value(f, HANGUP_FACT_CAPTURE_ENDED, HANGUP_CLIENT) &&
	                  facts_value(f, HANGUP_FACT_SILENCE, HANGUP_CLIENT) <= wait_ns;
	const int64_t first_ns = time_of(f, HANGUP_PACKET_UNANSWERED, HANGUP_PACKET_RETRY_LAST, side);

	if (open && e != EXPERIENCE_CONNECT_TIMEOUT)
		return MAX(later(first_ns, TOLD_GIVE_UP_MAX_S * NS_PER_S), later(repeated_ns, wait_ns));
	return later(repeated_ns, open || !is_seen_whole(f, side) ? TOLD_WAIT_MAX_S * NS_PER_S : wait_ns);
}

static struct told_span by_give_up(const struct facts *f, enum hangup_side side, enum experience e, int64_t times)
{
	const int64_t repeated_ns = time_of(f, HANGUP_PACKET_RETRY_LAST, HANGUP_PACKET_LAST_SENT, side);
	const int64_t gap_ns = facts_value(f, HANGUP_FACT_RETRY_GAP, side), most_ns = TOLD_WAIT_MAX_S * NS_PER_S;
	const int64_t wait_ns = gap_ns > 0 && gap_ns < most_ns / times ? gap_ns * times : most_ns;
	struct told_span span = {.from_ns = repeated_ns, .likely_ns = later(repeated_ns, wait_ns)};

	if (reset_at_give_up(f, side, repeated_ns, &span.to_ns)) {
		span.from_ns = span.likely_ns = span.to_ns;
		return span;
	}
	span.to_ns = give_up_by(f, side, e, repeated_ns, wait_ns);
	return span;
}

/* --- nothing did, yet ------------------------------------------------------------------------------------------ */
/* A keepalive or a later write, which were not captured. */
static struct told_span by_silence(const struct facts *f)
{
	const int64_t from_ns = last_ns(f);

	return (struct told_span){
		.from_ns = from_ns, .likely_ns = from_ns, .to_ns = later(from_ns, TOLD_GIVE_UP_MAX_S * NS_PER_S), .even = true};
}

/* From the first packet that nobody answered until its stack would have told it: no moment of that is likelier. */
static struct told_span by_own_timer(const struct facts *f, enum hangup_side side, enum experience e)
{
	const bool waits_for_stack = tellers[e] == BY_GIVE_UP || tellers[e] == BY_KEEPALIVE;
	struct told_span span = waits_for_stack ? by_give_up(f, side, e, 2) : by_silence(f);

	span.from_ns = MIN(span.from_ns, time_of(f, HANGUP_PACKET_UNANSWERED, HANGUP_PACKET_LAST, side));
	span.even = true;
	return span;
}

struct told_span told_span_of(const struct hangup_case *c, enum hangup_side side, enum experience e,
                              const struct app_error *error, int64_t next_call_ns)
{
	const struct facts *f = c->facts;
	const enum hangup_side far = other_side(side);

	if (!error)
		return by_own_timer(f, side, e);
	if (app_codes[error->id].kind == ERROR_KIND_END)
		return by_packet_to_next_call(f, HANGUP_PACKET_FIN, far, side, error->call, next_call_ns);
	switch (tellers[e]) {
	case BY_RST:
		return by_packet_to_next_call(f, HANGUP_PACKET_RST, far, side, error->call, next_call_ns);
	case BY_FIN:
		return by_packet_to_next_call(f, HANGUP_PACKET_FIN, far, side, error->call, next_call_ns);
	case BY_ICMP:
		return by_packet_to_next_call(f, HANGUP_PACKET_ICMP, side, side, error->call, next_call_ns);
	case BY_GIVE_UP:
		return by_give_up(f, side, e, 2);
	case BY_KEEPALIVE:
		return by_give_up(f, side, e, 1);
	case BY_SILENCE:
		return by_silence(f);
	default:
		return by_packet(f, HANGUP_PACKET_LAST, HANGUP_CLIENT);
	}
}

/* --- and a time ------------------------------------------------------------------------------------------------ */
int64_t told_span_away(const struct told_span *span, int64_t at_ns)
{
	if (at_ns < span->from_ns)
		return difference(span->from_ns, at_ns);
	return at_ns > span->to_ns ? difference(span->to_ns, at_ns) : 0;
}

double told_span_fit(const struct told_span *span, int64_t at_ns, int64_t slack_ns)
{
	const double off = (double)ABS(difference(at_ns, span->likely_ns)) - (double)slack_ns;
	const double width = (double)difference(at_ns < span->likely_ns ? span->likely_ns : span->to_ns,
	                                        at_ns < span->likely_ns ? span->from_ns : span->likely_ns) - (double)slack_ns;

	if (span->even || off <= 0 || width <= 0)
		return 1;
	if (off >= width)
		return 0.5;
	if (span->by_next_call)
		return 1 - log1p(off / (double)slack_ns) / log1p(width / (double)slack_ns) / 2;
	return 1 - off / width / 2;
}
