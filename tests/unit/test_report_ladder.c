/* What a ladder knows of its packets: which were sent again, how often, after how long, and which nobody answered. */
#include "report/ladder.h"

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

enum { ISN = 4294967000u, PEER_ISN = 7 }; /* numbers go through 0 */

static struct ladder *l;
static uint64_t number;

static void at(int64_t ms, enum hangup_side sender, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
	struct segment segment = {
		.number = ++number,
		.time_ns = REPORT_CASE_START_NS + ms * 1000000,
		.flags = flags,
		.seq = (sender == HANGUP_CLIENT ? (uint32_t)ISN : PEER_ISN) + seq,
		.ack = (sender == HANGUP_CLIENT ? PEER_ISN : (uint32_t)ISN) + ack,
		.payload_len = len,
		.window = 502,
		.kind = SEGMENT_TCP,
	};

	ladder_add(l, &segment, sender);
}

static void opens(void)
{
	number = 0;
	l = ladder_new(24);
	at(0, HANGUP_CLIENT, TCP_SYN, 0, 0, 0);
	at(1, HANGUP_SERVER, TCP_SYN | TCP_ACK, 0, 1, 0);
	at(2, HANGUP_CLIENT, TCP_ACK, 1, 1, 0);
}

static GArray *rows(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_ACTIVE, HANGUP_ACTOR_NONE);
	GArray *found = ladder_rows(l, &r.c);
	ladder_free(l);
	return found;
}

static struct ladder_row row(const GArray *found, guint i)
{
	return g_array_index(found, struct ladder_row, i);
}

static void answered(void)
{
	opens();
	at(3, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(4, HANGUP_SERVER, TCP_ACK, 1, 701, 0);
	at(5, HANGUP_CLIENT, TCP_FIN | TCP_ACK, 701, 1, 0);
	at(6, HANGUP_SERVER, TCP_FIN | TCP_ACK, 1, 702, 0);
	at(7, HANGUP_CLIENT, TCP_ACK, 702, 2, 0);
	g_autoptr(GArray) found = rows();
	CU_ASSERT_EQUAL_FATAL(found->len, 8);
	for (guint i = 0; i < found->len; i++) {
		CU_ASSERT_EQUAL(row(found, i).fate, LADDER_NOTHING_TO_TELL);
		CU_ASSERT_EQUAL(row(found, i).times, 0);
	}
}

static void repeated_until_it_arrived(void)
{
	opens();
	at(100, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(300, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(700, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(701, HANGUP_SERVER, TCP_ACK, 1, 701, 0);
	g_autoptr(GArray) found = rows();
	CU_ASSERT_EQUAL_FATAL(found->len, 7);
	CU_ASSERT_EQUAL(row(found, 3).fate, LADDER_REPEATED);
	CU_ASSERT_EQUAL(row(found, 4).fate, LADDER_REPEATED);
	CU_ASSERT_EQUAL(row(found, 5).fate, LADDER_NOTHING_TO_TELL);
	CU_ASSERT_EQUAL(row(found, 4).times, 1);
	CU_ASSERT_EQUAL(row(found, 5).times, 2);
	CU_ASSERT_EQUAL(row(found, 4).since_ns, 200000000);
	CU_ASSERT_EQUAL(row(found, 5).since_ns, 400000000);
}

static void never_answered(void)
{
	opens();
	at(100, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(300, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(400, HANGUP_SERVER, TCP_ACK, 1, 1, 0);
	g_autoptr(GArray) found = rows();
	CU_ASSERT_EQUAL(row(found, 3).fate, LADDER_UNANSWERED);
	CU_ASSERT_EQUAL(row(found, 4).fate, LADDER_UNANSWERED);
	CU_ASSERT_EQUAL(row(found, 5).fate, LADDER_NOTHING_TO_TELL);
}

/* Sent again although it was acknowledged: the acknowledgement was slow, nothing was lost. */
static void needlessly_repeated(void)
{
	opens();
	at(100, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(101, HANGUP_SERVER, TCP_ACK, 1, 701, 0);
	at(300, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	g_autoptr(GArray) found = rows();
	CU_ASSERT_EQUAL(row(found, 3).fate, LADDER_NOTHING_TO_TELL);
	CU_ASSERT_EQUAL(row(found, 5).times, 1);
	CU_ASSERT_EQUAL(row(found, 5).fate, LADDER_NOTHING_TO_TELL);
}

/* The RST answers the last copy; what was sent before stayed without an answer. */
static void a_reset_is_an_answer(void)
{
	opens();
	at(100, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(300, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(301, HANGUP_SERVER, TCP_RST, 1, 0, 0);
	g_autoptr(GArray) found = rows();
	CU_ASSERT_EQUAL(row(found, 3).fate, LADDER_UNANSWERED);
	CU_ASSERT_EQUAL(row(found, 4).fate, LADDER_NOTHING_TO_TELL);
	CU_ASSERT_EQUAL(row(found, 5).fate, LADDER_NOTHING_TO_TELL);
}

static void keepalive_probes(void)
{
	opens();
	at(3, HANGUP_CLIENT, TCP_ACK, 1, 1, 700);
	at(4, HANGUP_SERVER, TCP_ACK, 1, 701, 0);
	at(10004, HANGUP_CLIENT, TCP_ACK, 700, 1, 0);
	at(10005, HANGUP_SERVER, TCP_ACK, 1, 701, 0);
	at(20005, HANGUP_CLIENT, TCP_ACK, 700, 1, 0);
	at(21005, HANGUP_CLIENT, TCP_ACK, 700, 1, 0);
	g_autoptr(GArray) found = rows();
	CU_ASSERT_EQUAL_FATAL(found->len, 9);
	CU_ASSERT_TRUE(row(found, 5).probe);
	CU_ASSERT_EQUAL(row(found, 5).fate, LADDER_NOTHING_TO_TELL);
	CU_ASSERT_EQUAL(row(found, 7).fate, LADDER_UNANSWERED);
	CU_ASSERT_EQUAL(row(found, 8).fate, LADDER_UNANSWERED);
	CU_ASSERT_EQUAL(row(found, 8).times, 3);
	CU_ASSERT_EQUAL(row(found, 8).since_ns, 1000000000);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"answered", answered},
		{"repeated until it arrived", repeated_until_it_arrived},
		{"never answered", never_answered},
		{"needlessly repeated", needlessly_repeated},
		{"a reset is an answer", a_reset_is_an_answer},
		{"keepalive probes", keepalive_probes},
		CU_TEST_INFO_NULL,
	};

	return unit_main("ladder", tests);
}
