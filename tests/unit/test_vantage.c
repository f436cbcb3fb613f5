/* Where a capture was taken: each sign by itself, what it cannot tell, and which one counts when two speak. */
#include "analyzers/vantage.h"

#include <string.h>

#include "capture/frame.h"
#include "tests/unit/scene.h"

static void taken_at(const struct facts *f, enum hangup_vantage where, enum hangup_vantage_by by)
{
	CU_ASSERT_EQUAL(ONE(f, VANTAGE), where);
	CU_ASSERT_EQUAL(ONE(f, VANTAGE_BY), by);
}

/* Judges the scene's only connection, and ends the scene. */
static void is_taken_at(struct scene *s, enum hangup_vantage where, enum hangup_vantage_by by)
{
	taken_at(scene_only(s), where, by);
	scene_free(s);
}

/* Both ends on one link, neither nearer: nothing tells. */
static struct scene *plain(void)
{
	struct scene *s = scene_new();

	s->pace_ns = US(200);
	scene_open(s);
	return s;
}

static void without_a_sign_it_is_unknown(void)
{
	is_taken_at(plain(), HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING);
}

/* --- addresses -------------------------------------------------------------------------------------------- */

static struct scene *told(const char *address)
{
	struct scene *s = scene_new();

	CU_ASSERT_TRUE(vantage_hints_tell(s->hints, address, NULL));
	scene_open(s);
	return s;
}

static void the_user_tells(void)
{
	is_taken_at(told("192.0.2.1"), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_TOLD);
	is_taken_at(told("192.0.2.2"), HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_TOLD);
	is_taken_at(told("198.51.100.0/24"), HANGUP_VANTAGE_MIDDLE, HANGUP_VANTAGE_BY_TOLD);
}

/* Loopback, or two containers of one host: its client is as local as its server. */
static void both_ends_are_local(void)
{
	is_taken_at(told("192.0.2.0/24"), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_TOLD);
}

static void nonsense_is_not_told(void)
{
	struct scene *s = scene_new();
	g_autoptr(GError) error = NULL;

	CU_ASSERT_FALSE(vantage_hints_tell(s->hints, "eth0", &error));
	CU_ASSERT_PTR_NOT_NULL(error);
	scene_free(s);
}

static void the_file_lists_the_interface(void)
{
	struct scene *s = scene_new();

	vantage_hints_interface(s->hints, s->end[HANGUP_SERVER].address);
	scene_open(s);
	is_taken_at(s, HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_INTERFACE_ADDRESS);
}

/* What the user says counts more than what the file says. */
static void the_user_knows_better(void)
{
	struct scene *s = told("192.0.2.1");

	vantage_hints_interface(s->hints, s->end[HANGUP_SERVER].address);
	is_taken_at(s, HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_TOLD);
}

/* --- marks of direction ------------------------------------------------------------------------------------ */

static void send_marked(struct scene *s, enum hangup_side from, const char *flags, uint32_t seq, uint32_t ack,
                        enum frame_direction direction)
{
	struct segment segment = scene_segment(s, from, flags, seq, ack, 0);

	segment.direction = (uint8_t)direction;
	scene_take(s, &segment);
}

static struct scene *marked(enum frame_direction client, enum frame_direction server)
{
	struct scene *s = scene_new();

	send_marked(s, HANGUP_CLIENT, "S", 0, 0, client);
	send_marked(s, HANGUP_SERVER, "SA", 0, 1, server);
	send_marked(s, HANGUP_CLIENT, "A", 1, 1, client);
	return s;
}

static void what_goes_out_is_the_hosts_own(void)
{
	is_taken_at(marked(FRAME_OUTBOUND, FRAME_INBOUND), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_DIRECTION);
	is_taken_at(marked(FRAME_INBOUND, FRAME_OUTBOUND), HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_DIRECTION);
}

static void everything_goes_out_on_loopback(void)
{
	is_taken_at(marked(FRAME_OUTBOUND, FRAME_OUTBOUND), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_DIRECTION);
}

