/* Pictures over time: ticks and places, how many connections were open, the timeline, sequences, idle times. */
#include <string.h>

#include "report/density.h"
#include "report/ladder.h"
#include "report/svg/svg.h"
#include "report/svg/svg_scale.h"
#include "report/svg/svg_time_axis.h"
#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

#define S INT64_C(1000000000)
#define START (REPORT_CASE_START_NS / S * S) /* 2026-03-01T10:02:13Z */

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
		printf("\nnot there: %s\nin: %.2000s\n", what, text);
	return strstr(text, what) != NULL;
}

/* --- scales ----------------------------------------------------------------------------------------------------- */
static void places(void)
{
	const struct svg_scale up = {100, 200, 10, 110}, down = {0, 4, 100, 0};
	const struct svg_scale all = {INT64_MIN / 2, INT64_MAX / 2, 0, 1000};

	CU_ASSERT_EQUAL(svg_place(&up, 100), 10);
	CU_ASSERT_EQUAL(svg_place(&up, 150), 60);
	CU_ASSERT_EQUAL(svg_place(&up, 99), 10);
	CU_ASSERT_EQUAL(svg_place(&up, 1000), 110);
	CU_ASSERT_EQUAL(svg_place(&down, 1), 75);
	CU_ASSERT_EQUAL(svg_place(&all, INT64_MIN / 2), 0);
	CU_ASSERT(abs(svg_place(&all, 0) - 500) <= 1);
	CU_ASSERT(abs(svg_place(&all, INT64_MAX / 2) - 1000) <= 1);
}

static void steps(void)
{
	CU_ASSERT_EQUAL(svg_step(10, 10), 1);
	CU_ASSERT_EQUAL(svg_step(11, 5), 2);
	CU_ASSERT_EQUAL(svg_step(12, 5), 5);
	CU_ASSERT_EQUAL(svg_step(1000, 4), 500);
	for (int64_t span = 1; span < INT64_MAX / 7; span = span * 7 + 3)
		CU_ASSERT(span / svg_step(span, 6) <= 6);
	CU_ASSERT_EQUAL(svg_time_step(60 * S, 4), 15 * S);
	CU_ASSERT_EQUAL(svg_time_step(3600 * S, 6), 600 * S);
	CU_ASSERT_EQUAL(svg_time_step(30 * 86400 * S, 6), 5 * 86400 * S);
	CU_ASSERT_EQUAL(svg_time_step(1000, 4), 500);
	CU_ASSERT_EQUAL(svg_first_tick(0, 5), 0);
	CU_ASSERT_EQUAL(svg_first_tick(1, 5), 5);
	CU_ASSERT_EQUAL(svg_first_tick(10, 5), 10);
	CU_ASSERT_EQUAL(svg_first_tick(-1, 5), 0);
	CU_ASSERT_EQUAL(svg_first_tick(-6, 5), -5);
}

static void seconds(int64_t ns, int64_t step, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	svg_append_seconds(out, ns, step);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
}

static void clock_at(int64_t ns, int64_t step, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	svg_append_clock(out, ns, step);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
}

static void labels_of_ticks(void)
{
	seconds(0, S, "0");
	seconds(120 * S, 10 * S, "120");
	seconds(1250000000, 50000000, "1.25");
	seconds(-1500000000, 500000000, "\xe2\x88\x92" "1.5");
	seconds(1, 1, "0.000000001");
	clock_at(START, 60 * S, "10:02");
	clock_at(START, S, "10:02:13");
	clock_at(START + 250000000, 50000000, "10:02:13.25");
	clock_at(START, 86400 * S, "2026-03-01");
}

/* --- density ---------------------------------------------------------------------------------------------------- */
static void connections_open(void)
{
	struct density d;
	uint64_t open[DENSITY_BUCKETS];

	density_init(&d, START);
	density_add(&d, START, START + 10 * S);
	density_add(&d, START + 4 * S, START + 6 * S);
	density_add(&d, START - 5 * S, START - 4 * S); /* times that run backwards */
	CU_ASSERT_EQUAL(density_open(&d, open), 2);
	CU_ASSERT(d.width_ns * DENSITY_BUCKETS > 10 * S);
	CU_ASSERT_EQUAL(open[5 * S / d.width_ns], 2);
	CU_ASSERT_EQUAL(open[8 * S / d.width_ns], 1);
	CU_ASSERT_EQUAL(open[DENSITY_BUCKETS - 1], 0);
}

/* Whatever the order, and however many threads added. */
static void order_does_not_matter(void)
{
	struct density one, other, part;

	density_init(&one, START);
	density_init(&other, START);
	density_init(&part, START);
	for (int64_t i = 0; i < 1000; i++)
		density_add(&one, START + i * i * 1000, START + i * i * 5000000);
	for (int64_t i = 999; i >= 0; i--)
		density_add(i % 3 ? &part : &other, START + i * i * 1000, START + i * i * 5000000);
	density_move(&other, &part);
	CU_ASSERT_EQUAL(memcmp(&one, &other, sizeof(one)), 0);
	density_add(&part, START, INT64_MAX);
	density_add(&part, INT64_MIN, INT64_MIN);
}

