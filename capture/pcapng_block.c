#include "capture/pcapng_block.h"

static const uint32_t BYTE_ORDER_MAGIC = 0x1A2B3C4D;

/* A section header is the one block whose byte order comes after its length. */
static bool find_order(const uint8_t *magic, enum byte_order *order)
{
	if (load_u32le(magic) == BYTE_ORDER_MAGIC)
		*order = ORDER_LITTLE;
	else if (load_u32be(magic) == BYTE_ORDER_MAGIC)
		*order = ORDER_BIG;
	else
		return false;
	return true;
}

static enum pcapng_peek need_more(struct pcapng_block *b, size_t size)
{
	b->size = size;
	return PEEK_MORE;
}

enum pcapng_peek pcapng_block_peek(struct pcapng_block *b, const uint8_t *bytes, size_t len,
                                   enum byte_order *order, size_t max_block)
{
	if (len < PCAPNG_BLOCK_HEAD)
		return need_more(b, PCAPNG_BLOCK_HEAD);
	b->type = load_u32(bytes, *order);
	if (b->type == PCAPNG_SECTION_HEADER) {
		if (len < PCAPNG_SECTION_PEEK)
			return need_more(b, PCAPNG_SECTION_PEEK);
		if (!find_order(bytes + PCAPNG_BLOCK_HEAD, order))
			return PEEK_NO_MAGIC;
	}
	b->total = load_u32(bytes + 4, *order);
	b->size = pcapng_padded(b->total);
	if (b->total < PCAPNG_BLOCK_HEAD + PCAPNG_BLOCK_TAIL || b->total > max_block)
		return PEEK_LENGTH;
	if (len < b->size)
		return PEEK_MORE;
	if (load_u32(bytes + b->size - PCAPNG_BLOCK_TAIL, *order) != b->total)
		return PEEK_TRAILER;
	b->body = bytes + PCAPNG_BLOCK_HEAD;
	b->body_len = b->size - PCAPNG_BLOCK_HEAD - PCAPNG_BLOCK_TAIL;
	return PEEK_BLOCK;
}

bool pcapng_option_next(struct cursor *list, enum byte_order order, uint16_t *out_code,
                        struct cursor *out_value)
{
	*out_code = cursor_u16(list, order);
	*out_value = cursor_child_u16(list, order);
	if (!cursor_ok(list) || *out_code == PCAPNG_OPT_END)
		return false;
	cursor_skip(list, pcapng_padded(out_value->left) - out_value->left);
	return true; /* with its padding missing, the option itself is whole */
}
