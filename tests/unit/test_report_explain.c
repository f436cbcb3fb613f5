/* One connection told whole: the ladder's arrows, marks, gaps and bounds, and the sections around it. */
#include "report/explain.h"

#include <string.h>

#include "report/ladder_text.h"
#include "report/paragraph.h"
#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static const struct report_options ascii = {.input_name = "repro.pcap", .width = 72, .ascii = true};

static void add(struct ladder *l, uint64_t number, int64_t ms, enum hangup_side sender, uint8_t flags, uint32_t seq,
                uint32_t ack, uint32_t len, uint16_t window)
{
	struct segment segment = {
		.number = number,
		.time_ns = REPORT_CASE_START_NS + ms * 1000000,
		.flags = flags,
		.seq = seq,
		.ack = ack,
		.payload_len = len,
		.window = window,
		.kind = SEGMENT_TCP,
		.ip_version = 4,
	};

	ladder_add(l, &segment, sender);
}

static void add_icmp(struct ladder *l, uint64_t number, int64_t ms, enum hangup_side sender)
{
	struct segment segment = {
		.number = number,
		.time_ns = REPORT_CASE_START_NS + ms * 1000000,
		.kind = SEGMENT_ICMP_ERROR,
		.icmp_type = 3,
		.icmp_code = 13,
		.icmp_source = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 254},
	};

	ladder_add(l, &segment, sender);
}

static void drawn(const struct ladder *l, struct report_case *r, const struct report_options *options,
                  const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	ladder_text_append(out, l, &r->c, options);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
	if (strcmp(out->str, wanted) != 0)
		printf("\n%s", out->str);
}

enum { ISN = 4000000000, PEER_ISN = 7 };

static void a_short_story(void)
{
	struct report_case r;
	struct ladder *l = ladder_new(24);

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	add(l, 1, 0, HANGUP_CLIENT, TCP_SYN, ISN, 0, 0, 64240);
	add(l, 2, 1, HANGUP_SERVER, TCP_SYN | TCP_ACK, PEER_ISN, ISN + 1u, 0, 65160);
	add(l, 3, 2, HANGUP_CLIENT, TCP_ACK, ISN + 1u, PEER_ISN + 1, 0, 502);
	add(l, 4, 3, HANGUP_CLIENT, TCP_PSH | TCP_ACK, ISN + 1u, PEER_ISN + 1, 700, 502);
	add(l, 5, 300, HANGUP_CLIENT, TCP_PSH | TCP_ACK, ISN + 1u, PEER_ISN + 1, 700, 502);
	add(l, 7, 350301, HANGUP_CLIENT, TCP_ACK, ISN + 700u, PEER_ISN + 1, 0, 0);
	add(l, 12, 350302, HANGUP_SERVER, TCP_RST | TCP_ACK, PEER_ISN + 1, ISN + 701u, 0, 0);
	add_icmp(l, 13, 350303, HANGUP_CLIENT);
	report_case_packet(&r, HANGUP_PACKET_RST, HANGUP_SERVER, 12);
	report_case_evidence(&r, HANGUP_PACKET_RST, HANGUP_SERVER, HANGUP_FACT_RST_KIND, "the RST");
	drawn(l, &r, &ascii,
	      "       seconds   packet client                                    server\n"
	      "      0.000000       #1 |--- SYN seq 0 ------------------------------->|\n"
	      "      0.001000       #2 |<--------------------- SYN ACK seq 0 ack 1 ---|\n"
	      "      0.002000       #3 |--- ACK ack 1 ------------------------------->|\n"
	      "      0.003000       #4 |--- PSH ACK seq 1 len 700 ------------------->|\n"
	      "      0.300000       #5 |--- PSH ACK seq 1 len 700 again ------------->|\n"
	      "                        |              silence for 350 s               |\n"
	      "    350.301000       #7 |--- ACK seq 700 ack 1 probe win 0 ----------->|\n"
	      "*   350.302000      #12 |<------------------- RST ACK seq 1 ack 701 ---|\n"
	      "    350.303000      #13 |<-- ICMP 3/13 from 192.0.2.254                |\n");
	ladder_free(l);
}

