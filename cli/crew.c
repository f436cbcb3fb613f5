/* Tasks last milliseconds and follow each other closely: whoever finds none does a little of what else there is, looks again
 * for a moment when there is nothing, and then sleeps. The lock is for those who sleep. Whoever goes to sleep says so first
 * and looks again then; whoever has news gives it first and then looks for sleepers: one of the two sees the other. */
#include "cli/crew.h"

#include <stdatomic.h>
#include <stdbool.h>

#include <glib.h>

/* Looks in vain before sleeping: some hundred microseconds, which is what one thread does for all between
 * two shifts; to sleep through that and be woken takes as long again. */
enum { LOOKS = 16000 };

struct crew {
	unsigned size;
	GThread *threads[CREW_MOST];
	GMutex lock;
	GCond begun, done;
	atomic_uint shift;   /* counts the calls of crew_do() */
	atomic_uint asleep;  /* members who wait for `begun` */
	atomic_bool waits;   /* the caller waits for `done` */
	bool leaving;
	crew_idle_fn idle;
	void *idle_user;
	/* of the current shift */
	crew_task_fn task;
	void *user;
	unsigned count;
	atomic_uint taken;   /* a bit a task */
	atomic_uint working; /* members other than the caller that have not finished the shift */
};

struct seat {
	struct crew *crew;
	unsigned member;
};

/* The order in which a member looks for tasks: those of its own part first, and neighbours from opposite ends, so that
 * they meet where the work divides today. */
static unsigned nth_task(const struct crew *c, unsigned member, unsigned n)
{
	if (member % 2 == 0)
		return (c->count * member / c->size + n) % c->count;
	return (c->count * (member + 1) / c->size + c->count - 1 - n) % c->count;
}

static void take_tasks(struct crew *c, unsigned member)
{
	for (unsigned n = 0; n < c->count; n++) {
		unsigned task = nth_task(c, member, n);

		if (atomic_load(&c->taken) >> task & 1 || atomic_fetch_or(&c->taken, 1u << task) >> task & 1)
			continue;
		c->task(task, member, c->user);
	}
}

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Before another look for news: which of those that found nothing in a row it will be. */
static unsigned pass_time(struct crew *c, unsigned look)
{
	if (c->idle(c->idle_user))
		return 0;
	relax();
	return look + 1;
}

static void sleep_until_shift(struct crew *c, unsigned last)
{
	g_mutex_lock(&c->lock);
	atomic_fetch_add(&c->asleep, 1);
	while (atomic_load(&c->shift) == last)
		g_cond_wait(&c->begun, &c->lock);
	atomic_fetch_sub(&c->asleep, 1);
	g_mutex_unlock(&c->lock);
}

/* Waits until another shift than `last` begins; returns it. */
static unsigned wait_for_shift(struct crew *c, unsigned last)
{
	for (unsigned look = 0; look < LOOKS && atomic_load(&c->shift) == last;)
		look = pass_time(c, look);
	if (atomic_load(&c->shift) == last)
		sleep_until_shift(c, last);
	return atomic_load(&c->shift);
}

static void finish_shift(struct crew *c)
{
	if (atomic_fetch_sub(&c->working, 1) != 1 || !atomic_load(&c->waits))
		return;
	g_mutex_lock(&c->lock);
	g_cond_signal(&c->done);
	g_mutex_unlock(&c->lock);
}

static gpointer work(gpointer data)
{
	g_autofree struct seat *seat = data;
	struct crew *c = seat->crew;
	unsigned shift = 0;

	for (;;) {
		shift = wait_for_shift(c, shift);
		if (c->leaving)
			return NULL;
		take_tasks(c, seat->member);
		finish_shift(c);
	}
}

static void begin_shift(struct crew *c)
{
	atomic_fetch_add(&c->shift, 1);
	if (atomic_load(&c->asleep) == 0)
		return;
	g_mutex_lock(&c->lock);
	g_cond_broadcast(&c->begun);
	g_mutex_unlock(&c->lock);
}

static void sleep_until_done(struct crew *c)
{
	g_mutex_lock(&c->lock);
	atomic_store(&c->waits, true);
	while (atomic_load(&c->working) > 0)
		g_cond_wait(&c->done, &c->lock);
	atomic_store(&c->waits, false);
	g_mutex_unlock(&c->lock);
}

static void wait_until_done(struct crew *c)
{
	for (unsigned look = 0; look < LOOKS && atomic_load(&c->working) > 0;)
		look = pass_time(c, look);
	if (atomic_load(&c->working) > 0)
		sleep_until_done(c);
}

struct crew *crew_new(unsigned size, crew_idle_fn idle, void *user)
{
	struct crew *c = g_new0(struct crew, 1);

	g_assert(size >= 1 && size <= CREW_MOST);
	c->size = size;
	c->idle = idle;
	c->idle_user = user;
	g_mutex_init(&c->lock);
	g_cond_init(&c->begun);
	g_cond_init(&c->done);
	for (unsigned member = 1; member < size; member++) {
		struct seat *seat = g_new(struct seat, 1);

		*seat = (struct seat){c, member};
		c->threads[member] = g_thread_new("hangup-worker", work, seat);
	}
	return c;
}

void crew_free(struct crew *c)
{
	if (c == NULL)
		return;
	c->leaving = true;
	begin_shift(c);
	for (unsigned member = 1; member < c->size; member++)
		g_thread_join(c->threads[member]);
	g_cond_clear(&c->done);
	g_cond_clear(&c->begun);
	g_mutex_clear(&c->lock);
	g_free(c);
}

unsigned crew_size(const struct crew *c)
{
	return c->size;
}

void crew_do(struct crew *c, unsigned count, crew_task_fn task, void *user)
{
	g_assert(count <= CREW_TASKS_MOST);
	c->task = task;
	c->user = user;
	c->count = count;
	atomic_store(&c->taken, 0);
	atomic_store(&c->working, c->size - 1);
	if (c->size > 1)
		begin_shift(c);
	take_tasks(c, 0);
	if (c->size > 1)
		wait_until_done(c);
}
