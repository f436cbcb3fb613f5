/* The middle of a connection: requests of the client and responses of the server, or the other way about in an
 * upload. A message goes out in flights that grow as slow start lets them; a flight is acknowledged before the
 * next. Now and then a flight loses a segment: its last one, seen here and repeated when the retransmission timer
 * expires, or its first one, lost before it came here, asked for with SACK and repeated fast. */
#include "tests/bench/conversation.h"

#include <math.h>

#include <glib.h>

enum {
	FLIGHT_FIRST = 10,  /* RFC 6928 */
	FLIGHT_MAX = 200,
	DUPLICATE_ACKS = 3, /* RFC 5681 §3.2 */
	SEGMENT_GAP_NS = 12000,
	ACK_GAP_NS = 25000,
};

static const int64_t RTO_NS = 200000000;

static unsigned reader_of(const struct talk *t)
{
	return !t->writer;
}

/* --- messages -------------------------------------------------------------------------------------------- */

/* Segments of a large message: heavier for those connections that have much to say. */
static uint32_t large_message(struct conversation *c)
{
	struct talk *t = &c->talk;
	uint32_t most = t->left * c->settings->ack_every / (c->settings->ack_every + 1);
	uint32_t drawn = (uint32_t)exp2(random_unit(&c->random) * (t->total > 1000 ? 10 : 6));

	return MAX(1, MIN(most, drawn));
}

static void begin_flight(struct conversation *c)
{
	struct talk *t = &c->talk;

	t->flight = MIN(t->segments, t->window);
	t->window = MIN(t->window * 2, FLIGHT_MAX);
	t->segments -= t->flight;
	t->stage = TALK_SEND;
	t->lost_len = 0;
	if (!random_chance(&c->random, c->settings->loss))
		return;
	t->lost_len = t->segment;
	if (t->flight > DUPLICATE_ACKS) {
		struct party *p = &c->party[t->writer];

		t->lost_at = p->sent;
		p->sent += t->segment; /* nobody here saw it */
		t->flight--;
		t->duplicates = DUPLICATE_ACKS;
	} else {
		t->duplicates = 0;
	}
}

static void begin_message(struct conversation *c, unsigned writer)
{
	struct talk *t = &c->talk;
	bool large = (writer == CLIENT) == t->upload && random_chance(&c->random, c->settings->full);

	t->writer = (uint8_t)writer;
	t->segments = large ? large_message(c) : 1;
	t->segment = large ? conversation_segment(c) : random_between(&c->random, 40, 900);
	t->window = MAX(t->window, FLIGHT_FIRST);
	if (writer == CLIENT)
		t->spent = 0;
	begin_flight(c);
}

void talk_start(struct conversation *c, uint32_t packets)
{
	const struct settings *s = c->settings;

	c->talk = (struct talk){.left = packets, .total = packets};
	if (packets == 0)
		return;
	c->talk.left--; /* what is said last takes one more to acknowledge */
	double ratio = s->life_max_s / s->life_min_s;
	c->talk.lasts_ns = (int64_t)(s->life_min_s * pow(ratio, random_unit(&c->random)) * 1e9);
	c->talk.upload = random_chance(&c->random, 150);
	begin_message(c, CLIENT);
}

/* --- time ------------------------------------------------------------------------------------------------ */

/* The client thinks for as long as spreads the talk's packets over its life. */
static int64_t think_ns(struct conversation *c)
{
	const struct talk *t = &c->talk;
	double share = (double)t->spent / t->total;

	return (int64_t)(share * (double)t->lasts_ns * (0.5 + random_unit(&c->random)));
}

static int64_t next_message(struct conversation *c)
{
	struct talk *t = &c->talk;

	if (t->left == 0)
		return CONVERSATION_OVER;
	int64_t wait_ns = t->writer == SERVER ? think_ns(c) : random_between(&c->random, 50000, 5000000);
	unsigned writer = reader_of(t);

	wait_ns += conversation_answer_ns(c, writer);
	begin_message(c, writer);
	return wait_ns;
}

