/* How long each talk is: few very long ones, many short ones (a bounded Pareto distribution), with the mean that
 * makes the capture as large as was asked for. */
#ifndef BENCH_LENGTHS_H
#define BENCH_LENGTHS_H

#include <stdint.h>

struct lengths {
	double min, max, alpha;
	uint64_t phase;
};

/* The mean is kept between min and max. */
void lengths_init(struct lengths *l, uint32_t min, uint32_t max, double mean, uint64_t seed);
/* Of the `index`th talk. Any stretch of indexes covers the distribution evenly, so that the sum hardly depends
 * on chance, heavy tail or not. */
uint32_t lengths_get(const struct lengths *l, uint64_t index);

#endif
