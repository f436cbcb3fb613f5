/* Ethernet, LLC, and what their types name: tags in front of the packet, then the packet. Sources: IEEE 802.3,
 * 802.1Q, 802.1ad, 802.1ah, 802.1AE, 802.1BR; IEC 62439-3; RFC 1042; RFC 8300; the layouts of Cisco's metadata and
 * Marvell's switch tags as tcpdump and Linux (net/dsa/tag_dsa.c) read them. */
#include "capture/layers.h"

#include <string.h>

enum { ETHERTYPE_IPV4 = 0x0800, LLC_LENGTH_MAX = 1500, ETHERTYPE_MIN = 0x600, MAC_PAIR = 12 };

/* --- tags: a header that ends in the EtherType of what follows -------------------------------------------- */
/* Each reads its tag and returns that EtherType; 0, which nobody has, when there is nothing to read behind it. */

/* priority(3 bits) drop eligible(1) VLAN ID(12); ID 0 is a priority without a VLAN */
static uint16_t skip_vlan(struct layers *l)
{
	uint16_t id = cursor_u16be(&l->at) & 0x0fff;
	if (id)
		layers_scope(l, SCOPE_VLAN, id);
	return cursor_u16be(&l->at);
}

/* path(4 bits) size(12) sequence(2): every frame passes twice, one for each way round the ring */
static uint16_t skip_hsr(struct layers *l)
{
	cursor_skip(&l->at, 4);
	return cursor_u16be(&l->at);
}

/* direction, destination and source interface: 4 bytes */
static uint16_t skip_vn_tag(struct layers *l)
{
	cursor_skip(&l->at, 4);
	return cursor_u16be(&l->at);
}

/* version(1) length(1) option(2) security group(2) */
static uint16_t skip_cisco_metadata(struct layers *l)
{
	cursor_skip(&l->at, 6);
	return cursor_u16be(&l->at);
}

/* reserved(2) tag(4): a switch's frame to its processor */
static uint16_t skip_edsa(struct layers *l)
{
	cursor_skip(&l->at, 6);
	return cursor_u16be(&l->at);
}

/* control(1) length(1) packet number(4), and with bit 5 of control the channel's identifier(8). What follows is in
 * clear only when neither encrypted nor changed (bits 3 and 2); its check value is behind the packet. */
static uint16_t skip_macsec(struct layers *l)
{
	enum { HAS_CHANNEL = 0x20, HIDDEN = 0x0c };
	uint8_t control = cursor_u8(&l->at);
	cursor_skip(&l->at, control & HAS_CHANNEL ? 13 : 5);
	if (cursor_ok(&l->at) && control & HIDDEN) {
		l->out->kind = SEGMENT_OPAQUE;
		return 0;
	}
	return cursor_u16be(&l->at);
}

static const struct tag {
	uint16_t type;
	uint16_t (*skip)(struct layers *l);
} tags[] = {
	{ 0x8100, skip_vlan }, { 0x88A8, skip_vlan }, /* 802.1Q, 802.1ad, */
	{ 0x9100, skip_vlan }, { 0x9200, skip_vlan }, { 0x9300, skip_vlan }, /* and the numbers in use before it */
	{ 0x892F, skip_hsr },  { 0x8926, skip_vn_tag }, { 0x8909, skip_cisco_metadata },
	{ 0x88E5, skip_macsec }, { 0xDADA, skip_edsa },
};

static const struct tag *find_tag(uint16_t type)
{
	for (size_t i = 0; i < LAYERS_LEN(tags); i++) {
		if (tags[i].type == type)
			return &tags[i];
	}
	return NULL;
}

/* --- protocols --------------------------------------------------------------------------------------------- */
/* Provider backbone: priority and flags(1), service(3), then the customer's frame. */
static void decode_pbb(struct layers *l)
{
	uint32_t service = cursor_u32be(&l->at) & 0xffffff;
	if (!layers_nest(l))
		return;
	layers_scope(l, SCOPE_PBB, service);
	decode_ethernet(l);
}

/* Service function chaining: version, flags, TTL and length(2, the last 6 bits in words), kind(1), next(1). */
static void decode_nsh(struct layers *l)
{
	static const struct layer_row next[] = { { 1, "IPv4", decode_ipv4 }, { 2, "IPv6", decode_ipv6 },
		                                 { 3, "Ethernet", decode_ethernet }, { 5, "MPLS", decode_mpls } };
	enum { BASE_BYTES = 4 };
	size_t len = (cursor_u16be(&l->at) & 0x3fu) * 4u;
	cursor_skip(&l->at, 1);
	uint8_t protocol = cursor_u8(&l->at);
	if (len < BASE_BYTES)
		cursor_fail(&l->at, CURSOR_INVALID);
	else
		cursor_skip(&l->at, len - BASE_BYTES);
	if (cursor_ok(&l->at) && !layers_nest(l))
		return;
	layers_go_on(l, next, LAYERS_LEN(next), protocol);
}

