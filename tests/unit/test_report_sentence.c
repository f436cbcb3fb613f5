/* Everything the report says in prepared words: each blank exists, each cause has words, and the words are true. */
#include "report/sentence.h"

#include <string.h>

#include <glib/gstdio.h>

#include "report/fill.h"
#include "report/idle_timers.h"
#include "report/next_steps.h"
#include "rules/host/vocabulary.h"
#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

struct row {
	enum hangup_cause cause;
	const char *template;
};

static const struct row sentences[] = {
#define SENTENCE(cause_id, text) {HANGUP_CAUSE_##cause_id, text},
#include "report/sentence.def"
#undef SENTENCE
};
static const struct row steps[] = {
#define NEXT_STEP(cause_id, text) {HANGUP_CAUSE_##cause_id, text},
#include "report/next_steps.def"
#undef NEXT_STEP
};

static enum hangup_label some_label(enum hangup_cause cause)
{
	enum hangup_label label = 0;

	while (!(cause_labels(cause) & 1u << label))
		label++;
	return label;
}

static bool is_ascii_line(const char *text)
{
	for (; *text; text++) {
		if (*text < 0x20 || *text > 0x7e)
			return false;
	}
	return true;
}

static const char *const reasons[] = {
#define WHY_NOT(label, cause, lost, text) text,
#include "report/why_not.def"
#undef WHY_NOT
};

static bool knows_all(const char *template)
{
	struct fill *fill = fill_new(template);
	const bool known = fill != NULL;

	fill_free(fill);
	return known;
}

static void every_blank_exists(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		CU_ASSERT(knows_all(reasons[i]) && is_ascii_line(reasons[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++)
		CU_ASSERT(knows_all(sentences[i].template) && is_ascii_line(sentences[i].template));
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		CU_ASSERT(knows_all(steps[i].template) && is_ascii_line(steps[i].template));
	CU_ASSERT_FALSE(knows_all("{no-such-blank}"));
	CU_ASSERT_FALSE(knows_all("{idle"));
	CU_ASSERT_FALSE(knows_all("{no-such-condition?}"));
	CU_ASSERT_FALSE(knows_all("{sender on amiga?}") || knows_all("{nobody on linux?}"));
	CU_ASSERT_TRUE(knows_all("{sender on linux|unknown?}{given-up?}{mute-ip}"));
}

/* The last sentence of a cause must do when nothing is known. */
static void every_cause_has_a_sentence(void)
{
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		struct report_case r;
		g_autoptr(GString) out = g_string_new(NULL);
		const char *last = NULL;

		report_case_init(&r, some_label(cause), cause, HANGUP_ACTOR_UNKNOWN);
		for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++)
			last = sentences[i].cause == cause ? sentences[i].template : last;
		CU_ASSERT_PTR_NOT_NULL_FATAL(last);
		struct fill *fill = fill_new(last);
		CU_ASSERT_PTR_NOT_NULL_FATAL(fill);
		CU_ASSERT(fill_append(out, fill, &r.c));
		fill_free(fill);
		if (out->len == 0)
			printf("\n%s needs more than it may", cause_name(cause));
	}
}

static void sentence_is(struct report_case *r, bool hedged, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	sentence_append(out, &r->c, hedged);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
	if (strcmp(out->str, wanted) != 0)
		printf("\n%s", out->str);
}

static void who_why_when(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_UNREAD_DATA, HANGUP_ACTOR_SERVER);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_fact(&r, HANGUP_FACT_RST_DELAY, HANGUP_SERVER, 200000);
	sentence_is(&r, true, "The server reset the connection 200 \xc2\xb5s after the client's data: its program closed with "
	                      "data unread.");
	r.c.claims[0].confidence = 0.8;
	sentence_is(&r, true, "Likely: the server reset the connection 200 \xc2\xb5s after the client's data: its program "
	                      "closed with data unread.");
	sentence_is(&r, false, "The server reset the connection 200 \xc2\xb5s after the client's data: its program closed "
	                       "with data unread.");
	r.c.claims[0].actor = HANGUP_ACTOR_CLIENT;
	r.facts.known[HANGUP_FACT_RST_DELAY][HANGUP_SERVER] = false;
	sentence_is(&r, false, "The client reset the connection: its program closed with data unread.");
}

