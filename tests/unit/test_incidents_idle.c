/* Idle timers: who belongs, what lies between, and what does not fit. */
#include "report/incidents/incident.h"

#include <string.h>

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static const int64_t S = 1000000000;

static uint64_t next_id;

/* One that was quiet so long and went on. */
static void survivor(struct incidents *x, unsigned lane, const char *client, const char *server, int64_t quiet_ns)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT);
	report_case_ends(&r, client, 50000, server, 443);
	report_case_fact(&r, HANGUP_FACT_IDLE_LONGEST, HANGUP_CLIENT, quiet_ns);
	report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, 0);
	r.facts.id = ++next_id;
	incidents_take(x, lane, &r.c, true);
}

/* One that nobody answered after that. */
static void casualty(struct incidents *x, unsigned lane, const char *client, const char *server, int64_t quiet_ns)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_MIDDLEBOX_IDLE_DROP, HANGUP_CAUSE_IDLE_SILENT, HANGUP_ACTOR_MIDDLEBOX);
	report_case_ends(&r, client, 50001, server, 443);
	report_case_fact(&r, HANGUP_FACT_IDLE_LONGEST, HANGUP_CLIENT, quiet_ns);
	report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, quiet_ns);
	r.facts.id = ++next_id;
	incidents_take(x, lane, &r.c, true);
}

static struct incidents *begin(void)
{
	next_id = 0;
	return incidents_new(NULL);
}

static const struct incident_list *end(struct incidents *x)
{
	incidents_turn(x);
	return incidents_conclude(x);
}

static void the_timer_lies_between(void)
{
	struct incidents *x = begin();

	survivor(x, 0, "192.0.2.1", "198.51.100.1", 57 * S);
	casualty(x, 0, "192.0.2.1", "198.51.100.2", 63 * S);
	survivor(x, 0, "192.0.2.1", "198.51.100.2", 31 * S);
	casualty(x, 0, "192.0.2.1", "198.51.100.1", 90 * S);
	const struct incident_list *list = end(x);
	CU_ASSERT_EQUAL_FATAL(list->len, 1);
	const struct incident *i = &list->incidents[0];
	CU_ASSERT_EQUAL(i->kind, INCIDENT_IDLE_TIMER);
	CU_ASSERT_EQUAL(i->above, 57 * S);
	CU_ASSERT_EQUAL(i->at_most, 63 * S);
	CU_ASSERT_EQUAL_FATAL(i->connections_len, 2);
	CU_ASSERT_EQUAL(i->connections[0], 2);
	CU_ASSERT_EQUAL(i->connections[1], 4);
	CU_ASSERT_PTR_NOT_NULL(strstr(i->sentence, "more than 57 s and at most 63 s"));
	CU_ASSERT_PTR_EQUAL(incident_of(list, 4), i);
	CU_ASSERT_PTR_NULL(incident_of(list, 1));
	CU_ASSERT_EQUAL_FATAL(i->quiet_len, 4);
	CU_ASSERT_TRUE(i->quiet[0].died && i->quiet[0].connection == 2 && i->quiet[0].quiet_ns == 63 * S);
	CU_ASSERT_TRUE(i->quiet[1].died && i->quiet[1].connection == 4 && i->quiet[1].quiet_ns == 90 * S);
	CU_ASSERT_TRUE(!i->quiet[2].died && i->quiet[2].connection == 1 && i->quiet[2].quiet_ns == 57 * S);
	CU_ASSERT_TRUE(!i->quiet[3].died && i->quiet[3].connection == 3 && i->quiet[3].quiet_ns == 31 * S);
	incidents_free(x);
}

/* One connection's time is the number that its verdict says; but what was lived through does not reach a second that it
 * did not reach. */
