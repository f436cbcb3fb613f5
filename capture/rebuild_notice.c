#include "capture/rebuild_notice.h"

#include "capture/checksum.h"
#include "capture/linktype.h"
#include "capture/rebuild_ip.h"

enum { MAC_BYTES = 6, IPV4_IN_ADDRESS = 12, ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_ARP = 0x0806, ETHERTYPE_IPV6 = 0x86DD,
       ETHERTYPE_EAPOL = 0x888E };

void rebuild_ethernet(struct rebuild_bytes *b, const uint8_t *to, const uint8_t *from, uint16_t type)
{
	static const uint8_t nobody[MAC_BYTES];
	put_some(b, to ? to : nobody, MAC_BYTES);
	put_some(b, from ? from : nobody, MAC_BYTES);
	put_u16(b, type);
}

/* --- ARP -------------------------------------------------------------------------------------------------- */
static void put_arp(struct rebuild_bytes *b, const struct segment *s)
{
	enum { REQUEST = 1, REPLY = 2, ETHERNET = 1, IPV4_AND_MACS = 0x0604 };
	rebuild_ethernet(b, NULL, s->notice_mac, ETHERTYPE_ARP);
	put_u16(b, ETHERNET);
	put_u16(b, ETHERTYPE_IPV4);
	put_u16(b, IPV4_AND_MACS);
	put_u16(b, s->notice == NOTICE_ASKED ? REQUEST : REPLY);
	put_some(b, s->notice_mac, MAC_BYTES);
	put_some(b, s->source + IPV4_IN_ADDRESS, 4);
	put_zeros(b, MAC_BYTES);
	put_some(b, s->target + IPV4_IN_ADDRESS, 4);
}

/* --- neighbour discovery ---------------------------------------------------------------------------------- */
/* type(1) code(1) checksum(2) flags(4) target(16), then the sender's link address as an option */
static void put_neighbour(struct rebuild_bytes *b, const struct segment *s)
{
	enum { ICMPV6 = 58, SOLICITATION = 135, ADVERTISEMENT = 136, BYTES = 32, SOURCE = 1, TARGET = 2, CHECKSUM_AT = 2 };
	static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 1 };
	bool asks = s->notice == NOTICE_ASKED;
	struct segment outer = *s;
	if (asks)
		memcpy(outer.target, all_nodes, sizeof(all_nodes));
	rebuild_ethernet(b, NULL, s->notice_mac, ETHERTYPE_IPV6);
	rebuild_ip_header(b, &outer, ICMPV6, BYTES);
	size_t at = b->len;
	put_u8(b, asks ? SOLICITATION : ADVERTISEMENT);
	put_zeros(b, 7);
	put_some(b, asks ? s->target : s->source, 16);
	put_u8(b, asks ? SOURCE : TARGET);
	put_u8(b, 1); /* unit of 8 bytes */
	put_some(b, s->notice_mac, MAC_BYTES);
	uint64_t sum = checksum_add(checksum_pseudo_header(&outer, ICMPV6, BYTES), b->at + at, BYTES);
	set_u16(b, at + CHECKSUM_AT, (uint16_t)~checksum_fold(sum));
}

/* --- DHCP ------------------------------------------------------------------------------------------------- */
static uint8_t dhcp_message(const struct segment *s)
{
	enum { ACK = 5, NAK = 6, RELEASE = 7 };
	return s->notice == NOTICE_RELEASED ? RELEASE : s->notice == NOTICE_REFUSED ? NAK : ACK;
}

/* operation(1) hardware(1) its length(1) hops(1) transaction(4) seconds(2) flags(2), the client's address(4), the one given
 * to it(4), server(4), relay(4), the client's MAC(16), names(192), magic(4), options */
static void put_dhcp_message(struct rebuild_bytes *b, const struct segment *s)
{
	enum { REQUEST = 1, REPLY = 2, ETHERNET = 1, MESSAGE = 53, END = 255 };
	bool released = s->notice == NOTICE_RELEASED;
	put_u8(b, released ? REQUEST : REPLY);
	put_u8(b, ETHERNET);
	put_u8(b, MAC_BYTES);
	put_zeros(b, 9);
	put_some(b, s->source + IPV4_IN_ADDRESS, 4); /* of a release; none of others */
	put_some(b, s->target + IPV4_IN_ADDRESS, 4);
	put_zeros(b, 8);
	put_some(b, s->notice_mac, MAC_BYTES);
	put_zeros(b, 10 + 192);
	put_u32(b, 0x63825363);
	put_u8(b, MESSAGE);
	put_u8(b, 1);
	put_u8(b, dhcp_message(s));
	put_u8(b, END);
}

