/* What the local network says of a host, and of which connections it counts. */
#include "analyzers/neighbours.h"

#include <string.h>

#include "tests/unit/scene.h"

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1}, everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/* What was heard so far, with the scene's clock and numbers. */
struct ears {
	struct scene *s;
	struct neighbours_log log;
};

static struct ears ears_open(void)
{
	struct ears e = {.s = scene_new()};

	scene_open(e.s);
	scene_client(e.s, "PA", 1, 1, 100);
	scene_server(e.s, "PA", 1, 101, 100);
	scene_client(e.s, "A", 101, 101, 0);
	return e;
}

static uint64_t hear(struct ears *e, enum segment_notice what, const uint8_t *source, const uint8_t *target,
                     const uint8_t station[6], uint16_t code)
{
	struct segment n = {.kind = SEGMENT_NOTICE, .notice = what, .notice_code = code};

	e->s->now_ns += MS(1000);
	n.number = ++e->s->number;
	n.time_ns = e->s->now_ns;
	if (source != NULL)
		memcpy(n.source, source, sizeof n.source);
	if (target != NULL)
		memcpy(n.target, target, sizeof n.target);
	memcpy(n.notice_mac, station, sizeof n.notice_mac);
	neighbours_note(&e->log, &n);
	return n.number;
}

static const struct facts *end(struct ears *e)
{
	tracker_hear(e->s->tracker, &e->log);
	return scene_only(e->s);
}

static void ears_close(struct ears *e)
{
	neighbours_log_clear(&e->log);
	scene_free(e->s);
}

#define CLIENT_OF(e) ((e).s->end[HANGUP_CLIENT].address)
#define SERVER_OF(e) ((e).s->end[HANGUP_SERVER].address)

static void test_asked_in_vain(void)
{
	struct ears e = ears_open();
	uint64_t first = hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	const struct facts *f;

	hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	f = end(&e);
	CU_ASSERT_EQUAL(SIDE(f, SOUGHT, SERVER), 3);
	CU_ASSERT_EQUAL(PACKET(f, SOUGHT, SERVER), first);
	CU_ASSERT_FALSE(IS_KNOWN(f, SOUGHT, CLIENT));
	ears_close(&e);
}

static void test_answered(void)
{
	struct ears e = ears_open();

	hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	hear(&e, NOTICE_PRESENT, SERVER_OF(e), CLIENT_OF(e), mac, 0);
	CU_ASSERT_FALSE(IS_KNOWN(end(&e), SOUGHT, SERVER));
	ears_close(&e);
	e = ears_open(); /* whoever asks is there */
	hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	hear(&e, NOTICE_ASKED, SERVER_OF(e), CLIENT_OF(e), mac, 0);
	CU_ASSERT_FALSE(IS_KNOWN(end(&e), SOUGHT, SERVER));
	ears_close(&e);
}

/* In a switched network a question is heard by all, and its answer by who asked: somebody else's says nothing, unless
 * answers to it are captured. */
static void test_asked_by_others(void)
{
	static const uint8_t other[16] = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 99};

	for (unsigned hears = 0; hears < 2; hears++) {
		struct ears e = ears_open();

		if (hears)
			hear(&e, NOTICE_PRESENT, CLIENT_OF(e), other, mac, 0);
		for (unsigned n = 0; n < 4; n++)
			hear(&e, NOTICE_ASKED, other, SERVER_OF(e), mac, 0);
		CU_ASSERT_EQUAL(SIDE(end(&e), SOUGHT, SERVER), hears ? 4 : 0);
		ears_close(&e);
	}
}

/* What was said before the host's last packet is over; so are questions of long ago. */
static void test_before_the_last_packet(void)
{
	struct ears e = ears_open();

	hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	hear(&e, NOTICE_RELEASED, SERVER_OF(e), NULL, mac, 0);
	scene_server(e.s, "PA", 101, 101, 100);
	scene_client(e.s, "A", 101, 201, 0);
	CU_ASSERT_FALSE(IS_KNOWN(end(&e), SOUGHT, SERVER));
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(e.s), ADDRESS_GONE, SERVER));
	ears_close(&e);
	e = ears_open();
	hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	e.s->now_ns += NEIGHBOURS_APART_NS;
	hear(&e, NOTICE_ASKED, CLIENT_OF(e), SERVER_OF(e), mac, 0);
	CU_ASSERT_EQUAL(SIDE(end(&e), SOUGHT, SERVER), 1);
	ears_close(&e);
}

