#include "capture/timescale.h"

__extension__ typedef __int128 wide;

enum { NS_DIGITS = 9, MOST_DIGITS = 19 /* of a power of ten in 64 bits */ };
static const int64_t NS_PER_S = 1000000000;

static uint64_t power_of_ten(unsigned n)
{
	uint64_t value = 1;
	while (n-- > 0)
		value *= 10;
	return value;
}

struct timescale timescale_new(uint8_t tsresol, int64_t offset_s)
{
	struct timescale t = { .multiply = 1, .divide = 1, .offset_s = offset_s };
	unsigned n = tsresol & 0x7f;
	if (tsresol & 0x80 && n > 0)
		t.shift = (uint8_t)n;
	else if (tsresol & 0x80)
		t.multiply = (uint64_t)NS_PER_S;
	else if (n <= NS_DIGITS)
		t.multiply = power_of_ten(NS_DIGITS - n);
	else if (n - NS_DIGITS <= MOST_DIGITS)
		t.divide = power_of_ten(n - NS_DIGITS);
	else
		t.multiply = 0; /* 2^64 such ticks are less than a nanosecond */
	return t;
}

int64_t timescale_ns(const struct timescale *t, uint64_t ticks)
{
	wide ns;
	if (t->shift > 0)
		ns = (wide)ticks * NS_PER_S >> t->shift;
	else if (t->divide == 1)
		ns = (wide)ticks * t->multiply;
	else
		ns = ticks / t->divide;
	ns += (wide)t->offset_s * NS_PER_S;
	if (ns > TIMESCALE_MOST_NS)
		return TIMESCALE_MOST_NS;
	return ns < -TIMESCALE_MOST_NS ? -TIMESCALE_MOST_NS : (int64_t)ns;
}
