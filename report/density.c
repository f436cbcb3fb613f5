/* Intervals double when a time lies beyond the last one, so two densities of the same beginning can always be brought to
 * the same width, and the sums are those that adding everything to one would have made. */
#include "report/density.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

static const int64_t WIDTH_FIRST_NS = 1000; /* a microsecond */

void density_init(struct density *d, int64_t from_ns)
{
	memset(d, 0, sizeof(*d));
	d->from_ns = from_ns;
	d->width_ns = WIDTH_FIRST_NS;
}

static void fold(uint32_t *bucket)
{
	for (size_t i = 0; i < DENSITY_BUCKETS / 2; i++)
		bucket[i] = bucket[2 * i] + bucket[2 * i + 1];
	memset(bucket + DENSITY_BUCKETS / 2, 0, DENSITY_BUCKETS / 2 * sizeof(*bucket));
}

static void widen(struct density *d)
{
	fold(d->opened);
	fold(d->closed);
	d->width_ns *= 2;
}

/* As unsigned: from 1677 to 2262 is more than an int64_t of nanoseconds. */
static uint64_t bucket_of(const struct density *d, int64_t time_ns)
{
	return time_ns <= d->from_ns ? 0 : ((uint64_t)time_ns - (uint64_t)d->from_ns) / (uint64_t)d->width_ns;
}

void density_add(struct density *d, int64_t first_ns, int64_t last_ns)
{
	const int64_t last = MAX(first_ns, last_ns);

	while (bucket_of(d, last) >= DENSITY_BUCKETS)
		widen(d);
	d->opened[bucket_of(d, first_ns)]++;
	d->closed[bucket_of(d, last)]++;
}

static void add_all(uint32_t *into, const uint32_t *from)
{
	for (size_t i = 0; i < DENSITY_BUCKETS; i++)
		into[i] += from[i];
}

void density_move(struct density *d, struct density *from)
{
	while (d->width_ns < from->width_ns)
		widen(d);
	while (from->width_ns < d->width_ns)
		widen(from);
	add_all(d->opened, from->opened);
	add_all(d->closed, from->closed);
	density_init(from, from->from_ns);
}

uint64_t density_open(const struct density *d, uint64_t *out)
{
	uint64_t open = 0, most = 0;

	for (size_t i = 0; i < DENSITY_BUCKETS; i++) {
		open += d->opened[i];
		out[i] = open;
		most = MAX(most, open);
		open -= d->closed[i];
	}
	return most;
}
