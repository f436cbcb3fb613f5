/* A box on the path forgets a connection that was idle, and how the two ends learn of it. The boxes' timers
 * and what they do when one runs out are the vendors' documented defaults. */
#include "pcaps/forge_stories.h"

#include <string.h>

enum { AZURE_IDLE_S = 240, AWS_IDLE_S = 350, F5_IDLE_S = 300, FIREWALL_IDLE_S = 3600 };

static struct conn *talk_then_rest(struct story *s, const struct path *path, const struct stack *client,
                                   int64_t rest_ns)
{
	struct conn *c = story_pair(s, path, client, &stack_linux);
	talk_open(c);
	talk_exchange(c, 500, 4000);
	story_wait(s, SECONDS(1));
	talk_exchange(c, 320, 1200);
	story_wait(s, rest_ns);
	return c;
}

/* The box resets both ends at the same moment; the capture point sees what passes it. */
static void reset_both(struct conn *c, const struct box *box, const void *reason, size_t reason_len)
{
	enum side name[] = { SERVER, CLIENT };
	for (size_t i = 0; i < G_N_ELEMENTS(name); i++) {
		struct packet *rst = box_send(c, box, name[i], RST | ACK);
		if (reason_len)
			rst->payload = g_byte_array_append(g_byte_array_new(), reason, (guint)reason_len);
		story_wait(c->story, US(9));
	}
}

static void azure(struct story *s, const struct path *path, const struct box *box)
{
	struct conn *c = talk_then_rest(s, path, &stack_windows, SECONDS(AZURE_IDLE_S) - box->ns);
	reset_both(c, box, NULL, 0);
	story_wait(s, SECONDS(2));
}

void tell_azure_lb_idle_client(struct story *s)
{
	const struct box lb = { .side = SERVER, .ns = MS(8), .hops = 6, .ttl = 128, .ip_id = 0, .dont_fragment = true };
	azure(s, &at_client, &lb);
}

void tell_azure_lb_idle_server(struct story *s)
{
	const struct box lb = { .side = CLIENT, .ns = MS(1), .hops = 1, .ttl = 128, .ip_id = 0, .dont_fragment = true };
	azure(s, &at_server, &lb);
}

void tell_azure_lb_idle_middle(struct story *s)
{
	const struct box lb = { .side = CLIENT, .ttl = 128, .dont_fragment = true };
	azure(s, &in_middle, &lb);
}

void tell_aws_nat_rst_late(struct story *s)
{
	const struct box nat = { .side = SERVER, .ns = US(400), .hops = 0, .ttl = 255, .ip_id = 0, .dont_fragment = true };
	struct conn *c = talk_then_rest(s, &at_client, &stack_linux, SECONDS(AWS_IDLE_S) + SECONDS(41));
	struct packet *late = conn_send(c, CLIENT, PSH | ACK, 100);
	box_meets(c, &nat, late);
	struct packet *rst = box_send(c, &nat, SERVER, RST);
	rst->seq = late->ack;
}

void tell_aws_nlb_rst_late_server(struct story *s)
{
	const struct box nlb = { .side = CLIENT, .ns = US(300), .hops = 0, .ttl = 255, .ip_id = 0, .dont_fragment = true };
	struct conn *c = talk_then_rest(s, &at_server, &stack_macos, SECONDS(AWS_IDLE_S) + SECONDS(9));
	struct packet *late = conn_send(c, SERVER, PSH | ACK, 240);
	box_meets(c, &nlb, late);
	struct packet *rst = box_send(c, &nlb, CLIENT, RST);
	rst->seq = late->ack;
}

/* What a BIG-IP with its database key tm.rstcause.pkt set puts into the RST: product, place in its program,
 * cause, without a terminator. */
void tell_f5_rst_text(struct story *s)
{
	static const char reason[] = "BIG-IP: [0x1f0e2d3:1407] Flow expired (idle timeout)";
	const struct box f5 = { .side = CLIENT, .ttl = 255, .ip_id = 0x1d2e, .dont_fragment = true };
	struct conn *c = talk_then_rest(s, &in_middle, &stack_windows, SECONDS(F5_IDLE_S) + MS(320));
	reset_both(c, &f5, reason, strlen(reason));
}

/* draft-boucadair-tcpm-rst-diagnostic-payload-11: the CBOR sequence 12345 (its mark until it is an RFC),
 * {1: 14}: reason code, connection timeout. */
void tell_rst_cbor(struct story *s)
{
	static const uint8_t reason[] = { 0x19, 0x30, 0x39, 0xa1, 0x01, 0x0e };
	const struct box nat = { .side = SERVER, .ns = MS(5), .hops = 4, .ttl = 255, .ip_id = 0x77a1, .dont_fragment = true };
	struct conn *c = talk_then_rest(s, &at_client, &stack_linux, SECONDS(F5_IDLE_S) + MS(150));
	reset_both(c, &nat, reason, sizeof(reason));
}

void tell_firewall_silent_windows(struct story *s)
{
	struct conn *c = talk_then_rest(s, &at_client, &stack_windows, SECONDS(FIREWALL_IDLE_S) + SECONDS(720));
	conn_send(c, CLIENT, PSH | ACK, 100);
	talk_give_up(c, CLIENT);
}

/* Linux would go on for a quarter of an hour; the capture stops after nine attempts. */
void tell_firewall_silent_linux(struct story *s)
{
	struct conn *c = talk_then_rest(s, &at_client, &stack_linux, SECONDS(FIREWALL_IDLE_S) + SECONDS(300));
	conn_send(c, CLIENT, PSH | ACK, 100);
	talk_insist(c, CLIENT, 9);
}

/* The control: the same look as a box's timer, but with every habit of the server's own stack. */
void tell_app_idle_rst(struct story *s)
{
	struct conn *c = talk_then_rest(s, &at_client, &stack_linux, SECONDS(300) + MS(12));
	conn_abort(c, SERVER);
}