/* A long transfer: evidence from its middle, the beginning and the end are shown, the rest is counted. */
static void a_long_story(void)
{
	struct report_case r;
	struct ladder *l = ladder_new(10);
	g_autoptr(GString) out = g_string_new(NULL);
	size_t rows = 0;

	report_case_init(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_ACTOR_PATH);
	add(l, 1, 0, HANGUP_CLIENT, TCP_SYN, ISN, 0, 0, 64240);
	for (uint32_t i = 0; i < 100000; i++)
		add(l, 2 + i, i < 50000 ? i : i + 5000, HANGUP_CLIENT, TCP_ACK, ISN + 1u + i * 1000, PEER_ISN, 1000, 502);
	report_case_packet(&r, HANGUP_PACKET_IDLE_AFTER, HANGUP_CLIENT, 50002);
	report_case_evidence(&r, HANGUP_PACKET_IDLE_AFTER, HANGUP_CLIENT, HANGUP_FACT_IDLE_LONGEST, "after a pause");
	ladder_text_append(out, l, &r.c, &ascii);
	CU_ASSERT_PTR_NOT_NULL(strstr(out->str, "\n*    55.000000   #50002 |--- ACK seq 50000001 len 1000 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(out->str, "  #100001 |"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out->str, "49998 packets more in 55 s"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out->str, "49993 packets more in 50 s"));
	for (const char *at = out->str; (at = strchr(at, '#')); at++)
		rows++;
	CU_ASSERT_EQUAL(rows, 10);
	ladder_free(l);
}

static void starts_mid_stream(void)
{
	struct report_case r;
	struct ladder *l = ladder_new(24);

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_ACTIVE, HANGUP_ACTOR_NONE);
	add(l, 1, 0, HANGUP_SERVER, TCP_ACK, 5000, 100, 500, 502);
	add(l, 2, 1, HANGUP_CLIENT, TCP_ACK, 100, 5500, 0, 502);
	drawn(l, &r, &ascii,
	      "       seconds   packet client                                    server\n"
	      "      0.000000       #1 |<----------------------- ACK seq 0 len 500 ---|\n"
	      "      0.001000       #2 |--- ACK ack 500 ----------------------------->|\n");
	ladder_free(l);
}

/* Commands and the filter aside: they are to be copied, and stay whole. */
static size_t widest(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	size_t most = 0;

	for (char **line = lines; *line; line++) {
		if (!g_str_has_prefix(*line, "     $ ") && !g_str_has_prefix(*line, "  ipv6.addr == "))
			most = MAX(most, paragraph_columns(*line));
	}
	return most;
}

static char *explained(struct report_case *r, const struct report_options *options)
{
	GString *out = g_string_new(NULL);
	struct ladder *l = ladder_new(24);

	add(l, 123456, 0, HANGUP_CLIENT, TCP_FIN | TCP_PSH | TCP_URG | TCP_ACK, 0, 5, 60000, 0);
	add(l, 123457, 100000, HANGUP_SERVER, TCP_RST | TCP_ACK, UINT32_MAX, UINT32_MAX, 0, 0);
	add_icmp(l, 123458, 100001, HANGUP_SERVER);
	explain_append(out, &r->c, l, options);
	ladder_free(l);
	return g_string_free(out, FALSE);
}

/* However it is wrapped. */
static bool says(const char *text, const char *words)
{
	g_auto(GStrv) pieces = g_strsplit_set(text, " \n", -1);
	g_autoptr(GString) flat = g_string_new(NULL);

	for (char **piece = pieces; *piece; piece++)
		g_string_append_printf(flat, "%s%s", **piece ? *piece : "", **piece ? " " : "");
	if (!strstr(flat->str, words))
		printf("\nnot in: %s", flat->str);
	return strstr(flat->str, words) != NULL;
}

static void sections(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_packet(&r, HANGUP_PACKET_RST, HANGUP_SERVER, 123457);
	report_case_evidence(&r, HANGUP_PACKET_RST, HANGUP_SERVER, HANGUP_FACT_RST_TEXT, "the RST carries a reason");
	strcpy(r.facts.rst_text[HANGUP_SERVER], "go away \033[2J");
	report_case_alternative(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_INJECTED, "its TTL is the server's");
	g_autofree char *text = explained(&r, &ascii);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "Connection 1 of repro.pcap\n  client 192.0.2.5:51234: 10 packets, 700 bytes\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nVerdict\n  The server's program aborted the connection, with nothing left unread.\n"
	                                    "  rst/app-abort by the server, abnormal, very likely (95%)\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nEvidence\n  #123457 the RST carries a reason: \"go away \\u{1b}[2J\" (observed)\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nPackets (* is evidence)\n"));
	CU_ASSERT_TRUE(says(text, " Linux: ECONNRESET (104) Connection reset by peer; sometimes EPIPE (32) "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nWhat else it could have been\n  rst/injected, 5%: a RST neither end sent. Why not:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nWhat to do next\n  1. "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nIn Wireshark\n  ip.addr == 192.0.2.5 && "));
	CU_ASSERT_PTR_NULL(strchr(text, '\033'));
}

static void systems(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_fact(&r, HANGUP_FACT_OS, HANGUP_CLIENT, HANGUP_OS_LINUX);
	g_autofree char *text = explained(&r, &ascii);
	CU_ASSERT_TRUE(says(text, " Linux: ECONNRESET (104) Connection reset by peer; sometimes EPIPE (32) on other "
	                          "systems: WSAECONNRESET (10054), sometimes ERROR_NETNAME_DELETED (64), on Windows; "
	                          "ECONNRESET (54), sometimes EPIPE (32), on macOS, BSD "));
}