/* A mirror port receives both ends' packets. */
static void everything_comes_in_at_a_mirror(void)
{
	is_taken_at(marked(FRAME_INBOUND, FRAME_INBOUND), HANGUP_VANTAGE_MIDDLE, HANGUP_VANTAGE_BY_DIRECTION);
}

/* A router, captured on all its interfaces, sees each packet come and go, here a SYN that nobody answers. */
static void everything_comes_and_goes_at_a_router(void)
{
	struct scene *s = scene_new();

	send_marked(s, HANGUP_CLIENT, "S", 0, 0, FRAME_INBOUND);
	s->last.direction = FRAME_OUTBOUND;
	scene_after(s, US(15));
	scene_copy(s);
	is_taken_at(s, HANGUP_VANTAGE_MIDDLE, HANGUP_VANTAGE_BY_DIRECTION);
}

/* Only the other end's packets were captured: they come in, so this host is the one they come to. */
static void what_comes_in_comes_to_the_host(void)
{
	struct scene *s = scene_new();

	send_marked(s, HANGUP_CLIENT, "S", 0, 0, FRAME_INBOUND);
	is_taken_at(s, HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_DIRECTION);
}

/* --- checksums left to the card ------------------------------------------------------------------------------ */

enum { HEADER_BYTES = 20, CHECKSUM_AT = 16 };

/* A header whose checksum is of the wanted kind. */
static void set_checksum(struct segment *s, uint8_t header[HEADER_BYTES], enum segment_checksum wanted)
{
	memset(header, 0, HEADER_BYTES);
	header[0] = 0x9c;
	header[12] = 0x50;
	s->tcp = header;
	s->tcp_len = s->tcp_wire_len = HEADER_BYTES;
	for (unsigned sum = 0; sum <= UINT16_MAX && segment_checksum(s) != wanted; sum++) {
		header[CHECKSUM_AT] = (uint8_t)(sum >> 8);
		header[CHECKSUM_AT + 1] = (uint8_t)sum;
		s->tcp_checksum = (uint16_t)sum;
	}
	CU_ASSERT_EQUAL(segment_checksum(s), wanted);
}

static struct scene *with_checksums(enum segment_checksum client, enum segment_checksum server)
{
	uint8_t header[HEADER_BYTES];
	struct scene *s = scene_new();
	struct segment segment = scene_segment(s, HANGUP_CLIENT, "S", 0, 0, 0);

	set_checksum(&segment, header, client);
	scene_take(s, &segment);
	segment = scene_segment(s, HANGUP_SERVER, "SA", 0, 1, 0);
	set_checksum(&segment, header, server);
	scene_take(s, &segment);
	return s;
}

static void an_unfinished_checksum_is_the_hosts_own(void)
{
	is_taken_at(with_checksums(CHECKSUM_PARTIAL, CHECKSUM_GOOD), HANGUP_VANTAGE_CLIENT,
	            HANGUP_VANTAGE_BY_PARTIAL_CHECKSUM);
	is_taken_at(with_checksums(CHECKSUM_GOOD, CHECKSUM_PARTIAL), HANGUP_VANTAGE_SERVER,
	            HANGUP_VANTAGE_BY_PARTIAL_CHECKSUM);
}

/* Two virtual machines or containers on one host: neither ever finishes it. */
static void two_unfinished_ones_tell_nothing(void)
{
	is_taken_at(with_checksums(CHECKSUM_PARTIAL, CHECKSUM_PARTIAL), HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING);
}

static void a_wrong_checksum_tells_nothing(void)
{
	is_taken_at(with_checksums(CHECKSUM_BAD, CHECKSUM_GOOD), HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING);
}

/* --- sizes --------------------------------------------------------------------------------------------------- */

/* A segment of 30 kB from the client, before its card cuts it into pieces. */
static struct scene *with_large_segment(uint8_t client_ttl, uint8_t server_ttl)
{
	struct scene *s = scene_new();

	s->pace_ns = US(200);
	s->end[HANGUP_CLIENT].ttl = client_ttl;
	s->end[HANGUP_SERVER].ttl = server_ttl;
	scene_open(s);
	scene_client(s, "PA", 1, 1, 30000);
	return s;
}

