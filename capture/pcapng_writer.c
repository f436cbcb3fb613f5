/* The mirror of pcapng_block.c and those that read: a block's length is known when its body is there, so it is written
 * last, in front as well. */
#include "capture/pcapng_writer.h"

#include <string.h>

#include "capture/pcapng_block.h"

enum { VERSION_MAJOR = 1, VERSION_MINOR = 0, NANOSECONDS = 9 };
enum { FILTER_IS_TEXT = 0, HOST_BITS_IPV6 = 128 };
static const uint32_t BYTE_ORDER_MAGIC = 0x1A2B3C4D;
static const uint8_t IPV4_MAPPED[12] = { [10] = 0xff, [11] = 0xff };

/* --- numbers, texts, options -------------------------------------------------------------------------- */
static void put_u16(GByteArray *out, uint16_t value)
{
	uint16_t little = GUINT16_TO_LE(value);
	g_byte_array_append(out, (const guint8 *)&little, sizeof(little));
}

static void put_u32(GByteArray *out, uint32_t value)
{
	uint32_t little = GUINT32_TO_LE(value);
	g_byte_array_append(out, (const guint8 *)&little, sizeof(little));
}

/* Two words, the high one first in both byte orders: the draft's choice. */
static void put_time(GByteArray *out, int64_t time_ns)
{
	uint64_t ticks = time_ns > 0 ? (uint64_t)time_ns : 0;
	put_u32(out, (uint32_t)(ticks >> 32));
	put_u32(out, (uint32_t)ticks);
}

static void put_bytes(GByteArray *out, const void *bytes, size_t len)
{
	static const guint8 zeros[4];
	if (len > 0)
		g_byte_array_append(out, bytes, (guint)len);
	g_byte_array_append(out, zeros, (guint)(pcapng_padded(len) - len));
}

static void put_option(GByteArray *out, uint16_t code, const void *value, size_t len)
{
	put_u16(out, code);
	put_u16(out, (uint16_t)len);
	put_bytes(out, value, len);
}

static void put_option_u64(GByteArray *out, uint16_t code, uint64_t value)
{
	uint64_t little = GUINT64_TO_LE(value);
	put_option(out, code, &little, sizeof(little));
}

/* As much of it as max bytes hold, in whole characters. */
static size_t cut_utf8(const char *text, size_t max)
{
	size_t len = strlen(text);
	if (len <= max)
		return len;
	for (len = max; len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80; len--)
		;
	return len;
}

/* A character that the first cut breaks lies beyond the last byte that is kept, so it is gone after the second. */
static char *fit_text(const char *text, size_t max, size_t *out_len)
{
	enum { UTF8_LONGEST = 4 };
	char *valid = g_utf8_make_valid(text, (gssize)strnlen(text, max + UTF8_LONGEST));
	*out_len = cut_utf8(valid, max);
	return valid;
}

static void put_text(GByteArray *out, uint16_t code, const char *text)
{
	size_t len;
	if (!text || !*text)
		return;
	g_autofree char *fit = fit_text(text, UINT16_MAX, &len);
	put_option(out, code, fit, len);
}

static void put_comments(GByteArray *out, const char *const *comments)
{
	size_t left = PCAPNG_COMMENTS_MAX_BYTES;
	for (; comments && *comments; comments++) {
		size_t begun = out->len;
		put_text(out, PCAPNG_OPT_COMMENT, *comments);
		if (out->len - begun > left) {
			g_byte_array_set_size(out, (guint)begun);
			return;
		}
		left -= out->len - begun;
	}
}

/* Only where there are any since then: most packets have none. */
static void end_options(GByteArray *out, size_t begun)
{
	if (out->len > begun)
		put_u32(out, PCAPNG_OPT_END);
}

/* --- blocks ------------------------------------------------------------------------------------------- */
static size_t begin_block(GByteArray *out, uint32_t type)
{
	size_t begun = out->len;
	put_u32(out, type);
	put_u32(out, 0); /* length: known at the end */
	return begun;
}

static void end_block(GByteArray *out, size_t begun)
{
	uint32_t total = (uint32_t)(out->len - begun + PCAPNG_BLOCK_TAIL);
	uint32_t little = GUINT32_TO_LE(total);
	put_u32(out, total);
	memcpy(out->data + begun + 4, &little, sizeof(little));
}

