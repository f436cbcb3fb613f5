/* Numbers appended to a byte array in a chosen byte order, whatever the machine's. */
#ifndef PCAPS_FORGE_BYTES_H
#define PCAPS_FORGE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum bytes_order { BYTES_LITTLE, BYTES_BIG };

void bytes_u8(GByteArray *out, uint8_t value);
void bytes_u16(GByteArray *out, enum bytes_order order, uint16_t value);
void bytes_u32(GByteArray *out, enum bytes_order order, uint32_t value);
void bytes_u64(GByteArray *out, enum bytes_order order, uint64_t value);
void bytes_zero(GByteArray *out, size_t count);

#endif
