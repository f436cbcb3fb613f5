/* Threads that share work: somebody gives a number of tasks, all threads and he himself take one after another until none
 * is left, and then he goes on. */
#ifndef CLI_CREW_H
#define CLI_CREW_H

#include <stdbool.h>

enum { CREW_MOST = 16, CREW_TASKS_MOST = 32 };

/* `task` is one of 0 .. count - 1; `member` one of 0 .. crew_size() - 1, each at one task at a time. */
typedef void (*crew_task_fn)(unsigned task, unsigned member, void *user);

/* What else there is to do for a member who waits for others: a little of it, without waiting for anybody, because the
 * others may soon wait for him; false when there is nothing. */
typedef bool (*crew_idle_fn)(void *user);

struct crew;
/* `size` members from 1 to CREW_MOST, the caller included: 1 starts no thread. `idle` may be called at any time from now on,
 * by several at a time. */
struct crew *crew_new(unsigned size, crew_idle_fn idle, void *user);
void crew_free(struct crew *c);
unsigned crew_size(const struct crew *c);

/* Does all tasks, at most CREW_TASKS_MOST, and returns when they are done: whatever they wrote is seen then. The caller
 * begins with task 0, and each member has the same tasks again and again as far as the work divides evenly: what they
 * are about may still be in its core's cache. */
void crew_do(struct crew *c, unsigned count, crew_task_fn task, void *user);

#endif