static int64_t after_flight(struct conversation *c)
{
	struct talk *t = &c->talk;

	if (t->segments == 0 || t->left == 0)
		return next_message(c);
	begin_flight(c);
	return conversation_answer_ns(c, t->writer);
}

/* --- packets --------------------------------------------------------------------------------------------- */

static void make_data(struct conversation *c, uint32_t at, uint32_t len, int64_t now_ns, struct packet *out)
{
	const struct talk *t = &c->talk;
	struct party *other = &c->party[reader_of(t)];
	bool last = t->flight == 0 && t->segments == 0;

	other->acked = other->sent;
	conversation_fill(c, t->writer, last ? FLAG_PSH | FLAG_ACK : FLAG_ACK, now_ns, out);
	conversation_say(c, t->writer, at, len, out);
}

/* A message of one segment is often acknowledged by the answer to it. */
static bool answer_will_do(struct conversation *c)
{
	const struct talk *t = &c->talk;

	return t->segments == 0 && t->left > 0 && c->party[t->writer].sent - c->party[t->writer].acked == t->segment &&
	       random_chance(&c->random, 600);
}

static int64_t send(struct conversation *c, int64_t now_ns, struct packet *out)
{
	struct talk *t = &c->talk;
	struct party *p = &c->party[t->writer];

	t->flight--;
	make_data(c, p->sent, t->segment, now_ns, out);
	p->sent += t->segment;
	if (t->flight > 0)
		return SEGMENT_GAP_NS + random_below(&c->random, 4000);
	if (t->lost_len && t->duplicates == 0) {
		t->lost_at = p->sent - t->segment;
		t->stage = TALK_REPEAT;
		return RTO_NS + conversation_answer_ns(c, t->writer);
	}
	if (!t->lost_len && answer_will_do(c))
		return next_message(c);
	t->stage = t->lost_len ? TALK_DUPLICATE_ACK : TALK_ACK;
	return conversation_answer_ns(c, reader_of(t));
}

static int64_t ask_again(struct conversation *c, int64_t now_ns, struct packet *out)
{
	struct talk *t = &c->talk;
	const struct party *p = &c->party[t->writer];

	conversation_fill(c, reader_of(t), FLAG_ACK, now_ns, out);
	out->sack_left = p->initial_seq + t->lost_at + t->lost_len;
	out->sack_right = p->initial_seq + p->sent;
	if (--t->duplicates > 0)
		return ACK_GAP_NS;
	t->stage = TALK_REPEAT;
	return conversation_answer_ns(c, t->writer);
}

static int64_t repeat(struct conversation *c, int64_t now_ns, struct packet *out)
{
	struct talk *t = &c->talk;

	make_data(c, t->lost_at, t->lost_len, now_ns, out);
	t->stage = TALK_ACK;
	return conversation_answer_ns(c, reader_of(t));
}

static int64_t acknowledge(struct conversation *c, int64_t now_ns, struct packet *out)
{
	struct talk *t = &c->talk;
	struct party *p = &c->party[t->writer];
	uint32_t open = p->sent - p->acked;

	p->acked += t->lost_len ? open : MIN(open, t->segment * c->settings->ack_every);
	conversation_fill(c, reader_of(t), FLAG_ACK, now_ns, out);
	if (p->acked != p->sent)
		return ACK_GAP_NS + random_below(&c->random, 5000);
	return after_flight(c);
}

int64_t talk_next(struct conversation *c, int64_t now_ns, struct packet *out)
{
	static int64_t (*const stages[])(struct conversation *, int64_t, struct packet *) = {
		[TALK_SEND] = send, [TALK_DUPLICATE_ACK] = ask_again, [TALK_REPEAT] = repeat, [TALK_ACK] = acknowledge,
	};
	struct talk *t = &c->talk;

	t->left -= t->left > 0;
	t->spent++;
	return stages[t->stage](c, now_ns, out);
}
