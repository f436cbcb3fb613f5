#include "pcaps/forge_file.h"

#include <arpa/inet.h>
#include <string.h>

enum { DEFAULT_SNAPLEN = 262144, NS_PER_S = 1000000000, NS_PER_US = 1000 };

/* pcapng block types and option codes, draft-ietf-opsawg-pcapng */
enum { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_STATISTICS = 5, BLOCK_PACKET = 6 };
enum { OPT_COMMENT = 1, SHB_OS = 3, SHB_USERAPPL = 4, IF_NAME = 2, IF_IPV4ADDR = 4, IF_TSRESOL = 9,
       EPB_FLAGS = 2, EPB_DROPCOUNT = 4, ISB_IFRECV = 4, ISB_IFDROP = 5 };

static uint32_t snaplen(const struct file_format *format)
{
	return format->snaplen ? format->snaplen : DEFAULT_SNAPLEN;
}

static GByteArray *frame_bytes(const struct file_format *format, const struct packet *p)
{
	GByteArray *frame = g_byte_array_new();
	if (p->frame)
		return g_byte_array_append(frame, p->frame->data, p->frame->len);
	struct link link = format->interfaces[p->interface].link;
	link.big_endian = format->order == BYTES_BIG;
	g_autoptr(GByteArray) ip = packet_bytes(p);
	struct wrapped wrapped = { .bytes = ip, .ethertype = p->from.ipv6 ? 0x86dd : 0x0800 };
	for (size_t i = 0; i < G_N_ELEMENTS(link.wraps) && link.wraps[i]; i++)
		link.wraps[i](p, &wrapped);
	link_append(&link, p, &wrapped, frame);
	g_byte_array_append(frame, ip->data, ip->len);
	link_append_trailer(&link, p, frame);
	return frame;
}

static int64_t stamp_ns(const struct packet *p)
{
	return p->seen_ns + p->clock_error_ns;
}

/* --- classic ---------------------------------------------------------------------------------------- */

