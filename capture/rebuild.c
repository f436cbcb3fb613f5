#include "capture/rebuild.h"

#include <string.h>

#include <glib.h>

#include "capture/checksum.h"
#include "capture/excerpt.h"
#include "capture/linktype.h"
#include "capture/rebuild_bytes.h"
#include "capture/rebuild_ip.h"
#include "capture/rebuild_notice.h"
#include "capture/rebuild_tcp.h"

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_ICMPV6 = 58 };
enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_VLAN = 0x8100, ETHERTYPE_IPV6 = 0x86DD };
enum { TCP_HEADER_MIN = 20, TCP_QUOTED_MIN = 8, MAC_BYTES = 6 };

/* --- link ------------------------------------------------------------------------------------------------- */
static uint16_t ethertype(const struct segment *s)
{
	return s->ip_version == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
}

/* A VLAN's ID is its scope; what else made one up is a number of 32 bits, told by three tags. */
static void put_tags(struct rebuild_bytes *b, const struct segment *s)
{
	enum { ID_BITS = 12, ID_MASK = 0xfff };
	unsigned tags = s->scope == 0 ? 0 : s->scope <= ID_MASK ? 1 : 3;
	for (unsigned left = tags; left > 0; left--) {
		put_u16(b, ETHERTYPE_VLAN);
		put_u16(b, s->scope >> ID_BITS * (left - 1) & ID_MASK);
	}
}

/* control(2) duration(2) receiver, sender and access point(18) sequence(2), then LLC for an EtherType */
static void put_station_header(struct rebuild_bytes *b, const struct segment *s)
{
	enum { DATA = 0x08, TO_ACCESS_POINT = 1, FROM_ACCESS_POINT = 2 };
	static const uint8_t access_point[MAC_BYTES] = { 0x02 }, llc[] = { 0xaa, 0xaa, 3, 0, 0, 0 };
	put_u8(b, DATA);
	put_u8(b, s->station_sent ? TO_ACCESS_POINT : FROM_ACCESS_POINT);
	put_u16(b, 0);
	put_some(b, s->station_sent ? access_point : s->station, MAC_BYTES);
	put_some(b, s->station_sent ? s->station : access_point, MAC_BYTES);
	put_some(b, access_point, MAC_BYTES);
	put_u16(b, 0);
	put_some(b, llc, sizeof(llc));
}

static uint16_t put_link(struct rebuild_bytes *b, const struct segment *s)
{
	bool station = s->kind == SEGMENT_TCP && s->has_station;
	if (station)
		put_station_header(b, s);
	else
		put_zeros(b, 2 * MAC_BYTES);
	put_tags(b, s);
	put_u16(b, ethertype(s));
	return station ? LINKTYPE_IEEE802_11 : LINKTYPE_ETHERNET;
}

/* --- TCP -------------------------------------------------------------------------------------------------- */
static size_t header_len_of(const struct segment *s)
{
	uint8_t room[TCP_HEADER_MIN + 40];
	struct rebuild_bytes b = { .at = room, .room = sizeof(room) };
	return rebuild_tcp_header(&b, s);
}

/* Returns how many bytes of the packet are left out behind it. */
static uint32_t put_tcp(struct rebuild_bytes *b, const struct segment *s)
{
	uint32_t kept = excerpt_payload_len(s);
	rebuild_ip_header(b, s, PROTOCOL_TCP, header_len_of(s) + s->payload_len);
	size_t at = b->len;
	rebuild_tcp_header(b, s);
	put_some(b, s->payload, kept);
	rebuild_tcp_checksum(b, at, s);
	return s->anomalies & ANOMALY_LENGTH_SHORT ? 0 : s->payload_len - MIN(kept, s->payload_len);
}

/* --- ICMP ------------------------------------------------------------------------------------------------- */
/* As much as was quoted: the first bytes, or the whole header. */
static void put_quoted(struct rebuild_bytes *b, const struct segment *s)
{
	bool whole = s->flags != 0;
	size_t len = whole ? header_len_of(s) + s->payload_len : MAX(s->tcp_wire_len, TCP_QUOTED_MIN);
	rebuild_ip_header(b, s, PROTOCOL_TCP, len);
	if (whole) {
		rebuild_tcp_header(b, s);
		return;
	}
	put_u16(b, s->source_port);
	put_u16(b, s->target_port);
	put_u32(b, s->seq);
}

/* type(1) code(1) checksum(2), a word that may hold an MTU, the packet it is about, which goes back to where it came from */
static void put_icmp_error(struct rebuild_bytes *b, const struct segment *s)
{
	enum { CHECKSUM_AT = 2, TTL = 64 };
	uint8_t room[REBUILD_BYTES], protocol = s->ip_version == 6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP;
	struct rebuild_bytes message = { .at = room, .room = sizeof(room) };
	struct segment outer = { .ip_version = s->ip_version, .ttl = TTL };
	memcpy(outer.source, s->icmp_source, sizeof(outer.source));
	memcpy(outer.target, s->source, sizeof(outer.target));
	put_u8(&message, s->icmp_type);
	put_u8(&message, s->icmp_code);
	put_u16(&message, 0);
	put_u32(&message, s->icmp_mtu);
	put_quoted(&message, s);
	uint64_t pseudo = s->ip_version == 6 ? checksum_pseudo_header(&outer, protocol, (uint32_t)message.len) : 0;
	set_u16(&message, CHECKSUM_AT, (uint16_t)~checksum_fold(checksum_add(pseudo, room, message.len)));
	rebuild_ip_header(b, &outer, protocol, message.len);
	put_some(b, room, message.len);
}

/* --- the frame -------------------------------------------------------------------------------------------- */
bool rebuild_frame(const struct segment *s, uint8_t room[REBUILD_BYTES], struct frame *out)
{
	struct rebuild_bytes b = { .at = room, .room = REBUILD_BYTES };
	uint32_t left_out = 0;
	if (s->kind != SEGMENT_TCP && s->kind != SEGMENT_ICMP_ERROR && s->kind != SEGMENT_NOTICE)
		return false;
	*out = (struct frame){
		.number = s->number, .time_ns = s->time_ns, .bytes = room, .direction = s->direction,
	};
	out->linktype = s->kind == SEGMENT_NOTICE ? rebuild_notice(&b, s) : put_link(&b, s);
	if (s->kind == SEGMENT_TCP)
		left_out = put_tcp(&b, s);
	else if (s->kind == SEGMENT_ICMP_ERROR)
		put_icmp_error(&b, s);
	out->bytes_len = (uint32_t)b.len;
	out->wire_len = out->bytes_len + left_out;
	return true;
}
