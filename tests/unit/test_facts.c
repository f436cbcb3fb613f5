/* Facts and packets are read by their scope, and numbers from plugins never reach beyond the lists. */
#include "analyzers/facts.h"

#include "tests/unit/unit.h"

static struct facts facts;

static void know(enum hangup_fact fact, enum hangup_side side, int64_t value)
{
	facts.known[fact][side] = true;
	facts.value[fact][side] = value;
}

static void reads_a_fact_of_a_side(void)
{
	int64_t value;

	facts = (struct facts){.id = 1};
	know(HANGUP_FACT_PACKETS, HANGUP_SERVER, 7);
	CU_ASSERT_TRUE(facts_get(&facts, HANGUP_FACT_PACKETS, HANGUP_SERVER, &value));
	CU_ASSERT_EQUAL(value, 7);
	value = 99;
	CU_ASSERT_FALSE(facts_get(&facts, HANGUP_FACT_PACKETS, HANGUP_CLIENT, &value));
	CU_ASSERT_EQUAL(value, 0);
}

static void reads_a_fact_kept_once_from_either_side(void)
{
	facts = (struct facts){.id = 1};
	know(HANGUP_FACT_DURATION, HANGUP_CLIENT, 5);
	CU_ASSERT_EQUAL(facts_value(&facts, HANGUP_FACT_DURATION, HANGUP_CLIENT), 5);
	CU_ASSERT_EQUAL(facts_value(&facts, HANGUP_FACT_DURATION, HANGUP_SERVER), 5);
}

static void reads_packets_by_scope(void)
{
	struct hangup_packet packet;

	facts = (struct facts){.id = 1};
	facts.packet[HANGUP_PACKET_FIN][HANGUP_SERVER] = (struct hangup_packet){.number = 12, .time_ns = 3};
	facts.packet[HANGUP_PACKET_LAST][HANGUP_CLIENT] = (struct hangup_packet){.number = 13, .time_ns = 4};
	CU_ASSERT_TRUE(facts_packet(&facts, HANGUP_PACKET_FIN, HANGUP_SERVER, &packet));
	CU_ASSERT_EQUAL(packet.number, 12);
	CU_ASSERT_FALSE(facts_packet(&facts, HANGUP_PACKET_FIN, HANGUP_CLIENT, &packet));
	CU_ASSERT_EQUAL(packet.number, 0);
	CU_ASSERT_TRUE(facts_packet(&facts, HANGUP_PACKET_LAST, HANGUP_SERVER, &packet));
	CU_ASSERT_EQUAL(packet.number, 13);
}

static void scopes_come_from_the_lists(void)
{
	CU_ASSERT_TRUE(facts_is_one(HANGUP_FACT_VANTAGE));
	CU_ASSERT_FALSE(facts_is_one(HANGUP_FACT_STATE));
	CU_ASSERT_TRUE(facts_packet_is_one(HANGUP_PACKET_REUSE));
	CU_ASSERT_FALSE(facts_packet_is_one(HANGUP_PACKET_TLS_ALERT));
}

static void numbers_outside_the_lists_are_not_known(void)
{
	struct hangup_packet packet;
	int64_t value;

	facts = (struct facts){.id = 1};
	know(HANGUP_FACT_PACKETS, HANGUP_CLIENT, 7);
	CU_ASSERT_FALSE(facts_get(&facts, HANGUP_FACT_COUNT, HANGUP_CLIENT, &value));
	CU_ASSERT_FALSE(facts_get(&facts, (enum hangup_fact)-1, HANGUP_CLIENT, &value));
	CU_ASSERT_FALSE(facts_get(&facts, HANGUP_FACT_PACKETS, (enum hangup_side)2, &value));
	CU_ASSERT_FALSE(facts_get(&facts, HANGUP_FACT_PACKETS, (enum hangup_side)-1, &value));
	CU_ASSERT_FALSE(facts_packet(&facts, HANGUP_PACKET_COUNT, HANGUP_CLIENT, &packet));
	CU_ASSERT_FALSE(facts_packet(&facts, HANGUP_PACKET_FIN, (enum hangup_side)2, &packet));
	CU_ASSERT_FALSE(facts_is_one(HANGUP_FACT_COUNT));
	CU_ASSERT_FALSE(facts_packet_is_one(HANGUP_PACKET_COUNT));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"reads a fact of a side", reads_a_fact_of_a_side},
		{"reads a fact kept once from either side", reads_a_fact_kept_once_from_either_side},
		{"reads packets by scope", reads_packets_by_scope},
		{"scopes come from the lists", scopes_come_from_the_lists},
		{"numbers outside the lists are not known", numbers_outside_the_lists_are_not_known},
		CU_TEST_INFO_NULL,
	};

	return unit_main("facts", tests);
}