void pcapng_put_section(GByteArray *out, const struct pcapng_section *section)
{
	size_t begun = begin_block(out, PCAPNG_SECTION_HEADER);
	put_u32(out, BYTE_ORDER_MAGIC);
	put_u16(out, VERSION_MAJOR);
	put_u16(out, VERSION_MINOR);
	put_u32(out, UINT32_MAX); /* length of the section: not known yet */
	put_u32(out, UINT32_MAX);
	size_t options = out->len;
	put_comments(out, section->comments);
	put_text(out, PCAPNG_SHB_HARDWARE, section->hardware);
	put_text(out, PCAPNG_SHB_OS, section->os);
	put_text(out, PCAPNG_SHB_APPLICATION, section->application);
	end_options(out, options);
	end_block(out, begun);
}

/* A filter is one byte that tells its kind, then the text that was typed. */
static void put_filter(GByteArray *out, const char *text)
{
	size_t len;
	if (!text || !*text)
		return;
	g_autofree char *fit = fit_text(text, UINT16_MAX - 1, &len);
	g_autofree uint8_t *value = g_malloc(len + 1);
	value[0] = FILTER_IS_TEXT;
	memcpy(value + 1, fit, len);
	put_option(out, PCAPNG_IF_FILTER, value, len + 1);
}

static void put_address(GByteArray *out, const uint8_t address[16])
{
	uint8_t ipv4[8] = { 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }; /* then the mask */
	uint8_t ipv6[17] = { [16] = HOST_BITS_IPV6 };
	if (memcmp(address, IPV4_MAPPED, sizeof(IPV4_MAPPED)) == 0) {
		memcpy(ipv4, address + 12, 4);
		put_option(out, PCAPNG_IF_IPV4, ipv4, sizeof(ipv4));
	} else {
		memcpy(ipv6, address, 16);
		put_option(out, PCAPNG_IF_IPV6, ipv6, sizeof(ipv6));
	}
}

void pcapng_put_interface(GByteArray *out, const struct interface *interface)
{
	const uint8_t resolution = NANOSECONDS;
	size_t begun = begin_block(out, PCAPNG_INTERFACE);
	put_u16(out, interface->linktype);
	put_u16(out, 0); /* reserved */
	put_u32(out, interface->snaplen);
	size_t options = out->len;
	put_text(out, PCAPNG_IF_NAME, interface->name);
	put_text(out, PCAPNG_IF_DESCRIPTION, interface->description);
	for (size_t i = 0; i < interface->addresses_len; i++)
		put_address(out, interface->addresses[i].address);
	put_option(out, PCAPNG_IF_TSRESOL, &resolution, 1);
	put_filter(out, interface->filter);
	put_text(out, PCAPNG_IF_OS, interface->os);
	end_options(out, options);
	end_block(out, begun);
}

/* Bits 0-1 direction, bits 5-8 length of the frame check sequence in bytes, 0 unknown. */
static void put_flags(GByteArray *out, const struct frame *frame)
{
	uint32_t flags = (uint32_t)(frame->fcs_len & 0xf) << 5;
	if (frame->direction == FRAME_INBOUND)
		flags |= 1;
	if (frame->direction == FRAME_OUTBOUND)
		flags |= 2;
	uint32_t little = GUINT32_TO_LE(flags);
	if (flags != 0)
		put_option(out, PCAPNG_EPB_FLAGS, &little, sizeof(little));
}

void pcapng_put_packet(GByteArray *out, const struct frame *frame, uint32_t interface, const char *const *comments)
{
	size_t begun = begin_block(out, PCAPNG_ENHANCED_PACKET);
	put_u32(out, interface);
	put_time(out, frame->time_ns);
	put_u32(out, frame->bytes_len);
	put_u32(out, MAX(frame->wire_len, frame->bytes_len));
	put_bytes(out, frame->bytes, frame->bytes_len);
	size_t options = out->len;
	put_comments(out, comments);
	put_flags(out, frame);
	end_options(out, options);
	end_block(out, begun);
}

void pcapng_put_statistics(GByteArray *out, uint32_t interface, int64_t time_ns, uint64_t received, uint64_t dropped)
{
	size_t begun = begin_block(out, PCAPNG_STATISTICS);
	put_u32(out, interface);
	put_time(out, time_ns);
	size_t options = out->len;
	if (received != UINT64_MAX)
		put_option_u64(out, PCAPNG_ISB_RECEIVED, received);
	if (dropped != UINT64_MAX)
		put_option_u64(out, PCAPNG_ISB_DROPPED, dropped);
	end_options(out, options);
	end_block(out, begun);
}