static void the_first_fin_names_the_closer(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_SERVER);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		report_case_fact(&r, HANGUP_FACT_FINS, side, 1);
		report_case_packet(&r, HANGUP_PACKET_FIN, side, side == HANGUP_SERVER ? 7 : 8);
	}
	sentence_is(&r, true, "Both ends closed properly, the server first.");
}

static void idle_names_a_box_only_when_close(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_MIDDLEBOX_IDLE_DROP, HANGUP_CAUSE_IDLE_RST_LATE, HANGUP_ACTOR_MIDDLEBOX);
	report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, INT64_C(360000000000));
	report_case_fact(&r, HANGUP_FACT_IDLE_SPEAKER, HANGUP_CLIENT, HANGUP_SERVER);
	sentence_is(&r, true, "After 360 s without traffic the server's next packet was reset: a box on the path forgot "
	                      "the connection, as AWS NAT gateway, AWS NLB would after 350 s.");
	report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, INT64_C(500000000000));
	sentence_is(&r, true, "After 500 s without traffic the server's next packet was reset: a firewall or NAT forgot "
	                      "the connection.");
}

static void waits(struct report_case *r, enum hangup_cause cause, enum hangup_retry kind, int64_t retries)
{
	report_case_init(r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, cause, HANGUP_ACTOR_PATH);
	report_case_fact(r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, kind);
	report_case_fact(r, HANGUP_FACT_RETRIES, HANGUP_CLIENT, retries);
	report_case_fact(r, HANGUP_FACT_RETRY_SPAN, HANGUP_CLIENT, INT64_C(12000000000));
	report_case_fact(r, HANGUP_FACT_RETRY_GAP, HANGUP_CLIENT, INT64_C(3000000000));
	report_case_fact(r, HANGUP_FACT_SILENCE, HANGUP_CLIENT, INT64_C(6000000000));
}

/* Only a RST of its own, or a silence beyond the next attempt, shows that a sender gave up. */
static void given_up_only_when_it_shows(void)
{
	struct report_case r;

	waits(&r, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_RETRY_DATA, 5);
	sentence_is(&r, true, "The client's data never arrived or its receipt never came back: repeated 5 times in 12 s, "
	                      "and still unanswered when the capture ended.");
	report_case_fact(&r, HANGUP_FACT_SILENCE, HANGUP_CLIENT, INT64_C(7000000000));
	sentence_is(&r, true, "The client's data never arrived or its receipt never came back: repeated 5 times in 12 s, "
	                      "then given up.");
	report_case_fact(&r, HANGUP_FACT_RETRY_ACKED, HANGUP_CLIENT, 1);
	sentence_is(&r, true, "The client's data arrived, but the receipts never got back: repeated 5 times in 12 s, then "
	                      "given up.");
	report_case_fact(&r, HANGUP_FACT_SILENCE, HANGUP_CLIENT, 0);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_CLIENT, 1);
	sentence_is(&r, true, "The client's data arrived, but the receipts never got back: repeated 5 times in 12 s, then "
	                      "given up.");
}

/* Every probe is an attempt; a repeat comes after one. */
static void attempts_are_counted_as_captured(void)
{
	struct report_case r;

	waits(&r, HANGUP_CAUSE_TIMEOUT_KEEPALIVE, HANGUP_RETRY_KEEPALIVE, 5);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_CLIENT, 1);
	sentence_is(&r, true, "The server stopped answering: the client asked 5 times in 12 s whether it was there, then "
	                      "gave up.");
	waits(&r, HANGUP_CAUSE_TIMEOUT_SYN, HANGUP_RETRY_SYN, 5);
	sentence_is(&r, true, "Nothing answered the client's request to connect: it was sent 6 times in 12 s.");
}

