#include "pcaps/forge_packet.h"

#include <arpa/inet.h>
#include <string.h>

#include <libnet.h>

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, TCP_HEADER = 20, ICMP_HEADER = 8, DONT_FRAGMENT = 0x4000 };

struct address address_of(const char *text)
{
	struct address a = { .ipv6 = strchr(text, ':') != NULL };
	int ok = inet_pton(a.ipv6 ? AF_INET6 : AF_INET, text, a.bytes);
	g_assert_cmpint(ok, ==, 1);
	return a;
}

uint8_t *packet_filler(size_t len)
{
	static const char text[] = "forged by hangup pcaps/forge. ";
	uint8_t *bytes = g_malloc(len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)text[i % (sizeof(text) - 1)];
	return bytes;
}

static GByteArray *copy_bytes(const GByteArray *bytes)
{
	return bytes ? g_byte_array_append(g_byte_array_new(), bytes->data, bytes->len) : NULL;
}

struct packet *packet_copy(const struct packet *p)
{
	struct packet *copy = g_new(struct packet, 1);
	*copy = *p;
	copy->payload = copy_bytes(p->payload);
	copy->icmp_quote = copy_bytes(p->icmp_quote);
	copy->frame = copy_bytes(p->frame);
	return copy;
}

void packet_free(struct packet *p)
{
	g_clear_pointer(&p->payload, g_byte_array_unref);
	g_clear_pointer(&p->icmp_quote, g_byte_array_unref);
	g_clear_pointer(&p->frame, g_byte_array_unref);
	g_free(p);
}

uint32_t packet_span(const struct packet *p)
{
	return (p->payload ? p->payload->len : 0) + (p->flags & SYN ? 1 : 0) + (p->flags & FIN ? 1 : 0);
}

/* libnet fails here only when asked for something impossible. */
static void built(libnet_ptag_t tag)
{
	g_assert_cmpint(tag, !=, -1);
}

/* Both return the length they added. */
static uint32_t build_tcp(libnet_t *l, const struct packet *p)
{
	uint32_t payload_len = p->payload ? p->payload->len : 0;
	uint32_t len = TCP_HEADER + p->options_len + payload_len;
	if (p->options_len)
		built(libnet_build_tcp_options(p->options, p->options_len, l, 0));
	built(libnet_build_tcp(p->from_port, p->to_port, p->seq, p->ack, p->flags, p->window, 0, 0, (uint16_t)len,
	                          payload_len ? p->payload->data : NULL, payload_len, l, 0));
	return len;
}

/* An error's second word is unused, or the next hop's MTU in its lower half: where an echo keeps its
 * sequence number, and the one ICMP builder that libnet has for both versions. ICMPv6 has 32 bits for it. */
static uint32_t build_icmp(libnet_t *l, const struct packet *p)
{
	GByteArray *quote = p->icmp_quote;
	if (p->from.ipv6)
		built(libnet_build_icmpv6_echo(p->icmp_type, p->icmp_code, 0, 0, p->icmp_mtu, quote->data, quote->len,
		                                  l, 0));
	else
		built(libnet_build_icmpv4_echo(p->icmp_type, p->icmp_code, 0, 0, p->icmp_mtu, quote->data, quote->len,
		                                  l, 0));
	return ICMP_HEADER + quote->len;
}

static void build_ip(libnet_t *l, const struct packet *p, uint32_t inner)
{
	if (p->from.ipv6) {
		struct libnet_in6_addr from;
		struct libnet_in6_addr to;
		memcpy(&from, p->from.bytes, sizeof(from));
		memcpy(&to, p->to.bytes, sizeof(to));
		built(libnet_build_ipv6(p->tos, 0, (uint16_t)inner, p->icmp_quote ? IPPROTO_ICMPV6 : IPPROTO_TCP, p->ttl,
		                           from, to, NULL, 0, l, 0));
		return;
	}
	uint32_t from;
	uint32_t to;
	memcpy(&from, p->from.bytes, sizeof(from));
	memcpy(&to, p->to.bytes, sizeof(to));
	built(libnet_build_ipv4((uint16_t)(IPV4_HEADER + inner), p->tos, p->ip_id,
	                           p->dont_fragment ? DONT_FRAGMENT : 0, p->ttl,
	                           p->icmp_quote ? IPPROTO_ICMP : IPPROTO_TCP, 0, from, to, NULL, 0, l, 0));
}