static void test_addresses(void)
{
	struct ears e = ears_open();
	uint64_t release = hear(&e, NOTICE_RELEASED, CLIENT_OF(e), NULL, mac, 0);
	const struct facts *f = end(&e);

	CU_ASSERT_EQUAL(SIDE(f, ADDRESS_GONE, CLIENT), 1);
	CU_ASSERT_EQUAL(PACKET(f, ADDRESS_GONE, CLIENT), release);
	CU_ASSERT_FALSE(IS_KNOWN(f, ADDRESS_GONE, SERVER));
	ears_close(&e);
	e = ears_open();
	hear(&e, NOTICE_REFUSED, NULL, CLIENT_OF(e), mac, 0);
	hear(&e, NOTICE_ASSIGNED, NULL, CLIENT_OF(e), mac, 0);
	CU_ASSERT_FALSE(IS_KNOWN(end(&e), ADDRESS_GONE, CLIENT));
	ears_close(&e);
}

static void test_thrown_out(void)
{
	static const struct {
		enum segment_notice what;
		const uint8_t *whom;
		uint16_t code;
		int64_t why;
	} cases[] = {
		{NOTICE_DEAUTHENTICATED, mac, 7, 7},
		{NOTICE_DISASSOCIATED, mac, 8, 8},
		{NOTICE_DEAUTHENTICATED, everybody, 3, 3},
		{NOTICE_LOGIN_FAILED, mac, 0, THROWN_OUT_LOGIN_FAILED},
		{NOTICE_LOGGED_OFF, mac, 0, THROWN_OUT_LOGGED_OFF},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct ears e = ears_open();
		const struct facts *f;

		hear(&e, NOTICE_PRESENT, CLIENT_OF(e), NULL, mac, 0);
		hear(&e, cases[i].what, NULL, NULL, cases[i].whom, cases[i].code);
		f = end(&e);
		CU_ASSERT_TRUE(IS_KNOWN(f, THROWN_OUT, CLIENT));
		CU_ASSERT_EQUAL(SIDE(f, THROWN_OUT, CLIENT), cases[i].why);
		CU_ASSERT_FALSE(IS_KNOWN(f, THROWN_OUT, SERVER));
		ears_close(&e);
	}
}

/* A station's own packets tell its address; nobody's address is nobody's. */
static void test_stations(void)
{
	struct ears e = ears_open();
	struct segment s = e.s->last;

	s.kind = SEGMENT_TCP;
	s.has_station = s.station_sent = true;
	memcpy(s.station, mac, sizeof s.station);
	neighbours_note(&e.log, &s);
	hear(&e, NOTICE_DEAUTHENTICATED, NULL, NULL, mac, 1);
	hear(&e, NOTICE_RELEASED, NULL, NULL, mac, 0);
	CU_ASSERT_EQUAL(SIDE(end(&e), THROWN_OUT, CLIENT), 1);
	ears_close(&e);
}

/* Any number of hosts: the memory stays as large as it is, and nothing is known that was not said. */
static void test_bounded(void)
{
	struct ears e = ears_open();

	for (uint32_t n = 0; n < 4 * NEIGHBOURS_REMEMBERED; n++) {
		uint8_t host[16] = {[0] = 0x20, [1] = 0x01};
		uint8_t station[6] = {2};

		memcpy(host + 12, &n, sizeof n);
		memcpy(station + 2, &n, sizeof n);
		hear(&e, NOTICE_ASKED, host, host, station, 0);
		hear(&e, NOTICE_DEAUTHENTICATED, NULL, NULL, station, 0);
	}
	CU_ASSERT_FALSE(IS_KNOWN(end(&e), SOUGHT, SERVER));
	ears_close(&e);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"asked in vain", test_asked_in_vain},
		{"answered", test_answered},
		{"asked by others", test_asked_by_others},
		{"before the last packet", test_before_the_last_packet},
		{"addresses", test_addresses},
		{"thrown out", test_thrown_out},
		{"stations", test_stations},
		{"bounded", test_bounded},
		CU_TEST_INFO_NULL,
	};

	return unit_main("neighbours", tests);
}