static void confirmations_that_got_lost(void)
{
	struct report_case r;

	waits(&r, HANGUP_CAUSE_TIMEOUT_SYN_ACK, HANGUP_RETRY_NONE, 0);
	report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_SERVER, HANGUP_RETRY_SYN_ACK);
	report_case_fact(&r, HANGUP_FACT_RETRIES, HANGUP_SERVER, 5);
	report_case_fact(&r, HANGUP_FACT_RETRY_SPAN, HANGUP_SERVER, INT64_C(31000000000));
	report_case_fact(&r, HANGUP_FACT_RETRY_PEER_SPOKE, HANGUP_SERVER, 6);
	sentence_is(&r, true, "The server accepted, but the client never confirmed it: repeated 5 times in 31 s.");
	report_case_fact(&r, HANGUP_FACT_VANTAGE, HANGUP_CLIENT, HANGUP_VANTAGE_CLIENT);
	sentence_is(&r, true, "The server accepted, but the client's confirmation never reached the server: repeated 5 "
	                      "times in 31 s.");
	report_case_fact(&r, HANGUP_FACT_VANTAGE, HANGUP_CLIENT, HANGUP_VANTAGE_SERVER);
	report_case_fact(&r, HANGUP_FACT_RETRY_ACKED, HANGUP_SERVER, 1);
	sentence_is(&r, true, "The server accepted, and dropped the client's confirmation: repeated 5 times in 31 s.");
}

static void icmp_comes_from(struct report_case *r, const uint8_t address[16], int64_t error)
{
	report_case_packet(r, HANGUP_PACKET_ICMP, HANGUP_CLIENT, 2);
	report_case_fact(r, HANGUP_FACT_ICMP_ERROR, HANGUP_CLIENT, error);
	memcpy(r->facts.icmp_source[HANGUP_CLIENT], address, sizeof(r->facts.icmp_source[HANGUP_CLIENT]));
}

static void icmp_says_who_and_what(void)
{
	static const uint8_t router[16] = {[10] = 0xff, [11] = 0xff, 203, 0, 113, 1};
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_REJECTED, HANGUP_ACTOR_MIDDLEBOX);
	icmp_comes_from(&r, router, 3 * 256 + 13);
	sentence_is(&r, true, "203.0.113.1 on the path rejected the connection: administratively prohibited (ICMP 3/13).");
	g_autoptr(GPtrArray) told = next_steps_of(&r.c);
	CU_ASSERT_TRUE(g_str_has_prefix(told->pdata[0], "On 203.0.113.1: find the rule"));
	for (guint i = 0; i < told->len; i++)
		CU_ASSERT_PTR_NULL(strstr(told->pdata[i], "TTL of the reset"));

	r.c.claims[0].actor = HANGUP_ACTOR_SERVER;
	report_case_fact(&r, HANGUP_FACT_ICMP_ERROR, HANGUP_CLIENT, 3 * 256 + 3);
	report_case_fact(&r, HANGUP_FACT_ICMP_FROM_PEER, HANGUP_CLIENT, 1);
	sentence_is(&r, true, "The server rejected the connection: port unreachable (ICMP 3/3).");

	waits(&r, HANGUP_CAUSE_TIMEOUT_PMTU, HANGUP_RETRY_DATA, 8);
	report_case_fact(&r, HANGUP_FACT_RETRY_SIZE, HANGUP_CLIENT, 1460);
	sentence_is(&r, true, "Only large packets from the client, with 1460 bytes of data, were lost, 9 times in 12 s: the "
	                      "path drops them in silence.");
	icmp_comes_from(&r, router, 3 * 256 + 4);
	report_case_fact(&r, HANGUP_FACT_ICMP_MTU, HANGUP_CLIENT, 1400);
	sentence_is(&r, true, "203.0.113.1 asked for packets of at most 1400 bytes and was ignored: the client's larger ones, "
	                      "with 1460 bytes of data, were lost 9 times in 12 s.");
}