/* What Windows hands to a card that does large send offload: the card fills in lengths and checksums. */
static void leave_to_card(GByteArray *ip)
{
	enum { IP_LENGTH_AT = 2, IP_SUM_AT = 10, TCP_SUM_AT = IPV4_HEADER + 16 };
	memset(ip->data + IP_LENGTH_AT, 0, 2);
	memset(ip->data + IP_SUM_AT, 0, 2);
	memset(ip->data + TCP_SUM_AT, 0, 2);
}

static void put_u16(GByteArray *ip, size_t at, uint32_t value)
{
	ip->data[at] = (uint8_t)(value >> 8);
	ip->data[at + 1] = (uint8_t)value;
}

static void cut_ipv4(const struct packet *p, GByteArray *ip, bool more)
{
	enum { LENGTH_AT = 2, FRAGMENT_AT = 6, SUM_AT = 10, MORE_FRAGMENTS = 0x2000 };
	put_u16(ip, LENGTH_AT, ip->len);
	put_u16(ip, FRAGMENT_AT, (more ? MORE_FRAGMENTS : 0) | p->piece_at / 8);
	put_u16(ip, SUM_AT, 0);
	uint32_t sum = 0;
	for (size_t at = 0; at < IPV4_HEADER; at += 2)
		sum += (uint32_t)ip->data[at] << 8 | ip->data[at + 1];
	put_u16(ip, SUM_AT, ~(sum + (sum >> 16)));
}

static void cut_ipv6(const struct packet *p, GByteArray *ip, bool more)
{
	enum { LENGTH_AT = 4, NEXT_AT = 6, NEXT_FRAGMENT = 44 };
	uint8_t header[8] = { ip->data[NEXT_AT], 0, (uint8_t)(p->piece_at >> 8), (uint8_t)(p->piece_at | more),
		              0, 0, (uint8_t)(p->seq >> 8), (uint8_t)p->seq };
	GByteArray *rest = g_byte_array_append(g_byte_array_new(), ip->data + IPV6_HEADER, ip->len - IPV6_HEADER);
	g_byte_array_set_size(ip, IPV6_HEADER);
	g_byte_array_append(ip, header, sizeof(header));
	g_byte_array_append(ip, rest->data, rest->len);
	g_byte_array_unref(rest);
	ip->data[NEXT_AT] = NEXT_FRAGMENT;
	put_u16(ip, LENGTH_AT, ip->len - IPV6_HEADER);
}

/* Leaves of a packet the fragment that it is; an IPv6 one is told apart by the sequence number. */
static void cut_out(const struct packet *p, GByteArray *ip)
{
	guint header = p->from.ipv6 ? IPV6_HEADER : IPV4_HEADER;
	bool more = header + p->piece_at + p->piece_len < ip->len;
	if (more)
		g_byte_array_set_size(ip, header + p->piece_at + p->piece_len);
	if (p->piece_at > 0)
		g_byte_array_remove_range(ip, header, p->piece_at);
	if (p->from.ipv6)
		cut_ipv6(p, ip, more);
	else
		cut_ipv4(p, ip, more);
}

GByteArray *packet_bytes(const struct packet *p)
{
	char error[LIBNET_ERRBUF_SIZE];
	libnet_t *l = libnet_init(LIBNET_NONE, NULL, error);
	g_assert(l);
	build_ip(l, p, p->icmp_quote ? build_icmp(l, p) : build_tcp(l, p));

	uint8_t *bytes;
	uint32_t bytes_len;
	int ok = libnet_pblock_coalesce(l, &bytes, &bytes_len);
	g_assert_cmpint(ok, ==, 1);
	GByteArray *out = g_byte_array_append(g_byte_array_new(), bytes, bytes_len);
	free(bytes);
	libnet_destroy(l);
	if (p->before_offload)
		leave_to_card(out);
	if (p->piece_len)
		cut_out(p, out);
	return out;
}
