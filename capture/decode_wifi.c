/* IEEE 802.11, and what capture cards put in front of it (radiotap.org, Prism, AVS). Only management frames and data
 * that is not encrypted can be read; what is, is counted as opaque. */
#include "capture/layers.h"

#include <string.h>

enum { FCS_BYTES = 4, MAC_BYTES = 6 };

/* --- the frame --------------------------------------------------------------------------------------------- */
/* frame control, as it lies in the first two bytes */
enum { KIND = 0x0c, KIND_MANAGEMENT = 0x00, KIND_DATA = 0x08, SUBTYPE_QOS = 0x80, SUBTYPE_NO_DATA = 0x40 };
enum { FLAG_TO_DS = 0x01, FLAG_FROM_DS = 0x02, FLAG_FRAGMENTS = 0x04, FLAG_PROTECTED = 0x40, FLAG_ORDER = 0x80 };
enum { QOS_A_MSDU = 0x80 };

/* Addresses are those of receiver, sender and, for frames of a station and its access point, the access point. */
struct header {
	uint8_t control, flags;
	const uint8_t *receiver, *sender, *third;
};

/* --- management -------------------------------------------------------------------------------------------- */
/* Deauthentication and disassociation: a reason(2), little-endian, ends what a station has with its access point.
 * Protected ones (802.11w) hide the reason. */
static void decode_management(struct layers *l, const struct header *h)
{
	enum { DISASSOCIATION = 0xa0, DEAUTHENTICATION = 0xc0 };
	struct segment *s = l->out;
	if (h->control != DISASSOCIATION && h->control != DEAUTHENTICATION)
		return;
	uint16_t reason = cursor_u16(&l->at, ORDER_LITTLE);
	s->notice_own = memcmp(h->receiver, h->third, MAC_BYTES) == 0;
	memcpy(s->notice_mac, s->notice_own ? h->sender : h->receiver, MAC_BYTES);
	s->notice_code = cursor_ok(&l->at) && !(h->flags & FLAG_PROTECTED) ? reason : 0;
	s->notice = h->control == DEAUTHENTICATION ? NOTICE_DEAUTHENTICATED : NOTICE_DISASSOCIATED;
	s->kind = SEGMENT_NOTICE;
}

/* --- data -------------------------------------------------------------------------------------------------- */
/* One of several packets in one frame: destination(6) source(6) length(2), LLC. */
static void decode_first_of_several(struct layers *l)
{
	cursor_skip(&l->at, 12);
	uint16_t len = cursor_u16be(&l->at);
	cursor_trim(&l->at, len);
	decode_llc(l);
}

/* What stands between the three addresses and the data. Returns the first byte of the QoS field. */
static uint8_t skip_to_data(struct layers *l, const struct header *h, bool padded)
{
	enum { THREE_ADDRESSES = 24, HT_CONTROL = 4 };
	size_t len = THREE_ADDRESSES;
	uint8_t qos = 0;
	if (h->flags & FLAG_TO_DS && h->flags & FLAG_FROM_DS) {
		cursor_skip(&l->at, MAC_BYTES);
		len += MAC_BYTES;
	}
	if (h->control & SUBTYPE_QOS) {
		qos = cursor_u8(&l->at);
		cursor_skip(&l->at, 1);
		len += 2;
		if (h->flags & FLAG_ORDER)
			cursor_skip(&l->at, HT_CONTROL);
	}
	if (padded && len % 4)
		cursor_skip(&l->at, 4 - len % 4);
	return qos;
}

static void note_station(struct layers *l, const struct header *h)
{
	l->out->has_station = true;
	l->out->station_sent = !(h->flags & FLAG_FROM_DS);
	memcpy(l->out->station, l->out->station_sent ? h->sender : h->receiver, MAC_BYTES);
}

static void decode_data(struct layers *l, const struct header *h, bool padded)
{
	unsigned within = l->depth + 1; /* SNAP counts; what is in a tunnel is not the station's */
	uint8_t qos = skip_to_data(l, h, padded);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (h->control & SUBTYPE_NO_DATA)
		return;
	else if (h->flags & FLAG_PROTECTED)
		l->out->kind = SEGMENT_OPAQUE;
	else if (qos & QOS_A_MSDU)
		decode_first_of_several(l);
	else
		decode_llc(l);
	if (l->out->kind == SEGMENT_TCP && l->depth <= within)
		note_station(l, h);
}

