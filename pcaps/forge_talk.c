#include "pcaps/forge_talk.h"

enum { TIMESTAMP_BYTES = 12 };

void talk_open(struct conn *c)
{
	conn_deliver(c, conn_send(c, CLIENT, SYN, 0));
	talk_accept(c);
}

void talk_accept(struct conn *c)
{
	conn_deliver(c, conn_send(c, SERVER, SYN | ACK, 0));
	conn_send(c, CLIENT, ACK, 0);
	story_wait(c->story, US(90));
}

/* Sends all segments at once, then lets the receiver take one after the other and acknowledge every second
 * and the last; the last acknowledgement is left to the caller. */
static void pour(struct conn *c, enum side from, const uint8_t *bytes, size_t len)
{
	g_autoptr(GPtrArray) flight = g_ptr_array_new();
	size_t room = c->mss - (c->timestamps ? TIMESTAMP_BYTES : 0u);
	for (size_t done = 0; done < len; done += room) {
		size_t piece = MIN(len - done, room);
		uint8_t flags = done + piece == len ? PSH | ACK : ACK;
		g_ptr_array_add(flight, conn_send_bytes(c, from, flags, bytes + done, piece));
		story_wait(c->story, US(12)); /* 1460 bytes at 1 Gbit/s */
	}
	for (guint i = 0; i < flight->len; i++) {
		conn_deliver(c, flight->pdata[i]);
		if (i % 2 && i + 1 < flight->len)
			conn_send(c, side_other(from), ACK, 0);
	}
}

void talk_say_bytes(struct conn *c, enum side from, const void *bytes, size_t len)
{
	pour(c, from, bytes, len);
	conn_ack(c, side_other(from));
}

void talk_say(struct conn *c, enum side from, size_t len)
{
	g_autofree uint8_t *bytes = packet_filler(len);
	talk_say_bytes(c, from, bytes, len);
}

void talk_exchange(struct conn *c, size_t request, size_t answer)
{
	g_autofree uint8_t *bytes = packet_filler(MAX(request, answer));
	pour(c, CLIENT, bytes, request);
	story_wait(c->story, MS(3));
	pour(c, SERVER, bytes, answer);
	conn_send(c, CLIENT, ACK, 0);
	story_wait(c->story, US(90));
}

void talk_fin(struct conn *c, enum side from)
{
	conn_deliver(c, conn_send(c, from, FIN | ACK, 0));
	conn_ack(c, side_other(from));
}

void talk_close(struct conn *c, enum side first)
{
	conn_deliver(c, conn_send(c, first, FIN | ACK, 0));
	story_wait(c->story, US(180));
	conn_deliver(c, conn_send(c, side_other(first), FIN | ACK, 0));
	conn_send(c, first, ACK, 0);
}

static const uint32_t *waits_of(const struct conn *c, enum side from)
{
	const struct end *end = &c->end[from];
	return end->last->flags & SYN ? end->host->stack->syn_waits_ms : end->host->stack->data_waits_ms;
}

static void wait_to_repeat(struct conn *c, enum side from)
{
	int64_t late = US(story_between(c->story, 100, 1900)); /* timers tick coarsely */
	story_wait(c->story, MS(waits_of(c, from)[c->end[from].repeats]) + late);
}

void talk_insist(struct conn *c, enum side from, unsigned times)
{
	while (times--) {
		wait_to_repeat(c, from);
		conn_repeat(c, from);
	}
}

void talk_give_up(struct conn *c, enum side from)
{
	const struct end *end = &c->end[from];
	while (waits_of(c, from)[end->repeats + 1])
		talk_insist(c, from, 1);
	wait_to_repeat(c, from);
	if (!(end->last->flags & SYN) && end->host->stack->data_give_up == GIVE_UP_RST)
		conn_abort(c, from);
}