static void classic_header(const struct file_format *format, GByteArray *out)
{
	bytes_u32(out, format->order, format->nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
	bytes_u16(out, format->order, 2);
	bytes_u16(out, format->order, 4);
	bytes_zero(out, 8);
	bytes_u32(out, format->order, snaplen(format));
	bytes_u32(out, format->order, format->interfaces[0].link.type);
}

static void classic_packet(const struct file_format *format, const struct packet *p, GByteArray *out)
{
	g_autoptr(GByteArray) frame = frame_bytes(format, p);
	uint32_t captured = MIN(frame->len, snaplen(format));
	uint32_t fraction = (uint32_t)(stamp_ns(p) % NS_PER_S);
	bytes_u32(out, format->order, (uint32_t)(stamp_ns(p) / NS_PER_S));
	bytes_u32(out, format->order, format->nanoseconds ? fraction : fraction / NS_PER_US);
	bytes_u32(out, format->order, captured);
	bytes_u32(out, format->order, frame->len);
	g_byte_array_append(out, frame->data, captured);
}

/* --- pcapng ----------------------------------------------------------------------------------------- */

static void append_padded(GByteArray *out, const void *bytes, size_t bytes_len)
{
	g_byte_array_append(out, bytes, (guint)bytes_len);
	bytes_zero(out, (4 - bytes_len % 4) % 4);
}

static void option(GByteArray *body, enum bytes_order order, uint16_t code, const void *value, size_t value_len)
{
	bytes_u16(body, order, code);
	bytes_u16(body, order, (uint16_t)value_len);
	append_padded(body, value, value_len);
}

static void option_text(GByteArray *body, enum bytes_order order, uint16_t code, const char *text)
{
	if (text)
		option(body, order, code, text, strlen(text));
}

static void option_u32(GByteArray *body, enum bytes_order order, uint16_t code, uint32_t number)
{
	g_autoptr(GByteArray) value = g_byte_array_new();
	bytes_u32(value, order, number);
	option(body, order, code, value->data, value->len);
}

static void option_u64(GByteArray *body, enum bytes_order order, uint16_t code, uint64_t number)
{
	g_autoptr(GByteArray) value = g_byte_array_new();
	bytes_u64(value, order, number);
	option(body, order, code, value->data, value->len);
}

/* Wraps a body that is done, options and all, into its block. */
static void block(GByteArray *out, enum bytes_order order, uint32_t type, GByteArray *body, bool has_options)
{
	enum { AROUND = 12 };
	if (has_options)
		bytes_zero(body, 4); /* opt_endofopt */
	bytes_u32(out, order, type);
	bytes_u32(out, order, body->len + AROUND);
	g_byte_array_append(out, body->data, body->len);
	bytes_u32(out, order, body->len + AROUND);
}

static void section_block(const struct file_format *format, GByteArray *out)
{
	g_autoptr(GByteArray) body = g_byte_array_new();
	bytes_u32(body, format->order, 0x1a2b3c4d);
	bytes_u16(body, format->order, 1);
	bytes_u16(body, format->order, 0);
	bytes_u64(body, format->order, UINT64_MAX); /* length not said */
	option_text(body, format->order, OPT_COMMENT, format->comment);
	option_text(body, format->order, SHB_OS, format->os);
	option_text(body, format->order, SHB_USERAPPL, "forge");
	block(out, format->order, BLOCK_SECTION, body, true);
}

static void interface_block(const struct file_format *format, const struct file_interface *interface,
                            GByteArray *out)
{
	g_autoptr(GByteArray) body = g_byte_array_new();
	bytes_u16(body, format->order, interface->link.type);
	bytes_u16(body, format->order, 0);
	bytes_u32(body, format->order, snaplen(format));
	option_text(body, format->order, IF_NAME, interface->name);
	if (interface->ipv4_address) {
		uint8_t address_and_mask[8] = { 0, 0, 0, 0, 255, 255, 255, 0 };
		inet_pton(AF_INET, interface->ipv4_address, address_and_mask);
		option(body, format->order, IF_IPV4ADDR, address_and_mask, sizeof(address_and_mask));
	}
	if (interface->resolution)
		option(body, format->order, IF_TSRESOL, &interface->resolution, 1);
	block(out, format->order, BLOCK_INTERFACE, body, true);
}

/* Ticks of 10^-n or 2^-n s. Seconds and fraction apart: together they would overflow at 2^-32 s. */
static uint64_t ticks(const struct file_interface *interface, int64_t time_ns)
{
	uint64_t seconds = (uint64_t)(time_ns / NS_PER_S);
	uint64_t fraction = (uint64_t)(time_ns % NS_PER_S);
	uint8_t resolution = interface->resolution ? interface->resolution : 6;
	if (resolution & 0x80)
		return (seconds << (resolution & 0x7f)) + (fraction << (resolution & 0x7f)) / NS_PER_S;
	uint64_t per_second = 1;
	for (uint8_t i = 0; i < resolution; i++)
		per_second *= 10;
	return seconds * per_second + fraction * per_second / NS_PER_S;
}

static void packet_block(const struct file_format *format, const struct packet *p, GByteArray *out)
{
	g_autoptr(GByteArray) frame = frame_bytes(format, p);
	g_autoptr(GByteArray) body = g_byte_array_new();
	uint32_t captured = MIN(frame->len, snaplen(format));
	uint64_t time = ticks(&format->interfaces[p->interface], stamp_ns(p));
	bytes_u32(body, format->order, p->interface);
	bytes_u32(body, format->order, (uint32_t)(time >> 32));
	bytes_u32(body, format->order, (uint32_t)time);
	bytes_u32(body, format->order, captured);
	bytes_u32(body, format->order, frame->len);
	append_padded(body, frame->data, captured);
	option_text(body, format->order, OPT_COMMENT, p->comment);
	if (format->directions)
		option_u32(body, format->order, EPB_FLAGS, p->way);
	if (p->drops)
		option_u64(body, format->order, EPB_DROPCOUNT, p->drops);
	block(out, format->order, BLOCK_PACKET, body, p->comment || format->directions || p->drops);
}

static void statistics_block(const struct file_format *format, uint32_t index, int64_t end_ns, GByteArray *out)
{
	const struct file_interface *interface = &format->interfaces[index];
	g_autoptr(GByteArray) body = g_byte_array_new();
	uint64_t time = ticks(interface, end_ns);
	bytes_u32(body, format->order, index);
	bytes_u32(body, format->order, (uint32_t)(time >> 32));
	bytes_u32(body, format->order, (uint32_t)time);
	option_u64(body, format->order, ISB_IFRECV, interface->received);
	option_u64(body, format->order, ISB_IFDROP, interface->dropped);
	block(out, format->order, BLOCK_STATISTICS, body, true);
}

static void pcapng(const struct file_format *format, const GPtrArray *packets, GByteArray *out)
{
	section_block(format, out);
	for (size_t i = 0; i < format->interfaces_len; i++)
		interface_block(format, &format->interfaces[i], out);
	for (guint i = 0; i < packets->len; i++)
		packet_block(format, packets->pdata[i], out);
	const struct packet *last = packets->pdata[packets->len - 1];
	for (uint32_t i = 0; i < format->interfaces_len; i++) {
		if (format->interfaces[i].received)
			statistics_block(format, i, stamp_ns(last), out);
	}
}

GByteArray *file_bytes(const struct file_format *format, const GPtrArray *packets)
{
	GByteArray *out = g_byte_array_new();
	if (format->pcapng) {
		pcapng(format, packets, out);
		return out;
	}
	classic_header(format, out);
	for (guint i = 0; i < packets->len; i++)
		classic_packet(format, packets->pdata[i], out);
	return out;
}
