/* Random numbers that are the same everywhere: splitmix64 (Steele, Lea, Flood 2014). Every connection has a
 * generator of its own, so that what it does does not depend on which others are alive. */
#ifndef BENCH_RANDOM_H
#define BENCH_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static inline uint64_t random_next(struct random *r)
{
	return random_mix(r->state += 0x9e3779b97f4a7c15u);
}

/* 0 .. n-1 */
static inline uint32_t random_below(struct random *r, uint32_t n)
{
	return (uint32_t)((random_next(r) >> 32) * n >> 32);
}

static inline uint32_t random_between(struct random *r, uint32_t low, uint32_t high)
{
	return low + random_below(r, high - low + 1);
}

/* 0 <= x < 1 */
static inline double random_unit(struct random *r)
{
	return (double)(random_next(r) >> 11) * 0x1p-53;
}

static inline bool random_chance(struct random *r, uint32_t permille)
{
	return random_below(r, 1000) < permille;
}

#endif
