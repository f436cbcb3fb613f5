/* What befalls many in one moment: outages, restarts, deaths. Each at its thresholds, one below them, and what did not
 * fit; and several at once. */
#include "tests/unit/incident_stage.h"

#include <string.h>

#include "tests/unit/unit.h"

static const char *const A = "192.0.2.1", *const B = "192.0.2.2", *const C = "192.0.2.3";
static const char *const X = "198.51.100.1", *const Y = "198.51.100.2", *const Z = "198.51.100.3";
static const double MS = 0.001, NS = 1e-9;

static const char *server_of(unsigned n)
{
	return (const char *const[]){X, Y, Z}[n % 3];
}

/* --- outages ------------------------------------------------------------------------------------------------ */

/* So many connections of A to three servers, in full flow until 100 s, that cease to be answered `apart` after each other;
 * each heard just before it asks in vain. */
static void link_fails(struct stage *s, unsigned count, double apart, double idle)
{
	for (unsigned n = 0; n < count; n++) {
		const double asked = 100 + n * apart;

		stage_stalled(s, (struct staged){A, server_of(n), 443, 0, 10, asked + 30}, asked - 50 * MS, asked, idle);
	}
}

static size_t told(struct stage *s, enum incident_kind kind)
{
	const struct incident_list *list = stage_end(s);
	const struct incident *i = stage_find(list, kind);
	const size_t members = i ? i->connections_len : 0;

	stage_clear(s);
	return members;
}

static void as_many_as_it_takes(void)
{
	struct stage s;

	for (unsigned count = 1; count <= 4; count++) {
		stage_begin(&s);
		link_fails(&s, count, 10 * MS, 0);
		CU_ASSERT_EQUAL(told(&s, INCIDENT_LINK_OUTAGE), count < 3 ? 0 : count);
	}
}

/* Within a second; those that were heard after the first of them asked in vain share no moment beyond that. */
static void within_a_second(void)
{
	struct stage s;

	stage_begin(&s);
	link_fails(&s, 3, 0.5, 0);
	CU_ASSERT_EQUAL(told(&s, INCIDENT_LINK_OUTAGE), 3);
	stage_begin(&s);
	link_fails(&s, 3, 0.5 + 2 * NS, 0);
	CU_ASSERT_EQUAL(told(&s, INCIDENT_LINK_OUTAGE), 0);
}

/* Slow talk: five seconds, when nobody was heard after the first sign. */
static void slow_talk_has_a_moment_too(void)
{
	static const struct {
		double apart, heard;
		size_t members;
	} rows[] = {{2.5, 99.9, 3}, {2.5, 100, 3}, {2.5, 100.1, 0}, {2.5 + 2e-9, 99.9, 0}};

	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned k = 0; k < 3; k++)
			stage_stalled(&s, (struct staged){A, server_of(k), 443, 0, 10, 150}, k ? rows[n].heard : 99, 100 + k * rows[n].apart, 0);
		CU_ASSERT_EQUAL(told(&s, INCIDENT_LINK_OUTAGE), rows[n].members);
	}
}

/* Those that had been quiet join a burst and make none. */
static void quiet_ones_make_no_burst(void)
{
	struct stage s;

	stage_begin(&s);
	link_fails(&s, 3, 10 * MS, 30);
	CU_ASSERT_EQUAL(told(&s, INCIDENT_LINK_OUTAGE), 0);
	stage_begin(&s);
	link_fails(&s, 3, 10 * MS, 30 - 1 * NS);
	stage_stalled(&s, (struct staged){A, Y, 22, 0, 10, 160}, 40, 105, 65);
	stage_no_answer(&s, (struct staged){A, Z, 80, 0, 110, 0});
	CU_ASSERT_EQUAL(told(&s, INCIDENT_LINK_OUTAGE), 5);
}

