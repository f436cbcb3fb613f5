/* From the tracker's records to facts: what is known, what is not, and whose it is. */
#include "tests/unit/scene.h"

/* Facts that no capture of a whole, quiet, open connection leaves out. */
static const enum hangup_fact always_known[] = {
	HANGUP_FACT_CLIENT_KNOWN, HANGUP_FACT_HANDSHAKE, HANGUP_FACT_VANTAGE, HANGUP_FACT_VANTAGE_BY,
	HANGUP_FACT_CAPTURE_LOSS, HANGUP_FACT_ONE_WAY, HANGUP_FACT_DURATION, HANGUP_FACT_SILENCE,
	HANGUP_FACT_CAPTURE_ENDED, HANGUP_FACT_EVICTED, HANGUP_FACT_REUSED, HANGUP_FACT_STATE, HANGUP_FACT_PACKETS,
	HANGUP_FACT_PAYLOAD, HANGUP_FACT_RETRANSMITTED, HANGUP_FACT_SYNS, HANGUP_FACT_FINS, HANGUP_FACT_FIN_ACKED,
	HANGUP_FACT_RETRY_KIND, HANGUP_FACT_RETRIES, HANGUP_FACT_OUTSTANDING, HANGUP_FACT_DATA_AFTER_FIN,
	HANGUP_FACT_UNREPLIED, HANGUP_FACT_RST_ENDED, HANGUP_FACT_RST_KIND, HANGUP_FACT_RSTS, HANGUP_FACT_KEEPALIVES,
	HANGUP_FACT_WINDOW_CLOSED, HANGUP_FACT_IDLE_LONGEST, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_FACT_PAUSE_LONGEST,
	HANGUP_FACT_RST_AFTER_CLOSE, HANGUP_FACT_TIMESTAMPS, HANGUP_FACT_TTL, HANGUP_FACT_HOPS, HANGUP_FACT_LAST_SPEAKER,
};

/* Facts that only something that did not happen would tell. */
static const enum hangup_fact unknown_without_cause[] = {
	HANGUP_FACT_TLS_ALERT, HANGUP_FACT_RETRY_SPAN, HANGUP_FACT_RETRY_GAP, HANGUP_FACT_CLOSE_AGE,
	HANGUP_FACT_RST_TTL_DELTA, HANGUP_FACT_RST_ALIEN, HANGUP_FACT_RST_PAIR_GAP, HANGUP_FACT_IDLE_SPEAKER,
	HANGUP_FACT_ICMP_ERROR, HANGUP_FACT_ICMP_MTU,
};

static bool is_known(const struct facts *f, enum hangup_fact fact, enum hangup_side side)
{
	int64_t value;

	return facts_get(f, fact, side, &value);
}

/* A connection in which nothing happened is known to have had no FIN, no RST and no repetition. */
static void nothing_happened_and_is_known(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_open(s);
	f = scene_only(s);
	for (size_t i = 0; i < G_N_ELEMENTS(always_known); i++)
		CU_ASSERT_TRUE(is_known(f, always_known[i], HANGUP_CLIENT) && is_known(f, always_known[i], HANGUP_SERVER));
	for (size_t i = 0; i < G_N_ELEMENTS(unknown_without_cause); i++)
		CU_ASSERT_FALSE(is_known(f, unknown_without_cause[i], HANGUP_CLIENT));
	CU_ASSERT_EQUAL(SIDE(f, FINS, CLIENT) + SIDE(f, RSTS, SERVER) + SIDE(f, RETRIES, CLIENT), 0);
	scene_free(s);
}

/* What is kept once a connection is never written at the server's place. */
static void what_is_kept_once_is_kept_at_the_client(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_open(s);
	scene_after(s, SECONDS(60));
	scene_server(s, "PA", 1, 1, 10);
	scene_client(s, "R", 1, 0, 0);
	f = scene_only(s);
	for (unsigned fact = 0; fact < HANGUP_FACT_COUNT; fact++)
		CU_ASSERT_FALSE(facts_is_one(fact) && f->known[fact][HANGUP_SERVER]);
	for (unsigned role = 0; role < HANGUP_PACKET_COUNT; role++)
		CU_ASSERT_FALSE(facts_packet_is_one(role) && f->packet[role][HANGUP_SERVER].number != 0);
	scene_free(s);
}

/* Sides follow the connection, not the order of addresses: the client may be the higher or the lower one. */
static void sides_are_client_and_server(void)
{
	for (unsigned turn = 0; turn < 2; turn++) {
		struct scene *s = scene_new();

		s->end[HANGUP_CLIENT].address[15] = turn ? 250 : 1;
		scene_open(s);
		scene_client(s, "PA", 1, 1, 100);
		CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 100);
		CU_ASSERT_EQUAL(SIDE(scene_only(s), UNREPLIED, SERVER), 100);
		CU_ASSERT_EQUAL(scene_only(s)->end[HANGUP_CLIENT].port, 40000);
		CU_ASSERT_EQUAL(PACKET(scene_only(s), LAST_DATA, CLIENT), 4);
		scene_free(s);
	}
}

