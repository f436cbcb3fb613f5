/* Zeek's conn_state from Zeek's history letters: every state, and the orders of FIN and RST that differ. */
#include "report/conn_state.h"

#include <string.h>

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static void state_is(const char *history, int64_t bytes, const char *wanted)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	strcpy(r.facts.history, history);
	report_case_fact(&r, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT, bytes);
	report_case_fact(&r, HANGUP_FACT_PAYLOAD, HANGUP_SERVER, bytes);
	CU_ASSERT_STRING_EQUAL(conn_state(&r.facts), wanted);
	if (strcmp(conn_state(&r.facts), wanted) != 0)
		printf("\n%s gave %s, not %s", history, conn_state(&r.facts), wanted);
}

static void every_state(void)
{
	state_is("S", 0, "S0");
	state_is("ShA", 0, "S1");
	state_is("ShADad", 9, "S1");
	state_is("ShADadF", 9, "S2");
	state_is("ShADadf", 9, "S3");
	state_is("ShADadFf", 9, "SF");
	state_is("ShADadfF", 9, "SF");
	state_is("Sr", 0, "REJ");
	state_is("ShADadR", 9, "RSTO");
	state_is("ShADadr", 9, "RSTR");
	state_is("SR", 0, "RSTOS0");
	state_is("STTR", 0, "RSTOS0");
	state_is("^hr", 0, "RSTRH");
	state_is("hr", 0, "RSTRH");
	state_is("SF", 0, "SH");
	state_is("^hf", 0, "SHR");
	state_is("DadA", 9, "OTH");
	state_is("", 0, "OTH");
	state_is("R", 0, "OTH");
}

static void resets_and_fins(void)
{
	state_is("ShADadFfR", 9, "SF");   /* the RST that only tidies up changes nothing */
	state_is("ShADadFRf", 9, "SF");   /* FIN, RST, the other's FIN: normal after all */
	state_is("ShADadFR", 9, "RSTO");
	state_is("ShADadFr", 9, "RSTR");
	state_is("ShADadRf", 9, "RSTO");  /* reset first, closed later */
	state_is("ShADadfRr", 9, "RSTR"); /* both reset: the responder is looked at first */
	state_is("ShARr", 0, "REJ");      /* both reset and nothing was said */
	state_is("ShADadI", 9, "RSTO");   /* FIN and RST in one packet */
}

static void simultaneous_open(void)
{
	state_is("SsA", 0, "S1");
	state_is("Sa", 0, "S0"); /* the SYN acknowledged before it is answered */
}

static void cut_history_is_completed(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT);
	strcpy(r.facts.history, "ShADadTtTtTtWwTtTtTtWwTt");
	CU_ASSERT_EQUAL(strlen(r.facts.history), FACTS_HISTORY_MAX);
	report_case_fact(&r, HANGUP_FACT_FINS, HANGUP_CLIENT, 1);
	report_case_fact(&r, HANGUP_FACT_FINS, HANGUP_SERVER, 1);
	CU_ASSERT_STRING_EQUAL(conn_state(&r.facts), "SF");
	report_case_fact(&r, HANGUP_FACT_FINS, HANGUP_SERVER, 0);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	CU_ASSERT_STRING_EQUAL(conn_state(&r.facts), "RSTR");
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"every state", every_state},
		{"resets and FINs", resets_and_fins},
		{"simultaneous open", simultaneous_open},
		{"cut history is completed", cut_history_is_completed},
		CU_TEST_INFO_NULL,
	};

	return unit_main("conn_state", tests);
}
