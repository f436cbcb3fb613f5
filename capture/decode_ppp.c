/* PPP in its wrappings: RFC 1661, RFC 1662 (HDLC-like framing), RFC 2516 (over Ethernet), and Cisco HDLC,
 * which shares a link type with it. */
#include "capture/frame.h"
#include "capture/layers.h"

static const struct layer_row protocols[] = {
	{ 0x0021, "IPv4", decode_ipv4 },
	{ 0x0057, "IPv6", decode_ipv6 },
	{ 0x0281, "MPLS", decode_mpls },
	{ 0x0283, "MPLS multicast", decode_mpls },
};

/* A protocol is two bytes, even then odd; the first may be left out when it is 0 (RFC 1661 §6.5). */
static uint16_t read_protocol(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	return first & 1 ? first : (uint16_t)(first << 8 | cursor_u8(c));
}

static void decode_protocol(struct layers *l)
{
	uint16_t protocol = read_protocol(&l->at);
	const struct layer_row *row = layer_find(protocols, sizeof(protocols) / sizeof(protocols[0]), protocol);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (row)
		row->decode(l);
}

/* address FF and control 03, which may be left out */
void decode_ppp(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 2);
	if (p && p[0] == 0xff && p[1] == 0x03)
		cursor_skip(&l->at, 2);
	decode_protocol(l);
}

/* PPP, or Cisco HDLC, which begins with 0F (unicast) or 8F (broadcast) */
void decode_ppp_hdlc(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 1);
	if (p && (p[0] == 0x0f || p[0] == 0x8f))
		decode_c_hdlc(l);
	else
		decode_ppp(l);
}

static void read_direction(struct layers *l)
{
	uint8_t sent = cursor_u8(&l->at);
	if (cursor_ok(&l->at))
		l->out->direction = sent ? FRAME_OUTBOUND : FRAME_INBOUND;
}

/* direction(1), 0 received, then PPP */
void decode_ppp_with_dir(struct layers *l)
{
	read_direction(l);
	decode_ppp(l);
}

/* direction(1) in place of the address, control 03, then the protocol */
void decode_ppp_pppd(struct layers *l)
{
	read_direction(l);
	cursor_skip(&l->at, 1);
	decode_protocol(l);
}

/* version and type(1) code(1) session(2) length(2); code 0 is data */
void decode_pppoe(struct layers *l)
{
	cursor_skip(&l->at, 1);
	uint8_t code = cursor_u8(&l->at);
	cursor_skip(&l->at, 2);
	uint16_t len = cursor_u16be(&l->at);
	cursor_trim(&l->at, len);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (code == 0)
		decode_protocol(l);
}