static const struct layer_row ethertypes[] = {
	{ ETHERTYPE_IPV4, "IPv4", decode_ipv4 }, { 0x86DD, "IPv6", decode_ipv6 },
	{ 0x8847, "MPLS", decode_mpls },         { 0x8848, "MPLS multicast", decode_mpls },
	{ 0x8864, "PPPoE", decode_pppoe },       { 0x88E7, "PBB", decode_pbb },
	{ 0x894F, "NSH", decode_nsh },           { 0x0806, "ARP", decode_arp },
	{ 0x888E, "EAPOL", decode_eapol },
};

void decode_ethertype(struct layers *l, uint16_t type)
{
	const struct tag *tag;
	while (cursor_ok(&l->at) && (tag = find_tag(type)))
		type = tag->skip(l);
	if (cursor_ok(&l->at) && type <= LLC_LENGTH_MAX && type > 0) {
		cursor_trim(&l->at, type);
		decode_llc(l);
	} else {
		layers_go_on(l, ethertypes, LAYERS_LEN(ethertypes), type);
	}
}

/* destination(6) source(6) EtherType(2) */
void decode_ethernet(struct layers *l)
{
	const uint8_t *addresses = cursor_take(&l->at, MAC_PAIR);
	uint16_t type = cursor_u16be(&l->at);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	l->mac_target = addresses;
	l->mac_source = addresses + MAC_PAIR / 2;
	decode_ethertype(l, type);
}

/* --- LLC --------------------------------------------------------------------------------------------------- */
/* A bridged frame: 1 Ethernet with, 7 without its check sequence; ATM alone pads 2 bytes before it (RFC 2684 §5.2). */
static void decode_bridged(struct layers *l, uint16_t type)
{
	enum { WITH_FCS = 1, WITHOUT_FCS = 7 };
	if (type != WITH_FCS && type != WITHOUT_FCS)
		return;
	cursor_skip(&l->at, l->over_atm ? 2 : 0);
	if (layers_nest(l))
		decode_ethernet(l);
}

/* OUI(3) type(2): 00-00-00 makes it an EtherType as everywhere, 00-00-F8 one that went through a bridge tunnel (802.1H),
 * 00-80-C2 a bridged frame. */
void decode_snap(struct layers *l)
{
	uint32_t oui = (uint32_t)cursor_u16be(&l->at) << 8;
	oui |= cursor_u8(&l->at);
	uint16_t type = cursor_u16be(&l->at);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
	} else if ((oui == 0 || oui == 0xF8) && type >= ETHERTYPE_MIN) {
		if (layers_nest(l)) /* a tag in SNAP may name a length again */
			decode_ethertype(l, type);
	} else if (oui == 0x80C2) {
		decode_bridged(l, type);
	}
}

/* RFC 1042:  DSAP(1) SSAP(1) control(1), and for AA AA 03 SNAP */
void decode_llc(struct layers *l)
{
	enum { LLC_IP = 0x06, LLC_SNAP = 0xAA };
	uint8_t dsap = cursor_u8(&l->at);
	cursor_skip(&l->at, 2);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (dsap == LLC_IP)
		decode_ipv4(l);
	else if (dsap == LLC_SNAP)
		decode_snap(l);
}

/* --- Ethernet with something around it --------------------------------------------------------------------- */
/* IEEE 802.3br: 7 bytes of preamble, a delimiter(1), the frame. A preempted frame begins here as well; what continues
 * it has other delimiters. */
void decode_mpacket(struct layers *l)
{
	static const uint8_t beginnings[] = { 0xD5 /* express */, 0xE6, 0x4C, 0x7F, 0xB3 /* start, counted */ };
	cursor_skip(&l->at, 7);
	uint8_t delimiter = cursor_u8(&l->at);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (memchr(beginnings, delimiter, sizeof(beginnings)))
		decode_ethernet(l);
}

/* Hilscher netANALYZER: 4 bytes about the capture, then the frame; bit 8 of them (little-endian) is an event on a wire
 * that is no frame. */
static bool skip_netanalyzer(struct layers *l)
{
	const uint8_t *p = cursor_take(&l->at, 4);
	if (!p)
		layers_failed(l);
	return p && !(p[1] & 1);
}

void decode_netanalyzer(struct layers *l)
{
	if (skip_netanalyzer(l))
		decode_ethernet(l);
}

/* The same with the 8 bytes of preamble and delimiter in front of the frame. */
void decode_netanalyzer_preamble(struct layers *l)
{
	if (!skip_netanalyzer(l))
		return;
	cursor_skip(&l->at, 8);
	decode_ethernet(l);
}

/* A Marvell switch puts 4 bytes (DSA), or an EtherType of its own and 6 bytes (EDSA), behind the addresses. */
static void decode_switch_tag(struct layers *l, size_t len)
{
	cursor_skip(&l->at, MAC_PAIR + len);
	uint16_t type = cursor_u16be(&l->at);
	if (cursor_ok(&l->at))
		decode_ethertype(l, type);
	else
		layers_failed(l);
}

void decode_dsa(struct layers *l)
{
	decode_switch_tag(l, 4);
}

void decode_edsa(struct layers *l)
{
	decode_switch_tag(l, 8);
}
