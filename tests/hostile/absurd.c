/* Writes captures that no network ever showed: absurd STORY N FILE, with the stories of stories.def. The same N gives the
 * same bytes. Floods last as long as the connections they hide, whatever N is. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/random.h"
#include "tests/hostile/frames.h"
#include "tests/hostile/hidden.h"

#define BEGIN_US (INT64_C(1750000000) * 1000000)
enum { MADE_UP_NET = 0x0a000000, WINDOW = 1024 };

struct telling {
	FILE *out;
	uint64_t n;
	struct random dice;
	struct hidden_packet hidden[HIDDEN_PACKETS_MAX];
	size_t hidden_len, told; /* of hidden */
};

/* --- what all stories do -------------------------------------------------------------------------------- */

static void tell_hidden_until(struct telling *t, int64_t time_us)
{
	uint8_t frame[FRAME_HEADERS];

	for (; t->told < t->hidden_len && t->hidden[t->told].time_us <= time_us; t->told++) {
		uint32_t wire = tcp_frame(&t->hidden[t->told].tcp, frame);

		capture_frame(t->out, BEGIN_US + t->hidden[t->told].time_us, frame, sizeof frame, wire);
	}
}

/* The time of the i-th of n events. */
static int64_t time_of(const struct telling *t, uint64_t i)
{
	return (int64_t)((double)HIDDEN_SPAN_US * (double)i / (double)t->n);
}

static void tell(struct telling *t, int64_t time_us, const uint8_t *frame, uint32_t captured, uint32_t wire)
{
	tell_hidden_until(t, time_us);
	capture_frame(t->out, BEGIN_US + time_us, frame, captured, wire);
}

static void tell_tcp(struct telling *t, int64_t time_us, const struct tcp *tcp)
{
	uint8_t frame[FRAME_HEADERS];
	uint32_t wire = tcp_frame(tcp, frame);

	tell(t, time_us, frame, sizeof frame, wire);
}

/* A segment from an address that nobody has. */
static struct tcp made_up(struct telling *t, uint8_t flags)
{
	return (struct tcp){
		.source = MADE_UP_NET | (uint32_t)(random_next(&t->dice) & 0xffffff), .target = HIDDEN_SERVER,
		.source_port = (uint16_t)random_between(&t->dice, 1024, 65535), .target_port = HIDDEN_PORT,
		.seq = (uint32_t)random_next(&t->dice), .window = WINDOW, .flags = flags, .ttl = 50,
		.ip_id = (uint16_t)random_next(&t->dice),
	};
}

static struct tcp answer_to(const struct tcp *asked, uint8_t flags)
{
	struct tcp answer = *asked;

	answer.source = asked->target;
	answer.target = asked->source;
	answer.source_port = asked->target_port;
	answer.target_port = asked->source_port;
	answer.ack = asked->seq + 1;
	answer.seq = asked->seq * 69069u;
	answer.flags = flags;
	answer.ttl = 57;
	return answer;
}

/* --- floods ----------------------------------------------------------------------------------------------- */

static void calm(struct telling *t)
{
	(void)t;
}

static void flood(struct telling *t, uint8_t flags)
{
	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp tcp = made_up(t, flags);

		tell_tcp(t, time_of(t, i), &tcp);
	}
}

static void syn_flood(struct telling *t)
{
	flood(t, FLAG_SYN);
}

static void rst_flood(struct telling *t)
{
	flood(t, FLAG_RST);
}

static void half_open(struct telling *t)
{
	for (uint64_t i = 0; i + 1 < t->n; i += 2) {
		struct tcp asked = made_up(t, FLAG_SYN), answer = answer_to(&asked, FLAG_SYN | FLAG_ACK);

		tell_tcp(t, time_of(t, i), &asked);
		tell_tcp(t, time_of(t, i + 1), &answer);
	}
}

static void mix_flood(struct telling *t)
{
	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp tcp = made_up(t, (uint8_t)random_next(&t->dice));

		tcp.ack = (uint32_t)random_next(&t->dice);
		tcp.payload = (uint16_t)random_below(&t->dice, 1400);
		tell_tcp(t, time_of(t, i), &tcp);
	}
}

static void one_pair(struct telling *t)
{
	struct tcp tcp = made_up(t, FLAG_SYN);

	for (uint64_t i = 0; i < t->n; i++) {
		tcp.seq = (uint32_t)random_next(&t->dice);
		tell_tcp(t, time_of(t, i), &tcp);
	}
}

