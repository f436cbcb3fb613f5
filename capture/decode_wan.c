/* Links of the wide area: frame relay, ATM, Cisco's HDLC. Sources: Q.922, RFC 2427, RFC 2684. */
#include "capture/layers.h"

/* address(1) control(1) EtherType(2) */
void decode_c_hdlc(struct layers *l)
{
	cursor_skip(&l->at, 2);
	uint16_t type = cursor_u16be(&l->at);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else
		decode_ethertype(l, type);
}

/* An address of 2 to 4 bytes, of which the last is odd. */
static void skip_q922(struct cursor *c)
{
	enum { LONGEST = 4 };
	uint8_t byte = 0;
	for (int n = 0; n < LONGEST && !(byte & 1); n++)
		byte = cursor_u8(c);
	if (!(byte & 1))
		cursor_fail(c, CURSOR_INVALID);
}

/* What a network layer protocol ID(1) names: SNAP's is behind the type of an organization like LLC's, so it is handed
 * on from there. */
static void decode_nlpid(struct layers *l)
{
	enum { NLPID_SNAP = 0x80, NLPID_IPV6 = 0x8E, NLPID_IPV4 = 0xCC, NLPID_PPP = 0xCF };
	static const struct layer_row protocols[] = { { NLPID_IPV4, "IPv4", decode_ipv4 },
		                                      { NLPID_IPV6, "IPv6", decode_ipv6 },
		                                      { NLPID_SNAP, "SNAP", decode_snap },
		                                      { NLPID_PPP, "PPP", decode_ppp } };
	const uint8_t *padding = cursor_peek(&l->at, 1);
	if (padding && padding[0] == 0)
		cursor_skip(&l->at, 1);
	uint8_t protocol = cursor_u8(&l->at);
	layers_go_on(l, protocols, LAYERS_LEN(protocols), protocol);
}

/* address, then control 03 and a protocol ID (RFC 2427); or an EtherType, as Cisco does it */
void decode_frame_relay(struct layers *l)
{
	enum { CONTROL = 0x03 };
	skip_q922(&l->at);
	const uint8_t *p = cursor_peek(&l->at, 1);
	if (p && p[0] != CONTROL) {
		uint16_t type = cursor_u16be(&l->at);
		if (cursor_ok(&l->at))
			decode_ethertype(l, type);
	} else {
		cursor_skip(&l->at, 1);
		decode_nlpid(l);
	}
	if (!cursor_ok(&l->at))
		layers_failed(l);
}

/* LLC in front, or nothing: classical IP where the circuit says what it carries */
void decode_atm(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 1);
	l->over_atm = true;
	if (p && p[0] == 0x45)
		decode_ipv4(l);
	else
		decode_llc(l);
}
