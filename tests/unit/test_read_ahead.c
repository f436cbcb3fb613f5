/* Rounds come in their order and whole, whoever read them; and none is read into while it is followed. */
#include "cli/read_ahead.h"

#include <stdatomic.h>

#include <glib.h>

#include "tests/unit/unit.h"

enum { ALL = 40, BATCHES = 5, HELPERS = 3 };

/* A reader that writes into each round which one it is, batch by batch. */
struct book {
	struct read_ahead *ahead;
	int64_t rounds;     /* begun */
	unsigned batches;   /* of the one begun last */
	atomic_uint inside; /* those reading now */
	atomic_bool crowd, out_of_turn;
	atomic_bool stop;
};

static enum reading read_batch(struct round *round, bool first, void *user)
{
	struct book *b = user;
	enum reading what = READING_GOES_ON;

	if (atomic_fetch_add(&b->inside, 1) > 0)
		atomic_store(&b->crowd, true);
	if (first != (b->batches == 0))
		atomic_store(&b->out_of_turn, true);
	if (first && b->rounds == ALL) {
		what = READING_OVER;
	} else {
		b->rounds += first;
		round->now_ns = b->rounds;
		round->began_ns = ++b->batches;
		if (b->batches == BATCHES) {
			b->batches = 0;
			what = READING_WHOLE;
		}
	}
	atomic_fetch_sub(&b->inside, 1);
	return what;
}

static void set(struct book *b)
{
	*b = (struct book){0};
	b->ahead = read_ahead_new(read_batch, b);
}

static void is_whole(const struct round *r, int64_t which)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(r->now_ns, which);
	CU_ASSERT_EQUAL(r->began_ns, BATCHES);
}

static void nothing_is_read_before_it_begins(void)
{
	struct book b;

	set(&b);
	CU_ASSERT_FALSE(read_ahead_some(b.ahead));
	CU_ASSERT_EQUAL(b.rounds, 0);
	read_ahead_begin(b.ahead);
	CU_ASSERT_TRUE(read_ahead_some(b.ahead));
	CU_ASSERT_EQUAL(b.rounds, 1);
	read_ahead_free(b.ahead);
}

/* The next one and the one after it; a third when the first has been done with. */
static void it_reads_two_ahead(void)
{
	struct book b;
	unsigned batches = 0;

	set(&b);
	read_ahead_begin(b.ahead);
	read_ahead_next(b.ahead);
	is_whole(read_ahead_take(b.ahead), 1);
	while (read_ahead_some(b.ahead))
		batches++;
	CU_ASSERT_EQUAL(batches, 2 * BATCHES);
	is_whole(read_ahead_take(b.ahead), 2);
	while (read_ahead_some(b.ahead))
		batches++;
	CU_ASSERT_EQUAL(batches, 3 * BATCHES);
	read_ahead_free(b.ahead);
}

static void the_end_is_told(void)
{
	struct book b;
	int64_t taken = 0;
	const struct round *r;

	set(&b);
	read_ahead_begin(b.ahead);
	for (read_ahead_next(b.ahead); (r = read_ahead_take(b.ahead)) != NULL; read_ahead_next(b.ahead))
		is_whole(r, ++taken);
	CU_ASSERT_EQUAL(taken, ALL);
	CU_ASSERT_FALSE(read_ahead_some(b.ahead));
	read_ahead_free(b.ahead);
}

static gpointer help(gpointer user)
{
	struct book *b = user;

	while (!atomic_load(&b->stop))
		read_ahead_some(b->ahead);
	return NULL;
}

/* What was taken stays as it is while helpers read on. */
static void follow(struct book *b)
{
	const struct round *r;
	int64_t taken = 0;

	for (read_ahead_next(b->ahead); (r = read_ahead_take(b->ahead)) != NULL; read_ahead_next(b->ahead)) {
		is_whole(r, ++taken);
		g_usleep(200);
		is_whole(r, taken);
	}
	CU_ASSERT_EQUAL(taken, ALL);
}

static void anybody_may_read(void)
{
	struct book b;
	GThread *helpers[HELPERS];

	set(&b);
	for (unsigned i = 0; i < HELPERS; i++)
		helpers[i] = g_thread_new("helper", help, &b);
	read_ahead_begin(b.ahead);
	follow(&b);
	atomic_store(&b.stop, true);
	for (unsigned i = 0; i < HELPERS; i++)
		g_thread_join(helpers[i]);
	CU_ASSERT_FALSE(atomic_load(&b.crowd));
	CU_ASSERT_FALSE(atomic_load(&b.out_of_turn));
	read_ahead_free(b.ahead);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nothing is read before it begins", nothing_is_read_before_it_begins},
		{"it reads two ahead", it_reads_two_ahead},
		{"the end is told", the_end_is_told},
		{"anybody may read", anybody_may_read},
		CU_TEST_INFO_NULL,
	};

	return unit_main("read ahead", tests);
}
