#include "capture/fragments.h"

#include <string.h>

#include <glib.h>

#include "capture/layers.h"

enum { UNIT = 8, DATAGRAM_MAX = 65535, UNITS = (DATAGRAM_MAX + UNIT) / UNIT, HEADER_MAX = 60 };
/* A datagram has one of so many records, which its hash says: finding it takes the same time whatever is sent. */
enum { WAYS = 8, PLACES = FRAGMENTS_DATAGRAMS / WAYS };

enum progress { FREE, PENDING, DONE };

struct datagram {
	struct segment first;    /* addresses and the rest of the IP header: the first fragment's once it has come */
	uint8_t header[HEADER_MAX];
	uint64_t have[(UNITS + 63) / 64];
	uint32_t have_len;       /* bytes */
	uint32_t reach;          /* end of the furthest one */
	uint32_t total;          /* bytes, 0 until the last fragment has come */
	uint32_t header_len;     /* how much of header was captured, or may still be */
	uint32_t scope, id;
	int64_t since_ns, done_ns;
	uint8_t progress;        /* enum progress */
	uint8_t anomalies;
	bool has_first;
};

struct fragments {
	struct datagram *places[PLACES]; /* WAYS each; NULL until one is needed */
	const struct datagram *begun; /* the first one that did, NULL when none has */
	uint64_t lost;
	bool later_seen;              /* a fragment that is not the first of its datagram */
	bool firsts_alone;            /* none, and a second datagram has begun */
};

struct fragments *fragments_new(void)
{
	return g_new0(struct fragments, 1);
}

void fragments_free(struct fragments *f)
{
	for (size_t i = 0; f && i < PLACES; i++)
		g_free(f->places[i]);
	g_free(f);
}

uint64_t fragments_lost(const struct fragments *f)
{
	return f->lost;
}

uint64_t fragments_incomplete(const struct fragments *f)
{
	uint64_t pending = 0;
	for (size_t i = 0; i < PLACES; i++) {
		for (size_t way = 0; f->places[i] && way < WAYS; way++)
			pending += f->places[i][way].progress == PENDING;
	}
	return f->lost + pending;
}

/* --- which datagram ---------------------------------------------------------------------------------------- */
static bool is_of(const struct datagram *d, const struct segment *s)
{
	return d->progress != FREE && d->id == s->fragment_id && d->scope == s->scope &&
	       memcmp(d->first.source, s->source, sizeof(s->source)) == 0 &&
	       memcmp(d->first.target, s->target, sizeof(s->target)) == 0;
}

