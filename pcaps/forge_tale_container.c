/* One plain story in every container that is read. */
#include "pcaps/forge_stories.h"

void tell_pcap_be(struct story *s)
{
	s->format.order = BYTES_BIG;
	story_plain(s, &at_client);
}

void tell_pcap_ns(struct story *s)
{
	s->format.nanoseconds = true;
	story_plain(s, &at_client);
}

void tell_pcap_ns_be(struct story *s)
{
	s->format.nanoseconds = true;
	s->format.order = BYTES_BIG;
	story_plain(s, &at_client);
}

static void with_remarks(struct story *s)
{
	s->format.pcapng = true;
	s->format.comment = "an orderly close, told in a pcapng";
	s->format.os = "Windows 10";
	s->format.directions = true;
	s->format.interfaces[0].name = "Ethernet 2";
	s->format.interfaces[0].ipv4_address = CLIENT_V4;
	story_plain(s, &at_client);
	((struct packet *)s->packets->pdata[s->packets->len - 3])->comment = "the client has nothing more to say";
	s->format.interfaces[0].received = s->packets->len;
}

void tell_pcapng(struct story *s)
{
	with_remarks(s);
}

void tell_pcapng_be(struct story *s)
{
	s->format.order = BYTES_BIG;
	with_remarks(s);
}

/* A server with three interfaces, each with a link type and a clock of its own, and a client on each. */
void tell_pcapng_mixed(struct story *s)
{
	static const struct file_interface interfaces[] = {
		{ .link = { .type = LINK_ETHERNET }, .name = "eth0", .ipv4_address = SERVER_V4 },
		{ .link = { .type = LINK_RAW }, .name = "tun0", .resolution = 9 },
		{ .link = { .type = LINK_SLL2, .ifindex = 7 }, .name = "any", .resolution = 0x80 | 20 },
	};
	static const char *const clients[] = { CLIENT_V4, OTHER_CLIENT_V4, "192.0.2.99" };
	struct host *server = story_host(s, &stack_linux, SERVER_V4);
	s->format.pcapng = true;
	s->format.interfaces_len = G_N_ELEMENTS(interfaces);
	int64_t start = s->now_ns;
	for (size_t i = 0; i < G_N_ELEMENTS(interfaces); i++) {
		guint before = s->packets->len;
		s->format.interfaces[i] = interfaces[i];
		s->now_ns = start + (int64_t)i * MS(7); /* so that the three interleave */
		struct conn *c = conn_new(s, &at_server, story_host(s, &stack_macos, clients[i]), server, SERVICE_PORT);
		talk_open(c);
		talk_exchange(c, 180, 900);
		talk_close(c, CLIENT);
		for (guint j = before; j < s->packets->len; j++)
			((struct packet *)s->packets->pdata[j])->interface = (uint8_t)i;
	}
}
