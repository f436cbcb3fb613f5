/* What is told by a pattern: scans, checks, refusals, ports, ages, sizes, likeness. Each at its thresholds, one below them,
 * and what did not fit. */
#include "tests/unit/incident_stage.h"

#include <string.h>

#include "tests/unit/unit.h"

static const char *const A = "192.0.2.1", *const B = "192.0.2.2", *const X = "198.51.100.1", *const Y = "198.51.100.2";

static size_t told(struct stage *s, enum incident_kind kind)
{
	const struct incident *i = stage_find(stage_end(s), kind);
	const size_t members = i ? i->connections_len : 0;

	stage_clear(s);
	return members;
}

/* --- scans and checks ----------------------------------------------------------------------------------------- */

static void a_scan_takes_fifteen_services(void)
{
	for (uint16_t count = 14; count <= 15; count++) {
		struct stage s;

		stage_begin(&s);
		for (uint16_t port = 1; port <= count; port++)
			stage_refused(&s, (struct staged){A, X, port, 0, port, 0});
		CU_ASSERT_EQUAL(told(&s, INCIDENT_SCAN), count < 15 ? 0 : count);
	}
}

/* A service that the client used, before or after, is none that it scanned. */
static void what_is_used_is_no_target(void)
{
	struct stage s;

	stage_begin(&s);
	for (uint16_t port = 1; port <= 16; port++)
		stage_refused(&s, (struct staged){A, X, port, 0, port, 0});
	stage_well(&s, (struct staged){A, X, 7, 0, 50, 51});
	const struct incident_list *list = stage_end(&s);
	const struct incident *i = stage_find(list, INCIDENT_SCAN);
	CU_ASSERT_PTR_NOT_NULL_FATAL(i);
	CU_ASSERT_EQUAL(i->connections_len, 15);
	CU_ASSERT_PTR_NULL(incident_of(list, 7));
	CU_ASSERT_EQUAL(i->severity, HANGUP_SEVERITY_HARMLESS);
	CU_ASSERT_TRUE(incident_excuses(list, 1));
	CU_ASSERT_FALSE(incident_excuses(list, 7));
	CU_ASSERT_EQUAL(list->excused[HANGUP_LABEL_RST][HANGUP_CAUSE_REFUSED], 15);
	stage_clear(&s);
}

/* Whose own link is out asks many hosts in vain, and nobody answers: at most half may be silent. */
static void silence_is_no_scan(void)
{
	for (unsigned silent = 8; silent <= 9; silent++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned n = 0; n < 16; n++) {
			g_autofree char *server = g_strdup_printf("198.51.100.%u", n + 1);
			const struct staged who = {A, server, 22, 0, n, 0};

			if (n < silent)
				stage_no_answer(&s, who);
			else
				stage_refused(&s, who);
		}
		CU_ASSERT_EQUAL(told(&s, INCIDENT_SCAN), silent == 8 ? 16 : 0);
	}
}

static void two_checks_are_a_pattern(void)
{
	for (unsigned count = 1; count <= 3; count++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned n = 0; n < count; n++)
			stage_probe(&s, (struct staged){A, X, 443, 0, 10 * n, 0});
		stage_probe(&s, (struct staged){B, X, 443, 0, 5, 0}); /* of another client */
		stage_probe(&s, (struct staged){A, X, 80, 0, 5, 0});  /* of another service */
		CU_ASSERT_EQUAL(told(&s, INCIDENT_HEALTH_CHECKS), count < 2 ? 0 : count);
	}
}

/* --- refusals --------------------------------------------------------------------------------------------------- */

static void a_service_refuses_thrice(void)
{
	for (unsigned count = 2; count <= 3; count++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned n = 0; n < count; n++)
			stage_refused(&s, (struct staged){n % 2 ? A : B, X, 443, 0, 10 * n, 0});
		stage_refused(&s, (struct staged){A, X, 80, 0, 5, 0});
		CU_ASSERT_EQUAL(told(&s, INCIDENT_REFUSED), count < 3 ? 0 : count);
	}
}

