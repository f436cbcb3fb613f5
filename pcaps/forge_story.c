#include "pcaps/forge_story.h"

#include <string.h>

enum { EPOCH_S = 1709629200 }; /* 2024-03-05 09:00:00 UTC, a Tuesday: all stories begin here */

static uint64_t seed_of(const char *name)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a: the same everywhere, unlike g_str_hash by promise */
	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * 0x100000001b3u;
	return hash | 1;
}

struct story *story_new(const char *name)
{
	struct story *s = g_new0(struct story, 1);
	s->now_ns = SECONDS(EPOCH_S);
	s->packets = g_ptr_array_new_with_free_func((GDestroyNotify)packet_free);
	s->hosts = g_ptr_array_new_with_free_func(g_free);
	s->conns = g_ptr_array_new_with_free_func(g_free);
	s->format.interfaces_len = 1;
	s->format.interfaces[0].link.type = LINK_ETHERNET;
	s->dice = seed_of(name);
	return s;
}

void story_free(struct story *s)
{
	g_ptr_array_unref(s->conns);
	g_ptr_array_unref(s->hosts);
	g_ptr_array_unref(s->packets);
	g_free(s);
}

static gint earlier_first(gconstpointer a, gconstpointer b)
{
	const struct packet *x = *(struct packet *const *)a;
	const struct packet *y = *(struct packet *const *)b;
	return (x->seen_ns > y->seen_ns) - (x->seen_ns < y->seen_ns);
}

GByteArray *story_file(struct story *s)
{
	g_autoptr(GPtrArray) seen = g_ptr_array_new();
	for (guint i = 0; i < s->packets->len; i++) {
		struct packet *p = s->packets->pdata[i];
		if (!p->unseen)
			g_ptr_array_add(seen, p);
	}
	g_ptr_array_sort(seen, earlier_first); /* GLib promises a stable sort */
	return file_bytes(&s->format, seen);
}

struct host *story_host(struct story *s, const struct stack *stack, const char *address)
{
	struct host *h = g_new0(struct host, 1);
	h->stack = stack;
	h->address = address_of(address);
	h->ip_id = (uint16_t)story_random(s);
	uint8_t mac[6] = { 0x02, 0x00, 0x5e, 0x10, 0x00, (uint8_t)(s->hosts->len + 1) };
	memcpy(h->mac, mac, sizeof(mac));
	g_ptr_array_add(s->hosts, h);
	return h;
}

void story_wait(struct story *s, int64_t ns)
{
	s->now_ns += ns;
}

/* Knuth's 64-bit linear congruence; the high bits are good enough for port and sequence numbers. */
uint32_t story_random(struct story *s)
{
	s->dice = s->dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(s->dice >> 32);
}

uint32_t story_between(struct story *s, uint32_t low, uint32_t high)
{
	return low + story_random(s) % (high - low + 1);
}

void story_add(struct story *s, struct packet *p)
{
	g_ptr_array_add(s->packets, p);
}

/* What IP carries of a segment. */
static uint32_t ip_payload_len(const struct packet *p)
{
	enum { TCP_HEADER = 20 };
	return TCP_HEADER + p->options_len + (p->payload ? p->payload->len : 0);
}

static void cut_packet(struct story *s, struct packet *p, uint32_t len, bool backwards)
{
	uint32_t pieces = (ip_payload_len(p) + len - 1) / len;
	p->dont_fragment = false;
	for (uint32_t i = 0; i < pieces; i++) {
		struct packet *piece = i + 1 < pieces ? packet_copy(p) : p;
		piece->piece_at = i * len;
		piece->piece_len = len;
		piece->seen_ns += US(3) * (backwards ? pieces - i : i);
		if (piece != p)
			story_add(s, piece);
	}
}

void story_fragment(struct story *s, uint32_t len, bool backwards)
{
	guint told = s->packets->len;
	for (guint i = 0; i < told; i++) {
		struct packet *p = s->packets->pdata[i];
		if (ip_payload_len(p) > len)
			cut_packet(s, p, len, backwards);
	}
}

void story_see_twice(struct story *s, int64_t ns, uint8_t hops, uint8_t interface)
{
	guint told = s->packets->len;
	for (guint i = 0; i < told; i++) {
		struct packet *again = packet_copy(s->packets->pdata[i]);
		again->seen_ns += ns;
		again->ttl = (uint8_t)(again->ttl - hops);
		again->interface = interface;
		again->way = WAY_OUT;
		story_add(s, again);
	}
}
