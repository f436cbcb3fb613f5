/* Addresses and networks as they are written, and what lies in them. */
#include "analyzers/address.h"

#include <stdbool.h>
#include <string.h>

#include "tests/unit/unit.h"

static bool is_in(const char *address, const char *net)
{
	uint8_t a[16], n[16];
	unsigned bits, prefix;

	CU_ASSERT_TRUE_FATAL(address_parse(address, a, &bits, NULL));
	CU_ASSERT_TRUE_FATAL(address_parse(net, n, &prefix, NULL));
	return address_matches(a, n, prefix);
}

static void ipv4_is_mapped(void)
{
	static const uint8_t expected[16] = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 1};
	uint8_t address[16];
	unsigned prefix;

	CU_ASSERT_TRUE(address_parse("192.0.2.1", address, &prefix, NULL));
	CU_ASSERT_EQUAL(memcmp(address, expected, 16), 0);
	CU_ASSERT_EQUAL(prefix, 128);
	CU_ASSERT_TRUE(address_parse("192.0.2.0/24", address, &prefix, NULL));
	CU_ASSERT_EQUAL(prefix, 120);
	CU_ASSERT_TRUE(address_parse("0.0.0.0/0", address, &prefix, NULL));
	CU_ASSERT_EQUAL(prefix, 96);
}

static void ipv6_is_itself(void)
{
	uint8_t address[16];
	unsigned prefix;

	CU_ASSERT_TRUE(address_parse("2001:db8::/32", address, &prefix, NULL));
	CU_ASSERT_EQUAL(prefix, 32);
	CU_ASSERT_EQUAL(address[0], 0x20);
	CU_ASSERT_TRUE(address_parse("::ffff:192.0.2.1", address, &prefix, NULL));
	CU_ASSERT_EQUAL(prefix, 128);
}

static void networks_hold_their_own(void)
{
	CU_ASSERT_TRUE(is_in("192.0.2.77", "192.0.2.0/24"));
	CU_ASSERT_FALSE(is_in("192.0.3.77", "192.0.2.0/24"));
	CU_ASSERT_TRUE(is_in("192.0.2.127", "192.0.2.0/25"));
	CU_ASSERT_FALSE(is_in("192.0.2.128", "192.0.2.0/25"));
	CU_ASSERT_TRUE(is_in("192.0.2.1", "192.0.2.1"));
	CU_ASSERT_FALSE(is_in("192.0.2.2", "192.0.2.1"));
	CU_ASSERT_TRUE(is_in("2001:db8:ffff::1", "2001:db8::/32"));
	CU_ASSERT_FALSE(is_in("2001:db9::1", "2001:db8::/32"));
	CU_ASSERT_TRUE(is_in("fe80::7", "fe80::/10"));
}

/* All IPv4, and no IPv6; and the other way round all of both. */
static void the_two_families_keep_apart(void)
{
	CU_ASSERT_TRUE(is_in("203.0.113.9", "0.0.0.0/0"));
	CU_ASSERT_FALSE(is_in("2001:db8::1", "0.0.0.0/0"));
	CU_ASSERT_TRUE(is_in("203.0.113.9", "::/0"));
	CU_ASSERT_TRUE(is_in("::ffff:192.0.2.1", "192.0.2.1"));
}

static void what_is_none_is_refused_with_its_text(void)
{
	static const char *const texts[] = {"", "/", "/24", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/+8",
	                                    "192.0.2.1/8/8", "192.0.2", "192.0.2.256", "2001:db8::/129", "fe80::1%eth0",
	                                    "localhost", "192.0.2.1 ", "1::2::3"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		g_autoptr(GError) error = NULL;
		uint8_t address[16];
		unsigned prefix;

		CU_ASSERT_FALSE(address_parse(texts[i], address, &prefix, &error));
		CU_ASSERT_TRUE_FATAL(error != NULL && error->domain == ADDRESS_ERROR);
		CU_ASSERT_PTR_NOT_NULL(strstr(error->message, texts[i]));
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"IPv4 is mapped", ipv4_is_mapped},
		{"IPv6 is itself", ipv6_is_itself},
		{"networks hold their own", networks_hold_their_own},
		{"the two families keep apart", the_two_families_keep_apart},
		{"what is none is refused, with its text", what_is_none_is_refused_with_its_text},
		CU_TEST_INFO_NULL,
	};

	return unit_main("addresses", tests);
}
