#include "tests/unit/containers.h"

#include "capture/pcapng_block.h"

void put_pcap_header(struct bytes *b, uint32_t magic, uint32_t snaplen, uint32_t linktype)
{
	put_u32(b, magic);
	put_u16(b, 2); /* version */
	put_u16(b, 4);
	put_u32(b, 0); /* time zone */
	put_u32(b, 0); /* accuracy */
	put_u32(b, snaplen);
	put_u32(b, linktype);
}

void put_counting(struct bytes *b, size_t len, uint8_t first)
{
	for (size_t i = 0; i < len; i++)
		put_u8(b, (uint8_t)(first + i));
}

void put_pcap_record(struct bytes *b, uint32_t seconds, uint32_t fraction, uint32_t captured,
                     uint32_t original, uint8_t first)
{
	put_u32(b, seconds);
	put_u32(b, fraction);
	put_u32(b, captured);
	put_u32(b, original);
	put_counting(b, captured, first);
}

size_t begin_block(struct bytes *b, uint32_t type)
{
	size_t begun = bytes_len(b);
	put_u32(b, type);
	put_u32(b, 0); /* length: known at the end */
	return begun;
}

void end_block(struct bytes *b, size_t begun)
{
	put_padding(b);
	uint32_t len = (uint32_t)(bytes_len(b) + 4 - begun);
	put_u32(b, len);
	set_u32(b, begun + 4, len);
}

void put_section(struct bytes *b)
{
	size_t begun = begin_block(b, PCAPNG_SECTION_HEADER);
	put_u32(b, 0x1A2B3C4D);
	put_u16(b, 1); /* version */
	put_u16(b, 0);
	put_u64(b, UINT64_MAX); /* length of the section: unknown */
	end_block(b, begun);
}

size_t begin_interface(struct bytes *b, uint16_t linktype, uint32_t snaplen)
{
	size_t begun = begin_block(b, PCAPNG_INTERFACE);
	put_u16(b, linktype);
	put_u16(b, 0);
	put_u32(b, snaplen);
	return begun;
}

void put_interface(struct bytes *b, uint16_t linktype, uint32_t snaplen)
{
	end_block(b, begin_interface(b, linktype, snaplen));
}

void put_option(struct bytes *b, uint16_t code, const void *value, size_t len)
{
	put_u16(b, code);
	put_u16(b, (uint16_t)len);
	put(b, value, len);
	put_padding(b);
}

void put_option_u32(struct bytes *b, uint16_t code, uint32_t value)
{
	put_u16(b, code);
	put_u16(b, 4);
	put_u32(b, value);
}

void put_option_u64(struct bytes *b, uint16_t code, uint64_t value)
{
	put_u16(b, code);
	put_u16(b, 8);
	put_u64(b, value);
}

void put_end_of_options(struct bytes *b)
{
	put_u32(b, 0);
}

size_t begin_packet(struct bytes *b, uint32_t interface, uint64_t ticks, uint32_t captured,
                    uint32_t original, uint8_t first)
{
	size_t begun = begin_block(b, PCAPNG_ENHANCED_PACKET);
	put_u32(b, interface);
	put_u32(b, (uint32_t)(ticks >> 32));
	put_u32(b, (uint32_t)ticks);
	put_u32(b, captured);
	put_u32(b, original);
	put_counting(b, captured, first);
	put_padding(b);
	return begun;
}

void put_packet(struct bytes *b, uint32_t interface, uint64_t ticks, uint32_t captured, uint32_t original,
                uint8_t first)
{
	end_block(b, begin_packet(b, interface, ticks, captured, original, first));
}