/* ICMP destination unreachable, port unreachable, around the beginning of a segment. */
static void icmp_flood(struct telling *t)
{
	enum { ICMP_BYTES = 8, QUOTED = IPV4_BYTES + 8, WIRE = ETHERNET_BYTES + IPV4_BYTES + ICMP_BYTES + QUOTED };

	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp error = made_up(t, 0), quoted = made_up(t, FLAG_ACK);
		uint8_t frame[WIRE + TCP_BYTES], inner[FRAME_HEADERS];

		tcp_frame(&error, frame);
		tcp_frame(&quoted, inner);
		put_u16be(frame + ETHERNET_BYTES + 2, WIRE - ETHERNET_BYTES);
		frame[ETHERNET_BYTES + 9] = 1;
		memcpy(frame + ETHERNET_BYTES + IPV4_BYTES, (uint8_t[ICMP_BYTES]){3, 3}, ICMP_BYTES);
		memcpy(frame + ETHERNET_BYTES + IPV4_BYTES + ICMP_BYTES, inner + ETHERNET_BYTES, QUOTED);
		tell(t, time_of(t, i), frame, WIRE, WIRE);
	}
}

static void fragments(struct telling *t)
{
	enum { MORE = 0x2000, FIRST_BYTES = 16 };

	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp tcp = made_up(t, FLAG_ACK);
		bool first = random_chance(&t->dice, 500);
		uint8_t frame[FRAME_HEADERS];

		tcp_frame(&tcp, frame);
		if (first)
			put_u16be(frame + ETHERNET_BYTES + 2, IPV4_BYTES + FIRST_BYTES);
		put_u16be(frame + ETHERNET_BYTES + 6, first ? MORE : (MORE | random_between(&t->dice, 1, 8000)));
		tell(t, time_of(t, i), frame, first ? FRAME_HEADERS - 4 : FRAME_HEADERS, FRAME_HEADERS);
	}
}

/* --- one connection ----------------------------------------------------------------------------------------- */

/* Data of one side in the largest packets there are, each acknowledged, past the end of the numbers. */
static void overflow(struct telling *t)
{
	enum { LARGEST = 65000 };
	const uint64_t total = t->n << 30, packets = total / LARGEST + 1;
	struct tcp client = made_up(t, FLAG_SYN), server = answer_to(&client, FLAG_SYN | FLAG_ACK);

	tell_tcp(t, 0, &client);
	tell_tcp(t, 1, &server);
	client.seq++;
	client.ack = ++server.seq;
	client.flags = server.flags = FLAG_ACK;
	client.payload = LARGEST;
	for (uint64_t i = 0; i < packets; i++) {
		int64_t now = 2 + (int64_t)((double)(HIDDEN_SPAN_US - 4) * (double)i / (double)packets);

		client.payload = (uint16_t)(i + 1 < packets ? LARGEST : total - i * LARGEST);
		client.ip_id++;
		tell_tcp(t, now, &client);
		client.seq += client.payload;
		server.ack = client.seq;
		server.ip_id++;
		tell_tcp(t, now + 1, &server);
	}
	client.payload = 0;
	client.flags = server.flags = FLAG_FIN | FLAG_ACK;
	tell_tcp(t, HIDDEN_SPAN_US - 2, &client);
	server.ack++;
	tell_tcp(t, HIDDEN_SPAN_US - 1, &server);
}

/* Times all over what 32 bits of seconds hold. The hidden connections go first: of theirs nothing is right after. */
static void decades(struct telling *t)
{
	tell_hidden_until(t, HIDDEN_SPAN_US);
	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp tcp = made_up(t, (uint8_t)random_next(&t->dice));
		uint8_t frame[FRAME_HEADERS];
		uint32_t wire;

		tcp.source = MADE_UP_NET | random_below(&t->dice, 100);
		tcp.source_port = 1024;
		tcp.ack = (uint32_t)random_next(&t->dice);
		wire = tcp_frame(&tcp, frame);
		capture_frame(t->out, (int64_t)(random_next(&t->dice) >> 32) * 1000000, frame, sizeof frame, wire);
	}
}

/* --- lies ------------------------------------------------------------------------------------------------------ */

static void lies(struct telling *t)
{
	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp tcp = made_up(t, FLAG_ACK);
		uint8_t frame[FRAME_HEADERS];
		uint32_t wire = tcp_frame(&tcp, frame), captured = FRAME_HEADERS;

		switch (random_below(&t->dice, 5)) {
		case 0: put_u16be(frame + ETHERNET_BYTES + 2, random_below(&t->dice, 65536)); break;
		case 1: frame[ETHERNET_BYTES] = (uint8_t)(0x40 | random_below(&t->dice, 16)); break;
		case 2: frame[ETHERNET_BYTES + IPV4_BYTES + 12] = (uint8_t)(random_below(&t->dice, 16) << 4); break;
		case 3: captured = random_below(&t->dice, FRAME_HEADERS); break;
		default: wire = random_below(&t->dice, 10); break;
		}
		tell(t, time_of(t, i), frame, captured, wire);
	}
}

/* 40 bytes of options, the most there can be. */
static void put_options(struct telling *t, uint8_t *to, unsigned kind)
{
	static const uint8_t lengths[] = {0, 1, 2, 41, 255};

	for (unsigned i = 0; i < 40; i++)
		to[i] = (uint8_t)(kind == 0 ? 1 : kind == 1 ? random_next(&t->dice) : i % 2 ? 0 : 5);
	to[1] = kind == 0 ? 1 : lengths[random_below(&t->dice, sizeof lengths)];
}

