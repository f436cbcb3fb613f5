/* One conversation in several scopes stays one; two with the same addresses and ports become two. */
#include "analyzers/scopes.h"

#include <string.h>

#include "tests/unit/unit.h"

enum { CLIENT_PORT = 1234, SERVER_PORT = 80 };
enum way { TO_SERVER, TO_CLIENT };

static struct segment segment(enum way way, uint32_t scope, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
	struct segment s = {.kind = SEGMENT_TCP, .scope = scope, .flags = flags, .seq = seq, .ack = ack, .payload_len = len};

	s.source[15] = way == TO_SERVER ? 1 : 2;
	s.target[15] = way == TO_SERVER ? 2 : 1;
	s.source_port = way == TO_SERVER ? CLIENT_PORT : SERVER_PORT;
	s.target_port = way == TO_SERVER ? SERVER_PORT : CLIENT_PORT;
	return s;
}

static uint32_t settled(struct scopes *x, enum way way, uint32_t scope, uint8_t flags, uint32_t seq, uint32_t ack,
                        uint32_t len)
{
	struct segment s = segment(way, scope, flags, seq, ack, len);

	scopes_settle(x, &s);
	return s.scope;
}

/* A handshake and some data, each direction in a scope of its own; all of it must become the same one. */
static bool converse(struct scopes *x, uint32_t up, uint32_t down, uint32_t isn, uint32_t expected)
{
	return settled(x, TO_SERVER, up, TCP_SYN, isn, 0, 0) == expected &&
	       settled(x, TO_CLIENT, down, TCP_SYN | TCP_ACK, isn * 3, isn + 1, 0) == expected &&
	       settled(x, TO_SERVER, up, TCP_ACK, isn + 1, isn * 3 + 1, 100) == expected &&
	       settled(x, TO_CLIENT, down, TCP_ACK, isn * 3 + 1, isn + 101, 2000) == expected &&
	       settled(x, TO_CLIENT, down, TCP_RST, isn * 3 + 2001, 0, 0) == expected;
}

static void test_one_scope(void)
{
	struct scopes *x = scopes_new();

	CU_ASSERT_TRUE(converse(x, 42, 42, 1000, 0));
	CU_ASSERT_TRUE(converse(x, 42, 42, 900000000, 0)); /* the same ports again */
	CU_ASSERT_EQUAL(scopes_apart(x), 0);
	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 0, TCP_SYN, 5, 0, 0), 0);
	scopes_free(x);
}

static void test_a_scope_for_each_direction(void)
{
	struct scopes *x = scopes_new();

	CU_ASSERT_TRUE(converse(x, 7, 9, 1000, 0));
	CU_ASSERT_EQUAL(scopes_apart(x), 0);
	scopes_free(x);
	x = scopes_new(); /* from the middle on, the server's reset first */
	CU_ASSERT_EQUAL(settled(x, TO_CLIENT, 9, TCP_RST | TCP_ACK, 5000, 7000, 0), 0);
	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 7, TCP_ACK, 6900, 4000, 100), 0);
	scopes_free(x);
}

/* On the wire between two switches, and behind the second: every packet is there in both scopes. */
static void test_the_same_packet_in_two_scopes(void)
{
	struct scopes *x = scopes_new();

	for (uint32_t scope = 7; scope <= 9; scope += 2) {
		CU_ASSERT_EQUAL(settled(x, TO_SERVER, scope, TCP_SYN, 1000, 0, 0), 0);
	}
	for (uint32_t scope = 7; scope <= 9; scope += 2)
		CU_ASSERT_EQUAL(settled(x, TO_CLIENT, scope, TCP_SYN | TCP_ACK, 3000, 1001, 0), 0);
	for (uint32_t n = 0; n < 20; n++)
		CU_ASSERT_EQUAL(settled(x, TO_SERVER, n % 2 ? 7 : 9, TCP_ACK, 1001 + n / 2 * 1000, 3001, 1000), 0);
	CU_ASSERT_EQUAL(scopes_apart(x), 0);
	scopes_free(x);
}

static void test_two_at_once(void)
{
	struct scopes *x = scopes_new();

	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 100, TCP_SYN, 1000, 0, 0), 0);
	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 200, TCP_SYN, 700000000, 0, 0), 200);
	CU_ASSERT_EQUAL(settled(x, TO_CLIENT, 200, TCP_SYN | TCP_ACK, 5, 700000001, 0), 200);
	CU_ASSERT_EQUAL(settled(x, TO_CLIENT, 100, TCP_SYN | TCP_ACK, 2000000000, 1001, 0), 0);
	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 200, TCP_ACK, 700000001, 6, 10), 200);
	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 100, TCP_ACK, 1001, 2000000001, 10), 0);
	CU_ASSERT_EQUAL(scopes_apart(x), 1);
	/* each with a tunnel key for each direction */
	CU_ASSERT_TRUE(converse(x, 300, 301, 1500000000, 300));
	CU_ASSERT_EQUAL(scopes_apart(x), 2);
	scopes_free(x);
}

static void test_errors(void)
{
	struct scopes *x = scopes_new();
	struct segment s;

	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 100, TCP_SYN, 1000, 0, 0), 0);
	CU_ASSERT_EQUAL(settled(x, TO_SERVER, 200, TCP_SYN, 700000000, 0, 0), 200);
	s = segment(TO_SERVER, 200, 0, 700000000, 0, 0);
	s.kind = SEGMENT_ICMP_ERROR;
	scopes_settle(x, &s);
	CU_ASSERT_EQUAL(s.scope, 200);
	s = segment(TO_SERVER, 300, TCP_ACK, 700000001, 0, 0);
	s.kind = SEGMENT_ICMP_ERROR;
	scopes_settle(x, &s);
	CU_ASSERT_EQUAL(s.scope, 200); /* by its number */
	s = segment(TO_CLIENT, 400, TCP_SYN, 5, 0, 0);
	s.kind = SEGMENT_ICMP_ERROR;
	scopes_settle(x, &s);
	CU_ASSERT_EQUAL(s.scope, 0);
	CU_ASSERT_EQUAL(scopes_apart(x), 1);
	s.kind = SEGMENT_NONE;
	s.scope = 7;
	scopes_settle(x, &s);
	CU_ASSERT_EQUAL(s.scope, 7);
	scopes_free(x);
}

/* However many there are, each is one as long as it is remembered, and taken for new afterwards. */
static void test_bounded(void)
{
	struct scopes *x = scopes_new();

	for (uint32_t n = 0; n < 4 * SCOPES_REMEMBERED; n++) {
		struct segment s = segment(TO_SERVER, 5, TCP_SYN, n * 77777, 0, 0);

		memcpy(s.source, &n, sizeof n);
		scopes_settle(x, &s);
		CU_ASSERT_EQUAL(s.scope, 0);
	}
	CU_ASSERT_EQUAL(scopes_apart(x), 0);
	scopes_free(x);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"one scope", test_one_scope},
		{"a scope for each direction", test_a_scope_for_each_direction},
		{"the same packet in two scopes", test_the_same_packet_in_two_scopes},
		{"two at once", test_two_at_once},
		{"errors", test_errors},
		{"bounded", test_bounded},
		CU_TEST_INFO_NULL,
	};

	return unit_main("scopes", tests);
}
