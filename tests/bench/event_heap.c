#include "tests/bench/event_heap.h"

#include <stdbool.h>

#include <glib.h>

enum { CHILDREN = 4, SIZE_FIRST = 1024 };

static bool before(const struct event *a, const struct event *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->what < b->what;
}

static void sift_up(struct event_heap *h, size_t at, struct event event)
{
	while (at > 0 && before(&event, &h->events[(at - 1) / CHILDREN])) {
		h->events[at] = h->events[(at - 1) / CHILDREN];
		at = (at - 1) / CHILDREN;
	}
	h->events[at] = event;
}

static size_t first_child(const struct event_heap *h, size_t at)
{
	size_t first = at * CHILDREN + 1, last = MIN(first + CHILDREN, h->len), best = first;

	for (size_t i = first + 1; i < last; i++)
		if (before(&h->events[i], &h->events[best]))
			best = i;
	return best;
}

static void sift_down(struct event_heap *h, struct event event)
{
	size_t at = 0;

	for (size_t child; (child = first_child(h, at)) < h->len && before(&h->events[child], &event); at = child)
		h->events[at] = h->events[child];
	h->events[at] = event;
}

void event_heap_clear(struct event_heap *h)
{
	g_free(h->events);
	*h = (struct event_heap){0};
}

void event_heap_push(struct event_heap *h, struct event event)
{
	if (h->len == h->size) {
		h->size = h->size ? h->size * 2 : SIZE_FIRST;
		h->events = g_renew(struct event, h->events, h->size);
	}
	sift_up(h, h->len++, event);
}

void event_heap_replace_first(struct event_heap *h, struct event event)
{
	sift_down(h, event);
}

void event_heap_drop_first(struct event_heap *h)
{
	if (--h->len > 0)
		sift_down(h, h->events[h->len]);
}
