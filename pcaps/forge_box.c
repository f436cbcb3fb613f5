#include "pcaps/forge_box.h"

void box_meets(struct conn *c, const struct box *box, const struct packet *p)
{
	c->story->now_ns = MAX(c->story->now_ns, p->seen_ns + box->ns);
}

struct packet *box_send(struct conn *c, const struct box *box, enum side as, uint8_t flags)
{
	struct packet *p = conn_packet(c, as);
	bool at_capture_point = !box->hops && !box->ns;
	p->unseen = box->side != as && !at_capture_point;
	p->seen_ns = c->story->now_ns + box->ns;
	p->arrives_ns = p->seen_ns + c->path.ns[side_other(as)];
	p->ttl = (uint8_t)(box->ttl - box->hops);
	p->ip_id = box->ip_id;
	p->dont_fragment = box->dont_fragment;
	p->flags = flags;
	p->seq = c->end[as].next;
	p->ack = flags & ACK ? c->end[as].expected : 0;
	p->window = box->window;
	return p;
}

struct packet *box_icmp(struct conn *c, const struct box *box, const char *address, const struct packet *about,
                        uint8_t type, uint8_t code, size_t quote_len)
{
	enum side as = about->from_port == c->end[CLIENT].port ? SERVER : CLIENT;
	struct packet *p = box_send(c, box, as, 0);
	struct packet *there = packet_copy(about);
	there->ttl = (uint8_t)(about->ttl - box->hops);
	g_autoptr(GByteArray) quote = packet_bytes(there);
	packet_free(there);
	p->from = address_of(address);
	p->icmp_type = type;
	p->icmp_code = code;
	p->icmp_quote = g_byte_array_append(g_byte_array_new(), quote->data, (guint)MIN(quote->len, quote_len));
	return p;
}
