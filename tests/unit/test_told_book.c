/* What is told of a connection, in which order, and as what. */
#include "cli/told_book.h"

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static struct hangup_case *made(struct report_case *r, enum hangup_label label, enum hangup_cause cause)
{
	report_case_init(r, label, cause, HANGUP_ACTOR_CLIENT);
	return &r->c;
}

static void an_open_connection_is_not_news(void)
{
	struct told_book *b = told_book_new();
	struct report_told told;
	struct report_case r;

	CU_ASSERT_FALSE(told_book_look(b, made(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE), &told));
	CU_ASSERT_FALSE(told_book_look(b, made(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN), &told));
	told_book_free(b);
}

static void a_bad_one_is_told_once(void)
{
	struct told_book *b = told_book_new();
	struct report_told told;
	struct report_case r;
	bool news;

	CU_ASSERT_TRUE(told_book_look(b, made(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT), &told));
	CU_ASSERT_EQUAL(told.update, 0);
	CU_ASSERT_FALSE(told.final);
	CU_ASSERT_FALSE(told_book_look(b, &r.c, &told));
	told_book_close(b, &r.c, &told, &news);
	CU_ASSERT_FALSE(news);
	CU_ASSERT_TRUE(told.final);
	CU_ASSERT_EQUAL(told.update, 1);
	CU_ASSERT_EQUAL(told_book_counts(b)->first[HANGUP_LABEL_RST], 1);
	CU_ASSERT_EQUAL(told_book_counts(b)->now[HANGUP_LABEL_RST], 1);
	CU_ASSERT_EQUAL(told_book_counts(b)->corrections, 0);
	told_book_free(b);
}

static void it_is_corrected_to_and_fro(void)
{
	struct told_book *b = told_book_new();
	struct report_told told;
	struct report_case r;
	bool news;

	told_book_look(b, made(&r, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA), &told);
	CU_ASSERT_TRUE(told_book_look(b, made(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE), &told));
	CU_ASSERT_EQUAL(told.update, 1);
	CU_ASSERT_TRUE(told_book_look(b, made(&r, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT), &told));
	CU_ASSERT_EQUAL(told.update, 2);
	told_book_close(b, made(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN), &told, &news);
	CU_ASSERT_TRUE(news);
	CU_ASSERT_EQUAL(told.update, 3);
	CU_ASSERT_EQUAL(told_book_counts(b)->corrections, 3);
	CU_ASSERT_EQUAL(told_book_counts(b)->first[HANGUP_LABEL_RETRANSMIT_TIMEOUT], 1);
	CU_ASSERT_EQUAL(told_book_counts(b)->now[HANGUP_LABEL_RETRANSMIT_TIMEOUT], 0);
	CU_ASSERT_EQUAL(told_book_counts(b)->now[HANGUP_LABEL_ORDERLY_CLOSE], 1);
	told_book_free(b);
}

static void the_first_word_may_be_the_last(void)
{
	struct told_book *b = told_book_new();
	struct report_told told;
	struct report_case r;
	bool news;

	told_book_close(b, made(&r, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN), &told, &news);
	CU_ASSERT_TRUE(news);
	CU_ASSERT_EQUAL(told.update, 0);
	CU_ASSERT_EQUAL(told_book_counts(b)->final, 1);
	told_book_free(b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"an open connection is not news", an_open_connection_is_not_news},
		{"a bad one is told once", a_bad_one_is_told_once},
		{"it is corrected to and fro", it_is_corrected_to_and_fro},
		{"the first word may be the last", the_first_word_may_be_the_last},
		CU_TEST_INFO_NULL,
	};

	return unit_main("what was told", tests);
}
