/* What packets say in clear text: TLS alerts, reasons in RSTs, and ICMP errors about a connection. */
#include "tests/unit/scene.h"

#include <string.h>

static struct scene *opened(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	return s;
}

/* Of just that length, so that a read beyond it is caught. */
static uint8_t *copy_of(const uint8_t *bytes, uint32_t len)
{
	uint8_t *copy = g_malloc(len);

	memcpy(copy, bytes, len);
	return copy;
}

/* --- TLS (RFC 8446 §6, RFC 5246 §7.2) ---------------------------------------------------------------------- */

static void an_alert_in_clear(void)
{
	static const uint8_t handshake_failure[] = {21, 3, 3, 0, 2, 2, 40};
	struct scene *s = opened();
	uint64_t alert = scene_bytes(s, HANGUP_SERVER, "PA", 1, 1, handshake_failure, sizeof handshake_failure);

	CU_ASSERT_EQUAL(SIDE(scene_only(s), TLS_ALERT, SERVER), 40);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), TLS_ALERT, SERVER), alert);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), TLS_ALERT, CLIENT));
	scene_free(s);
}

/* close_notify is number 0, and known. */
static void close_notify_is_known(void)
{
	static const uint8_t close_notify[] = {21, 3, 1, 0, 2, 1, 0};
	struct scene *s = opened();

	scene_bytes(s, HANGUP_CLIENT, "PA", 1, 1, close_notify, sizeof close_notify);
	CU_ASSERT_TRUE(IS_KNOWN(scene_only(s), TLS_ALERT, CLIENT));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), TLS_ALERT, CLIENT), 0);
	scene_free(s);
}

static void an_encrypted_alert(void)
{
	static const uint8_t encrypted[31] = {21, 3, 3, 0, 26};
	struct scene *s = opened();

	scene_bytes(s, HANGUP_SERVER, "PA", 1, 1, encrypted, sizeof encrypted);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), TLS_ALERT, SERVER), 256);
	scene_free(s);
}

static void the_last_alert_counts(void)
{
	static const uint8_t warning[] = {21, 3, 3, 0, 2, 1, 112}, fatal[] = {21, 3, 3, 0, 2, 2, 48};
	struct scene *s = opened();

	scene_bytes(s, HANGUP_SERVER, "PA", 1, 1, warning, sizeof warning);
	scene_bytes(s, HANGUP_SERVER, "PA", 8, 1, fatal, sizeof fatal);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), TLS_ALERT, SERVER), 48);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), TLS_ALERT, SERVER), 5);
	scene_free(s);
}

static void other_records_are_none(void)
{
	static const uint8_t data[] = {23, 3, 3, 0, 2, 2, 40}, text[] = "\x15 is a control character";
	struct scene *s = opened();

	scene_bytes(s, HANGUP_SERVER, "PA", 1, 1, data, sizeof data);
	scene_bytes(s, HANGUP_SERVER, "PA", 8, 1, text, sizeof text);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), TLS_ALERT, SERVER));
	scene_free(s);
}

/* Cut by the snap length anywhere: never read beyond, never guessed. */
static void a_cut_alert_is_none(void)
{
	static const uint8_t alert[] = {21, 3, 3, 0, 2, 2, 40};

	for (uint32_t captured = 1; captured < sizeof alert; captured++) {
		g_autofree uint8_t *flush = copy_of(alert, captured);
		struct scene *s = opened();
		struct segment cut = scene_segment(s, HANGUP_SERVER, "PA", 1, 1, sizeof alert);

		cut.payload = flush;
		cut.payload_captured = captured;
		cut.payload_first = *flush;
		scene_take(s, &cut);
		CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), TLS_ALERT, SERVER));
		scene_free(s);
	}
}

/* --- the reason in a RST --------------------------------------------------------------------------------------- */

static void reason(const void *bytes, uint32_t bytes_len, const char *expected)
{
	struct scene *s = opened();

	scene_bytes(s, HANGUP_SERVER, "RA", 1, 1, bytes, bytes_len);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_TEXT, SERVER), expected != NULL);
	CU_ASSERT_STRING_EQUAL(scene_only(s)->rst_text[HANGUP_SERVER], expected != NULL ? expected : "");
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_ENDED, SERVER));
	scene_free(s);
}

static void readable_text(void)
{
	static const char text[] = "BIG-IP: [0x2632dc5:3055] {peer} TCP retransmit timeout";

	reason(text, sizeof text - 1, text);
}

static void long_text_is_cut(void)
{
	char text[200], expected[FACTS_RST_TEXT_MAX];

	memset(text, 'x', sizeof text);
	memset(expected, 'x', sizeof expected);
	expected[sizeof expected - 1] = '\0';
	reason(text, sizeof text, expected);
}

static void bytes_are_no_text(void)
{
	static const uint8_t bytes[] = {0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3};

	reason(bytes, sizeof bytes, NULL);
}

static void two_letters_are_no_text(void)
{
	reason("no", 2, NULL);
}