static void options(struct telling *t)
{
	enum { OPTIONS = 40, WIRE = FRAME_HEADERS + OPTIONS };

	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp tcp = made_up(t, FLAG_SYN);
		uint8_t frame[WIRE];

		tcp.payload = OPTIONS;
		tcp_frame(&tcp, frame);
		frame[ETHERNET_BYTES + IPV4_BYTES + 12] = 0xf0;
		put_options(t, frame + FRAME_HEADERS, random_below(&t->dice, 3));
		tell(t, time_of(t, i), frame, WIRE, WIRE);
	}
}

/* --- a thousand headers -------------------------------------------------------------------------------------- */

enum { HEADERS = 1000 };

/* Between the addresses of the link and what follows them. */
static uint32_t put_vlan_tags(uint8_t *to)
{
	for (unsigned i = 0; i < HEADERS; i++) {
		put_u16be(to + 4 * i, i % 2 ? 0x8100 : 0x88a8);
		put_u16be(to + 4 * i + 2, i & 0xfff);
	}
	return 4 * HEADERS;
}

static uint32_t put_mpls_labels(uint8_t *to)
{
	put_u16be(to, 0x8847);
	for (unsigned i = 0; i < HEADERS; i++)
		put_u32be(to + 2 + 4 * i, i << 12 | (i + 1 == HEADERS) << 8 | 64);
	return 2 + 4 * HEADERS;
}

/* IP in IP in IP ... */
static uint32_t put_tunnels(uint8_t *to)
{
	enum { TUNNELS = 300, PROTOCOL_IPIP = 4 };
	struct tcp tcp = {.source = MADE_UP_NET, .target = HIDDEN_SERVER, .ttl = 50};
	uint8_t frame[FRAME_HEADERS];

	tcp_frame(&tcp, frame);
	frame[ETHERNET_BYTES + 9] = PROTOCOL_IPIP;
	put_u16be(to, 0x0800);
	for (unsigned i = 0; i < TUNNELS; i++) {
		put_u16be(frame + ETHERNET_BYTES + 2, IPV4_BYTES * (TUNNELS - i + 2));
		memcpy(to + 2 + i * IPV4_BYTES, frame + ETHERNET_BYTES, IPV4_BYTES);
	}
	return 2 + TUNNELS * IPV4_BYTES;
}

static void tags(struct telling *t)
{
	static uint32_t (*const kinds[])(uint8_t *to) = {put_vlan_tags, put_mpls_labels, put_tunnels};

	for (uint64_t i = 0; i < t->n; i++) {
		struct tcp tcp = made_up(t, FLAG_ACK);
		unsigned kind = random_below(&t->dice, 3), skip = kind == 0 ? 12 : 14;
		uint8_t frame[FRAME_MAX] = {0}, plain[FRAME_HEADERS];
		uint32_t len;

		tcp_frame(&tcp, plain);
		memcpy(frame, plain, 12);
		len = 12 + kinds[kind](frame + 12);
		memcpy(frame + len, plain + skip, FRAME_HEADERS - skip);
		len += FRAME_HEADERS - skip;
		tell(t, time_of(t, i), frame, len, len);
	}
}

/* --- main ------------------------------------------------------------------------------------------------------- */

static const struct story {
	const char *name, *unit, *what;
	void (*write)(struct telling *t);
} stories[] = {
#define STORY(name, unit, what) {#name, unit, what, name},
#include "tests/hostile/stories.def"
#undef STORY
};
enum { STORIES = sizeof stories / sizeof *stories };

static int usage(void)
{
	fprintf(stderr, "usage: absurd STORY N FILE\n");
	for (int i = 0; i < STORIES; i++)
		fprintf(stderr, "  %-10s N %-8s %s\n", stories[i].name, stories[i].unit, stories[i].what);
	return 2;
}

/* All captures end at the same time, whatever is in them: silence is measured against it. */
static void tell_end(struct telling *t)
{
	uint8_t nothing[60] = {[12] = 0x88, 0xb5}; /* an EtherType for experiments, IEEE 802 */

	tell(t, HIDDEN_SPAN_US, nothing, sizeof nothing, sizeof nothing);
}

static int write_story(const struct story *story, uint64_t n, const char *path)
{
	static struct telling t;

	t = (struct telling){.out = fopen(path, "wb"), .n = n, .dice = {1}};
	if (t.out == NULL) {
		perror(path);
		return 1;
	}
	t.hidden_len = hidden_packets(t.hidden);
	capture_begin(t.out);
	story->write(&t);
	tell_end(&t);
	return fclose(t.out) != 0;
}

int main(int argc, char **argv)
{
	for (int i = 0; argc == 4 && i < STORIES; i++)
		if (strcmp(stories[i].name, argv[1]) == 0)
			return write_story(&stories[i], strtoull(argv[2], NULL, 10), argv[3]);
	return usage();
}