static void an_uncut_segment_is_the_hosts_own(void)
{
	is_taken_at(with_large_segment(64, 57), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_OVERSIZE);
}

/* Received segments are joined too (GRO): one that has crossed routers is not the host's own. */
static void a_joined_segment_is_not(void)
{
	is_taken_at(with_large_segment(57, 64), HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_TTL_AND_RTT);
}

static void on_one_link_sizes_tell_nothing(void)
{
	is_taken_at(with_large_segment(64, 64), HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING);
}

/* --- TTL and time ---------------------------------------------------------------------------------------------- */

/* A handshake seen `near` from the client and `far` from the server. */
static struct scene *timed(uint8_t client_ttl, uint8_t server_ttl, int64_t near, int64_t far)
{
	struct scene *s = scene_new();

	s->end[HANGUP_CLIENT].ttl = client_ttl;
	s->end[HANGUP_SERVER].ttl = server_ttl;
	scene_client(s, "S", 0, 0, 0);
	scene_after(s, far);
	scene_server(s, "SA", 0, 1, 0);
	scene_after(s, near);
	scene_client(s, "A", 1, 1, 0);
	return s;
}

static void untouched_and_at_once_is_here(void)
{
	is_taken_at(timed(64, 57, US(40), MS(20)), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_TTL_AND_RTT);
	is_taken_at(timed(121, 64, MS(20), US(60)), HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_TTL_AND_RTT);
}

/* On one link both are untouched; then one end must be five times as fast. */
static void on_one_link_the_faster_one_is_here(void)
{
	is_taken_at(timed(64, 128, US(40), US(900)), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_TTL_AND_RTT);
	is_taken_at(timed(64, 128, US(300), US(900)), HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING);
}

/* Untouched but slow: the first hop of a path, not the host. */
static void untouched_and_slow_is_not_here(void)
{
	is_taken_at(timed(64, 57, MS(5), MS(20)), HANGUP_VANTAGE_MIDDLE, HANGUP_VANTAGE_BY_TTL);
}

static void both_crossed_routers(void)
{
	is_taken_at(timed(60, 57, US(300), MS(20)), HANGUP_VANTAGE_MIDDLE, HANGUP_VANTAGE_BY_TTL);
}

/* --- what other connections show --------------------------------------------------------------------------------- */

/* A SYN alone shows little; but the same host has just shown on another connection that the capture is its own. */
static void other_connections_show_it(void)
{
	struct scene *s = timed(64, 57, US(40), MS(20));

	s->end[HANGUP_CLIENT].port++;
	s->end[HANGUP_SERVER].address[15] = 99;
	scene_client(s, "S", 0, 0, 0);
	taken_at(scene_ending(s, 1), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_TTL_AND_RTT);
	taken_at(scene_ending(s, 2), HANGUP_VANTAGE_CLIENT, HANGUP_VANTAGE_BY_OTHER_CONNECTIONS);
	scene_free(s);
}

/* It says nothing of connections between two others. */
static void it_says_nothing_of_strangers(void)
{
	struct scene *s = timed(64, 57, US(40), MS(20));

	s->end[HANGUP_CLIENT].address[15] = 98;
	s->end[HANGUP_SERVER].address[15] = 99;
	scene_client(s, "S", 0, 0, 0);
	taken_at(scene_ending(s, 2), HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING);
	scene_free(s);
}

/* A firewall beside the capture refuses at once, as the server's own host would: that is no proof for the next one. */
static void a_reset_alone_teaches_nothing(void)
{
	struct scene *s = scene_new();

	s->end[HANGUP_CLIENT].ttl = 57;
	s->end[HANGUP_SERVER].ttl = 64;
	scene_client(s, "S", 0, 0, 0);
	scene_after(s, US(40));
	scene_server(s, "RA", 0, 1, 0);
	s->end[HANGUP_CLIENT].port++;
	scene_client(s, "S", 0, 0, 0);
	taken_at(scene_ending(s, 1), HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_TTL_AND_RTT);
	taken_at(scene_ending(s, 2), HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING);
	scene_free(s);
}

