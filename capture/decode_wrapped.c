/* Capture formats that put a header of their own in front of a frame of some other link type, which they name.
 * Sources: tcpdump.org/linktypes, CACE PPI 1.0.10, Apple's bsd/net/pktap.h. */
#include "capture/frame.h"
#include "capture/layers.h"
#include "capture/linktype.h"

/* --- PPI --------------------------------------------------------------------------------------------------- */
/* Whether the frame ends in a check sequence: field 2 (802.11 common) has a time stamp(8) and flags(2), bit 0. */
static bool ppi_has_fcs(struct cursor fields)
{
	enum { FIELD_80211_COMMON = 2, FLAG_FCS = 1 };
	while (fields.left > 0 && cursor_ok(&fields)) {
		uint16_t type = cursor_u16(&fields, ORDER_LITTLE);
		struct cursor value = cursor_child_u16(&fields, ORDER_LITTLE);
		cursor_skip(&value, 8);
		if (type == FIELD_80211_COMMON)
			return cursor_u16(&value, ORDER_LITTLE) & FLAG_FCS;
	}
	return false;
}

/* version(1) flags(1) length of all this(2) link type(4), little-endian, then fields */
void decode_ppi(struct layers *l)
{
	enum { HEADER = 8, FCS_BYTES = 4 };
	cursor_skip(&l->at, 2);
	uint16_t len = cursor_u16(&l->at, ORDER_LITTLE);
	uint32_t linktype = cursor_u32(&l->at, ORDER_LITTLE);
	if (cursor_ok(&l->at) && len < HEADER)
		cursor_fail(&l->at, CURSOR_INVALID);
	struct cursor fields = cursor_child(&l->at, (size_t)len - HEADER);
	if (!layers_nest(l)) {
		layers_failed(l);
		return;
	}
	if (linktype == LINKTYPE_IEEE802_11 && ppi_has_fcs(fields) && l->at.wire >= FCS_BYTES)
		cursor_trim(&l->at, l->at.wire - FCS_BYTES);
	decode_linktype(l, linktype);
}

/* --- Juniper ----------------------------------------------------------------------------------------------- */
/* magic(3) flags(1), and with bit 7 extensions behind their length(2). Bit 0: received. Bit 1: no frame, but a number(4)
 * and then IP. */
void decode_juniper_ethernet(struct layers *l)
{
	enum { RECEIVED = 1, NO_FRAME = 2, EXTENDED = 0x80, MAGIC = 0x4d4743 };
	uint32_t lead = cursor_u32be(&l->at);
	if (cursor_ok(&l->at) && lead >> 8 != MAGIC)
		return;
	if (lead & EXTENDED)
		cursor_skip(&l->at, cursor_u16be(&l->at));
	cursor_skip(&l->at, lead & NO_FRAME ? 4 : 0);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	l->out->direction = lead & RECEIVED ? FRAME_INBOUND : FRAME_OUTBOUND;
	if (lead & NO_FRAME)
		decode_raw(l);
	else
		decode_ethernet(l);
}

/* --- PKTAP ------------------------------------------------------------------------------------------------- */
static uint8_t pktap_direction(uint32_t flags)
{
	enum { IN = 1, OUT = 2 };
	return (flags & (IN | OUT)) == IN ? FRAME_INBOUND : (flags & (IN | OUT)) == OUT ? FRAME_OUTBOUND
	                                                                                : FRAME_DIRECTION_UNKNOWN;
}

/* length of all this(4) kind(4), 1 a packet, link type(4) interface(24) flags(4) ..., little-endian: also which process
 * it was, which is not read. */
void decode_pktap(struct layers *l)
{
	enum { KIND_PACKET = 1, READ = 40 };
	uint32_t len = cursor_u32(&l->at, ORDER_LITTLE);
	uint32_t kind = cursor_u32(&l->at, ORDER_LITTLE);
	uint32_t linktype = cursor_u32(&l->at, ORDER_LITTLE);
	cursor_skip(&l->at, 24);
	uint32_t flags = cursor_u32(&l->at, ORDER_LITTLE);
	if (cursor_ok(&l->at) && len < READ)
		cursor_fail(&l->at, CURSOR_INVALID);
	cursor_skip(&l->at, (size_t)len - READ);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	l->out->direction = pktap_direction(flags);
	if (kind == KIND_PACKET && layers_nest(l))
		decode_linktype(l, linktype);
}

/* A number for anybody's use, which old versions of macOS wrote for PKTAP: taken for it when it looks like it. */
void decode_user2(struct layers *l)
{
	enum { SHORTEST = 108, LONGEST = 1024 };
	const uint8_t *p = cursor_peek(&l->at, 8);
	if (p && load_u32le(p) >= SHORTEST && load_u32le(p) <= LONGEST && load_u32le(p + 4) == 1)
		decode_pktap(l);
}
