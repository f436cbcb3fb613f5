/* Sequence number arithmetic, RFC 9293 §3.4: 32-bit numbers on a circle, compared by signed distance. */
#ifndef ANALYZERS_SEQUENCE_H
#define ANALYZERS_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* How far b lies after a; negative when before. */
static inline int32_t seq_distance(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a);
}

static inline bool seq_before(uint32_t a, uint32_t b)
{
	return seq_distance(a, b) > 0;
}

static inline bool seq_after(uint32_t a, uint32_t b)
{
	return seq_distance(a, b) < 0;
}

static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
	return seq_before(a, b) ? b : a;
}

#endif