static bool any_step_has(const struct report_case *r, const char *words)
{
	g_autoptr(GPtrArray) told = next_steps_of(&r->c);

	for (guint i = 0; i < told->len; i++) {
		if (strstr(told->pdata[i], words))
			return true;
	}
	return false;
}

/* No Linux command for a host that is known to run something else. */
static void steps_are_for_the_system(void)
{
	struct report_case r;

	waits(&r, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_RETRY_DATA, 5);
	CU_ASSERT_TRUE(any_step_has(&r, "`mtr 198.51.100.10`") && any_step_has(&r, "TCP_USER_TIMEOUT"));
	report_case_fact(&r, HANGUP_FACT_OS, HANGUP_CLIENT, HANGUP_OS_WINDOWS);
	CU_ASSERT_TRUE(any_step_has(&r, "TcpMaxDataRetransmissions") && any_step_has(&r, "`pktmon start"));
	CU_ASSERT_TRUE(any_step_has(&r, "`Test-NetConnection 198.51.100.10"));
	CU_ASSERT_FALSE(any_step_has(&r, "mtr ") || any_step_has(&r, "TCP_USER_TIMEOUT"));
	report_case_fact(&r, HANGUP_FACT_OS, HANGUP_CLIENT, HANGUP_OS_MACOS);
	CU_ASSERT_FALSE(any_step_has(&r, "mtr ") || any_step_has(&r, "TCP_USER_TIMEOUT") || any_step_has(&r, "-i any -s 128 -w client"));
}

static void a_client_that_leaves_data_unread(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_LOCAL_ABORT, HANGUP_CAUSE_UNREAD_DATA, HANGUP_ACTOR_CLIENT);
	report_case_fact(&r, HANGUP_FACT_UNREPLIED, HANGUP_CLIENT, 534);
	sentence_is(&r, true, "The client's program closed without reading the last 534 bytes from the server, so its system "
	                      "sent a reset.");
	CU_ASSERT_TRUE(any_step_has(&r, "session tickets"));
	CU_ASSERT_FALSE(any_step_has(&r, "Make the server survive it"));
}

static void open_is_never_hedged(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	r.c.claims[0].confidence = 0.4;
	sentence_is(&r, true, "Open and quiet when the capture ended.");
}

static void timers(void)
{
	size_t len;
	const struct idle_timer *all = idle_timers_all(&len);

	for (size_t i = 0; i < len; i++) {
		CU_ASSERT(all[i].device && *all[i].device && all[i].source && all[i].seconds > 0);
		CU_ASSERT(i == 0 || all[i].seconds >= all[i - 1].seconds);
	}
}

static void timers_fit_from_below(void)
{
	struct idle_timer_fit fit = idle_timers_fit(INT64_C(349999999999), IDLE_EXPIRY_RST_LATE);

	CU_ASSERT_EQUAL(fit.timer[0]->seconds, 340); /* not yet 350 */
	CU_ASSERT_TRUE(fit.close);
	fit = idle_timers_fit(INT64_C(350000000000), IDLE_EXPIRY_RST_LATE);
	CU_ASSERT_EQUAL(fit.timer[0]->seconds, 350);
	CU_ASSERT_EQUAL(fit.len, 2);
	fit = idle_timers_fit(INT64_C(386000000000), IDLE_EXPIRY_RST_LATE);
	CU_ASSERT_EQUAL(fit.timer[0]->seconds, 350);
	CU_ASSERT_FALSE(fit.close);
	fit = idle_timers_fit(INT64_C(386000000000), IDLE_EXPIRY_RST_BOTH);
	CU_ASSERT_EQUAL(fit.timer[0]->seconds, 360); /* acts at expiry: only what is close */
	fit = idle_timers_fit(INT64_C(400000000000), IDLE_EXPIRY_RST_BOTH);
	CU_ASSERT_EQUAL(fit.len, 0);
	fit = idle_timers_fit(INT64_C(1000000000), IDLE_EXPIRY_SILENT);
	CU_ASSERT_EQUAL(fit.len, 0);
}

