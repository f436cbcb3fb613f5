/* Threads that share work: one at a time somebody gives a number of tasks, all threads and he himself take the next one
 * until none is left, and then he goes on. */
#ifndef CLI_CREW_H
#define CLI_CREW_H

enum { CREW_MOST = 16 };

/* `task` is one of 0 .. count - 1; `member` one of 0 .. crew_size() - 1, each at one task at a time. */
typedef void (*crew_task_fn)(unsigned task, unsigned member, void *user);

struct crew;
/* `size` members from 1 to CREW_MOST, the caller included: 1 starts no thread. */
struct crew *crew_new(unsigned size);
void crew_free(struct crew *c);
unsigned crew_size(const struct crew *c);

/* Does all tasks, lower numbers begun first, and returns when they are done: whatever they wrote is seen then. */
void crew_do(struct crew *c, unsigned count, crew_task_fn task, void *user);

#endif