/* Four of five is nearly all. */
static void one_in_five_may_go_on(void)
{
	for (unsigned on = 1; on <= 2; on++) {
		struct stage s;

		stage_begin(&s);
		link_fails(&s, 4, 10 * MS, 0);
		for (unsigned n = 0; n < on; n++)
			stage_well(&s, (struct staged){A, Z, 80, 0, 10, 130});
		const struct incident_list *list = stage_end(&s);
		const struct incident *i = stage_find(list, INCIDENT_LINK_OUTAGE);
		CU_ASSERT_EQUAL(i != NULL, on == 1);
		if (i) {
			CU_ASSERT_EQUAL_FATAL(i->misfits_len, 1);
			CU_ASSERT_EQUAL(i->misfits[0].count, 1);
			CU_ASSERT_EQUAL(i->misfits[0].connections[0], 5);
		}
		stage_clear(&s);
	}
}

/* What comes after somebody was accepted again is not of it. */
static void it_ends_when_one_is_accepted(void)
{
	struct stage s;

	stage_begin(&s);
	link_fails(&s, 3, 10 * MS, 0);
	stage_no_answer(&s, (struct staged){A, X, 80, 0, 119, 0});
	stage_well(&s, (struct staged){A, X, 80, 0, 120, 121});
	stage_no_answer(&s, (struct staged){A, Y, 80, 0, 121, 0});
	const struct incident *i = stage_find(stage_end(&s), INCIDENT_LINK_OUTAGE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(i);
	CU_ASSERT_EQUAL(i->connections_len, 4);
	CU_ASSERT_EQUAL(i->connections[3], 4);
	stage_clear(&s);
}

static void whose_it_was(void)
{
	static const struct {
		const char *clients[2], *servers[2];
		enum incident_kind kind;
	} rows[] = {
		{{"192.0.2.1", "192.0.2.1"}, {"198.51.100.1", "198.51.100.2"}, INCIDENT_LINK_OUTAGE},
		{{"192.0.2.1", "192.0.2.1"}, {"198.51.100.1", "198.51.100.1"}, INCIDENT_PATH_OUTAGE},
		{{"192.0.2.1", "192.0.2.2"}, {"198.51.100.1", "198.51.100.1"}, INCIDENT_SERVER_DEATH},
		{{"192.0.2.1", "192.0.2.2"}, {"198.51.100.1", "198.51.100.2"}, INCIDENT_PATH_OUTAGE},
	};

	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned k = 0; k < 8; k++) /* all four pairs, so that they are connected */
			stage_stalled(&s, (struct staged){rows[n].clients[k % 2], rows[n].servers[k / 2 % 2], 443, 0, 10, 130}, 99.9, 100, 0);
		const struct incident_list *list = stage_end(&s);
		CU_ASSERT_EQUAL_FATAL(list->len, 1);
		CU_ASSERT_EQUAL(list->incidents[0].kind, rows[n].kind);
		CU_ASSERT_EQUAL(list->incidents[0].connections_len, 8);
		stage_clear(&s);
	}
}

/* What the local network says of a host makes an outage surer, and names the host. */
static void the_local_network_speaks(void)
{
	static const struct {
		enum hangup_packet_role sign;
		enum hangup_side of;
		const char *words;
	} rows[] = {
		{HANGUP_PACKET_SOUGHT, HANGUP_SERVER, "198.51.100.1 was asked for on its own network (ARP, neighbour discovery) and did not answer, 7 times"},
		{HANGUP_PACKET_ADDRESS_GONE, HANGUP_CLIENT, "192.0.2.1 gave its address back, or was refused it (DHCP)"},
		{HANGUP_PACKET_THROWN_OUT, HANGUP_CLIENT, "192.0.2.1 lost its place in the network"},
	};

	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		double surer[2];

		for (unsigned spoke = 0; spoke < 2; spoke++) {
			struct stage s;
			bool said = false;

			stage_begin(&s);
			for (unsigned k = 0; k < 3; k++) {
				const struct staged who = {A, X, 443, 0, 10, 130};

				if (spoke && k == 1)
					stage_stalled_as(&s, who, 100, rows[n].sign, rows[n].of);
				else
					stage_stalled(&s, who, 99.9, 100, 0);
			}
			const struct incident_list *list = stage_end(&s);
			CU_ASSERT_EQUAL_FATAL(list->len, 1);
			for (size_t e = 0; e < list->incidents[0].evidence_len; e++)
				said |= strstr(list->incidents[0].evidence[e].text, rows[n].words) != NULL && list->incidents[0].evidence[e].connection == 2;
			CU_ASSERT_EQUAL(said, spoke == 1);
			surer[spoke] = list->incidents[0].confidence;
			stage_clear(&s);
		}
		CU_ASSERT_TRUE(surer[1] > surer[0]);
	}
}

