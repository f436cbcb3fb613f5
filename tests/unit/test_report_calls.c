/* Whose connection it is, which calls were on it, and beside which packet they are told. */
#include "report/calls.h"

#include <string.h>

#include "unit.h"

static const struct facts_end client = {.address = {[10] = 0xff, 0xff, 192, 0, 2, 1}, .port = 40000};
static const struct facts_end server = {.address = {[10] = 0xff, 0xff, 198, 51, 100, 2}, .port = 443};
static const struct facts_end half_known = {.port = 40000}; /* after a refusal */

static void set_packet(struct facts *f, enum hangup_packet_role role, enum hangup_side side, uint64_t number, int64_t ms)
{
	f->packet[role][side] = (struct hangup_packet){.number = number, .time_ns = ms * 1000000};
}

static struct facts *connection(int64_t began_ms)
{
	struct facts *f = g_new0(struct facts, 1);

	f->end[HANGUP_CLIENT] = client;
	f->end[HANGUP_SERVER] = server;
	set_packet(f, HANGUP_PACKET_FIRST, HANGUP_CLIENT, 1, began_ms);
	return f;
}

static void add_call(struct calls *c, const struct facts_end *local, const struct facts_end *remote, const char *error,
                     int64_t ms)
{
	struct call call = {.time_ns = ms * 1000000, .name = "recv", .error = error, .has_local = true, .has_remote = true,
	                    .local = *local, .remote = *remote};

	calls_add(c, &call);
}

static size_t count_calls(const struct calls *c, const struct facts *f)
{
	size_t at = 0, count = 0;

	while (calls_next(c, f, &at))
		count++;
	return count;
}

static void owns_what_it_opened_or_took(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *f = connection(10000);

	CU_ASSERT_FALSE(calls_own(c, f));
	calls_add_socket(c, &client, &server, INT64_C(10001) * 1000000);
	CU_ASSERT_TRUE(calls_own(c, f));
	f->end[HANGUP_CLIENT].port++;
	CU_ASSERT_FALSE(calls_own(c, f));
	calls_free(c);

	c = calls_new();
	f->end[HANGUP_CLIENT].port--;
	calls_add_socket(c, &server, &client, INT64_C(10001) * 1000000); /* accepted */
	CU_ASSERT_TRUE(calls_own(c, f));
	calls_free(c);
}

static void socket_before_the_connection_is_another_one(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *f = connection(10000);

	calls_add_socket(c, &client, &server, INT64_C(5000) * 1000000);
	CU_ASSERT_FALSE(calls_own(c, f));
	calls_free(c);
}

static void address_may_be_forgotten_but_not_wrong(void)
{
	struct calls *c = calls_new();
	struct facts_end other = client;
	g_autofree struct facts *f = connection(10000);

	other.address[15]++;
	calls_add_socket(c, &other, &server, INT64_C(10001) * 1000000);
	CU_ASSERT_FALSE(calls_own(c, f));
	calls_add_socket(c, &half_known, &server, INT64_C(10001) * 1000000);
	CU_ASSERT_TRUE(calls_own(c, f));
	calls_free(c);
}

static void set_fact(struct facts *f, enum hangup_fact fact, int64_t value)
{
	f->known[fact][HANGUP_CLIENT] = true;
	f->value[fact][HANGUP_CLIENT] = value;
}

static void unsure_where_no_socket_was_seen(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *f = connection(10000);

	set_fact(f, HANGUP_FACT_VANTAGE, HANGUP_VANTAGE_CLIENT);
	set_fact(f, HANGUP_FACT_HANDSHAKE, 1);
	CU_ASSERT_TRUE(calls_unsure(c, f));
	set_fact(f, HANGUP_FACT_HANDSHAKE, 0); /* it was there before */
	CU_ASSERT_FALSE(calls_unsure(c, f));
	set_fact(f, HANGUP_FACT_VANTAGE, HANGUP_VANTAGE_SERVER);
	set_fact(f, HANGUP_FACT_HANDSHAKE, 3); /* nobody here was given it */
	CU_ASSERT_FALSE(calls_unsure(c, f));
	set_fact(f, HANGUP_FACT_HANDSHAKE, 7);
	CU_ASSERT_TRUE(calls_unsure(c, f));
	set_fact(f, HANGUP_FACT_VANTAGE, HANGUP_VANTAGE_MIDDLE);
	CU_ASSERT_FALSE(calls_unsure(c, f));
	calls_free(c);
}

static void others_are_nobody_to_be_unsure_of(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *f = connection(10000);

	set_fact(f, HANGUP_FACT_VANTAGE, HANGUP_VANTAGE_CLIENT);
	set_fact(f, HANGUP_FACT_HANDSHAKE, 7);
	calls_add_others(c, &client, &server, INT64_C(5000) * 1000000); /* of an earlier connection */
	CU_ASSERT_TRUE(calls_unsure(c, f));
	calls_add_others(c, &client, &server, INT64_C(10001) * 1000000);
	CU_ASSERT_FALSE(calls_unsure(c, f));
	CU_ASSERT_FALSE(calls_own(c, f));
	calls_free(c);

	c = calls_new();
	calls_add_socket(c, &client, &server, INT64_C(10001) * 1000000);
	CU_ASSERT_FALSE(calls_unsure(c, f));
	calls_free(c);
}

