/* Names come from the lists, each cause stands somewhere, and its name is unambiguous where it stands. */
#include "rules/host/vocabulary.h"

#include <string.h>

#include "tests/unit/unit.h"

static void names_are_those_of_the_lists(void)
{
	CU_ASSERT_STRING_EQUAL(label_name(HANGUP_LABEL_ORDERLY_CLOSE), "orderly-close");
	CU_ASSERT_STRING_EQUAL(label_name(HANGUP_LABEL_UNDETERMINED), "undetermined");
	CU_ASSERT_STRING_EQUAL(cause_name(HANGUP_CAUSE_IDLE_RST_BOTH), "rst-both");
	CU_ASSERT_STRING_EQUAL(actor_name(HANGUP_ACTOR_MIDDLEBOX), "middlebox");
	CU_ASSERT_STRING_EQUAL(severity_name(HANGUP_SEVERITY_HARMLESS), "harmless");
	CU_ASSERT_STRING_EQUAL(level_name(HANGUP_LEVEL_UNKNOWABLE), "not-knowable");
	CU_ASSERT_STRING_EQUAL(vantage_name(HANGUP_VANTAGE_MIDDLE), "middle");
	CU_ASSERT_STRING_EQUAL(vantage_by_name(HANGUP_VANTAGE_BY_TOLD), "told");
	CU_ASSERT_STRING_EQUAL(fact_name(HANGUP_FACT_SERVER_GONE_LATER), "server_gone_later");
	CU_ASSERT_STRING_EQUAL(tcp_state_name(HANGUP_TCP_STATE_TIME_WAIT), "time-wait");
	CU_ASSERT_STRING_EQUAL(os_name(HANGUP_OS_BSD), "bsd");
	CU_ASSERT_PTR_NOT_NULL(strstr(label_meaning(HANGUP_LABEL_STILL_OPEN), "capture"));
	CU_ASSERT_PTR_NOT_NULL(strstr(cause_meaning(HANGUP_CAUSE_PROBE), "health check"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fact_meaning(HANGUP_FACT_RTT), "round trip"));
}

static void causes_know_where_they_stand(void)
{
	CU_ASSERT_EQUAL(cause_labels(HANGUP_CAUSE_CLOSE_FIN), 1u << HANGUP_LABEL_ORDERLY_CLOSE);
	CU_ASSERT_EQUAL(cause_labels(HANGUP_CAUSE_APP_ABORT), 1u << HANGUP_LABEL_RST | 1u << HANGUP_LABEL_LOCAL_ABORT);
	CU_ASSERT_EQUAL(cause_labels(HANGUP_CAUSE_REFUSED), 1u << HANGUP_LABEL_RST);
	CU_ASSERT_EQUAL(cause_severity(HANGUP_CAUSE_PROBE), HANGUP_SEVERITY_HARMLESS);
	CU_ASSERT_EQUAL(cause_severity(HANGUP_CAUSE_TIMEOUT_SYN), HANGUP_SEVERITY_ABNORMAL);
}

static void every_label_has_a_cause_and_no_two_of_the_same_name(void)
{
	for (unsigned label = 0; label < HANGUP_LABEL_COUNT; label++) {
		unsigned causes = 0;

		for (unsigned x = 0; x < HANGUP_CAUSE_COUNT; x++) {
			if ((cause_labels((enum hangup_cause)x) & 1u << label) == 0)
				continue;
			causes++;
			for (unsigned y = 0; y < x; y++) {
				if (cause_labels((enum hangup_cause)y) & 1u << label)
					CU_ASSERT_STRING_NOT_EQUAL(cause_name((enum hangup_cause)x),
					                           cause_name((enum hangup_cause)y));
			}
		}
		CU_ASSERT_TRUE(causes > 0);
	}
}

static void names_from_the_command_line(void)
{
	enum hangup_label label = HANGUP_LABEL_COUNT;
	enum hangup_severity severity = HANGUP_SEVERITY_COUNT;

	CU_ASSERT_TRUE(label_from_name("missing-fin", &label));
	CU_ASSERT_EQUAL(label, HANGUP_LABEL_MISSING_FIN);
	CU_ASSERT_FALSE(label_from_name("missing", &label));
	CU_ASSERT_FALSE(label_from_name("", &label));
	CU_ASSERT_TRUE(severity_from_name("abnormal", &severity));
	CU_ASSERT_EQUAL(severity, HANGUP_SEVERITY_ABNORMAL);
	CU_ASSERT_FALSE(severity_from_name("Abnormal", &severity));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"names are those of the lists", names_are_those_of_the_lists},
		{"causes know where they stand", causes_know_where_they_stand},
		{"every label has a cause, and no two of the same name",
		 every_label_has_a_cause_and_no_two_of_the_same_name},
		{"names from the command line", names_from_the_command_line},
		CU_TEST_INFO_NULL,
	};

	return unit_main("vocabulary", tests);
}
