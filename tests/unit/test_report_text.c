/* Text for people: never wider than the terminal, calm when nothing is wrong, and bounded. */
#include "report/report.h"

#include <string.h>

#include "report/paragraph.h"
#include "rules/host/vocabulary.h"
#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

struct report {
	FILE *file;
	struct report_sink *sink;
	struct run_summary summary;
};

static void begin(struct report *t, const struct report_options *options)
{
	t->file = report_case_open();
	t->sink = report_text_new(t->file, options);
	t->summary = (struct run_summary){
		.frames = 20,
		.first_ns = REPORT_CASE_START_NS,
		.last_ns = REPORT_CASE_START_NS + INT64_C(2000000000),
	};
}

static void tell(struct report *t, struct report_case *r)
{
	r->facts.id = ++t->summary.connections;
	report_verdict(t->sink, 0, &r->c);
}

static char *end(struct report *t)
{
	CU_ASSERT_TRUE(report_finish(t->sink, &t->summary, NULL));
	return report_case_close(t->file);
}

/* Commands aside: they are to be copied, and stay whole. */
static size_t widest(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	size_t most = 0;

	for (char **line = lines; *line; line++)
		most = MAX(most, g_str_has_prefix(*line, "  hangup ") ? 0 : paragraph_columns(*line));
	return most;
}

static void is(const char *text, const char *wanted)
{
	CU_ASSERT_STRING_EQUAL(text, wanted);
	if (strcmp(text, wanted) != 0)
		printf("\n%s", text);
}

static const struct report_options plain = {
	.input_name = "repro.pcap", .input_again = "repro.pcap", .width = 80, .first_ns = REPORT_CASE_START_NS};

static void one_ending(void)
{
	struct report t;
	struct report_case r;

	begin(&t, &plain);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_UNREAD_DATA, HANGUP_ACTOR_SERVER);
	report_case_packet(&r, HANGUP_PACKET_TRIGGER, HANGUP_CLIENT, 19);
	report_case_packet(&r, HANGUP_PACKET_RST, HANGUP_SERVER, 20);
	report_case_evidence(&r, HANGUP_PACKET_TRIGGER, HANGUP_CLIENT, HANGUP_FACT_UNREPLIED, "data");
	report_case_evidence(&r, HANGUP_PACKET_RST, HANGUP_SERVER, HANGUP_FACT_RST_KIND, "RST");
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_fact(&r, HANGUP_FACT_RST_DELAY, HANGUP_SERVER, 200000);
	tell(&t, &r);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_PROBE, HANGUP_ACTOR_CLIENT);
	tell(&t, &r);
	g_autofree char *text = end(&t);
	is(text, "repro.pcap: 2 TCP connections, 1 ended badly\n"
	         "2 rst\n"
	         "from 2026-03-01 10:02:13 UTC for 2 s\n"
	         "\n"
	         "#1    192.0.2.5:51234 \xe2\x86\x92 198.51.100.10:443                        rst/unread-data\n"
	         "      The server reset the connection 200 \xc2\xb5s after the client's data: its\n"
	         "      program closed with data unread. (packets 19, 20 at 10:02:13.143;\n"
	         "      95% sure)\n"
	         "\n"
	         "Harmless, so not listed: 1 rst/probe.\n"
	         "One of them whole:\n"
	         "  hangup explain repro.pcap 1\n");
}

static void nothing_to_tell(void)
{
	struct report t;
	struct report_options named = plain;

	begin(&t, &plain);
	t.summary = (struct run_summary){0};
	g_autofree char *empty = end(&t);
	is(empty, "repro.pcap: no packets in it\n\n");

	begin(&t, &plain);
	t.summary.not_tcp = t.summary.frames;
	g_autofree char *without = end(&t);
	is(without, "repro.pcap: no TCP connection in 20 packets\n\n");

	named.input_name = "-";
	named.selection.port = 1;
	begin(&t, &named);
	t.summary.connections = 3;
	g_autofree char *none = end(&t);
	is(none, "standard input: none of 3 TCP connections is selected\n\n");
}

static void names_cannot_do_harm(void)
{
	struct report t;
	struct report_case r;
	const struct report_options hostile = {.input_name = "\033]0;gone\007 it's.pcap", .width = 80};

	begin(&t, &hostile);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	tell(&t, &r);
	g_autofree char *text = end(&t);
	CU_ASSERT_PTR_NULL(strchr(text, '\033'));
	CU_ASSERT_PTR_NULL(strchr(text, '\007'));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\\u{1b}]0;gone\\u{7} it's.pcap: 1 TCP connection, ended badly\n"));
}

