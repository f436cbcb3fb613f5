/* The history, letter by letter, as Zeek writes it (update_history() in its TCPSessionAdapter.cc): upper case the
 * client's; A, D, I and Q once a side; S, H, F and R again only with another number; a segment with SYN, FIN or RST has
 * that letter and no other. Where ours differs, docs/tracking.md says so. */
#include "tests/unit/scene.h"

#include <string.h>

static void history_is(struct scene *s, const char *expected)
{
	const struct facts *f = scene_ending(s, 1);

	CU_ASSERT_STRING_EQUAL(f->history, expected);
	scene_free(s);
}

static void a_whole_conversation(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "A", 101, 201, 0);
	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 102, 0);
	scene_client(s, "A", 102, 202, 0);
	history_is(s, "ShADadFf");
}

static void refused(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "RA", 0, 1, 0);
	history_is(s, "Sr");
}

/* The same SYN, FIN or RST again is no second letter. */
static void control_repeated_is_noted_once(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
	scene_client(s, "FA", 1, 1, 0);
	scene_client(s, "FA", 1, 1, 0);
	scene_server(s, "R", 1, 0, 0);
	scene_server(s, "R", 1, 0, 0);
	history_is(s, "ShAFr");
}

static void rsts_with_other_numbers_are_noted_each(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_server(s, "R", 1, 0, 0);
	scene_server(s, "R", 500, 0, 0);
	scene_server(s, "R", 500, 0, 0);
	history_is(s, "ShArr");
}

/* Data that rides with a FIN or SYN is not noted beside it. */
static void a_fin_with_data_is_a_fin(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_server(s, "FPA", 1, 1, 50);
	history_is(s, "ShAf");
}

static void nor_a_syn_with_data_more_than_a_syn(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 50);
	history_is(s, "S");
}

static void impossible_flags(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "FRA", 1, 1, 0);
	scene_client(s, "FRA", 1, 1, 0);
	history_is(s, "ShAI");
	s = scene_new();
	scene_client(s, "SF", 0, 0, 0);
	scene_client(s, "SF", 0, 0, 0);
	history_is(s, "Q");
}

/* Payload sent again: at the first time, then at the tenth. A SYN sent again is none. */
static void repetitions_by_powers_of_ten(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, SECONDS(1));
	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
	for (int i = 0; i < 5; i++)
		scene_client(s, "PA", 1, 1, 100);
	history_is(s, "ShADT");
}

static void the_tenth_is_noted_again(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	for (int i = 0; i < 12; i++)
		scene_client(s, "PA", 1, 1, 100);
	history_is(s, "ShADTT");
}

/* A gap in what was captured, and a window that closed: once a side. */
static void gaps_and_closed_windows(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_server(s, "PA", 501, 1, 100);
	s->end[HANGUP_CLIENT].window = 0;
	scene_client(s, "A", 1, 601, 0);
	history_is(s, "ShAdgW");
}

/* Mid-stream, upper case is whom we take for the client. */
static void mid_stream(void)
{
	struct scene *s = scene_new();

	scene_server(s, "PA", 1, 1, 100);
	scene_client(s, "A", 1, 101, 0);
	history_is(s, "dA");
}

/* However long a connection goes on, its history is bounded. */
static void it_is_bounded(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	for (uint32_t i = 0; i < 100; i++)
		scene_server(s, "R", 1 + 10 * i, 0, 0);
	CU_ASSERT_EQUAL(strlen(scene_ending(s, 1)->history), FACTS_HISTORY_MAX);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"a whole conversation", a_whole_conversation},
		{"refused", refused},
		{"control repeated is noted once", control_repeated_is_noted_once},
		{"RSTs with other numbers are noted each", rsts_with_other_numbers_are_noted_each},
		{"a FIN with data is a FIN", a_fin_with_data_is_a_fin},
		{"nor a SYN with data more than a SYN", nor_a_syn_with_data_more_than_a_syn},
		{"impossible flags", impossible_flags},
		{"repetitions by powers of ten", repetitions_by_powers_of_ten},
		{"the tenth is noted again", the_tenth_is_noted_again},
		{"gaps and closed windows", gaps_and_closed_windows},
		{"mid-stream", mid_stream},
		{"it is bounded", it_is_bounded},
		CU_TEST_INFO_NULL,
	};

	return unit_main("history", tests);
}
