/* Pictures: their arithmetic, what is drawn as what, and that no text can break out of them. */
#include "report/svg/svg.h"

#include <locale.h>
#include <string.h>

#include "report/ladder.h"
#include "report/svg/svg_legend.h"
#include "report/svg/svg_measure.h"
#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static size_t count(const char *text, const char *what)
{
	size_t found = 0;

	for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
		found++;
	return found;
}

static bool has(const char *text, const char *what)
{
	if (!strstr(text, what))
		printf("\nnot there: %s\nin: %s\n", what, text);
	return strstr(text, what) != NULL;
}

/* --- measuring ------------------------------------------------------------------------------------------------ */
static void wide_letters_are_wider(void)
{
	CU_ASSERT_EQUAL(svg_measure("", 12), 0);
	CU_ASSERT(svg_measure("iii", 12) < svg_measure("aaa", 12));
	CU_ASSERT(svg_measure("aaa", 12) < svg_measure("MMM", 12));
	CU_ASSERT(svg_measure("MMM", 12) < svg_measure("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 12));
	/* what is shown of a control character is longer than itself: \u{1b} */
	CU_ASSERT(svg_measure("\033", 12) >= svg_measure("\\u{1b}", 12));
	CU_ASSERT(svg_measure("\xff", 12) >= svg_measure("\\xff", 12));
}

static void fitted(const char *text, int width)
{
	g_autoptr(GString) fit = g_string_new(text);

	svg_fit(fit, 12, width);
	CU_ASSERT(svg_measure(fit->str, 12) <= MAX(width, svg_measure("\xe2\x80\xa6", 12)));
	CU_ASSERT_TRUE(g_utf8_validate(fit->str, -1, NULL));
	CU_ASSERT(strcmp(fit->str, text) == 0 || g_str_has_suffix(fit->str, "\xe2\x80\xa6"));
}

static void fits(void)
{
	for (int width = 0; width < 200; width += 3) {
		fitted("short", width);
		fitted("a longer text, with words", width);
		fitted("\xc3\xa4\xc3\xb6\xc3\xbc\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xf0\x9f\x98\x80\xf0\x9f\x98\x80", width);
	}
}

static void sign(GString *out, int x, int y)
{
	g_string_append_printf(out, "[%d %d]", x, y);
}

static void legends(void)
{
	const struct svg_key keys[] = {
		{true, sign, "one"}, {false, sign, "hidden"}, {true, sign, "two"},
		{true, sign, "a long one of many words that will take more than a line of this legend has room for"},
	};
	g_autoptr(GString) out = g_string_new(NULL);
	int end = svg_legend(out, keys, G_N_ELEMENTS(keys), 8, 20, 250);

	CU_ASSERT_TRUE(has(out->str, "[8 20]"));
	CU_ASSERT_PTR_NULL(strstr(out->str, "hidden"));
	CU_ASSERT_EQUAL(count(out->str, " 20]"), 2);
	CU_ASSERT_EQUAL(count(out->str, "[8 39]"), 1);
	CU_ASSERT(count(out->str, "<text") > 3);
	CU_ASSERT(end > 39 + 14);
}

/* --- ladders -------------------------------------------------------------------------------------------------- */
struct story {
	struct ladder *l;
	uint64_t number;
	struct report_case r;
	struct svg_ladder picture;
	uint64_t evidence[4];
};

static void story_init(struct story *s)
{
	memset(s, 0, sizeof(*s));
	s->l = ladder_new(SVG_LADDER_ROWS);
	report_case_init(&s->r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_ACTOR_PATH);
	s->picture = (struct svg_ladder){
		.id = "c1",
		.end = {s->r.facts.end[0], s->r.facts.end[1]},
		.label = HANGUP_LABEL_RETRANSMIT_TIMEOUT,
		.actor = HANGUP_ACTOR_PATH,
		.vantage = HANGUP_VANTAGE_CLIENT,
		.evidence = s->evidence,
		.href = "c1-e",
	};
}

static void add(struct story *s, int64_t ms, enum hangup_side sender, uint8_t flags, uint32_t seq, uint32_t ack,
                uint32_t len)
{
	struct segment segment = {
		.number = ++s->number,
		.time_ns = REPORT_CASE_START_NS + ms * 1000000,
		.flags = flags,
		.seq = seq,
		.ack = ack,
		.payload_len = len,
		.window = 502,
		.kind = SEGMENT_TCP,
	};

	ladder_add(s->l, &segment, sender);
}

static void add_icmp(struct story *s, int64_t ms, enum hangup_side about, uint8_t last)
{
	struct segment segment = {
		.number = ++s->number,
		.time_ns = REPORT_CASE_START_NS + ms * 1000000,
		.kind = SEGMENT_ICMP_ERROR,
		.icmp_type = 3,
		.icmp_code = 1,
		.seq = 100,
		.icmp_source = {[10] = 0xff, [11] = 0xff, 198, 51, 100, last},
	};

	ladder_add(s->l, &segment, about);
}

static void opens(struct story *s)
{
	story_init(s);
	add(s, 0, HANGUP_CLIENT, TCP_SYN, 99, 0, 0);
	add(s, 1, HANGUP_SERVER, TCP_SYN | TCP_ACK, 499, 100, 0);
	add(s, 2, HANGUP_CLIENT, TCP_ACK, 100, 500, 0);
}

static char *drawn(struct story *s)
{
	GString *out = g_string_new(NULL);
	g_autoptr(GArray) rows = ladder_rows(s->l, &s->r.c);

	s->picture.rows = (const struct ladder_row *)(const void *)rows->data;
	s->picture.rows_len = rows->len;
	s->picture.packets = ladder_packets(s->l);
	s->picture.start_ns = ladder_start_ns(s->l);
	svg_ladder_append(out, &s->picture);
	ladder_free(s->l);
	return g_string_free(out, FALSE);
}

static void arrows_go_both_ways(void)
{
	struct story s;

	opens(&s);
	g_autofree char *svg = drawn(&s);
	CU_ASSERT_EQUAL(count(svg, "class=\"head\""), 3);
	CU_ASSERT_EQUAL(count(svg, "H418\""), 2); /* to the server's line, but for the head */
	CU_ASSERT_EQUAL(count(svg, "l-8 -4v8z"), 2);
	CU_ASSERT_EQUAL(count(svg, "H102\""), 1);
	CU_ASSERT_EQUAL(count(svg, "l8 -4v8z"), 1);
	CU_ASSERT_TRUE(has(svg, "role=\"img\"")); /* no evidence, no links */
	CU_ASSERT_TRUE(has(svg, "3 packets of 3 between client 192.0.2.5:51234 and server 198.51.100.10:443."));
	CU_ASSERT_PTR_NULL(strstr(svg, "class=\"cross\""));
	CU_ASSERT_EQUAL(count(svg, "captured here"), 1);
}

static void what_nobody_acknowledged(void)
{
	struct story s;

	opens(&s);
	add(&s, 100, HANGUP_CLIENT, TCP_ACK, 100, 500, 700);
	add(&s, 300, HANGUP_CLIENT, TCP_ACK, 100, 500, 700);
	add(&s, 700, HANGUP_CLIENT, TCP_ACK, 100, 500, 700);
	s.evidence[0] = 0;
	s.evidence[1] = 4;
	s.picture.evidence_len = 2;
	g_autofree char *svg = drawn(&s);
	CU_ASSERT_EQUAL(count(svg, "class=\"cross\""), 3 + 1); /* one in the legend */
	CU_ASSERT_EQUAL(count(svg, "class=\"dash\""), 3 + 1);
	CU_ASSERT_TRUE(has(svg, ">R1 after 200 ms<"));
	CU_ASSERT_TRUE(has(svg, ">R2 after 400 ms<"));
	CU_ASSERT_TRUE(has(svg, "role=\"group\""));
	CU_ASSERT_TRUE(has(svg, "<g id=\"c1-p4\" class=\"ev\">"));
	CU_ASSERT_TRUE(has(svg, "<a href=\"#c1-e2\" aria-label=\"Evidence 2\">"));
}

/* Captured at the server, the client's packets did arrive: no cross. */
static void what_arrived_here(void)
{
	struct story s;

	opens(&s);
	add(&s, 100, HANGUP_CLIENT, TCP_ACK, 100, 500, 700);
	s.picture.vantage = HANGUP_VANTAGE_SERVER;
	g_autofree char *svg = drawn(&s);
	CU_ASSERT_EQUAL(count(svg, "class=\"cross\""), 0);
	CU_ASSERT_EQUAL(count(svg, "class=\"dash\""), 1 + 1);
	CU_ASSERT_TRUE(has(svg, "arrived here, but was not acknowledged"));
}

static void resets_of_a_box(void)
{
	struct story s;

	opens(&s);
	add(&s, 100, HANGUP_SERVER, TCP_RST, 500, 0, 0);
	s.evidence[0] = 4;
	s.picture.evidence_len = 1;
	s.picture.actor = HANGUP_ACTOR_MIDDLEBOX;
	g_autofree char *box = drawn(&s);
	CU_ASSERT_TRUE(has(box, "a box on the path"));
	CU_ASSERT_EQUAL(count(box, "d=\"M260 "), 1 + 1); /* the arrow, and the box's line */

	opens(&s);
	add(&s, 100, HANGUP_SERVER, TCP_RST, 500, 0, 0);
	g_autofree char *server = drawn(&s);
	CU_ASSERT_PTR_NULL(strstr(server, "a box on the path"));
	CU_ASSERT_PTR_NULL(strstr(server, "d=\"M260 "));
}

static void icmp_errors(void)
{
	struct story s;

	opens(&s);
	add(&s, 99, HANGUP_CLIENT, TCP_ACK, 100, 500, 700);
	add_icmp(&s, 100, HANGUP_CLIENT, 254); /* the packet got as far as the router */
	g_autofree char *router = drawn(&s);
	CU_ASSERT_TRUE(has(router, "ICMP host unreachable"));
	CU_ASSERT_TRUE(has(router, ">198.51.100.254<"));
	CU_ASSERT_TRUE(has(router, "d=\"M260 "));
	CU_ASSERT_TRUE(has(router, "class=\"cross\" d=\"M256 "));

	opens(&s);
	add(&s, 99, HANGUP_CLIENT, TCP_ACK, 100, 500, 700);
	add_icmp(&s, 100, HANGUP_CLIENT, 10); /* from the server itself: it arrived */
	g_autofree char *server = drawn(&s);
	CU_ASSERT_PTR_NULL(strstr(server, "a box on the path"));
	CU_ASSERT_PTR_NULL(strstr(server, "d=\"M260 "));
	CU_ASSERT_PTR_NULL(strstr(server, "class=\"cross\""));
}

static void pauses_and_omissions(void)
{
	struct story s;

	opens(&s);
	for (uint32_t i = 0; i < 2000; i++)
		add(&s, 3 + i, HANGUP_CLIENT, TCP_ACK, 100 + 10 * i, 500, 10);
	add(&s, 352002, HANGUP_SERVER, TCP_ACK, 500, 20100, 0);
	g_autofree char *svg = drawn(&s);
	CU_ASSERT_TRUE(has(svg, ">350 s of silence<"));
	CU_ASSERT_TRUE(has(svg, "1,976 more packets, in 1.98 s"));
	CU_ASSERT_TRUE(has(svg, "28 packets of 2,004"));
	CU_ASSERT_TRUE(has(svg, ">352.002<")); /* seconds with as many decimals as there is room for */
}

static void hostile_names_are_inert(void)
{
	static const char *const names[] = {"</text><script>alert(1)</script>\"'&\n\033[2J\xe2\x80\xae \xff.pcap", "b", NULL};
	struct story s;

	opens(&s);
	s.picture.inputs = names;
	g_autofree char *svg = drawn(&s);
	CU_ASSERT_TRUE(has(svg, ">in &lt;/text&gt;&lt;script&gt;"));
	CU_ASSERT_PTR_NULL(strstr(svg, "<script"));
	CU_ASSERT_PTR_NULL(strchr(svg, '\033'));
	CU_ASSERT_PTR_NULL(strstr(svg, "\xe2\x80\xae"));
	CU_ASSERT_TRUE(g_utf8_validate(svg, -1, NULL));
}

static void nothing_to_draw(void)
{
	struct svg_ladder empty = {.id = "c1"};
	g_autoptr(GString) out = g_string_new(NULL);

	svg_ladder_append(out, &empty);
	CU_ASSERT_EQUAL(out->len, 0);
}

/* A decimal comma is what formatting with the locale would make of "0.100000". */
static void the_locale_does_not_matter(void)
{
	struct story s;

	opens(&s);
	g_autofree char *plain = drawn(&s);
	for (const char *const *name = (const char *const[]){"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8", NULL}; *name; name++) {
		if (!setlocale(LC_ALL, *name))
			continue;
		opens(&s);
		g_autofree char *again = drawn(&s);
		CU_ASSERT_STRING_EQUAL(again, plain);
	}
	setlocale(LC_ALL, "C");
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"wide letters are wider", wide_letters_are_wider},
		{"fits", fits},
		{"legends", legends},
		{"arrows go both ways", arrows_go_both_ways},
		{"what nobody acknowledged", what_nobody_acknowledged},
		{"what arrived here", what_arrived_here},
		{"resets of a box", resets_of_a_box},
		{"ICMP errors", icmp_errors},
		{"pauses and omissions", pauses_and_omissions},
		{"hostile names are inert", hostile_names_are_inert},
		{"nothing to draw", nothing_to_draw},
		{"the locale does not matter", the_locale_does_not_matter},
		CU_TEST_INFO_NULL,
	};

	return unit_main("svg", tests);
}
