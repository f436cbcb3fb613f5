#include "cli/recording.h"

#include <inttypes.h>
#include <string.h>

#include "capture/decode.h"
#include "capture/pcapng_writer.h"
#include "report/escape.h"
#include "report/evidence_text.h"
#include "report/sentence.h"
#include "report/timestamp.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

/* --- tags ---------------------------------------------------------------------------------------------- */

/* Tags below are not of connections. */
enum { TAG_NOTICE = 1, TAGS_OWN = 2 };
/* Notices looked at for one file; on a network with more of them in the time, the latest. */
enum { NOTICES_MOST = 20000 };

static uint32_t tag_of(const struct connection_key *key, const struct key_seed *seed)
{
	uint32_t hash = (uint32_t)key_hash(key, seed);

	return hash < TAGS_OWN ? hash + TAGS_OWN : hash;
}

/* Without what tells networks apart: that is found out later, and a few packets too many do no harm. */
static struct connection_key key_of(const struct segment *s)
{
	struct connection_key key;

	key_from_segment(&key, s);
	key.tail &= UINT32_MAX;
	return key;
}

/* Of fragments only the first one has ports. */
static struct connection_key without_ports(struct connection_key key)
{
	key.tail = 0;
	return key;
}

void recording_note(struct packet_ring *ring, const struct key_seed *seed, const struct frame *frame,
                    const struct segment *segment)
{
	struct connection_key key;

	switch (segment->kind) {
	case SEGMENT_TCP:
	case SEGMENT_ICMP_ERROR:
		key = key_of(segment);
		packet_ring_tag(ring, frame, tag_of(&key, seed));
		break;
	case SEGMENT_FRAGMENT:
		key = without_ports(key_of(segment));
		packet_ring_tag(ring, frame, tag_of(&key, seed));
		break;
	case SEGMENT_NOTICE: packet_ring_tag(ring, frame, TAG_NOTICE); break;
	default: break;
	}
}

/* --- what belongs to it --------------------------------------------------------------------------------- */

struct its_interface {
	const struct interface *interface; /* borrowed from the source */
	uint16_t captured_on;              /* number in the source: "any" may stand for several */
};

struct recording {
	const struct source *source;
	const struct packet_ring *ring;
	const struct key_seed *seed;
	const struct hangup_case *c;
	struct connection_key key;
	int64_t now_ns;
	GPtrArray *records; /* const struct ring_record *, borrowed */
	GArray *interfaces; /* struct its_interface, by number in the file */
	GByteArray *out;
};

static struct connection_key key_of_case(const struct hangup_case *c)
{
	struct segment s;
	const struct facts_end *client = &c->facts->end[HANGUP_CLIENT], *server = &c->facts->end[HANGUP_SERVER];

	memcpy(s.source, client->address, sizeof s.source);
	memcpy(s.target, server->address, sizeof s.target);
	s.source_port = client->port;
	s.target_port = server->port;
	s.scope = 0;
	return key_of(&s);
}

static void add(struct recording *r, const struct ring_record *record)
{
	g_ptr_array_add(r->records, (gpointer)(uintptr_t)record);
}