static void numbers_are_those_of_verdicts(void)
{
	static const struct {
		int64_t lived_ns, killed_ns;
		const char *words;
	} rows[] = {
		{57296000000, 63340000000, "more than 57.3 s and at most 63.3 s"},
		{59940000000, 60040000000, "more than 59.9 s and at most 60 s"},
		{59950000000, 60060000000, "more than 59.950 s and at most 60.1 s"},
		{299500000000, 300400000000, "more than 299.500 s and at most 300 s"},
		{299499000000, 301500000000, "more than 299 s and at most 302 s"},
	};

	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		struct incidents *x = begin();

		survivor(x, 0, "192.0.2.1", "198.51.100.1", rows[n].lived_ns);
		casualty(x, 0, "192.0.2.1", "198.51.100.1", rows[n].killed_ns);
		casualty(x, 0, "192.0.2.1", "198.51.100.1", 400 * S);
		const struct incident_list *list = end(x);
		CU_ASSERT_EQUAL_FATAL(list->len, 1);
		CU_ASSERT_PTR_NOT_NULL(strstr(list->incidents[0].sentence, rows[n].words));
		incidents_free(x);
	}
}

static void one_is_none(void)
{
	struct incidents *x = begin();

	casualty(x, 0, "192.0.2.1", "198.51.100.2", 63 * S);
	casualty(x, 0, "192.0.2.2", "198.51.100.3", 63 * S); /* another client, another server: nothing in common */
	CU_ASSERT_EQUAL(end(x)->len, 0);
	incidents_free(x);
}

static void another_way_is_told_apart(void)
{
	struct incidents *x = begin();

	casualty(x, 0, "192.0.2.1", "198.51.100.2", 63 * S);
	casualty(x, 0, "192.0.2.1", "198.51.100.2", 70 * S);
	survivor(x, 0, "192.0.2.9", "198.51.100.2", 300 * S);
	const struct incident_list *list = end(x);
	CU_ASSERT_EQUAL_FATAL(list->len, 1);
	CU_ASSERT_EQUAL(list->incidents[0].above, 0);
	CU_ASSERT_EQUAL_FATAL(list->incidents[0].misfits_len, 1);
	CU_ASSERT_EQUAL(list->incidents[0].misfits[0].count, 1);
	CU_ASSERT_EQUAL(list->incidents[0].misfits[0].connections[0], 3);
	incidents_free(x);
}

/* The same verdicts by other lanes, in another order within the turn. */
static void lanes_do_not_show(void)
{
	struct incidents *one = begin(), *other = begin();

	survivor(one, 0, "192.0.2.1", "198.51.100.1", 57 * S);
	casualty(one, 0, "192.0.2.1", "198.51.100.1", 63 * S);
	casualty(one, 0, "192.0.2.1", "198.51.100.1", 64 * S);
	next_id = 2;
	casualty(other, 9, "192.0.2.1", "198.51.100.1", 64 * S);
	next_id = 0;
	survivor(other, 4, "192.0.2.1", "198.51.100.1", 57 * S);
	casualty(other, 2, "192.0.2.1", "198.51.100.1", 63 * S);
	const struct incident_list *a = end(one), *b = end(other);
	CU_ASSERT_EQUAL_FATAL(a->len, 1);
	CU_ASSERT_EQUAL_FATAL(b->len, 1);
	CU_ASSERT_STRING_EQUAL(a->incidents[0].sentence, b->incidents[0].sentence);
	CU_ASSERT_EQUAL(a->incidents[0].above, b->incidents[0].above);
	CU_ASSERT_EQUAL(a->incidents[0].connections[1], b->incidents[0].connections[1]);
	incidents_free(one);
	incidents_free(other);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"the timer lies between", the_timer_lies_between},
		{"numbers are those of verdicts", numbers_are_those_of_verdicts},
		{"one is none", one_is_none},
		{"another way is told apart", another_way_is_told_apart},
		{"lanes do not show", lanes_do_not_show},
		CU_TEST_INFO_NULL,
	};

	return unit_main("incidents_idle", tests);
}