/* --- timeline --------------------------------------------------------------------------------------------------- */
static char *timeline(const struct svg_timeline *t)
{
	GString *out = g_string_new(NULL);

	svg_timeline_append(out, t);
	return g_string_free(out, FALSE);
}

static void few_endings(void)
{
	const struct svg_ending endings[] = {
		{START + 30 * S, HANGUP_LABEL_RST, "c2", 2},
		{START + 10 * S, HANGUP_LABEL_RST, "c1", 1},
		{START + 50 * S, HANGUP_LABEL_MISSING_FIN, NULL, 3},
	};
	const struct svg_incident incidents[] = {{START + 9 * S, START + 31 * S, 1, "i1"}, {START + 10 * S, START + 12 * S, 2, "i2"}};
	struct svg_timeline t = {.id = "t", .first_ns = START, .last_ns = START + 60 * S, .endings = endings, .endings_len = 3,
	                         .incidents = incidents, .incidents_len = 2};
	g_autofree char *svg = timeline(&t);

	CU_ASSERT_EQUAL(count(svg, "<svg "), 2);
	CU_ASSERT_EQUAL(count(svg, "<circle class=\"mark\""), 2 * 3);
	CU_ASSERT_EQUAL(count(svg, "<a href=\"#c1\">"), 2); /* reached by the Tab key: they are few */
	CU_ASSERT_TRUE(has(svg, "<title>connection 2, rst, at 10:02:43.000</title>"));
	CU_ASSERT_EQUAL(count(svg, "href=\"#i2\""), 2);
	CU_ASSERT_TRUE(has(svg, ">10:02:30<"));
	CU_ASSERT_TRUE(has(svg, ">2026-03-01, UTC<"));
	CU_ASSERT_TRUE(has(svg, "3 endings over 60 s, with 2 incidents."));
}

/* Thousands stay few marks, a few kB, and every one is counted. */
static void thousands_of_endings(void)
{
	enum { MANY = 20000 };
	struct svg_ending *endings = g_new0(struct svg_ending, MANY);
	struct svg_timeline t = {.id = "t", .first_ns = START, .last_ns = START + 3600 * S, .endings = endings, .endings_len = MANY};

	for (int i = 0; i < MANY; i++)
		endings[i] = (struct svg_ending){START + (int64_t)i * 3600 * S / MANY, (enum hangup_label)(i % HANGUP_LABEL_COUNT),
		                                 "c1", (uint64_t)i + 1};
	g_autofree char *svg = timeline(&t);
	CU_ASSERT(strlen(svg) < 150000);
	CU_ASSERT_EQUAL(count(svg, "tabindex=\"-1\""), count(svg, "<rect class=\"mark\""));
	CU_ASSERT_TRUE(has(svg, ">2,500 endings<"));
	g_free(endings);
}

static void a_moment(void)
{
	const struct svg_ending ending = {START, HANGUP_LABEL_RST, NULL, 1};
	struct svg_timeline t = {.id = "t", .first_ns = START, .last_ns = START, .endings = &ending, .endings_len = 1};
	g_autofree char *svg = timeline(&t);

	CU_ASSERT_EQUAL(count(svg, "<circle class=\"mark\""), 2);
	t.endings_len = 0;
	g_autofree char *empty = timeline(&t);
	CU_ASSERT_EQUAL(count(empty, "class=\"mark\""), 0);
	t = (struct svg_timeline){.id = "t", .first_ns = INT64_MIN / 2, .last_ns = INT64_MAX / 2};
	g_autofree char *ages = timeline(&t);
	CU_ASSERT_EQUAL(count(ages, "<svg "), 2);
}

/* --- sequences -------------------------------------------------------------------------------------------------- */
static void add(struct ladder *l, uint64_t number, int64_t ms, enum hangup_side sender, uint32_t seq, uint32_t ack,
                uint32_t len, uint16_t window)
{
	struct segment segment = {
		.number = number,
		.time_ns = START + ms * 1000000,
		.flags = TCP_ACK,
		.seq = seq,
		.ack = ack,
		.payload_len = len,
		.window = window,
		.kind = SEGMENT_TCP,
	};

	ladder_add(l, &segment, sender);
}

static char *sequence(struct ladder *l)
{
	GString *out = g_string_new(NULL);
	g_autoptr(GArray) rows = ladder_last(l);
	const struct svg_sequence s = {.id = "q", .rows = (const struct ladder_row *)(const void *)rows->data,
	                               .rows_len = rows->len, .start_ns = ladder_start_ns(l)};

	svg_sequence_append(out, &s);
	ladder_free(l);
	return g_string_free(out, FALSE);
}