/* Every cause, with everything known that makes sentences long, IPv4 and IPv6 at their longest. */
static void fits(const struct report_options *options, bool v6)
{
	struct report t;

	begin(&t, options);
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
			struct report_case r;

			if (!(cause_labels(cause) & 1u << label))
				continue;
			report_case_init(&r, label, cause, HANGUP_ACTOR_SERVER);
			if (v6)
				report_case_ends(&r, "2001:db81:1111:2222:3333:4444:5555:6666", 65535,
				                 "fe80::1234:5678:9abc:def0", 65535);
			else
				report_case_ends(&r, "255.255.255.255", 65535, "255.255.255.254", 65535);
			report_case_fact(&r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, INT64_C(3900000000000));
			report_case_fact(&r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, HANGUP_RETRY_DATA);
			report_case_fact(&r, HANGUP_FACT_RETRIES, HANGUP_CLIENT, 15);
			report_case_fact(&r, HANGUP_FACT_RETRY_SPAN, HANGUP_CLIENT, INT64_C(924600000000));
			report_case_packet(&r, HANGUP_PACKET_RETRY_LAST, HANGUP_CLIENT, 123456789012);
			report_case_evidence(&r, HANGUP_PACKET_RETRY_LAST, HANGUP_CLIENT, HANGUP_FACT_RETRIES, "x");
			tell(&t, &r);
		}
	}
	t.summary.connections = 1234567890;
	t.summary.capture_dropped = t.summary.acked_unseen = t.summary.truncated = t.summary.incomplete = 1234567;
	t.summary.opaque = 1234567;
	t.summary.invalid = t.summary.undecoded = t.summary.evicted = t.summary.hurried = 1;
	t.summary.input_cut = t.summary.interrupted = true;
	g_autofree char *text = end(&t);
	CU_ASSERT(widest(text) <= options->width);
	if (widest(text) > options->width)
		printf("\n%zu columns\n%s", widest(text), text);
}

static void never_wider_than_the_terminal(void)
{
	for (unsigned width = 40; width <= 200; width += 8) {
		struct report_options options = {
			.input_name = "/a/very/long/path/that/goes/on/and/on/and/on/and/on/and/on/until/it/ends/here.pcapng",
			.every_connection = true,
			.width = width,
		};
		fits(&options, false);
		fits(&options, true);
		options.ascii = true;
		options.every_connection = false;
		fits(&options, true);
	}
}

static char *of_width(unsigned width, bool ascii, const char *server)
{
	struct report t;
	struct report_case r;
	const struct report_options options = {.input_name = "repro.pcap", .input_again = "repro.pcap", .width = width, .ascii = ascii};

	begin(&t, &options);
	report_case_init(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_PMTU, HANGUP_ACTOR_PATH);
	report_case_ends(&r, server, 65535, server, 65535);
	tell(&t, &r);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_UNREAD_DATA, HANGUP_ACTOR_SERVER);
	report_case_fact(&r, HANGUP_FACT_RST_ENDED, HANGUP_SERVER, 1);
	report_case_fact(&r, HANGUP_FACT_RST_DELAY, HANGUP_SERVER, 200000);
	tell(&t, &r);
	return end(&t);
}

/* However narrow: label and cause together. */
static void the_cause_is_never_lost(void)
{
	for (unsigned width = 40; width <= 130; width++) {
		g_autofree char *v4 = of_width(width, true, "255.255.255.255");
		g_autofree char *v6 = of_width(width, true, "2001:db81:1111:2222:3333:4444:5555:6666");

		CU_ASSERT_PTR_NOT_NULL(strstr(v4, " retransmit-timeout/pmtu-blackhole\n"));
		CU_ASSERT_PTR_NOT_NULL(strstr(v6, " retransmit-timeout/pmtu-blackhole\n"));
	}
}

static void units_without_unicode(void)
{
	g_autofree char *unicode = of_width(80, false, "192.0.2.1"), *ascii = of_width(80, true, "192.0.2.1");

	CU_ASSERT_PTR_NOT_NULL(strstr(unicode, "200 \xc2\xb5s after"));
	CU_ASSERT_PTR_NOT_NULL(strstr(ascii, "200 us after"));
	for (const char *at = ascii; *at; at++)
		CU_ASSERT(!(*at & 0x80));
}

