#include "analyzers/settling.h"

#include <string.h>

#include <glib.h>

enum { CAPACITY_MIN = 64 };

void settling_init(struct settling *q)
{
	*q = (struct settling){.ring = g_new(struct settling_entry, CAPACITY_MIN), .capacity = CAPACITY_MIN};
}

void settling_clear(struct settling *q)
{
	g_free(q->ring);
	*q = (struct settling){0};
}

/* What wrapped around moves behind the rest. */
static void grow(struct settling *q)
{
	q->ring = g_renew(struct settling_entry, q->ring, q->capacity * 2);
	memcpy(q->ring + q->capacity, q->ring, q->head * sizeof *q->ring);
	q->capacity *= 2;
}

void settling_push(struct settling *q, uint32_t index, int64_t due_ns)
{
	if (q->len == q->capacity)
		grow(q);
	q->ring[(q->head + q->len) & (q->capacity - 1)] = (struct settling_entry){due_ns, index};
	q->len++;
}

struct settling_entry settling_pop(struct settling *q)
{
	struct settling_entry entry = q->ring[q->head];

	g_assert(q->len > 0);
	q->head = (q->head + 1) & (q->capacity - 1);
	q->len--;
	return entry;
}
