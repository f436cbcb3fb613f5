/* NDJSON: the fields in their order, null for what is not known, lines in order of id whatever the order of
 * judgement. That values keep to the schema is tested on real captures (golden.schema). */
#include "report/report.h"

#include <string.h>

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static char *written(const struct report_options *options, struct report_case *cases, size_t count)
{
	FILE *file = report_case_open();
	struct report_sink *sink = report_ndjson_new(file, options);
	struct run_summary summary = {.connections = count};

	for (size_t i = 0; i < count; i++) {
		cases[i].c.facts = &cases[i].facts;
		report_verdict(sink, 0, &cases[i].c);
	}
	CU_ASSERT_TRUE(report_finish(sink, &summary, NULL));
	return report_case_close(file);
}

static void whole_line(void)
{
	struct report_case r;
	const struct report_options options = {.input_name = "a \"b\".pcap"};

	report_case_init(&r, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_REUSED, HANGUP_ACTOR_UNKNOWN);
	report_case_fact(&r, HANGUP_FACT_OS, HANGUP_CLIENT, HANGUP_OS_LINUX);
	report_case_fact(&r, HANGUP_FACT_HOPS, HANGUP_CLIENT, 3);
	report_case_fact(&r, HANGUP_FACT_RTT, HANGUP_SERVER, 32152000);
	report_case_fact(&r, HANGUP_FACT_IDLE_LONGEST, HANGUP_CLIENT, 1500000000);
	report_case_fact(&r, HANGUP_FACT_STATE, HANGUP_SERVER, HANGUP_TCP_STATE_CLOSE_WAIT);
	report_case_packet(&r, HANGUP_PACKET_REUSE, HANGUP_CLIENT, 21);
	report_case_evidence(&r, HANGUP_PACKET_REUSE, HANGUP_CLIENT, HANGUP_FACT_REUSED, "a SYN from {client}");
	report_case_evidence(&r, HANGUP_PACKET_FIN, HANGUP_CLIENT, HANGUP_FACT_FINS, "no FIN");
	report_case_alternative(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, "a new SYN came");
	report_case_alternative(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, "told once");
	g_autofree char *line = written(&options, &r, 1);

	CU_ASSERT_STRING_EQUAL(
		line,
		"{\"schema\":\"hangup.connection/1\",\"id\":1,\"community_id\":\"1:DpbpqvKILpnoaYMUKC/UF0jdYBo=\","
		"\"input\":\"a \\\"b\\\".pcap\","
		"\"client\":{\"ip\":\"192.0.2.5\",\"port\":51234,\"host_os\":\"linux\",\"hops\":3},"
		"\"server\":{\"ip\":\"198.51.100.10\",\"port\":443,\"host_os\":null,\"hops\":null},"
		"\"client_known\":true,\"vantage\":{\"side\":\"unknown\",\"by\":\"nothing\"},"
		"\"start\":\"2026-03-01T10:02:13.124456789Z\",\"end\":\"2026-03-01T10:02:13.143456789Z\","
		"\"duration_s\":2.000000000,\"first_packet\":1,\"last_packet\":20,"
		"\"packets\":{\"client\":10,\"server\":10},\"bytes\":{\"client\":700,\"server\":1200},"
		"\"retransmitted\":{\"client\":null,\"server\":null},"
		"\"rtt_ms\":{\"client\":null,\"server\":32.152000},"
		"\"idle_s\":{\"longest\":1.500000000,\"before_end\":null},"
		"\"states\":{\"client\":null,\"server\":\"close-wait\"},\"conn_state\":\"S1\",\"history\":\"ShADad\","
		"\"label\":\"missing-fin\",\"cause\":\"reused\",\"actor\":\"unknown\",\"severity\":\"abnormal\","
		"\"confidence\":0.950,"
		"\"summary\":\"Nobody closed it: a new connection took over the same addresses and ports.\","
		"\"evidence\":[{\"packet\":21,\"time\":\"2026-03-01T10:02:13.144456789Z\",\"level\":\"observed\","
		"\"fact\":\"reused\",\"text\":\"a SYN from 192.0.2.5:51234\"},"
		"{\"packet\":null,\"time\":null,\"level\":\"observed\",\"fact\":\"fins\",\"text\":\"no FIN\"}],"
		"\"alternatives\":[{\"label\":\"still-open\",\"cause\":\"idle\",\"actor\":\"unknown\","
		"\"confidence\":0.050,\"against\":\"a new SYN came\"}],"
		"\"app_errors\":{\"client\":["
		"{\"os\":\"linux\",\"code\":\"ECONNABORTED\",\"number\":103,\"name\":\"Software caused connection abort\","
		"\"likely\":\"also\"},"
		"{\"os\":\"linux\",\"code\":\"ECONNRESET\",\"number\":104,\"name\":\"Connection reset by peer\","
		"\"likely\":\"also\"},"
		"{\"os\":\"windows\",\"code\":\"WSAECONNABORTED\",\"number\":10053,\"name\":\"An established connection "
		"was aborted by the software in your host machine.\",\"likely\":\"also\"},"
		"{\"os\":\"windows\",\"code\":\"WSAECONNRESET\",\"number\":10054,\"name\":\"An existing connection was "
		"forcibly closed by the remote host.\",\"likely\":\"also\"},"
		"{\"os\":\"macos\",\"code\":\"ECONNRESET\",\"number\":54,\"name\":\"Connection reset by peer\","
		"\"likely\":\"also\"},"
		"{\"os\":\"bsd\",\"code\":\"ECONNRESET\",\"number\":54,\"name\":\"Connection reset by peer\","
		"\"likely\":\"also\"}],\"server\":["
		"{\"os\":\"linux\",\"code\":\"ETIMEDOUT\",\"number\":110,\"name\":\"Connection timed out\","
		"\"likely\":\"also\"},"
		"{\"os\":\"linux\",\"code\":\"ECONNRESET\",\"number\":104,\"name\":\"Connection reset by peer\","
		"\"likely\":\"also\"},"
		"{\"os\":\"windows\",\"code\":\"WSAECONNABORTED\",\"number\":10053,\"name\":\"An established connection "
		"was aborted by the software in your host machine.\",\"likely\":\"also\"},"
		"{\"os\":\"windows\",\"code\":\"WSAECONNRESET\",\"number\":10054,\"name\":\"An existing connection was "
		"forcibly closed by the remote host.\",\"likely\":\"also\"},"
		"{\"os\":\"macos\",\"code\":\"ETIMEDOUT\",\"number\":60,\"name\":\"Operation timed out\","
		"\"likely\":\"also\"},"
		"{\"os\":\"macos\",\"code\":\"ECONNRESET\",\"number\":54,\"name\":\"Connection reset by peer\","
		"\"likely\":\"also\"},"
		"{\"os\":\"bsd\",\"code\":\"ETIMEDOUT\",\"number\":60,\"name\":\"Operation timed out\","
		"\"likely\":\"also\"},"
		"{\"os\":\"bsd\",\"code\":\"ECONNRESET\",\"number\":54,\"name\":\"Connection reset by peer\","
		"\"likely\":\"also\"}]},"
		"\"next_steps\":[\"Did 192.0.2.5 restart, or is a NAT reusing ports too early? A client that was reset or "
		"lost power never says goodbye\",\"Keepalive on the server finds such dead connections: SO_KEEPALIVE with "
		"TCP_KEEPIDLE 60, TCP_KEEPINTVL 10, TCP_KEEPCNT 6\"],"
		"\"display_filter\":\"ip.addr == 192.0.2.5 && ip.addr == 198.51.100.10 && tcp.port == 51234 && "
		"tcp.port == 443\",\"incident\":null,\"capture_loss\":false,\"rules\":[]}\n");
	if (!strstr(line, "\"rules\":[]}\n"))
		printf("\n%s", line);
}