/* draft-boucadair-tcpm-rst-diagnostic-payload: a CBOR map, here {1: 2, 3: "Session timeout"}. */
static void cbor(void)
{
	static const uint8_t map[] = {0xa2, 0x01, 0x02, 0x03, 0x6f, 'S', 'e', 's', 's', 'i', 'o', 'n', ' ', 't', 'i', 'm', 'e',
	                              'o', 'u', 't'};

	reason(map, sizeof map, "CBOR 1=2 3=Session timeout");
}

/* {1: 259, 2: 70000}: heads of two and four bytes (RFC 8949 §3). */
static void cbor_with_longer_numbers(void)
{
	static const uint8_t map[] = {0xa2, 0x01, 0x19, 0x01, 0x03, 0x02, 0x1a, 0x00, 0x01, 0x11, 0x70};

	reason(map, sizeof map, "CBOR 1=259 2=70000");
}

/* RFC 8742: a sequence that begins with a number, then the map. */
static void cbor_after_a_number(void)
{
	static const uint8_t sequence[] = {0x19, 0xd9, 0x55, 0xa1, 0x01, 0x02};

	reason(sequence, sizeof sequence, "CBOR 55637 1=2");
}

/* Every prefix of it is read to its end and no further. */
static void cut_cbor_is_none(void)
{
	static const uint8_t map[] = {0xa2, 0x01, 0x19, 0x01, 0x03, 0x02, 0x63, 0x80, 0x81, 0x82};

	for (uint32_t len = 1; len < sizeof map; len++) {
		g_autofree uint8_t *flush = copy_of(map, len);

		reason(flush, len, NULL);
	}
}

/* A text said to be longer than the packet. */
static void lying_cbor_is_none(void)
{
	static const uint8_t map[] = {0xa1, 0x01, 0x7a, 0xff, 0xff, 0xff, 0xff, 0x41};

	reason(map, sizeof map, NULL);
}

/* --- ICMP -------------------------------------------------------------------------------------------------------- */

/* An error about a packet of the client: addresses and numbers are the quoted packet's. */
static uint64_t icmp(struct scene *s, uint8_t type, uint8_t code, const uint8_t *from)
{
	struct segment error = scene_segment(s, HANGUP_CLIENT, "", 1, 0, 0);

	error.kind = SEGMENT_ICMP_ERROR;
	error.icmp_type = type;
	error.icmp_code = code;
	error.icmp_mtu = 1400;
	memcpy(error.icmp_source, from, sizeof error.icmp_source);
	return scene_take(s, &error);
}

static void an_error_about_a_syn(void)
{
	static const uint8_t router[16] = {[10] = 0xff, [11] = 0xff, 10, 0, 0, 1};
	struct scene *s = scene_new();
	uint64_t error;

	scene_client(s, "S", 0, 0, 0);
	error = icmp(s, 3, 13, router);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), ICMP_ERROR, CLIENT), 3 * 256 + 13);
	CU_ASSERT_FALSE(SIDE(scene_only(s), ICMP_FROM_PEER, CLIENT));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), ICMP_MTU, CLIENT), 1400);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), ICMP, CLIENT), error);
	CU_ASSERT_EQUAL(STATE(scene_only(s), CLIENT), HANGUP_TCP_STATE_SYN_SENT);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PACKETS, CLIENT), 1);
	scene_free(s);
}

/* The host itself says that nobody listens. */
static void an_error_of_the_peer_itself(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	icmp(s, 3, 3, s->end[HANGUP_SERVER].address);
	CU_ASSERT_TRUE(SIDE(scene_only(s), ICMP_FROM_PEER, CLIENT));
	scene_free(s);
}

/* RFC 5927 §4: in a synchronized state it ends nothing. */
static void an_error_ends_nothing(void)
{
	static const uint8_t router[16] = {1};
	struct scene *s = opened();

	icmp(s, 3, 1, router);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	CU_ASSERT_EQUAL(STATE(scene_only(s), CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), ICMP_ERROR, SERVER));
	scene_free(s);
}

/* About a packet of nobody we know: no connection is made of it. */
static void an_error_about_nobody(void)
{
	static const uint8_t router[16] = {1};
	struct scene *s = scene_new();

	icmp(s, 3, 1, router);
	CU_ASSERT_EQUAL(s->id, 0);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).connections, 0);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"an alert in clear", an_alert_in_clear},
		{"close_notify is known", close_notify_is_known},
		{"an encrypted alert", an_encrypted_alert},
		{"the last alert counts", the_last_alert_counts},
		{"other records are none", other_records_are_none},
		{"a cut alert is none", a_cut_alert_is_none},
		{"readable text", readable_text},
		{"long text is cut", long_text_is_cut},
		{"bytes are no text", bytes_are_no_text},
		{"two letters are no text", two_letters_are_no_text},
		{"CBOR", cbor},
		{"CBOR with longer numbers", cbor_with_longer_numbers},
		{"CBOR after a number", cbor_after_a_number},
		{"cut CBOR is none", cut_cbor_is_none},
		{"lying CBOR is none", lying_cbor_is_none},
		{"an error about a SYN", an_error_about_a_syn},
		{"an error of the peer itself", an_error_of_the_peer_itself},
		{"an error ends nothing", an_error_ends_nothing},
		{"an error about nobody", an_error_about_nobody},
		CU_TEST_INFO_NULL,
	};

	return unit_main("what packets say in clear", tests);
}
