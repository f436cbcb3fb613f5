/* One frame of any link type through decode: nothing is read that is not there, what the segment says fits its frame,
 * and the fast way and the general way agree.
 *
 *    link type(2, little-endian; one that nothing is known of stands for one that is)
 *    direction(2 bits) frame check sequence(3 bits)
 *    bytes on the wire beyond those captured(2, little-endian)
 *    frame */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "capture/cursor.h"
#include "capture/decode.h"
#include "capture/source.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/packets.h"

enum { HEADER_BYTES = 5 };

static uint16_t known[256];
static unsigned known_len;

static void find_known(void)
{
	for (unsigned linktype = 0; linktype <= UINT16_MAX && known_len < G_N_ELEMENTS(known); linktype++)
		if (decode_knows_linktype((uint16_t)linktype))
			known[known_len++] = (uint16_t)linktype;
}

static uint16_t choose_linktype(uint16_t number)
{
	if (known_len == 0)
		find_known();
	return decode_knows_linktype(number) ? number : known[number % known_len];
}

static void check_frame(const struct frame *frame)
{
	struct segment fast, general;

	memset(&fast, 0x5a, sizeof fast); /* what was there before must not matter */
	memset(&general, 0xa5, sizeof general);
	decode_frame(frame, &fast);
	decode_frame_general(frame, &general);
	g_assert(segment_equal(&fast, &general));
	g_assert(segment_fits(&fast, frame));
	g_assert(segment_checksum(&fast) <= CHECKSUM_BAD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < HEADER_BYTES)
		return 0;
	size_t len = size - HEADER_BYTES;
	uint8_t *bytes = fuzz_copy(data + HEADER_BYTES, len);
	const struct frame frame = {
		.number = 1,
		.time_ns = 1,
		.bytes = bytes,
		.bytes_len = (uint32_t)len,
		.wire_len = (uint32_t)len + load_u16le(data + 3),
		.linktype = choose_linktype(load_u16le(data)),
		.direction = (data[2] & 3) % 3,
		.fcs_len = data[2] >> 2 & 7,
	};
	check_frame(&frame);
	free(bytes);
	return 0;
}