/* control(2) duration(2) addresses(18) sequence and piece(2) ...; a piece but the first begins nothing. */
static void decode_frame_80211(struct layers *l, bool padded)
{
	struct header h = { .control = cursor_u8(&l->at) };
	uint8_t kind = h.control & KIND;
	h.flags = cursor_u8(&l->at);
	if (!cursor_ok(&l->at) || (kind != KIND_MANAGEMENT && kind != KIND_DATA))
		return;
	cursor_skip(&l->at, 2);
	const uint8_t *addresses = cursor_take(&l->at, 18);
	uint16_t sequence = cursor_u16(&l->at, ORDER_LITTLE);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	h.receiver = addresses;
	h.sender = addresses + MAC_BYTES;
	h.third = addresses + 2 * MAC_BYTES;
	l->in_fragment |= (h.flags & FLAG_FRAGMENTS) != 0;
	if (kind == KIND_MANAGEMENT)
		decode_management(l, &h);
	else if ((sequence & 0xf) == 0)
		decode_data(l, &h, padded);
}

void decode_80211(struct layers *l)
{
	decode_frame_80211(l, false);
}

/* --- in front of it ---------------------------------------------------------------------------------------- */
/* Flags of a radiotap header: the second field, behind a time stamp(8, aligned) when the first bit says so. The list of
 * fields(4) goes on while its bit 31 is set. */
static uint8_t radiotap_flags(struct cursor fields)
{
	enum { HAS_TIME = 1, HAS_FLAGS = 2, LEAD = 4 };
	static const uint32_t more = 0x80000000;
	uint32_t first = cursor_u32(&fields, ORDER_LITTLE), list = first;
	size_t read = LEAD + 4;
	for (; cursor_ok(&fields) && list & more; read += 4)
		list = cursor_u32(&fields, ORDER_LITTLE);
	if (first & HAS_TIME)
		cursor_skip(&fields, (8 - read % 8) % 8 + 8);
	return first & HAS_FLAGS ? cursor_u8(&fields) : 0;
}

/* version(1) 0, padding(1) length of all this(2), then fields, little-endian */
void decode_radiotap(struct layers *l)
{
	enum { LEAD = 4, HAS_FCS = 0x10, PADDED = 0x20, BAD_FCS = 0x40 };
	cursor_skip(&l->at, 2);
	uint16_t len = cursor_u16(&l->at, ORDER_LITTLE);
	if (cursor_ok(&l->at) && len < LEAD)
		cursor_fail(&l->at, CURSOR_INVALID);
	struct cursor fields = cursor_child(&l->at, (size_t)len - LEAD);
	uint8_t flags = radiotap_flags(fields);
	if (!cursor_ok(&l->at) || flags & BAD_FCS) {
		cursor_fail(&l->at, CURSOR_INVALID); /* received with errors: its bytes say nothing */
		layers_failed(l);
		return;
	}
	if (flags & HAS_FCS && l->at.wire >= FCS_BYTES)
		cursor_trim(&l->at, l->at.wire - FCS_BYTES);
	decode_frame_80211(l, flags & PADDED);
}

static const uint32_t avs_magic = 0x80211000; /* and a version below 0x10 */

/* version(4) length of all this(4), ... */
void decode_avs(struct layers *l)
{
	enum { LEAD = 8 };
	uint32_t version = cursor_u32be(&l->at), len = cursor_u32be(&l->at);
	if (cursor_ok(&l->at) && ((version & ~0xfu) != avs_magic || len < LEAD))
		cursor_fail(&l->at, CURSOR_INVALID);
	cursor_skip(&l->at, (size_t)len - LEAD);
	if (cursor_ok(&l->at))
		decode_80211(l);
	else
		layers_failed(l);
}

/* 144 bytes in the writer's byte order, or, under the same number, AVS */
void decode_prism(struct layers *l)
{
	enum { PRISM_BYTES = 144 };
	const uint8_t *p = cursor_peek(&l->at, 4);
	if (p && (load_u32be(p) & ~0xfu) == avs_magic) {
		decode_avs(l);
		return;
	}
	cursor_skip(&l->at, PRISM_BYTES);
	if (cursor_ok(&l->at))
		decode_80211(l);
	else
		layers_failed(l);
}