static void no_dead_end(void)
{
	struct report t;
	struct report_case r;

	begin(&t, &plain);
	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	tell(&t, &r);
	t.summary.last_ns = t.summary.first_ns;
	g_autofree char *text = end(&t);
	is(text, "repro.pcap: 1 TCP connection, nothing abnormal\n"
	         "1 still-open\n"
	         "from 2026-03-01 10:02:13 UTC\n"
	         "\n"
	         "1 connection was quiet when the capture ended (still-open/idle): silence proves\n"
	         "nothing, a capture at the other end would tell.\n"
	         "All of them:\n"
	         "  hangup --all repro.pcap\n");
}

static void every_connection_in_order(void)
{
	struct report t;
	struct report_options all = plain;
	static const uint64_t judged[] = {3, 1, 2};

	all.every_connection = true;
	begin(&t, &all);
	for (size_t i = 0; i < G_N_ELEMENTS(judged); i++) {
		struct report_case r;

		report_case_init(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_SIMULTANEOUS, HANGUP_ACTOR_NONE);
		tell(&t, &r);
		r.facts.id = judged[i];
	}
	report_finish(t.sink, &t.summary, NULL);
	g_autofree char *text = report_case_close(t.file);
	const char *first = strstr(text, "#1 "), *second = strstr(text, "#2 "), *third = strstr(text, "#3 ");
	CU_ASSERT(first && second && third && first < second && second < third);
	CU_ASSERT(third < strstr(text, "3 TCP connections, nothing abnormal"));
}

static void the_most_telling_are_kept(void)
{
	struct report t;

	begin(&t, &plain);
	for (int i = 0; i < 1000; i++) {
		struct report_case r;

		report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
		r.c.claims[0].confidence = i % 2 ? 0.9 : 0.6;
		tell(&t, &r);
	}
	g_autofree char *text = end(&t);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "1,000 TCP connections, 1,000 ended badly\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n800 more like these are not shown: --all"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n#2 "));      /* the first of the surer ones */
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n\n#400 ")); /* the last that found room */
	CU_ASSERT_PTR_NULL(strstr(text, "\n\n#402 "));
	CU_ASSERT_PTR_NULL(strstr(text, "60% sure"));
}

static void a_selection_is_listed(void)
{
	struct report t;
	struct report_case r;
	struct report_options harmless = plain;

	harmless.selection.severities = 1u << HANGUP_SEVERITY_HARMLESS;
	begin(&t, &harmless);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_PROBE, HANGUP_ACTOR_CLIENT);
	tell(&t, &r);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT);
	tell(&t, &r);
	g_autofree char *text = end(&t);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "1 TCP connection selected of 2, nothing abnormal\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "#1 "));
	CU_ASSERT_PTR_NULL(strstr(text, "#2 "));
}

static void days_are_told_apart(void)
{
	struct report t;
	struct report_case r;

	begin(&t, &plain);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	tell(&t, &r);
	r.facts.packet[HANGUP_PACKET_LAST][HANGUP_CLIENT].time_ns += INT64_C(86400) * 1000000000;
	tell(&t, &r);
	g_autofree char *text = end(&t);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "(10:02:13.143;"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "(2026-03-02 10:02:13.143;"));
}

static void colour_only_when_asked(void)
{
	struct report t;
	struct report_case r;
	struct report_options coloured = plain;

	coloured.colour = true;
	begin(&t, &coloured);
	report_case_init(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	tell(&t, &r);
	g_autofree char *text = end(&t);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\033[31mrst/app-abort\033[0m\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "\n\033[0m")); /* no style goes over the end of a line */
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"one ending", one_ending},
		{"nothing to tell", nothing_to_tell},
		{"names cannot do harm", names_cannot_do_harm},
		{"never wider than the terminal", never_wider_than_the_terminal},
		{"the cause is never lost", the_cause_is_never_lost},
		{"units without Unicode", units_without_unicode},
		{"no dead end", no_dead_end},
		{"every connection, in order", every_connection_in_order},
		{"the most telling are kept", the_most_telling_are_kept},
		{"a selection is listed", a_selection_is_listed},
		{"days are told apart", days_are_told_apart},
		{"colour only when asked", colour_only_when_asked},
		CU_TEST_INFO_NULL,
	};

	return unit_main("text", tests);
}
