#include "tests/unit/scene.h"

#include <string.h>

#include "analyzers/facts_fill.h"
#include "analyzers/round_clock.h"

/* First five options of a Linux SYN: MSS, SACK-permitted, TS, NOP, WS (capture/segment.h). */
enum { LINUX_ORDER = 1 | 4 << 3 | 5 << 6 | 2 << 9 | 3 << 12 };
/* 2023-11-14 22:13:20 UTC; any time will do. */
#define STORY_BEGINS SECONDS(1700000000)

static void keep(const struct ending *ending, void *user)
{
	struct scene *s = user;
	struct facts facts = {0};

	facts_fill(ending, &facts);
	s->teardowns += ending->teardown != NULL;
	g_array_append_val(s->endings, facts);
}

/* --- a scene --------------------------------------------------------------------------------------------- */

static struct scene_end end_new(uint8_t last_byte, uint16_t port, uint32_t initial)
{
	return (struct scene_end){
		.address = {[10] = 0xff, [11] = 0xff, 192, 0, 2, last_byte}, .port = port, .initial = initial,
		.window = 502, .scale = 7, .mss = 1460, .ttl = 64, .ip_id = (uint16_t)(1000 * last_byte),
		.timestamps = true,
	};
}

struct scene *scene_new_with(const struct tracker_options *options)
{
	struct scene *s = g_new0(struct scene, 1);
	struct tracker_options tracking = *options;

	s->end[HANGUP_CLIENT] = end_new(1, 40000, 5000000);
	s->end[HANGUP_SERVER] = end_new(2, 443, 900000000);
	s->ip_version = 4;
	s->now_ns = STORY_BEGINS;
	s->pace_ns = MS(10);
	s->hints = vantage_hints_new();
	tracking.tells_owners = true;
	s->tracker = tracker_new(&tracking, s->hints);
	s->endings = g_array_new(FALSE, FALSE, sizeof(struct facts));
	return s;
}

struct scene *scene_new(void)
{
	return scene_new_with(&(struct tracker_options){0});
}

void scene_free(struct scene *s)
{
	tracker_free(s->tracker);
	vantage_hints_free(s->hints);
	g_array_free(s->endings, TRUE);
	g_free(s);
}

void scene_use_ipv6(struct scene *s)
{
	static const uint8_t net[12] = {0x20, 0x01, 0x0d, 0xb8};

	s->ip_version = 6;
	for (unsigned side = 0; side < 2; side++)
		memcpy(s->end[side].address, net, sizeof net);
}

void scene_after(struct scene *s, int64_t ns)
{
	s->now_ns += ns;
	s->waited = true;
}

/* --- packets --------------------------------------------------------------------------------------------- */

static uint8_t flags_of(const char *letters)
{
	static const char all[] = "FSRPA"; /* in the order of the bits */
	uint8_t flags = 0;

	for (; *letters != '\0'; letters++)
		flags |= (uint8_t)(1u << (strchr(all, *letters) - all));
	return flags;
}

static void offer_options(const struct scene_end *e, struct segment *out)
{
	out->options = OPTION_MSS | OPTION_SACK_PERMITTED;
	out->mss = e->mss;
	out->options_order = LINUX_ORDER;
	if (e->scale < 0)
		return;
	out->options |= OPTION_WINDOW_SCALE;
	out->window_scale = (uint8_t)e->scale;
}

struct segment scene_segment(struct scene *s, enum hangup_side from, const char *flags, uint32_t seq, uint32_t ack,
                             uint32_t payload)
{
	struct scene_end *e = &s->end[from], *other = &s->end[!from];
	struct segment out = {
		.source_port = e->port, .target_port = other->port, .seq = e->initial + seq, .payload_len = payload,
		.window = e->window, .flags = flags_of(flags), .kind = SEGMENT_TCP, .ttl = e->ttl,
		.ip_version = s->ip_version, .dont_fragment = true,
	};

	memcpy(out.source, e->address, sizeof out.source);
	memcpy(out.target, other->address, sizeof out.target);
	if (out.flags & TCP_ACK)
		out.ack = other->initial + ack;
	if (out.flags & TCP_SYN)
		offer_options(e, &out);
	if (e->timestamps)
		out.options |= OPTION_TIMESTAMP;
	if (s->ip_version == 4)
		out.ip_id = e->ip_id++;
	return out;
}

static void judge(struct scene *s)
{
	for (unsigned shard = 0; shard < TRACKER_SHARDS; shard++)
		while (tracker_judge(s->tracker, shard, SIZE_MAX, keep, s))
			;
}

