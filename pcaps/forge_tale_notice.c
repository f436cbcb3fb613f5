/* What the local network says of a host that is not there any more. */
#include "pcaps/forge_notice.h"
#include "pcaps/forge_stories.h"

/* Both ends on one Ethernet, captured at the client. */
static const struct path next_door = { .ns = { 0, US(250) } };

static void ask(struct story *s, const struct host *from, const struct host *to, const struct host *whose, int times)
{
	for (int i = 0; i < times; i++) {
		notice_arp_ask(s, from, to, whose);
		story_wait(s, SECONDS(1));
	}
}

/* Linux: what has been idle is asked for after 5 s without an answer, three times by its address and then, each time
 * something is to be sent, three times of everybody. */
void tell_arp_unanswered(struct story *s)
{
	struct host *client = story_host(s, &stack_linux, "192.0.2.23"), *server = story_host(s, &stack_linux, "192.0.2.80");
	struct conn *c = conn_new(s, &next_door, client, server, SERVICE_PORT);
	notice_arp_ask(s, client, NULL, server);
	story_wait(s, US(500));
	notice_arp_answer(s, server, client);
	talk_open(c);
	talk_exchange(c, 180, 900);
	story_wait(s, SECONDS(50));
	conn_send(c, CLIENT, PSH | ACK, 180);
	int64_t sent = s->now_ns;
	talk_insist(c, CLIENT, 5); /* as long as the server's MAC address is believed */
	s->now_ns = sent + MS(5100);
	ask(s, client, server, server, 3);
	s->now_ns = sent + MS(13000);
	for (int i = 0; i < 3; i++) {
		ask(s, client, NULL, server, 3);
		story_wait(s, SECONDS(9));
	}
}

/* A monitor beside the access point: a download, until the station is thrown out. */
void tell_wifi_deauthenticated(struct story *s)
{
	struct host *station = story_host(s, &stack_macos, "192.0.2.23"), *server = story_host(s, &stack_linux, SERVER_V4);
	s->format.interfaces[0].link.type = LINK_80211;
	struct conn *c = conn_new(s, &at_client, station, server, SERVICE_PORT);
	talk_open(c);
	talk_exchange(c, 180, 30000);
	notice_deauthentication(s, station, 4); /* inactivity, it says */
	for (int i = 0; i < 100; i++) {
		story_wait(s, MS(102));
		notice_beacon(s);
	}
}

/* Somebody shuts the laptop down, and its programs are not asked. */
void tell_dhcp_released(struct story *s)
{
	struct host *client = story_host(s, &stack_windows, "192.0.2.23"), *server = story_host(s, &stack_linux, "192.0.2.80");
	struct conn *c = conn_new(s, &next_door, client, server, SERVICE_PORT);
	talk_open(c);
	talk_exchange(c, 180, 900);
	story_wait(s, SECONDS(20));
	notice_dhcp_release(s, client);
	story_wait(s, SECONDS(30));
	notice_arp_ask(s, server, NULL, story_host(s, &stack_linux, "192.0.2.1"));
}
