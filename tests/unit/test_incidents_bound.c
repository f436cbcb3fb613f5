/* Memory is bounded: what is beyond it is counted, a flood of attempts pushes out no connection, and the lowest ids of a
 * turn stay, by whatever lanes they come. */
#include "report/incidents/incident.h"

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

enum { LANES = 16, TURN = 8192, BEYOND = 1000 };

static void take(struct incidents *x, unsigned lane, uint64_t id, bool attempt)
{
	struct report_case r;

	if (attempt)
		report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_REFUSED, HANGUP_ACTOR_SERVER);
	else
		report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_UNREAD_DATA, HANGUP_ACTOR_SERVER);
	if (attempt) {
		report_case_fact(&r, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT, 1);
		report_case_fact(&r, HANGUP_FACT_PAYLOAD, HANGUP_SERVER, 0);
		report_case_fact(&r, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT, 0);
	}
	if (!attempt)
		report_case_ends(&r, "192.0.2.5", 51234, "198.51.100.11", 443);
	r.facts.id = id;
	incidents_take(x, lane, &r.c, true);
}

static void attempts_beyond_it_are_counted(void)
{
	struct incidents *x = incidents_new(NULL);
	uint64_t id = 0;

	while (id < INCIDENT_ATTEMPTS_MAX + BEYOND) {
		id++;
		take(x, (unsigned)(LANES - 1 - id % LANES), id, true); /* the highest ids by the first lanes */
		if (id % TURN == 0)
			incidents_turn(x);
	}
	for (unsigned i = 0; i < 3; i++)
		take(x, 0, ++id, false);
	incidents_turn(x);
	const struct incident_list *list = incidents_conclude(x);
	CU_ASSERT_EQUAL(list->attempts_left, BEYOND);
	CU_ASSERT_EQUAL(list->endings_left, 0);
	CU_ASSERT_EQUAL_FATAL(list->len, 2);
	CU_ASSERT_EQUAL(list->members_len, INCIDENT_ATTEMPTS_MAX + 3);
	CU_ASSERT_EQUAL(list->members[INCIDENT_ATTEMPTS_MAX - 1].connection, INCIDENT_ATTEMPTS_MAX);
	CU_ASSERT_EQUAL(list->members[INCIDENT_ATTEMPTS_MAX].connection, INCIDENT_ATTEMPTS_MAX + BEYOND + 1);
	CU_ASSERT_PTR_NULL(incident_of(list, INCIDENT_ATTEMPTS_MAX + 1));
	incidents_free(x);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"attempts beyond it are counted", attempts_beyond_it_are_counted},
		CU_TEST_INFO_NULL,
	};

	return unit_main("incidents_bound", tests);
}
