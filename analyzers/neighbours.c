#include "analyzers/neighbours.h"

#include <string.h>

#include <glib.h>

#include "analyzers/key.h"

enum { ADDRESS_BYTES = 16, MAC_BYTES = 6, NOTES_MIN = 64 };
/* Places that are made together, when one of them is needed. */
enum { BLOCK = 64, BLOCKS = NEIGHBOURS_REMEMBERED / BLOCK };

struct neighbours_note {
	struct hangup_packet packet;
	uint8_t source[ADDRESS_BYTES], target[ADDRESS_BYTES];
	uint8_t mac[MAC_BYTES];
	uint8_t notice; /* enum segment_notice */
	uint16_t code;
};

struct neighbour {
	uint8_t address[ADDRESS_BYTES];
	uint8_t mac[MAC_BYTES];
	bool hears;                     /* an answer to it was captured */
	unsigned sought;                /* since it was there last */
	uint8_t seeker[ADDRESS_BYTES];  /* who asked first */
	struct hangup_packet first;     /* the first of those questions */
	int64_t last_ns;                /* and when the last one was */
	struct hangup_packet gone;      /* number 0: it is not */
};

struct station {
	uint8_t mac[MAC_BYTES];
	uint32_t why;
	struct hangup_packet out;
};

struct neighbours {
	struct neighbour *hosts[BLOCKS];
	struct station *stations[BLOCKS];
	struct station everybody;
	bool any; /* was ever told anything */
};

/* --- the log ----------------------------------------------------------------------------------------------- */

void neighbours_log_clear(struct neighbours_log *log)
{
	g_free(log->notes);
	*log = (struct neighbours_log){0};
}

static struct neighbours_note *add_note(struct neighbours_log *log, const struct segment *s)
{
	struct neighbours_note *n;

	if (log->notes_len == log->capacity) {
		log->capacity = MAX(NOTES_MIN, log->capacity * 2);
		log->notes = g_renew(struct neighbours_note, log->notes, log->capacity);
	}
	n = &log->notes[log->notes_len++];
	*n = (struct neighbours_note){.packet = {s->number, s->time_ns}};
	return n;
}

void neighbours_note(struct neighbours_log *log, const struct segment *s)
{
	struct neighbours_note *n;

	if (s->kind == SEGMENT_NOTICE) {
		n = add_note(log, s);
		memcpy(n->source, s->source, ADDRESS_BYTES);
		memcpy(n->target, s->target, ADDRESS_BYTES);
		memcpy(n->mac, s->notice_mac, MAC_BYTES);
		n->notice = s->notice;
		n->code = s->notice_code;
	} else if (s->kind == SEGMENT_TCP && s->has_station && s->station_sent) {
		n = add_note(log, s);
		memcpy(n->source, s->source, ADDRESS_BYTES);
		memcpy(n->mac, s->station, MAC_BYTES);
		n->notice = NOTICE_PRESENT;
	}
}

/* --- the memory -------------------------------------------------------------------------------------------- */

struct neighbours *neighbours_new(void)
{
	return g_new0(struct neighbours, 1);
}

void neighbours_free(struct neighbours *x)
{
	for (size_t i = 0; x != NULL && i < BLOCKS; i++) {
		g_free(x->stations[i]);
		g_free(x->hosts[i]);
	}
	g_free(x);
}

/* Without a seed, so that the same input gives the same result. */
static size_t place_of(const uint8_t *bytes, size_t len)
{
	uint64_t words[2] = {0};

	memcpy(words, bytes, len);
	return key_mix(words[0] ^ UINT64_C(0x9e3779b97f4a7c15), words[1] ^ UINT64_C(0xbf58476d1ce4e5b9)) %
	       NEIGHBOURS_REMEMBERED;
}

static bool is_nobody(const uint8_t address[ADDRESS_BYTES])
{
	static const uint8_t none[ADDRESS_BYTES], none_v4[ADDRESS_BYTES] = {[10] = 0xff, [11] = 0xff};

	return memcmp(address, none, ADDRESS_BYTES) == 0 || memcmp(address, none_v4, ADDRESS_BYTES) == 0;
}

static struct neighbour *host_of(struct neighbours *x, const uint8_t address[ADDRESS_BYTES])
{
	size_t place = place_of(address, ADDRESS_BYTES);
	struct neighbour **block = &x->hosts[place / BLOCK], *h;

	if (*block == NULL)
		*block = g_new0(struct neighbour, BLOCK);
	h = *block + place % BLOCK;
	if (memcmp(h->address, address, ADDRESS_BYTES) != 0) {
		*h = (struct neighbour){0};
		memcpy(h->address, address, ADDRESS_BYTES);
	}
	return h;
}

static const struct neighbour *find_host(const struct neighbours *x, const uint8_t address[ADDRESS_BYTES])
{
	size_t place = place_of(address, ADDRESS_BYTES);
	const struct neighbour *block = x != NULL ? x->hosts[place / BLOCK] : NULL;

	return block != NULL && memcmp(block[place % BLOCK].address, address, ADDRESS_BYTES) == 0 ? &block[place % BLOCK]
	                                                                                          : NULL;
}

