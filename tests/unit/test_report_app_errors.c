/* What the program on each side most likely saw, for the endings that people ask about most. */
#include "report/app_errors.h"

#include <string.h>

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static const struct app_error *first_of(const struct app_errors *errors, enum hangup_os os)
{
	for (size_t i = 0; i < errors->len; i++) {
		if (errors->error[i].os == os)
			return &errors->error[i];
	}
	return NULL;
}

static void sees(const struct report_case *r, enum hangup_side side, enum hangup_os os, const char *code, int number)
{
	struct app_errors errors = app_errors_of(&r->c, side);
	const struct app_error *error = first_of(&errors, os);

	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	CU_ASSERT_STRING_EQUAL(error->code, code);
	CU_ASSERT_EQUAL(error->number, number);
	CU_ASSERT_TRUE(error->most_likely && error->usual);
	if (strcmp(error->code, code) != 0)
		printf("\n%s, not %s", error->code, code);
}

static void sees_nothing(const struct report_case *r, enum hangup_side side)
{
	struct app_errors errors = app_errors_of(&r->c, side);

	for (size_t i = 0; i < errors.len; i++)
		CU_ASSERT_FALSE(errors.error[i].usual);
}

/* A RST in the server's name ended it for the client. */
static void server_resets(struct report_case *r, enum hangup_cause cause)
{
	report_case_init(r, HANGUP_LABEL_RST, cause, HANGUP_ACTOR_SERVER);
	report_case_fact(r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_packet(r, HANGUP_PACKET_RST, HANGUP_SERVER, 20);
}

static void closed_properly(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		report_case_fact(&r, HANGUP_FACT_FINS, side, 1);
		report_case_packet(&r, HANGUP_PACKET_FIN, side, 8u + side);
	}
	sees_nothing(&r, HANGUP_CLIENT);
	sees(&r, HANGUP_SERVER, HANGUP_OS_LINUX, "EOF", 0);
	sees(&r, HANGUP_SERVER, HANGUP_OS_WINDOWS, "EOF", 0);
}

static void refused(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_REFUSED, HANGUP_ACTOR_SERVER);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ECONNREFUSED", 111);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_WINDOWS, "WSAECONNREFUSED", 10061);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_MACOS, "ECONNREFUSED", 61);
	sees_nothing(&r, HANGUP_SERVER);
}

static void reset_when_open(void)
{
	struct report_case r;

	server_resets(&r, HANGUP_CAUSE_APP_ABORT);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ECONNRESET", 104);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_WINDOWS, "WSAECONNRESET", 10054);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_BSD, "ECONNRESET", 54);
	sees_nothing(&r, HANGUP_SERVER);
}

/* The other end had said goodbye: Linux never tells a reader of the reset, only a writer. */
static void reset_after_the_end_of_the_stream(void)
{
	struct report_case r;

	server_resets(&r, HANGUP_CAUSE_LATE_DATA);
	report_case_fact(&r, HANGUP_FACT_FINS, HANGUP_SERVER, 1);
	report_case_packet(&r, HANGUP_PACKET_FIN, HANGUP_SERVER, 15);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "EOF", 0); /* its data had crossed the FIN */
	report_case_fact(&r, HANGUP_FACT_DATA_KNEW_FIN, HANGUP_CLIENT, 100);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "EOF", 0); /* one request, and then it reads */
	report_case_fact(&r, HANGUP_FACT_LAST_DATA_FULL, HANGUP_CLIENT, 1);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "EPIPE", 32);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_WINDOWS, "WSAECONNABORTED", 10053);
}