/* --- restarts ----------------------------------------------------------------------------------------------- */

/* So many that X no longer knows: it went down at 100 s. */
static void forgotten(struct stage *s, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		stage_unknown(s, (struct staged){n % 2 ? A : B, X, 443, 0, 10, 110 + n * 7}, 90 + n);
}

static void a_host_that_restarted(void)
{
	struct stage s;

	for (unsigned count = 2; count <= 4; count++) {
		stage_begin(&s);
		forgotten(&s, count);
		stage_well(&s, (struct staged){C, X, 443, 0, 140, 141});
		CU_ASSERT_EQUAL(told(&s, INCIDENT_SERVER_RESTART), count < 3 ? 0 : count);
	}
}

static void not_served_is_a_death(void)
{
	struct stage s;

	stage_begin(&s);
	forgotten(&s, 3);
	const struct incident *i = stage_find(stage_end(&s), INCIDENT_SERVER_DEATH);
	CU_ASSERT_PTR_NOT_NULL_FATAL(i);
	CU_ASSERT_TRUE(g_ascii_isupper(i->sentence[0]));
	stage_clear(&s);
}

/* One that was heard after the reset of another: no moment explains both. */
static void no_moment_no_restart(void)
{
	struct stage s;

	stage_begin(&s);
	stage_unknown(&s, (struct staged){A, X, 443, 0, 10, 110}, 100);
	stage_unknown(&s, (struct staged){B, X, 443, 0, 10, 120}, 109);
	stage_unknown(&s, (struct staged){C, X, 443, 0, 10, 200}, 110 + 1 * NS);
	stage_well(&s, (struct staged){C, X, 443, 0, 240, 241});
	CU_ASSERT_EQUAL(told(&s, INCIDENT_SERVER_RESTART), 0);
}

/* What was refused or not answered until the first that was served is of it. */
static void the_gap_is_of_it(void)
{
	struct stage s;

	stage_begin(&s);
	forgotten(&s, 3);
	stage_refused(&s, (struct staged){C, X, 80, 0, 91, 0}); /* the server was heard after that */
	stage_refused(&s, (struct staged){C, X, 80, 0, 101, 0});
	stage_no_answer(&s, (struct staged){C, X, 443, 0, 103, 0});
	stage_well(&s, (struct staged){C, X, 443, 0, 140, 141});
	stage_refused(&s, (struct staged){C, X, 80, 0, 150, 0});
	const struct incident *i = stage_find(stage_end(&s), INCIDENT_SERVER_RESTART);
	CU_ASSERT_PTR_NOT_NULL_FATAL(i);
	CU_ASSERT_EQUAL_FATAL(i->connections_len, 5);
	CU_ASSERT_TRUE(i->connections[3] == 5 && i->connections[4] == 6);
	stage_clear(&s);
}

