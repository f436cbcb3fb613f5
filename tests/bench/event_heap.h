/* Which live connection sends next: a heap with four children a node, because its depth is what costs. */
#ifndef BENCH_EVENT_HEAP_H
#define BENCH_EVENT_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct event {
	int64_t time_ns;
	uint32_t what; /* breaks ties, so that the order never depends on the heap's history */
};

struct event_heap {
	struct event *events;
	size_t len, size;
};

void event_heap_clear(struct event_heap *h);
void event_heap_push(struct event_heap *h, struct event event);
/* The heap must not be empty. */
static inline struct event event_heap_first(const struct event_heap *h)
{
	return h->events[0];
}
/* The first event happened: the same connection's next one takes its place. */
void event_heap_replace_first(struct event_heap *h, struct event event);
void event_heap_drop_first(struct event_heap *h);

#endif
