/* Whatever decode makes of any frame of any capture at hand, it makes of the frame that is rebuilt from that, and of the one
 * that is rebuilt from its anonymous form; and nothing of the first frame is in either. */
#include "capture/rebuild.h"

#include <stdio.h>
#include <string.h>

#include "capture/anonymizer.h"
#include "capture/decode.h"
#include "capture/excerpt.h"
#include "capture/fragments.h"
#include "capture/source.h"
#include "tests/unit/every_capture.h"
#include "tests/unit/unit.h"

enum { MAX_FRAMES = 64, COMPLAINTS_MAX = 20 };

struct run {
	struct anonymizer *anonymizer; /* or NULL */
	struct fragments *fragments;
	const char *path;
	size_t compared, differ;
	size_t kinds[SEGMENT_NOTICE + 1];
};

static bool is_same_notice(const struct segment *a, const struct segment *b)
{
	return a->notice == b->notice && a->notice_code == b->notice_code && a->notice_own == b->notice_own &&
	       memcmp(a->notice_mac, b->notice_mac, 6) == 0;
}

static bool is_same_station(const struct segment *a, const struct segment *b)
{
	return a->has_station == b->has_station &&
	       (!a->has_station || (a->station_sent == b->station_sent && memcmp(a->station, b->station, 6) == 0));
}

static bool is_same_icmp(const struct segment *a, const struct segment *b)
{
	return a->icmp_mtu == b->icmp_mtu && a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code &&
	       memcmp(a->icmp_source, b->icmp_source, 16) == 0;
}

/* What is lost on purpose: which pieces it came in, what the snap length cut, what an option's length lied about. */
static uint8_t anomalies(const struct segment *s)
{
	return s->anomalies & ANOMALY_IP_TOTAL_ZERO;
}

static bool is_same_ip(const struct segment *a, const struct segment *b)
{
	return memcmp(a->source, b->source, 16) == 0 && memcmp(a->target, b->target, 16) == 0 && a->ip_id == b->ip_id &&
	       a->ttl == b->ttl && a->tos == b->tos && a->ip_version == b->ip_version &&
	       a->dont_fragment == b->dont_fragment && (a->scope == 0) == (b->scope == 0) &&
	       (a->scope >= 4096 || a->scope == b->scope) && anomalies(a) == anomalies(b);
}

static bool is_same_tcp(const struct segment *a, const struct segment *b)
{
	return a->source_port == b->source_port && a->target_port == b->target_port && a->seq == b->seq && a->ack == b->ack &&
	       a->payload_len == b->payload_len && a->window == b->window && a->flags == b->flags &&
	       a->options == b->options && a->mss == b->mss && a->ts_value == b->ts_value && a->ts_echo == b->ts_echo &&
	       a->sack_left == b->sack_left && a->sack_right == b->sack_right && a->window_scale == b->window_scale &&
	       a->dsack == b->dsack && (a->anomalies & ANOMALY_OPTION_BAD || a->options_order == b->options_order);
}

static bool is_same_payload(const struct segment *a, const struct segment *b)
{
	uint32_t len = excerpt_payload_len(a);
	return len == excerpt_payload_len(b) && (len == 0 || memcmp(a->payload, b->payload, len) == 0);
}

/* Where all of a segment is there, so is its checksum; a partial one is always told of while it can be. */
static bool is_same_checksum(const struct segment *a, const struct segment *b)
{
	enum segment_checksum was = segment_checksum(a), is = segment_checksum(b);
	return is == CHECKSUM_UNKNOWN || was == CHECKSUM_UNKNOWN || was == is;
}

static bool is_same(const struct segment *a, const struct segment *b)
{
	if (a->kind != b->kind || a->direction != b->direction)
		return false;
	if (a->kind == SEGMENT_NOTICE)
		return is_same_notice(a, b) && memcmp(a->source, b->source, 16) == 0 && memcmp(a->target, b->target, 16) == 0;
	if (!is_same_ip(a, b) || !is_same_tcp(a, b))
		return false;
	return a->kind == SEGMENT_ICMP_ERROR ? is_same_icmp(a, b)
	                                     : is_same_station(a, b) && is_same_payload(a, b) && is_same_checksum(a, b);
}

static void complain(struct run *r, const struct segment *a, const struct segment *b)
{
	if (r->differ++ < COMPLAINTS_MAX)
		printf("\n%s, frame %u: kind %u/%u len %u/%u options %x/%x order %x/%x anomalies %x/%x checksum %u/%u scope %x/%x",
		       r->path, (unsigned)a->number, a->kind, b->kind, a->payload_len, b->payload_len, a->options, b->options,
		       a->options_order, b->options_order, a->anomalies, b->anomalies, segment_checksum(a),
		       segment_checksum(b), a->scope, b->scope);
}

static void compare(struct run *r, const struct frame *frame)
{
	struct segment was, is;
	struct frame again;
	uint8_t room[REBUILD_BYTES], kept[ANONYMIZER_ROOM];
	decode_frame(frame, &was);
	if (was.kind == SEGMENT_FRAGMENT)
		fragments_take(r->fragments, &was);
	if (r->anonymizer)
		anonymizer_segment(r->anonymizer, &was, kept);
	if (!rebuild_frame(&was, room, &again))
		return;
	decode_frame(&again, &is);
	r->compared++;
	r->kinds[was.kind]++;
	if (!is_same(&was, &is))
		complain(r, &was, &is);
}