static void waits_that_double(void)
{
	struct ladder *l = ladder_new(10);

	add(l, 1, 0, HANGUP_SERVER, 0, 0, 1000, 500);
	add(l, 2, 1, HANGUP_CLIENT, 0, 1000, 0, 5000);
	add(l, 3, 100, HANGUP_SERVER, 1000, 0, 1000, 500);
	for (int i = 0; i < 5; i++)
		add(l, (uint64_t)i + 4, 100 + (1000 << i), HANGUP_SERVER, 1000, 0, 1000, 500);
	g_autofree char *svg = sequence(l);
	CU_ASSERT_TRUE(has(svg, "What the server sent, over time"));
	CU_ASSERT_EQUAL(count(svg, "<path class=\"head\""), 5);
	CU_ASSERT_TRUE(has(svg, ">R5<"));
	CU_ASSERT_TRUE(has(svg, ">8 s<"));
	CU_ASSERT_TRUE(has(svg, ">4 s<"));
	CU_ASSERT_TRUE(has(svg, "5 packets were a repetition or a probe."));
	CU_ASSERT_PTR_NULL(strstr(svg, "window closed"));
}

static void a_closed_window(void)
{
	struct ladder *l = ladder_new(10);

	add(l, 1, 0, HANGUP_CLIENT, 0, 0, 1000, 500);
	add(l, 2, 1, HANGUP_SERVER, 0, 1000, 0, 0);
	for (int i = 0; i < 4; i++)
		add(l, (uint64_t)i + 3, 100 + (1000 << i), HANGUP_CLIENT, 999, 0, 0, 500);
	g_autofree char *svg = sequence(l);
	CU_ASSERT_TRUE(has(svg, ">P4<"));
	CU_ASSERT_EQUAL(count(svg, "class=\"ring\""), 4 + 1); /* one in the legend */
	CU_ASSERT_TRUE(has(svg, "window closed: 0 bytes"));
}

static void nothing_to_explain(void)
{
	struct ladder *l = ladder_new(10);

	add(l, 1, 0, HANGUP_CLIENT, 0, 0, 1000, 500);
	add(l, 2, 1, HANGUP_SERVER, 0, 1000, 0, 500);
	add(l, 3, 2, HANGUP_CLIENT, 0, 0, 1000, 500);
	g_autofree char *svg = sequence(l);
	CU_ASSERT_STRING_EQUAL(svg, "");
}

/* --- idle times ------------------------------------------------------------------------------------------------- */
static void a_timer_between(void)
{
	static const struct svg_timer timers[] = {{60 * S, "<b>\"Router\"</b>"}, {INT64_C(9000000) * S, "far away"}};
	struct svg_idle_time times[30];
	struct svg_idle idle = {.id = "x", .above_ns = 58 * S + 970000000, .at_most_ns = 61 * S + 60000000, .times = times, .times_len = 30,
	                        .timers = timers, .timers_len = 2};
	g_autoptr(GString) linear = g_string_new(NULL), logarithmic = g_string_new(NULL), none = g_string_new(NULL);

	for (int i = 0; i < 30; i++)
		times[i] = (struct svg_idle_time){(i < 15 ? 40 + i : 61 + i) * S, i >= 15, "c1", (uint64_t)i};
	svg_idle_append(linear, &idle);
	CU_ASSERT_TRUE(has(linear->str, "the timer: more than 58.970 s and at most 61.1 s"));
	CU_ASSERT_TRUE(has(linear->str, "&lt;b&gt;&quot;Router&quot;&lt;/b&gt;"));
	CU_ASSERT_PTR_NULL(strstr(linear->str, "far away"));
	CU_ASSERT_EQUAL(count(linear->str, "class=\"well\""), 15);
	CU_ASSERT_EQUAL(count(linear->str, "class=\"cross\""), 15);
	CU_ASSERT_PTR_NULL(strstr(linear->str, "doubling"));
	times[0].idle_ns = S;
	svg_idle_append(logarithmic, &idle);
	CU_ASSERT_TRUE(has(logarithmic->str, "each doubling"));
	idle.times_len = 0;
	svg_idle_append(none, &idle);
	CU_ASSERT_EQUAL(none->len, 0);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"places", places},
		{"steps", steps},
		{"labels of ticks", labels_of_ticks},
		{"connections open", connections_open},
		{"order does not matter", order_does_not_matter},
		{"few endings", few_endings},
		{"thousands of endings", thousands_of_endings},
		{"a moment", a_moment},
		{"waits that double", waits_that_double},
		{"a closed window", a_closed_window},
		{"nothing to explain", nothing_to_explain},
		{"a timer between", a_timer_between},
		CU_TEST_INFO_NULL,
	};

	return unit_main("svg over time", tests);
}
