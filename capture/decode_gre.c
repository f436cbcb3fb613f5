/* Generic routing encapsulation (RFC 2784, RFC 2890), as PPTP uses it (RFC 2637), and the mirrors of Cisco's switches
 * that travel in it (ERSPAN, draft-foschiano-erspan).
 *
 *     flags and version(2) protocol(2), and as the flags say:  checksum(4) key(4) sequence(4)
 */
#include "capture/layers.h"

enum { HAS_CHECKSUM = 0x8000, HAS_ROUTE = 0x4000, HAS_KEY = 0x2000, HAS_SEQUENCE = 0x1000, HAS_ACK = 0x0080,
       VERSION = 7 };

/* --- ERSPAN ------------------------------------------------------------------------------------------------ */
/* The mirror's session is whose mirror it is, not whose connection: no scope. */

/* version(4 bits) VLAN(12) ... index: 8 bytes; without a sequence number there is no header at all (type I) */
static void decode_erspan(struct layers *l, uint16_t flags)
{
	if (flags & HAS_SEQUENCE)
		cursor_skip(&l->at, 8);
	decode_ethernet(l);
}

/* 12 bytes, of which the last two are  P(1 bit) kind(5) hardware(6) direction(1) unit(2) more(1);  with more, 8 bytes */
static void decode_erspan3(struct layers *l)
{
	enum { KIND = 0x7c00, KIND_IP = 2 << 10, MORE = 1 };
	cursor_skip(&l->at, 10);
	uint16_t bits = cursor_u16be(&l->at);
	cursor_skip(&l->at, bits & MORE ? 8 : 0);
	if ((bits & KIND) == KIND_IP)
		decode_raw(l);
	else
		decode_ethernet(l);
}

/* --- protocols --------------------------------------------------------------------------------------------- */
/* A redirected packet of WCCP: since version 2 there are 4 bytes in front of it. */
static void decode_wccp(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 1);
	if (p && p[0] >> 4 != 4)
		cursor_skip(&l->at, 4);
	decode_ipv4(l);
}

static const struct layer_row protocols[] = {
	{ 0x6558, "Ethernet", decode_ethernet },
	{ 0x880B, "PPP", decode_ppp },
	{ 0x883E, "WCCP", decode_wccp },
	{ 0x22EB, "ERSPAN III", decode_erspan3 },
};

static void decode_protocol(struct layers *l, uint16_t flags, uint16_t protocol)
{
	enum { PROTOCOL_ERSPAN = 0x88BE };
	const struct layer_row *row = layer_find(protocols, LAYERS_LEN(protocols), protocol);
	if (protocol == PROTOCOL_ERSPAN)
		decode_erspan(l, flags);
	else if (row)
		row->decode(l);
	else
		decode_ethertype(l, protocol);
	if (!cursor_ok(&l->at))
		layers_failed(l);
}

/* Version 0. Source routes went out of use before RFC 2784, which reserves their bit: nothing to read behind one. */
static void decode_plain(struct layers *l, uint16_t flags, uint16_t protocol)
{
	cursor_skip(&l->at, flags & HAS_CHECKSUM ? 4 : 0);
	if (flags & HAS_KEY)
		layers_scope(l, SCOPE_GRE, cursor_u32be(&l->at));
	cursor_skip(&l->at, flags & HAS_SEQUENCE ? 4 : 0);
	if (!(flags & HAS_ROUTE))
		decode_protocol(l, flags, protocol);
}

/* Version 1, PPTP: the key is length(2) and call(2), which each side numbers for itself. Without a sequence number
 * there is nothing in it. */
static void decode_pptp(struct layers *l, uint16_t flags, uint16_t protocol)
{
	uint16_t len = cursor_u16be(&l->at);
	layers_scope(l, SCOPE_GRE, cursor_u16be(&l->at));
	cursor_skip(&l->at, flags & HAS_SEQUENCE ? 4 : 0);
	cursor_skip(&l->at, flags & HAS_ACK ? 4 : 0);
	cursor_trim(&l->at, len);
	if (cursor_ok(&l->at) && flags & HAS_SEQUENCE)
		decode_protocol(l, flags, protocol);
}

void decode_gre(struct layers *l)
{
	uint16_t flags = cursor_u16be(&l->at);
	uint16_t protocol = cursor_u16be(&l->at);
	if (cursor_ok(&l->at) && layers_nest(l)) {
		if ((flags & VERSION) == 0)
			decode_plain(l, flags, protocol);
		else if ((flags & VERSION) == 1)
			decode_pptp(l, flags, protocol);
	}
	if (!cursor_ok(&l->at))
		layers_failed(l);
}