/* Each packet is a round of its own. */
static void follow(struct scene *s, int64_t before_ns)
{
	struct placed placed;
	bool followed = tracker_follows(&s->last);

	s->id = 0;
	s->clock_ns = round_clock_after(s->clock_ns, before_ns, s->now_ns);
	for (unsigned shard = 0; shard < TRACKER_SHARDS; shard++)
		tracker_leave(s->tracker, shard, s->clock_ns, s->now_ns);
	if (followed) {
		tracker_place(s->tracker, &s->last, s->clock_ns, 0, &placed);
		tracker_follow(s->tracker, &s->last, &placed, NULL, 1);
	}
	tracker_turn(s->tracker, followed, s->now_ns);
	if (followed)
		s->id = tracker_owner(s->tracker, &placed, &s->side);
	judge(s);
}

/* Time and number are given as it passes the capture point; so is the clock in its timestamp. */
uint64_t scene_take(struct scene *s, const struct segment *segment)
{
	const int64_t before_ns = s->last.number != 0 ? s->last.time_ns : s->now_ns;

	if (!s->waited)
		s->now_ns += s->pace_ns;
	s->waited = false;
	s->last = *segment;
	s->last.number = ++s->number;
	s->last.time_ns = s->now_ns;
	if (s->last.options & OPTION_TIMESTAMP && s->last.ts_value == 0)
		s->last.ts_value = (uint32_t)(s->now_ns / MS(1));
	follow(s, before_ns);
	return s->number;
}

static uint64_t send(struct scene *s, enum hangup_side from, const char *flags, uint32_t seq, uint32_t ack,
                     uint32_t payload)
{
	const struct segment segment = scene_segment(s, from, flags, seq, ack, payload);

	return scene_take(s, &segment);
}

uint64_t scene_client(struct scene *s, const char *flags, uint32_t seq, uint32_t ack, uint32_t payload)
{
	return send(s, HANGUP_CLIENT, flags, seq, ack, payload);
}

uint64_t scene_server(struct scene *s, const char *flags, uint32_t seq, uint32_t ack, uint32_t payload)
{
	return send(s, HANGUP_SERVER, flags, seq, ack, payload);
}

uint64_t scene_copy(struct scene *s)
{
	const struct segment again = s->last;

	return scene_take(s, &again);
}

uint64_t scene_bytes(struct scene *s, enum hangup_side from, const char *flags, uint32_t seq, uint32_t ack,
                     const void *bytes, uint32_t bytes_len)
{
	struct segment segment = scene_segment(s, from, flags, seq, ack, bytes_len);

	segment.payload = bytes;
	segment.payload_captured = bytes_len;
	segment.payload_first = bytes_len > 0 ? *(const uint8_t *)bytes : 0;
	return scene_take(s, &segment);
}

void scene_open(struct scene *s)
{
	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
}

void scene_elsewhere(struct scene *s)
{
	const struct scene_end client = s->end[HANGUP_CLIENT];

	s->end[HANGUP_CLIENT].address[15] = 77;
	s->end[HANGUP_CLIENT].port = 7777;
	scene_client(s, "A", 1, 1, 0);
	s->end[HANGUP_CLIENT] = client;
}

/* --- endings --------------------------------------------------------------------------------------------- */

static void finish(struct scene *s)
{
	if (s->finished)
		return;
	s->finished = true;
	for (unsigned shard = 0; shard < TRACKER_SHARDS; shard++)
		tracker_leave_all(s->tracker, shard);
	tracker_turn(s->tracker, 0, s->now_ns);
	judge(s);
}

const struct facts *scene_ending(struct scene *s, uint64_t id)
{
	finish(s);
	for (guint i = 0; i < s->endings->len; i++) {
		const struct facts *facts = &g_array_index(s->endings, struct facts, i);

		if (facts->id == id)
			return facts;
	}
	CU_FAIL_FATAL("no such connection was judged");
	return NULL;
}

const struct facts *scene_only(struct scene *s)
{
	finish(s);
	CU_ASSERT_EQUAL_FATAL(s->endings->len, 1);
	return &g_array_index(s->endings, struct facts, 0);
}

unsigned scene_judged(const struct scene *s)
{
	return s->endings->len;
}

bool scene_same_facts(const struct facts *a, const struct facts *b)
{
	bool same = g_str_equal(a->history, b->history);

	for (unsigned fact = 0; fact < HANGUP_FACT_COUNT; fact++) {
		for (unsigned side = 0; side < 2; side++) {
			int64_t one, other;

			same &= facts_get(a, fact, side, &one) == facts_get(b, fact, side, &other) && one == other;
		}
	}
	return same && memcmp(a->packet, b->packet, sizeof a->packet) == 0;
}