static void what_it_served_meanwhile_does_not_fit(void)
{
	struct stage s;

	stage_begin(&s);
	for (unsigned n = 0; n < 3; n++)
		stage_refused(&s, (struct staged){A, X, 443, 0, 10 + 10 * n, 0});
	stage_well(&s, (struct staged){B, X, 443, 0, 9, 12});
	stage_well(&s, (struct staged){B, X, 443, 0, 20, 21});
	const struct incident *i = stage_find(stage_end(&s), INCIDENT_REFUSED);
	CU_ASSERT_PTR_NOT_NULL_FATAL(i);
	CU_ASSERT_EQUAL_FATAL(i->misfits_len, 1);
	CU_ASSERT_EQUAL(i->misfits[0].count, 1);
	CU_ASSERT_EQUAL(i->misfits[0].connections[0], 5);
	stage_clear(&s);
}

/* `failing` ports side by side among those that work, tried one after the other: chance is (n - r + 1) k! (n - r)! /
 * ((k - r)! n!), for all of k in a row (n - k + 1) / C(n, k): 4 of 16 are 13/1820, 6 of 18 are 13/18564. */
static void a_range_of_ports(void)
{
	static const struct {
		unsigned failing;
		size_t members;
	} rows[] = {{4, 0}, {6, 6}};

	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned k = 0; k < 12; k++) {
			const uint16_t below = (uint16_t)(30000 + k), inside = (uint16_t)(40000 + k), above = (uint16_t)(50000 + k);

			if (k < rows[n].failing)
				stage_refused(&s, (struct staged){A, X, 443, inside, 10 + k, 0});
			stage_well(&s, (struct staged){A, X, 443, k % 2 ? below : above, 10.5 + k, 11 + k});
		}
		CU_ASSERT_EQUAL(told(&s, INCIDENT_PORTS_REFUSED), rows[n].members);
	}
}

/* Ports that count upwards make every outage a row: it takes three that worked in between in time. */
static void a_row_in_time_is_none_of_ports(void)
{
	for (unsigned between = 2; between <= 3; between++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned k = 0; k < 8; k++)
			stage_refused(&s, (struct staged){A, X, 443, (uint16_t)(40000 + k), 100 + k, 0});
		for (unsigned k = 0; k < 20; k++)
			stage_well(&s, (struct staged){A, X, 443, (uint16_t)(50000 + k), k < between ? 101.5 + k : 200 + k, 300});
		CU_ASSERT_EQUAL(told(&s, INCIDENT_PORTS_REFUSED), between < 3 ? 0 : 8);
	}
}

/* --- ages -------------------------------------------------------------------------------------------------------- */

/* Three born 10 s apart that die at an age of `age`, the last one `later` older; quiet for 1, 4 and 7 s before it. */
static size_t dead_of_age(double age, double later, double quiet, unsigned count)
{
	struct stage s;

	stage_begin(&s);
	for (unsigned n = 0; n < count; n++) {
		const double born = 10 * n;

		stage_aborted(&s, (struct staged){n % 2 ? A : B, X, 443, 0, born, born + age + (n == 2 ? later : 0)}, quiet < 0 ? 1 + 3 * n : quiet);
	}
	return told(&s, INCIDENT_LIFETIME);
}

static void a_constant_age(void)
{
	CU_ASSERT_EQUAL(dead_of_age(30, 0, -1, 2), 0);
	CU_ASSERT_EQUAL(dead_of_age(30, 0, -1, 3), 3);
	CU_ASSERT_EQUAL(dead_of_age(30, 2, -1, 3), 3);
	CU_ASSERT_EQUAL(dead_of_age(30, 2.000001, -1, 3), 0);
	CU_ASSERT_EQUAL(dead_of_age(10, 0, -1, 3), 3);
	CU_ASSERT_EQUAL(dead_of_age(9.999999, 0, -1, 3), 0);
}

/* As constant a quiet time is an idle limit; but who is busy has none. */
static void a_constant_quiet_is_no_age(void)
{
	CU_ASSERT_EQUAL(dead_of_age(30, 0, 20, 3), 0);
	CU_ASSERT_EQUAL(dead_of_age(30, 0, 14, 3), 3);
}

