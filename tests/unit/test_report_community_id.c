/* Vectors of the Community ID specification, both directions of a connection, IPv4 and IPv6. */
#include "report/community_id.h"

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static void write_id(char *out, const struct facts *f)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);

	g_checksum_update(sum, (const guchar *)"what was before", 15);
	community_id_write(out, f, sum);
	g_checksum_free(sum);
}

static void id_is(const char *a, uint16_t a_port, const char *b, uint16_t b_port, const char *wanted)
{
	struct report_case r;
	char id[COMMUNITY_ID_LEN + 1];

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	report_case_ends(&r, a, a_port, b, b_port);
	write_id(id, &r.facts);
	CU_ASSERT_STRING_EQUAL(id, wanted);
}

static void vectors(void)
{
	id_is("128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
	id_is("2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25,
	      "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
}

static void both_directions_agree(void)
{
	id_is("66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
	id_is("2607:f8b0:400c:c03::1a", 25, "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943,
	      "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
}

static void same_address(void)
{
	char one[COMMUNITY_ID_LEN + 1], other[COMMUNITY_ID_LEN + 1];
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	report_case_ends(&r, "127.0.0.1", 2, "127.0.0.1", 1);
	write_id(one, &r.facts);
	report_case_ends(&r, "127.0.0.1", 1, "127.0.0.1", 2);
	write_id(other, &r.facts);
	CU_ASSERT_STRING_EQUAL(one, other);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"vectors", vectors},
		{"both directions agree", both_directions_agree},
		{"same address, ports decide", same_address},
		CU_TEST_INFO_NULL,
	};

	return unit_main("community id", tests);
}
