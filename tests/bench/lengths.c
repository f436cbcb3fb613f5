#include "tests/bench/lengths.h"

#include <math.h>

#include "tests/bench/random.h"

/* Mean of Pareto(alpha) between l and h. */
static double mean_of(double alpha, double l, double h)
{
	double ratio = pow(l / h, alpha);

	if (fabs(alpha - 1) < 1e-9)
		return l * log(h / l) / (1 - ratio);
	return alpha / (alpha - 1) * (l - h * ratio) / (1 - ratio);
}

void lengths_init(struct lengths *l, uint32_t min, uint32_t max, double mean, uint64_t seed)
{
	double low = 0.01, high = 50; /* the smaller alpha, the larger the mean */

	*l = (struct lengths){.min = min, .max = max, .phase = random_mix(seed)};
	for (int i = 0; i < 60; i++) {
		l->alpha = (low + high) / 2;
		if (mean_of(l->alpha, min, max) > mean)
			low = l->alpha;
		else
			high = l->alpha;
	}
}

/* Multiples of the golden ratio, modulo 1: the low-discrepancy sequence of the additive recurrence. */
uint32_t lengths_get(const struct lengths *l, uint64_t index)
{
	double u = (double)((l->phase + index * 0x9e3779b97f4a7c15u) >> 11) * 0x1p-53;
	double tail = 1 - u * (1 - pow(l->min / l->max, l->alpha));

	return (uint32_t)(l->min * pow(tail, -1 / l->alpha) + 0.5);
}