static void one_that_grew_older_does_not_fit(void)
{
	for (unsigned older = 1; older <= 2; older++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned n = 0; n < 4; n++)
			stage_aborted(&s, (struct staged){A, X, 443, 0, 10 * n, 10 * n + 30}, 1 + 3 * n);
		for (unsigned n = 0; n < older; n++)
			stage_well(&s, (struct staged){B, X, 443, 0, 0, 90});
		const struct incident *i = stage_find(stage_end(&s), INCIDENT_LIFETIME);
		CU_ASSERT_EQUAL(i != NULL, older == 1); /* four of five are nearly all */
		if (i) {
			CU_ASSERT_EQUAL(i->at_most, INT64_C(30000000000));
			CU_ASSERT_EQUAL_FATAL(i->misfits_len, 1);
			CU_ASSERT_EQUAL(i->misfits[0].connections[0], 5);
		}
		stage_clear(&s);
	}
}

/* --- sizes ------------------------------------------------------------------------------------------------------- */

static void large_segments_are_lost(void)
{
	struct stage s;

	for (unsigned count = 1; count <= 2; count++) {
		stage_begin(&s);
		for (unsigned n = 0; n < count; n++)
			stage_large_lost(&s, (struct staged){A, X, 443, 0, 10 * n, 10 * n + 30}, 1400 - n, 600 + n, true);
		const struct incident *i = stage_find(stage_end(&s), INCIDENT_PMTU);
		CU_ASSERT_EQUAL(i != NULL, count == 2);
		if (i) {
			CU_ASSERT_EQUAL(i->above, 601);
			CU_ASSERT_EQUAL(i->at_most, 1399);
		}
		stage_clear(&s);
	}
}

/* Where no verdict says so: three that are large, and others between the same hosts that went on. */
static void large_ones_among_small_ones(void)
{
	static const struct {
		unsigned count;
		int64_t lost;
		bool others;
		size_t members;
	} rows[] = {{3, 1180, true, 3}, {2, 1180, true, 0}, {3, 1179, true, 0}, {3, 1180, false, 0}};

	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned k = 0; k < rows[n].count; k++)
			stage_large_lost(&s, (struct staged){A, X, 443, 0, 10 + 20 * k, 40 + 20 * k}, rows[n].lost, 0, false);
		if (rows[n].others)
			stage_well(&s, (struct staged){A, X, 443, 0, 5, 90});
		CU_ASSERT_EQUAL(told(&s, INCIDENT_PMTU), rows[n].members);
	}
}

/* --- likeness ------------------------------------------------------------------------------------------------------ */

/* Aborts of one service that no other kind takes: of ages that differ. */
static size_t alike(unsigned count, double apart, unsigned well)
{
	struct stage s;

	stage_begin(&s);
	for (unsigned n = 0; n < count; n++)
		stage_aborted(&s, (struct staged){A, X, 443, 0, 0, 100 + n * apart}, 1);
	for (unsigned n = 0; n < well; n++)
		stage_well(&s, (struct staged){B, X, 443, 0, 0, 101});
	stage_aborted(&s, (struct staged){A, Y, 443, 0, 0, 100}, 1);
	return told(&s, INCIDENT_SAME_CAUSE);
}

static void endings_alike(void)
{
	CU_ASSERT_EQUAL(alike(2, 20, 0), 0);
	CU_ASSERT_EQUAL(alike(3, 20, 0), 3);
	CU_ASSERT_EQUAL(alike(3, 60, 0), 3);
	CU_ASSERT_EQUAL(alike(3, 60.000001, 0), 0);
	CU_ASSERT_EQUAL(alike(3, 20, 27), 3); /* one in ten */
	CU_ASSERT_EQUAL(alike(3, 20, 28), 0);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"a scan takes fifteen services", a_scan_takes_fifteen_services},
		{"what is used is no target", what_is_used_is_no_target},
		{"silence is no scan", silence_is_no_scan},
		{"two checks are a pattern", two_checks_are_a_pattern},
		{"a service refuses thrice", a_service_refuses_thrice},
		{"what it served meanwhile does not fit", what_it_served_meanwhile_does_not_fit},
		{"a range of ports", a_range_of_ports},
		{"a row in time is none of ports", a_row_in_time_is_none_of_ports},
		{"a constant age", a_constant_age},
		{"a constant quiet is no age", a_constant_quiet_is_no_age},
		{"one that grew older does not fit", one_that_grew_older_does_not_fit},
		{"large segments are lost", large_segments_are_lost},
		{"large ones among small ones", large_ones_among_small_ones},
		{"endings alike", endings_alike},
		CU_TEST_INFO_NULL,
	};

	return unit_main("incidents_pattern", tests);
}