static void put_dhcp(struct rebuild_bytes *b, const struct segment *s)
{
	enum { UDP = 17, SERVER_PORT = 67, CLIENT_PORT = 68, UDP_HEADER = 8, MESSAGE_BYTES = 244 };
	bool released = s->notice == NOTICE_RELEASED;
	struct segment outer = *s;
	outer.ip_version = 4;
	memset(outer.source, 0, sizeof(outer.source));
	memset(outer.target, 0xff, sizeof(outer.target));
	rebuild_ethernet(b, NULL, NULL, ETHERTYPE_IPV4);
	rebuild_ip_header(b, &outer, UDP, UDP_HEADER + MESSAGE_BYTES);
	put_u16(b, released ? CLIENT_PORT : SERVER_PORT);
	put_u16(b, released ? SERVER_PORT : CLIENT_PORT);
	put_u16(b, UDP_HEADER + MESSAGE_BYTES);
	put_u16(b, 0); /* no checksum: IPv4 does without */
	put_dhcp_message(b, s);
}

/* --- stations --------------------------------------------------------------------------------------------- */
static const uint8_t access_point[MAC_BYTES] = { 0x02 };

/* control(2) duration(2) receiver, sender, access point, sequence(2), reason(2) */
static void put_farewell(struct rebuild_bytes *b, const struct segment *s)
{
	enum { DISASSOCIATION = 0xa0, DEAUTHENTICATION = 0xc0 };
	put_u8(b, s->notice == NOTICE_DEAUTHENTICATED ? DEAUTHENTICATION : DISASSOCIATION);
	put_zeros(b, 3);
	put_some(b, s->notice_own ? access_point : s->notice_mac, MAC_BYTES);
	put_some(b, s->notice_own ? s->notice_mac : access_point, MAC_BYTES);
	put_some(b, access_point, MAC_BYTES);
	put_zeros(b, 2);
	put_u8(b, (uint8_t)s->notice_code); /* little-endian */
	put_u8(b, (uint8_t)(s->notice_code >> 8));
}

/* version(1) type(1) length(2); of type 0, EAP: code(1) identifier(1) length(2) */
static void put_eapol(struct rebuild_bytes *b, const struct segment *s)
{
	enum { VERSION = 2, TYPE_EAP = 0, TYPE_LOGOFF = 2, EAP_FAILURE = 4, EAP_BYTES = 4 };
	bool logoff = s->notice == NOTICE_LOGGED_OFF;
	rebuild_ethernet(b, logoff ? NULL : s->notice_mac, logoff ? s->notice_mac : NULL, ETHERTYPE_EAPOL);
	put_u8(b, VERSION);
	put_u8(b, logoff ? TYPE_LOGOFF : TYPE_EAP);
	put_u16(b, logoff ? 0 : EAP_BYTES);
	if (logoff)
		return;
	put_u8(b, EAP_FAILURE);
	put_u8(b, 0);
	put_u16(b, EAP_BYTES);
}

uint16_t rebuild_notice(struct rebuild_bytes *b, const struct segment *s)
{
	switch (s->notice) {
	case NOTICE_ASKED:
	case NOTICE_PRESENT:
		if (s->ip_version == 6)
			put_neighbour(b, s);
		else
			put_arp(b, s);
		return LINKTYPE_ETHERNET;
	case NOTICE_DEAUTHENTICATED:
	case NOTICE_DISASSOCIATED:
		put_farewell(b, s);
		return LINKTYPE_IEEE802_11;
	case NOTICE_LOGIN_FAILED:
	case NOTICE_LOGGED_OFF:
		put_eapol(b, s);
		return LINKTYPE_ETHERNET;
	default:
		put_dhcp(b, s);
		return LINKTYPE_ETHERNET;
	}
}
