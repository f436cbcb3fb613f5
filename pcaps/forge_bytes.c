#include "pcaps/forge_bytes.h"

static void append(GByteArray *out, enum bytes_order order, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		bytes_u8(out, (uint8_t)(value >> 8 * (order == BYTES_BIG ? size - 1 - i : i)));
}

void bytes_u8(GByteArray *out, uint8_t value)
{
	g_byte_array_append(out, &value, 1);
}

void bytes_u16(GByteArray *out, enum bytes_order order, uint16_t value)
{
	append(out, order, value, sizeof(value));
}

void bytes_u32(GByteArray *out, enum bytes_order order, uint32_t value)
{
	append(out, order, value, sizeof(value));
}

void bytes_u64(GByteArray *out, enum bytes_order order, uint64_t value)
{
	append(out, order, value, sizeof(value));
}

void bytes_zero(GByteArray *out, size_t count)
{
	while (count--)
		bytes_u8(out, 0);
}
