/* Invented addresses: one to one, with the prefixes of the real ones, within the ranges that have a meaning. */
#include "capture/anonymizer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "tests/unit/unit.h"

static const uint8_t key[ANONYMIZER_KEY_BYTES] = "a key that tests may know";

struct address {
	uint8_t bytes[16];
};

static struct address ipv4(uint32_t value)
{
	struct address a = { { [10] = 0xff, [11] = 0xff } };
	value = GUINT32_TO_BE(value);
	memcpy(a.bytes + 12, &value, 4);
	return a;
}

static struct address ipv6(const char *hex)
{
	struct address a = { { 0 } };
	for (size_t i = 0; hex[i * 2] && i < sizeof(a.bytes); i++)
		a.bytes[i] = (uint8_t)(g_ascii_xdigit_value(hex[i * 2]) << 4 | g_ascii_xdigit_value(hex[i * 2 + 1]));
	return a;
}

static struct address map(struct anonymizer *a, struct address real)
{
	anonymizer_address(a, real.bytes, real.bytes);
	return real;
}

static unsigned shared_bits(struct address a, struct address b)
{
	unsigned at = 0;
	while (at < 128 && !((a.bytes[at / 8] ^ b.bytes[at / 8]) >> (7 - at % 8) & 1))
		at++;
	return at;
}

/* Never the same as another run's, and always within the same numbers. */
static uint32_t next_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state;
}

static void test_prefixes(void)
{
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	uint32_t state = 1;
	for (int i = 0; i < 3000; i++) {
		uint32_t one = next_number(&state), other = one ^ next_number(&state) >> next_number(&state) % 32;
		struct address x = ipv4(one), y = ipv4(other);
		CU_ASSERT_EQUAL_FATAL(shared_bits(x, y), shared_bits(map(a, x), map(a, y)));
	}
	anonymizer_free(a);
}

static void test_prefixes_ipv6(void)
{
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	uint32_t state = 1;
	for (int i = 0; i < 1000; i++) {
		struct address x = ipv6("20010db8"), y;
		for (int byte = 4; byte < 16; byte++)
			x.bytes[byte] = (uint8_t)(next_number(&state) >> 24);
		y = x;
		y.bytes[next_number(&state) % 16] ^= (uint8_t)(1 << next_number(&state) % 8);
		CU_ASSERT_EQUAL_FATAL(shared_bits(x, y), shared_bits(map(a, x), map(a, y)));
	}
	anonymizer_free(a);
}

static bool is_within(struct address a, struct address net, unsigned bits)
{
	return shared_bits(a, net) >= bits;
}

/* Those within stay within, and nobody else comes there. */
static void test_ranges(void)
{
	static const struct { uint32_t net; unsigned bits; } nets[] = {
		{ 0x0a000000, 8 }, { 0xac100000, 12 }, { 0xc0a80000, 16 }, { 0x64400000, 10 }, { 0xa9fe0000, 16 },
		{ 0xe0000000, 4 }, { 0x7f000000, 8 }, { 0, 8 },
	};
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	uint32_t state = 7;
	for (int i = 0; i < 10000; i++) {
		uint32_t value = next_number(&state);
		for (size_t n = 0; n < G_N_ELEMENTS(nets); n++) {
			struct address net = ipv4(nets[n].net), any = ipv4(value), in = ipv4(nets[n].net | value >> nets[n].bits);
			CU_ASSERT_TRUE_FATAL(is_within(map(a, in), net, 96 + nets[n].bits));
			CU_ASSERT_EQUAL_FATAL(is_within(any, net, 96 + nets[n].bits), is_within(map(a, any), net, 96 + nets[n].bits));
		}
	}
	anonymizer_free(a);
}

static void test_ranges_ipv6(void)
{
	static const struct { const char *address; unsigned kept; } kinds[] = {
		{ "20010db8000000000000000000000005", 3 },  { "fd12345678900001020304fffe050607", 8 },
		{ "fe80000000000000020304fffe050607", 64 }, { "ff0200000000000000000001ff050607", 16 },
		{ "00000000000000000000fffe01020304", 81 },
	};
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct address real = ipv6(kinds[i].address), mapped = map(a, real);
		CU_ASSERT_TRUE(is_within(mapped, real, kinds[i].kept));
		CU_ASSERT_NOT_EQUAL(memcmp(&real, &mapped, sizeof(real)), 0);
		CU_ASSERT_FALSE(is_within(mapped, ipv4(0), 96)); /* it does not become an IPv4 address */
	}
	anonymizer_free(a);
}

static void test_what_stays(void)
{
	static const uint32_t ipv4s[] = { 0, 0x7f000001, 0x7f000035, 0xffffffff };
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	for (size_t i = 0; i < G_N_ELEMENTS(ipv4s); i++)
		CU_ASSERT_EQUAL(shared_bits(ipv4(ipv4s[i]), map(a, ipv4(ipv4s[i]))), 128);
	CU_ASSERT_EQUAL(shared_bits(ipv6(""), map(a, ipv6(""))), 128);
	CU_ASSERT_EQUAL(shared_bits(ipv6("00000000000000000000000000000001"), map(a, ipv6("00000000000000000000000000000001"))), 128);
	anonymizer_free(a);
}