/* "10053, sometimes 10054": as docs/labels.md and NDJSON have it. */
static void what_else_a_system_may_say(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_LATE_DATA, HANGUP_ACTOR_SERVER);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_packet(&r, HANGUP_PACKET_RST, HANGUP_SERVER, 20);
	report_case_packet(&r, HANGUP_PACKET_FIN, HANGUP_SERVER, 15);
	report_case_fact(&r, HANGUP_FACT_DATA_KNEW_FIN, HANGUP_CLIENT, 100);
	report_case_fact(&r, HANGUP_FACT_LAST_DATA_FULL, HANGUP_CLIENT, 1);
	report_case_fact(&r, HANGUP_FACT_OS, HANGUP_CLIENT, HANGUP_OS_LINUX);
	g_autofree char *text = explained(&r, &ascii);
	CU_ASSERT_TRUE(says(text, "on other systems: WSAECONNABORTED (10053), sometimes WSAECONNRESET (10054) or EOF, "
	                          "on Windows;"));
}

/* Why an alternative lost: the verdict's decisive evidence, its own rule's doubt, the verdict's first evidence. */
static void why_not(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_ACTOR_PATH);
	report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, HANGUP_RETRY_DATA);
	report_case_fact(&r, HANGUP_FACT_RETRIES, HANGUP_CLIENT, 5);
	report_case_evidence(&r, HANGUP_PACKET_UNANSWERED, HANGUP_CLIENT, HANGUP_FACT_RETRY_KIND, "first sent here");
	report_case_alternative(&r, HANGUP_LABEL_LOCAL_ABORT, HANGUP_CAUSE_APP_ABORT, "antivirus looks the same");
	report_case_alternative(&r, HANGUP_LABEL_MIDDLEBOX_IDLE_DROP, HANGUP_CAUSE_IDLE_SILENT, "the host may have died");
	report_case_alternative(&r, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED, NULL);
	g_autofree char *text = explained(&r, &ascii);
	CU_ASSERT_TRUE(says(text, " local-abort/app-abort, 5%: the program (or its death) aborted the connection with nothing "
	                          "left unread. Why not: 5 unanswered repeats explain the reset "));
	CU_ASSERT_TRUE(says(text, "Why not: the host may have died "));
	CU_ASSERT_TRUE(says(text, "Why not: first sent here "));

	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_INJECTED, HANGUP_ACTOR_MIDDLEBOX);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_fact(&r, HANGUP_FACT_RST_TTL_DELTA, HANGUP_SERVER, -70);
	report_case_alternative(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, "its death looks the same");
	g_autofree char *forged = explained(&r, &ascii);
	CU_ASSERT_TRUE(says(forged, "Why not: the TTL of the reset differs by 70 from the server's "));
}

static void standard_input_has_a_name(void)
{
	struct report_case r;
	struct report_options options = ascii;

	options.input_name = "-";
	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	g_autofree char *text = explained(&r, &options);
	CU_ASSERT_TRUE(g_str_has_prefix(text, "Connection 1 of standard input\n"));
}

static void never_wider_than_the_terminal(void)
{
	for (unsigned width = 56; width <= 120; width += 4) {
		struct report_options options = ascii;
		struct report_case r;

		options.width = width;
		for (int pass = 0; pass < 2; pass++) {
			options.ascii = pass;
			report_case_init(&r, HANGUP_LABEL_MIDDLEBOX_IDLE_DROP, HANGUP_CAUSE_IDLE_SILENT, HANGUP_ACTOR_MIDDLEBOX);
			report_case_ends(&r, "2001:db81:1111:2222:3333:4444:5555:6666", 65535,
			                 "2001:db81:1111:2222:3333:4444:5555:7777", 65535);
			report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, INT64_C(3700000000000));
			g_autofree char *text = explained(&r, &options);
			CU_ASSERT(widest(text) <= width);
			if (widest(text) > width)
				printf("\n%u\n%s", width, text);
		}
	}
}

static void without_packets(void)
{
	struct report_case r;
	struct ladder *l = ladder_new(24);

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	drawn(l, &r, &ascii, "");
	ladder_free(l);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"a short story", a_short_story},
		{"a long story", a_long_story},
		{"starts mid-stream", starts_mid_stream},
		{"sections", sections},
		{"systems", systems},
		{"what else a system may say", what_else_a_system_may_say},
		{"why not", why_not},
		{"standard input has a name", standard_input_has_a_name},
		{"never wider than the terminal", never_wider_than_the_terminal},
		{"without packets", without_packets},
		CU_TEST_INFO_NULL,
	};

	return unit_main("explain", tests);
}