static char *written(const char *text)
{
	char *path = NULL;
	const int file = g_file_open_tmp("hangup-XXXXXX", &path, NULL);

	CU_ASSERT_FATAL(file >= 0);
	g_assert_true(g_close(file, NULL) && g_file_set_contents(path, text, -1, NULL));
	return path;
}

static bool adds(const char *text, const char *complaint)
{
	g_autofree char *path = written(text);
	g_autoptr(GError) error = NULL;
	const bool added = idle_timers_add_file(path, &error);

	g_assert_cmpint(g_remove(path), ==, 0);
	CU_ASSERT_EQUAL(added, error == NULL);
	if (error && (!complaint || !strstr(error->message, complaint)))
		printf("\n%s", error->message);
	return added || (complaint && !strstr(error->message, complaint));
}

/* The user's timers are matched beside the shipped ones, and named first. */
static void timers_of_the_user(void)
{
	const int64_t idle = INT64_C(350000000000);

	CU_ASSERT_TRUE(adds("[Office NAT]\nseconds=350\nat-expiry=rst-late\nsource=its manual\n"
	                    "[Office firewall]\nseconds=349\nat-expiry=rst-late\n", NULL));
	struct idle_timer_fit fit = idle_timers_fit(idle, IDLE_EXPIRY_RST_LATE);
	g_autoptr(GString) devices = g_string_new(NULL);
	idle_timers_append_devices(devices, &fit);
	CU_ASSERT_EQUAL(fit.len, 3);
	CU_ASSERT_STRING_EQUAL(devices->str, "Office NAT, AWS NAT gateway and others");
	timers();
	CU_ASSERT_EQUAL(idle_timers_fit(idle - 1, IDLE_EXPIRY_RST_LATE).timer[0]->seconds, 349);

	CU_ASSERT_FALSE(adds("[X]\nseconds=350\n", "at-expiry"));
	CU_ASSERT_FALSE(adds("[X]\nat-expiry=close\n", "seconds"));
	CU_ASSERT_FALSE(adds("[X]\nseconds=0\nat-expiry=close\n", "\"0\""));
	CU_ASSERT_FALSE(adds("[X]\nseconds=1\nat-expiry=never\n", "\"never\""));
	CU_ASSERT_FALSE(adds("[X]\nseconds=1\nat-expiry=close\nsecond=2\n", "\"second\""));
	CU_ASSERT_FALSE(adds("no key file", ""));
	CU_ASSERT_EQUAL(idle_timers_fit(idle, IDLE_EXPIRY_RST_LATE).len, 3); /* nothing of those */
	idle_timers_reset();
	CU_ASSERT_EQUAL(idle_timers_fit(idle, IDLE_EXPIRY_RST_LATE).len, 2);
}

static void steps_are_ready_to_use(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_SYN, HANGUP_ACTOR_PATH);
	report_case_fact(&r, HANGUP_FACT_VANTAGE, HANGUP_CLIENT, HANGUP_VANTAGE_CLIENT);
	g_autoptr(GPtrArray) told = next_steps_of(&r.c);
	CU_ASSERT_EQUAL_FATAL(told->len, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(told->pdata[2], "tcpdump -i any -s 128 -w server.pcap 'host 192.0.2.5 and host "
	                                              "198.51.100.10 and (tcp port 443 or icmp or icmp6)'"));
	report_case_fact(&r, HANGUP_FACT_VANTAGE, HANGUP_CLIENT, HANGUP_VANTAGE_SERVER);
	g_autoptr(GPtrArray) at_server = next_steps_of(&r.c);
	CU_ASSERT_EQUAL(at_server->len, 2); /* no capture is asked for that is already there */
}

