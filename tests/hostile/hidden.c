#include "tests/hostile/hidden.h"

#include <stdbool.h>
#include <stdlib.h>

#define MS(n) (INT64_C(1000) * (n))
#define SECONDS(n) (INT64_C(1000000) * (n))

enum { CLIENT_ISN = 1000, SERVER_ISN = 70000, QUESTION = 300, ANSWER = 1200 };
enum { CLIENT_NET = 0xc0000200, CLIENT_PORT = 40000 };

/* One conversation in the making. */
struct talk {
	struct hidden_packet *out;
	size_t len;
	unsigned number;
	int64_t now_us;
	uint32_t seq[2]; /* of client and server: what comes next */
	uint16_t id[2];
};

static void say(struct talk *t, int64_t after_us, bool server, uint8_t flags, uint16_t payload)
{
	uint32_t client = CLIENT_NET + 1 + t->number;
	uint16_t port = (uint16_t)(CLIENT_PORT + t->number);

	t->now_us += after_us;
	t->out[t->len++] = (struct hidden_packet){
		.time_us = t->now_us,
		.tcp = {
			.source = server ? HIDDEN_SERVER : client, .target = server ? client : HIDDEN_SERVER,
			.source_port = server ? HIDDEN_PORT : port, .target_port = server ? port : HIDDEN_PORT,
			.seq = t->seq[server], .ack = flags & FLAG_ACK ? t->seq[!server] : 0, .window = 64000,
			.payload = payload, .flags = flags, .ttl = server ? 57 : 61, .ip_id = t->id[server]++,
		},
	};
	t->seq[server] += payload + !!(flags & FLAG_SYN) + !!(flags & FLAG_FIN);
}

static void open_it(struct talk *t)
{
	say(t, 0, false, FLAG_SYN, 0);
	say(t, MS(20), true, FLAG_SYN | FLAG_ACK, 0);
	say(t, MS(5), false, FLAG_ACK, 0);
}

static void ask_and_answer(struct talk *t)
{
	say(t, MS(2), false, FLAG_PSH | FLAG_ACK, QUESTION);
	say(t, MS(20), true, FLAG_ACK, 0);
	say(t, MS(30), true, FLAG_PSH | FLAG_ACK, ANSWER);
	say(t, MS(5), false, FLAG_ACK, 0);
}

static void close_it(struct talk *t)
{
	say(t, MS(5), false, FLAG_FIN | FLAG_ACK, 0);
	say(t, MS(20), true, FLAG_FIN | FLAG_ACK, 0);
	say(t, MS(5), false, FLAG_ACK, 0);
}

static void abort_it(struct talk *t)
{
	say(t, MS(2), false, FLAG_PSH | FLAG_ACK, QUESTION);
	say(t, MS(20), true, FLAG_RST | FLAG_ACK, 0);
}

static void half_close_it(struct talk *t)
{
	say(t, MS(5), false, FLAG_FIN | FLAG_ACK, 0);
	say(t, MS(20), true, FLAG_ACK, 0);
}

/* Data that nobody answers any more, sent again and again. */
static void give_up(struct talk *t)
{
	int64_t wait = MS(200);

	for (int times = 0; times < 7; times++, wait *= 2) {
		say(t, times == 0 ? MS(2) : wait, false, FLAG_PSH | FLAG_ACK, QUESTION);
		t->seq[false] -= QUESTION;
	}
}

static void leave_it(struct talk *t)
{
	(void)t;
}

/* Handshake, a question and its answer, a long silence, another question and answer, and an end. */
static size_t converse(struct hidden_packet *out, unsigned number)
{
	static void (*const endings[])(struct talk *t) = {close_it, abort_it, half_close_it, give_up, leave_it};
	struct talk t = {.out = out, .number = number, .now_us = SECONDS(1) + MS(700) * number,
	                 .seq = {CLIENT_ISN + number * 77, SERVER_ISN + number * 991}, .id = {1, 5000}};

	open_it(&t);
	ask_and_answer(&t);
	t.now_us += SECONDS(number % 4 * 12);
	ask_and_answer(&t);
	endings[number % 5](&t);
	return t.len;
}

static int by_time(const void *a, const void *b)
{
	const struct hidden_packet *x = a, *y = b;

	return (x->time_us > y->time_us) - (x->time_us < y->time_us);
}

size_t hidden_packets(struct hidden_packet out[HIDDEN_PACKETS_MAX])
{
	size_t len = 0;

	for (unsigned number = 0; number < HIDDEN_CONNECTIONS; number++)
		len += converse(out + len, number);
	qsort(out, len, sizeof *out, by_time);
	return len;
}