/* A whole network, every host of it: one to one follows from the prefixes, but see it. */
static void test_one_to_one(void)
{
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	unsigned stayed = 0;
	for (uint32_t host = 0; host < 4096; host++) {
		struct address real = ipv4(0x5db80000 | host), mapped = map(a, real);
		guint low = (guint)mapped.bytes[14] << 8 | mapped.bytes[15];
		CU_ASSERT_TRUE_FATAL(g_hash_table_add(seen, GUINT_TO_POINTER(low + 1)));
		stayed += memcmp(&real, &mapped, sizeof(real)) == 0;
	}
	CU_ASSERT_EQUAL(stayed, 0);
	anonymizer_free(a);
}

/* The addresses that a key gives are a promise to those who keep the key. */
static void test_the_key_decides(void)
{
	static const uint8_t other_key[ANONYMIZER_KEY_BYTES] = "another key";
	struct anonymizer *a = anonymizer_new(key, sizeof(key)), *b = anonymizer_new(key, sizeof(key));
	struct anonymizer *c = anonymizer_new(other_key, sizeof(other_key));
	const uint8_t promised[4] = { 88, 231, 71, 1 };
	for (uint32_t i = 0; i < 100000; i++) /* more than are remembered */
		map(a, ipv4(0x08080808 + i));
	CU_ASSERT_EQUAL(shared_bits(map(a, ipv4(0x5db8d822)), map(b, ipv4(0x5db8d822))), 128);
	CU_ASSERT_NOT_EQUAL(shared_bits(map(a, ipv4(0x5db8d822)), map(c, ipv4(0x5db8d822))), 128);
	CU_ASSERT_EQUAL(memcmp(map(a, ipv4(0x5db8d822)).bytes + 12, promised, 4), 0);
	if (memcmp(map(a, ipv4(0x5db8d822)).bytes + 12, promised, 4) != 0)
		printf("(%u.%u.%u.%u) ", map(a, ipv4(0x5db8d822)).bytes[12], map(a, ipv4(0x5db8d822)).bytes[13],
		       map(a, ipv4(0x5db8d822)).bytes[14], map(a, ipv4(0x5db8d822)).bytes[15]);
	anonymizer_free(a);
	anonymizer_free(b);
	anonymizer_free(c);
}

static void test_macs(void)
{
	static const uint8_t station[6] = { 0, 0x1b, 0x21, 1, 2, 3 }, nobody[6] = { 0 };
	static const uint8_t everybody[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, group[6] = { 1, 0, 0x5e, 1, 2, 3 };
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	uint8_t out[6], again[6];
	anonymizer_mac(a, station, out);
	anonymizer_mac(a, station, again);
	CU_ASSERT_EQUAL(memcmp(out, again, 6), 0);
	CU_ASSERT_EQUAL(out[0], 2); /* a station, locally administered: no maker to be seen */
	CU_ASSERT_NOT_EQUAL(memcmp(out + 1, station + 1, 2), 0);
	anonymizer_mac(a, group, out);
	CU_ASSERT_EQUAL(out[0], 3);
	anonymizer_mac(a, nobody, out);
	CU_ASSERT_EQUAL(memcmp(out, nobody, 6), 0);
	anonymizer_mac(a, everybody, out);
	CU_ASSERT_EQUAL(memcmp(out, everybody, 6), 0);
	anonymizer_free(a);
}

/* What is left of a payload: of a RST whether it gave a reason, of a TLS alert which. */
static void check_payload(uint8_t flags, const char *payload, uint32_t len, const char *left, uint32_t left_len)
{
	struct anonymizer *a = anonymizer_new(key, sizeof(key));
	uint8_t room[ANONYMIZER_ROOM];
	struct segment s = {
		.kind = SEGMENT_TCP, .flags = flags, .ip_version = 4, .payload = (const uint8_t *)payload,
		.payload_len = len, .payload_captured = len,
	};
	anonymizer_segment(a, &s, room);
	CU_ASSERT_EQUAL(s.payload_len, len);
	CU_ASSERT_EQUAL_FATAL(s.payload_captured, left_len);
	CU_ASSERT_TRUE(left_len == 0 ? s.payload == NULL && s.tcp == NULL : memcmp(s.payload, left, left_len) == 0);
	anonymizer_free(a);
}

static void test_payload(void)
{
	check_payload(TCP_ACK, "GET / HTTP/1.1", 14, NULL, 0);
	check_payload(TCP_RST, "blocked by fw1.example", 22, "(withheld)", 10);
	check_payload(TCP_RST, "no!", 3, "(wi", 3);
	check_payload(TCP_RST, "\xa1\x03\x64name", 7, "\xa1\0\0", 3);
	check_payload(TCP_RST, "\x01\xa1\x03\x64name", 8, "\xa1\0\0", 3);
	check_payload(TCP_RST, "\xff\xfe\xfd", 3, NULL, 0);
	check_payload(TCP_ACK, "\x15\3\3\0\2\2\x28", 7, "\x15\3\3\0\2\2\x28", 7);
	check_payload(TCP_ACK, "\x16\3\1\2\0\1\0\1\xfc", 9, NULL, 0);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "prefixes are kept", test_prefixes },
		{ "prefixes of IPv6 are kept", test_prefixes_ipv6 },
		{ "ranges are closed", test_ranges },
		{ "ranges of IPv6", test_ranges_ipv6 },
		{ "what stays", test_what_stays },
		{ "one to one", test_one_to_one },
		{ "the key decides", test_the_key_decides },
		{ "MAC addresses", test_macs },
		{ "payload", test_payload },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: invented addresses", tests);
}
