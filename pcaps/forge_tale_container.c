/* One plain story in every container and on every link type that is read. */
#include "pcaps/forge_stories.h"

static void plain(struct story *s, const struct path *path)
{
	struct conn *c = story_pair(s, path, &stack_windows, &stack_linux);
	talk_open(c);
	talk_exchange(c, 180, 900);
	story_wait(s, MS(150));
	talk_close(c, CLIENT);
}

static void plain_v6(struct story *s, const struct path *path)
{
	struct conn *c = conn_new(s, path, story_host(s, &stack_macos, CLIENT_V6), story_host(s, &stack_linux, SERVER_V6),
	                          SERVICE_PORT);
	talk_open(c);
	talk_exchange(c, 180, 900);
	talk_close(c, CLIENT);
}

static struct link *link_of(struct story *s, uint16_t type)
{
	struct link *link = &s->format.interfaces[0].link;
	link->type = type;
	return link;
}

void tell_link_vlan(struct story *s)
{
	link_of(s, LINK_ETHERNET)->tags[0] = (struct vlan_tag){ 0x8100, 42 };
	plain(s, &in_middle);
}

void tell_link_qinq(struct story *s)
{
	struct link *link = link_of(s, LINK_ETHERNET);
	link->tags[0] = (struct vlan_tag){ 0x88a8, 700 };
	link->tags[1] = (struct vlan_tag){ 0x8100, 42 };
	plain_v6(s, &in_middle);
}

void tell_link_padding(struct story *s)
{
	link_of(s, LINK_ETHERNET)->padded = true;
	plain(s, &at_client);
}

void tell_link_sll(struct story *s)
{
	link_of(s, LINK_SLL);
	plain(s, &at_server);
}

void tell_link_sll2(struct story *s)
{
	link_of(s, LINK_SLL2)->ifindex = 2;
	plain_v6(s, &at_client);
}

void tell_link_null(struct story *s)
{
	link_of(s, LINK_NULL);
	plain_v6(s, &at_client);
}

void tell_link_null_be(struct story *s)
{
	link_of(s, LINK_NULL);
	s->format.order = BYTES_BIG;
	plain(s, &at_client);
}

void tell_link_loop(struct story *s)
{
	link_of(s, LINK_LOOP);
	plain(s, &at_server);
}

void tell_link_raw(struct story *s)
{
	link_of(s, LINK_RAW);
	plain(s, &at_client);
}

void tell_pcap_be(struct story *s)
{
	s->format.order = BYTES_BIG;
	plain(s, &at_client);
}

void tell_pcap_ns(struct story *s)
{
	s->format.nanoseconds = true;
	plain(s, &at_client);
}

void tell_pcap_ns_be(struct story *s)
{
	s->format.nanoseconds = true;
	s->format.order = BYTES_BIG;
	plain(s, &at_client);
}

static void with_remarks(struct story *s)
{
	s->format.pcapng = true;
	s->format.comment = "an orderly close, told in a pcapng";
	s->format.os = "Windows 10";
	s->format.directions = true;
	s->format.interfaces[0].name = "Ethernet 2";
	s->format.interfaces[0].ipv4_address = CLIENT_V4;
	plain(s, &at_client);
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
