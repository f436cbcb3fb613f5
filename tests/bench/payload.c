/* Each stream is a cycle of CYCLE bytes, kept with PAYLOAD_MAX more so that no stretch wraps, and with the running
 * sum before each byte: the sum of any stretch is then one subtraction. Sums may overflow, differences do not. */
#include "tests/bench/payload.h"

#include <string.h>

#include "tests/bench/random.h"

enum {
	RECORD_HEADER = 5, RECORD = RECORD_HEADER + 16384,
	CYCLE = 4 * RECORD, /* even, so that a position's parity survives the wrap */
	KEPT = CYCLE + PAYLOAD_MAX,
};

static struct {
	uint8_t bytes[KEPT];
	uint32_t sum[KEPT + 1];
} streams[PAYLOAD_KINDS];

static void fill_text(uint8_t *bytes)
{
	static const char line[] = "Content-Line: the same procedure as every year, said again and again\r\n";

	for (size_t i = 0; i < CYCLE; i++)
		bytes[i] = (uint8_t)line[i % (sizeof(line) - 1)];
}

static void fill_records(uint8_t *bytes)
{
	static const uint8_t header[RECORD_HEADER] = {0x17, 3, 3, 0x40, 0}; /* RFC 8446 §5.1 */
	struct random random = {1};

	for (size_t i = 0; i < CYCLE; i++)
		bytes[i] = i % RECORD < RECORD_HEADER ? header[i % RECORD] : (uint8_t)random_next(&random);
}

static void finish(uint8_t *bytes, uint32_t *sum)
{
	memcpy(bytes + CYCLE, bytes, PAYLOAD_MAX);
	for (size_t i = 0; i < KEPT; i++)
		sum[i + 1] = sum[i] + ((uint32_t)bytes[i] << (i % 2 ? 0 : 8));
}

void payload_init(void)
{
	fill_text(streams[PAYLOAD_TEXT].bytes);
	fill_records(streams[PAYLOAD_RECORDS].bytes);
	for (int kind = 0; kind < PAYLOAD_KINDS; kind++)
		finish(streams[kind].bytes, streams[kind].sum);
}

const uint8_t *payload_bytes(enum payload_kind kind, uint64_t at)
{
	return streams[kind].bytes + at % CYCLE;
}

uint32_t payload_sum(enum payload_kind kind, uint64_t at, uint32_t len)
{
	const uint32_t *from = streams[kind].sum + at % CYCLE;
	uint32_t sum = from[len] - from[0];

	if (at % 2 == 0)
		return sum;
	/* An odd start swaps the bytes of every word, and so those of the sum (RFC 1071 §2 B). */
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xff) << 8 | sum >> 8;
}