static void reset_after_own_end(void)
{
	struct report_case r;

	server_resets(&r, HANGUP_CAUSE_INJECTED);
	report_case_packet(&r, HANGUP_PACKET_FIN, HANGUP_CLIENT, 10);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ECONNRESET", 104);
	report_case_packet(&r, HANGUP_PACKET_FIN, HANGUP_SERVER, 12);
	sees_nothing(&r, HANGUP_CLIENT); /* LAST-ACK: nobody is told */
	report_case_packet(&r, HANGUP_PACKET_FIN, HANGUP_SERVER, 25);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ECONNRESET", 104); /* that FIN came after the reset */
}

static void connect_times_out(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_SYN, HANGUP_ACTOR_PATH);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ETIMEDOUT", 110);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_WINDOWS, "WSAETIMEDOUT", 10060);
	sees_nothing(&r, HANGUP_SERVER);
}

static void rejected_by_icmp(void)
{
	static const struct {
		uint8_t version;
		int64_t type, code;
		const char *linux_code;
		int number;
	} errors[] = {
		{4, 3, 0, "ENETUNREACH", 101}, {4, 3, 1, "EHOSTUNREACH", 113}, {4, 3, 3, "ECONNREFUSED", 111},
		{4, 3, 9, "ENETUNREACH", 101}, {4, 3, 10, "EHOSTUNREACH", 113}, {4, 3, 13, "EHOSTUNREACH", 113},
		{6, 1, 0, "ENETUNREACH", 101}, {6, 1, 1, "EACCES", 13}, {6, 1, 3, "EHOSTUNREACH", 113},
		{6, 1, 4, "ECONNREFUSED", 111},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(errors); i++) {
		struct report_case r;

		report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_REJECTED, HANGUP_ACTOR_MIDDLEBOX);
		report_case_fact(&r, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT, 1);
		report_case_fact(&r, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT, 0);
		report_case_fact(&r, HANGUP_FACT_PAYLOAD, HANGUP_SERVER, 0);
		report_case_fact(&r, HANGUP_FACT_ICMP_ERROR, HANGUP_CLIENT, errors[i].type * 256 + errors[i].code);
		r.facts.ip_version = errors[i].version;
		sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, errors[i].linux_code, errors[i].number);
		sees_nothing(&r, HANGUP_SERVER);
	}
}

static void data_times_out(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_ACTOR_PATH);
	report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_SERVER, HANGUP_RETRY_DATA);
	sees(&r, HANGUP_SERVER, HANGUP_OS_LINUX, "ETIMEDOUT", 110);
	sees(&r, HANGUP_SERVER, HANGUP_OS_WINDOWS, "WSAECONNABORTED", 10053);
	sees_nothing(&r, HANGUP_CLIENT);
	report_case_fact(&r, HANGUP_FACT_ICMP_ERROR, HANGUP_SERVER, 3 * 256 + 1);
	sees(&r, HANGUP_SERVER, HANGUP_OS_LINUX, "EHOSTUNREACH", 113);
	report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, HANGUP_RETRY_DATA);
	report_case_packet(&r, HANGUP_PACKET_UNANSWERED, HANGUP_SERVER, 11);
	report_case_packet(&r, HANGUP_PACKET_UNANSWERED, HANGUP_CLIENT, 12);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ETIMEDOUT", 110); /* both waited */
}

static void keepalive_fails(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_KEEPALIVE, HANGUP_ACTOR_PATH);
	report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, HANGUP_RETRY_KEEPALIVE);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_CLIENT, 1); /* the give-up's RST, into the hole */
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ETIMEDOUT", 110);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_WINDOWS, "WSAENETRESET", 10052);
	sees_nothing(&r, HANGUP_SERVER);
	report_case_fact(&r, HANGUP_FACT_VANTAGE, HANGUP_CLIENT, HANGUP_VANTAGE_SERVER);
	sees(&r, HANGUP_SERVER, HANGUP_OS_LINUX, "ECONNRESET", 104); /* captured where it arrived */
}