/* --- what is said ------------------------------------------------------------------------------------------ */

/* Who speaks is there, and has that address. */
static void take_presence(struct neighbours *x, const struct neighbours_note *n)
{
	struct neighbour *h;

	if (is_nobody(n->source))
		return;
	h = host_of(x, n->source);
	h->sought = 0;
	memcpy(h->mac, n->mac, MAC_BYTES);
}

static void take_question(struct neighbours *x, const struct neighbours_note *n)
{
	struct neighbour *h = host_of(x, n->target);

	if (h->sought == 0 || n->packet.time_ns - h->last_ns > NEIGHBOURS_APART_NS) {
		h->sought = 0;
		h->first = n->packet;
		memcpy(h->seeker, n->source, ADDRESS_BYTES);
	}
	h->sought++;
	h->last_ns = n->packet.time_ns;
	take_presence(x, n);
}

static void take_answer(struct neighbours *x, const struct neighbours_note *n)
{
	if (!is_nobody(n->target) && memcmp(n->target, n->source, ADDRESS_BYTES) != 0)
		host_of(x, n->target)->hears = true;
	take_presence(x, n);
}

static void take_address(struct neighbours *x, const uint8_t address[ADDRESS_BYTES], struct hangup_packet gone)
{
	if (!is_nobody(address))
		host_of(x, address)->gone = gone;
}

static void take_out(struct neighbours *x, const struct neighbours_note *n, uint32_t why)
{
	static const uint8_t all[MAC_BYTES] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	size_t place = place_of(n->mac, MAC_BYTES);
	struct station **block = &x->stations[place / BLOCK], *s = &x->everybody;

	if (*block == NULL)
		*block = g_new0(struct station, BLOCK);
	if (memcmp(n->mac, all, MAC_BYTES) != 0)
		s = *block + place % BLOCK;
	memcpy(s->mac, n->mac, MAC_BYTES);
	s->why = why;
	s->out = n->packet;
}

static void take_note(struct neighbours *x, const struct neighbours_note *n)
{
	switch ((enum segment_notice)n->notice) {
	case NOTICE_NONE: break;
	case NOTICE_ASKED: take_question(x, n); break;
	case NOTICE_PRESENT: take_answer(x, n); break;
	case NOTICE_RELEASED: take_address(x, n->source, n->packet); break;
	case NOTICE_REFUSED: take_address(x, n->target, n->packet); break;
	case NOTICE_ASSIGNED: take_address(x, n->target, (struct hangup_packet){0}); break;
	case NOTICE_DEAUTHENTICATED:
	case NOTICE_DISASSOCIATED: take_out(x, n, n->code); break;
	case NOTICE_LOGIN_FAILED: take_out(x, n, THROWN_OUT_LOGIN_FAILED); break;
	case NOTICE_LOGGED_OFF: take_out(x, n, THROWN_OUT_LOGGED_OFF); break;
	}
}

void neighbours_learn(struct neighbours *x, struct neighbours_log *log)
{
	x->any |= log->notes_len > 0;
	for (size_t i = 0; i < log->notes_len; i++)
		take_note(x, &log->notes[i]);
	log->notes_len = 0;
}

/* --- what is known ----------------------------------------------------------------------------------------- */

bool neighbours_any(const struct neighbours *x)
{
	return x != NULL && x->any;
}

unsigned neighbours_sought(const struct neighbours *x, const uint8_t host[16], const uint8_t hears[16],
                           struct hangup_packet *out_first)
{
	const struct neighbour *h = find_host(x, host), *seeker;

	if (h == NULL || h->sought == 0)
		return 0;
	seeker = find_host(x, h->seeker);
	if (memcmp(h->seeker, hears, ADDRESS_BYTES) != 0 && (seeker == NULL || !seeker->hears))
		return 0;
	*out_first = h->first;
	return h->sought;
}

bool neighbours_thrown_out(const struct neighbours *x, const uint8_t host[16], struct hangup_packet *out_packet,
                           uint32_t *out_why)
{
	static const uint8_t none[MAC_BYTES];
	const struct neighbour *h = find_host(x, host);
	const struct station *s, *block;
	size_t place;

	if (h == NULL || memcmp(h->mac, none, MAC_BYTES) == 0)
		return false;
	place = place_of(h->mac, MAC_BYTES);
	block = x->stations[place / BLOCK];
	s = block != NULL && memcmp(block[place % BLOCK].mac, h->mac, MAC_BYTES) == 0 ? &block[place % BLOCK] : &x->everybody;
	*out_packet = s->out;
	*out_why = s->why;
	return s->out.number != 0;
}

bool neighbours_gone(const struct neighbours *x, const uint8_t host[16], struct hangup_packet *out_packet)
{
	const struct neighbour *h = find_host(x, host);

	if (h == NULL || h->gone.number == 0)
		return false;
	*out_packet = h->gone;
	return true;
}
