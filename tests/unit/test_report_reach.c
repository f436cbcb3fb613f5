/* What the table says that a cause can do to programs is exactly what facts drawn at random make of it: nothing comes
 * that it does not name, and it names nothing that never comes. */
#include "report/reach.h"

#include <glib.h>

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

enum { DRAWS = 40000 };

static GRand *dice;

static int64_t any_of(const int64_t *values, size_t len)
{
	return values[g_rand_int_range(dice, 0, (gint32)len)];
}

static void draw_side(struct report_case *r, enum hangup_side side)
{
	static const int64_t icmp[] = {3 * 256, 3 * 256 + 1, 3 * 256 + 3, 3 * 256 + 9, 3 * 256 + 13, 256 + 1, 256 + 4};
	static const struct {
		enum hangup_fact fact;
		int64_t most;
	} drawn[] = {
		{HANGUP_FACT_RST_ENDED, 1}, {HANGUP_FACT_RETRY_KIND, HANGUP_RETRY_COUNT - 1}, {HANGUP_FACT_SYNS, 2},
		{HANGUP_FACT_PAYLOAD, 1}, {HANGUP_FACT_DATA_KNEW_FIN, 1}, {HANGUP_FACT_LAST_DATA_FULL, 1},
		{HANGUP_FACT_RETRY_ACKED, 1},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(drawn); i++)
		report_case_fact(r, drawn[i].fact, side, g_rand_int_range(dice, 0, (gint32)drawn[i].most + 1));
	for (enum hangup_packet_role role = 0; role < HANGUP_PACKET_COUNT; role++) {
		if (g_rand_boolean(dice))
			report_case_packet(r, role, side, (uint64_t)g_rand_int_range(dice, 1, 30));
	}
	report_case_fact(r, HANGUP_FACT_FINS, side, r->facts.packet[HANGUP_PACKET_FIN][side].number != 0);
	if (g_rand_boolean(dice))
		report_case_fact(r, HANGUP_FACT_ICMP_ERROR, side, any_of(icmp, G_N_ELEMENTS(icmp)));
}

static void draw(struct report_case *r, enum hangup_cause cause)
{
	static const int64_t handshakes[] = {0, 1, 3, 7}, vantages[] = {HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_SERVER,
	                                                                HANGUP_VANTAGE_MIDDLE, HANGUP_VANTAGE_UNKNOWN};

	report_case_init(r, HANGUP_LABEL_RST, cause, (enum hangup_actor)g_rand_int_range(dice, 0, HANGUP_ACTOR_COUNT));
	report_case_fact(r, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT, any_of(handshakes, G_N_ELEMENTS(handshakes)));
	report_case_fact(r, HANGUP_FACT_VANTAGE, HANGUP_CLIENT, any_of(vantages, G_N_ELEMENTS(vantages)));
	r->facts.ip_version = g_rand_boolean(dice) ? 4 : 6;
	draw_side(r, HANGUP_CLIENT);
	draw_side(r, HANGUP_SERVER);
}

static void reach_is_exact(void)
{
	dice = g_rand_new_with_seed(1);
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		uint32_t seen = 0;

		for (int i = 0; i < DRAWS; i++) {
			struct report_case r;

			draw(&r, cause);
			seen |= 1u << experience_of(&r.c, HANGUP_CLIENT) | 1u << experience_of(&r.c, HANGUP_SERVER);
		}
		CU_ASSERT_EQUAL(seen, reach_of_both(cause));
		if (seen != reach_of_both(cause))
			printf("\ncause %d: seen %x, table %x", (int)cause, seen, reach_of_both(cause));
	}
	g_rand_free(dice);
}

static void sides_have_words(void)
{
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		CU_ASSERT_STRING_NOT_EQUAL(reach_side(cause, true), reach_side(cause, false));
		CU_ASSERT(reach_of(cause, true) != 0 && reach_of(cause, false) != 0);
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"reach is exact", reach_is_exact},
		{"sides have words", sides_have_words},
		CU_TEST_INFO_NULL,
	};

	return unit_main("reach", tests);
}
