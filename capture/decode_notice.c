/* Packets that are not TCP and still explain how connections ended: who asks for whom on the local network and who
 * answers (RFC 826, RFC 4861), whose address came or went (RFC 2131), who was let in or thrown out (IEEE 802.1X). */
#include "capture/layers.h"

#include <string.h>

enum { MAC_BYTES = 6 };

static void map_ipv4(uint8_t out[16], const uint8_t *address)
{
	memset(out, 0, 10);
	memset(out + 10, 0xff, 2);
	memcpy(out + 12, address, 4);
}

/* --- ARP --------------------------------------------------------------------------------------------------- */
/* hardware(2) protocol(2) lengths(1, 1) operation(2), then hardware and protocol address of sender and target. A request
 * for one's own address is an announcement (RFC 5227), one from no address a probe whether it is free. */
void decode_arp(struct layers *l)
{
	enum { REQUEST = 1, REPLY = 2, IPV4_AND_MACS = 0x0604, ETHERTYPE_IPV4 = 0x0800 };
	struct segment *s = l->out;
	cursor_skip(&l->at, 2);
	uint16_t protocol = cursor_u16be(&l->at), lengths = cursor_u16be(&l->at), operation = cursor_u16be(&l->at);
	const uint8_t *p = cursor_take(&l->at, 20);
	if (!p || l->quoted || protocol != ETHERTYPE_IPV4 || lengths != IPV4_AND_MACS ||
	    (operation != REQUEST && operation != REPLY))
		return;
	const uint8_t *sender = p + MAC_BYTES, *target = sender + 4 + MAC_BYTES;
	bool present = operation == REPLY || memcmp(sender, target, 4) == 0;
	map_ipv4(s->source, sender);
	map_ipv4(s->target, target);
	memcpy(s->notice_mac, p, MAC_BYTES);
	s->notice = present ? NOTICE_PRESENT : NOTICE_ASKED;
	s->kind = SEGMENT_NOTICE;
}

/* --- DHCP -------------------------------------------------------------------------------------------------- */
/* What the options say that matters here; tag(1) length(1) value, 0 padding, 255 end. */
static uint8_t dhcp_message(struct cursor *options)
{
	enum { PADDING = 0, MESSAGE = 53, END = 255 };
	uint8_t tag;
	while (cursor_ok(options) && options->left > 0 && (tag = cursor_u8(options)) != END) {
		if (tag == PADDING)
			continue;
		struct cursor value = cursor_child_u8(options);
		if (tag == MESSAGE)
			return cursor_u8(&value);
	}
	return 0;
}

static uint8_t dhcp_notice(uint8_t message)
{
	enum { ACK = 5, NAK = 6, RELEASE = 7 };
	return message == RELEASE ? NOTICE_RELEASED : message == NAK ? NOTICE_REFUSED
	                                            : message == ACK ? NOTICE_ASSIGNED : NOTICE_NONE;
}

/* operation(1) ... client's address(4), the one given to it(4), server(4), relay(4), client's MAC(16), names(192), magic,
 * options. Of a release the client is the source; the others are about their target. */
void decode_dhcp(struct layers *l)
{
	enum { FIXED = 236, CLIENT_AT = 12, GIVEN_AT = 16, MAC_AT = 28 };
	static const uint32_t magic = 0x63825363;
	struct segment *s = l->out;
	const uint8_t *p = cursor_take(&l->at, FIXED);
	if (cursor_u32be(&l->at) != magic || !p)
		return;
	uint8_t notice = dhcp_notice(dhcp_message(&l->at));
	if (notice == NOTICE_NONE)
		return;
	bool given = load_u32be(p + GIVEN_AT) != 0;
	memset(s->source, 0, sizeof(s->source));
	memset(s->target, 0, sizeof(s->target));
	map_ipv4(notice == NOTICE_RELEASED ? s->source : s->target, p + (given ? GIVEN_AT : CLIENT_AT));
	memcpy(s->notice_mac, p + MAC_AT, MAC_BYTES);
	s->notice = notice;
	s->kind = SEGMENT_NOTICE;
}

/* --- 802.1X ------------------------------------------------------------------------------------------------ */
/* version(1) type(1) length(2); of type 0, EAP: code(1), 4 a failure. Type 2 is a logoff. */
void decode_eapol(struct layers *l)
{
	enum { TYPE_EAP = 0, TYPE_LOGOFF = 2, EAP_FAILURE = 4 };
	cursor_skip(&l->at, 1);
	uint8_t type = cursor_u8(&l->at);
	cursor_skip(&l->at, 2);
	uint8_t code = type == TYPE_EAP ? cursor_u8(&l->at) : 0;
	if (!cursor_ok(&l->at) || l->quoted)
		return;
	if (type == TYPE_LOGOFF)
		l->out->notice = NOTICE_LOGGED_OFF;
	else if (code == EAP_FAILURE)
		l->out->notice = NOTICE_LOGIN_FAILED;
	else
		return;
	l->out->notice_own = type == TYPE_LOGOFF;
	if (l->mac_source)
		memcpy(l->out->notice_mac, type == TYPE_LOGOFF ? l->mac_source : l->mac_target, MAC_BYTES);
	l->out->kind = SEGMENT_NOTICE;
}

/* --- ND ---------------------------------------------------------------------------------------------------- */
/* type(1) code(1) checksum(2) flags(4) target(16) options:  kind(1) length in 8 bytes(1) address. The cursor stands
 * behind the checksum. A solicitation from no address asks whether its own is free. */
void decode_neighbour(struct layers *l, uint8_t type)
{
	enum { SOLICITATION = 135, LINK_ADDRESS_SOURCE = 1, LINK_ADDRESS_TARGET = 2 };
	struct segment *s = l->out;
	cursor_skip(&l->at, 4);
	const uint8_t *target = cursor_take(&l->at, 16);
	if (!target || l->quoted)
		return;
	memcpy(type == SOLICITATION ? s->target : s->source, target, 16);
	const uint8_t *option = cursor_peek(&l->at, 2 + MAC_BYTES);
	if (option && option[0] == (type == SOLICITATION ? LINK_ADDRESS_SOURCE : LINK_ADDRESS_TARGET))
		memcpy(s->notice_mac, option + 2, MAC_BYTES);
	s->notice = type == SOLICITATION ? NOTICE_ASKED : NOTICE_PRESENT;
	s->kind = SEGMENT_NOTICE;
}
