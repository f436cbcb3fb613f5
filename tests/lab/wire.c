#include "wire.h"

#include <string.h>

/* Offsets in an Ethernet frame, an IPv4 header, an IPv6 header (fixed part only: the laboratory's hosts send
 * no extension headers) and a TCP header. */
enum { ETHER_TYPE = 12, IP = 14 };
enum { V4_TOTAL = 2, V4_ID = 4, V4_TTL = 8, V4_PROTOCOL = 9, V4_CHECKSUM = 10 };
enum { V6_PAYLOAD = 4, V6_NEXT = 6, V6_HOP_LIMIT = 7, V6_HEADER = 40 };
enum { TCP_SEQ = 4, TCP_OFFSET = 12, TCP_FLAGS = 13, TCP_CHECKSUM = 16, TCP_HEADER = 20 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, CWR = 128 };
enum { PROTOCOL_TCP = 6, PROTOCOL_ICMP6 = 58 };

static unsigned get16(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }
static uint32_t get32(const uint8_t *at) { return (uint32_t)get16(at) << 16 | get16(at + 2); }
static void put16(uint8_t *at, unsigned value) { at[0] = (uint8_t)(value >> 8); at[1] = (uint8_t)value; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16); put16(at + 2, value & 0xffff); }

/* The Internet checksum's running sum (RFC 1071). */
static uint32_t sum(uint32_t start, const uint8_t *at, size_t bytes)
{
    for (; bytes > 1; at += 2, bytes -= 2)
        start += get16(at);
    if (bytes)
        start += (uint32_t)at[0] << 8;
    return start;
}

static unsigned fold(uint32_t value)
{
    while (value >> 16)
        value = (value & 0xffff) + (value >> 16);
    return value & 0xffff;
}

static int is_v4(const uint8_t *data, size_t bytes)
{
    return bytes >= IP + 20 && get16(data + ETHER_TYPE) == 0x0800;
}

static int is_v6(const uint8_t *data, size_t bytes)
{
    return bytes >= IP + V6_HEADER && get16(data + ETHER_TYPE) == 0x86dd;
}

static size_t ip_header_bytes(const uint8_t *data)
{
    return get16(data + ETHER_TYPE) == 0x0800 ? (data[IP] & 15u) * 4u : V6_HEADER;
}

struct wire_view wire_look(const uint8_t *data, size_t bytes)
{
    struct wire_view view = {0};
    const uint8_t *tcp;
    size_t header;
    if (!is_v4(data, bytes) && !is_v6(data, bytes))
        return view;
    header = ip_header_bytes(data);
    view.ip_bytes = bytes - IP;
    if (data[IP + (is_v4(data, bytes) ? V4_PROTOCOL : V6_NEXT)] != PROTOCOL_TCP ||
        bytes < IP + header + TCP_HEADER)
        return view;
    tcp = data + IP + header;
    if (is_v4(data, bytes))                    /* short frames may be padded */
        view.ip_bytes = get16(data + IP + V4_TOTAL);
    view.is_tcp = 1;
    view.flags = tcp[TCP_FLAGS];
    view.header_bytes = header + (tcp[TCP_OFFSET] >> 4) * 4u;
    view.is_bare = view.ip_bytes == view.header_bytes && !(view.flags & (FIN | SYN | RST));
    return view;
}

static void finish_v4_header(uint8_t *ip)
{
    put16(ip + V4_CHECKSUM, 0);
    put16(ip + V4_CHECKSUM, ~fold(sum(0, ip, (ip[0] & 15u) * 4u)) & 0xffff);
}

static void finish_tcp_checksum(uint8_t *data, size_t bytes)
{
    size_t header = ip_header_bytes(data);
    uint8_t *tcp = data + IP + header;
    size_t tcp_bytes = bytes - IP - header;
    size_t address_bytes = header == V6_HEADER ? 32 : 8;    /* both lie at the end of the IP header */
    size_t addresses = header == V6_HEADER ? 8 : 12;
    uint32_t pseudo = sum(PROTOCOL_TCP + (uint32_t)tcp_bytes, data + IP + addresses, address_bytes);
    put16(tcp + TCP_CHECKSUM, 0);
    put16(tcp + TCP_CHECKSUM, ~fold(sum(pseudo, tcp, tcp_bytes)) & 0xffff);
}

/* One piece of a super-packet: headers as in the original, corrected for its place in it. */
static void send_piece(const uint8_t *data, size_t headers, size_t done, size_t piece, size_t payload,
                       size_t number, wire_sink *sink, void *context)
{
    uint8_t frame[WIRE_FRAME_MAX];
    uint8_t *ip = frame + IP;
    uint8_t *tcp = ip + ip_header_bytes(data);
    memcpy(frame, data, headers);
    memcpy(frame + headers, data + headers + done, piece);
    put32(tcp + TCP_SEQ, get32(tcp + TCP_SEQ) + (uint32_t)done);
    if (done + piece < payload)
        tcp[TCP_FLAGS] &= (uint8_t)~(FIN | PSH);
    if (done)
        tcp[TCP_FLAGS] &= (uint8_t)~CWR;
    if (is_v4(frame, headers)) {
        put16(ip + V4_TOTAL, (unsigned)(headers + piece - IP));
        put16(ip + V4_ID, get16(ip + V4_ID) + (unsigned)number);
        finish_v4_header(ip);
    } else {
        put16(ip + V6_PAYLOAD, (unsigned)(headers + piece - IP - V6_HEADER));
    }
    finish_tcp_checksum(frame, headers + piece);
    sink(context, frame, headers + piece);
}

static void cut(const uint8_t *data, size_t bytes, size_t size, wire_sink *sink, void *context)
{
    size_t headers = IP + wire_look(data, bytes).header_bytes;
    size_t payload = bytes - headers, done = 0, number = 0;
    while (done < payload) {
        size_t piece = payload - done < size ? payload - done : size;
        send_piece(data, headers, done, piece, payload, number++, sink, context);
        done += piece;
    }
}

void wire_finish(const struct virtio_net_hdr *offload, uint8_t *data, size_t bytes, wire_sink *sink,
                 void *context)
{
    struct wire_view view = wire_look(data, bytes);
    if (offload->gso_type != VIRTIO_NET_HDR_GSO_NONE && offload->gso_size && view.is_tcp) {
        cut(data, bytes, offload->gso_size, sink, context);
        return;
    }
    if (offload->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
        /* The sender has put the pseudo header's sum where the checksum belongs. */
        uint8_t *field = data + offload->csum_start + offload->csum_offset;
        put16(field, ~fold(sum(0, data + offload->csum_start, bytes - offload->csum_start)) & 0xffff);
    }
    sink(context, data, bytes);
}

void wire_pass_hops(uint8_t *data, size_t bytes, unsigned hops)
{
    if (is_v4(data, bytes) && data[IP + V4_TTL] > hops) {
        data[IP + V4_TTL] -= (uint8_t)hops;
        finish_v4_header(data + IP);
    } else if (is_v6(data, bytes) && data[IP + V6_HOP_LIMIT] > hops &&
               !(data[IP + V6_NEXT] == PROTOCOL_ICMP6 && data[IP + V6_HOP_LIMIT] == 255)) {
        data[IP + V6_HOP_LIMIT] -= (uint8_t)hops;    /* 255 on ICMPv6 is neighbour discovery: link only */
    }
}
