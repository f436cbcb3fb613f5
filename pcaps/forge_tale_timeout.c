/* A sender stops waiting for an answer. */
#include "pcaps/forge_stories.h"

/* Another connection, later and with somebody else, shows that the capture went on. */
static void capture_goes_on(struct story *s, const struct path *path, struct host *client, struct host *server)
{
	struct conn *later = conn_new(s, path, client, server, SERVICE_PORT);
	talk_open(later);
	talk_exchange(later, 310, 2600);
	talk_close(later, CLIENT);
}

static struct conn *short_talk(struct story *s, const struct path *path, const struct stack *client)
{
	struct conn *c = story_pair(s, path, client, &stack_linux);
	talk_open(c);
	talk_exchange(c, 517, 4000);
	story_wait(s, SECONDS(2));
	talk_exchange(c, 240, 900);
	story_wait(s, SECONDS(4));
	return c;
}

static void data_give_up(struct story *s, const struct stack *client)
{
	struct conn *c = short_talk(s, &at_client, client);
	conn_send(c, CLIENT, PSH | ACK, 100);
	talk_give_up(c, CLIENT);
	story_wait(s, SECONDS(30));
	capture_goes_on(s, &at_client, c->end[CLIENT].host, story_host(s, &stack_linux, OTHER_SERVER_V4));
}

void tell_win_data_giveup_client(struct story *s)
{
	data_give_up(s, &stack_windows);
}

void tell_linux_data_giveup(struct story *s)
{
	data_give_up(s, &stack_linux);
}

void tell_macos_data_giveup(struct story *s)
{
	data_give_up(s, &stack_macos);
}

void tell_freebsd_data_giveup(struct story *s)
{
	data_give_up(s, &stack_freebsd);
}

/* The server hears every retransmission and acknowledges each; none of that gets back to the client. */
void tell_win_data_giveup_deaf(struct story *s)
{
	struct conn *c = short_talk(s, &at_server, &stack_windows);
	conn_deliver(c, conn_send(c, CLIENT, PSH | ACK, 100));
	conn_send(c, SERVER, ACK, 0);
	int64_t first_sent = s->now_ns - c->path.ns[CLIENT];
	s->now_ns = first_sent;
	for (int i = 0; i < 5; i++) {
		talk_insist(c, CLIENT, 1);
		int64_t sent = s->now_ns;
		conn_deliver(c, g_ptr_array_index(s->packets, s->packets->len - 1));
		conn_send(c, SERVER, ACK, 0);
		s->now_ns = sent;
	}
	talk_give_up(c, CLIENT);
}

void tell_win_data_giveup_blind(struct story *s)
{
	struct conn *c = short_talk(s, &at_server, &stack_windows);
	c->end[CLIENT].unseen = true;
	conn_send(c, CLIENT, PSH | ACK, 100);
	talk_give_up(c, CLIENT);
	story_wait(s, SECONDS(5));
	capture_goes_on(s, &at_server, story_host(s, &stack_macos, OTHER_CLIENT_V4), c->end[SERVER].host);
}

/* The path comes back just in time for the RST. Its number tells the server of the bytes it missed, so the
 * server asks back; a client that no longer knows the connection confirms. */
void tell_win_data_giveup_rst_only(struct story *s)
{
	struct conn *c = short_talk(s, &at_server, &stack_windows);
	c->end[CLIENT].unseen = true;
	conn_send(c, CLIENT, PSH | ACK, 100);
	talk_give_up(c, CLIENT);
	struct packet *rst = g_ptr_array_index(s->packets, s->packets->len - 1);
	c->end[CLIENT].unseen = false;
	rst->unseen = false;
	conn_deliver(c, rst);
	struct packet *challenge = conn_send(c, SERVER, ACK, 0);
	conn_deliver(c, challenge);
	conn_stray_rst(c, CLIENT, challenge);
}

static void syn_timeout(struct story *s, const struct stack *client)
{
	struct conn *c = story_pair(s, &at_client, client, &stack_linux);
	conn_send(c, CLIENT, SYN, 0);
	talk_give_up(c, CLIENT);
	story_wait(s, SECONDS(25));
	capture_goes_on(s, &at_client, c->end[CLIENT].host, story_host(s, &stack_linux, OTHER_SERVER_V4));
}

void tell_win_syn_timeout(struct story *s)
{
	syn_timeout(s, &stack_windows);
}

void tell_win7_syn_timeout(struct story *s)
{
	syn_timeout(s, &stack_windows_old);
}

void tell_win_refused(struct story *s)
{
	struct conn *c = story_pair(s, &at_client, &stack_windows, &stack_linux);
	struct packet *syn = conn_send(c, CLIENT, SYN, 0);
	int64_t sent = s->now_ns;
	for (unsigned i = 0; i <= stack_windows.refused_retries; i++) {
		if (i)
			syn = conn_repeat(c, CLIENT);
		conn_deliver(c, syn);
		conn_stray_rst(c, SERVER, syn);
		sent += MS(stack_windows.refused_retry_ms) + US(story_between(s, 0, 9000));
		s->now_ns = sent;
	}
}

void tell_win_keepalive_giveup(struct story *s)
{
	struct conn *c = short_talk(s, &at_client, &stack_windows);
	story_wait(s, SECONDS(7200));
	for (int i = 0; i < stack_windows.keepalive_probes; i++) {
		conn_keepalive(c, CLIENT);
		story_wait(s, MS(stack_windows.keepalive_wait_ms) + US(story_between(s, 100, 12000)));
	}
	conn_abort(c, CLIENT);
}