/* How many of so many hosts, each shown to be local by one connection, are known by that on the next. */
static unsigned learnt_of(uint8_t hosts)
{
	struct scene *s = scene_new();
	unsigned learnt = 0;

	for (uint8_t host = 1; host <= hosts; host++) {
		s->end[HANGUP_CLIENT].address[15] = host;
		s->end[HANGUP_SERVER].address[15] = (uint8_t)(100 + host);
		send_marked(s, HANGUP_CLIENT, "S", 0, 0, FRAME_OUTBOUND);
		send_marked(s, HANGUP_SERVER, "SA", 0, 1, FRAME_INBOUND);
	}
	s->end[HANGUP_SERVER].port++;
	for (uint8_t host = 1; host <= hosts; host++) {
		s->end[HANGUP_CLIENT].address[15] = host;
		s->end[HANGUP_SERVER].address[15] = (uint8_t)(100 + host);
		scene_client(s, "S", 0, 0, 0);
	}
	for (uint64_t id = hosts + 1u; id <= 2u * hosts; id++)
		learnt += ONE(scene_ending(s, id), VANTAGE_BY) == HANGUP_VANTAGE_BY_OTHER_CONNECTIONS;
	scene_free(s);
	return learnt;
}

/* A capturing host has few addresses: when more seem to be local, the capture was taken elsewhere, and none is. */
static void it_learns_few_addresses(void)
{
	CU_ASSERT_EQUAL(learnt_of(16), 16);
	CU_ASSERT_EQUAL(learnt_of(17), 0);
	CU_ASSERT_EQUAL(learnt_of(100), 0);
}

/* Marks of direction count more than times. */
static void the_surer_sign_counts(void)
{
	struct scene *s = scene_new();

	s->end[HANGUP_SERVER].ttl = 57;
	send_marked(s, HANGUP_CLIENT, "S", 0, 0, FRAME_INBOUND);
	scene_after(s, MS(20));
	send_marked(s, HANGUP_SERVER, "SA", 0, 1, FRAME_OUTBOUND);
	scene_after(s, US(40));
	send_marked(s, HANGUP_CLIENT, "A", 1, 1, FRAME_INBOUND);
	is_taken_at(s, HANGUP_VANTAGE_SERVER, HANGUP_VANTAGE_BY_DIRECTION);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"without a sign it is unknown", without_a_sign_it_is_unknown},
		{"the user tells", the_user_tells},
		{"both ends are local", both_ends_are_local},
		{"nonsense is not told", nonsense_is_not_told},
		{"the file lists the interface", the_file_lists_the_interface},
		{"the user knows better", the_user_knows_better},
		{"what goes out is the host's own", what_goes_out_is_the_hosts_own},
		{"everything goes out on loopback", everything_goes_out_on_loopback},
		{"everything comes in at a mirror", everything_comes_in_at_a_mirror},
		{"everything comes and goes at a router", everything_comes_and_goes_at_a_router},
		{"what comes in comes to the host", what_comes_in_comes_to_the_host},
		{"an unfinished checksum is the host's own", an_unfinished_checksum_is_the_hosts_own},
		{"two unfinished ones tell nothing", two_unfinished_ones_tell_nothing},
		{"a wrong checksum tells nothing", a_wrong_checksum_tells_nothing},
		{"an uncut segment is the host's own", an_uncut_segment_is_the_hosts_own},
		{"a joined segment is not", a_joined_segment_is_not},
		{"on one link sizes tell nothing", on_one_link_sizes_tell_nothing},
		{"untouched and at once is here", untouched_and_at_once_is_here},
		{"on one link the faster one is here", on_one_link_the_faster_one_is_here},
		{"untouched and slow is not here", untouched_and_slow_is_not_here},
		{"both crossed routers", both_crossed_routers},
		{"other connections show it", other_connections_show_it},
		{"it says nothing of strangers", it_says_nothing_of_strangers},
		{"a reset alone teaches nothing", a_reset_alone_teaches_nothing},
		{"it learns few addresses", it_learns_few_addresses},
		{"the surer sign counts", the_surer_sign_counts},
		CU_TEST_INFO_NULL,
	};

	return unit_main("vantage", tests);
}