static void a_host_that_talks_to_itself_has_two_ends(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *f = connection(10000);

	set_fact(f, HANGUP_FACT_VANTAGE, HANGUP_VANTAGE_CLIENT);
	set_fact(f, HANGUP_FACT_HANDSHAKE, 7);
	f->end[HANGUP_SERVER] = (struct facts_end){.address = {[10] = 0xff, 0xff, 192, 0, 2, 1}, .port = 443};
	calls_add_others(c, &f->end[HANGUP_SERVER], &client, INT64_C(10001) * 1000000);
	CU_ASSERT_TRUE(calls_unsure(c, f));
	calls_add_others(c, &client, &f->end[HANGUP_SERVER], INT64_C(10001) * 1000000);
	CU_ASSERT_FALSE(calls_unsure(c, f));
	calls_free(c);
}

static void port_used_again_tells_them_apart(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *first = connection(10000), *second = connection(20000);

	calls_add_socket(c, &client, &server, INT64_C(10001) * 1000000);
	add_call(c, &client, &server, "ECONNRESET", 10500);
	add_call(c, &client, &server, "EPIPE", 15000);
	calls_add_socket(c, &client, &server, INT64_C(20001) * 1000000);
	add_call(c, &client, &server, "ECONNRESET", 20500);
	CU_ASSERT_EQUAL(count_calls(c, first), 2);
	CU_ASSERT_EQUAL(count_calls(c, second), 1);
	calls_free(c);
}

static void unclaimed_are_left(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *f = connection(10000);
	struct facts_end elsewhere = server;
	const struct call *left;
	size_t at = 0;

	elsewhere.port = 80;
	calls_add_socket(c, &client, &server, INT64_C(10001) * 1000000);
	add_call(c, &client, &server, "ECONNRESET", 10500);
	add_call(c, &client, &elsewhere, "ENETUNREACH", 10600);
	calls_claim(c, f);
	left = calls_next_unclaimed(c, &at);
	CU_ASSERT_PTR_NOT_NULL_FATAL(left);
	CU_ASSERT_STRING_EQUAL(left->error, "ENETUNREACH");
	CU_ASSERT_PTR_NULL(calls_next_unclaimed(c, &at));
	calls_free(c);
}

static bool packet_beside(const char *error, int64_t ms, struct facts *f, struct call_packet *out)
{
	struct call call = {.time_ns = ms * 1000000, .name = "recv", .error = error, .has_local = true, .has_remote = true,
	                    .local = client, .remote = server};

	return calls_packet(&call, f, out);
}

static void stands_beside_what_explains_it(void)
{
	g_autofree struct facts *f = connection(10000);
	struct call_packet beside;

	set_packet(f, HANGUP_PACKET_SYN, HANGUP_SERVER, 2, 10001);
	set_packet(f, HANGUP_PACKET_FIN, HANGUP_SERVER, 5, 10400);
	set_packet(f, HANGUP_PACKET_RST, HANGUP_SERVER, 7, 10500);
	set_packet(f, HANGUP_PACKET_LAST_SENT, HANGUP_SERVER, 7, 10500);
	CU_ASSERT_TRUE(packet_beside("EPIPE", 10501, f, &beside));
	CU_ASSERT_EQUAL(beside.packet.number, 7);
	CU_ASSERT_STRING_EQUAL(beside.words, "RST from");
	CU_ASSERT_TRUE(beside.has_source);
	CU_ASSERT_EQUAL(memcmp(beside.source, server.address, 16), 0);

	/* A time limit of its own has no such packet: where the connection stood. */
	CU_ASSERT_TRUE(packet_beside("EAGAIN", 10300, f, &beside));
	CU_ASSERT_EQUAL(beside.packet.number, 2);
	CU_ASSERT_STRING_EQUAL(beside.words, "SYN from");
}

static void never_beside_a_packet_that_came_later(void)
{
	g_autofree struct facts *f = connection(10000);
	struct call_packet beside;

	set_packet(f, HANGUP_PACKET_RST, HANGUP_SERVER, 7, 10500);
	set_packet(f, HANGUP_PACKET_LAST_SENT, HANGUP_SERVER, 7, 10500);
	CU_ASSERT_FALSE(packet_beside("ECONNRESET", 10499, f, &beside));
}

static void many_calls_on_one_connection(void)
{
	struct calls *c = calls_new();
	g_autofree struct facts *f = connection(10000);

	calls_add_socket(c, &client, &server, INT64_C(10001) * 1000000);
	for (size_t i = 0; i < CALLS_MOST + 10; i++)
		add_call(c, &client, &server, "EPIPE", 10500);
	CU_ASSERT_EQUAL(count_calls(c, f), CALLS_MOST);
	CU_ASSERT_EQUAL(calls_dropped(c), 10);
	calls_free(c);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"owns what it opened or took", owns_what_it_opened_or_took},
		{"a socket before the connection is another one", socket_before_the_connection_is_another_one},
		{"an address may be forgotten, but not wrong", address_may_be_forgotten_but_not_wrong},
		{"a port used again tells them apart", port_used_again_tells_them_apart},
		{"unsure where no socket was seen", unsure_where_no_socket_was_seen},
		{"others are nobody to be unsure of", others_are_nobody_to_be_unsure_of},
		{"a host that talks to itself has two ends", a_host_that_talks_to_itself_has_two_ends},
		{"unclaimed are left", unclaimed_are_left},
		{"stands beside what explains it", stands_beside_what_explains_it},
		{"never beside a packet that came later", never_beside_a_packet_that_came_later},
		{"many calls on one connection", many_calls_on_one_connection},
		CU_TEST_INFO_NULL,
	};

	return unit_main("calls that failed", tests);
}