static void idle_drops(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_MIDDLEBOX_IDLE_DROP, HANGUP_CAUSE_IDLE_RST_LATE, HANGUP_ACTOR_MIDDLEBOX);
	report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, INT64_C(360000000000));
	report_case_fact(&r, HANGUP_FACT_IDLE_SPEAKER, HANGUP_CLIENT, HANGUP_CLIENT);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ECONNRESET", 104);
	sees_nothing(&r, HANGUP_SERVER); /* hangs */
	r.c.claims[0].cause = HANGUP_CAUSE_IDLE_SILENT;
	sees(&r, HANGUP_CLIENT, HANGUP_OS_LINUX, "ETIMEDOUT", 110);
	report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, HANGUP_RETRY_DATA);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_CLIENT, 1);
	sees_nothing(&r, HANGUP_SERVER); /* the give-up's RST falls into the same hole */
	report_case_fact(&r, HANGUP_FACT_RETRY_ACKED, HANGUP_CLIENT, 1);
	sees(&r, HANGUP_SERVER, HANGUP_OS_LINUX, "ECONNRESET", 104); /* there was none that way */
	r.c.claims[0].cause = HANGUP_CAUSE_IDLE_RST_BOTH;
	sees(&r, HANGUP_SERVER, HANGUP_OS_WINDOWS, "WSAECONNRESET", 10054);
}

static void the_hosts_own_system_comes_first(void)
{
	struct report_case r;

	server_resets(&r, HANGUP_CAUSE_APP_ABORT);
	report_case_fact(&r, HANGUP_FACT_OS, HANGUP_CLIENT, HANGUP_OS_WINDOWS);
	struct app_errors errors = app_errors_of(&r.c, HANGUP_CLIENT);

	CU_ASSERT_EQUAL(errors.error[0].os, HANGUP_OS_WINDOWS);
	CU_ASSERT_TRUE(errors.error[0].most_likely);
	CU_ASSERT_FALSE(first_of(&errors, HANGUP_OS_LINUX)->most_likely);
	CU_ASSERT_TRUE(first_of(&errors, HANGUP_OS_LINUX)->usual);
}

/* Every cause stands in the table exactly once, and every lookup of every cause is within bounds. */
static void every_cause_has_an_experience(void)
{
	static const enum hangup_cause listed[] = {
#define EXPERIENCE(id, words)
#define EXPERIENCED(cause, earliest, fin, pivot, one, other) HANGUP_CAUSE_##cause,
#define ICMP_EXPERIENCE(version, type, code, connecting, open)
#include "report/experience.def"
#undef EXPERIENCE
#undef EXPERIENCED
#undef ICMP_EXPERIENCE
	};

	CU_ASSERT_EQUAL(G_N_ELEMENTS(listed), HANGUP_CAUSE_COUNT);
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		struct report_case r;
		size_t times = 0;

		for (size_t i = 0; i < G_N_ELEMENTS(listed); i++)
			times += listed[i] == cause;
		CU_ASSERT_EQUAL(times, 1);
		report_case_init(&r, HANGUP_LABEL_RST, cause, HANGUP_ACTOR_CLIENT);
		CU_ASSERT(app_errors_of(&r.c, HANGUP_CLIENT).experience < EXPERIENCE_COUNT);
		CU_ASSERT(app_errors_of(&r.c, HANGUP_SERVER).experience < EXPERIENCE_COUNT);
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"closed properly", closed_properly},
		{"refused", refused},
		{"reset when open", reset_when_open},
		{"reset after the end of the stream", reset_after_the_end_of_the_stream},
		{"reset after own end", reset_after_own_end},
		{"connect times out", connect_times_out},
		{"rejected by ICMP", rejected_by_icmp},
		{"data times out", data_times_out},
		{"keepalive fails", keepalive_fails},
		{"idle drops", idle_drops},
		{"the host's own system comes first", the_hosts_own_system_comes_first},
		{"every cause has an experience", every_cause_has_an_experience},
		CU_TEST_INFO_NULL,
	};

	return unit_main("application errors", tests);
}