/* From its first packet on: what the same numbers carried before is another connection. */
static void add_packets(struct recording *r, uint32_t tag, const struct connection_key *key, bool ports)
{
	struct hangup_packet first;

	facts_packet(r->c->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	for (const struct ring_record *record = packet_ring_find(r->ring, tag); record && record->number >= first.number;
	     record = packet_ring_next(r->ring, record)) {
		const struct frame frame = ring_record_frame(record);
		struct segment s;
		struct connection_key its;

		decode_frame(&frame, &s);
		its = ports ? key_of(&s) : without_ports(key_of(&s));
		if (key_equal(&its, key))
			add(r, record);
	}
}

static bool is_nobody(const uint8_t address[16])
{
	static const uint8_t nobody[16];

	return memcmp(address, nobody, sizeof nobody) == 0;
}

/* A notice without addresses is of a station, and may be of either host. */
static bool is_about(const struct segment *s, const struct facts *f)
{
	if (is_nobody(s->source) && is_nobody(s->target))
		return true;
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		if (memcmp(s->source, f->end[side].address, 16) == 0 || memcmp(s->target, f->end[side].address, 16) == 0)
			return true;
	return false;
}

static void add_notices(struct recording *r)
{
	struct hangup_packet last;
	int64_t from_ns;
	unsigned seen = 0;

	facts_packet(r->c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	from_ns = last.time_ns - RECORDING_NOTICES_NS;
	for (const struct ring_record *record = packet_ring_find(r->ring, TAG_NOTICE);
	     record && record->time_ns >= from_ns && seen < NOTICES_MOST;
	     record = packet_ring_next(r->ring, record), seen++) {
		const struct frame frame = ring_record_frame(record);
		struct segment s;

		decode_frame(&frame, &s);
		if (is_about(&s, r->c->facts))
			add(r, record);
	}
}

static gint by_number(gconstpointer a, gconstpointer b)
{
	const struct ring_record *one = *(const struct ring_record *const *)a, *other = *(const struct ring_record *const *)b;

	return one->number < other->number ? -1 : one->number > other->number;
}

static void collect(struct recording *r)
{
	const struct connection_key bare = without_ports(r->key);

	add_packets(r, tag_of(&r->key, r->seed), &r->key, true);
	add_packets(r, tag_of(&bare, r->seed), &bare, false);
	add_notices(r);
	g_ptr_array_sort(r->records, by_number);
}

/* --- the file ------------------------------------------------------------------------------------------- */

/* Rules are plugins, and their words go into a file that others open. */
static char *inert(GString *text)
{
	g_autoptr(GString) safe = g_string_new(NULL);

	escape_append(safe, text->str, text->len, false);
	g_string_free(text, TRUE);
	return g_string_free(g_steal_pointer(&safe), FALSE);
}

static char *title(const struct hangup_case *c)
{
	const struct hangup_claim *v = case_verdict(c);
	GString *text = g_string_new(NULL);

	text_append_end(text, &c->facts->end[HANGUP_CLIENT]);
	g_string_append(text, " to ");
	text_append_end(text, &c->facts->end[HANGUP_SERVER]);
	g_string_append_printf(text, ": %s/%s, actor %s, confidence %.2f. ", label_name(v->label), cause_name(v->cause),
	                       actor_name(v->actor), v->confidence);
	sentence_append(text, c, true);
	return inert(text);
}

/* NULL when all is there. */
static char *what_is_missing(const struct recording *r)
{
	struct hangup_packet first;
	uint64_t packets = (uint64_t)facts_value(r->c->facts, HANGUP_FACT_PACKETS, HANGUP_CLIENT) +
	                   (uint64_t)facts_value(r->c->facts, HANGUP_FACT_PACKETS, HANGUP_SERVER);

	facts_packet(r->c->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	if (r->records->len > 0 && ((const struct ring_record *)r->records->pdata[0])->number <= first.number)
		return NULL;
	return g_strdup_printf("The connection had %" PRIu64 " packets; those that were no longer in memory are missing, the "
	                       "first among them. See --ring.", packets);
}

static void put_section(struct recording *r)
{
	g_autofree char *verdict = title(r->c);
	g_autofree char *missing = what_is_missing(r);
	const char *const comments[] = {verdict, missing, NULL};
	const struct pcapng_section section = {.application = "hangup " HANGUP_VERSION, .comments = comments};

	pcapng_put_section(r->out, &section);
}

static struct its_interface *interface_at(const struct recording *r, guint number)
{
	return &g_array_index(r->interfaces, struct its_interface, number);
}

/* UINT32_MAX before it was put. */
static uint32_t number_of(const struct recording *r, const struct interface *interface)
{
	for (guint i = 0; i < r->interfaces->len; i++)
		if (interface_at(r, i)->interface == interface)
			return i;
	return UINT32_MAX;
}

/* Those that its packets came through, so that each stands with its own name and addresses. */
static void put_interfaces(struct recording *r)
{
	for (guint i = 0; i < r->records->len; i++) {
		const struct frame frame = ring_record_frame(r->records->pdata[i]);
		const struct its_interface its = {source_interface_of(r->source, &frame), frame.interface};

		if (number_of(r, its.interface) != UINT32_MAX)
			continue;
		pcapng_put_interface(r->out, its.interface);
		g_array_append_val(r->interfaces, its);
	}
}

static void put_packet(struct recording *r, const struct ring_record *record)
{
	const struct hangup_claim *v = case_verdict(r->c);
	const struct frame frame = ring_record_frame(record);
	char *comments[CLAIM_EVIDENCE_MAX + 1] = {NULL};
	size_t len = 0;

	for (size_t i = 0; i < v->evidence_len; i++) {
		const struct case_evidence *e = &v->evidence[i];
		GString *text;

		if (e->packet.number != record->number)
			continue;
		text = g_string_new("evidence: ");
		evidence_text_append(text, e, r->c->facts);
		g_string_append_printf(text, " (%s)", level_name(e->level));
		comments[len++] = inert(text);
	}
	pcapng_put_packet(r->out, &frame, number_of(r, source_interface_of(r->source, &frame)),
	                  len ? (const char *const *)comments : NULL);
	for (size_t i = 0; i < len; i++)
		g_free(comments[i]);
}

static bool is_first_of_its(const struct recording *r, guint number)
{
	for (guint i = 0; i < number; i++)
		if (interface_at(r, i)->captured_on == interface_at(r, number)->captured_on)
			return false;
	return true;
}

/* Of all interfaces together the kernel has one count: it stands once, so that what was lost adds up. */
static void put_statistics(struct recording *r)
{
	for (guint i = 0; i < r->interfaces->len; i++) {
		const struct interface *counted = source_interface(r->source, interface_at(r, i)->captured_on);
		const bool first = is_first_of_its(r, i);

		pcapng_put_statistics(r->out, i, r->now_ns, first ? counted->received : UINT64_MAX,
		                      first ? counted->dropped : UINT64_MAX);
	}
}

GByteArray *recording_make(const struct source *source, const struct key_seed *seed, const struct hangup_case *c,
                           int64_t now_ns)
{
	struct recording r = {.source = source, .ring = source_ring(source), .seed = seed, .c = c, .key = key_of_case(c),
	                      .now_ns = now_ns, .records = g_ptr_array_new(),
	                      .interfaces = g_array_new(FALSE, FALSE, sizeof(struct its_interface)), .out = g_byte_array_new()};

	collect(&r);
	put_section(&r);
	put_interfaces(&r);
	for (guint i = 0; i < r.records->len; i++)
		put_packet(&r, r.records->pdata[i]);
	put_statistics(&r);
	g_ptr_array_unref(r.records);
	g_array_unref(r.interfaces);
	return r.out;
}

/* --- its name ------------------------------------------------------------------------------------------- */

/* 2026-03-01T10:02:13.123456789Z as 20260301T100213.123Z. */
static void append_time(GString *out, int64_t time_ns)
{
	enum { MILLISECONDS = 23 };
	char text[TIMESTAMP_LEN];

	timestamp_write(text, time_ns);
	for (size_t i = 0; i < MILLISECONDS; i++)
		if (text[i] != '-' && text[i] != ':')
			g_string_append_c(out, text[i]);
	g_string_append_c(out, 'Z');
}

/* No colon: there are file systems that know none. */
static void append_end(GString *out, const struct facts_end *end)
{
	g_autoptr(GString) address = g_string_new(NULL);

	text_append_address(address, end->address);
	g_strdelimit(address->str, ":", '_');
	g_string_append_printf(out, "-%s.%u", address->str, end->port);
}

char *recording_name(const struct hangup_case *c)
{
	GString *name = g_string_new(NULL);
	struct hangup_packet last;

	facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	append_time(name, last.time_ns);
	g_string_append_printf(name, "-%" PRIu64 "-%s", c->facts->id, label_name(case_verdict(c)->label));
	append_end(name, &c->facts->end[HANGUP_CLIENT]);
	append_end(name, &c->facts->end[HANGUP_SERVER]);
	g_string_append(name, ".pcapng");
	return g_string_free(name, FALSE);
}