static void hops_are_counted_from_the_next_initial_ttl(void)
{
	static const struct {
		uint8_t ttl, hops;
	} cases[] = {{64, 0}, {57, 7}, {33, 31}, {32, 0}, {128, 0}, {113, 15}, {255, 0}, {243, 12}, {129, 126}};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct scene *s = scene_new();

		s->end[HANGUP_SERVER].ttl = cases[i].ttl;
		scene_open(s);
		CU_ASSERT_EQUAL(SIDE(scene_only(s), TTL, SERVER), cases[i].ttl);
		CU_ASSERT_EQUAL(SIDE(scene_only(s), HOPS, SERVER), cases[i].hops);
		scene_free(s);
	}
}

/* A neighbour's packets begin with 1 (eBGP): no distance. */
static void one_hop_tells_no_distance(void)
{
	struct scene *s = scene_new();

	s->end[HANGUP_SERVER].ttl = 1;
	scene_open(s);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), TTL, SERVER), 1);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), HOPS, SERVER));
	scene_free(s);
}

/* First five options of a SYN, as capture/segment.h numbers them. */
enum { MSS = 1, NOP, WS, SOK, TS, EOL };
#define ORDER(a, b, c, d, e) ((a) | (b) << 3 | (c) << 6 | (d) << 9 | (e) << 12)

static void systems_are_told_by_ttl_and_options(void)
{
	static const struct {
		uint8_t ttl;
		uint16_t order;
		enum hangup_os os;
	} cases[] = {
		{64, ORDER(MSS, SOK, TS, NOP, WS), HANGUP_OS_LINUX},
		{50, ORDER(MSS, SOK, TS, NOP, WS), HANGUP_OS_LINUX},
		{64, ORDER(MSS, NOP, WS, NOP, NOP), HANGUP_OS_MACOS},
		{128, ORDER(MSS, NOP, WS, NOP, NOP), HANGUP_OS_WINDOWS},
		{117, ORDER(MSS, NOP, WS, NOP, NOP), HANGUP_OS_WINDOWS},
		{64, ORDER(MSS, NOP, WS, SOK, TS), HANGUP_OS_BSD},
		{255, ORDER(MSS, SOK, TS, NOP, WS), HANGUP_OS_UNKNOWN},
		{64, ORDER(MSS, 0, 0, 0, 0), HANGUP_OS_UNKNOWN},
		{64, ORDER(EOL, 0, 0, 0, 0), HANGUP_OS_UNKNOWN},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct scene *s = scene_new();
		struct segment syn = scene_segment(s, HANGUP_CLIENT, "S", 0, 0, 0);

		syn.ttl = cases[i].ttl;
		syn.options_order = cases[i].order;
		scene_take(s, &syn);
		CU_ASSERT_EQUAL(SIDE(scene_only(s), OS, CLIENT), cases[i].os);
		CU_ASSERT_EQUAL(IS_KNOWN(scene_only(s), OS, CLIENT), cases[i].os != HANGUP_OS_UNKNOWN);
		scene_free(s);
	}
}

/* A record used again carries nothing of its last connection. */
static void facts_are_filled_anew(void)
{
	struct scene *s = scene_new_with(&(struct tracker_options){.max_connections = 1});
	const struct facts *f;

	scene_open(s);
	scene_bytes(s, HANGUP_SERVER, "RA", 1, 1, "a reason", 8);
	s->end[HANGUP_CLIENT].port++;
	scene_client(s, "S", 0, 0, 0);
	f = scene_ending(s, 2);
	CU_ASSERT_STRING_EQUAL(f->rst_text[HANGUP_SERVER], "");
	CU_ASSERT_STRING_EQUAL(f->history, "S");
	CU_ASSERT_EQUAL(SIDE(f, RSTS, SERVER), 0);
	CU_ASSERT_EQUAL(SIDE(f, PACKETS, SERVER), 0);
	CU_ASSERT_EQUAL(PACKET(f, LAST_SENT, SERVER), 0);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nothing happened and is known", nothing_happened_and_is_known},
		{"what is kept once is kept at the client", what_is_kept_once_is_kept_at_the_client},
		{"sides are client and server", sides_are_client_and_server},
		{"hops are counted from the next initial TTL", hops_are_counted_from_the_next_initial_ttl},
		{"one hop tells no distance", one_hop_tells_no_distance},
		{"systems are told by TTL and options", systems_are_told_by_ttl_and_options},
		{"facts are filled anew", facts_are_filled_anew},
		CU_TEST_INFO_NULL,
	};

	return unit_main("laying an ending out", tests);
}
