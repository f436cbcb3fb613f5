/* How near a time is to when a program was told, and which side that makes the likelier one. */
#include "report/candidate.h"

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

#define SECONDS(n) ((n) * INT64_C(1000000000))

static const int64_t reset_ns = REPORT_CASE_START_NS + INT64_C(20000000);

/* A RST in the server's name ended it for the client. */
static void server_resets(struct report_case *r)
{
	report_case_init(r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	report_case_fact(r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_packet(r, HANGUP_PACKET_RST, HANGUP_SERVER, 20);
	report_case_packet(r, HANGUP_PACKET_LAST, HANGUP_CLIENT, 20);
}

static struct error_asked asked_at(int64_t at_ns, int64_t next_call_ns)
{
	struct error_asked asked = {
		.has_time = true, .at_ns = at_ns, .skew_ns = SECONDS(CANDIDATE_SKEW_S), .next_call_ns = next_call_ns};

	CU_ASSERT_TRUE_FATAL(error_query_parse("ECONNRESET", &asked.query, NULL));
	return asked;
}

static struct candidate fit(const struct report_case *r, int64_t at_ns, int64_t next_call_ns)
{
	const struct error_asked asked = asked_at(at_ns, next_call_ns);
	struct candidate candidate;

	CU_ASSERT_TRUE_FATAL(candidate_of(&r->c, &asked, &candidate));
	return candidate;
}

static double score(const struct report_case *r, int64_t after_s)
{
	return fit(r, reset_ns + SECONDS(after_s), SECONDS(TOLD_NEXT_CALL_S)).score;
}

static void sooner_is_likelier(void)
{
	static const int64_t after_s[] = {5, 25, 60, 600, 1700};
	struct report_case r;

	server_resets(&r);
	CU_ASSERT_DOUBLE_EQUAL(score(&r, 5), score(&r, 0), 1e-9);
	for (size_t i = 1; i < sizeof(after_s) / sizeof(*after_s); i++)
		CU_ASSERT_TRUE(score(&r, after_s[i]) < score(&r, after_s[i - 1]));
	CU_ASSERT_DOUBLE_EQUAL(score(&r, TOLD_NEXT_CALL_S), score(&r, 0) / 2, 1e-6);
	CU_ASSERT_TRUE(score(&r, 2 * TOLD_NEXT_CALL_S) < score(&r, 0) / 100);
}

static void nobody_is_told_before(void)
{
	struct report_case r;

	server_resets(&r);
	CU_ASSERT_TRUE(score(&r, -25) < score(&r, 600));
	CU_ASSERT_EQUAL(fit(&r, reset_ns - SECONDS(25), SECONDS(TOLD_NEXT_CALL_S)).away_ns, SECONDS(25));
}

static void without_a_next_call(void)
{
	struct report_case r;
	struct candidate candidate;

	server_resets(&r);
	candidate = fit(&r, reset_ns + SECONDS(25), 0);
	CU_ASSERT_FALSE(candidate.told.by_next_call);
	CU_ASSERT_EQUAL(candidate.away_ns, -SECONDS(25));
}

static void who_closed_calls_no_more(void)
{
	struct report_case r;

	server_resets(&r);
	CU_ASSERT_TRUE(fit(&r, reset_ns, SECONDS(TOLD_NEXT_CALL_S)).told.by_next_call);
	report_case_packet(&r, HANGUP_PACKET_FIN, HANGUP_CLIENT, 20);
	const struct app_error error = {.id = 0, .code = "ECONNRESET", .call = APP_CALL_READ_WRITE};
	const struct told_span span = told_span_of(&r.c, HANGUP_CLIENT, EXPERIENCE_RESET, &error, SECONDS(TOLD_NEXT_CALL_S));
	CU_ASSERT_FALSE(span.by_next_call);
	CU_ASSERT_EQUAL(span.to_ns, reset_ns);
}

/* Whatever may have been told at any time of half an hour has 0.4 at most; what is usually told, at its very end, more. */
static void certain_beats_perhaps(void)
{
	const struct told_span flat = {.from_ns = reset_ns, .likely_ns = reset_ns,
	                               .to_ns = reset_ns + SECONDS(TOLD_GIVE_UP_MAX_S), .even = true};
	const struct told_span rst = {.from_ns = reset_ns, .likely_ns = reset_ns,
	                              .to_ns = reset_ns + SECONDS(TOLD_NEXT_CALL_S), .by_next_call = true};

	for (int64_t after_s = 0; after_s <= TOLD_NEXT_CALL_S; after_s += 60)
		CU_ASSERT_TRUE(told_span_fit(&rst, reset_ns + SECONDS(after_s), SECONDS(CANDIDATE_SKEW_S)) >
		               0.4 * told_span_fit(&flat, reset_ns + SECONDS(after_s), SECONDS(CANDIDATE_SKEW_S)));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"sooner is likelier", sooner_is_likelier},
		{"nobody is told before", nobody_is_told_before},
		{"without a next call", without_a_next_call},
		{"who closed calls no more", who_closed_calls_no_more},
		{"certain beats perhaps", certain_beats_perhaps},
		CU_TEST_INFO_NULL,
	};

	return unit_main("candidates", tests);
}
