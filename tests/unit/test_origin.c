/* Whose RST was it: each signal by itself, with its weight, what it does not apply to, and how they add up. */
#include "tests/unit/scene.h"

/* A Linux server, 20 ms away, whose IP-IDs count up and whose segments carry timestamps. */
static struct scene *talked(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, MS(20));
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
	scene_client(s, "PA", 1, 1, 100);
	scene_after(s, MS(20));
	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "A", 101, 201, 0);
	return s;
}

/* The server's own abort, to be falsified. */
static struct segment active(struct scene *s)
{
	return scene_segment(s, HANGUP_SERVER, "RA", 201, 101, 0);
}

/* Its own kernel's answer to a stray packet. */
static struct segment reactive(struct scene *s)
{
	struct segment rst = scene_segment(s, HANGUP_SERVER, "R", 201, 0, 0);

	rst.ip_id = 0;
	rst.window = 0;
	rst.options = 0;
	return rst;
}

static int64_t alien(struct scene *s, struct segment rst)
{
	int64_t found;

	scene_after(s, MS(20));
	scene_take(s, &rst);
	found = SIDE(scene_ending(s, 1), RST_ALIEN, SERVER);
	scene_free(s);
	return found;
}

static void its_own_are_not_alien(void)
{
	struct scene *s = talked();

	CU_ASSERT_EQUAL(alien(s, active(s)), 0);
	s = talked();
	CU_ASSERT_EQUAL(alien(s, reactive(s)), 0);
}

/* A little off, clearly off, and from another kind of system: no path makes 255 of 64. */
static void another_ttl(void)
{
	static const struct {
		uint8_t ttl;
		int64_t alien;
	} cases[] = {{64, 0}, {63, 0}, {65, 0}, {62, 30}, {66, 30}, {61, 45}, {40, 45}, {128, 60}, {255, 60}, {1, 60}};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct scene *s = talked();
		struct segment rst = active(s);

		rst.ttl = cases[i].ttl;
		CU_ASSERT_EQUAL(alien(s, rst), cases[i].alien);
	}
}

/* Several paths of different length: a RST on one of them is no sign. */
static void a_wandering_ttl_excuses_it(void)
{
	struct scene *s = talked();
	struct segment rst;

	s->end[HANGUP_SERVER].ttl = 61;
	scene_server(s, "PA", 201, 101, 10);
	scene_client(s, "A", 101, 211, 0);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 211, 101, 0);
	rst.ttl = 64;
	CU_ASSERT_EQUAL(alien(s, rst), 45 - 40);
}

/* A SYN proxy answered with a TTL that began elsewhere: that is another host, not another path. */
static void a_ttl_from_elsewhere_does_not(void)
{
	struct scene *s = talked();
	struct segment rst;

	s->end[HANGUP_SERVER].ttl = 121;
	scene_server(s, "PA", 201, 101, 10);
	scene_client(s, "A", 101, 211, 0);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 211, 101, 0);
	rst.ttl = 64;
	CU_ASSERT_EQUAL(alien(s, rst), 45 + 15);
}

/* A program may set a TTL of its own, 255 or, for a neighbour, 1 (eBGP); its kernel's RST begins with the system's. The
 * hops must agree; and nobody's RST begins higher than his other packets. */
static void a_program_may_set_its_own_ttl(void)
{
	static const struct {
		uint8_t own, rst;
		int64_t alien;
	} cases[] = {{250, 59, 0}, {250, 123, 0}, {250, 60, 0}, {250, 50, 60}, {1, 64, 0}, {59, 250, 60}};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct scene *s = scene_new();
		struct segment rst;

		s->end[HANGUP_SERVER].ttl = cases[i].own;
		scene_open(s);
		rst = scene_segment(s, HANGUP_SERVER, "RA", 1, 1, 0);
		rst.ttl = cases[i].rst;
		CU_ASSERT_EQUAL(alien(s, rst), cases[i].alien);
	}
}

static void a_jump_of_the_ip_id(void)
{
	static const struct {
		uint16_t step;
		int64_t alien;
	} cases[] = {{1, 0}, {1000, 0}, {1100, 15}, {30000, 15}, {(uint16_t)-900, 0}, {(uint16_t)-1200, 15}};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct scene *s = talked();
		struct segment rst = active(s);

		rst.ip_id = (uint16_t)(rst.ip_id - 1 + cases[i].step);
		CU_ASSERT_EQUAL(alien(s, rst), cases[i].alien);
	}
}

/* IP-ID 0 means that the host does not count: nothing to compare. */
static void no_ip_id_tells_nothing(void)
{
	struct scene *s = talked();
	struct segment rst = active(s);

	rst.ip_id = 0;
	CU_ASSERT_EQUAL(alien(s, rst), 0);
}

/* Linux puts a timestamp into the RST of an abort (tcp_send_active_reset). */
static void a_missing_timestamp(void)
{
	struct scene *s = talked();
	struct segment rst = active(s);

	rst.options = 0;
	CU_ASSERT_EQUAL(alien(s, rst), 20);
}

/* XNU does not, nor does Windows; of a host that nobody recognised it cannot be said. */
static void others_leave_it_out(void)
{
	struct scene *s = scene_new();
	struct segment syn_ack, rst;

	scene_client(s, "S", 0, 0, 0);
	syn_ack = scene_segment(s, HANGUP_SERVER, "SA", 0, 1, 0);
	syn_ack.options_order = 1 | 2 << 3 | 3 << 6 | 2 << 9 | 2 << 12; /* mss nop ws nop nop: macOS */
	scene_take(s, &syn_ack);
	scene_client(s, "A", 1, 1, 0);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 1, 1, 0);
	rst.options = 0;
	CU_ASSERT_EQUAL(alien(s, rst), 0);
}