/* What killed and what spared others of that server bounds the timer closer than this connection's own idle time. */
static void idle_steps_know_of_others(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_MIDDLEBOX_IDLE_DROP, HANGUP_CAUSE_IDLE_SILENT, HANGUP_ACTOR_MIDDLEBOX);
	report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, INT64_C(180000000000));
	CU_ASSERT_TRUE(any_step_has(&r, "one is at most 180 s"));
	report_case_fact(&r, HANGUP_FACT_IDLE_KILLED, HANGUP_CLIENT, INT64_C(64000000000));
	CU_ASSERT_TRUE(any_step_has(&r, "TCP_KEEPIDLE 30 s") || any_step_has(&r, "TCP_KEEPIDLE 32 s"));
	CU_ASSERT_TRUE(any_step_has(&r, "one is at most 64 s"));
	report_case_fact(&r, HANGUP_FACT_IDLE_SURVIVED, HANGUP_CLIENT, INT64_C(5000000000)); /* says little */
	CU_ASSERT_FALSE(any_step_has(&r, "TCP_KEEPIDLE 2 s"));
	report_case_fact(&r, HANGUP_FACT_IDLE_SURVIVED, HANGUP_CLIENT, INT64_C(57000000000));
	CU_ASSERT_TRUE(any_step_has(&r, "TCP_KEEPIDLE 28 s"));
	CU_ASSERT_TRUE(any_step_has(&r, "one is above 57 s and at most 64 s"));
	report_case_fact(&r, HANGUP_FACT_IDLE_SURVIVED, HANGUP_CLIENT, INT64_C(90000000000)); /* not of this timer */
	CU_ASSERT_TRUE(any_step_has(&r, "one is at most 64 s"));
}

static void abnormal_causes_have_steps(void)
{
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		struct report_case r;

		report_case_init(&r, some_label(cause), cause, HANGUP_ACTOR_SERVER);
		report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, INT64_C(360000000000));
		report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, HANGUP_RETRY_DATA);
		report_case_fact(&r, HANGUP_FACT_FINS, HANGUP_CLIENT, 1);
		report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
		g_autoptr(GPtrArray) told = next_steps_of(&r.c);
		CU_ASSERT(told->len <= NEXT_STEPS_MAX);
		CU_ASSERT(told->len > 0 || cause_severity(cause) != HANGUP_SEVERITY_ABNORMAL);
		if (told->len == 0 && cause_severity(cause) == HANGUP_SEVERITY_ABNORMAL)
			printf("\nnothing to do about %s", cause_name(cause));
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"every blank exists", every_blank_exists},
		{"every cause has a sentence", every_cause_has_a_sentence},
		{"who, why, when", who_why_when},
		{"the first FIN names the closer", the_first_fin_names_the_closer},
		{"idle names a box only when close", idle_names_a_box_only_when_close},
		{"given up only when it shows", given_up_only_when_it_shows},
		{"attempts are counted as captured", attempts_are_counted_as_captured},
		{"confirmations that got lost", confirmations_that_got_lost},
		{"ICMP says who and what", icmp_says_who_and_what},
		{"steps are for the system", steps_are_for_the_system},
		{"a client that leaves data unread", a_client_that_leaves_data_unread},
		{"open is never hedged", open_is_never_hedged},
		{"timers are in order", timers},
		{"timers fit from below", timers_fit_from_below},
		{"timers of the user", timers_of_the_user},
		{"steps are ready to use", steps_are_ready_to_use},
		{"idle steps know of others", idle_steps_know_of_others},
		{"abnormal causes have steps", abnormal_causes_have_steps},
		CU_TEST_INFO_NULL,
	};

	return unit_main("sentences, steps, timers", tests);
}