static void in_order_of_id(void)
{
	static const uint64_t judged[] = {3, 1, 5, 4, 2};
	struct report_case cases[G_N_ELEMENTS(judged)];
	const struct report_options options = {.input_name = "-"};
	uint64_t wanted = 1;

	for (size_t i = 0; i < G_N_ELEMENTS(judged); i++) {
		report_case_init(&cases[i], HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
		cases[i].facts.id = judged[i];
	}
	g_autofree char *text = written(&options, cases, G_N_ELEMENTS(cases));
	for (const char *at = text; (at = strstr(at, "\"id\":")); at += 5, wanted++)
		CU_ASSERT_EQUAL(g_ascii_strtoull(at + 5, NULL, 10), wanted);
	CU_ASSERT_EQUAL(wanted, 6);
}

static size_t lines_selected(const struct report_selection *selection)
{
	struct report_case cases[3];
	const struct report_options options = {.input_name = "-", .selection = *selection};
	size_t lines = 0;

	report_case_init(&cases[0], HANGUP_LABEL_RST, HANGUP_CAUSE_REFUSED, HANGUP_ACTOR_SERVER);
	report_case_init(&cases[1], HANGUP_LABEL_RST, HANGUP_CAUSE_PROBE, HANGUP_ACTOR_CLIENT);
	report_case_ends(&cases[1], "192.0.2.200", 40000, "203.0.113.1", 8080);
	report_case_init(&cases[2], HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT);
	report_case_ends(&cases[2], "2001:db8::1", 40000, "2001:db8::2", 443);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		cases[i].facts.id = i + 1;
	g_autofree char *text = written(&options, cases, G_N_ELEMENTS(cases));
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	return lines;
}

static void selection(void)
{
	static const uint8_t net[16] = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 0};
	const int64_t second = REPORT_CASE_START_NS;

	CU_ASSERT_EQUAL(lines_selected(&(struct report_selection){0}), 3);
	CU_ASSERT_EQUAL(lines_selected(&(struct report_selection){.labels = 1u << HANGUP_LABEL_RST}), 2);
	CU_ASSERT_EQUAL(lines_selected(&(struct report_selection){.severities = 1u << HANGUP_SEVERITY_HARMLESS}), 1);
	CU_ASSERT_EQUAL(lines_selected(&(struct report_selection){.port = 443}), 2);
	CU_ASSERT_EQUAL(lines_selected(&(struct report_selection){.from_ns = second + 1000000000}), 0);
	CU_ASSERT_EQUAL(lines_selected(&(struct report_selection){.to_ns = second}), 0);
	CU_ASSERT_EQUAL(lines_selected(&(struct report_selection){.from_ns = second, .to_ns = second + 2000000}), 3);

	struct report_selection hosts = {.has_host = true, .host_prefix = 96 + 24};
	memcpy(hosts.host, net, sizeof(net));
	CU_ASSERT_EQUAL(lines_selected(&hosts), 2);
	hosts.host[15] = 200;
	hosts.host_prefix = 128;
	CU_ASSERT_EQUAL(lines_selected(&hosts), 1);
	hosts.host[15] = 193;
	hosts.host_prefix = 128 - 2; /* 192 to 195, 200 is not */
	CU_ASSERT_EQUAL(lines_selected(&hosts), 0);
	hosts.host_prefix = 0;
	CU_ASSERT_EQUAL(lines_selected(&hosts), 3);
}

static void a_full_disk_is_told(void)
{
	FILE *file = fopen("/dev/full", "w");
	const struct report_options options = {.input_name = "-"};
	struct run_summary summary = {.connections = 1};
	g_autoptr(GError) error = NULL;
	struct report_case r;

	if (!file)
		return; /* not this system's */
	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	struct report_sink *sink = report_ndjson_new(file, &options);
	report_verdict(sink, 0, &r.c);
	CU_ASSERT_FALSE(report_finish(sink, &summary, &error));
	CU_ASSERT_TRUE(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC));
	fclose(file);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"whole line", whole_line},
		{"in order of id", in_order_of_id},
		{"selection", selection},
		{"a full disk is told", a_full_disk_is_told},
		CU_TEST_INFO_NULL,
	};

	return unit_main("NDJSON", tests);
}
