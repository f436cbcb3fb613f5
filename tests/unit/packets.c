#include "tests/unit/packets.h"

#include <string.h>

#include <CUnit/CUnit.h>

#include "capture/decode.h"

#define SAME(field) (a->field == b->field)
#define SAME_BYTES(field) (memcmp(a->field, b->field, sizeof(a->field)) == 0)

static bool same_tcp(const struct segment *a, const struct segment *b)
{
	return SAME(source_port) && SAME(target_port) && SAME(seq) && SAME(ack) && SAME(payload_len) &&
	       SAME(window) && SAME(flags) && SAME(tcp) && SAME(tcp_len) && SAME(tcp_wire_len) &&
	       SAME(payload) && SAME(payload_captured) && SAME(payload_first) && SAME(tcp_checksum);
}

static bool same_options(const struct segment *a, const struct segment *b)
{
	return SAME(options) && SAME(mss) && SAME(ts_value) && SAME(ts_echo) && SAME(sack_left) &&
	       SAME(sack_right) && SAME(window_scale) && SAME(dsack) && SAME(options_order);
}

static bool same_ip(const struct segment *a, const struct segment *b)
{
	return SAME_BYTES(source) && SAME_BYTES(target) && SAME(scope) && SAME(ip_id) && SAME(ttl) &&
	       SAME(tos) && SAME(ip_version) && SAME(dont_fragment);
}

static bool same_icmp(const struct segment *a, const struct segment *b)
{
	return SAME(icmp_type) && SAME(icmp_code) && SAME(icmp_mtu) && SAME_BYTES(icmp_source);
}

static bool same_fragment(const struct segment *a, const struct segment *b)
{
	return SAME(fragment_id) && SAME(fragment_offset) && SAME(fragment_more);
}

static bool same_notice(const struct segment *a, const struct segment *b)
{
	return SAME(notice) && SAME(notice_code) && SAME(notice_own) && SAME_BYTES(notice_mac);
}

static bool same_station(const struct segment *a, const struct segment *b)
{
	return SAME(has_station) && (!a->has_station || (SAME(station_sent) && SAME_BYTES(station)));
}

bool segment_equal(const struct segment *a, const struct segment *b)
{
	return SAME(number) && SAME(time_ns) && SAME(kind) && SAME(direction) && SAME(anomalies) &&
	       same_ip(a, b) && same_tcp(a, b) && same_options(a, b) &&
	       (a->kind != SEGMENT_ICMP_ERROR || same_icmp(a, b)) && (a->kind != SEGMENT_FRAGMENT || same_fragment(a, b)) &&
	       (a->kind != SEGMENT_NOTICE || same_notice(a, b)) && same_station(a, b);
}

bool segment_fits(const struct segment *s, const struct frame *f)
{
	const uint8_t *end = f->bytes + f->bytes_len;
	if (s->kind == SEGMENT_NONE || s->kind == SEGMENT_INVALID || !s->tcp)
		return true;
	if (s->tcp < f->bytes || s->tcp_len > (size_t)(end - s->tcp) || s->tcp_len > s->tcp_wire_len)
		return false;
	if (s->payload && (s->payload < s->tcp || s->payload_captured > (size_t)(end - s->payload)))
		return false;
	return s->payload_captured <= s->payload_len && s->payload_len <= s->tcp_wire_len;
}

struct segment decode_both_ways(const struct frame *frame)
{
	struct segment fast, general;
	memset(&fast, 0x5a, sizeof(fast)); /* what was there before must not matter */
	memset(&general, 0xa5, sizeof(general));
	decode_frame(frame, &fast);
	decode_frame_general(frame, &general);
	CU_ASSERT_TRUE(segment_equal(&fast, &general));
	return fast;
}

struct segment decode_hex(uint16_t linktype, const char *hex, uint32_t wire_more)
{
	static struct guard_page *page;
	struct bytes b;
	bytes_init(&b, ORDER_BIG);
	put_hex(&b, hex);
	if (!page)
		page = guard_page_new(65536);
	const struct frame frame = {
		.number = 1,
		.bytes = guard_page_place(page, b.array->data, b.array->len),
		.bytes_len = b.array->len,
		.wire_len = b.array->len + wire_more,
		.linktype = linktype,
	};
	bytes_clear(&b);
	return decode_both_ways(&frame);
}

bool is_data_segment(const struct segment *s, uint8_t ip_version)
{
	static const uint8_t from4[16] = { [10] = 0xff, [11] = 0xff, 192, 0, 2, 1 };
	static const uint8_t to4[16] = { [10] = 0xff, [11] = 0xff, 198, 51, 100, 2 };
	static const uint8_t from6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	static const uint8_t to6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };
	bool addresses = memcmp(s->source, ip_version == 4 ? from4 : from6, 16) == 0 &&
	                 memcmp(s->target, ip_version == 4 ? to4 : to6, 16) == 0;
	return addresses && s->kind == SEGMENT_TCP && s->ip_version == ip_version && s->source_port == 49152 &&
	       s->target_port == 80 && s->seq == 0x11223345 && s->ack == 0xaabbccde &&
	       s->flags == (TCP_PSH | TCP_ACK) && s->window == 64000 && s->payload_len == 5 &&
	       s->ts_value == 11 && s->ts_echo == 20 && s->ttl == 64 && s->anomalies == 0 &&
	       s->payload_captured == 5 && memcmp(s->payload, "hello", 5) == 0;
}