static void compare_file(const char *path, void *user)
{
	struct frame frames[MAX_FRAMES];
	struct run *r = user;
	struct source *s = source_open(path, NULL);
	size_t n;
	r->path = path;
	r->fragments = fragments_new();
	while (s && (n = source_next_batch(s, frames, MAX_FRAMES, NULL)) > 0) {
		for (size_t i = 0; i < n; i++)
			compare(r, &frames[i]);
	}
	fragments_free(r->fragments);
	source_free(s);
}

static void compare_all(struct anonymizer *anonymizer)
{
	struct run r = { .anonymizer = anonymizer };
	every_capture(compare_file, &r);
	printf("(%u frames: %u TCP, %u ICMP errors, %u notices) ", (unsigned)r.compared, (unsigned)r.kinds[SEGMENT_TCP],
	       (unsigned)r.kinds[SEGMENT_ICMP_ERROR], (unsigned)r.kinds[SEGMENT_NOTICE]);
	CU_ASSERT_TRUE(r.kinds[SEGMENT_TCP] > 1000 && r.kinds[SEGMENT_ICMP_ERROR] > 5 && r.kinds[SEGMENT_NOTICE] > 5);
	CU_ASSERT_EQUAL(r.differ, 0);
}

static void test_as_it_was(void)
{
	compare_all(NULL);
}

static void test_anonymous(void)
{
	static const uint8_t key[ANONYMIZER_KEY_BYTES] = "a key that tests may know";
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	compare_all(a);
	anonymizer_free(a);
}

/* --- whatever is in a frame ------------------------------------------------------------------------------- */
enum { CHANGES = 20, LONGEST = 2048 };

static uint32_t next_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Changed at a few places, and cut: what comes of it is decoded again as what it is, or not at all. */
static void damage(struct run *r, const struct frame *frame, uint32_t *state)
{
	uint8_t bytes[LONGEST];
	struct frame changed = *frame;
	changed.bytes = bytes;
	changed.bytes_len = MIN(frame->bytes_len, LONGEST);
	for (int i = 0; i < CHANGES; i++) {
		struct segment was, is;
		struct frame again;
		uint8_t room[REBUILD_BYTES], kept[ANONYMIZER_ROOM];
		memcpy(bytes, frame->bytes, MIN(frame->bytes_len, LONGEST));
		for (uint32_t at = next_number(state) % 4; at > 0 && changed.bytes_len > 0; at--)
			bytes[next_number(state) % changed.bytes_len] = (uint8_t)next_number(state);
		changed.bytes_len = MIN(frame->bytes_len, LONGEST) - (i % 4 ? 0 : next_number(state) % (MIN(frame->bytes_len, LONGEST) + 1));
		decode_frame(&changed, &was);
		if (was.kind == SEGMENT_FRAGMENT)
			continue;
		anonymizer_segment(r->anonymizer, &was, kept);
		if (!rebuild_frame(&was, room, &again))
			continue;
		decode_frame(&again, &is);
		r->compared++;
		r->differ += was.kind != is.kind || memcmp(was.source, is.source, 16) != 0;
	}
}

static void damage_file(const char *path, void *user)
{
	struct frame frames[MAX_FRAMES];
	struct run *r = user;
	struct source *s = source_open(path, NULL);
	uint32_t state = 1;
	size_t n;
	while (s && (n = source_next_batch(s, frames, MAX_FRAMES, NULL)) > 0) {
		for (size_t i = 0; i < n; i++)
			damage(r, &frames[i], &state);
	}
	source_free(s);
}

static void test_damaged(void)
{
	static const uint8_t key[ANONYMIZER_KEY_BYTES] = "a key that tests may know";
	struct run r = { .anonymizer = anonymizer_new(key, sizeof(key)) };
	every_capture(damage_file, &r);
	printf("(%u frames, %u differ) ", (unsigned)r.compared, (unsigned)r.differ);
	CU_ASSERT_TRUE(r.compared > 10000);
	CU_ASSERT_EQUAL(r.differ, 0);
	anonymizer_free(r.anonymizer);
}

static void test_others_are_not_rebuilt(void)
{
	static const uint8_t kinds[] = { SEGMENT_NONE, SEGMENT_FRAGMENT, SEGMENT_TRUNCATED, SEGMENT_INVALID, SEGMENT_OPAQUE };
	for (size_t i = 0; i < sizeof(kinds); i++) {
		struct segment s = { .kind = kinds[i] };
		struct frame out;
		uint8_t room[REBUILD_BYTES];
		CU_ASSERT_FALSE(rebuild_frame(&s, room, &out));
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "decode says the same of it", test_as_it_was },
		{ "and of its anonymous form", test_anonymous },
		{ "whatever is in a frame", test_damaged },
		{ "what has no meaning is not rebuilt", test_others_are_not_rebuilt },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: frames made anew", tests);
}
