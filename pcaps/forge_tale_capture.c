/* Captures that do not show all, or show too much. */
#include "pcaps/forge_stories.h"

static struct conn *talk(struct story *s, const struct path *path)
{
	struct conn *c = story_pair(s, path, &stack_linux, &stack_linux);
	talk_open(c);
	talk_exchange(c, 300, 4000);
	story_wait(s, MS(400));
	talk_exchange(c, 200, 2000);
	return c;
}

/* tcpdump -i any on a router: every packet on its way in and again on its way out. */
void tell_every_packet_twice(struct story *s)
{
	s->format.interfaces[0].link = (struct link){ .type = LINK_SLL2, .ifindex = 2 };
	s->format.interfaces[1].link = (struct link){ .type = LINK_SLL2, .ifindex = 3 };
	s->format.interfaces_len = 2;
	talk_close(talk(s, &in_middle), CLIENT);
	story_see_twice(s, US(14), 1, 1);
}

/* A capture with a queue a processor core writes neighbours in the wrong order. */
void tell_reordered(struct story *s)
{
	talk_close(talk(s, &at_client), SERVER);
	for (guint i = 4; i + 1 < s->packets->len; i += 3) {
		struct packet *p = s->packets->pdata[i];
		const struct packet *next = s->packets->pdata[i + 1];
		if (p->payload && next->payload && next->seen_ns - p->seen_ns < US(100))
			p->seen_ns = next->seen_ns + US(5);
	}
}

static void hide(struct story *s, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		((struct packet *)s->packets->pdata[i])->unseen = true;
}

void tell_midstream_start(struct story *s)
{
	struct conn *c = talk(s, &in_middle);
	hide(s, 0, s->packets->len);
	story_wait(s, SECONDS(1));
	talk_exchange(c, 260, 3000);
	talk_close(c, SERVER);
}

/* The mirror port copies one direction only. */
void tell_one_way_to_client(struct story *s)
{
	struct conn *c = talk(s, &in_middle);
	talk_close(c, SERVER);
	for (guint i = 0; i < s->packets->len; i++) {
		struct packet *p = s->packets->pdata[i];
		p->unseen = p->from_port == c->end[CLIENT].port;
	}
}

static void pcapng_with_losses(struct story *s, uint64_t received, uint64_t dropped)
{
	s->format.pcapng = true;
	s->format.os = "Linux 6.1";
	s->format.interfaces[0].name = "eth0";
	s->format.interfaces[0].received = received;
	s->format.interfaces[0].dropped = dropped;
}

/* The capture lost three segments in the middle; the file says so and the client acknowledges them. */
void tell_acked_unseen(struct story *s)
{
	enum { LOST = 3 };
	struct conn *c = talk(s, &at_client);
	guint before = s->packets->len;
	talk_exchange(c, 220, 9000);
	hide(s, before + 2, before + 2 + LOST);
	((struct packet *)s->packets->pdata[before + 2 + LOST])->drops = LOST;
	talk_close(c, CLIENT);
	pcapng_with_losses(s, s->packets->len, LOST);
}

/* The same, but what it lost is how the connection ended. Another one goes on two minutes later. */
void tell_end_lost(struct story *s)
{
	struct conn *c = talk(s, &at_client);
	guint before = s->packets->len;
	talk_exchange(c, 220, 9000);
	guint said = s->packets->len;
	hide(s, before + 1, said - 1);
	talk_close(c, CLIENT);
	hide(s, said, s->packets->len);
	guint lost = s->packets->len - before - 2;
	story_wait(s, SECONDS(120));
	guint later = s->packets->len;
	struct conn *other = conn_new(s, &at_client, c->end[CLIENT].host, story_host(s, &stack_linux, OTHER_SERVER_V4),
	                              SERVICE_PORT);
	talk_open(other);
	talk_exchange(other, 200, 700);
	talk_close(other, CLIENT);
	((struct packet *)s->packets->pdata[later])->drops = lost;
	pcapng_with_losses(s, s->packets->len, lost);
}

/* The capturing host's clock is set back two seconds between two requests. */
void tell_clock_set_back(struct story *s)
{
	struct conn *c = talk(s, &at_server);
	guint before = s->packets->len;
	talk_exchange(c, 260, 3000);
	talk_close(c, CLIENT);
	for (guint i = before; i < s->packets->len; i++)
		((struct packet *)s->packets->pdata[i])->clock_error_ns = -SECONDS(2);
}

/* A Windows client uploads through a card with large send offload: captured before the card cuts it up. */
void tell_large_send_offload(struct story *s)
{
	enum { SUPER_SEGMENT = 3 * 1460 };
	struct conn *c = story_pair(s, &at_client, &stack_windows, &stack_linux);
	talk_open(c);
	for (int i = 0; i < 2; i++) {
		struct packet *large = conn_send(c, CLIENT, PSH | ACK, SUPER_SEGMENT);
		large->before_offload = true;
		conn_deliver(c, large);
		conn_ack(c, SERVER);
	}
	talk_say(c, SERVER, 120);
	talk_close(c, CLIENT);
}
