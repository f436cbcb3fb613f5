/* Mutations that know what a classic pcap file is: a fuzzer that only flips bytes mostly breaks lengths, and then one
 * packet is all that is read. Here records are copied, dropped, moved, given other times, other flags and numbers that
 * others used, so that what comes out is another story about the same connections. A quarter of all mutations, and all
 * of files that are no such pcap, are libFuzzer's own. */
#include <stdbool.h>
#include <string.h>

#include "capture/cursor.h"
#include "tests/fuzz/fuzz.h"

enum { FILE_HEADER = 24, RECORD_HEADER = 16, RECORDS_MAX = 1024, ETHERNET = 1, RAW = 101 };
enum { IPV4_MIN = 20, TCP_MIN = 20, PROTOCOL_TCP = 6 };

struct capture {
	uint8_t *bytes;
	size_t len, size; /* of them in use, and of the block */
	size_t at[RECORDS_MAX + 1]; /* of each record, and of the end of the last */
	unsigned records;
	uint64_t dice;
};

static uint32_t roll(struct capture *c, uint32_t below)
{
	c->dice ^= c->dice << 13;
	c->dice ^= c->dice >> 7;
	c->dice ^= c->dice << 17;
	return (uint32_t)(c->dice >> 16) % below;
}

static void store_u32le(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

static void store_u32be(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Finds the records that are whole. False when there is none to work on. */
static bool find_records(struct capture *c)
{
	size_t at = FILE_HEADER;

	c->records = 0;
	if (c->len < FILE_HEADER || load_u32le(c->bytes) != 0xa1b2c3d4)
		return false;
	while (c->records < RECORDS_MAX && c->len - at >= RECORD_HEADER &&
	       load_u32le(c->bytes + at + 8) <= c->len - at - RECORD_HEADER) {
		c->at[c->records++] = at;
		at += RECORD_HEADER + load_u32le(c->bytes + at + 8);
	}
	c->at[c->records] = at;
	return c->records > 0;
}

static size_t record_len(const struct capture *c, unsigned i)
{
	return c->at[i + 1] - c->at[i];
}

static uint8_t *record(const struct capture *c, unsigned i)
{
	return c->bytes + c->at[i];
}

/* --- records ------------------------------------------------------------------------------------------- */

static void drop_record(struct capture *c)
{
	unsigned i = roll(c, c->records);

	memmove(record(c, i), c->bytes + c->at[i + 1], c->len - c->at[i + 1]);
	c->len -= record_len(c, i);
}

/* A copy in front of another, with that one's time half of the time. */
static void copy_record(struct capture *c)
{
	static uint8_t copy[65536];
	unsigned from = roll(c, c->records), to = roll(c, c->records + 1);
	size_t len = record_len(c, from), at = c->at[to];

	if (len > sizeof copy || len > c->size - c->len)
		return;
	memcpy(copy, record(c, from), len);
	if (to < c->records && roll(c, 2))
		memcpy(copy, c->bytes + at, 8);
	memmove(c->bytes + at + len, c->bytes + at, c->len - at);
	memcpy(c->bytes + at, copy, len);
	c->len += len;
}

/* All from one record on come later, or earlier: by milliseconds, an idle timer, or decades. */
static void shift_times(struct capture *c)
{
	static const uint32_t seconds[] = {0, 1, 3, 10, 61, 130, 300, 350, 900, 3600, 86400, 400000000};
	uint32_t step = seconds[roll(c, sizeof seconds / sizeof *seconds)], fraction = roll(c, 1000000);
	bool back = roll(c, 4) == 0, one = roll(c, 4) == 0;

	for (unsigned i = roll(c, c->records), n = one ? i + 1 : c->records; i < n; i++) {
		uint32_t was = load_u32le(record(c, i));

		store_u32le(record(c, i), back ? was - step : was + step);
		if (one)
			store_u32le(record(c, i) + 4, fraction);
	}
}

/* Fewer bytes captured than there were on the wire. */
static void cut_record(struct capture *c)
{
	unsigned i = roll(c, c->records);
	uint8_t *r = record(c, i);
	uint32_t captured = load_u32le(r + 8), less = captured > 0 ? roll(c, captured) : 0;

	memmove(r + RECORD_HEADER + less, c->bytes + c->at[i + 1], c->len - c->at[i + 1]);
	store_u32le(r + 8, less);
	c->len -= captured - less;
}

/* libFuzzer's own mutation, inside one packet, whose length follows. */
static void mutate_packet(struct capture *c)
{
	static uint8_t packet[4096];
	unsigned i = roll(c, c->records);
	uint8_t *r = record(c, i);
	size_t was = record_len(c, i) - RECORD_HEADER, rest = c->len - c->at[i + 1], most = was + c->size - c->len, now;

	if (was > sizeof packet || most == 0) /* it makes one byte of nothing, whether there is room or not */
		return;
	memcpy(packet, r + RECORD_HEADER, was);
	now = LLVMFuzzerMutate(packet, was, most < sizeof packet ? most : sizeof packet);
	memmove(r + RECORD_HEADER + now, c->bytes + c->at[i + 1], rest);
	memcpy(r + RECORD_HEADER, packet, now);
	store_u32le(r + 8, (uint32_t)now);
	store_u32le(r + 12, (uint32_t)now);
	c->len += now - was;
}

/* --- TCP ----------------------------------------------------------------------------------------------- */

/* The IPv4 header of a record that holds plain TCP over IPv4, else NULL. *out_tcp is where TCP begins. */
static uint8_t *find_ip(const struct capture *c, unsigned i, uint8_t **out_tcp)
{
	uint32_t linktype = load_u32le(c->bytes + 20) & 0xffff;
	size_t link = linktype == ETHERNET ? 14 : linktype == RAW ? 0 : SIZE_MAX;
	size_t len = record_len(c, i) - RECORD_HEADER, header;
	uint8_t *ip = record(c, i) + RECORD_HEADER;

	if (link == SIZE_MAX || len < link + IPV4_MIN + TCP_MIN)
		return NULL;
	ip += link;
	header = (ip[0] & 15u) * 4;
	if (ip[0] >> 4 != 4 || header < IPV4_MIN || ip[9] != PROTOCOL_TCP || len < link + header + TCP_MIN)
		return NULL;
	*out_tcp = ip + header;
	return ip;
}

static void swap_bytes(uint8_t *a, uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t was = a[i];

		a[i] = b[i];
		b[i] = was;
	}
}

/* A number that somebody used, or one close by. */
static uint32_t borrow_number(struct capture *c)
{
	uint8_t *tcp;
	uint32_t number = 0;

	if (find_ip(c, roll(c, c->records), &tcp) != NULL)
		number = load_u32be(tcp + (roll(c, 2) ? 4 : 8));
	switch (roll(c, 4)) {
	case 0: return number + roll(c, 3) - 1;
	case 1: return number + roll(c, 70000) - 1460;
	default: return number;
	}
}

/* Another role for a segment. */
static void mutate_tcp(struct capture *c)
{
	static const uint8_t flags[] = {0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14, 0x00, 0x19, 0x29};
	uint8_t *tcp, *ip = find_ip(c, roll(c, c->records), &tcp);

	if (ip == NULL)
		return;
	switch (roll(c, 7)) {
	case 0: tcp[13] = flags[roll(c, sizeof flags)]; break;
	case 1: store_u32be(tcp + 4, borrow_number(c)); break;
	case 2: store_u32be(tcp + 8, borrow_number(c)); break;
	case 3:
		swap_bytes(ip + 12, ip + 16, 4);
		swap_bytes(tcp, tcp + 2, 2);
		break;
	case 4: tcp[14] = tcp[15] = roll(c, 2) ? 0 : (uint8_t)roll(c, 256); break;
	case 5: ip[8] = (uint8_t)roll(c, 256); break;
	default: ip[4] = (uint8_t)roll(c, 256); break;
	}
}

/* --- libFuzzer calls ------------------------------------------------------------------------------------- */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static void (*const mutations[])(struct capture *c) = {
		drop_record, copy_record, shift_times, cut_record, mutate_packet, mutate_packet, mutate_tcp, mutate_tcp,
	};
	struct capture c = {.bytes = data, .len = size, .size = max_size, .dice = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};

	if (roll(&c, 4) == 0 || !find_records(&c))
		return LLVMFuzzerMutate(data, size, max_size);
	for (unsigned rounds = 1 + roll(&c, 4); rounds > 0 && find_records(&c); rounds--)
		mutations[roll(&c, sizeof mutations / sizeof *mutations)](&c);
	return c.len;
}