/* All connections of a program, within a second; not where it ends some all the time. */
static void a_program_that_died(void)
{
	static const struct {
		double apart, before;
		size_t members;
	} rows[] = {{0.5, 0, 3}, {0.5 + 2e-6, 0, 0}, {0.01, 61, 3}, {0.01, 30, 0}};

	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		struct stage s;

		stage_begin(&s);
		for (unsigned k = 0; k < 3; k++)
			stage_aborted(&s, (struct staged){k % 2 ? A : B, X, 443, 0, 10 * k, 200 + k * rows[n].apart}, 1);
		if (rows[n].before > 0)
			stage_aborted(&s, (struct staged){C, X, 443, 0, 0, 200 - rows[n].before}, 1);
		stage_well(&s, (struct staged){C, X, 443, 0, 205, 206});
		CU_ASSERT_EQUAL(told(&s, INCIDENT_SERVER_RESTART), rows[n].members);
	}
}

/* --- at once -------------------------------------------------------------------------------------------------- */

/* A link of one client, a reboot of a server that it does not use, and a scan by a third: none takes what is another's. */
static void several_at_once(void)
{
	static const enum incident_kind kinds[] = {INCIDENT_LINK_OUTAGE, INCIDENT_SERVER_RESTART, INCIDENT_SCAN};
	struct stage s;
	bool seen[64] = {false};

	stage_begin(&s);
	for (unsigned n = 0; n < 4; n++) {
		stage_stalled(&s, (struct staged){A, n % 2 ? Y : Z, 443, 0, 10, 130}, 99.9, 100 + n * 10 * MS, 0);
		stage_unknown(&s, (struct staged){B, X, 443, 0, 10, 100.1 + n}, 99);
	}
	for (uint16_t port = 1; port <= 20; port++)
		stage_refused(&s, (struct staged){C, X, port, 0, 100, 0});
	stage_well(&s, (struct staged){B, X, 443, 0, 140, 141});
	const struct incident_list *list = stage_end(&s);
	CU_ASSERT_EQUAL(list->len, 3);
	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
		const struct incident *i = stage_find(list, kinds[k]);

		CU_ASSERT_PTR_NOT_NULL_FATAL(i);
		CU_ASSERT_EQUAL(i->connections_len, kinds[k] == INCIDENT_SCAN ? 20 : 4);
		for (size_t m = 0; m < i->connections_len; m++) {
			CU_ASSERT_FALSE(seen[i->connections[m]]);
			seen[i->connections[m]] = true;
		}
	}
	stage_clear(&s);
}

/* An outage takes what talked, and not the verdicts on a timer that fell before it. */
static void an_outage_beside_a_timer(void)
{
	struct stage s;

	stage_begin(&s);
	link_fails(&s, 3, 10 * MS, 0);
	stage_stalled(&s, (struct staged){A, Y, 22, 0, 0, 90}, 1, 62, 61);
	const struct incident_list *list = stage_end(&s);
	const struct incident *i = stage_find(list, INCIDENT_LINK_OUTAGE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(i);
	CU_ASSERT_EQUAL(i->connections_len, 3);
	CU_ASSERT_PTR_NULL(incident_of(list, 4));
	stage_clear(&s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"an outage takes three", as_many_as_it_takes},
		{"within a second", within_a_second},
		{"slow talk has a moment too", slow_talk_has_a_moment_too},
		{"quiet ones make no burst", quiet_ones_make_no_burst},
		{"one in five may go on", one_in_five_may_go_on},
		{"it ends when one is accepted", it_ends_when_one_is_accepted},
		{"whose it was", whose_it_was},
		{"the local network speaks", the_local_network_speaks},
		{"a host that restarted", a_host_that_restarted},
		{"not served is a death", not_served_is_a_death},
		{"no moment, no restart", no_moment_no_restart},
		{"the gap is of it", the_gap_is_of_it},
		{"a program that died", a_program_that_died},
		{"several at once", several_at_once},
		{"an outage beside a timer", an_outage_beside_a_timer},
		CU_TEST_INFO_NULL,
	};

	return unit_main("incidents_moment", tests);
}