/* The injector lost the race: its number lies before what the server had sent already (Weaver's DATA_SEQ_RST). */
static void a_number_that_was_passed(void)
{
	struct scene *s = talked();
	struct segment rst = active(s);

	rst.seq -= 200;
	CU_ASSERT_EQUAL(alien(s, rst), 20);
}

/* "Sender" goes on after its RST (Weaver's RST_SEQ_DATA). */
static void it_speaks_on(void)
{
	struct scene *s = talked();
	struct segment rst = active(s);

	scene_after(s, MS(20));
	scene_take(s, &rst);
	scene_server(s, "PA", 201, 101, 50);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RST_ALIEN, SERVER), 45);
	scene_free(s);
}

/* A kernel that answers a stray, and whose program then goes on, has its own voice: same TTL, IP-ID 0. */
static void its_own_kernel_may_speak_on(void)
{
	struct scene *s = talked();
	struct segment rst = reactive(s);

	scene_after(s, MS(20));
	scene_take(s, &rst);
	scene_server(s, "PA", 201, 101, 50);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RST_ALIEN, SERVER), 0);
	scene_free(s);
}

/* Half a millisecond after the packet it answers, from a host 20 ms away. */
static void sooner_than_it_can_be(void)
{
	struct scene *s = talked();
	struct segment rst;

	scene_client(s, "PA", 101, 201, 50);
	rst = reactive(s);
	scene_after(s, US(500));
	scene_take(s, &rst);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RST_ALIEN, SERVER), 45);
	scene_free(s);
}

/* A bare RST answers something; this one came when the answer was long due. */
static void later_than_an_answer(void)
{
	static const struct {
		int64_t delay_ns, alien;
	} cases[] = {{MS(20), 0}, {MS(26), 0}, {MS(27), 15}, {SECONDS(5), 15}};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct scene *s = talked();
		struct segment rst;

		scene_client(s, "PA", 101, 201, 50);
		rst = reactive(s);
		scene_after(s, cases[i].delay_ns);
		scene_take(s, &rst);
		CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RST_ALIEN, SERVER), cases[i].alien);
		scene_free(s);
	}
}

/* An abort answers nothing, so it cannot come too soon. */
static void an_abort_is_never_too_soon(void)
{
	struct scene *s = talked();
	struct segment rst;

	scene_client(s, "PA", 101, 201, 50);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 201, 151, 0);
	scene_after(s, US(500));
	scene_take(s, &rst);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RST_ALIEN, SERVER), 0);
	scene_free(s);
}

static void signals_add_up(void)
{
	struct scene *s = talked();
	struct segment rst = active(s);

	rst.ttl = 40;
	rst.ip_id = (uint16_t)(rst.ip_id + 20000);
	rst.options = 0;
	CU_ASSERT_EQUAL(alien(s, rst), 45 + 15 + 20);
}

static void but_not_beyond_a_hundred(void)
{
	struct scene *s = talked();
	struct segment rst = active(s);

	rst.ttl = 40;
	rst.ip_id = (uint16_t)(rst.ip_id + 20000);
	rst.options = 0;
	scene_after(s, MS(20));
	scene_take(s, &rst);
	scene_server(s, "PA", 201, 101, 50);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RST_ALIEN, SERVER), 100);
	scene_free(s);
}

/* A refusal is the first packet of its sender: nothing to compare it with. */
static void the_first_packet_of_a_side_is_not_alien(void)
{
	struct scene *s = scene_new();
	struct segment rst;

	scene_client(s, "S", 0, 0, 0);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 0, 1, 0);
	rst.ttl = 250;
	CU_ASSERT_EQUAL(alien(s, rst), 0);
}

/* IPv6 has no IP-ID that could jump. */
static void ipv6_is_told_by_the_rest(void)
{
	struct scene *s = scene_new();
	struct segment rst;

	scene_use_ipv6(s);
	scene_open(s);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 1, 1, 0);
	rst.ttl = 40;
	CU_ASSERT_EQUAL(alien(s, rst), 45);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"its own are not alien", its_own_are_not_alien},
		{"another TTL", another_ttl},
		{"a wandering TTL excuses it", a_wandering_ttl_excuses_it},
		{"a TTL from elsewhere does not", a_ttl_from_elsewhere_does_not},
		{"a program may set its own TTL", a_program_may_set_its_own_ttl},
		{"a jump of the IP-ID", a_jump_of_the_ip_id},
		{"no IP-ID tells nothing", no_ip_id_tells_nothing},
		{"a missing timestamp", a_missing_timestamp},
		{"others leave it out", others_leave_it_out},
		{"a number that was passed", a_number_that_was_passed},
		{"it speaks on", it_speaks_on},
		{"its own kernel may speak on", its_own_kernel_may_speak_on},
		{"sooner than it can be", sooner_than_it_can_be},
		{"later than an answer", later_than_an_answer},
		{"an abort is never too soon", an_abort_is_never_too_soon},
		{"signals add up", signals_add_up},
		{"but not beyond a hundred", but_not_beyond_a_hundred},
		{"the first packet of a side is not alien", the_first_packet_of_a_side_is_not_alien},
		{"IPv6 is told by the rest", ipv6_is_told_by_the_rest},
		CU_TEST_INFO_NULL,
	};

	return unit_main("whose RST it was", tests);
}