/* Without a seed, so that the same input gives the same result. Whoever aims at a place pushes out its datagrams only. */
static size_t place_of(const struct segment *s)
{
	uint64_t words[4], hash = (uint64_t)s->fragment_id << 32 | s->scope;
	memcpy(words, s->source, sizeof(s->source));
	memcpy(words + 2, s->target, sizeof(s->target));
	for (size_t i = 0; i < 4; i++) {
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash % PLACES;
}

static bool is_older(const struct datagram *a, const struct datagram *b)
{
	return (a->progress == PENDING) != (b->progress == PENDING) ? b->progress == PENDING : a->since_ns < b->since_ns;
}

static void forget(struct fragments *f, struct datagram *d)
{
	if (d->progress == PENDING)
		f->lost++;
	d->progress = FREE;
}

/* A record of its own, the oldest of its place if need be. */
static struct datagram *begin(struct fragments *f, struct datagram *place, const struct segment *s)
{
	struct datagram *d = place;
	for (size_t i = 0; i < WAYS && d->progress != FREE; i++) {
		if (place[i].progress == FREE || is_older(&place[i], d))
			d = &place[i];
	}
	forget(f, d);
	*d = (struct datagram){ .first = *s, .scope = s->scope, .id = s->fragment_id, .since_ns = s->time_ns,
		                .header_len = HEADER_MAX, .progress = PENDING };
	return d;
}

static bool is_over(const struct datagram *d, int64_t now_ns)
{
	return now_ns - d->since_ns > FRAGMENTS_TIME_NS || (d->progress == DONE && now_ns - d->done_ns > FRAGMENTS_COPY_NS);
}

static struct datagram *find(struct fragments *f, const struct segment *s)
{
	size_t at = place_of(s);
	if (!f->places[at])
		f->places[at] = g_new0(struct datagram, WAYS);
	struct datagram *place = f->places[at];
	for (size_t i = 0; i < WAYS; i++) {
		if (!is_of(&place[i], s))
			continue;
		if (!is_over(&place[i], s->time_ns))
			return &place[i];
		forget(f, &place[i]);
	}
	return begin(f, place, s);
}

/* --- what of it -------------------------------------------------------------------------------------------- */
/* Marks a unit; false when it was there already. */
static bool mark(struct datagram *d, uint32_t unit)
{
	uint64_t bit = UINT64_C(1) << unit % 64, had = d->have[unit / 64] & bit;
	d->have[unit / 64] |= bit;
	return !had;
}

/* The bytes of a unit that lie within the longest TCP header. */
static void keep_header(struct datagram *d, const struct segment *s, uint32_t at, uint32_t len)
{
	if (at >= HEADER_MAX)
		return;
	uint32_t from = at - s->fragment_offset, wanted = MIN(len, HEADER_MAX - at);
	uint32_t n = MIN(wanted, s->tcp_len > from ? s->tcp_len - from : 0);
	if (n > 0)
		memcpy(d->header + at, s->tcp + from, n);
	if (n < wanted)
		d->header_len = MIN(d->header_len, at + n);
}

/* Adds what is new of a fragment; some, none or all of it may be. */
static void add_bytes(struct datagram *d, const struct segment *s)
{
	uint32_t end = s->fragment_offset + s->tcp_wire_len, before = d->have_len, len;
	bool again = false;
	for (uint32_t at = s->fragment_offset; at < end; at += len) {
		len = MIN(end - at, UNIT);
		if (!mark(d, at / UNIT)) {
			again = true;
			continue;
		}
		d->have_len += len;
		keep_header(d, s, at, len);
	}
	if (again && d->have_len != before)
		d->anomalies |= ANOMALY_OVERLAP;
}

/* The last fragment says how long all of it is. Another one that says otherwise, or that reaches beyond, overlaps with
 * what is not there. */
static bool fits(struct datagram *d, const struct segment *s)
{
	uint32_t end = s->fragment_offset + s->tcp_wire_len;
	if (s->tcp_wire_len == 0 || end > DATAGRAM_MAX || (s->fragment_more && end % UNIT != 0))
		return false;
	if (s->fragment_more ? d->total && end >= d->total : (d->total && end != d->total) || end < d->reach) {
		d->anomalies |= ANOMALY_OVERLAP;
		return false;
	}
	if (!s->fragment_more)
		d->total = end;
	d->reach = MAX(d->reach, end);
	return true;
}

static void add(struct datagram *d, const struct segment *s)
{
	if (!fits(d, s))
		return;
	if (s->fragment_offset == 0 && !d->has_first) {
		d->first = *s;
		d->has_first = true;
	}
	add_bytes(d, s);
}

/* --- a segment again --------------------------------------------------------------------------------------- */
/* Reads the header as that of a segment of so many bytes, of which only the header was captured. */
static void become_segment(struct segment *s, const struct segment *first, const uint8_t *header, uint32_t captured,
                           uint32_t len, uint8_t anomalies)
{
	struct segment whole = *first;
	struct layers l = { .at = cursor_new(header, MIN(captured, len), len), .out = &whole };
	whole.number = s->number;
	whole.time_ns = s->time_ns;
	whole.direction = s->direction;
	whole.anomalies = anomalies;
	decode_tcp(&l);
	whole.anomalies &= (uint8_t)~ANOMALY_SNAPPED; /* it was not kept, which is not the capture's fault */
	whole.tcp = whole.payload = NULL;
	whole.tcp_len = whole.payload_captured = whole.payload_first = 0;
	*s = whole;
}

/* A first fragment that stands for its datagram. */
static bool take_alone(struct segment *s)
{
	enum { TCP_HEADER = 20 };
	if (s->fragment_offset != 0 || s->tcp_len < TCP_HEADER)
		return false;
	uint8_t header[HEADER_MAX];
	uint32_t captured = MIN(s->tcp_len, HEADER_MAX);
	memcpy(header, s->tcp, captured);
	become_segment(s, s, header, captured, s->tcp_wire_len, ANOMALY_FIRST_FRAGMENT);
	return true;
}

/* Whether the capture has first fragments only: a second datagram begins, and no other fragment was ever seen. */
static void note_order(struct fragments *f, const struct segment *s, const struct datagram *d)
{
	f->later_seen |= s->fragment_offset != 0;
	if (!f->begun)
		f->begun = d;
	f->firsts_alone = !f->later_seen && (f->firsts_alone || f->begun != d);
}

bool fragments_take(struct fragments *f, struct segment *segment)
{
	struct datagram *d = find(f, segment);
	note_order(f, segment, d);
	if (d->progress == DONE)
		return false; /* a copy */
	add(d, segment);
	if (f->firsts_alone && take_alone(segment)) {
		d->progress = FREE;
		return true;
	}
	if (!d->has_first || d->total == 0 || d->have_len < d->total)
		return false;
	d->progress = DONE;
	d->done_ns = segment->time_ns;
	become_segment(segment, &d->first, d->header, d->header_len, d->total, d->anomalies | ANOMALY_REASSEMBLED);
	return true;
}
