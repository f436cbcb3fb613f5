/* The queue of connections that are over and wait to be judged: numbers and due times in one ring, so that looking at
 * the clock touches no record, and the next ones due can be fetched ahead. */
#ifndef ANALYZERS_SETTLING_H
#define ANALYZERS_SETTLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct settling_entry {
	int64_t due_ns;
	uint32_t index; /* of the connection */
};

struct settling {
	struct settling_entry *ring;
	size_t capacity; /* a power of two */
	size_t head, len;
};

void settling_init(struct settling *q);
void settling_clear(struct settling *q);
/* due_ns must not be before that of any entry: packet time that goes back stands still here. */
void settling_push(struct settling *q, uint32_t index, int64_t due_ns);
struct settling_entry settling_pop(struct settling *q);

static inline size_t settling_bytes(const struct settling *q)
{
	return q->capacity * sizeof *q->ring;
}

/* The entry `ahead` places behind the head, or NULL. */
static inline const struct settling_entry *settling_peek(const struct settling *q, size_t ahead)
{
	return ahead < q->len ? &q->ring[(q->head + ahead) & (q->capacity - 1)] : NULL;
}

/* When the head is due; INT64_MAX without one. */
static inline int64_t settling_due(const struct settling *q)
{
	return q->len > 0 ? q->ring[q->head].due_ns : INT64_MAX;
}

static inline bool settling_is_due(const struct settling *q, int64_t now_ns)
{
	return q->len > 0 && q->ring[q->head].due_ns <= now_ns;
}

#endif
